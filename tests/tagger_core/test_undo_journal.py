"""The undo journal: what was recorded comes back, and one process at a time records."""

import os
from pathlib import Path

import pytest

from tagger_core.domain import FileChange, TagEdit
from tagger_core.errors import StoreError
from tagger_core.undo_journal import EntryState, RunKind, RunState, UndoJournal


def change(path: Path) -> FileChange:
    edits = (TagEdit("GENRE", ("Ä; b",), ()), TagEdit("MOOD", (), ("Calm", "Sad")))
    return FileChange(
        path, edits, b"o" * 32, b"n" * 32, b"p" * 32, bytes(range(256)) * 9, 77, 1_500_000_000_000_000_001
    )


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
        assert journal.to_undo(runs[1]) == [numbers[1]]

        undo = journal.begin_run(RunKind.UNDO, [tmp_path], undoes=runs[1])
        undoing = journal.prepare(undo, change(tmp_path / "a.mp3"), undoes=numbers[1])
        assert journal.entry(numbers[1]).state is EntryState.WRITTEN
        journal.settle(undoing, EntryState.WRITTEN)
        assert journal.entry(numbers[1]).state is EntryState.UNDONE
        journal.end_run(undo, RunState.FINISHED)
        assert journal.last_undoable() == runs[0]
        assert journal.to_undo(undo) == [undoing]

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
        with pytest.raises(StoreError, match="another Earmark is writing"):
            second.begin_run(RunKind.WRITE, [tmp_path])
        first.close()
        second.begin_run(RunKind.WRITE, [tmp_path])
