"""Cyclic garbage is collected by the GUI thread, and by no other.

Python's own collector runs in whatever thread allocates when it is due. A Qt object in a reference cycle would be
destroyed there, its timers with it, and Qt answers that with a crash some time later. So the automatic collector is
off while the window is open, and a timer does its work.
"""

import gc

from PySide6.QtCore import QObject, QTimer

_INTERVAL_MS = 1_000
_ENOUGH = 5_000
"""Containers made since the last time: fewer are not worth the look."""
_SETTLED = 30
"""After so many turns the modules are imported and stay; to look through them again and again would take 0.1 s each."""
_FULL_EVERY = 60
"""Turns. The others look only at what is new."""


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
        full = self._turns == _SETTLED or self._turns % _FULL_EVERY == 0
        gc.collect(2 if full else 1)
        if self._turns == _SETTLED:
            gc.freeze()

    def end(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.enable()
