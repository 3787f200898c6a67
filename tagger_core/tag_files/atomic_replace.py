"""Replacing a file by a new content in one step: whatever happens, it is the old file or the new one.

Conventions
-----------
The new content is prepared in a temporary file in the same folder, with a short random name. The temporary is
locked while we live, so that a later start tells the leavings of a killed process from another's work.
All errors of the file system come out as ``WriteRefusedError``; until ``Replacement.commit`` has replaced
the file, it is exactly as it was.

Contents
--------
``replacement``, ``Replacement``, ``require_replaceable``, ``require_space``, ``room_in``, ``protection``,
``sweep_temporaries``
"""

import os
import re
import secrets
import shutil
import stat
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from tagger_core.domain import FileStamp
from tagger_core.errors import WriteRefusedError
from tagger_core.file_lock import try_lock
from tagger_core.file_metadata import copy_metadata

_TEMPORARY_NAME = re.compile(r"\.earmark-[0-9a-f]{8}\.tmp")

_SHARING_VIOLATIONS = (5, 32)
"""Windows: "access denied" and "used by another process", while a player or a virus scanner reads the file."""
_SHARING_RETRY_SECONDS = 2.5
_SHARING_RETRY_PAUSE = 0.05

_WRITE_BACK_BYTES = 4 << 20
"""So much is written at a time before the disk is told to begin with it."""


class Replacement:
    """A new content in the making: ``fill``, then ``seal``, then ``commit``."""

    def __init__(self, path: Path, stamp: FileStamp, allow_hard_links: bool) -> None:
        self.path = path
        self._stamp = stamp
        self._allow_hard_links = allow_hard_links
        self._status = _checked_status(path, stamp, allow_hard_links)
        self.mtime_ns = self._status.st_mtime_ns
        """Of the old file."""
        self.temporary_path = path.with_name(f".earmark-{secrets.token_hex(4)}.tmp")
        self.source: BinaryIO = path.open("rb")
        try:
            # "x": must not exist. Until it has the old file's mode, nobody else may read it.
            self.temporary: BinaryIO = open(  # noqa: SIM115
                self.temporary_path, "x+b", opener=lambda name, flags: os.open(name, flags, 0o600)
            )
        except OSError:
            self.source.close()
            raise
        try_lock(self.temporary)

    def fill(self, blocks: Iterable[bytes]) -> None:
        """Write the new content into the temporary. The disk takes the first of it while the rest is copied.

        Sharing blocks with the old file (reflinks, ``copy_file_range``) was measured to save nothing on ext4, and where
        it would, what follows a tag that grew seldom begins at a multiple of a block, as it must.
        """
        begun = written = 0
        for block in blocks:
            written += self.temporary.write(block)
            if written - begun >= _WRITE_BACK_BYTES:
                _begin_write_back(self.temporary, begun, written - begun)
                begun = written
        self.temporary.flush()

    def seal(self, mtime_ns: int | None) -> None:
        """Give the temporary the old file's owner, mode and extended attributes, and put it on the disk.

        ``mtime_ns``: the time of modification to set, ``None`` for now.
        """
        self.temporary.flush()
        self._copy_owner()
        copy_metadata(self.path, self.temporary_path)
        os.utime(self.temporary_path, ns=(self._status.st_atime_ns, time.time_ns() if mtime_ns is None else mtime_ns))
        os.fsync(self.temporary.fileno())

    def commit(self) -> tuple[str, ...]:
        """Put the sealed temporary in the file's place; returns warnings. Raises ``WriteRefusedError``."""
        with _told(self.path):
            _checked_status(self.path, self._stamp, self._allow_hard_links)
            self.close()  # Windows replaces no open file
            _replace(self.temporary_path, self.path)
        try:
            _sync_folder(self.path.parent)
        except OSError as error:
            return (f"written, but the folder could not be flushed to the disk ({error.strerror})",)
        return ()

    def close(self) -> None:
        self.source.close()
        self.temporary.close()

    def discard(self) -> None:
        """Close, and remove the temporary if it is still there."""
        with suppress(OSError):  # what the disk says about a file that is to go
            self.close()
        with suppress(OSError):  # a later start sweeps it
            self.temporary_path.unlink(missing_ok=True)

    def _copy_owner(self) -> None:
        mine = os.fstat(self.temporary.fileno())
        if (mine.st_uid, mine.st_gid) == (self._status.st_uid, self._status.st_gid):
            return
        try:
            os.chown(self.temporary_path, self._status.st_uid, self._status.st_gid)
        except PermissionError:
            raise WriteRefusedError(
                self.path, "it belongs to another user or group, which writing it would change"
            ) from None


