"""Find the music files under some folders, lazily and in the order of their paths.

Conventions
-----------
Yielded paths are absolute. Music is told by the name's extension: opening 100,000 files to look inside would
take minutes, and the decoder looks inside anyway. A file that a person names outright is taken whatever it is called.

Names that begin with a dot are skipped: hidden folders, macOS resource forks (``._song.mp3``) and Earmark's own
temporary files (``.earmark-*.tmp``). Every file and folder is yielded and entered once, even if links, hard links or
overlapping folders lead to it twice; so loops of links end.

Contents
--------
``scan``, ``ScanProblem``, ``TrackList``, ``AUDIO_EXTENSIONS``
"""

import os
import stat
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tagger_core.domain import FileStamp, Track
from tagger_core.errors import FileError

# fmt: off
AUDIO_EXTENSIONS = frozenset({
    ".mp3", ".mp2", ".mp1", ".mpga", ".flac", ".ogg", ".oga", ".opus", ".spx", ".m4a", ".m4b", ".m4p", ".m4r", ".mp4",
    ".aac", ".wma", ".asf", ".wav", ".wave", ".w64", ".aif", ".aiff", ".aifc", ".caf", ".au", ".snd", ".ape", ".wv",
    ".tta", ".tak", ".mpc", ".mp+", ".dsf", ".dff", ".mka", ".weba", ".ac3", ".eac3", ".dts", ".amr", ".ra",
})
# fmt: on
"""Lower-case extensions of files that are probably music."""


@dataclass(frozen=True, slots=True)
class ScanProblem:
    """A place that could not be looked into; the scan goes on without it."""

    path: Path
    reason: str


class TrackList:
    """The tracks of a large library: about 150 bytes for each, where a ``Track`` takes 820 once its path was shown."""

    def __init__(self) -> None:
        self._folders: list[str] = []
        self._names: list[str] = []
        self._folder_of = array("L")
        self._numbers = array("q")
        """Size, mtime and ctime of one track after the other."""
        self._identities = array("Q")
        """Inode and device of each."""

    @classmethod
    def found_in(
        cls,
        roots: Iterable[Path],
        *,
        recursive: bool,
        follow_symlinks: bool,
        on_problem: Callable[[ScanProblem], None],
    ) -> "TrackList":
        """All that ``scan`` finds; ``on_problem`` is told what could not be looked into. Raises ``FileError``."""
        tracks = cls()
        for found in _walked(roots, recursive, follow_symlinks):
            if isinstance(found, ScanProblem):
                on_problem(found)
            else:
                tracks._append(*found)
        return tracks

    def _append(self, path: str, stamp: FileStamp) -> None:
        folder, name = os.path.split(path)
        if not self._folders or self._folders[-1] != folder:
            self._folders.append(folder)
        self._names.append(name)
        self._folder_of.append(len(self._folders) - 1)
        self._numbers.extend((stamp.size, stamp.mtime_ns, stamp.changed_ns))
        self._identities.extend((stamp.inode, stamp.device))

    def __len__(self) -> int:
        return len(self._names)

    def __iter__(self) -> Iterator[Track]:
        for at, name in enumerate(self._names):
            size, mtime_ns, changed_ns = self._numbers[3 * at : 3 * at + 3]
            inode, device = self._identities[2 * at : 2 * at + 2]
            path = Path(self._folders[self._folder_of[at]], name)
            yield Track(path, FileStamp(size, mtime_ns, inode, device, changed_ns))


def scan(
    roots: Iterable[Path], *, recursive: bool = True, follow_symlinks: bool = False
) -> Iterator[Track | ScanProblem]:
    """Find music in ``roots``, which are folders or files.

    ``follow_symlinks`` says what happens to links inside the folders; a root that is a link is always followed.
    A file reached by a link has the path of the real file, for that is the one that tags would be written to.
    Raises ``FileError`` at once if a root does not exist or cannot be reached.
    """
    found = _walked(roots, recursive, follow_symlinks)
    return (one if isinstance(one, ScanProblem) else Track(Path(one[0]), one[1]) for one in found)


_Found = tuple[str, FileStamp] | ScanProblem
"""Paths are texts: making a ``Path`` of each of 100,000 takes as long as finding it."""


def _walked(roots: Iterable[Path], recursive: bool, follow_symlinks: bool) -> Iterator[_Found]:
    starts = []
    for root in roots:
        start = os.path.abspath(root)  # noqa: PTH100 - resolve() would follow symbolic links
        try:
            os.stat(start)  # noqa: PTH116
        except FileNotFoundError:
            raise FileError(Path(start), "there is no such file or folder") from None
        except OSError as error:
            raise FileError(Path(start), _reason(error)) from error
        starts.append(_Place(start, is_link=os.path.islink(start), is_root=True))  # noqa: PTH114
    return _Walk(recursive, follow_symlinks).run(sorted(starts, key=lambda place: Path(place.path)))


@dataclass(frozen=True, slots=True)
class _Place:
    """Somewhere still to be looked at."""

    path: str
    is_link: bool
    is_root: bool = False


class _Walk:
    """One scan: its options, and what it has seen, by (device, inode)."""

    def __init__(self, recursive: bool, follow_symlinks: bool) -> None:
        self._recursive = recursive
        self._follow_symlinks = follow_symlinks
        self._seen: set[tuple[int, int]] = set()

    def run(self, starts: list[_Place]) -> Iterator[_Found]:
        waiting = starts[::-1]
        while waiting:
            place = waiting.pop()
            try:
                # Not DirEntry.stat(), which knows no inode on Windows.
                status = os.stat(place.path)  # noqa: PTH116
                path = os.path.realpath(place.path) if place.is_link else place.path
                if self._skips(place, path, status):
                    continue
                if stat.S_ISDIR(status.st_mode):
                    waiting += self._inside(path)
                else:
                    yield path, FileStamp.of(status)
            except OSError as error:
                yield ScanProblem(Path(place.path), _reason(error))

    def _skips(self, place: _Place, path: str, status: os.stat_result) -> bool:
        if stat.S_ISDIR(status.st_mode):
            wanted = self._recursive or place.is_root
        else:
            wanted = stat.S_ISREG(status.st_mode) and (place.is_root or _is_music(path))
        identity = (status.st_dev, status.st_ino)
        if not wanted or identity in self._seen:
            return True
        self._seen.add(identity)
        return False

    def _inside(self, folder: str) -> list[_Place]:
        """What may be of interest in a folder, last name first. Raises ``OSError``."""
        with os.scandir(folder) as entries:
            wanted = [entry for entry in entries if self._may_be_wanted(entry)]
        wanted.sort(key=lambda entry: entry.name, reverse=True)
        return [_Place(entry.path, entry.is_symlink()) for entry in wanted]

    def _may_be_wanted(self, entry: os.DirEntry[str]) -> bool:
        if entry.name.startswith("."):
            return False
        if entry.is_symlink():
            return self._follow_symlinks
        return _is_music(entry.name) or entry.is_dir(follow_symlinks=False)


def _is_music(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in AUDIO_EXTENSIONS  # noqa: PTH122


def _reason(error: OSError) -> str:
    """What went wrong, in words."""
    if isinstance(error, PermissionError):
        return "permission denied"
    if isinstance(error, FileNotFoundError):
        return "it is no longer there, or a link that leads nowhere"
    return error.strerror or str(error)
