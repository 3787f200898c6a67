"""Keys stay with the focused widget where it wants them: text in fields, Space on buttons, arrows on sliders."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

_TEXT = (QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox)
_COMMANDING = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class KeyGuard(QObject):
    """Stops single keys from being shortcuts while the focused widget wants them.

    Qt asks the focused widget before it fires a shortcut (``ShortcutOverride``); this answers for widgets that would
    not claim their own keys. It watches one widget at a time, the focused one.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._watched: QWidget | None = None
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._watch)
            self._watch(None, application.focusWidget())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and isinstance(watched, QWidget)
            and _needs(watched, event)
        ):
            event.accept()
            return True
        return False

    def _watch(self, _: QWidget | None, now: QWidget | None) -> None:
        if self._watched is not None:
            self._watched.removeEventFilter(self)
            self._watched.destroyed.disconnect(self._forget)
        self._watched = now
        if now is not None:
            now.installEventFilter(self)
            now.destroyed.connect(self._forget)

    def _forget(self) -> None:
        self._watched = None


def _needs(widget: QWidget, event: QKeyEvent) -> bool:
    if event.modifiers() & _COMMANDING:
        return False
    if isinstance(widget, _TEXT):
        return event.key() != Qt.Key.Key_Escape
    if isinstance(widget, QAbstractButton):
        return event.key() == Qt.Key.Key_Space
    arrows = (Qt.Key.Key_Left, Qt.Key.Key_Right)
    return isinstance(widget, QAbstractSlider) and event.key() in arrows
