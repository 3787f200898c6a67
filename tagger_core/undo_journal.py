"""The journal of everything Earmark writes into music files, kept so that it can be taken back.

Conventions
-----------
A *run* is one go at writing (or undoing) and has a number that people name; an *entry* is one file of a run.
An entry is committed to the disk before its file is replaced, and settled after::

    prepared -> written    the file was replaced
             -> aborted    it was not
             -> unknown    after a crash the file was missing, or neither old nor new
    written, unknown -> undone

Paths are stored as ``os.fsencode`` gives them, so every file name survives. An undo is a run like any other,
whose entries know which ones they take back: nothing about it forbids taking back an undo.
One process writes at a time; it holds a lock file beside the database.

Contents
--------
``UndoJournal``, ``Run``, ``RunKind``, ``RunState``, ``Entry``, ``EntryState``
"""

import os
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import IO

import msgspec

from tagger_core.database import Database, Row, open_database
from tagger_core.domain import FileChange, TagEdit
from tagger_core.errors import StoreError
from tagger_core.file_lock import try_lock

_MIGRATIONS = (
    """
    CREATE TABLE run (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL CHECK (kind IN ('write', 'undo')),
        state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'finished', 'interrupted')),
        folders BLOB NOT NULL,       -- NUL-separated
        started TEXT NOT NULL,       -- UTC, ISO 8601
        finished TEXT,
        undoes INTEGER REFERENCES run (id)
    );
    CREATE TABLE entry (
        id INTEGER PRIMARY KEY,
        run INTEGER NOT NULL REFERENCES run (id),
        state TEXT NOT NULL CHECK (state IN ('prepared', 'written', 'aborted', 'unknown', 'undone')),
        undoes INTEGER REFERENCES entry (id),
        path BLOB NOT NULL,
        edits BLOB NOT NULL,         -- JSON
        old_sha256 BLOB NOT NULL,
        new_sha256 BLOB NOT NULL,
        payload_sha256 BLOB NOT NULL,
        new_head_length INTEGER NOT NULL,
        old_mtime_ns INTEGER NOT NULL,
        old_head BLOB NOT NULL       -- zlib; last, since it may be large
    );
    CREATE INDEX entry_by_run ON entry (run, state);
    CREATE INDEX prepared_entry ON entry (id) WHERE state = 'prepared';
    """,
)


class RunKind(StrEnum):
    WRITE = "write"
    UNDO = "undo"


class RunState(StrEnum):
    OPEN = "open"
    FINISHED = "finished"
    INTERRUPTED = "interrupted"


