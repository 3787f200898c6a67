"""Cyclic garbage is collected by the GUI thread, and by no other.

Python's own collector runs in whatever thread allocates when it is due. A Qt object in a reference cycle would be
destroyed there, its timers with it, and Qt answers that with a crash some time later. So the automatic collector is
off while the window is open, and a timer does its work.

To look through everything takes up to 0.4 s where 100,000 tracks are open, so that waits until the person is elsewhere.
"""

import gc

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

_INTERVAL_MS = 200
"""Short, so that there is little to look through each time."""
_ENOUGH = 5_000
"""Containers made since the last time: fewer are not worth the look."""
_FULL_EVERY = 60
"""Turns, at least. The others look only at what is new."""


class GarbageCollection(QObject):
    """Belongs to the GUI thread, from its making to ``end``."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._turns = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_INTERVAL_MS)
        self._timer.timeout.connect(self.collect)
        gc.disable()
        self._timer.start()

    def collect(self) -> None:
        """Take a turn, if there is enough to do."""
        if gc.get_count()[0] < _ENOUGH:
            return
        self._turns += 1
        full = self._turns >= _FULL_EVERY and _is_elsewhere()
        gc.collect(2 if full else 1)
        if full:
            self._turns = 0

    def end(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.enable()


def _is_elsewhere() -> bool:
    """The person works in another program."""
    return QGuiApplication.applicationState() is not Qt.ApplicationState.ApplicationActive
