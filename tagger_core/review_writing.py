"""From accepted tracks to written files, and back: what the window's Write and Undo write do.

Conventions
-----------
The same as ``batch`` does, for the same ticks and settings: files are read again, plans are rehearsed, and writes go
through ``tagging.RunWriter`` as one run of the journal. A failure of one file is an outcome of that file and stops no
other one; ``StoreError`` (the journal cannot be written) stops everything.

Contents
--------
planning   ``plan_accepted``, ``PlannedTrack``
writing    ``write_planned``, ``WrittenTrack``
undoing    ``undo_written``, ``UndoneFile``
"""

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tagger_core.analysis_store import AnalysisStore, remember_own_write
from tagger_core.domain import FilePlan, FileStamp, Track
from tagger_core.errors import FileError
from tagger_core.review import Accepted, Rewritten
from tagger_core.settings import Settings
from tagger_core.tag_files import read_fields
from tagger_core.tagging import RunWriter, UndoOutcome, UndoStatus, rehearse, undo_run
from tagger_core.undo_journal import UndoJournal
from tagger_core.vocabulary import Vocabulary
from tagger_core.write_plan import FieldValues, plan_file


@dataclass(frozen=True, slots=True)
class PlannedTrack:
    """What would be written into the file of an accepted track, or why nothing can be."""

    row: int
    plan: FilePlan | None
    """``None`` where there is a problem."""
    problem: str = ""
    warnings: tuple[str, ...] = ()
    present: FieldValues = field(default_factory=dict)
    audio: bytes = b""


@dataclass(frozen=True, slots=True)
class WrittenTrack:
    """What became of a planned track."""

    row: int
    path: Path
    run: int | None
    """Number of the run, by which it can be undone; ``None`` as long as nothing was written."""
    rewritten: Rewritten | None
    """The file now, also where there was nothing to change; ``None`` if it could not be written."""
    tags: int = 0
    """Values that the file did not have before."""
    problem: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UndoneFile:
    """What became of a file whose write was taken back, and the file now, if it can be read."""

    outcome: UndoOutcome
    rewritten: Rewritten | None


def plan_accepted(
    accepted: Iterable[Accepted], settings: Settings, vocabulary: Vocabulary, cancelled: threading.Event
) -> Iterator[PlannedTrack]:
    """Read each file again and plan exactly what would be written; files are not touched."""
    for one in accepted:
        if cancelled.is_set():
            return
        yield _planned(one, settings, vocabulary)


def write_planned(
    journal: Path,
    roots: Sequence[Path],
    settings: Settings,
    planned: Iterable[PlannedTrack],
    *,
    store: AnalysisStore | None,
    cancelled: threading.Event,
) -> Iterator[WrittenTrack]:
    """Write plans as one run; those with a problem are passed over. Setting ``cancelled`` ends it between two files.

    Raises ``StoreError``.
    """
    with RunWriter.open(journal, roots, settings) as writer:
        for one in planned:
            if cancelled.is_set():
                return
            if one.plan is not None:
                yield _written(one, one.plan, writer, store)


def undo_written(journal: Path, run: int | None = None) -> Iterator[UndoneFile]:
    """Take back a run, or the last one that was not taken back. Raises ``EarmarkError`` and ``StoreError``."""
    with UndoJournal(journal) as opened:
        for outcome in undo_run(opened, run):
            now = None if outcome.status is UndoStatus.FAILED else _as_it_is(outcome.path)
            yield UndoneFile(outcome, now)


def _planned(one: Accepted, settings: Settings, vocabulary: Vocabulary) -> PlannedTrack:
    path = one.track.path
    try:
        if FileStamp.of(path.stat()) != one.track.stamp:
            return PlannedTrack(one.row, None, "it was changed since it was analysed; analyse it again")
        present = read_fields(path)
        plan = plan_file(one.track, present.values, one.tags, settings, vocabulary)
        if plan.edits:
            rehearse(plan, settings)
    except FileNotFoundError:
        return PlannedTrack(one.row, None, "it was moved or deleted")
    except OSError as error:
        return PlannedTrack(one.row, None, f"it cannot be read ({error.strerror})")
    except FileError as error:
        return PlannedTrack(one.row, None, error.reason)
    return PlannedTrack(one.row, plan, "", present.warnings, present.values, one.audio)


def _written(one: PlannedTrack, plan: FilePlan, writer: RunWriter, store: AnalysisStore | None) -> WrittenTrack:
    path = plan.track.path
    try:
        outcome = writer.write(plan)
    except FileError as error:
        return WrittenTrack(one.row, path, writer.run, None, problem=error.reason)
    if not outcome.written:
        return WrittenTrack(one.row, path, writer.run, Rewritten(plan.track, one.present), warnings=outcome.warnings)
    remember_own_write(store, path, one.audio)
    return WrittenTrack(
        row=one.row,
        path=path,
        run=writer.run,
        rewritten=_as_it_is(path) or Rewritten(plan.track, one.present),
        tags=sum(edit.gained for edit in plan.edits),
        warnings=outcome.warnings,
    )


def _as_it_is(path: Path) -> Rewritten | None:
    try:
        return Rewritten(Track(path, FileStamp.of(path.stat())), read_fields(path).values)
    except (OSError, FileError):
        return None
