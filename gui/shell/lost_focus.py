"""Where keys go when the button that had them is disabled or hidden by what it did.

Qt hands them to the next widget on the way of Tab, which may be at the other end of the window: Space on "Accept all
ready" and Space again would ask for a folder.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget


class LostFocus(QObject):
    """Takes the keys back to the middle of a window."""

    def __init__(self, window: QWidget, take_focus: Callable[[], None]) -> None:
        """``take_focus`` gives the keys to the page that is seen."""
        super().__init__(window)
        self._window, self._take_focus = window, take_focus
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._changed)

    def _changed(self, old: QWidget | None, now: QWidget | None) -> None:
        if not isinstance(old, QAbstractButton) or now is None or now.window() is not self._window:
            return
        if self._window.isAncestorOf(old) and not (old.isEnabled() and old.isVisible()):
            self._take_focus()