@contextmanager
def replacement(path: Path, stamp: FileStamp, *, allow_hard_links: bool) -> Iterator[Replacement]:
    """Begin to replace the file at ``path`` (resolved); leaving the block without a commit changes nothing.

    ``stamp`` is the file as it was when the change was decided on. Raises ``WriteRefusedError`` if it is not
    the same any more, is not a writable regular file, or has further hard links that are not allowed.
    """
    with _told(path):
        new = Replacement(path, stamp, allow_hard_links)
        try:
            yield new
        finally:
            new.discard()


def require_replaceable(path: Path, stamp: FileStamp, *, allow_hard_links: bool) -> None:
    """Raise ``WriteRefusedError`` where ``replacement`` would."""
    with _told(path):
        _checked_status(path, stamp, allow_hard_links)


def require_space(path: Path, size: int) -> None:
    """Raise ``WriteRefusedError`` unless the disk has room for ``size`` bytes beside the file."""
    with _told(path):
        if shutil.disk_usage(path.parent).free < size:
            raise WriteRefusedError(path, "the disk has no room for a second copy of the file")


def protection(path: Path, status: os.stat_result) -> str | None:
    """Why a file (resolved) may not be written, ``None`` if it may. Raises ``OSError``."""
    # A replace asks for the folder's permission only, and root may do anything: respect a write-protected file.
    if not status.st_mode & 0o222 or not os.access(path, os.W_OK):
        return "it is write-protected; make it writable first"
    if not _may_change(path.parent):
        return "its folder is write-protected; make it writable first"
    return None


def room_in(folder: Path) -> int:
    """Bytes that the disk has room for there; none where nothing may be written, or nothing is known."""
    try:
        return shutil.disk_usage(folder).free if _may_change(folder) else 0
    except OSError:
        return 0


def _may_change(folder: Path) -> bool:
    return os.access(folder, os.W_OK | os.X_OK)


def sweep_temporaries(folder: Path) -> int:
    """Remove what a killed process left in a folder; returns how many. Never raises."""
    swept = 0
    with suppress(OSError):  # a folder that cannot be listed has nothing that we could remove
        names = [name for name in os.listdir(folder) if _TEMPORARY_NAME.fullmatch(name)]  # noqa: PTH208
        for name in names:
            swept += _swept(folder / name)
    return swept


def _swept(temporary: Path) -> bool:
    try:
        with temporary.open("r+b") as file:
            if not try_lock(file):
                return False
        temporary.unlink()
    except OSError:
        return False
    return True


def _checked_status(path: Path, stamp: FileStamp, allow_hard_links: bool) -> os.stat_result:
    try:
        status = os.lstat(path)
    except FileNotFoundError:
        raise WriteRefusedError(path, "it was moved or deleted; scan the folder again") from None
    if not stat.S_ISREG(status.st_mode):
        raise WriteRefusedError(path, "it is not a regular file")
    if FileStamp.of(status) != stamp:
        raise WriteRefusedError(path, "it was changed by another program since it was analysed; scan it again")
    if status.st_nlink > 1 and not allow_hard_links:
        raise WriteRefusedError(path, "it has hard links, which writing it would separate from each other")
    if reason := protection(path, status):
        raise WriteRefusedError(path, reason)
    return status


def _begin_write_back(file: BinaryIO, offset: int, length: int) -> None:
    """Ask the system to put a part of a file on the disk soon; a hint, which need not be followed."""
    if sys.platform == "linux":  # where this advice begins to write what has not been written yet
        with suppress(OSError):
            os.posix_fadvise(file.fileno(), offset, length, os.POSIX_FADV_DONTNEED)


def _replace(temporary: Path, path: Path) -> None:
    deadline = time.monotonic() + _SHARING_RETRY_SECONDS
    while True:
        try:
            os.replace(temporary, path)  # noqa: PTH105
        except PermissionError as error:
            if getattr(error, "winerror", None) not in _SHARING_VIOLATIONS or time.monotonic() > deadline:
                raise
            time.sleep(_SHARING_RETRY_PAUSE)
        else:
            return


def _sync_folder(folder: Path) -> None:
    """Make a rename survive a power cut; Windows cannot open a folder, and does it by itself."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """The boundary: what the file system refuses becomes ``WriteRefusedError``."""
    try:
        yield
    except OSError as error:
        raise WriteRefusedError(path, f"it could not be written ({error.strerror}); it is unchanged") from error
