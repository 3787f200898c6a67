"""Counts what is done and how fast: the numbers of ``Progress``, without a clock of its own.

The rate is that of the last half minute and counts only what took time: a thousand tracks that were known already say
nothing about how long the next one takes.
"""

from collections import deque

from gui.library.events import Progress, RunState

WINDOW_SECONDS = 30.0


class ProgressMeter:
    """Times are seconds of any clock that only goes forward."""

    def __init__(self) -> None:
        self._marks: deque[tuple[float, int]] = deque()
        self.total = 0
        self.done = 0
        self.failed = 0
        self._worked = 0

    def begin(self, now: float) -> None:
        """Work begins, or goes on after a pause: the time before does not count."""
        self._marks.clear()
        self._marks.append((now, self._worked))

    def count(self, *, failed: bool = False, known: bool = False) -> None:
        """One more is done; ``known``: without work."""
        self.done += 1
        self.failed += failed
        self._worked += not known

    def take_back(self, failed: int) -> None:
        """So many that failed are tried again."""
        self.done = max(0, self.done - failed)
        self.failed = max(0, self.failed - failed)

    def reading(self, state: RunState, now: float) -> Progress:
        """How things stand."""
        self._marks.append((now, self._worked))
        while now - self._marks[0][0] > WINDOW_SECONDS and len(self._marks) > 1:
            self._marks.popleft()
        since, worked = self._marks[0]
        rate = (self._worked - worked) / (now - since) if now > since else 0.0
        left = self.total - self.done
        return Progress(state, self.done, self.total, self.failed, rate, left / rate if rate else None)
