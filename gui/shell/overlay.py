"""A card above the window, for a moment: Escape or a click beside it closes it and gives the focus back."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from gui.look import theme

_SCRIM_ALPHA = 0.35


class Overlay(QWidget):
    """Covers its window with a scrim; subclasses fill ``card``."""

    closed = Signal()

    def __init__(self, window: QWidget, width: int, height: int) -> None:
        """``width`` and ``height`` of the card, as far as the window has room."""
        super().__init__(window)
        self._window = window
        self._focused_before = QApplication.focusWidget()
        self.card = QFrame()
        self.card.setProperty("look", "overlay")
        self.card.setMaximumSize(width, height)
        line = QHBoxLayout()
        line.addStretch()
        line.addWidget(self.card, 1000)
        line.addStretch()
        column = QVBoxLayout(self)
        margin = 4 * theme.SPACE
        column.setContentsMargins(margin, 2 * margin, margin, margin)
        column.addLayout(line, 1000)
        column.addStretch()
        self.setGeometry(window.rect())
        window.installEventFilter(self)

    def open(self) -> None:
        """Show it above everything."""
        self.show()
        self.raise_()

    def dismiss(self) -> None:
        """Close it for good."""
        if self._focused_before is not None:
            self._focused_before.setFocus()
        self.closed.emit()
        self.hide()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() is QEvent.Type.Resize and watched is self._window:
            self.setGeometry(self._window.rect())
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        if not self.card.geometry().contains(event.position().toPoint()):
            self.dismiss()

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        scrim = QColor(Qt.GlobalColor.black)
        scrim.setAlphaF(_SCRIM_ALPHA)
        painter = QPainter(self)
        painter.fillRect(self.rect(), scrim)
        painter.end()
