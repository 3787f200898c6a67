"""What can be done to files: planned, written, taken back; each task knows its part on either thread.

Conventions
-----------
``run`` is a job of the library thread as ``background`` wants it, one file a step; it hands over what became of each
file. Cancelling ends it between two files. Everything else belongs to the GUI thread: ``take`` brings what was handed
over into the review, ``report`` sums up at the end. Nothing of Qt is here.

Contents
--------
``Task``; ``Planning``, ``Writing``, ``Undoing``
"""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from gui.library.events import PlannedFile, RunState, UndoReport, WriteReport, WriteReview
from tagger_core.errors import EarmarkError
from tagger_core.review import Change, Review
from tagger_core.review.values import Rows
from tagger_core.settings import Places

if TYPE_CHECKING:
    from tagger_core.review_writing import PlannedTrack, UndoneFile, WrittenTrack
    from tagger_core.undo_journal import Run

Told = TypeVar("Told")


class Task(ABC, Generic[Told]):
    """``Told`` is what became of one file."""

    state: RunState
    total: int
    """Files; may be known only while it runs."""

    @abstractmethod
    def run(self, tell: Callable[[Told], None], cancelled: threading.Event) -> Iterator[None]:
        """On the library thread. Raises ``EarmarkError``."""

    @abstractmethod
    def take(self, told: Sequence[Told]) -> list[Change]:
        """Bring what became of some files into the review."""

    def has_failed(self, told: Told) -> bool:
        """The file was left as it was, against what was wanted."""
        return False

    @abstractmethod
    def report(self) -> object:
        """What was done, for a person."""


class Planning(Task["PlannedTrack"]):
    """Each file is read again; nothing is touched."""

    state = RunState.IDLE

    def __init__(self, review: Review, rows: Rows | None) -> None:
        self._review = review
        self._accepted = review.accepted_tracks(rows)
        self._settings, self._vocabulary = review.settings, review.vocabulary
        self.plans: list[PlannedTrack] = []
        self.total = 0

    def run(self, tell: "Callable[[PlannedTrack], None]", cancelled: threading.Event) -> Iterator[None]:
        from tagger_core.review_writing import plan_accepted

        for planned in plan_accepted(self._accepted, self._settings, self._vocabulary, cancelled):
            tell(planned)
            yield

    def take(self, told: "Sequence[PlannedTrack]") -> list[Change]:
        """What cannot be written is among the failed ones from now on, where it can be tried again."""
        self.plans += told
        return [self._review.write_failed(self._review.path(one.row), one.problem) for one in told if one.problem]

    def report(self) -> WriteReview:
        return WriteReview(tuple(PlannedFile(one.row, one.plan, one.problem) for one in self.plans))


class Writing(Task["WrittenTrack"]):
    """Plans become files, as one run of the journal."""

    state = RunState.WRITING

    def __init__(
        self, review: Review, plans: "Sequence[PlannedTrack]", places: Places, folders: Sequence[Path]
    ) -> None:
        """``plans``: also of the files that cannot be written, for the report."""
        self._review, self._settings = review, review.settings
        self._plans = [one for one in plans if one.plan]
        self._refused = tuple((review.path(one.row), one.problem) for one in plans if one.problem)
        self._places, self._folders = places, folders
        self._outcomes: list[WrittenTrack] = []
        self.total = len(self._plans)

    def run(self, tell: "Callable[[WrittenTrack], None]", cancelled: threading.Event) -> Iterator[None]:
        from tagger_core.review_writing import write_planned
        from tagger_core.workplace import open_store

        with open_store(self._places.analyses) as store:
            for written in write_planned(
                self._places.journal, self._folders, self._settings, self._plans, store=store, cancelled=cancelled
            ):
                tell(written)
                yield

    def take(self, told: "Sequence[WrittenTrack]") -> list[Change]:
        self._outcomes += told
        changes = [self._review.write_failed(one.path, one.problem) for one in told if one.problem]
        written = [one.rewritten for one in told if one.rewritten]
        return [*changes, self._review.mark_written(written)] if written else changes

    def has_failed(self, told: "WrittenTrack") -> bool:
        return bool(told.problem)

    def report(self) -> WriteReport:
        edited = {plan.row for plan in self._plans if plan.plan and plan.plan.edits}
        return WriteReport(
            run=next((one.run for one in reversed(self._outcomes) if one.run is not None), None),
            files=sum(one.rewritten is not None and one.row in edited for one in self._outcomes),
            tags=sum(one.tags for one in self._outcomes),
            failed=self._refused + tuple((one.path, one.problem) for one in self._outcomes if one.problem),
            cancelled=len(self._outcomes) < len(self._plans),
        )


@dataclass(frozen=True, slots=True)
class Undone:
    """A file whose write was taken back."""

    file: "UndoneFile"
    takes_away: bool
    """What the run wrote is out of the file; else an undo was undone, and the file is written again."""


class Undoing(Task[Undone]):
    """A run is taken back, the last one if none is named."""

    state = RunState.UNDOING

    def __init__(self, review: Review, places: Places, run: int | None) -> None:
        self._review, self._places, self._run = review, places, run
        self._outcomes: list[UndoneFile] = []
        self.total = 0

    def run(self, tell: Callable[[Undone], None], cancelled: threading.Event) -> Iterator[None]:
        from tagger_core.review_writing import undo_written
        from tagger_core.undo_journal import UndoJournal

        with UndoJournal(self._places.journal) as journal:
            run = journal.last_undoable() if self._run is None else self._run
            if run is None:
                raise EarmarkError("there is nothing to take back: every write was undone already")
            self._run, self.total = run, len(journal.to_undo(run))
            takes_away = _takes_away(run, {known.id: known for known in journal.runs()})
        for undone in undo_written(self._places.journal, run):
            tell(Undone(undone, takes_away))
            yield
            if cancelled.is_set():
                return

    def take(self, told: Sequence[Undone]) -> list[Change]:
        self._outcomes += [one.file for one in told]
        changed = [one.file.rewritten for one in told if one.file.rewritten]
        if not changed:
            return []
        return [self._review.mark_unwritten(changed) if told[0].takes_away else self._review.mark_written(changed)]

    def has_failed(self, told: Undone) -> bool:
        from tagger_core.tagging import UndoStatus

        return told.file.outcome.status is UndoStatus.FAILED

    def report(self) -> UndoReport:
        from tagger_core.tagging import UndoStatus

        outcomes = [file.outcome for file in self._outcomes]
        statuses = [outcome.status for outcome in outcomes]
        return UndoReport(
            run=self._run or 0,
            restored=statuses.count(UndoStatus.RESTORED),
            reverted=statuses.count(UndoStatus.REVERTED),
            failed=tuple((one.path, one.reason) for one in outcomes if one.status is UndoStatus.FAILED),
        )


def _takes_away(run: int, runs: "dict[int, Run]") -> bool:
    """An undo of an undo writes again, an undo of that takes away again, and so on."""
    takes_away = True
    undone = runs[run].undoes if run in runs else None
    while undone is not None:
        takes_away = not takes_away
        undone = runs[undone].undoes if undone in runs else None
    return takes_away
