"""SQLite, opened the same way everywhere, and the one place where its errors become sentences.

Conventions
-----------
A database is opened in WAL mode: readers never wait for the writer, and a process killed at any moment
leaves a whole database. The schema is a sequence of SQL scripts; ``PRAGMA user_version`` counts those that
were applied, so a script that was released is never edited, only followed by another one.
Statements outside ``transaction()`` commit by themselves. A ``Database`` belongs to the thread that opened it.

What the world does wrong (locked, damaged, read-only, full, too new) is raised as ``StoreError`` with the
file and the remedy; wrong SQL, a broken constraint or a closed database is a bug and stays ``sqlite3.Error``.

Contents
--------
``open_database``, ``Database``, ``signed``
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from tagger_core.errors import StoreError

BUSY_SECONDS = 10.0
"""How long to wait for another process that is writing before saying that the database is locked."""

Row = tuple[Any, ...]

_DAMAGED = "is damaged; move it away and Earmark starts a new one, or put back a backup of it"
_READ_ONLY = "cannot be written; make the file and its folder writable"
_SENTENCES = {
    sqlite3.SQLITE_BUSY: "is locked by another program; close the other Earmark and try again",
    sqlite3.SQLITE_LOCKED: "is locked by another program; close the other Earmark and try again",
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_AUTH: _READ_ONLY,
    sqlite3.SQLITE_FULL: "cannot grow because the disk is full; free some space and try again",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; look whether its folder exists and may be written",
    sqlite3.SQLITE_IOERR: "cannot be read or written because the disk reports an error; check the disk",
}
"""Primary result code (https://www.sqlite.org/rescode.html) -> the rest of the sentence after the path."""


class Database:
    """An open database; a context manager that closes it."""

    def __init__(self, path: Path, connection: sqlite3.Connection, *, durable: bool) -> None:
        self.path = path
        self._connection = connection
        self._durable = durable
        self._set_durable(durable)

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Run one statement and return all its rows. Raises ``StoreError``."""
        with _told(self.path):
            return self._connection.execute(sql, parameters).fetchall()

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for every row, all or none of them. Raises ``StoreError``."""
        if self._connection.in_transaction:
            with _told(self.path):
                self._connection.executemany(sql, rows)
            return
        with self.transaction():
            self._connection.executemany(sql, rows)

    @contextmanager
    def transaction(self, *, flushed: bool = True) -> Iterator[None]:
        """All statements of the block are committed together, or none if it is left by an exception.

        The write lock is taken at once, so what the block reads stays true until it ends. Blocks do not nest.
        ``flushed=False``: also in a durable database a power cut may undo it, until the next durable commit.
        """
        with _told(self.path):
            self._set_durable(self._durable and flushed)
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # a full disk makes SQLite roll back by itself
                    self._connection.execute("ROLLBACK")
                raise
            finally:
                self._set_durable(self._durable)

    def close(self) -> None:
        """Close; closing twice is harmless."""
        with _told(self.path):
            self._connection.close()

    def __enter__(self) -> "Database":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _set_durable(self, durable: bool) -> None:
        self._connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")


def signed(number: int) -> int:
    """A number of 64 bits without a sign as SQLite holds it: inodes of network file systems use all of them."""
    return number - 2**64 if number >= 2**63 else number


def open_database(path: Path, migrations: Sequence[str], *, durable: bool) -> Database:
    """Open or create the database at ``path`` and bring its schema up to ``len(migrations)``.

    ``durable``: a commit survives a power cut (``synchronous=FULL``); otherwise the last commits may be
    lost then, but the database stays whole. Raises ``StoreError``.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{path.parent} cannot be created: {error.strerror}; choose another data folder") from error
    with _told(path):
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        database = Database(path, connection, durable=durable)
    try:
        database.execute("PRAGMA auto_vacuum = FULL")  # of a new database: what is deleted goes back to the disk
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA foreign_keys = ON")
        _migrate(database, migrations)
    except BaseException:
        database.close()
        raise
    return database


def _migrate(database: Database, migrations: Sequence[str]) -> None:
    if _version(database) == len(migrations):
        return
    with database.transaction():
        # Read again under the lock: another process may have migrated while we waited for it.
        version = _version(database)
        if version > len(migrations):
            raise StoreError(f"{database.path} was written by a newer Earmark; update this one to use it")
        for script in migrations[version:]:
            for statement in _statements(script):
                database.execute(statement)
        database.execute(f"PRAGMA user_version = {len(migrations)}")


def _version(database: Database) -> int:
    return int(database.execute("PRAGMA user_version")[0][0])


def _statements(script: str) -> Iterator[str]:
    """The statements of a script, one by one: ``executescript`` would commit the transaction around it."""
    statement = ""
    for piece in script.split(";"):
        statement += piece + ";"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """The boundary: SQLite's complaints about the world become ``StoreError``."""
    try:
        yield
    except sqlite3.Error as error:
        sentence = _SENTENCES.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        if sentence is None:
            raise
        raise StoreError(f"{path} {sentence} ({error})") from error
