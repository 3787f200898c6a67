"""Threads that work for the window, and the one way back to it.

Conventions
-----------
A *job* is called on the thread and returns ``None``, or an iterator of which one step after the other is run: between
two steps a more urgent job goes first. So one thread can write a thousand files, and still save a decision at once.
What a job has to tell it hands to ``GuiHop.post``. Threads are daemons: a disk that hangs keeps no program alive.

Contents
--------
``GuiHop``      calls functions on the GUI thread
``Urgency``     which job goes first
``StepThread``  one thread and its jobs
"""

import heapq
import itertools
import threading
from collections.abc import Callable, Iterator
from enum import IntEnum

from PySide6.QtCore import QObject, Qt, Signal

from tagger_core.priority import lower_thread_priority

Job = Callable[[], Iterator[None] | None]


class GuiHop(QObject):
    """Belongs to the GUI thread; ``post`` may be called from any."""

    _posted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open = True
        self._posted.connect(self._call, Qt.ConnectionType.QueuedConnection)

    def post(self, function: Callable[[], object]) -> None:
        """Have it called on the GUI thread, soon, after what was posted before; never once the hop is closed."""
        if self._open:
            self._posted.emit(function)

    def close(self) -> None:
        """Nothing posted is called any more."""
        self._open = False

    def _call(self, function: Callable[[], object]) -> None:
        if self._open:
            function()


class Urgency(IntEnum):
    """Lower goes first; equals take turns."""

    SAVE = 0
    """What must not be lost; done even when the thread is told to end."""
    ANSWER = 1
    """Somebody is looking at the place where the answer will be."""
    WORK = 2
    AHEAD = 3
    """Nobody waits for it yet."""


class StepThread:
    """One thread that works on the most urgent of its jobs, step by step."""

    def __init__(self, name: str, failed: Callable[[Exception], None], *, niceness: int = 0) -> None:
        """``failed`` is called on the thread with whatever a job raises; the other jobs go on."""
        self._failed = failed
        self._niceness = niceness
        self._jobs: list[tuple[Urgency, int, Job | Iterator[None]]] = []
        self._number = itertools.count()
        self._changed = threading.Condition()
        self._ending = False
        self._unsaved = 0
        """Jobs that must not be lost and are not done yet."""
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, job: Job, urgency: Urgency) -> None:
        """Have a job done; ignored once the thread was told to end."""
        with self._changed:
            if not self._ending:
                heapq.heappush(self._jobs, (urgency, next(self._number), job))
                self._unsaved += urgency is Urgency.SAVE
                self._changed.notify()

    def end(self) -> None:
        """Take no more jobs; of those that are waiting, do what must not be lost and drop the others."""
        with self._changed:
            self._ending = True
            self._changed.notify()

    def join(self, seconds: float, seconds_to_save: float = 0.0) -> bool:
        """Wait until it has ended, longer if there is something to save still; False if it has not by then."""
        self._thread.join(seconds)
        if self._unsaved:
            self._thread.join(seconds_to_save)
        return not self._thread.is_alive()

    def _run(self) -> None:
        if self._niceness:
            lower_thread_priority(self._niceness)
        while (entry := self._next()) is not None:
            urgency, _, job = entry
            try:
                steps = self._step(job)
            except Exception as error:  # noqa: BLE001 - whoever made the thread tells the person
                self._failed(error)
                steps = None
            with self._changed:
                if steps is not None:
                    heapq.heappush(self._jobs, (urgency, next(self._number), steps))
                else:
                    self._unsaved -= urgency is Urgency.SAVE

    def _next(self) -> tuple[Urgency, int, Job | Iterator[None]] | None:
        with self._changed:
            while not self._jobs and not self._ending:
                self._changed.wait()
            if not self._ending:
                return heapq.heappop(self._jobs)
            if self._jobs and self._jobs[0][0] is Urgency.SAVE:
                return heapq.heappop(self._jobs)
        for _, _, job in self._jobs:
            if not callable(job):
                self._drop(job)
        return None

    def _drop(self, steps: Iterator[None]) -> None:
        """A generator that is in the middle of something puts it in order as it is closed."""
        try:
            steps.close()  # type: ignore[attr-defined]
        except Exception as error:  # noqa: BLE001 - as above
            self._failed(error)

    @staticmethod
    def _step(job: Job | Iterator[None]) -> Iterator[None] | None:
        if callable(job):
            return job()
        try:
            next(job)
        except StopIteration:
            return None
        return job
