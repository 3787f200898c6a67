"""What a killed write left behind, found out and settled at the next start, on the library thread."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tagger_core.errors import StoreError
from tagger_core.settings import Places

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Interrupted:
    """Runs that did not come to their end."""

    written: int
    """Files that were written by them, each whole."""
    unclear: tuple[Path, ...]
    """Files that are neither as before nor as they were to be: somebody else has changed or moved them since."""


def settle_interrupted(places: Places, tell: Callable[[Interrupted], None]) -> None:
    """Settle what killed processes left in the middle of writing, and tell of it. Raises ``StoreError``."""
    if not places.journal.exists():
        return
    from tagger_core.recovery import recover
    from tagger_core.undo_journal import EntryState, RunState, UndoJournal

    with UndoJournal(places.journal) as journal:
        interrupted = {run.id for run in journal.runs() if run.state is RunState.OPEN}
        if not interrupted:
            return
        try:
            recovered = recover(journal)
        except StoreError as error:  # another Earmark is writing at this moment: nothing was interrupted
            log.info("%s", error)
            return
        written = sum(run.written for run in journal.runs() if run.id in interrupted)
        tell(Interrupted(written, tuple(file.path for file in recovered if file.state is EntryState.UNKNOWN)))
