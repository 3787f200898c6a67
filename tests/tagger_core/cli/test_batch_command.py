"""The main job from the command line: dry run, write, read back, undo."""

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import mutagen
import pytest

from tagger_core import batch, decision_memory
from tagger_core.cli import info_commands
from tests.sounds import noise, write
from tests.tagger_core.cli.conftest import Earmark, Home


def snapshot(folder: Path) -> dict[str, tuple[str, int]]:
    return {
        str(path): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def report(path: Path) -> dict[str, Any]:
    return {Path(row["path"]).name: row for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())}


def test_a_dry_run_touches_nothing_and_says_what_it_would_do(
    earmark: Earmark, home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = snapshot(home.music)
    assert earmark("--batch", home.music, "--report", tmp_path / "r.jsonl") == 0
    assert snapshot(home.music) == before
    assert not home.journal.exists()
    out, err = capsys.readouterr()
    assert err == ""
    assert "planned   album/silent.mp3" in out
    assert "Nothing was written. --write would put 4 tags into 2 files." in out
    rows = report(tmp_path / "r.jsonl")
    assert rows["loud.mp3"]["suggestions"] == ["Rock", "Vocals"]
    assert rows["loud.mp3"]["edits"] == [
        {"field": "GENRE", "old": [], "new": ["Rock"]},
        {"field": "VOCALS", "old": [], "new": ["Vocals"]},
    ]
    assert rows["silent.mp3"]["suggestions"] == ["Instrumental", "Quiet"]
    assert rows["loud.mp3"]["raw_scores"]["small"].keys() == {"rock", "vocals", "quiet", "no vocals"}
    assert rows["loud.mp3"]["device"] == "cpu"
    assert "libsndfile" in rows["loud.mp3"]["decoder"]


def test_how_much_was_listened_to_is_told(
    earmark: Earmark, home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A short track is heard in full; what was heard in places is heard again where more effort is wanted."""
    long = write(home.music / "long.mp3", noise(60)).path
    assert earmark("--batch", home.music, "--effort", "quick", "--report", tmp_path / "quick.jsonl") == 0
    assert re.search(r"Listened to \d\d% of the sound \(effort quick\)", capsys.readouterr().out)
    rows = report(tmp_path / "quick.jsonl")
    assert (rows["loud.mp3"]["effort"], rows["loud.mp3"]["share"]) == ("full", 1.0)
    assert rows["long.mp3"]["effort"] == "quick"
    assert 0 < rows["long.mp3"]["share"] < 1
    assert earmark("--explain", long, "--effort", "quick") == 0
    assert "of 60.0 s (effort quick) decoded by" in capsys.readouterr().out
    assert earmark("--batch", home.music, "--report", tmp_path / "full.jsonl") == 0
    assert "Listened to" not in capsys.readouterr().out
    rows = report(tmp_path / "full.jsonl")
    assert [(rows[name]["effort"], rows[name]["cached"]) for name in ("loud.mp3", "long.mp3")] == [
        ("full", True),
        ("full", False),
    ]


def test_a_second_run_opens_no_file_and_says_the_same(
    earmark: Earmark,
    home: Home,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def told() -> list[str]:
        lines = capsys.readouterr().out.splitlines()
        return [line for line in lines if "tracks/s" not in line and not line.startswith("2 tracks")]

    monkeypatch.setattr(decision_memory, "SETTLED_NS", -(10**10))  # nobody changes these files meanwhile
    assert earmark("--batch", home.music) == 0
    first = told()
    with monkeypatch.context() as patched:
        patched.setattr(batch, "read_fields", lambda path: pytest.fail(f"{path} was read"))
        assert earmark("--batch", home.music, "--jobs", "1") == 0
    assert told() == first
    assert earmark("--batch", home.music, "--report", tmp_path / "r.jsonl") == 0
    assert told() == first
    rows = report(tmp_path / "r.jsonl")
    assert rows["loud.mp3"]["raw_scores"]["small"].keys() == {"rock", "vocals", "quiet", "no vocals"}
    assert rows["loud.mp3"]["cached"]


def test_write_read_back_write_again_undo(
    earmark: Earmark, home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = snapshot(home.music)
    assert earmark("--batch", home.music, "--write") == 0
    assert "Wrote 4 tags into 2 files. Take it back with: earmark --undo 1" in capsys.readouterr().out
    tags = mutagen.File(home.music / "loud.mp3").tags
    assert tags["TCON"].text == ["Rock"]
    assert tags["TXXX:VOCALS"].text == ["Vocals"]
    written = snapshot(home.music)

    assert earmark("--batch", home.music, "--write", "--report", tmp_path / "r.jsonl") == 0
    assert snapshot(home.music) == written
    assert {(row["status"], row["cached"]) for row in report(tmp_path / "r.jsonl").values()} == {("unchanged", True)}

    assert earmark("--list-runs") == 0
    assert "write" in capsys.readouterr().out
    assert earmark("--undo") == 0
    assert "2 files: 2 restored" in capsys.readouterr().out
    assert snapshot(home.music) == before
    assert earmark("--undo") == 3
    assert "nothing to undo" in capsys.readouterr().err


def test_failures_are_counted_named_and_have_exit_code_1(
    earmark: Earmark, home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home.music / "text.mp3").write_text("no music " * 500)
    (home.music / "empty.mp3").touch()
    write(home.music / "sound.au", noise(2))
    assert earmark("--batch", home.music, "--quiet", "--report", tmp_path / "r.jsonl") == 1
    out = capsys.readouterr().out
    assert "failed    text.mp3: not audio" in out
    assert "failed    empty.mp3: not audio" in out
    assert "5 tracks: 2 planned, 1 skipped, 2 failed" in out
    rows = report(tmp_path / "r.jsonl")
    assert rows["sound.au"]["status"] == "skipped"
    assert "Earmark cannot write au files" in rows["sound.au"]["reason"]
    assert rows["sound.au"]["suggestions"] == ["Rock", "Vocals"]


def test_a_dry_run_sees_what_the_write_will_refuse(earmark: Earmark, home: Home, tmp_path: Path) -> None:
    for name in ("protected.mp3", "linked.mp3", "really.flac", "fine.mp3"):
        shutil.copyfile(home.music / "loud.mp3", home.music / name)
    (home.music / "protected.mp3").chmod(0o444)
    os.link(home.music / "linked.mp3", tmp_path / "other name")
    reports = []
    for options in ((), ("--write",)):
        assert earmark("--batch", home.music, "--report", tmp_path / "r.jsonl", *options) == 1
        reports.append(report(tmp_path / "r.jsonl"))
    dry, real = ({name: (row["status"], row["reason"]) for name, row in found.items()} for found in reports)
    assert {name: reason.split(";")[0] for name, (status, reason) in real.items() if status == "failed"} == {
        "protected.mp3": "it is write-protected",
        "linked.mp3": "it has hard links, which writing it would separate from each other",
        "really.flac": "it is not flac but MPEG audio",
    }
    assert dry == {
        name: ("planned", reason) if status == "written" else (status, reason)
        for name, (status, reason) in real.items()
    }
    assert list(real.values()).count(("written", "")) == 3


def test_options_change_what_is_suggested(earmark: Earmark, home: Home, tmp_path: Path) -> None:
    arguments = ("--threshold", "0.01", "--threshold", "Rock=.99", "--top", "1", "--preset", "genre-only")
    assert earmark("--batch", home.music / "loud.mp3", "--report", tmp_path / "r.jsonl", *arguments) == 0
    row = report(tmp_path / "r.jsonl")["loud.mp3"]
    assert row["suggestions"] == ["Vocals"]
    assert row["edits"] == [{"field": "GENRE", "old": [], "new": ["Vocals"]}]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--batch", "{music}/nowhere"], 3, "there is no such file or folder"),
        (
            ["--batch", "{music}", "--model", "nonsense"],
            3,
            "there is no model named 'nonsense'; installed models: small",
        ),
        (["--batch", "{music}", "--only", "Rok"], 2, "did you mean Rock?"),
        (["--batch", "{music}", "--device", "directml"], 3, "directml was asked for"),
        (["--batch", "{music}", "--report", "/nowhere/r.csv"], 3, "cannot be written"),
        (["--batch", "{music}", "--report", "r.xml"], 2, ".jsonl or .csv"),
        (["--batch", "{music}", "--log-file", "/nowhere/log"], 3, "cannot be written"),
        (["--batch", "{music}", "--preset", "x"], 2, "there is no preset"),
        (["--undo", "7"], 3, "there is no run 7"),
        (["--explain", "{music}/nowhere.mp3"], 3, "there is no such file"),
        (["--history", "{music}/nowhere.mp3"], 3, "there is no such file"),
    ],
)
def test_what_cannot_run_is_one_sentence(
    earmark: Earmark, home: Home, arguments: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert earmark(*(argument.format(music=home.music) for argument in arguments)) == code
    err = capsys.readouterr().err
    assert words in err
    assert err.count("\n") == 1


def test_a_wrong_settings_file_is_named(earmark: Earmark, home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.settings.write_text("jbos = 2")
    assert earmark("--batch", home.music) == 2
    assert str(home.settings) in capsys.readouterr().err


def test_a_damaged_cache_costs_time_and_a_damaged_journal_stops_writing(
    earmark: Earmark, home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    home.analyses.parent.mkdir(parents=True)
    home.analyses.write_bytes(b"garbage" * 1000)
    assert earmark("--batch", home.music) == 0
    assert "is damaged" in capsys.readouterr().err
    home.journal.write_bytes(b"garbage" * 1000)
    before = snapshot(home.music)
    assert earmark("--batch", home.music, "--write") == 3
    assert "is damaged" in capsys.readouterr().err
    assert snapshot(home.music) == before


def test_names_cannot_play_tricks_on_the_terminal(
    earmark: Earmark, home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    (home.music / "loud.mp3").rename(home.music / "\x1b[2J\u202ebad\n\udcff.mp3")
    earmark("--batch", home.music)
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\\x1b[2J\\u202ebad\\n\\udcff.mp3" in out


def test_the_log_file_has_it_all(earmark: Earmark, home: Home, tmp_path: Path) -> None:
    home.analyses.parent.mkdir(parents=True)
    home.analyses.write_bytes(b"garbage" * 1000)
    earmark("--batch", home.music, "--quiet", "--log-file", tmp_path / "log.txt")
    assert "WARNING" in (tmp_path / "log.txt").read_text()


def test_explain_shows_witnesses_and_fate(earmark: Earmark, home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert earmark("--explain", home.music / "loud.mp3") == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "Rock genre" in out
    assert "below its threshold" in out
    assert re.search(r"small: rock 0\.\d{3} of 0\.500", out)
    assert "would write GENRE + Rock" in out
    assert earmark("--explain", home.music / "loud.mp3", "--verbose") == 0
    assert "further below" not in capsys.readouterr().out


def test_what_is_installed_and_in_force(earmark: Earmark, home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert earmark("--show-config", "--threshold", "Rock=.5") == 0
    out = capsys.readouterr().out
    assert str(home.settings) in out
    assert 'models = ["small"]' in out
    assert '[thresholds]\n"Rock" = 0.5' in out
    (home.settings.parent / "models" / "small" / "model.onnx").write_bytes(b"other")
    assert earmark("--list-models") == 0
    out = capsys.readouterr().out
    assert "small: cannot be used" in out
    assert "magnatagatune" in out
    assert earmark("--version") == 0
    assert "onnxruntime" in capsys.readouterr().out


def test_the_version_says_which_onnxruntime_is_there(
    earmark: Earmark, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def installed(package: str) -> str:
        if package == "onnxruntime":
            raise PackageNotFoundError
        return "1.2.3"

    monkeypatch.setattr(info_commands, "version", installed)
    assert earmark("--version") == 0
    out = capsys.readouterr().out
    assert "onnxruntime-gpu 1.2.3" in out
    assert "not installed" not in out


def test_ctrl_c_stops_soon_keeps_what_is_done_and_the_next_run_goes_on(home: Home, tmp_path: Path) -> None:
    for i in range(40):
        write(home.music / f"{i:02}.mp3", noise(30, seed=i))
    rows = tmp_path / "r.jsonl"
    command = [sys.executable, "-m", "tagger_core", "--batch", str(home.music), "--write", "--report", str(rows)]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ, text=True)
    while not (rows.exists() and rows.read_text().count("\n") >= 3):
        assert running.poll() is None, running.communicate()
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=30)
    assert (running.returncode, err) == (130, "")
    assert "the same command goes on where it stopped" in out
    done = report(rows)
    assert 3 <= len(done) < 42
    finished = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "Wrote" in finished.stdout
    again = report(rows)
    assert len(again) == 42
    assert all(again[name]["status"] == "unchanged" and again[name]["cached"] for name in done)


def test_a_folder_without_music_is_told(earmark: Earmark, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    assert earmark("--batch", tmp_path / "empty") == 0
    assert capsys.readouterr().out.strip() == "No music was found there."


def test_output_that_cannot_be_written_is_one_sentence(home: Home) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    command = f"{sys.executable} -m tagger_core --batch {home.music} > /dev/full"
    ran = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (3, "earmark: what is printed cannot be written: No space left on device\n")


def test_output_that_nobody_reads_is_no_error(home: Home) -> None:
    command = f"{sys.executable} -m tagger_core --batch {home.music} | head -n 1"
    ran = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)
    assert ran.stderr == ""
