"""Writing and undoing whole runs: identical bytes after an undo, and nothing lost by errors or by being killed."""

import errno
import hashlib
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import mutagen
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import tagger_core
from tagger_core.domain import FilePlan, TagEdit
from tagger_core.errors import EarmarkError, StoreError, WriteRefusedError
from tagger_core.recovery import recover
from tagger_core.settings import Settings
from tagger_core.tag_fields import Field
from tagger_core.tag_files import read_fields
from tagger_core.tagging import RunWriter, UndoStatus, undo_run
from tagger_core.undo_journal import EntryState, RunKind, RunState, UndoJournal
from tests import music_files
from tests.mp3_files import COVER, apev2, audio, comment, frame, id3v1, plan, tag, text, track, user_text, write

ROOT = Path(tagger_core.__file__).parents[1]
KILLS = int(os.environ.get("EARMARK_TEST_KILLS", "6"))
"""How often a writing process is killed at a random moment; the long drive sets 50 and more."""

State = tuple[str, int]

compact = UndoJournal.compact

HEADS = {
    "untagged": b"",
    "2.4": tag(4, text(4, "TCON", "Rock"), frame(4, "APIC", COVER), padding=100),
    "2.3": tag(3, user_text(3, "Mood", "Sad; Calm"), comment(3, "iTunNORM", "0001")),
    "2.2": tag(2, frame(2, "TT2", b"\x00Title"), frame(2, "TCO", b"\x00(17)")),
}


def state(path: Path) -> State:
    """What an undo must bring back: the content and the time of modification."""
    return hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns


