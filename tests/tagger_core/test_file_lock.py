"""The lock that ends with its holder, here and, played by a fake, on Windows."""

import errno
import importlib.util
import os
import sys
from pathlib import Path

import pytest

from tagger_core import file_lock


class FakeMsvcrt:
    """Locks the byte at which a file's descriptor stands, for whoever comes first."""

    LK_NBLCK = 2

    def __init__(self) -> None:
        self.locked: list[int] = []

    def locking(self, descriptor: int, mode: int, length: int) -> None:
        assert (mode, length) == (self.LK_NBLCK, 1)
        byte = os.lseek(descriptor, 0, os.SEEK_CUR)
        if byte in self.locked:
            raise OSError(errno.EACCES, "Permission denied")
        self.locked.append(byte)


def test_one_at_a_time_until_it_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with path.open("w+b") as first, path.open("r+b") as second:
        assert file_lock.try_lock(first)
        assert not file_lock.try_lock(second)
        first.close()
        assert file_lock.try_lock(second)


@pytest.mark.parametrize("buffering", [0, -1])
def test_on_windows_a_byte_is_locked_that_no_file_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, buffering: int
) -> None:
    fake = FakeMsvcrt()
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "msvcrt", fake)
    spec = importlib.util.spec_from_file_location("file_lock_of_windows", file_lock.__file__)
    assert spec
    assert spec.loader
    windows = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(windows)
    path = tmp_path / "lock"
    with path.open("w+b", buffering=buffering) as first, path.open("r+b", buffering=buffering) as second:
        first.write(b"12345")
        assert windows.try_lock(first)
        assert fake.locked == [1 << 30]
        assert not windows.try_lock(second)
        first.write(b"6")
        first.flush()
        assert second.read() == b"123456", "the position is what it was"
