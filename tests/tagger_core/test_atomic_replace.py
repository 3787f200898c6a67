"""Replacing a file: the old one or the new one, whatever fails; never a temporary left."""

import errno
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tagger_core.domain import FileStamp
from tagger_core.errors import WriteRefusedError
from tagger_core.tag_files import atomic_replace
from tagger_core.tag_files.atomic_replace import replacement, require_space, sweep_temporaries


@pytest.fixture
def song(tmp_path: Path) -> Path:
    path = tmp_path / "song.mp3"
    path.write_bytes(b"old")
    os.utime(path, ns=(1, 1_500_000_000_000_000_001))
    return path


def stamp(path: Path) -> FileStamp:
    return FileStamp.of(path.stat())


def put(
    path: Path, before_commit: Callable[[], object] = lambda: None, *, mtime_ns: int | None = None, links: bool = False
) -> tuple[str, ...]:
    with replacement(path, stamp(path), allow_hard_links=links) as new:
        require_space(path, 3)
        new.fill([b"n", b"ew"])
        new.seal(mtime_ns)
        before_commit()
        return new.commit()


def alone(path: Path) -> bool:
    return list(path.parent.iterdir()) == [path]


def test_replaces_and_keeps_mode_and_attributes(song: Path) -> None:
    song.chmod(0o640)
    try:
        os.setxattr(song, "user.mine", b"kept")
        keeps_attributes = True
    except (OSError, AttributeError):
        keeps_attributes = False
    assert put(song) == ()
    assert song.read_bytes() == b"new"
    assert stat.S_IMODE(song.stat().st_mode) == 0o640
    assert song.stat().st_mtime_ns > 1_600_000_000_000_000_000
    assert not keeps_attributes or os.getxattr(song, "user.mine") == b"kept"
    assert alone(song)


def test_keeps_the_owner(song: Path) -> None:
    try:
        os.chown(song, 12_345, 23_456)
    except (PermissionError, AttributeError):
        pytest.skip("only root may give files away")
    put(song)
    assert (song.stat().st_uid, song.stat().st_gid) == (12_345, 23_456)


def test_an_owner_that_cannot_be_kept_is_a_refusal(song: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object) -> None:
        raise PermissionError(errno.EPERM, "not permitted")

    status = song.stat()
    other = os.stat_result((*status[:4], status.st_uid + 1, *status[5:]))
    monkeypatch.setattr(atomic_replace.os, "chown", forbidden)
    monkeypatch.setattr(atomic_replace.os, "fstat", lambda _: other)
    with pytest.raises(WriteRefusedError, match="belongs to another user"):
        put(song)
    assert alone(song)


def test_sets_the_time_of_modification_to_the_nanosecond(song: Path) -> None:
    put(song, mtime_ns=1_500_000_000_000_000_001)
    assert song.stat().st_mtime_ns == 1_500_000_000_000_000_001


def test_without_a_commit_nothing_happens(song: Path) -> None:
    before = stamp(song)
    with replacement(song, before, allow_hard_links=False) as new:
        new.temporary.write(b"new")
    assert (song.read_bytes(), stamp(song)) == (b"old", before)
    assert alone(song)


def test_a_name_of_255_bytes(tmp_path: Path) -> None:
    path = tmp_path / ("é" * 125 + "x.mp3")
    path.write_bytes(b"old")
    put(path)
    assert path.read_bytes() == b"new"


def test_refuses_what_was_changed_or_is_gone(song: Path) -> None:
    seen = stamp(song)
    song.write_bytes(b"newer")
    with pytest.raises(WriteRefusedError, match="changed by another program"):
        replacement(song, seen, allow_hard_links=False).__enter__()
    song.unlink()
    with pytest.raises(WriteRefusedError, match="moved or deleted"):
        replacement(song, seen, allow_hard_links=False).__enter__()


