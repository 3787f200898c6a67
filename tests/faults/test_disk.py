"""A disk that is full, read-only or shared with others: the file stays whole, and a person is told why."""

import multiprocessing
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tagger_core.errors import EarmarkError, StoreError, WriteRefusedError
from tagger_core.recovery import recover
from tagger_core.settings import Settings
from tagger_core.tag_files import read_fields
from tagger_core.tagging import RunWriter
from tagger_core.undo_journal import UndoJournal
from tests.faults.writing import check_after_fault, digest, files, plan, undo_all, write_all
from tests.music_files import KINDS, make, suffix

DISK_BYTES = 4 << 20


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 4 MiB."""
    place = tmp_path / "disk"
    place.mkdir()
    options = f"size={DISK_BYTES}"
    if (
        sys.platform != "linux"
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip("a small disk is a tmpfs, and mounting one needs Linux and root")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "data" / "journal.sqlite3"


def song(folder: Path, kind: str, seconds: float = 1.0) -> Path:
    folder.mkdir(exist_ok=True)
    return make(folder / f"song{suffix(kind)}", kind, seconds)


def new_digest(tmp_path: Path, path: Path) -> str:
    """What the file will be when it is written."""
    folder = tmp_path / "reference"
    folder.mkdir()
    copy = folder / path.name
    shutil.copyfile(path, copy)
    write_all(tmp_path / "reference.sqlite3", folder)
    return digest(copy)


def fill(disk: Path, leave: int) -> None:
    free = shutil.disk_usage(disk).free
    (disk / ".filler").write_bytes(bytes(max(0, free - leave)))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("foreseen", [True, False])
def test_a_full_disk_leaves_the_file(
    small_disk: Path, tmp_path: Path, journal: Path, kind: str, foreseen: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also if the room that was there when we looked is taken by somebody else meanwhile."""
    path = song(small_disk / "music", kind)
    old = digest(path)
    fill(small_disk, leave=path.stat().st_size // 2)
    if not foreseen:
        monkeypatch.setattr("tagger_core.tag_files.require_space", lambda path, size: None)
    with pytest.raises(WriteRefusedError, match="no room" if foreseen else "No space left on device"):
        write_all(journal, path.parent)
    assert check_after_fault(journal, path.parent, old, "") == set()
    (small_disk / ".filler").unlink()
    write_all(journal, path.parent)
    undo_all(journal, path.parent)
    assert digest(path) == old


def test_a_journal_on_a_full_disk_stops_the_writing_and_nothing_goes_unrecorded(
    small_disk: Path, tmp_path: Path
) -> None:
    folder, journal = tmp_path / "music", small_disk / "journal.sqlite3"
    path = song(folder, "mp3")
    old, new = digest(path), new_digest(tmp_path, path)
    UndoJournal(journal).close()
    fill(small_disk, leave=0)
    with pytest.raises(StoreError, match=r"journal\.sqlite3"):
        write_all(journal, folder)
    assert digest(path) == old
    (small_disk / ".filler").unlink()
    assert check_after_fault(journal, folder, old, new) == set()
    write_all(journal, folder)
    assert digest(path) == new


@pytest.mark.parametrize("kind", KINDS)
def test_a_read_only_disk_is_found_before_anything_is_written(small_disk: Path, journal: Path, kind: str) -> None:
    path = song(small_disk / "music", kind)
    old, wanted = digest(path), plan(path)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with RunWriter.open(journal, [path.parent], Settings()) as writer, pytest.raises(WriteRefusedError, match="protec"):
        writer.write(wanted)
    assert check_after_fault(journal, path.parent, old, "") == set()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write into every folder")
def test_a_read_only_folder_is_found_before_anything_is_written(tmp_path: Path, journal: Path) -> None:
    path = song(tmp_path / "music", "mp3")
    path.parent.chmod(0o555)
    with pytest.raises(WriteRefusedError, match="its folder is write-protected"):
        write_all(journal, path.parent)
    path.parent.chmod(0o755)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("moment", ["before the writing", "before the replacing"])
def test_a_file_replaced_by_another_program_is_left_to_it(
    tmp_path: Path, journal: Path, kind: str, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = song(tmp_path / "music", kind)
    wanted = plan(path)
    theirs = make(tmp_path / f"theirs{suffix(kind)}", kind, seconds=1.5)
    content = theirs.read_bytes()
    prepare = UndoJournal.prepare

    def interfering(*arguments: object) -> int:
        theirs.replace(path)
        return prepare(*arguments)  # type: ignore[arg-type]

    if moment == "before the replacing":
        monkeypatch.setattr(UndoJournal, "prepare", interfering)
    else:
        theirs.replace(path)
    with (
        RunWriter.open(journal, [path.parent], Settings()) as writer,
        pytest.raises(WriteRefusedError, match="changed by another program"),
    ):
        writer.write(wanted)
    assert path.read_bytes() == content
    assert files(path.parent) == list(path.parent.iterdir())
    with UndoJournal(journal) as opened:
        assert recover(opened) == []
        assert not any(opened.to_undo(run.id) for run in opened.runs())


def _write_again_and_again(journal: Path, folder: Path, genre: str) -> None:
    with RunWriter.open(journal, [folder], Settings()) as writer:
        for _ in range(3):
            for path in files(folder):
                try:
                    writer.write(plan(path, {"GENRE": (genre,)}))
                except WriteRefusedError:  # the other one was faster
                    continue


@pytest.mark.skipif(os.name == "nt", reason="a file that another process has open cannot be replaced there")
@pytest.mark.parametrize("kind", ["mp3", "flac", "m4a-aac", "opus"])
def test_two_processes_with_journals_of_their_own_in_one_folder(tmp_path: Path, kind: str) -> None:
    """Two people, or two machines, at one disk: each file is one's or the other's, whole."""
    folder = tmp_path / "music"
    first = song(folder, kind)
    for number in range(4):
        shutil.copy2(first, folder / f"{number}{suffix(kind)}")
    states = {genre: _with_genre(tmp_path, first, genre) for genre in ("Mine", "Yours")}
    context = multiprocessing.get_context("forkserver")
    processes = [
        context.Process(target=_write_again_and_again, args=(tmp_path / genre / "journal.sqlite3", folder, genre))
        for genre in states
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        assert process.exitcode == 0
    assert {digest(path) for path in files(folder)} <= set(states.values())
    assert files(folder) == sorted(folder.iterdir()), "a temporary was left"


def _with_genre(tmp_path: Path, path: Path, genre: str) -> str:
    folder = tmp_path / f"reference {genre}"
    folder.mkdir()
    copy = folder / path.name
    shutil.copyfile(path, copy)
    with RunWriter.open(tmp_path / f"{genre}.sqlite3", [folder], Settings()) as writer:
        writer.write(plan(copy, {"GENRE": (genre,)}))
    assert read_fields(copy).values["GENRE"] == (genre,)  # type: ignore[index]
    return digest(copy)


def test_a_second_process_with_the_same_journal_is_told_and_writes_nothing(tmp_path: Path, journal: Path) -> None:
    path = song(tmp_path / "music", "mp3")
    old = digest(path)
    with RunWriter.open(journal, [path.parent], Settings()):
        context = multiprocessing.get_context("forkserver")
        theirs, ours = context.Pipe()
        process = context.Process(target=_told_about, args=(ours, journal, path.parent))
        process.start()
        told = theirs.recv()
        process.join()
    assert "another Earmark" in told
    assert digest(path) == old


def _told_about(connection: "multiprocessing.connection.Connection", journal: Path, folder: Path) -> None:
    try:
        write_all(journal, folder)
        connection.send("")
    except EarmarkError as error:
        connection.send(str(error))


@pytest.mark.parametrize("damage", ["text", "zeros", "cut"])
def test_a_damaged_journal_stops_the_writing(tmp_path: Path, journal: Path, damage: str) -> None:
    path = song(tmp_path / "music", "mp3")
    write_all(journal, path.parent)
    undo_all(journal, path.parent)
    old, content = digest(path), journal.read_bytes()
    damaged = {"text": b"no database" * 1000, "zeros": content[:4096] + bytes(len(content)), "cut": content[:5000]}
    journal.write_bytes(damaged[damage])
    with pytest.raises(StoreError, match="damaged"):
        write_all(journal, path.parent)
    assert digest(path) == old
    assert journal.stat().st_size >= len(damaged[damage]), "a damaged journal must be left for a rescue"
