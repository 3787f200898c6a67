"""What happened to one file: every write and every undo, and what of it can be restored now.

Contents
--------
``file_history``, ``PastWrite``
"""

from dataclasses import dataclass
from pathlib import Path

from tagger_core.audio_payload import payload_digest
from tagger_core.errors import FileError
from tagger_core.fingerprints import FileContent
from tagger_core.undo_journal import Entry, EntryState, Run, UndoJournal


@dataclass(frozen=True, slots=True)
class PastWrite:
    """One write or undo of a file."""

    run: Run
    entry: Entry
    restorable: bool
    """The file is exactly what this write made of it, and the journal has the bytes to take it back."""
    renamed: bool
    """The file had another path then; it was recognised by its audio."""


def file_history(journal: UndoJournal, path: Path) -> list[PastWrite]:
    """All writes and undos of a file, the latest first.

    A file that was moved or renamed is found by its audio: what was written under a path where nothing is now,
    into the same audio, counts as its history. Of a file that is gone, its path's history is given.
    Raises ``StoreError``, and ``FileError`` if the file is there but cannot be read.
    """
    path = journal.known_as(path)
    try:
        return _history(journal, path, FileContent(path), payload_digest(path))
    except FileNotFoundError:
        return _history(journal, path, None, b"")
    except OSError as error:
        raise FileError(path, f"it cannot be read ({error.strerror})") from error


def _history(journal: UndoJournal, path: Path, content: FileContent | None, payload: bytes) -> list[PastWrite]:
    runs = {run.id: run for run in journal.runs()}
    found = []
    for entry in map(journal.entry, journal.of_file(path, payload)):
        renamed = entry.change.path != path
        if renamed and entry.change.path.exists():  # another file with the same audio
            continue
        written = entry.state in (EntryState.WRITTEN, EntryState.PARTLY_UNDONE, EntryState.UNKNOWN)
        bytes_kept = written and not renamed and bool(entry.change.restore)
        restorable = bytes_kept and content is not None and content.matches(entry.change.new)
        found.append(PastWrite(runs[entry.run], entry, restorable, renamed))
    return found