class EntryState(StrEnum):
    PREPARED = "prepared"
    WRITTEN = "written"
    ABORTED = "aborted"
    UNKNOWN = "unknown"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Run:
    """One go; times are UTC. ``written``, ``undone`` and ``unknown`` count its files in that state."""

    id: int
    kind: RunKind
    state: RunState
    folders: tuple[Path, ...]
    started: datetime
    finished: datetime | None
    undoes: int | None
    written: int
    undone: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a run."""

    id: int
    run: int
    state: EntryState
    undoes: int | None
    change: FileChange


class UndoJournal:
    """The open journal; a context manager that closes it. All methods raise ``StoreError``."""

    def __init__(self, path: Path) -> None:
        self._database: Database = open_database(path, _MIGRATIONS, durable=True)
        self._lock_path = path.with_name(path.name + ".lock")
        self._lock: IO[bytes] | None = None

    def claim(self) -> None:
        """Become the one process that writes, until ``close``; needed for everything that changes the journal."""
        if self._lock is not None:
            return
        try:
            lock = self._lock_path.open("ab")
        except OSError as error:
            raise StoreError(f"{self._lock_path} cannot be opened ({error.strerror}); make it writable") from error
        if not try_lock(lock):
            lock.close()
            raise StoreError("another Earmark is writing tags at this moment; try again when it is done")
        self._lock = lock

    def begin_run(self, kind: RunKind, folders: Sequence[Path], undoes: int | None = None) -> int:
        """Open a run and return its number."""
        self.claim()
        joined = b"\0".join(os.fsencode(folder) for folder in folders)
        rows = self._database.execute(
            "INSERT INTO run (kind, folders, started, undoes) VALUES (?, ?, ?, ?) RETURNING id",
            (kind, joined, _now(), undoes),
        )
        return int(rows[0][0])

    def end_run(self, run: int, state: RunState) -> None:
        """Close a run; a writing run without any entry is forgotten."""
        with self._database.transaction():
            self._database.execute("UPDATE run SET state = ?, finished = ? WHERE id = ?", (state, _now(), run))
            self._database.execute(
                "DELETE FROM run WHERE id = ? AND kind = 'write'"
                " AND NOT EXISTS (SELECT 1 FROM entry WHERE entry.run = run.id)",
                (run,),
            )

    def prepare(self, run: int, change: FileChange, undoes: int | None = None) -> int:
        """Record, on the disk, what is about to happen to a file; returns the entry's number."""
        rows = self._database.execute(
            "INSERT INTO entry (run, state, undoes, path, edits, old_sha256, new_sha256, payload_sha256,"
            " new_head_length, old_mtime_ns, old_head) VALUES (?, 'prepared', ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (
                run,
                undoes,
                os.fsencode(change.path),
                msgspec.json.encode(change.edits),
                change.old_sha256,
                change.new_sha256,
                change.payload_sha256,
                change.new_head_length,
                change.old_mtime_ns,
                zlib.compress(change.old_head, level=1),
            ),
        )
        return int(rows[0][0])

    def settle(self, entry: int, state: EntryState) -> None:
        """Set what became of an entry. One that takes back another, once written, makes the other undone."""
        with self._database.transaction():
            self._database.execute("UPDATE entry SET state = ? WHERE id = ?", (state, entry))
            if state is EntryState.WRITTEN:
                self._database.execute(
                    "UPDATE entry SET state = 'undone' WHERE id = (SELECT undoes FROM entry WHERE id = ?)", (entry,)
                )

    def to_undo(self, run: int) -> list[int]:
        """Numbers of a run's entries that were, or may have been, written; latest first, as undoing wants it."""
        return self._numbers(
            "SELECT id FROM entry WHERE run = ? AND state IN ('written', 'unknown') ORDER BY id DESC", (run,)
        )

    def unsettled(self) -> list[int]:
        """Numbers of the entries that a killed process left ``prepared``."""
        return self._numbers("SELECT id FROM entry WHERE state = 'prepared' ORDER BY id", ())

    def entry(self, number: int) -> Entry:
        (row,) = self._database.execute(
            "SELECT id, run, state, undoes, path, edits, old_sha256, new_sha256, payload_sha256, old_head,"
            " new_head_length, old_mtime_ns FROM entry WHERE id = ?",
            (number,),
        )
        change = FileChange(
            path=Path(os.fsdecode(row[4])),
            edits=msgspec.json.decode(row[5], type=tuple[TagEdit, ...]),
            old_sha256=row[6],
            new_sha256=row[7],
            payload_sha256=row[8],
            old_head=zlib.decompress(row[9]),
            new_head_length=row[10],
            old_mtime_ns=row[11],
        )
        return Entry(row[0], row[1], EntryState(row[2]), row[3], change)

    def runs(self) -> list[Run]:
        """All runs, the latest first."""
        rows = self._database.execute(
            "SELECT run.id, kind, run.state, folders, started, finished, run.undoes, total(entry.state = 'written'),"
            " total(entry.state = 'undone'), total(entry.state = 'unknown')"
            " FROM run LEFT JOIN entry ON entry.run = run.id GROUP BY run.id ORDER BY run.id DESC"
        )
        return [_run(row) for row in rows]

    def last_undoable(self) -> int | None:
        """The last run that wrote something and was not taken back, as far as that was possible."""
        rows = self._database.execute(
            "SELECT max(id) FROM run WHERE kind = 'write'"
            " AND EXISTS (SELECT 1 FROM entry WHERE entry.run = run.id AND entry.state = 'written')"
            " AND NOT EXISTS (SELECT 1 FROM run AS undo WHERE undo.undoes = run.id AND undo.state = 'finished')"
        )
        number = rows[0][0]
        return None if number is None else int(number)

    def close(self) -> None:
        self._database.close()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def __enter__(self) -> "UndoJournal":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _numbers(self, sql: str, parameters: Sequence[object]) -> list[int]:
        return [number for (number,) in self._database.execute(sql, parameters)]


def _run(row: Row) -> Run:
    number, kind, state, folders, started, finished, undoes, *counts = row
    return Run(
        number,
        RunKind(kind),
        RunState(state),
        tuple(Path(os.fsdecode(folder)) for folder in folders.split(b"\0")),
        datetime.fromisoformat(started),
        datetime.fromisoformat(finished) if finished else None,
        undoes,
        *(int(count) for count in counts),
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
