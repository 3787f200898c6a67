"""Ctrl+C in the terminal, and a request to terminate, close the window as its own button does."""

import signal
import socket
from collections.abc import Callable
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupts(QObject):
    """Calls ``stop`` in the event loop: a handler of Python's alone would wait for the next event."""

    def __init__(self, stop: Callable[[], object]) -> None:
        super().__init__()
        self._stop = stop
        self._read, self._write = socket.socketpair()
        self._read.setblocking(False)
        self._write.setblocking(False)
        self._notifier = QSocketNotifier(self._read.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._told)
        signal.set_wakeup_fd(self._write.fileno())
        for number in _SIGNALS:
            signal.signal(number, _noted)

    def _told(self) -> None:
        self._read.recv(64)
        self._stop()


def _noted(_number: int, _frame: FrameType | None) -> None:
    """A handler has to be there, so that the signal wakes the loop instead of ending the process."""
