"""The whole job over processes that ``--cluster local:N`` starts: written once, undone to the byte."""

import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from tagger_core.cli import main
from tagger_core.tagging import RunWriter
from tests.sounds import noise, write
from tests.tagger_core.cli.conftest import Home, home
from tests.tagger_core.cli.test_batch_command import snapshot
from tests.tagger_core.cluster.coordinator import distributed

__all__ = ["home"]


assert distributed  # or all of this is skipped


def worker_processes() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "spawn_main" in str(child.cmdline())]


@pytest.mark.skipif(sys.platform == "win32", reason="a process is killed with a POSIX signal")
def test_every_file_is_written_once_though_a_worker_is_killed_and_undo_gives_all_back(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], cache: Path
) -> None:
    write(home.music / "0.mp3", noise(5))
    for number in range(1, 12):
        shutil.copy(home.music / "0.mp3", home.music / f"{number}.mp3")
    before = snapshot(home.music)
    written: list[Path] = []
    killed: list[int] = []
    really_write = RunWriter.write

    def noted(writer: RunWriter, plan: Any) -> Any:
        written.append(plan.track.path)
        if not killed:
            killed.append(worker_processes()[0].pid)
            os.kill(killed[0], signal.SIGKILL)
        return really_write(writer, plan)

    monkeypatch.setattr(RunWriter, "write", noted)
    assert main(["--batch", str(home.music), "--write", "--cluster", "local:2"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "14 tracks: 14 written" in out
    assert "with small on cpu, 2 workers (this machine)" in out
    assert killed
    assert sorted(written) == sorted(home.music.rglob("*.mp3"))
    assert worker_processes() == []
    assert snapshot(home.music).keys() == before.keys()
    assert all(after != old for after, old in zip(snapshot(home.music).values(), before.values(), strict=True))

    assert main(["--undo"]) == 0
    assert "14 files: 14 restored" in capsys.readouterr().out
    assert snapshot(home.music) == before


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--batch", "{music}", "--cluster", "nowhere"], 2, "neither a scheduler's address"),
        (["--batch", "{music}", "--cluster", "local:2", "--jobs", "2"], 2, "--jobs is about this machine"),
        (["--undo", "--cluster", "local:2"], 2, "it goes with --batch"),
        (["--batch", "{music}", "--cluster", "tcp://127.0.0.1:1"], 3, "there is no scheduler that answers"),
    ],
)
def test_what_cannot_run_is_one_sentence(
    home: Home, arguments: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([argument.format(music=home.music) for argument in arguments]) == code
    err = capsys.readouterr().err
    assert words in err
    assert len(err.splitlines()) == 1
