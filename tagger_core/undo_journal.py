"""The journal of everything Earmark writes into music files, kept so that it can be taken back.

Conventions
-----------
``journal_entries`` has the words. An entry is committed to the disk before its file is replaced, and settled after.
Paths are stored as ``os.fsencode`` gives them, so every file name survives. An undo is a run like any other,
whose entries know which ones they take back: nothing about it forbids taking back an undo.
One process writes at a time; it holds a lock file beside the database.

What was written is remembered for ever; the bytes that restore a file are large, and the oldest of them are
forgotten above a limit (``compact``). The fields of such a file can still be taken back.

Contents
--------
``UndoJournal``; ``Run``, ``RunKind``, ``RunState``, ``Entry``, ``EntryState`` of ``journal_entries``
"""

import os
import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO

import msgspec

from tagger_core.database import Database, open_database
from tagger_core.domain import FileChange, Fingerprint
from tagger_core.errors import StoreError
from tagger_core.file_lock import try_lock
from tagger_core.file_paths import known_as
from tagger_core.journal_entries import (
    MIGRATIONS,
    Entry,
    EntryState,
    Run,
    RunKind,
    RunState,
    entry_of,
    fields_of,
    fingerprint_of,
    run_of,
)

__all__ = ["Entry", "EntryState", "Run", "RunKind", "RunState", "UndoJournal"]

_UNDOABLE = "('written', 'partly undone', 'unknown')"


