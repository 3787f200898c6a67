"""Applying write plans to files, taking them back, and setting things right after a crash.

Conventions
-----------
A file is replaced only after its change is in the journal, so at any moment the journal knows how to take back
what the disk holds. Going on with other files after one has failed is the caller's choice for writing
(``WriteRefusedError``) and the rule for undoing, where a failure is an outcome.

Contents
--------
writing    ``RunWriter``, ``WriteOutcome``
undoing    ``undo_run``, ``UndoOutcome``, ``UndoStatus``
recovery   ``recover``, ``RecoveredFile``
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tagger_core.audio_payload import file_digest
from tagger_core.domain import FilePlan, FileStamp, TagEdit, Track
from tagger_core.errors import EarmarkError, WriteRefusedError
from tagger_core.settings import Settings
from tagger_core.tag_fields import PRESETS, Field
from tagger_core.tag_files import Prepared, prepared_edit, prepared_restore, read_fields, sweep_temporaries
from tagger_core.undo_journal import Entry, EntryState, RunKind, RunState, UndoJournal


@dataclass(frozen=True, slots=True)
class WriteOutcome:
    """``written`` is False if there was nothing to change; the file was not touched then."""

    path: Path
    written: bool
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecoveredFile:
    """A file at which a killed run was at work: ``WRITTEN``, ``ABORTED`` (as before) or ``UNKNOWN``."""

    path: Path
    state: EntryState


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

    def __init__(self, journal: UndoJournal, roots: Sequence[Path], settings: Settings) -> None:
        self._journal = journal
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
        with UndoJournal(journal_path) as journal:
            writer = cls(journal, roots, settings)
            writer.recovered = tuple(recover(journal))
            try:
                yield writer
            finally:
                if writer.run is not None:
                    journal.end_run(writer.run, RunState.FINISHED)

    def write(self, plan: FilePlan) -> WriteOutcome:
        """Write one plan. Raises ``WriteRefusedError``: the file is as it was; and ``StoreError``."""
        edits = tuple(edit for edit in plan.edits if edit.new != edit.old)
        if not edits:
            return WriteOutcome(plan.track.path, written=False)
        if self.run is None:  # before the first temporary: recovery sweeps the folders of unfinished runs
            self.run = self._journal.begin_run(RunKind.WRITE, self._roots)
        with prepared_edit(
            FilePlan(plan.track, edits),
            PRESETS[self._settings.preset],
            preserve_mtime=self._settings.preserve_mtime,
            allow_hard_links=self._settings.allow_hard_links,
        ) as prepared:
            warnings = _commit(self._journal, self.run, prepared)
        return WriteOutcome(plan.track.path, written=True, warnings=prepared.warnings + warnings)


def undo_run(journal: UndoJournal, run: int | None = None) -> Iterator[UndoOutcome]:
    """Take back a run, or the last one that was not taken back, file by file.

    Settles first what a killed run left. Raises ``EarmarkError`` if there is no such run, and ``StoreError``.
    """
    recover(journal)
    if run is None:
        run = journal.last_undoable()
        if run is None:
            raise EarmarkError("there is nothing to undo; --list-runs shows what was written")
    undone = next((known for known in journal.runs() if known.id == run), None)
    if undone is None:
        raise EarmarkError(f"there is no run {run}; --list-runs shows them all")
    return _undo_entries(journal, journal.begin_run(RunKind.UNDO, undone.folders, undoes=run), run)


def recover(journal: UndoJournal) -> list[RecoveredFile]:
    """Settle what a killed process left: compare files with the journal, and remove its temporaries.

    Raises ``StoreError``, also if another process is at work.
    """
    journal.claim()
    recovered = []
    for number in journal.unsettled():
        entry = journal.entry(number)
        state = _state_after_crash(entry)
        journal.settle(number, state)
        sweep_temporaries(entry.change.path.parent)
        recovered.append(RecoveredFile(entry.change.path, state))
    for run in journal.runs():
        if run.state is RunState.OPEN:
            for root in run.folders:
                _sweep_tree(root)
            journal.end_run(run.id, RunState.INTERRUPTED)
    return recovered


def _commit(journal: UndoJournal, run: int, prepared: Prepared, undoes: int | None = None) -> tuple[str, ...]:
    entry = journal.prepare(run, prepared.change, undoes)
    try:
        warnings = prepared.commit()
    except WriteRefusedError:  # anything else may have come after the replacing; recovery will look
        journal.settle(entry, EntryState.ABORTED)
        raise
    journal.settle(entry, EntryState.WRITTEN)
    return warnings


def _undo_entries(journal: UndoJournal, undo: int, run: int) -> Iterator[UndoOutcome]:
    for number in journal.to_undo(run):
        entry = journal.entry(number)
        path = entry.change.path
        try:
            yield _undo_entry(journal, undo, entry)
        except FileNotFoundError:
            yield UndoOutcome(path, UndoStatus.FAILED, "it was moved or deleted")
        except OSError as error:
            yield UndoOutcome(path, UndoStatus.FAILED, f"it cannot be read ({error.strerror})")
        except WriteRefusedError as error:
            yield UndoOutcome(path, UndoStatus.FAILED, error.reason)
    journal.end_run(undo, RunState.FINISHED)


def _undo_entry(journal: UndoJournal, undo: int, entry: Entry) -> UndoOutcome:
    change = entry.change
    stamp = FileStamp.of(change.path.stat())
    digest = file_digest(change.path)
    if digest == change.new_sha256:
        with prepared_restore(change, stamp) as prepared:
            warnings = _commit(journal, undo, prepared, undoes=entry.id)
        return UndoOutcome(change.path, UndoStatus.RESTORED, "; ".join(warnings))
    if digest == change.old_sha256:
        journal.settle(entry.id, EntryState.UNDONE)
        return UndoOutcome(change.path, UndoStatus.RESTORED, "it had been put back already")
    return _undo_fields(journal, undo, entry, Track(change.path, stamp))


def _undo_fields(journal: UndoJournal, undo: int, entry: Entry, track: Track) -> UndoOutcome:
    """The file is not what we wrote any more: take back only the values that are still ours."""
    present = read_fields(track.path).values
    ours = [edit for edit in entry.change.edits if present.get(Field(edit.field), ()) == edit.new]
    kept = ", ".join(edit.field for edit in entry.change.edits if edit not in ours)
    if not ours:
        return UndoOutcome(
            track.path, UndoStatus.FAILED, f"it was changed since: {kept} no longer holds what was written"
        )
    plan = FilePlan(track, tuple(TagEdit(edit.field, edit.new, edit.old) for edit in ours))
    with prepared_edit(plan, PRESETS["standard"], preserve_mtime=False, allow_hard_links=False) as prepared:
        _commit(journal, undo, prepared, undoes=entry.id)
    reason = "it was changed since: only its fields were taken back"
    return UndoOutcome(track.path, UndoStatus.REVERTED, f"{reason}, except {kept}" if kept else reason)


def _state_after_crash(entry: Entry) -> EntryState:
    try:
        digest = file_digest(entry.change.path)
    except OSError:  # gone, or on a disk that is not there now
        return EntryState.UNKNOWN
    if digest == entry.change.new_sha256:
        return EntryState.WRITTEN
    return EntryState.ABORTED if digest == entry.change.old_sha256 else EntryState.UNKNOWN


def _sweep_tree(root: Path) -> None:
    sweep_temporaries(root.parent if root.is_file() else root)
    for folder, _, _ in os.walk(root):
        sweep_temporaries(Path(folder))
