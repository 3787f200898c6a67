"""Setting things right after a crash: the journal is made to agree with the disk, and temporaries are removed.

Contents
--------
``recover``, ``RecoveredFile``
"""

import logging
import os
from dataclasses import dataclass
from pathlib import Path

from tagger_core.fingerprints import FileContent
from tagger_core.tag_files import sweep_temporaries
from tagger_core.undo_journal import Entry, EntryState, RunState, UndoJournal

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RecoveredFile:
    """A file at which a killed run was at work: ``WRITTEN``, ``ABORTED`` (as before) or ``UNKNOWN``."""

    path: Path
    state: EntryState


def recover(journal: UndoJournal) -> list[RecoveredFile]:
    """Settle what a killed process left: compare files with the journal, and remove its temporaries.

    Raises ``StoreError``, also if another process is at work.
    """
    journal.claim()
    recovered = []
    for number in journal.unsettled():
        entry = journal.entry(number)
        path, state = entry.change.path, _state_after_crash(entry)
        journal.settle(number, state)
        sweep_temporaries(path.parent)
        recovered.append(RecoveredFile(path, state))
        if state is EntryState.UNKNOWN:
            log.warning("%s: Earmark was killed while it wrote this file, and it was changed or moved since", path)
    for run in journal.runs():
        if run.state is RunState.OPEN:
            for root in run.folders:
                _sweep_tree(root)
            journal.end_run(run.id, RunState.INTERRUPTED)
    return recovered


def _state_after_crash(entry: Entry) -> EntryState:
    try:
        content = FileContent(entry.change.path)
        if content.matches(entry.change.new):
            return EntryState.WRITTEN
        return EntryState.ABORTED if content.matches(entry.change.old) else EntryState.UNKNOWN
    except OSError:  # gone, or on a disk that is not there now
        return EntryState.UNKNOWN


def _sweep_tree(root: Path) -> None:
    sweep_temporaries(root.parent if root.is_file() else root)
    for folder, _, _ in os.walk(root):
        sweep_temporaries(Path(folder))
