"""What was decided, kept from one day to the next: decisions about tracks, and where a person was.

Conventions
-----------
A decision is kept for a path, with the stamp and the audio digest of the file that it was about; ``Review.restore``
sees to it that it does not go to other music. A *session* is a set of folders that were open together; it has
thresholds of its own and a place for whatever the window wants to find again. A track about which nothing is decided
takes no room. Saving one row is one small transaction, so a process killed at any moment loses at most the last one.

Contents
--------
``ReviewStore``
"""

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from tagger_core.database import Database, open_database, signed
from tagger_core.domain import Category, FileStamp
from tagger_core.errors import StoreError
from tagger_core.review import AddedTag, Decision, Levels, Record
from tagger_core.vocabulary import Tag

_MIGRATIONS = (
    """
    CREATE TABLE decisions (
        path BLOB PRIMARY KEY, size INTEGER, mtime_ns INTEGER, inode INTEGER, device INTEGER,
        audio BLOB, decision INTEGER, choices BLOB
    ) WITHOUT ROWID;
    CREATE TABLE sessions (folders BLOB PRIMARY KEY, opened INTEGER, levels BLOB) WITHOUT ROWID;
    CREATE TABLE places (folders BLOB, key TEXT, value BLOB, PRIMARY KEY (folders, key)) WITHOUT ROWID;
    """,
)

_PATHS_AT_ONCE = 500
_RECORDS_AT_ONCE = 100
"""They may come with pauses between them, and nothing long shall happen between two pauses."""


class _Choices(msgspec.Struct, frozen=True, array_like=True):
    """The tags of a record, as they are stored: names, and categories of those that a model may forget."""

    ticked: tuple[str, ...]
    unticked: tuple[str, ...]
    frozen: tuple[tuple[str, Category], ...]
    added: tuple[tuple[str, Category, bool], ...]


class _Levels(msgspec.Struct, frozen=True, array_like=True):
    profile: str
    threshold: float | None
    thresholds: dict[str, float]


class ReviewStore:
    """The database of decisions. All methods raise ``StoreError`` when it cannot be used."""

    def __init__(self, path: Path) -> None:
        self._database: Database = open_database(path, _MIGRATIONS, durable=False)

    # Decisions

    def save(self, records: Iterable[Record]) -> None:
        """Remember these, all or none; a blank record forgets what there was."""
        with self._database.transaction():
            blank = []
            for chunk in _chunks(records, _RECORDS_AT_ONCE):
                blank += [(os.fsencode(record.path),) for record in chunk if record.is_blank]
                kept = [_row(record) for record in chunk if not record.is_blank]
                self._database.executemany("INSERT OR REPLACE INTO decisions VALUES (?, ?, ?, ?, ?, ?, ?, ?)", kept)
            self._database.executemany("DELETE FROM decisions WHERE path = ?", blank)

    def load(self, paths: Sequence[Path]) -> list[Record]:
        """What was decided about these paths, in any order."""
        found = []
        for chunk in _chunks(paths, _PATHS_AT_ONCE):
            places = ", ".join("?" * len(chunk))
            rows = self._database.execute(
                f"SELECT * FROM decisions WHERE path IN ({places})", [os.fsencode(path) for path in chunk]
            )
            found += [self._record(row) for row in rows]
        return found

    # Sessions

    def open_session(self, folders: Sequence[Path]) -> None:
        """These folders are open now."""
        self._database.execute(
            "INSERT INTO sessions (folders, opened) VALUES (?, ?)"
            " ON CONFLICT (folders) DO UPDATE SET opened = excluded.opened",
            (_joined(folders), time.time_ns()),
        )

    def sessions(self, limit: int = 10) -> list[tuple[Path, ...]]:
        """The folders that were open together, the latest first."""
        rows = self._database.execute("SELECT folders FROM sessions ORDER BY opened DESC LIMIT ?", (limit,))
        return [_parted(folders) for (folders,) in rows]

    def save_levels(self, folders: Sequence[Path], levels: Levels) -> None:
        """Remember the thresholds of an open session."""
        stored = _Levels(levels.profile, levels.threshold, dict(levels.thresholds))
        self._database.execute(
            "UPDATE sessions SET levels = ? WHERE folders = ?", (msgspec.msgpack.encode(stored), _joined(folders))
        )

    def levels(self, folders: Sequence[Path]) -> Levels | None:
        """The thresholds of a session, ``None`` if it has none of its own."""
        rows = self._database.execute("SELECT levels FROM sessions WHERE folders = ?", (_joined(folders),))
        if not rows or rows[0][0] is None:
            return None
        stored = self._decoded(rows[0][0], _Levels)
        return Levels(stored.profile, stored.threshold, stored.thresholds)

    def remember(self, folders: Sequence[Path], key: str, value: str) -> None:
        """Keep a value, which may be a path, for a session."""
        self._database.execute(
            "INSERT OR REPLACE INTO places VALUES (?, ?, ?)", (_joined(folders), key, os.fsencode(value))
        )

    def recall(self, folders: Sequence[Path]) -> dict[str, str]:
        """All values that were kept for a session."""
        rows = self._database.execute("SELECT key, value FROM places WHERE folders = ?", (_joined(folders),))
        return {key: os.fsdecode(value) for key, value in rows}

    def close(self) -> None:
        self._database.close()

    def _record(self, row: tuple[Any, ...]) -> Record:
        path, size, mtime_ns, inode, device, audio, decision, choices = row
        tags = self._decoded(choices, _Choices)
        return Record(
            path=os.fsdecode(path),
            stamp=FileStamp(size, mtime_ns, inode % 2**64, device % 2**64),
            audio=audio,
            decision=Decision(decision),
            ticked=tags.ticked,
            unticked=tags.unticked,
            frozen=tuple(_tag(name, category) for name, category in tags.frozen),
            added=tuple(AddedTag(_tag(name, category), ticked) for name, category, ticked in tags.added),
        )

    def _decoded(self, data: bytes, kind: type[Any]) -> Any:
        try:
            return msgspec.msgpack.decode(data, type=kind)
        except msgspec.DecodeError as error:
            raise StoreError(
                f"{self._database.path} is damaged; move it away and Earmark starts a new one ({error})"
            ) from error


@lru_cache(maxsize=1000)
def _tag(name: str, category: Category) -> Tag:
    return Tag(name, category)


def _row(record: Record) -> tuple[Any, ...]:
    stamp = record.stamp
    choices = _Choices(
        record.ticked,
        record.unticked,
        tuple((tag.name, tag.category) for tag in record.frozen),
        tuple((added.tag.name, added.tag.category, added.ticked) for added in record.added),
    )
    return (
        os.fsencode(record.path),
        stamp.size,
        stamp.mtime_ns,
        signed(stamp.inode),
        signed(stamp.device),
        record.audio,
        int(record.decision),
        msgspec.msgpack.encode(choices),
    )


def _joined(folders: Sequence[Path]) -> bytes:
    return b"\0".join(sorted(os.fsencode(folder) for folder in folders))


def _parted(folders: bytes) -> tuple[Path, ...]:
    return tuple(Path(os.fsdecode(folder)) for folder in folders.split(b"\0"))


def _chunks(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    left = iter(items)
    while chunk := list(islice(left, size)):
        yield chunk