@pytest.mark.parametrize("same_size", [True, False])
def test_refuses_what_is_changed_while_we_prepare(song: Path, same_size: bool) -> None:
    theirs = b"its" if same_size else b"theirs"

    def replace_by_another_file() -> None:
        other = song.with_name("other")
        other.write_bytes(theirs)
        shutil.copystat(song, other)
        other.replace(song)

    with pytest.raises(WriteRefusedError, match="changed by another program"):
        put(song, replace_by_another_file)
    assert song.read_bytes() == theirs
    with pytest.raises(WriteRefusedError, match="moved or deleted"):
        put(song, song.unlink)
    assert list(song.parent.iterdir()) == []


def test_refuses_hard_links_unless_allowed(song: Path) -> None:
    twin = song.with_name("twin.mp3")
    os.link(song, twin)
    with pytest.raises(WriteRefusedError, match="hard links"):
        put(song)
    put(song, links=True)
    assert (song.read_bytes(), twin.read_bytes()) == (b"new", b"old")


def test_refuses_what_is_not_a_regular_file(song: Path) -> None:
    link = song.with_name("link.mp3")
    link.symlink_to(song)
    with pytest.raises(WriteRefusedError, match="not a regular file"):
        put(link)


def test_refuses_a_write_protected_file_even_for_root(song: Path) -> None:
    song.chmod(0o444)
    with pytest.raises(WriteRefusedError, match="it is write-protected"):
        put(song)
    assert song.read_bytes() == b"old"


def test_refuses_a_write_protected_folder(song: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atomic_replace.os, "access", lambda path, mode: path != song.parent)
    with pytest.raises(WriteRefusedError, match="its folder is write-protected"):
        put(song)


def test_refuses_when_the_disk_has_no_room(song: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atomic_replace.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(100, 98, 2))
    with pytest.raises(WriteRefusedError, match="no room"):
        put(song)
    assert alone(song)


def failing(module: Any, name: str, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    real = dict.fromkeys(range(1, 10), getattr(module, name))
    calls = iter(range(1, 10))

    def fails_once(*arguments: Any, **options: Any) -> Any:
        call = next(calls)
        if call == number:
            raise OSError(errno.EIO, "Input/output error")
        return real[call](*arguments, **options)

    monkeypatch.setattr(module, name, fails_once)


@pytest.mark.parametrize(
    ("module", "name", "number"),
    [
        (os, "lstat", 1),
        (os, "open", 1),
        (shutil, "disk_usage", 1),
        (shutil, "copystat", 1),
        (os, "utime", 1),
        (os, "fsync", 1),
        (os, "lstat", 2),
        (os, "replace", 1),
    ],
)
def test_any_failing_step_leaves_the_old_file(
    song: Path, module: Any, name: str, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stamp(song)
    with monkeypatch.context() as patched:
        failing(module, name, number, patched)
        with pytest.raises(WriteRefusedError, match="Input/output error"):
            put(song)
    assert (song.read_bytes(), stamp(song)) == (b"old", before)
    assert alone(song)


def test_a_folder_that_cannot_be_flushed_is_a_warning_since_the_file_is_written(
    song: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(os, "fsync", 2, monkeypatch)
    (warning,) = put(song)
    assert "folder could not be flushed" in warning
    assert song.read_bytes() == b"new"


def test_a_sharing_violation_is_tried_again(song: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, answers = os.replace, [32, 5]

    def busy(source: Path, target: Path) -> None:
        if answers:
            error = PermissionError(errno.EACCES, "in use")
            error.winerror = answers.pop()
            raise error
        real(source, target)

    monkeypatch.setattr(atomic_replace.os, "replace", busy)
    monkeypatch.setattr(atomic_replace, "_SHARING_RETRY_PAUSE", 0.0)
    put(song)
    assert song.read_bytes() == b"new"


def test_sweeps_dead_temporaries_only(song: Path) -> None:
    dead = song.with_name(".earmark-0123abcd.tmp")
    dead.write_bytes(b"half")
    for name in (".earmark-not-ours.tmp", "earmark-0123abcd.tmp", ".earmark-0123abcd.tmp.mp3"):
        song.with_name(name).touch()
    with replacement(song, stamp(song), allow_hard_links=False) as living:
        assert sweep_temporaries(song.parent) == 1
        assert living.temporary_path.exists()
    assert not dead.exists()
    assert len(list(song.parent.iterdir())) == 4
    assert sweep_temporaries(song.parent / "missing") == 0
