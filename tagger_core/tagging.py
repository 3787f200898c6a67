"""Applying write plans to files and taking them back; each settles first what a killed run left (``recovery``).

Conventions
-----------
A file is replaced only after its change is in the journal, so at any moment the journal knows how to take back
what the disk holds. Going on with other files after one has failed is the caller's choice for writing
(``WriteRefusedError``) and the rule for undoing, where a failure is an outcome.

Contents
--------
writing    ``RunWriter``, ``WriteOutcome``, ``rehearse``
undoing    ``undo_run``, ``UndoOutcome``, ``UndoStatus``
"""

import logging
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from tagger_core.domain import FilePlan, TagEdit
from tagger_core.errors import EarmarkError, StoreError, WriteRefusedError
from tagger_core.fingerprints import FileContent
from tagger_core.recovery import RecoveredFile, recover
from tagger_core.settings import Settings
from tagger_core.tag_fields import PRESETS, Field
from tagger_core.tag_files import Prepared, prepared_edit, prepared_restore, read_fields, rehearsed_edit
from tagger_core.undo_journal import Entry, EntryState, Run, RunKind, RunState, UndoJournal

KEPT = timedelta(days=30)
"""So long, at least, every run can be restored byte for byte."""

WORKERS = 2
"""Threads that hash and flush; one at work on the old content of a file, one on the new."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WriteOutcome:
    """``written`` is False if there was nothing to change; the file was not touched then."""

    path: Path
    written: bool
    warnings: tuple[str, ...] = ()


class UndoStatus(StrEnum):
    RESTORED = "restored"
    """The file is, byte for byte, what it was before the run."""
    REVERTED = "reverted"
    """The file was changed since; what was still ours in it was taken back."""
    FAILED = "failed"
    """The file was left as it is."""


@dataclass(frozen=True, slots=True)
class UndoOutcome:
    """What became of one file; ``reason`` says what a status other than ``RESTORED`` is about."""

    path: Path
    status: UndoStatus
    reason: str = ""


class RunWriter:
    """Writes plans, one after the other, as one run of the journal."""

    def __init__(self, journal: UndoJournal, roots: Sequence[Path], settings: Settings, workers: Executor) -> None:
        self._journal = journal
        self._workers = workers
        self._roots = roots
        self._settings = settings
        self.run: int | None = None
        """Number of the run, by which it can be undone; ``None`` until something is written."""
        self.recovered: tuple[RecoveredFile, ...] = ()
        """What an earlier, killed run left, now settled."""

    @classmethod
    @contextmanager
    def open(cls, journal_path: Path, roots: Sequence[Path], settings: Settings) -> Iterator["RunWriter"]:
        """Open the journal, settle what a killed run left, and close it at the end. Raises ``StoreError``."""
        with UndoJournal(journal_path) as journal, ThreadPoolExecutor(WORKERS) as workers:
            writer = cls(journal, roots, settings, workers)
            writer.recovered = tuple(recover(journal))
            try:
                yield writer
            finally:
                if writer.run is not None:
                    journal.end_run(writer.run, RunState.FINISHED)
                    _compact(journal, settings.journal_limit_mb)

    def write(self, plan: FilePlan) -> WriteOutcome:
        """Write one plan. Raises ``WriteRefusedError``: the file is as it was; and ``StoreError``."""
        edits = tuple(edit for edit in plan.edits if edit.new != edit.old)
        if not edits:
            return WriteOutcome(plan.track.path, written=False)
        if self.run is None:  # before the first temporary: recovery sweeps the folders of unfinished runs
            self.run = self._journal.begin_run(RunKind.WRITE, self._roots)
        with prepared_edit(
            FilePlan(plan.track, edits),
            self._settings.written_preset,
            self._workers,
            preserve_mtime=self._settings.preserve_mtime,
            allow_hard_links=self._settings.allow_hard_links,
        ) as prepared:
            if prepared.change.new == prepared.change.old:
                # What was to be taken out stands only in an older tag, and that stays as it is.
                return WriteOutcome(plan.track.path, written=False, warnings=prepared.warnings)
            warnings = _commit(self._journal, self.run, prepared)
        return WriteOutcome(plan.track.path, written=True, warnings=prepared.warnings + warnings)


def rehearse(plan: FilePlan, settings: Settings) -> tuple[str, ...]:
    """What a write of this plan would warn of; nothing is touched. Raises ``WriteRefusedError`` where it would refuse.

    What only shows itself while a file is copied (a disk that fails, say) cannot be foreseen.
    """
    return rehearsed_edit(plan, settings.written_preset, allow_hard_links=settings.allow_hard_links)


def undo_run(
    journal: UndoJournal, run: int | None = None, *, files: Sequence[Path] = (), fields: Collection[Field] = ()
) -> Iterator[UndoOutcome]:
    """Take back a run, or the last one that was not taken back, file by file.

    ``files``: only in these, and without ``run`` the last run that wrote any of them. ``fields``: only these. To take
    back an undo is to do again what it had undone. Settles first what a killed run left. Raises ``EarmarkError`` if
    there is no such run, or it did not write one of the files, and ``StoreError``.
    """
    recover(journal)
    paths = [journal.known_as(file) for file in files]
    if run is None:
        candidates = [journal.last_undoable(path) for path in paths] or [journal.last_undoable()]
        run = max((number for number in candidates if number), default=None)
    if run is None:
        raise EarmarkError("there is nothing to undo; --list-runs shows what was written")
    undone = next((known for known in journal.runs() if known.id == run), None)
    if undone is None:
        raise EarmarkError(f"there is no run {run}; --list-runs shows them all")
    entries = journal.to_undo(run, paths)
    for path in paths:
        if path not in entries.values():
            raise EarmarkError(
                f"run {run} has nothing to take back in {path}; --history shows what was written into it"
            )
    return _undo_entries(journal, undone, list(entries), frozenset(fields), whole=not (files or fields))


def _commit(journal: UndoJournal, run: int, prepared: Prepared, undoes: int | None = None) -> tuple[str, ...]:
    entry = journal.prepare(run, prepared.change, undoes)
    try:
        warnings = prepared.commit()
    except WriteRefusedError:  # anything else may have come after the replacing; recovery will look
        journal.settle(entry, EntryState.ABORTED)
        raise
    journal.settle(entry, EntryState.WRITTEN)
    return warnings


def _compact(journal: UndoJournal, limit_mb: int) -> None:
    try:
        forgotten = journal.compact(limit_mb * 1_000_000, datetime.now(UTC) - KEPT)
    except StoreError as error:  # the run itself is written and recorded
        log.warning("the journal of what was written could not be made smaller: %s", error)
        return
    if forgotten:
        log.warning(
            "the journal has reached journal-limit-mb: %d of the oldest writes can be undone in their fields,"
            " but not byte for byte any more",
            forgotten,
        )


def _undo_entries(
    journal: UndoJournal, run: Run, entries: Sequence[int], fields: frozenset[Field], *, whole: bool
) -> Iterator[UndoOutcome]:
    undo = journal.begin_run(RunKind.UNDO, run.folders, undoes=run.id, whole=whole)
    for number in entries:
        entry = journal.entry(number)
        path = entry.change.path
        wanted = tuple(edit for edit in entry.change.edits if not fields or edit.field in fields)
        if not wanted:
            continue
        try:
            yield _undo_entry(journal, undo, entry, wanted)
        except FileNotFoundError:
            yield UndoOutcome(path, UndoStatus.FAILED, "it was moved or deleted")
        except OSError as error:
            yield UndoOutcome(path, UndoStatus.FAILED, f"it cannot be read ({error.strerror})")
        except WriteRefusedError as error:
            yield UndoOutcome(path, UndoStatus.FAILED, error.reason)
    journal.end_run(undo, RunState.FINISHED)


def _undo_entry(journal: UndoJournal, undo: int, entry: Entry, wanted: tuple[TagEdit, ...]) -> UndoOutcome:
    change = entry.change
    content = FileContent(change.path)
    later = _later_run(journal, entry, content)
    if content.matches(change.old):
        if not later:  # else this entry counts again as soon as the later run is taken back
            journal.mark_taken_back(entry.id, {edit.field for edit in change.edits})
        return UndoOutcome(change.path, UndoStatus.RESTORED, "it had been put back already")
    why_only_fields = ""
    if not change.restore:
        why_only_fields = "its old bytes are not kept any more"
    elif not content.matches(change.new):
        why_only_fields = f"it was written again by run {later}" if later else "it was changed since"
    elif wanted != change.edits:
        why_only_fields = "as asked"
    if why_only_fields:
        return _undo_fields(journal, undo, entry, content, wanted, why_only_fields)
    with prepared_restore(change, content.track.stamp) as prepared:
        warnings = _commit(journal, undo, prepared, undoes=entry.id)
    return UndoOutcome(change.path, UndoStatus.RESTORED, "; ".join(warnings))


def _later_run(journal: UndoJournal, entry: Entry, content: FileContent) -> int | None:
    """The run that, after this entry, made of its file what it is now."""
    return next((run for run, made in journal.later_writes(entry) if content.matches(made)), None)


def _undo_fields(
    journal: UndoJournal, undo: int, entry: Entry, content: FileContent, wanted: tuple[TagEdit, ...], why: str
) -> UndoOutcome:
    """Bytes cannot or shall not be restored: take back the values that are still ours, by an ordinary edit."""
    track = content.track
    present = read_fields(track.path).values
    edits, already, kept = [], [], []
    for edit in wanted:
        now = present.get(Field(edit.field), ())
        without = _without_ours(now, edit)
        if now == edit.old:
            already.append(edit.field)
        elif without is None:
            kept.append(edit.field)
        else:
            edits.append(TagEdit(edit.field, now, without))
    if not _later_run(journal, entry, content):
        journal.mark_taken_back(entry.id, already)
    if not edits:
        reason = f"{', '.join(kept)} no longer holds what was written" if kept else "its fields had been put back"
        return UndoOutcome(track.path, UndoStatus.FAILED if kept else UndoStatus.REVERTED, f"{why}: {reason}")
    plan = FilePlan(track, tuple(edits))
    with (
        ThreadPoolExecutor(WORKERS) as workers,
        prepared_edit(plan, PRESETS["standard"], workers, preserve_mtime=False, allow_hard_links=False) as prepared,
    ):
        _commit(journal, undo, prepared, undoes=entry.id)
    named = "its fields were" if wanted == entry.change.edits else f"{', '.join(edit.field for edit in wanted)} was"
    excepted = f", except {', '.join(kept)}" if kept else ""
    return UndoOutcome(track.path, UndoStatus.REVERTED, f"{why}: only {named} taken back{excepted}")


def _without_ours(present: tuple[str, ...], edit: TagEdit) -> tuple[str, ...] | None:
    """A field without what an edit did to it; ``None`` if nothing in it is as the edit left it.

    Of an edit that only added values, each value that is still there, letter for letter, is taken out, whatever
    else was done to the field since. Any other edit is taken back only where the field is exactly as it left it.
    """
    if present == edit.new:
        return edit.old
    added = edit.new[len(edit.old) :]
    if edit.new[: len(edit.old)] != edit.old or not set(added) & set(present):
        return None
    return tuple(value for value in present if value not in added)
