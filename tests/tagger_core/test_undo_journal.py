"""The undo journal: what was recorded comes back, and one process at a time records."""

import os
import random
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tagger_core.domain import FileChange, Fingerprint, Span, TagEdit
from tagger_core.errors import StoreError
from tagger_core.undo_journal import EntryState, RunKind, RunState, UndoJournal


def change(path: Path) -> FileChange:
    edits = (TagEdit("GENRE", ("Ä; b",), ()), TagEdit("MOOD", (), ("Calm", "Sad")))
    restore = (bytes(range(256)) * 9, Span(77, 1 << 40), b"")
    old, new = Fingerprint(2_381, (), b"o" * 32), Fingerprint(1 << 40, (Span(7, 99),), b"n" * 32)
    return FileChange(path, edits, old, new, b"p" * 32, restore, 1_500_000_000_000_000_001)


@pytest.mark.parametrize("name", [b"a.mp3", b"\xff\xfe lone \xed\xa0\x80.mp3", "emoji 🎵\nnewline.mp3".encode()])
def test_an_entry_comes_back_whole_after_a_restart(tmp_path: Path, name: bytes) -> None:
    path = tmp_path / os.fsdecode(name)
    with UndoJournal(tmp_path / "journal.sqlite3") as journal:
        run = journal.begin_run(RunKind.WRITE, [tmp_path, path])
        number = journal.prepare(run, change(path))
    with UndoJournal(tmp_path / "journal.sqlite3") as journal:
        entry = journal.entry(number)
        assert (entry.run, entry.state, entry.undoes) == (run, EntryState.PREPARED, None)
        assert entry.change == change(path)
        assert journal.unsettled() == [number]
        assert journal.runs()[0].folders == (tmp_path, path)


def test_undoing_marks_the_other_entry_and_the_run_is_no_more_the_last(tmp_path: Path) -> None:
    with UndoJournal(tmp_path / "journal.sqlite3") as journal:
        assert journal.last_undoable() is None
        runs = [journal.begin_run(RunKind.WRITE, [tmp_path]) for _ in range(3)]
        numbers = [journal.prepare(run, change(tmp_path / "a.mp3")) for run in runs]
        journal.settle(numbers[0], EntryState.WRITTEN)
        journal.settle(numbers[1], EntryState.WRITTEN)
        journal.settle(numbers[2], EntryState.ABORTED)
        assert journal.last_undoable() == runs[1]
        assert journal.to_undo(runs[1]) == {numbers[1]: tmp_path / "a.mp3"}
        assert [journal.of_run(run) for run in runs] == [[number] for number in numbers]

        undo = journal.begin_run(RunKind.UNDO, [tmp_path], undoes=runs[1])
        undoing = journal.prepare(undo, change(tmp_path / "a.mp3"), undoes=numbers[1])
        assert journal.entry(numbers[1]).state is EntryState.WRITTEN
        journal.settle(undoing, EntryState.WRITTEN)
        assert journal.entry(numbers[1]).state is EntryState.UNDONE
        journal.end_run(undo, RunState.FINISHED)
        assert journal.last_undoable() == runs[0]
        assert list(journal.to_undo(undo)) == [undoing]

        latest = journal.runs()[0]
        assert (latest.id, latest.kind, latest.state, latest.undoes) == (undo, RunKind.UNDO, RunState.FINISHED, runs[1])
        assert latest.finished is not None
        assert latest.finished >= latest.started
        assert [(run.written, run.undone) for run in journal.runs()] == [(1, 0), (0, 0), (0, 1), (1, 0)]


def test_a_run_whose_undo_failed_for_some_files_is_not_offered_again(tmp_path: Path) -> None:
    with UndoJournal(tmp_path / "journal.sqlite3") as journal:
        run = journal.begin_run(RunKind.WRITE, [tmp_path])
        journal.settle(journal.prepare(run, change(tmp_path / "a.mp3")), EntryState.WRITTEN)
        undo = journal.begin_run(RunKind.UNDO, [tmp_path], undoes=run)
        journal.end_run(undo, RunState.INTERRUPTED)
        assert journal.last_undoable() == run
        undo = journal.begin_run(RunKind.UNDO, [tmp_path], undoes=run)
        journal.end_run(undo, RunState.FINISHED)
        assert journal.last_undoable() is None
        assert len(journal.to_undo(run)) == 1


def test_one_process_writes_at_a_time_and_others_may_look(tmp_path: Path) -> None:
    with UndoJournal(tmp_path / "journal.sqlite3") as first, UndoJournal(tmp_path / "journal.sqlite3") as second:
        first.begin_run(RunKind.WRITE, [tmp_path])
        assert len(second.runs()) == 1
        with pytest.raises(StoreError, match=rf"another Earmark \(process {os.getpid()}\) is writing"):
            second.begin_run(RunKind.WRITE, [tmp_path])
        first.close()
        second.begin_run(RunKind.WRITE, [tmp_path])


