"""The database: migrations, all-or-nothing transactions, and clear sentences for what the world does wrong."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

import tagger_core.database as database_module
from tagger_core.database import Database, open_database
from tagger_core.errors import StoreError

FIRST = "CREATE TABLE note (text TEXT NOT NULL); INSERT INTO note VALUES ('a; b');"
SECOND = "ALTER TABLE note ADD COLUMN stars INTEGER NOT NULL DEFAULT 0;"


def notes(database: Database) -> list[str]:
    return [text for (text,) in database.execute("SELECT text FROM note ORDER BY rowid")]


def test_creates_the_folder_and_migrates_step_by_step(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "notes.sqlite3"
    with open_database(path, [FIRST], durable=False) as database:
        assert notes(database) == ["a; b"]
        assert database.execute("PRAGMA journal_mode") == [("wal",)]
    with open_database(path, [FIRST, SECOND], durable=True) as database:
        assert database.execute("SELECT text, stars FROM note") == [("a; b", 0)]
        assert database.execute("PRAGMA synchronous") == [(2,)]


def test_a_commit_that_may_be_lost_in_a_power_cut_makes_no_other_one_so(tmp_path: Path) -> None:
    with open_database(tmp_path / "a.sqlite3", ("CREATE TABLE t (n);",), durable=True) as database:
        with database.transaction(flushed=False):
            assert database.execute("PRAGMA synchronous") == [(1,)]
        assert database.execute("PRAGMA synchronous") == [(2,)]
        with pytest.raises(ZeroDivisionError), database.transaction(flushed=False):
            raise ZeroDivisionError
        assert database.execute("PRAGMA synchronous") == [(2,)]
    with open_database(tmp_path / "b.sqlite3", (), durable=False) as database, database.transaction():
        assert database.execute("PRAGMA synchronous") == [(1,)]


def test_a_failing_migration_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite3"
    with pytest.raises(sqlite3.OperationalError):
        open_database(path, [FIRST, "CREATE TABLE fine (x); CREATE TABLE note (again);"], durable=False)
    with open_database(path, [FIRST], durable=False) as database:
        assert notes(database) == ["a; b"]


def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite3"
    open_database(path, [FIRST, SECOND], durable=False).close()
    with pytest.raises(StoreError, match="newer Earmark"):
        open_database(path, [FIRST], durable=False)


def test_a_transaction_is_all_or_nothing(tmp_path: Path) -> None:
    with open_database(tmp_path / "notes.sqlite3", [FIRST], durable=False) as database:
        with pytest.raises(sqlite3.IntegrityError), database.transaction():
            database.executemany("INSERT INTO note VALUES (?)", [("lost",), (None,)])
        with database.transaction():
            database.execute("INSERT INTO note VALUES ('kept')")
            database.executemany("INSERT INTO note VALUES (?)", [("one",), ("two",)])
        with pytest.raises(sqlite3.IntegrityError):
            database.executemany("INSERT INTO note VALUES (?)", [("lost",), (None,)])
        assert notes(database) == ["a; b", "kept", "one", "two"]


def test_wrong_sql_is_a_bug_and_not_an_environment_error(tmp_path: Path) -> None:
    with (
        open_database(tmp_path / "notes.sqlite3", [FIRST], durable=False) as database,
        pytest.raises(sqlite3.OperationalError),
    ):
        database.execute("SELECT nonsense FROM nowhere")


def test_a_locked_database_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "BUSY_SECONDS", 0.05)
    path = tmp_path / "notes.sqlite3"
    with (
        open_database(path, [FIRST], durable=False) as holder,
        open_database(path, [FIRST], durable=False) as waiter,
        holder.transaction(),
        pytest.raises(StoreError, match=r"notes\.sqlite3 is locked by another program"),
    ):
        waiter.execute("INSERT INTO note VALUES ('x')")


@pytest.mark.parametrize("content", [b"this is not a database at all" * 100, b"SQLite format 3\0" + bytes(5000)])
def test_a_damaged_database_is_told_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.sqlite3"
    path.write_bytes(content)
    with pytest.raises(StoreError, match="is damaged"):
        open_database(path, [FIRST], durable=False)
    assert path.read_bytes() == content


def test_a_full_disk_is_told_and_rolled_back(tmp_path: Path) -> None:
    with open_database(tmp_path / "notes.sqlite3", [FIRST], durable=False) as database:
        pages = database.execute("PRAGMA page_count")[0][0]
        database.execute(f"PRAGMA max_page_count = {pages + 1}")
        with pytest.raises(StoreError, match="disk is full"), database.transaction():
            database.execute("INSERT INTO note VALUES (?)", ["x" * 100_000])
        assert notes(database) == ["a; b"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write read-only files")
def test_a_read_only_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite3"
    open_database(path, [FIRST], durable=False).close()
    path.chmod(0o444)
    with pytest.raises(StoreError, match="cannot be written"), open_database(path, [FIRST], durable=False) as database:
        database.execute("INSERT INTO note VALUES ('x')")


def test_a_read_only_connection_is_told(tmp_path: Path) -> None:
    with open_database(tmp_path / "notes.sqlite3", [FIRST], durable=False) as database:
        database.execute("PRAGMA query_only = ON")
        with pytest.raises(StoreError, match="cannot be written"):
            database.execute("INSERT INTO note VALUES ('x')")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="cannot be created"):
        open_database(tmp_path / "file" / "notes.sqlite3", [FIRST], durable=False)
    with pytest.raises(StoreError, match="cannot be opened"):
        open_database(tmp_path, [FIRST], durable=False)


def test_processes_that_start_together_migrate_once(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from tagger_core.database import open_database\n"
        f"database = open_database(Path(sys.argv[1]), [{FIRST!r}], durable=False)\n"
        "database.execute(\"INSERT INTO note VALUES ('mine')\")"
    )
    path = tmp_path / "notes.sqlite3"
    root = Path(database_module.__file__).parents[1]
    starts = [subprocess.Popen([sys.executable, "-c", program, str(path)], cwd=root) for _ in range(4)]
    assert [process.wait() for process in starts] == [0] * 4
    with open_database(path, [FIRST], durable=False) as database:
        assert notes(database) == ["a; b", *["mine"] * 4]
