"""How a command that takes its time is told to stop: Ctrl-C in a terminal, SIGTERM by a service manager.

Contents
--------
``stopped_by_signals``, ``Stop``
"""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tagger_core.cli import INTERRUPTED


@dataclass
class Stop:
    """Whether a stop was asked for."""

    cancelled: threading.Event = field(default_factory=threading.Event)
    """For ``analysis.analyse``, which also sets it itself when it fails."""
    signal: int | None = None
    """By what a stop was asked for; ``None`` as long as nobody did."""

    def begin_again(self) -> None:
        """Take back a cancellation that nobody asked for."""
        self.cancelled.clear()
        if self.signal is not None:  # it may come at any moment, and must not be lost
            self.cancelled.set()


@contextmanager
def stopped_by_signals(stop: Stop | None = None) -> Iterator[Stop]:
    """Ctrl-C (and a polite kill) sets the event: what is being written is finished, then the work ends.

    A second one leaves at once; the journal makes even that safe.
    """
    stop = stop or Stop()

    def handle(number: int, _: object) -> None:
        if stop.signal is not None:
            os._exit(INTERRUPTED)
        stop.signal = number
        stop.cancelled.set()

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
