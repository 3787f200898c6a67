"""A folder that is watched: music that arrives in it, or changes, comes out when it is complete.

What is there is found by ``library_scan``, always and only. The system's notifications merely say where to look now
rather than later: a folder is looked through as a whole when watching begins, when it comes back after it was away, and
every ``Rhythm.rescan_seconds``, since notifications can be lost.
Where there are none, or they do not tell what other machines do (network file systems), it is looked through every
``Rhythm.poll_seconds`` instead.

A file is handed out once for each stamp it has had. What is remembered for this is one number for each file that is
there, so memory follows the size of the library, not the time that it is watched.

Contents
--------
``WatchedFolder``, ``Rhythm``
"""

import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tagger_core.domain import FileStamp, Track
from tagger_core.errors import FileError
from tagger_core.library_scan import AUDIO_EXTENSIONS, ScanProblem, scan
from tagger_core.mounts import network_file_system
from tagger_core.watching.arrivals import Arrivals
from tagger_core.watching.file_leases import is_open_for_writing
from tagger_core.watching.notifications import (
    WATCH_LIMIT,
    FolderNotifications,
    NotificationsError,
    limit_is_reached,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often, and how patiently, a folder is looked at; all in seconds."""

    settle_seconds: float = 10.0
    """A file that has not changed for so long is complete."""
    gather_seconds: float = 60.0
    """So long, at most, a complete file waits for others that are still being copied."""
    poll_seconds: float = 300.0
    """A folder without notifications is looked through so often; where they broke, they are opened again then."""
    rescan_seconds: float = 24 * 3600.0
    """A folder with notifications is looked through so often."""
    presence_seconds: float = 5.0
    """So often it is asked whether the folder is still there."""
    old_seconds: float = 3600.0
    """A file that was not touched for so long, by its own times, is complete when it is first seen. An hour allows for
    clocks of servers that are wrong, and for mirrors that set old times before they have finished."""


NETWORK_SETTLE_SECONDS = 90.0
"""NFS clients may believe for 60 s (``acregmax`` in nfs(5)) that a file is still as large as it was."""


class WatchedFolder:
    """One folder. ``look`` is to be called every second or so, then ``take``; nothing here waits."""

    def __init__(
        self,
        root: Path,
        *,
        recursive: bool,
        follow_symlinks: bool,
        tell: Callable[[str], None],
        on_problem: Callable[[ScanProblem], None],
        rhythm: Rhythm | None = None,
        poll: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``tell``: what becomes of the folder, in sentences. ``on_problem``: a place that cannot be looked into.

        ``poll``: do without notifications. Raises ``FileError`` if there is no such folder.
        """
        if not root.is_dir():
            raise FileError(root, "only a folder can be watched" if root.exists() else "there is no such folder")
        self._real_root = root.resolve()
        self.root = self._real_root if root.is_symlink() else root  # as ``library_scan`` names what is in it
        self._named = root
        self._recursive = recursive
        self._follow_symlinks = follow_symlinks
        self._tell = tell
        self._on_problem = on_problem
        self._clock = clock
        network = network_file_system(self.root)
        self._rhythm = rhythm or Rhythm()
        if network:
            patience = max(NETWORK_SETTLE_SECONDS, self._rhythm.settle_seconds)
            self._rhythm = replace(self._rhythm, settle_seconds=patience)
        self._is_open = _nobody_tells if network else is_open_for_writing
        self._arrivals = Arrivals(
            settle_seconds=self._rhythm.settle_seconds, gather_seconds=self._rhythm.gather_seconds
        )
        self._complete: dict[Path, Track] = {}
        self._dealt_with: set[int] = set()
        self._problems: set[ScanProblem] = set()
        self._folders_due: dict[Path, float] = {}
        self._identity = self._identity_now()
        self._notifications: FolderNotifications | None = None
        self._polls = poll or bool(network)
        self._presence_due = self._rescan_due = self._notifications_due = clock()
        if network and not poll:
            tell(f"{root} is on a network ({network}): {self._how_often()}.")

    @property
    def arriving(self) -> list[Path]:
        """Files that are there and not complete yet."""
        return self._arrivals.paths

    @property
    def folders_due(self) -> list[Path]:
        """New folders that will be looked through in a while."""
        return list(self._folders_due)

    def look(self) -> None:
        """Take in what has happened."""
        now = self._clock()
        if now >= self._presence_due:
            self._presence_due = now + self._rhythm.presence_seconds
            self._look_for_root(now)
        if self._identity is None:
            return
        if not self._polls and self._notifications is None and now >= self._notifications_due:
            self._open_notifications(now)
        self._hear_notifications(now)
        for folder in [folder for folder, due in self._folders_due.items() if due <= now]:
            del self._folders_due[folder]
            self._look_through(folder, now)
        if now >= self._rescan_due:
            self._look_through_all(now)
        for path in self._arrivals.paths:
            self._look_at_file(path, now)

    def take(self) -> list[Track]:
        """What is complete now and was not dealt with yet, by path."""
        taken = self._complete
        taken |= {track.path: track for track in self._arrivals.settled(self._clock(), self._is_open)}
        self._complete = {}
        return [taken[path] for path in sorted(taken)]

    def put_back(self, tracks: Iterable[Track]) -> None:
        """These could not be dealt with now; they come again."""
        self._complete |= {track.path: track for track in tracks}

    def dealt_with(self, track: Track, *, written: bool) -> None:
        """It shall not come again until it changes. ``written``: it just did, under our own hands."""
        self._dealt_with.add(_mark(track))
        if written:
            try:
                self._dealt_with.add(_mark(Track(track.path, FileStamp.of(track.path.stat()))))
            except OSError:  # somebody took it away at once; nothing to remember
                log.debug("%s is gone", track.path)

    def _look_for_root(self, now: float) -> None:
        """Unmounted and mounted again, a folder is another one: notifications about the old one never come."""
        before, self._identity = self._identity, self._identity_now()
        if self._identity == before:
            return
        self._notifications, self._notifications_due, self._rescan_due = None, now, now
        if self._identity is None:
            self._tell(f"{self._named} is not there any more (unmounted?); waiting for it.")
        elif before is None:
            self._tell(f"{self._named} is there again.")

    def _identity_now(self) -> tuple[int, int] | None:
        try:
            status = self.root.stat()
        except OSError:
            return None
        return status.st_dev, status.st_ino

    def _open_notifications(self, now: float) -> None:
        self._notifications_due = now + self._rhythm.poll_seconds
        self._rescan_due = now  # what happened before they were open
        try:
            self._notifications = FolderNotifications(self.root, recursive=self._recursive)
        except FileNotFoundError:  # gone this very moment; the look for the root will tell
            return
        except NotificationsError as error:
            self._poll_instead(str(error))

    def _poll_instead(self, reason: str) -> None:
        self._polls = True
        self._notifications = None
        self._rescan_due = self._clock()
        self._tell(f"{self._named} cannot be watched by the system: {reason}; {self._how_often()}.")

    def _how_often(self) -> str:
        return f"it is looked through every {self._rhythm.poll_seconds:.0f} s"

    def _hear_notifications(self, now: float) -> None:
        if self._notifications is None:
            return
        try:
            for path in self._notifications.paths():
                self._follow(path, now)
        except NotificationsError as error:
            log.info("%s: %s", self.root, error)
            self._notifications, self._notifications_due = None, now + self._rhythm.poll_seconds

    def _follow(self, path: Path, now: float) -> None:
        """Something may have happened at a path."""
        if not path.is_relative_to(self.root) and path.is_relative_to(self._real_root):  # as macOS names it
            path = self.root / path.relative_to(self._real_root)
        if not self._is_wanted(path):
            return
        if path.is_dir():
            # Files may have come into a new folder before its notifications began; after a while that is over.
            self._folders_due.setdefault(path, now + self._rhythm.settle_seconds)
        elif path.suffix.lower() in AUDIO_EXTENSIONS:
            self._look_at_file(path, now)

    def _look_at_file(self, path: Path, now: float) -> None:
        found = list(self._scanned(path))
        if not found:
            self._arrivals.lose(path)
            self._complete.pop(path, None)
        for track in found:
            self._arrive(track, now)

    def _is_wanted(self, path: Path) -> bool:
        """Whether ``library_scan`` would come to this path: its rules, for a path that it was not led to."""
        if not path.is_relative_to(self.root):
            return False
        parts = path.relative_to(self.root).parts
        if not parts or any(part.startswith(".") for part in parts) or not (self._recursive or len(parts) == 1):
            return False
        if self._follow_symlinks:
            return True
        return not any(self.root.joinpath(*parts[:depth]).is_symlink() for depth in range(1, len(parts) + 1))

    def _look_through(self, folder: Path, now: float) -> None:
        if not self._recursive:
            return
        if self._notifications is not None and limit_is_reached(folder):
            self._poll_instead(WATCH_LIMIT)
        for track in self._scanned(folder):
            self._arrive(track, now)

    def _look_through_all(self, now: float) -> None:
        self._rescan_due = now + (self._rhythm.poll_seconds if self._polls else self._rhythm.rescan_seconds)
        told, self._problems = self._problems, set()
        still_there = set()
        for track in self._scanned(self.root, told):
            mark = _mark(track)
            if mark in self._dealt_with:
                still_there.add(mark)
            else:
                self._arrive(track, now)
        self._dealt_with = still_there

    def _scanned(self, place: Path, told: Iterable[ScanProblem] = ()) -> Iterator[Track]:
        """What is found there; each place that cannot be looked into is told once."""
        try:
            for found in scan([place], recursive=self._recursive, follow_symlinks=self._follow_symlinks):
                if isinstance(found, Track):
                    yield found
                elif found not in self._problems:
                    self._problems.add(found)
                    if found not in told:
                        self._on_problem(found)
        except FileError:  # gone again; if it was the root, the next look for it will tell
            return

    def _arrive(self, track: Track, now: float) -> None:
        if _mark(track) in self._dealt_with:
            self._arrivals.lose(track.path)
        elif self._is_old(track):
            self._complete[track.path] = track
        else:
            self._complete.pop(track.path, None)
            self._arrivals.see(track, now)

    def _is_old(self, track: Track) -> bool:
        """It has been as it is for so long that nobody can be at it."""
        limit = time.time_ns() - int(self._rhythm.old_seconds * 1e9)
        return max(track.stamp.mtime_ns, track.stamp.changed_ns) < limit


def _nobody_tells(_: Path) -> bool:
    return False


def _mark(track: Track) -> int:
    """A number that stands for a file and its stamp; two of a million files share one with a chance below 1 in 10^7.

    Without the device: that of a network folder is another one each time it is mounted.
    """
    stamp = track.stamp
    return hash((os.fsencode(track.path), stamp.size, stamp.mtime_ns, stamp.inode))