def music(folder: Path) -> dict[Path, State]:
    return {path: state(path) for path in sorted(folder.rglob("*.mp3"))}


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "data" / "journal.sqlite3"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small library with every kind of tag."""
    music_folder = tmp_path / "music"
    music_folder.mkdir()
    for number, head in enumerate(HEADS.values()):
        write(music_folder / f"{number}.mp3", head, audio(), apev2(Title="Old"), id3v1(genre=255))
    return music_folder


def write_run(journal: Path, folder: Path, choices: Settings | None = None, **new: list[str]) -> int | None:
    """Write the same values into all files of a folder, or into one file; the number of the run if any was written."""
    with RunWriter.open(journal, [folder], choices or Settings()) as writer:
        files = sorted(folder.rglob("*.mp3")) or [folder]
        written = [writer.write(plan(path, **new)).written for path in files]
        return writer.run if any(written) else None


def undo(
    journal_path: Path, run: int | None = None, *, files: Sequence[Path] = (), fields: Sequence[Field] = ()
) -> list[tuple[str, UndoStatus, str]]:
    with UndoJournal(journal_path) as journal:
        outcomes = undo_run(journal, run, files=files, fields=fields)
        return sorted((outcome.path.name, outcome.status, outcome.reason) for outcome in outcomes)


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.suffix != ".mp3" and path.is_file()]


# Writing


def test_a_run_is_written_and_undone_to_the_same_bytes_and_times(journal: Path, folder: Path) -> None:
    before = music(folder)
    write_run(journal, folder, GENRE=["Rock", "Ambient"], MOOD=["Calm"], VOCALS=["Female Vocals"])
    written = music(folder)
    assert all(written[path][0] != before[path][0] and written[path][1] > before[path][1] for path in before)
    assert {status for _, status, _ in undo(journal)} == {UndoStatus.RESTORED}
    assert music(folder) == before
    assert leftovers(folder) == []


def test_an_undo_can_be_undone_and_so_on(journal: Path, folder: Path) -> None:
    before = music(folder)
    write_run(journal, folder, GENRE=["Jazz"])
    written = music(folder)
    undo(journal)
    for run, expected in enumerate((written, before, written), start=2):
        assert {status for _, status, _ in undo(journal, run)} == {UndoStatus.RESTORED}
        assert music(folder) == expected
    with UndoJournal(journal) as opened:
        assert [(run.written, run.undone) for run in reversed(opened.runs())] == [(4, 0), (0, 4)] * 2 + [(4, 0)]
    undo(journal)
    assert music(folder) == before, "a write that was done again is the last run again"


def test_an_empty_plan_touches_nothing_and_makes_no_run(journal: Path, folder: Path) -> None:
    before = music(folder)
    with RunWriter.open(journal, [folder], Settings()) as writer:
        for path in before:
            same = tuple(TagEdit(field, found, found) for field, found in read_fields(path).values.items())
            assert not writer.write(FilePlan(track(path), same)).written
            assert not writer.write(FilePlan(track(path), ())).written
        assert writer.run is None
    assert music(folder) == before
    with UndoJournal(journal) as opened:
        assert opened.runs() == []


def test_the_time_of_modification_can_be_preserved(journal: Path, folder: Path) -> None:
    before = music(folder)
    write_run(journal, folder, Settings(preserve_mtime=True), GENRE=["Jazz"])
    assert all(state(path)[1] == mtime and state(path)[0] != digest for path, (digest, mtime) in before.items())


def test_a_symbolic_link_stays_and_its_target_is_written(journal: Path, folder: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.mp3"
    link.symlink_to(folder / "0.mp3")
    with RunWriter.open(journal, [tmp_path], Settings()) as writer:
        writer.write(plan(link, GENRE=["Jazz"]))
    assert link.is_symlink()
    assert read_fields(folder / "0.mp3").values[Field.GENRE] == ("Jazz",)


@pytest.mark.parametrize("name", [b"\xff lone \xed\xa0\x80.mp3", "🎵\n.mp3".encode(), "é".encode() * 125 + b"x.mp3"])
def test_any_file_name_is_written_and_undone(journal: Path, tmp_path: Path, name: bytes) -> None:
    folder = tmp_path / "music"
    folder.mkdir()
    try:
        path = write(folder / os.fsdecode(name), audio())
    except OSError as error:
        pytest.skip(f"this file system has no such names: {error.strerror}")
    before = state(path)
    write_run(journal, folder, GENRE=["Jazz"])
    assert state(path) != before
    undo(journal)
    assert state(path) == before


# Errors


def test_a_failing_replace_leaves_the_file_and_is_recorded(
    journal: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = music(folder)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with RunWriter.open(journal, [folder], Settings()) as writer:
        monkeypatch.setattr(os, "replace", full)
        with pytest.raises(WriteRefusedError, match="No space left on device"):
            writer.write(plan(folder / "0.mp3", GENRE=["Jazz"]))
    assert music(folder) == before
    assert leftovers(folder) == []
    with UndoJournal(journal) as opened:
        assert opened.entry(1).state is EntryState.ABORTED


def test_a_full_disk_while_copying_leaves_the_file(journal: Path, folder: Path) -> None:
    resource = pytest.importorskip("resource")
    path = write(folder / "long.mp3", audio() * 1_000)
    before = music(folder)
    with RunWriter.open(journal, [folder], Settings()) as writer:
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, limits[1]))
        try:
            with pytest.raises(WriteRefusedError, match="it is unchanged"):
                writer.write(plan(path, GENRE=["Jazz"]))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert music(folder) == before
    assert leftovers(folder) == []


def test_without_a_journal_entry_nothing_is_replaced(
    journal: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = music(folder)

    def broken(*_: object) -> int:
        raise StoreError("the journal is full")

    with RunWriter.open(journal, [folder], Settings()) as writer:
        monkeypatch.setattr(UndoJournal, "prepare", broken)
        with pytest.raises(StoreError):
            writer.write(plan(folder / "0.mp3", GENRE=["Jazz"]))
    assert music(folder) == before
    assert leftovers(folder) == []


def test_a_disk_that_fills_up_in_the_middle_of_a_run_stops_it_and_loses_nothing(journal: Path, folder: Path) -> None:
    """SQLite refuses to grow, as on a full disk; the next start finds everything in order."""
    before = music(folder)
    with RunWriter.open(journal, [folder], Settings()) as writer:
        writer.write(plan(folder / "0.mp3", GENRE=["Jazz"]))
        database = writer._journal._database
        ((pages,),) = database.execute("PRAGMA page_count")
        database.execute(f"PRAGMA max_page_count = {pages}")
        written = []

        def write_on() -> None:
            for number in range(100):
                writer.write(plan(folder / "1.mp3", GENRE=[f"Genre {number}" * 30]))
                written.append(state(folder / "1.mp3"))

        with pytest.raises(StoreError, match=r"journal\.sqlite3 cannot grow because the disk is full"):
            write_on()
        assert state(folder / "1.mp3") == (written or [before[folder / "1.mp3"]])[-1]
    assert leftovers(folder) == []
    with UndoJournal(journal) as opened:
        assert recover(opened) == []
        assert len(opened.to_undo(1)) == len(written) + 1
    assert {status for _, status, _ in undo(journal)} == {UndoStatus.RESTORED}
    assert music(folder) == before


def test_two_processes_cannot_write_at_the_same_time(journal: Path, folder: Path) -> None:
    before = music(folder)
    with RunWriter.open(journal, [folder], Settings()) as writer:
        writer.write(plan(folder / "0.mp3", GENRE=["Jazz"]))
        command = [sys.executable, "-c", WRITING_PROCESS, str(journal), str(folder)]
        other = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert f"another Earmark (process {os.getpid()}) is writing tags now" in other.stderr
        assert music(folder) == before | {folder / "0.mp3": state(folder / "0.mp3")}


def test_a_copy_that_differs_is_refused(journal: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = music(folder)
    monkeypatch.setattr("tagger_core.tag_files.follows", lambda *_: False)
    with (
        RunWriter.open(journal, [folder], Settings()) as writer,
        pytest.raises(WriteRefusedError, match="the copy differs"),
    ):
        writer.write(plan(folder / "0.mp3", GENRE=["Jazz"]))
    assert music(folder) == before


def test_a_file_changed_since_the_plan_is_refused(journal: Path, folder: Path) -> None:
    path = folder / "0.mp3"
    made = plan(path, GENRE=["Jazz"])
    write(path, tag(3, text(3, "TIT2", "New")), audio())
    with (
        RunWriter.open(journal, [folder], Settings()) as writer,
        pytest.raises(WriteRefusedError, match="changed by another program"),
    ):
        writer.write(made)


# Undo


def test_a_file_changed_since_is_only_freed_of_what_is_still_ours(journal: Path, folder: Path) -> None:
    before = music(folder)
    write_run(journal, folder, GENRE=["Jazz"], MOOD=["Dark"])
    with RunWriter.open(journal.with_name("another program"), [folder], Settings()) as writer:
        writer.write(plan(folder / "0.mp3", MOOD=["dark"], GENRE=["First", "Jazz", "Mine"], GROUPING=["Set A"]))
        writer.write(plan(folder / "1.mp3", GENRE=["Mine"], MOOD=["Mine"]))
    outcomes = undo(journal)
    reason = "it was changed since: only its fields were taken back, except MOOD"
    assert outcomes[0] == ("0.mp3", UndoStatus.REVERTED, reason)
    reason = "it was changed since: GENRE, MOOD no longer holds what was written"
    assert outcomes[1] == ("1.mp3", UndoStatus.FAILED, reason)
    assert dict(read_fields(folder / "0.mp3").values) == {
        Field.GENRE: ("First", "Mine"),
        Field.MOOD: ("dark",),
        Field.GROUPING: ("Set A",),
    }
    assert [status for _, status, _ in outcomes[2:]] == [UndoStatus.RESTORED] * 2
    assert {path: state(path) for path in list(before)[2:]} == dict(list(before.items())[2:])


def test_one_file_of_a_run_and_then_the_others(journal: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = music(folder)
    write_run(journal, folder, GENRE=["Jazz"])
    write_run(journal, folder / "3.mp3", MOOD=["Calm"])
    monkeypatch.chdir(folder)
    assert undo(journal, files=[Path("1.mp3")]) == [("1.mp3", UndoStatus.RESTORED, "")]
    assert state(folder / "1.mp3") == before[folder / "1.mp3"]
    with pytest.raises(EarmarkError, match=r"run 1 has nothing to take back in .*1\.mp3"):
        undo(journal, 1, files=[Path("0.mp3"), Path("1.mp3")])
    with pytest.raises(EarmarkError, match="nothing to undo"):
        undo(journal, files=[Path("1.mp3")])
    undo(journal)
    undo(journal)
    assert music(folder) == before


def test_one_field_of_a_run_and_then_the_rest(journal: Path, folder: Path) -> None:
    before = music(folder)
    original_fields = {path: read_fields(path).values for path in before}
    write_run(journal, folder, GENRE=["Jazz"], MOOD=["Dark"])
    assert undo(journal, fields=[Field.VOCALS]) == []
    assert {outcome[1:] for outcome in undo(journal, fields=[Field.GENRE])} == {
        (UndoStatus.REVERTED, "as asked: only GENRE was taken back")
    }
    fields = read_fields(folder / "1.mp3").values
    assert (fields[Field.GENRE], fields[Field.MOOD]) == (("Rock",), ("Dark",))
    assert {status for _, status, _ in undo(journal)} == {UndoStatus.REVERTED}
    assert {path: read_fields(path).values for path in before} == original_fields
    with UndoJournal(journal) as opened:
        assert opened.runs()[-1].undone == 4


@pytest.mark.parametrize("kind", music_files.KINDS)
def test_in_every_format_fields_are_taken_back_one_by_one_and_done_again(
    journal: Path, tmp_path: Path, kind: str
) -> None:
    path = music_files.make(tmp_path / f"song{music_files.suffix(kind)}", kind)
    states = [state(path)]
    original_fields = read_fields(path).values
    with RunWriter.open(journal, [tmp_path], Settings()) as writer:
        writer.write(plan(path, GENRE=["Jazz", "Pop"], MOOD=["Calm"]))
    states.append(state(path))
    undo(journal, 1, fields=[Field.MOOD])
    assert Field.MOOD not in read_fields(path).values
    assert undo(journal, 2) == [(path.name, UndoStatus.RESTORED, "")]
    assert state(path) == states[1]
    undo(journal, 1, fields=[Field.GENRE])
    assert undo(journal, 1)[0][1] is UndoStatus.REVERTED
    assert read_fields(path).values == original_fields
    for run in (5, 4):
        assert undo(journal, run)[0][1] is UndoStatus.RESTORED
    assert state(path) == states[1]
    assert undo(journal) == [(path.name, UndoStatus.RESTORED, "")]
    assert state(path) == states[0]


@pytest.mark.parametrize("older", ["mp3 with ID3v1", "mp3 with APEv2", "wv with ID3v1"])
@pytest.mark.parametrize("new", [["Rock", "Jazz"], ["Jazz"], []])
def test_a_genre_that_stood_in_an_older_tag_is_taken_back_by_field(
    journal: Path, tmp_path: Path, older: str, new: list[str]
) -> None:
    if older == "wv with ID3v1":
        path = music_files.make(tmp_path / "song.wv", "wv")
        mutagen.File(path).delete()
        path.write_bytes(path.read_bytes() + id3v1(genre=17))
    else:
        end = id3v1(genre=17) if older == "mp3 with ID3v1" else apev2(Genre="Rock", Title="Old")
        path = write(tmp_path / "song.mp3", audio(), end)
    before = state(path)
    fields = read_fields(path).values
    assert fields[Field.GENRE] == ("Rock",)
    with RunWriter.open(journal, [tmp_path], Settings()) as writer:
        writer.write(plan(path, GENRE=new, MOOD=["Calm"]))
    written = state(path)
    assert undo(journal, fields=[Field.GENRE]) == [
        (path.name, UndoStatus.REVERTED, "as asked: only GENRE was taken back")
    ]
    assert read_fields(path).values == {**fields, Field.MOOD: ("Calm",)}
    assert undo(journal, 2) == [(path.name, UndoStatus.RESTORED, "")]
    assert state(path) == written
    undo(journal, 1, fields=[Field.GENRE])
    assert undo(journal, 1)[0][1] is UndoStatus.REVERTED
    assert read_fields(path).values == fields
    for run in (5, 4):
        undo(journal, run)
    assert undo(journal) == [(path.name, UndoStatus.RESTORED, "")]
    assert state(path) == before


def test_the_earlier_of_two_runs_is_taken_back_by_field_and_then_the_later(journal: Path, folder: Path) -> None:
    path = folder / "0.mp3"
    write_run(journal, path, GENRE=["Jazz"], MOOD=["Calm"])
    write_run(journal, path, GENRE=["Jazz", "Pop"])
    reason = "it was written again by run 2: only its fields were taken back"
    assert undo(journal, 1) == [("0.mp3", UndoStatus.REVERTED, reason)]
    assert dict(read_fields(path).values) == {Field.GENRE: ("Pop",)}
    reason = "it was written again by run 3: only its fields were taken back"
    assert undo(journal, 2) == [("0.mp3", UndoStatus.REVERTED, reason)]
    assert dict(read_fields(path).values) == {}


def test_above_the_limit_old_runs_can_be_undone_by_field_only(
    journal: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = write(folder / "0.mp3", tag(4, text(4, "TCON", "Rock")), audio())
    monkeypatch.setattr(UndoJournal, "compact", lambda journal, limit, since: compact(journal, limit // 1000, since))
    write_run(journal, path, Settings(journal_limit_mb=1), GENRE=["Jazz"])
    assert caplog.messages == [], "the run is young"
    monkeypatch.setattr("tagger_core.tagging.KEPT", timedelta(days=-1))
    write_run(journal, folder / "1.mp3", Settings(journal_limit_mb=1), GENRE=["Jazz"])
    assert "journal-limit-mb: 2 of the oldest writes" in caplog.text
    reason = "its old bytes are not kept any more: only its fields were taken back"
    assert undo(journal, 1) == [("0.mp3", UndoStatus.REVERTED, reason)]
    assert read_fields(path).values == {Field.GENRE: ("Rock",)}


def test_one_missing_file_does_not_stop_the_others_and_can_be_undone_later(
    journal: Path, folder: Path, tmp_path: Path
) -> None:
    before = music(folder)
    run = write_run(journal, folder, GENRE=["Jazz"])
    (folder / "1.mp3").rename(tmp_path / "elsewhere.mp3")
    assert ("1.mp3", UndoStatus.FAILED, "it was moved or deleted") in undo(journal)
    (tmp_path / "elsewhere.mp3").rename(folder / "1.mp3")
    with pytest.raises(EarmarkError, match="nothing to undo"):
        undo(journal)
    assert undo(journal, run) == [("1.mp3", UndoStatus.RESTORED, "")]
    assert music(folder) == before


def test_runs_are_undone_from_the_last_to_the_first(journal: Path, folder: Path) -> None:
    states = [music(folder)]
    for genre in ("Jazz", "Pop"):
        write_run(journal, folder, GENRE=[genre])
        states.append(music(folder))
    for expected in reversed(states[:-1]):
        undo(journal)
        assert music(folder) == expected


def test_there_must_be_such_a_run(journal: Path) -> None:
    with pytest.raises(EarmarkError, match="there is no run 7"):
        undo(journal, 7)


def test_a_file_put_back_by_other_means_counts_as_undone(journal: Path, folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "backup")
    write_run(journal, folder, GENRE=["Jazz"])
    shutil.copytree(tmp_path / "backup", folder, dirs_exist_ok=True)
    assert {reason for _, _, reason in undo(journal)} == {"it had been put back already"}


def test_covers_do_not_swell_the_journal(journal: Path, tmp_path: Path) -> None:
    folder = tmp_path / "covers"
    folder.mkdir()
    for number in range(10):
        cover = frame(4, "APIC", b"\x03image/png\0\3\0" + random.Random(number).randbytes(200_000))
        write(folder / f"{number}.mp3", tag(4, text(4, "TCON", "Rock"), cover, padding=20), audio())
    before = music(folder)
    write_run(journal, folder, GENRE=["A name that does not fit into the padding"])
    with sqlite3.connect(journal) as raw:
        assert raw.execute("SELECT max(length(parts)) < 1000 FROM recipe").fetchone() == (1,)
    raw.close()
    undo(journal)
    assert music(folder) == before


# Being killed


def test_a_temporary_from_before_the_first_entry_is_swept_also_in_subfolders(journal: Path, folder: Path) -> None:
    (folder / "deep").mkdir()
    left = folder / "deep" / ".earmark-00000000.tmp"
    left.touch()
    with UndoJournal(journal) as opened:
        opened.begin_run(RunKind.WRITE, [folder])
    write_run(journal, folder, GENRE=["Jazz"])
    assert not left.exists()
    with UndoJournal(journal) as opened:
        assert [run.written for run in opened.runs()] == [4]


@pytest.mark.parametrize("moment", ["before", "after", "changed", "missing"])
def test_recovery_compares_files_with_the_journal(
    journal: Path, folder: Path, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process dies between the journal's entry and its settling, before or after replacing the file."""
    path = folder / "1.mp3"
    before = state(path)
    real = os.replace

    def die(source: Path, target: Path) -> None:
        if moment != "before":
            real(source, target)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", die)
        with pytest.raises(KeyboardInterrupt):
            write_run(journal, path, GENRE=["Jazz"])
    if moment == "changed":
        write(path, audio())
    if moment == "missing":
        path.unlink()
    expected = {"before": EntryState.ABORTED, "after": EntryState.WRITTEN}.get(moment, EntryState.UNKNOWN)
    with UndoJournal(journal) as opened:
        assert [(found.path, found.state) for found in recover(opened)] == [(path, expected)]
        assert recover(opened) == []
    if moment == "after":
        assert undo(journal) == [("1.mp3", UndoStatus.RESTORED, "")]
        assert state(path) == before


