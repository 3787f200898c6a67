"""The history of one file: all of it, under whatever name, and whether its bytes can come back."""

import shutil
from pathlib import Path

import pytest

from tagger_core.errors import FileError
from tagger_core.settings import Settings
from tagger_core.tagging import RunWriter, undo_run
from tagger_core.undo_journal import EntryState, UndoJournal
from tagger_core.write_history import PastWrite, file_history
from tests.mp3_files import audio, plan, tag, text, write


@pytest.fixture
def song(tmp_path: Path) -> Path:
    (tmp_path / "music").mkdir()
    return write(tmp_path / "music" / "song.mp3", tag(4, text(4, "TCON", "Rock")), audio())


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite3"


def write_genre(journal: Path, path: Path, *genres: str) -> None:
    with RunWriter.open(journal, [path.parent], Settings()) as writer:
        writer.write(plan(path, GENRE=genres))


def take_back(journal: Path, run: int | None = None) -> None:
    with UndoJournal(journal) as opened:
        list(undo_run(opened, run))


def history(journal: Path, path: Path) -> list[PastWrite]:
    with UndoJournal(journal) as opened:
        return file_history(opened, path)


def summary(past: list[PastWrite]) -> list[tuple[int, str, bool]]:
    return [(write.run.id, write.entry.state.value, write.restorable) for write in past]


def test_every_write_and_undo_the_latest_first(journal: Path, song: Path) -> None:
    write_genre(journal, song, "Jazz")
    assert summary(history(journal, song)) == [(1, "written", True)]
    write_genre(journal, song, "Pop")
    past = history(journal, song)
    assert summary(past) == [(2, "written", True), (1, "written", False)]
    assert [(edit.field, edit.old, edit.new) for write in past for edit in write.entry.change.edits] == [
        ("GENRE", ("Jazz",), ("Pop",)),
        ("GENRE", ("Rock",), ("Jazz",)),
    ]
    take_back(journal)
    assert summary(history(journal, song)) == [(3, "written", True), (2, "undone", False), (1, "written", True)]


def test_a_file_changed_since_cannot_be_restored(journal: Path, song: Path) -> None:
    write_genre(journal, song, "Jazz")
    with song.open("ab") as file:
        file.write(b"more")
    assert summary(history(journal, song)) == [(1, "written", False)]


def test_a_renamed_file_is_found_by_its_audio_and_a_copy_has_no_history(journal: Path, song: Path) -> None:
    write_genre(journal, song, "Jazz")
    copy = Path(shutil.copy2(song, song.with_name("copy.mp3")))
    assert history(journal, copy) == []
    song.unlink()
    (past,) = history(journal, copy)
    assert (past.renamed, past.restorable, past.entry.change.path) == (True, False, song)
    write_genre(journal, copy, "Pop")
    assert [(write.renamed, write.restorable) for write in history(journal, copy)] == [(False, True), (True, False)]


def test_a_file_that_is_gone_keeps_its_history(journal: Path, song: Path) -> None:
    write_genre(journal, song, "Jazz")
    song.unlink()
    (past,) = history(journal, song)
    assert (past.entry.state, past.restorable, past.renamed) == (EntryState.WRITTEN, False, False)


def test_what_is_no_file_is_told(journal: Path, tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be read"):
        history(journal, tmp_path)
