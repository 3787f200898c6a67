"""What goes with a file into its new version, here and, played by a fake, on macOS."""

import ctypes
import os
import stat
import sys
from pathlib import Path

import pytest

from tagger_core.file_metadata import copy_metadata


def two_files(tmp_path: Path) -> tuple[Path, Path]:
    source, target = tmp_path / "old", tmp_path / "new"
    source.touch()
    target.touch()
    return source, target


def test_mode_times_and_attributes_are_copied(tmp_path: Path) -> None:
    source, target = two_files(tmp_path)
    source.chmod(0o640)
    os.utime(source, ns=(1, 1_500_000_000_000_000_001))
    copy_metadata(source, target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert target.stat().st_mtime_ns == 1_500_000_000_000_000_001


class FakeSystemLibrary:
    """``copyfile`` of macOS: remembers what it was asked for, or fails."""

    def __init__(self, error: int = 0) -> None:
        self.error = error
        self.calls: list[tuple[object, ...]] = []

    def copyfile(self, *arguments: object) -> int:
        self.calls.append(arguments)
        ctypes.set_errno(self.error)
        return -1 if self.error else 0


def test_on_macos_the_system_copies_attributes_and_access_lists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = two_files(tmp_path)
    library = FakeSystemLibrary()
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: library)
    source.chmod(0o640)
    copy_metadata(source, target)
    assert library.calls == [(os.fsencode(source), os.fsencode(target), None, 0b101)]
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_attributes_that_cannot_be_copied_are_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = two_files(tmp_path)
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: FakeSystemLibrary(28))
    with pytest.raises(OSError, match="No space left"):
        copy_metadata(source, target)
