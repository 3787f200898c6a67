"""When a file that arrives is complete, so that it may be listened to and written.

A file has settled when its stamp has stayed the same for ``settle_seconds`` and nobody has it open for writing: a copy
over a slow network pauses, a torrent client holds its files for hours. Settled files are handed out together, and not
while others still change, so that an album that is being copied is one batch; but none waits for others longer than
``gather_seconds``.

Nothing here touches a disk or a clock: times are seconds of any clock that only goes forward, handed in. What is
remembered is the files on their way, no more.

Contents
--------
``Arrivals``
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tagger_core.domain import Track


@dataclass(slots=True)
class _Arrival:
    track: Track
    since: float
    """It has not changed, nor been open for writing, since then."""
    is_held: bool = False
    """Somebody had it open for writing when it was last about to be handed out."""


class Arrivals:
    """The files that are on their way into a folder."""

    def __init__(self, *, settle_seconds: float, gather_seconds: float) -> None:
        self._settle_seconds = settle_seconds
        self._gather_seconds = gather_seconds
        self._arrivals: dict[Path, _Arrival] = {}

    @property
    def paths(self) -> list[Path]:
        """The files that are waited for; each is to be seen again, or lost, before ``settled`` is asked."""
        return list(self._arrivals)

    def see(self, track: Track, now: float) -> None:
        """A file is there, as it is at this moment."""
        arrival = self._arrivals.get(track.path)
        if arrival is None or arrival.track.stamp != track.stamp:
            self._arrivals[track.path] = _Arrival(track, now)

    def lose(self, path: Path) -> None:
        """A file is there no more."""
        self._arrivals.pop(path, None)

    def settled(self, now: float, is_open_for_writing: Callable[[Path], bool]) -> list[Track]:
        """Take out what is complete, by path; nothing while it is better to wait for the rest."""
        quiet = [arrival for arrival in self._arrivals.values() if now - arrival.since >= self._settle_seconds]
        complete = []
        for arrival in quiet:
            arrival.is_held = is_open_for_writing(arrival.track.path)
            if arrival.is_held:
                arrival.since = now  # whoever closes it may rename it next
            else:
                complete.append(arrival)
        if not complete:
            return []
        others_change = any(
            now - arrival.since < self._settle_seconds and not arrival.is_held for arrival in self._arrivals.values()
        )
        longest = max(now - arrival.since for arrival in complete) - self._settle_seconds
        if others_change and longest < self._gather_seconds:
            return []
        for arrival in complete:
            del self._arrivals[arrival.track.path]
        return sorted((arrival.track for arrival in complete), key=lambda track: track.path)
