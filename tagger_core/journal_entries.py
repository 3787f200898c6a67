"""The words of the undo journal: runs, their entries, the states these go through, and how all of it is stored.

Conventions
-----------
A *run* is one go at writing (or undoing) and has a number that people name; an *entry* is one file of a run::

    prepared -> written    the file was replaced
             -> aborted    it was not
             -> unknown    after a crash the file was missing, or neither old nor new
    written, unknown <-> partly undone <-> undone

An entry is undone field by field. Taking back an undo makes what it had taken back written again.

Contents
--------
words    ``Run``, ``RunKind``, ``RunState``, ``Entry``, ``EntryState``
storing  ``MIGRATIONS``, ``run_of``, ``entry_of``, ``fields_of``, ``fingerprint_of``
"""

import os
import zlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import msgspec

from tagger_core.database import Row
from tagger_core.domain import FileChange, Fingerprint, Span, TagEdit

MIGRATIONS = (
    """
    CREATE TABLE run (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL CHECK (kind IN ('write', 'undo')),
        state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'finished', 'interrupted')),
        folders BLOB NOT NULL,       -- NUL-separated
        started TEXT NOT NULL,       -- UTC, ISO 8601
        finished TEXT,
        undoes INTEGER REFERENCES run (id),
        whole INTEGER NOT NULL       -- 0: an undo of some files or fields only
    );
    CREATE TABLE entry (
        id INTEGER PRIMARY KEY,
        run INTEGER NOT NULL REFERENCES run (id),
        state TEXT NOT NULL CHECK (state IN ('prepared', 'written', 'aborted', 'unknown', 'partly undone', 'undone')),
        undoes INTEGER REFERENCES entry (id),
        path BLOB NOT NULL,
        edits BLOB NOT NULL,         -- JSON
        taken_back BLOB NOT NULL,    -- JSON: the fields that were taken back
        old_digest BLOB NOT NULL,
        new_digest BLOB NOT NULL,
        payload_sha256 BLOB NOT NULL,
        old_mtime_ns INTEGER NOT NULL
    );
    CREATE TABLE recipe (            -- what restores a file byte for byte; large, and the first to be forgotten
        entry INTEGER PRIMARY KEY REFERENCES entry (id),
        parts BLOB NOT NULL          -- MessagePack, zlib
    );
    CREATE INDEX entry_by_run ON entry (run, state);
    CREATE INDEX entry_by_path ON entry (path);
    CREATE INDEX entry_by_payload ON entry (payload_sha256);
    CREATE INDEX prepared_entry ON entry (id) WHERE state = 'prepared';
    """,
    # A fingerprint (MessagePack) instead of a digest that only the same version of Earmark could make again. Of what
    # was written before, the fields can still be taken back; the fingerprint that it gets is that of no file.
    """
    ALTER TABLE entry RENAME COLUMN old_digest TO old;
    ALTER TABLE entry RENAME COLUMN new_digest TO new;
    UPDATE entry SET old = x'83a473697a65ffa57370616e7390a6646967657374c400',
                     new = x'83a473697a65ffa57370616e7390a6646967657374c400';
    DELETE FROM recipe;
    """,
)
"""Of the database, in the order in which they were released."""


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
    PARTLY_UNDONE = "partly undone"
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
    """Also those that are partly undone."""
    undone: int
    unknown: int
    without_bytes: int
    """Files, written or undone, of which the journal does not keep the old bytes any more."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a run. ``change.restore`` is empty if the old bytes are not kept any more."""

    id: int
    run: int
    state: EntryState
    undoes: int | None
    change: FileChange


def fields_of(edits: bytes) -> set[str]:
    """The fields that stored edits are about."""
    return {edit.field for edit in msgspec.json.decode(edits, type=tuple[TagEdit, ...])}


def fingerprint_of(stored: bytes) -> Fingerprint:
    """Raises ``ValueError`` if it is damaged."""
    return msgspec.msgpack.decode(stored, type=Fingerprint)


def entry_of(row: Row) -> Entry:
    """An entry from its columns. Raises ``ValueError`` and ``zlib.error`` if they are damaged."""
    number, run, state, undoes, path, edits, old, new, payload, old_mtime_ns, parts = row
    change = FileChange(
        path=Path(os.fsdecode(path)),
        edits=msgspec.json.decode(edits, type=tuple[TagEdit, ...]),
        old=fingerprint_of(old),
        new=fingerprint_of(new),
        payload_sha256=payload,
        restore=msgspec.msgpack.decode(zlib.decompress(parts), type=tuple[bytes | Span, ...]) if parts else (),
        old_mtime_ns=old_mtime_ns,
    )
    return Entry(number, run, EntryState(state), undoes, change)


def run_of(row: Row) -> Run:
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