WRITING_PROCESS = """
import sys
from pathlib import Path
from tagger_core.domain import FilePlan, FileStamp, TagEdit, Track
from tagger_core.settings import Settings
from tagger_core.tagging import RunWriter

journal, folder = map(Path, sys.argv[1:])
edits = TagEdit("GENRE", ("Rock",), ("Jazz",)), TagEdit("MOOD", (), ("Calm",))
with RunWriter.open(journal, [folder], Settings()) as writer:
    print("ready", flush=True)
    for path in sorted(folder.glob("*.mp3")):
        writer.write(FilePlan(Track(path, FileStamp.of(path.stat())), edits))
        print("written", flush=True)
"""


def kill(command: list[str], files: int, delay: float) -> None:
    """Start a writing process and kill it so many seconds after it has written so many files."""
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == b"ready\n"
            for _ in range(files):
                assert process.stdout.readline() == b"written\n"
            time.sleep(delay)
        finally:
            process.kill()


def test_killed_at_any_moment_every_file_is_old_or_new_and_the_next_run_finishes(tmp_path: Path) -> None:
    content = HEADS["2.4"] + audio() * 100 + id3v1()
    sample = tmp_path / "sample"
    sample.mkdir()
    old = state(write(sample / "0.mp3", content))[0]
    for number in range(1, 30):
        shutil.copy2(sample / "0.mp3", sample / f"{number}.mp3")
    timed = tmp_path / "timed"
    shutil.copytree(sample, timed)
    start = time.monotonic()
    write_run(tmp_path / "timed.sqlite3", timed, GENRE=["Jazz"], MOOD=["Calm"])
    one_file = (time.monotonic() - start) / 30
    new = state(timed / "0.mp3")[0]
    moments = random.Random(20)
    interrupted = 0
    for trial in range(KILLS):
        folder, journal = tmp_path / f"music {trial}", tmp_path / f"{trial}.sqlite3"
        shutil.copytree(sample, folder)
        before = music(folder)
        command = [sys.executable, "-c", WRITING_PROCESS, str(journal), str(folder)]
        kill(command, files=moments.randrange(29), delay=moments.uniform(0, one_file))

        found = [digest for digest, _ in music(folder).values()]
        assert set(found) <= {old, new}
        interrupted += new in found and old in found
        write_run(journal, folder, GENRE=["Jazz"], MOOD=["Calm"])
        assert {digest for digest, _ in music(folder).values()} == {new}
        assert leftovers(folder) == []
        with UndoJournal(journal) as opened:
            assert opened.unsettled() == []
            runs = [run.id for run in opened.runs() if run.written]
            assert all(run.state is not RunState.OPEN for run in opened.runs())
        for run in runs:
            undo(journal, run)
        assert music(folder) == before
    assert interrupted, "no kill hit the writing: the moments are badly chosen"


