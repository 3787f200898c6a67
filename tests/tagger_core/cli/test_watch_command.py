"""``earmark --watch``: real folders, notifications and files; where nothing must be waited for, a made-up clock.

A scenario is a generator: it is asked for its next step whenever there is nothing to do, and yields how many seconds
have passed meanwhile.
"""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import mutagen
import pytest

from tagger_core.batch import Batch
from tagger_core.cli import batch_command, watch_command
from tagger_core.errors import StoreError
from tagger_core.power import paused_on_battery
from tagger_core.tagging import RunWriter
from tagger_core.undo_journal import RunKind, UndoJournal
from tagger_core.watching.watched_folder import Rhythm, WatchedFolder
from tests.sounds import noise, write
from tests.tagger_core.cli.conftest import Earmark, Home

SETTLE = Rhythm().settle_seconds
PATIENCE = 30.0
"""Real seconds within which something must have happened."""

Scenario = Iterator[float]
Watch = Callable[..., str]


@pytest.fixture
def watch(earmark: Earmark, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Watch:
    """Watch while a scenario takes place, then stop; returns what was printed."""

    def run(scenario: Scenario, *arguments: object, ends_with: int = 0) -> str:
        now = 0.0

        def sleep(_: float) -> None:
            nonlocal now
            time.sleep(0.01)  # for the system to tell what has happened
            try:
                now += next(scenario)
            except StopIteration:
                signal.raise_signal(signal.SIGTERM)

        monkeypatch.setattr(watch_command, "time", SimpleNamespace(sleep=sleep, monotonic=lambda: now))
        monkeypatch.setattr(watch_command, "WatchedFolder", partial(WatchedFolder, clock=lambda: now))
        assert earmark("--watch", *arguments) == ends_with
        return capsys.readouterr().out

    return run


def until(done: Callable[[], bool], step: float = 1.0) -> Scenario:
    """Let time pass until something has happened."""
    deadline = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < deadline, "it did not happen in time"
        yield step


def is_tagged(path: Path) -> bool:
    file = mutagen.File(path)
    return bool(file is not None and file.tags and "TCON" in file.tags)


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def test_what_is_there_and_what_arrives_is_written_in_runs_of_their_own(
    watch: Watch, home: Home, tmp_path: Path, earmark: Earmark, capsys: pytest.CaptureFixture[str]
) -> None:
    new = write(tmp_path / "new.mp3", noise(4, seed=3)).path

    def scenario() -> Scenario:
        yield from until(lambda: is_tagged(home.music / "loud.mp3"))
        shutil.copyfile(new, home.music / "album" / "new.mp3")
        yield from until(lambda: is_tagged(home.music / "album" / "new.mp3"))
        for _ in range(5):  # own writes cause nothing more
            yield SETTLE

    out = watch(scenario(), home.music, "--write")
    assert "2 tracks: 2 written. Wrote 4 tags; take that back with: earmark --undo 1" in out
    assert "written   album/new.mp3" in out
    assert "1 track: 1 written. Wrote 2 tags; take that back with: earmark --undo 2" in out
    assert out.count("tracks:") + out.count("track:") == 3  # two runs and the farewell
    assert "3 tracks: 3 written" in out.splitlines()[-1]
    assert earmark("--undo") == 0
    assert (home.music / "album" / "new.mp3").read_bytes() == new.read_bytes()


def test_nothing_is_written_unless_asked_and_what_is_known_is_not_told_again(watch: Watch, home: Home) -> None:
    before = {path: path.read_bytes() for path in home.music.rglob("*.mp3")}
    scenario = [SETTLE, 1.0, 1.0]
    out = watch(iter(scenario), home.music)
    assert "planned   album/silent.mp3" in out
    assert "2 tracks: 2 planned. Nothing was written; --write would add 4 tags." in out
    again = watch(iter(scenario), home.music)
    assert "2 tracks: 2 known." in again
    assert "silent.mp3" not in again
    assert "silent.mp3" in watch(iter(scenario), home.music, "--verbose")
    assert {path: path.read_bytes() for path in home.music.rglob("*.mp3")} == before
    assert not home.journal.exists()


def test_a_known_file_that_cannot_be_written_is_told(watch: Watch, home: Home) -> None:
    (home.music / "text.mp3").write_text("no music " * 500)
    watch(iter([SETTLE, 1.0]), home.music)
    (home.music / "loud.mp3").chmod(0o444)
    out = watch(iter([SETTLE, 1.0]), home.music, "--write")
    assert "failed    loud.mp3: it is write-protected" in out
    assert "text.mp3" not in out  # that it is no music was told the first time
    assert "3 tracks: 1 written, 1 failed, 1 known." in out


def test_a_bad_file_is_a_line_and_the_watching_goes_on(watch: Watch, home: Home, tmp_path: Path) -> None:
    report = tmp_path / "r.jsonl"

    def scenario() -> Scenario:
        yield SETTLE
        (home.music / "text.mp3").write_text("no music " * 500)
        yield from until(lambda: any(row["status"] == "failed" for row in rows(report)))
        write(home.music / "good.mp3", noise(3, seed=5))
        yield from until(lambda: any("good" in row["path"] for row in rows(report)))

    out = watch(scenario(), home.music, "--quiet", "--report", report)
    assert "failed    text.mp3: not audio" in out
    assert "planned " not in out
    assert [Path(row["path"]).name for row in rows(report)] == ["silent.mp3", "loud.mp3", "text.mp3", "good.mp3"]


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_the_report_goes_on_where_the_last_one_ended(kind: str, watch: Watch, home: Home, tmp_path: Path) -> None:
    report = tmp_path / f"r.{kind}"
    watch(iter([SETTLE, 1.0]), home.music, "--report", report)
    before = report.read_text()
    write(home.music / "more.mp3", noise(3, seed=7))
    watch(iter([SETTLE, 1.0]), home.music, "--report", report)
    after = report.read_text()
    assert after.startswith(before)
    assert after.count("more.mp3") == 1
    assert len(after.splitlines()) == len(before.splitlines()) + 1


def test_another_earmark_that_writes_is_waited_for(watch: Watch, home: Home, tmp_path: Path) -> None:
    other = ExitStack()

    def scenario() -> Scenario:
        for _ in range(3):
            yield watch_command.RETRY_SECONDS
        assert not is_tagged(home.music / "loud.mp3")
        other.close()
        yield from until(lambda: is_tagged(home.music / "loud.mp3"), watch_command.RETRY_SECONDS)

    with other:
        journal = other.enter_context(_other_writer(home))
        assert journal
        out = watch(scenario(), home.music, "--write")
    assert out.count("is writing tags now") == 1
    assert "2 tracks: 2 written" in out


def _other_writer(home: Home) -> ExitStack:
    """Another process that holds the journal, in this one: the lock belongs to the open file."""
    stack = ExitStack()
    home.journal.parent.mkdir(parents=True, exist_ok=True)
    journal = stack.enter_context(UndoJournal(home.journal))
    journal.begin_run(RunKind.WRITE, [home.music])
    return stack


def test_a_journal_that_fails_in_the_middle_costs_no_file(
    watch: Watch, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, fails = RunWriter.write, iter([False, True])

    def write_until_full(writer: RunWriter, plan: Any) -> Any:
        if next(fails, False):
            raise StoreError("the disk is full")
        return real(writer, plan)

    monkeypatch.setattr(RunWriter, "write", write_until_full)

    def scenario() -> Scenario:
        yield from until(lambda: is_tagged(home.music / "loud.mp3"), watch_command.RETRY_SECONDS)

    out = watch(scenario(), home.music, "--write")
    assert "Waiting: the disk is full." in out
    assert "1 track: 1 written. Wrote 2 tags; take that back with: earmark --undo 1" in out
    assert "1 track: 1 written. Wrote 2 tags; take that back with: earmark --undo 2" in out


def test_on_battery_nothing_is_begun(watch: Watch, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    battery = SimpleNamespace(power_plugged=False)
    monkeypatch.setattr("psutil.sensors_battery", lambda: battery, raising=False)
    patched = partial(watch_command.paused_on_battery, look_seconds=0.01)
    monkeypatch.setattr(watch_command, "paused_on_battery", patched)

    def scenario() -> Scenario:
        for _ in range(5):
            yield SETTLE
        assert not is_tagged(home.music / "loud.mp3")
        battery.power_plugged = True
        yield from until(lambda: is_tagged(home.music / "loud.mp3"))

    out = watch(scenario(), home.music, "--write")
    assert out.index("Paused: the machine runs on its battery") < out.index("Plugged in") < out.index("written")
    battery.power_plugged = False
    assert "Paused" not in watch(iter([SETTLE]), home.music, "--no-pause-on-battery")


def test_a_batch_pauses_only_if_asked(
    earmark: Earmark, home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    states = iter([False, False, False])
    monkeypatch.setattr(
        "psutil.sensors_battery", lambda: SimpleNamespace(power_plugged=next(states, True)), raising=False
    )
    monkeypatch.setattr(batch_command, "paused_on_battery", partial(paused_on_battery, look_seconds=0.01))
    assert earmark("--batch", home.music, "--pause-on-battery") == 0
    out, err = capsys.readouterr()
    assert "2 tracks: 2 planned" in out
    assert [line.split(":")[1] for line in err.splitlines()] == [" Paused", " Plugged in"]
    states = iter([False])
    assert earmark("--batch", home.music) == 0
    assert capsys.readouterr().err == ""


def test_work_gives_way_unless_a_person_says_otherwise(
    watch: Watch, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    real = watch_command.analyse

    def analyse(*arguments: Any, niceness: int, **options: Any) -> Any:
        asked.append(niceness)
        return real(*arguments, niceness=niceness, **options)

    monkeypatch.setattr(watch_command, "analyse", analyse)
    watch(iter([SETTLE, 1.0]), home.music)
    watch(iter([SETTLE, 1.0]), home.music, "--nice", 3)
    home.settings.write_text(home.settings.read_text() + "nice = 0\n")
    watch(iter([SETTLE, 1.0]), home.music)
    assert asked == [10, 3, 0]


def test_folders_within_folders_are_watched_once(watch: Watch, home: Home, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    out = watch(iter([SETTLE, 1.0]), home.music / "album", home.music, other, home.music)
    assert f"Watching {home.music}, {other}. A new file has its turn 10 s after its last change (90 s on" in out
    assert "2 tracks: 2 planned" in out


def test_a_stop_in_the_middle_leaves_the_rest_for_the_next_time(
    watch: Watch, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(30):
        write(home.music / f"{number:02}.mp3", noise(2, seed=number))
    real = Batch.row
    seen = []

    def row(batch: Batch, result: Any) -> Any:
        seen.append(result.track.path)
        if len(seen) == 3:
            signal.raise_signal(signal.SIGINT)
        return real(batch, result)

    monkeypatch.setattr(Batch, "row", row)
    out = watch(iter([SETTLE]), home.music, "--write", ends_with=130)
    assert "Stopped." in out
    assert 3 <= len(seen) < 32
    assert sum(map(is_tagged, home.music.glob("??.mp3"))) == len(seen)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["{music}/nowhere"], 3, "there is no such folder"),
        (["{music}/loud.mp3"], 3, "only a folder can be watched"),
        (["{music}", "--nice", "20"], 2, "from 0 to 19"),
        (["{music}", "--poll", "0"], 2, "whole number from 1 on"),
        (["{music}", "--batch", "{music}"], 2, "not allowed with"),
    ],
)
def test_what_cannot_run_is_one_sentence(
    earmark: Earmark, home: Home, arguments: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert earmark("--watch", *(argument.format(music=home.music) for argument in arguments)) == code
    err = capsys.readouterr().err
    assert words in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_real_process_writes_what_arrives_and_ends_when_it_is_told_to(
    number: signal.Signals, code: int, home: Home
) -> None:
    command = [sys.executable, "-m", "tagger_core", "--watch", str(home.music), "--write"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ, text=True
    ) as running:
        too_long = threading.Timer(4 * PATIENCE, running.kill)
        too_long.start()
        assert running.stdout is not None
        assert "Watching" in running.stdout.readline()
        if number == signal.SIGTERM:  # once through all of it, at its real pace
            while "--undo 1" not in (line := running.stdout.readline()):
                assert line, running.communicate()
        running.send_signal(number)
        out, err = running.communicate(timeout=PATIENCE)
        too_long.cancel()
    assert (running.returncode, err) == (code, "")
    assert "Stopped." in out
    if number == signal.SIGTERM:
        assert is_tagged(home.music / "loud.mp3")
        with sqlite3.connect(home.journal) as journal:
            assert journal.execute("SELECT state FROM run").fetchall() == [("finished",)]
        journal.close()
