"""Work that can wait pauses while the machine runs on its battery, where the platform tells.

Contents
--------
``paused_on_battery``, ``BatteryPause``, ``is_on_battery``
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LOOK_SECONDS = 10.0
"""So often the battery is asked for."""


def is_on_battery() -> bool:
    """The machine runs on a battery now. False where there is none, or the platform does not tell."""
    import psutil

    try:
        battery = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
    except OSError:  # a container without /sys, for example
        return False
    return battery is not None and battery.power_plugged is False


class BatteryPause:
    """Keeps an event in step with the mains: set while work may go on (see ``analysis.analyse``)."""

    def __init__(self, may_go_on: threading.Event, on_battery: Callable[[], bool], tell: Callable[[str], None]) -> None:
        self._may_go_on = may_go_on
        self._on_battery = on_battery
        self._tell = tell
        may_go_on.set()

    def look(self) -> None:
        """Ask for the battery once, and say so where something has changed."""
        on_battery = self._on_battery()
        if on_battery and self._may_go_on.is_set():
            self._may_go_on.clear()
            self._tell("Paused: the machine runs on its battery. It goes on when it is plugged in.")
        elif not on_battery and not self._may_go_on.is_set():
            self._may_go_on.set()
            self._tell("Plugged in: it goes on.")


@contextmanager
def paused_on_battery(
    tell: Callable[[str], None],
    on_battery: Callable[[], bool] = is_on_battery,
    look_seconds: float = LOOK_SECONDS,
) -> Iterator[threading.Event]:
    """An event that is set while work may go on; a thread beside the block keeps it so, and ``tell``s of changes."""
    may_go_on, over = threading.Event(), threading.Event()
    pause = BatteryPause(may_go_on, on_battery, tell)
    pause.look()

    def keep_looking() -> None:
        while not over.wait(look_seconds):
            pause.look()

    looking = threading.Thread(target=keep_looking, name="battery", daemon=True)
    looking.start()
    try:
        yield may_go_on
    finally:
        over.set()
        looking.join()