def test_the_lock_of_another_process_names_it_and_ends_with_it(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from tagger_core.undo_journal import UndoJournal;"
        "journal = UndoJournal(Path(sys.argv[1])); journal.claim(); print('claimed', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "journal.sqlite3")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"claimed\n"
        with UndoJournal(tmp_path / "journal.sqlite3") as journal:
            with pytest.raises(StoreError, match=f"process {other.pid}"):
                journal.claim()
            other.kill()
            other.wait()
            journal.claim()


# Undone field by field


def write(journal: UndoJournal, made: FileChange, undoes: int | None = None) -> int:
    """One written entry, in a run of its own; returns its number."""
    kind = RunKind.UNDO if undoes else RunKind.WRITE
    run = journal.begin_run(kind, [made.path.parent], undoes=journal.entry(undoes).run if undoes else None)
    number = journal.prepare(run, made, undoes)
    journal.settle(number, EntryState.WRITTEN)
    journal.end_run(run, RunState.FINISHED)
    return number


def states(journal: UndoJournal, *numbers: int) -> list[str]:
    return [journal.entry(number).state.value for number in numbers]


def test_a_redo_makes_the_first_entry_written_again_and_its_run_the_last(tmp_path: Path) -> None:
    with UndoJournal(tmp_path / "journal.sqlite3") as journal:
        made = change(tmp_path / "a.mp3")
        first = write(journal, made)
        undo = write(journal, made, undoes=first)
        assert states(journal, first, undo) == ["undone", "written"]
        assert journal.last_undoable() is None
        redo = write(journal, made, undoes=undo)
        assert states(journal, first, undo, redo) == ["written", "undone", "written"]
        assert journal.last_undoable() == journal.entry(first).run
        again = write(journal, made, undoes=redo)
        assert states(journal, first, undo, redo, again) == ["undone", "written", "undone", "written"]
        assert journal.last_undoable() is None


def test_an_entry_of_which_some_fields_were_taken_back(tmp_path: Path) -> None:
    with UndoJournal(tmp_path / "journal.sqlite3") as journal:
        made = change(tmp_path / "a.mp3")
        first = write(journal, made)
        genre = write(journal, replace(made, edits=made.edits[:1]), undoes=first)
        assert states(journal, first) == ["partly undone"]
        assert list(journal.to_undo(journal.entry(first).run)) == [first]
        mood = write(journal, replace(made, edits=made.edits[1:]), undoes=first)
        assert states(journal, first) == ["undone"]
        write(journal, replace(made, edits=made.edits[:1]), undoes=genre)
        assert states(journal, first, genre, mood) == ["partly undone", "undone", "written"]
        journal.mark_taken_back(mood, ["MOOD"])
        assert states(journal, first, mood) == ["written", "undone"]


def test_an_undo_of_some_files_leaves_its_run_the_last(tmp_path: Path) -> None:
    with UndoJournal(tmp_path / "journal.sqlite3") as journal:
        run = journal.begin_run(RunKind.WRITE, [tmp_path])
        numbers = [journal.prepare(run, change(tmp_path / name)) for name in ("a.mp3", "b.mp3")]
        for number in numbers:
            journal.settle(number, EntryState.WRITTEN)
        journal.end_run(run, RunState.FINISHED)
        assert list(journal.to_undo(run, [tmp_path / "a.mp3"])) == [numbers[0]]
        undo = journal.begin_run(RunKind.UNDO, [tmp_path], undoes=run, whole=False)
        journal.settle(journal.prepare(undo, change(tmp_path / "a.mp3"), numbers[0]), EntryState.WRITTEN)
        journal.end_run(undo, RunState.FINISHED)
        assert journal.last_undoable() == run
        assert journal.last_undoable(tmp_path / "b.mp3") == run
        assert journal.last_undoable(tmp_path / "a.mp3") is None
        empty = journal.begin_run(RunKind.UNDO, [tmp_path], undoes=run, whole=False)
        journal.end_run(empty, RunState.FINISHED)
        assert [run.id for run in journal.runs()] == [undo, run]


# A limit


def test_the_oldest_bytes_are_forgotten_above_the_limit_and_the_record_stays(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    cover = random.Random(1).randbytes(100_000)
    with UndoJournal(path) as journal:
        made = [replace(change(tmp_path / f"{i}.mp3"), restore=(cover, Span(i, 1))) for i in range(20)]
        numbers = [write(journal, one) for one in made]
        now = datetime.now(UTC)
        assert journal.compact(10_000_000, now + timedelta(days=1)) == 0
        assert journal.compact(500_000, now - timedelta(days=30)) == 0, "all of it is young"
        forgotten = journal.compact(500_000, now + timedelta(days=1))
        assert 15 <= forgotten < 20
        entries = [journal.entry(number) for number in numbers]
        assert [entry.change for entry in entries[:forgotten]] == [replace(one, restore=()) for one in made[:forgotten]]
        assert [entry.change for entry in entries[forgotten:]] == made[forgotten:]
        assert journal.compact(500_000, now + timedelta(days=1)) == 0
        lost = [run.without_bytes for run in reversed(journal.runs())]
        assert lost == [1] * forgotten + [0] * (20 - forgotten)
    assert path.stat().st_size <= 600_000, "the space is given back to the disk"


def test_small_recipes_give_their_space_back_too(tmp_path: Path) -> None:
    path, noise = tmp_path / "journal.sqlite3", random.Random(3)
    with UndoJournal(path) as journal:
        run = journal.begin_run(RunKind.WRITE, [tmp_path])
        with journal._database.transaction():
            journal._database.executemany(
                "INSERT INTO entry SELECT ?, ?, 'written', NULL, x'61', x'5B5D', x'5B5D', x'00', x'00', x'00', 0",
                ((number, run) for number in range(1, 2001)),
            )
            journal._database.executemany(
                "INSERT INTO recipe VALUES (?, ?)", ((number, noise.randbytes(500)) for number in range(1, 2001))
            )
        later = datetime.now(UTC) + timedelta(days=1)
        assert 500 < journal.compact(1_000_000, later) < 1500
        assert journal.compact(1_000_000, later) == 0
    assert path.stat().st_size < 1_000_000


def test_only_old_runs_lose_their_bytes(tmp_path: Path) -> None:
    with UndoJournal(tmp_path / "journal.sqlite3") as journal:
        old, young = (write(journal, change(tmp_path / name)) for name in ("a.mp3", "b.mp3"))
    with sqlite3.connect(tmp_path / "journal.sqlite3") as raw:
        raw.execute("UPDATE run SET started = '2020-01-01T00:00:00+00:00' WHERE id = 1")
    raw.close()
    with UndoJournal(tmp_path / "journal.sqlite3") as journal:
        assert journal.compact(1, datetime.now(UTC) - timedelta(days=30)) == 1
        assert journal.entry(old).change.restore == ()
        assert journal.entry(young).change.restore != ()


# What the world does wrong


def test_a_full_disk_is_told_and_loses_no_record(tmp_path: Path) -> None:
    with UndoJournal(tmp_path / "journal.sqlite3") as journal:
        first = write(journal, change(tmp_path / "a.mp3"))
        (pages,) = journal._database.execute("PRAGMA page_count")
        journal._database.execute(f"PRAGMA max_page_count = {pages[0]}")
        big = replace(change(tmp_path / "b.mp3"), restore=(random.Random(2).randbytes(50_000),))
        run = journal.begin_run(RunKind.WRITE, [tmp_path])
        with pytest.raises(StoreError, match="the disk is full"):
            journal.prepare(run, big)
        assert journal.unsettled() == []
        assert states(journal, first) == ["written"]


def test_a_damaged_record_names_its_file(tmp_path: Path) -> None:
    with UndoJournal(tmp_path / "journal.sqlite3") as journal:
        number = write(journal, change(tmp_path / "a.mp3"))
    with sqlite3.connect(tmp_path / "journal.sqlite3") as raw:
        raw.execute("UPDATE recipe SET parts = X'00'")
    raw.close()
    with (
        UndoJournal(tmp_path / "journal.sqlite3") as journal,
        pytest.raises(StoreError, match=r"is damaged: its record of .*a\.mp3"),
    ):
        journal.entry(number)


def test_a_journal_that_may_not_be_written_is_told(tmp_path: Path) -> None:
    with UndoJournal(tmp_path / "journal.sqlite3") as journal:
        journal._database.execute("PRAGMA query_only = 1")
        with pytest.raises(StoreError, match="make the file and its folder writable"):
            journal.begin_run(RunKind.WRITE, [tmp_path])
    (tmp_path / "journal.sqlite3.lock").unlink()
    (tmp_path / "journal.sqlite3.lock").mkdir()
    with (
        UndoJournal(tmp_path / "journal.sqlite3") as journal,
        pytest.raises(StoreError, match=r"\.lock cannot be written"),
    ):
        journal.begin_run(RunKind.WRITE, [tmp_path])


def test_a_file_is_found_under_the_path_that_it_was_written_by(tmp_path: Path) -> None:
    written, typed = tmp_path / "song.mp3", tmp_path / "SONG.mp3"
    written.write_bytes(b"")
    os.link(written, typed)  # as if the system knew no case
    with UndoJournal(tmp_path / "journal.sqlite3") as journal:
        write(journal, change(written))
        assert journal.known_as(written) == written
        assert journal.known_as(typed) == written
        write(journal, change(typed))
        assert journal.known_as(typed) == typed
        assert journal.known_as(tmp_path / "x" / ".." / "other.mp3") == tmp_path / "other.mp3"
