"""What the fault tests do to a folder, in this process or in one that is to die, and what must be true afterwards."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from tagger_core.domain import FilePlan, FileStamp, TagEdit, Track
from tagger_core.recovery import recover
from tagger_core.settings import Settings
from tagger_core.tag_files import read_fields
from tagger_core.tagging import RunWriter, UndoOutcome, undo_run
from tagger_core.undo_journal import RunKind, UndoJournal

VALUES = {"GENRE": ("Jazz", "Ambient"), "MOOD": ("Calm",), "VOCALS": ("Female Vocals",)}


def plan(path: Path, values: dict[str, tuple[str, ...]] | None = None) -> FilePlan:
    """Values over whatever the file has now."""
    present = {str(field): found for field, found in read_fields(path).values.items()}
    edits = (TagEdit(field, present.get(field, ()), new) for field, new in (values or VALUES).items())
    return FilePlan(Track(path, FileStamp.of(path.stat())), tuple(edits))


def write_all(journal: Path, folder: Path) -> None:
    """One run over the folder. Raises what the first failing file raises."""
    with RunWriter.open(journal, [folder], Settings()) as writer:
        for path in files(folder):
            writer.write(plan(path))


def undo_all(journal: Path, folder: Path) -> None:
    """Take back every run, the latest first; every file must be restored byte for byte."""
    outcomes: list[UndoOutcome] = []
    with UndoJournal(journal) as opened:
        recover(opened)
        for run in opened.runs():
            if run.kind is RunKind.WRITE and opened.to_undo(run.id):
                outcomes += undo_run(opened, run.id)
    wrong = [outcome for outcome in outcomes if outcome.status != "restored"]
    if wrong:
        raise AssertionError(f"not restored: {wrong}")


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def check_after_fault(journal: Path, folder: Path, old: str, new: str) -> set[Path]:
    """Every file is old or new; after the next start nothing else is left, and the journal says what the disk holds.

    Returns the files that are new.
    """
    _old_or_new(folder, old, new)
    with UndoJournal(journal) as opened:
        recover(opened)
        written = set(_written(opened))
    left = [path.name for path in folder.iterdir() if path.name.startswith(".")]
    assert not left, f"left behind: {left}"
    found = _old_or_new(folder, old, new)
    assert written == found, "the journal does not say what the disk holds"
    return found


def _old_or_new(folder: Path, old: str, new: str) -> set[Path]:
    digests = {path: digest(path) for path in files(folder)}
    damaged = [path for path, found in digests.items() if found not in (old, new)]
    assert not damaged, f"damaged: {damaged}"
    return {path for path, found in digests.items() if found == new}


def _written(journal: UndoJournal) -> Iterator[Path]:
    for run in journal.runs():
        if run.kind is RunKind.WRITE:
            yield from journal.to_undo(run.id).values()