class UndoJournal:
    """The open journal; a context manager that closes it. All methods raise ``StoreError``."""

    def __init__(self, path: Path) -> None:
        self._database: Database = open_database(path, MIGRATIONS, durable=True)
        self._lock_path = path.with_name(path.name + ".lock")
        self._lock: IO[bytes] | None = None

    def claim(self) -> None:
        """Become the one process that writes, until ``close``; needed for everything that changes the journal."""
        if self._lock is not None:
            return
        try:
            self._lock = _locked(self._lock_path)
        except OSError as error:
            raise StoreError(
                f"{self._lock_path} cannot be written ({error.strerror}); look at the folder and the disk"
            ) from error

    def begin_run(
        self, kind: RunKind, folders: Sequence[Path], undoes: int | None = None, *, whole: bool = True
    ) -> int:
        """Open a run and return its number. ``whole`` is False for an undo of some files or fields only."""
        self.claim()
        joined = b"\0".join(os.fsencode(folder) for folder in folders)
        rows = self._database.execute(
            "INSERT INTO run (kind, folders, started, undoes, whole) VALUES (?, ?, ?, ?, ?) RETURNING id",
            (kind, joined, _told(datetime.now(UTC)), undoes, whole),
        )
        return int(rows[0][0])

    def end_run(self, run: int, state: RunState) -> None:
        """Close a run; a run without any entry is forgotten, unless it is the undo of a whole run."""
        with self._database.transaction():
            self._database.execute(
                "UPDATE run SET state = ?, finished = ? WHERE id = ?", (state, _told(datetime.now(UTC)), run)
            )
            self._database.execute(
                "DELETE FROM run WHERE id = ? AND (kind = 'write' OR NOT whole)"
                " AND NOT EXISTS (SELECT 1 FROM entry WHERE entry.run = run.id)",
                (run,),
            )

    def prepare(self, run: int, change: FileChange, undoes: int | None = None) -> int:
        """Record, on the disk, what is about to happen to a file; returns the entry's number."""
        with self._database.transaction():
            ((number,),) = self._database.execute(
                "INSERT INTO entry (run, state, undoes, path, edits, taken_back, old, new,"
                " payload_sha256, old_mtime_ns) VALUES (?, 'prepared', ?, ?, ?, '[]', ?, ?, ?, ?) RETURNING id",
                (
                    run,
                    undoes,
                    os.fsencode(change.path),
                    msgspec.json.encode(change.edits),
                    msgspec.msgpack.encode(change.old),
                    msgspec.msgpack.encode(change.new),
                    change.payload_sha256,
                    change.old_mtime_ns,
                ),
            )
            parts = zlib.compress(msgspec.msgpack.encode(change.restore), level=1)
            self._database.execute("INSERT INTO recipe (entry, parts) VALUES (?, ?)", (number, parts))
        return int(number)

    def settle(self, entry: int, state: EntryState) -> None:
        """Set what became of a prepared entry. One that takes back another, once written, changes the other's state.

        After a power cut the entry may be ``prepared`` again; recovery looks at the file and settles it once more.
        """
        with self._database.transaction(flushed=False):
            rows = self._database.execute(
                "UPDATE entry SET state = ? WHERE id = ? RETURNING undoes, edits", (state, entry)
            )
            if state is EntryState.WRITTEN:
                undoes, edits = rows[0]
                self._mark(undoes, fields_of(edits), taken_back=True)

    def mark_taken_back(self, entry: int, fields: Collection[str]) -> None:
        """These fields of an entry's file hold again what they held before it, by whatever hand."""
        with self._database.transaction():
            self._mark(entry, fields, taken_back=True)

    def to_undo(self, run: int, paths: Collection[Path] = ()) -> dict[int, Path]:
        """A run's entries (of these paths only, if any are given) that were, or may have been, written.

        Number -> path; the latest first, as undoing wants it.
        """
        rows = self._database.execute(
            f"SELECT id, path FROM entry WHERE run = ? AND state IN {_UNDOABLE} ORDER BY id DESC", (run,)
        )
        found = {number: Path(os.fsdecode(path)) for number, path in rows}
        return {number: path for number, path in found.items() if not paths or path in paths}

    def unsettled(self) -> list[int]:
        """Numbers of the entries that a killed process left ``prepared``."""
        return self._numbers("SELECT id FROM entry WHERE state = 'prepared' ORDER BY id", ())

    def of_run(self, run: int) -> list[int]:
        """Numbers of all entries of a run, in the order in which they were made."""
        return self._numbers("SELECT id FROM entry WHERE run = ? ORDER BY id", (run,))

    def of_file(self, path: Path, payload_sha256: bytes) -> list[int]:
        """Numbers of all entries of a path, and of files with this audio elsewhere; latest first."""
        return self._numbers(
            "SELECT id FROM entry WHERE path = ? OR payload_sha256 = ? ORDER BY id DESC",
            (os.fsencode(path), payload_sha256),
        )

    def later_writes(self, entry: Entry) -> list[tuple[int, Fingerprint]]:
        """The runs that wrote its file again after this entry, and what each made of it; the latest first."""
        rows = self._database.execute(
            "SELECT run, new FROM entry WHERE path = ? AND id > ? AND state != 'aborted' ORDER BY id DESC",
            (os.fsencode(entry.change.path), entry.id),
        )
        with self._told(entry.change.path):
            return [(run, fingerprint_of(new)) for run, new in rows]

    def paths(self) -> list[Path]:
        """All paths that were ever written."""
        return [Path(os.fsdecode(path)) for (path,) in self._database.execute("SELECT DISTINCT path FROM entry")]

    def known_as(self, path: Path) -> Path:
        """The path under which a file was written, though it may be spelled otherwise; else the resolved path."""
        resolved = path.resolve()
        if self._numbers("SELECT id FROM entry WHERE path = ? LIMIT 1", (os.fsencode(resolved),)):
            return resolved
        return known_as(path, self.paths())

    def entry(self, number: int) -> Entry:
        (row,) = self._database.execute(
            "SELECT id, run, state, undoes, path, edits, old, new, payload_sha256, old_mtime_ns,"
            " parts FROM entry LEFT JOIN recipe ON recipe.entry = entry.id WHERE id = ?",
            (number,),
        )
        with self._told(Path(os.fsdecode(row[4]))):
            return entry_of(row)

    def runs(self) -> list[Run]:
        """All runs, the latest first."""
        rows = self._database.execute(
            "SELECT run.id, kind, run.state, folders, started, finished, run.undoes,"
            " total(entry.state IN ('written', 'partly undone')), total(entry.state = 'undone'),"
            " total(entry.state = 'unknown'), total(entry.state NOT IN ('prepared', 'aborted') AND parts IS NULL)"
            " FROM run LEFT JOIN entry ON entry.run = run.id LEFT JOIN recipe ON recipe.entry = entry.id"
            " GROUP BY run.id ORDER BY run.id DESC"
        )
        return [run_of(row) for row in rows]

    def last_undoable(self, path: Path | None = None) -> int | None:
        """The last run that wrote something (or this file) and was not taken back, as far as that was possible."""
        rows = self._database.execute(
            "SELECT id, kind, state = 'finished' AND whole, undoes, EXISTS (SELECT 1 FROM entry WHERE run = run.id"
            f" AND entry.state IN ('written', 'partly undone'){' AND path = ?' if path else ''})"
            " FROM run ORDER BY id DESC",
            (os.fsencode(path),) if path else (),
        )
        taken_back = set()
        for run, kind, complete, undoes, wrote in rows:  # later ones first: an undo may itself be taken back
            if run in taken_back:
                continue
            if complete:
                taken_back.add(undoes)
            if kind == "write" and wrote:
                return int(run)
        return None

    def compact(self, limit: int, keep_since: datetime) -> int:
        """If the journal has more than ``limit`` bytes, forget the oldest of those that restore files.

        It shrinks to nine tenths, so that not every run from then on has to do it. The bytes of runs begun since
        ``keep_since`` are kept in any case. Returns how many files have lost theirs.
        """
        ((size,),) = self._database.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        if size <= limit:
            return 0
        excess = size - limit * 9 // 10
        forgotten = []
        rows = self._database.execute(
            "SELECT entry.id, length(parts) FROM recipe JOIN entry ON entry.id = entry JOIN run ON run.id = entry.run"
            " WHERE started < ? ORDER BY entry.id",
            (_told(keep_since),),
        )
        for number, length in rows:
            if excess <= 0:
                break
            forgotten.append((number,))
            excess -= length
        self._database.executemany("DELETE FROM recipe WHERE entry = ?", forgotten)
        return len(forgotten)

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

    @contextmanager
    def _told(self, path: Path) -> Iterator[None]:
        """What cannot be taken apart in the record of a file becomes ``StoreError``."""
        try:
            yield
        except (zlib.error, msgspec.DecodeError, ValueError) as error:
            file = f"{self._database.path} is damaged: its record of {path}"
            raise StoreError(f"{file} cannot be read; put back a backup of the journal") from error

    def _mark(self, number: int | None, fields: Collection[str], *, taken_back: bool) -> None:
        """Note fields of an entry as taken back or written again, and the contrary for what the entry took back."""
        while number is not None:
            ((undoes, edits, before),) = self._database.execute(
                "SELECT undoes, edits, taken_back FROM entry WHERE id = ?", (number,)
            )
            own, back = fields_of(edits), set(msgspec.json.decode(before, type=list[str]))
            back = own & (back | set(fields) if taken_back else back - set(fields))
            state = EntryState.UNDONE if back == own else EntryState.PARTLY_UNDONE if back else EntryState.WRITTEN
            self._database.execute(
                "UPDATE entry SET state = ?, taken_back = ? WHERE id = ?",
                (state, msgspec.json.encode(sorted(back)), number),
            )
            number, taken_back = undoes, not taken_back

    def _numbers(self, sql: str, parameters: Sequence[object]) -> list[int]:
        return [number for (number,) in self._database.execute(sql, parameters)]


def _locked(path: Path) -> IO[bytes]:
    """The lock file, locked and holding our process number. Raises ``OSError``, ``StoreError``: another has it."""
    with ExitStack() as unless_locked:
        lock = unless_locked.enter_context(path.open("a+b", buffering=0))
        if not try_lock(lock):
            lock.seek(0)
            holder = lock.read().decode("ascii", "replace")
            raise StoreError(f"another Earmark (process {holder}) is writing tags now; try again when it is done")
        lock.truncate(0)
        lock.write(str(os.getpid()).encode())
        unless_locked.pop_all()
        return lock


def _told(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="seconds")
