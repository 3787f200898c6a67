"""Has tasks done to files on the library thread, one at a time, and takes over what became of them.

Belongs to the GUI thread. A task hands over file by file through a queue; a timer empties it about ten times a second.
"""

import threading
import time
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from gui.library.background import StepThread, Urgency
from gui.library.events import Progress, RunState
from gui.library.file_tasks import Task
from gui.library.progress_meter import ProgressMeter

TAKE_OVER_MS = 100


class TaskRunner(QObject):
    """Runs one task at a time."""

    changed = Signal(object)
    """``Change``: rows are written, or not any more."""
    progress_changed = Signal()

    def __init__(self, desk: StepThread) -> None:
        """``desk`` is the library thread."""
        super().__init__()
        self._desk = desk
        self._task: Task[Any] | None = None
        self._done: Callable[[], None] = _nothing
        self._told: SimpleQueue[Any] = SimpleQueue()
        self._cancelled = threading.Event()
        self._ended = threading.Event()
        self._broken = False
        self._meter = ProgressMeter()
        self._timer = QTimer(self)
        self._timer.setInterval(TAKE_OVER_MS)
        self._timer.timeout.connect(self._take_over)

    @property
    def busy(self) -> bool:
        """Something is being done to files; nothing else can be begun."""
        return self._task is not None

    @property
    def state(self) -> RunState:
        """What the task is, ``CANCELLING``, or ``IDLE`` while files are only read."""
        if self._task is None or self._task.state is RunState.IDLE:
            return RunState.IDLE
        return RunState.CANCELLING if self._cancelled.is_set() else self._task.state

    @property
    def progress(self) -> Progress:
        return self._meter.reading(self.state, time.monotonic())

    def begin(self, task: Task[Any], done: Callable[[], None]) -> None:
        """Have a task done; ``done`` is called at its end, unless it failed before its first file."""
        assert self._task is None, "one task at a time"
        self._task, self._done = task, done
        self._told, self._cancelled, self._ended = SimpleQueue(), threading.Event(), threading.Event()
        self._broken = False
        self._meter = ProgressMeter()
        self._meter.begin(time.monotonic())
        self._desk.submit(lambda: self._run(task), Urgency.ANSWER)
        self._timer.start()
        self.progress_changed.emit()

    def cancel(self) -> None:
        """End the task after the current file."""
        self._cancelled.set()
        self.progress_changed.emit()

    def finish(self, seconds: float) -> None:
        """End the task after the current file, wait for that, and take over what was done."""
        if self._task is not None:
            self._done = _nothing
            self._cancelled.set()
            self._ended.wait(seconds)
            self._take_over()

    def _run(self, task: Task[Any]) -> Iterator[None]:
        """On the library thread."""
        told, ended, cancelled = self._told, self._ended, self._cancelled
        self._broken = True
        try:
            yield from task.run(told.put, cancelled)
            self._broken = False
        finally:
            ended.set()

    def _take_over(self) -> None:
        task = self._task
        if task is None:
            return
        ended = self._ended.is_set()  # before the queue is emptied, so that nothing is left in it
        told = []
        while not self._told.empty():
            told.append(self._told.get())
        self._meter.total = task.total
        for one in told:
            self._meter.count(failed=task.has_failed(one))
        if told:
            for change in task.take(told):
                self.changed.emit(change)
        if ended:
            self._task = None
            self._timer.stop()
        self.progress_changed.emit()
        if ended and (self._meter.done or not self._broken):
            self._done()


def _nothing() -> None:
    """Nobody waits for the end any more."""