# Properties and real files

words = st.text(st.characters(codec="utf-8", exclude_characters="\0;()0123456789", exclude_categories=["Cs", "Cc"]))
new_values = st.lists(words.filter(str.strip), max_size=3, unique=True)


@given(
    st.sampled_from(list(HEADS.values())),
    st.sampled_from([b"", id3v1(), apev2(Mood="Odd")]),
    st.lists(
        st.dictionaries(st.sampled_from([field.value for field in Field if field != "COMMENT"]), new_values), max_size=3
    ),
)
@example(b"", apev2(Mood="Odd"), [{"GENRE": [], "MOOD": []}])  # what is to go stands in an older tag only
@settings(max_examples=25, deadline=None)
def test_write_then_undo_gives_the_original(head: bytes, tail: bytes, runs: list[dict[str, list[str]]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = write(Path(name, "a.mp3"), head, audio(), tail)
        journal = Path(name, "journal.sqlite3")
        before = state(path)
        written = [run for new in runs if (run := write_run(journal, Path(name), None, **new))]
        for run in reversed(written):
            undo(journal, run)
        assert state(path) == before


def test_every_real_file_is_written_and_undone_or_refused_with_a_reason(journal: Path, tmp_path: Path) -> None:
    corpus = ROOT.parent / "shared" / "data" / "audio_corpus"
    if not corpus.is_dir():
        pytest.skip(f"the corpus of real files is not at {corpus}")
    folder = tmp_path / "music"
    folder.mkdir()
    for number, source in enumerate(sorted(path for path in corpus.rglob("*") if path.suffix.lower() == ".mp3")):
        shutil.copyfile(source, folder / f"{number} {source.name}")
    before = music(folder)
    written, reasons = [], []
    with RunWriter.open(journal, [folder], Settings()) as writer:
        for path in before:
            try:
                present = read_fields(path).values
                new = {field.value: [*present.get(field, ()), "Earmark Ä"] for field in Field}
                writer.write(plan(path, **new))
            except WriteRefusedError as error:
                reasons.append(error.reason)
                assert state(path) == before[path]
            else:
                written.append(path)
                assert all("Earmark Ä" in values for values in read_fields(path).values.values())
    assert len(written) > len(before) / 2, reasons
    assert {status for _, status, _ in undo(journal)} == {UndoStatus.RESTORED}
    assert music(folder) == before
