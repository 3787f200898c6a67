"""What the delegates of the table have in common: the ground of a cell, and a line of text in it.

``QStyledItemDelegate`` asks the model for a dozen roles and goes through the style for each cell; with Python in the
model that is most of a frame. These take what they need from the review and draw it.

Contents: ``AnyIndex``, ``paint_background``, ``LinePainter``
"""

from functools import lru_cache

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from gui.look import theme

AnyIndex = QModelIndex | QPersistentModelIndex

_LINES_KEPT = 4096


def paint_background(painter: QPainter, option: QStyleOptionViewItem) -> None:
    if option.state & QStyle.StateFlag.State_Selected:
        painter.fillRect(option.rect, theme.current().selection)


class LinePainter:
    """Draws a line of text, cut at the end where it is too long; remembers where it cut."""

    def __init__(self, font: QFont) -> None:
        self._metrics = QFontMetrics(font)
        self._cut = lru_cache(_LINES_KEPT)(self._elided)

    def paint(self, painter: QPainter, rect: QRect, text: str, colour: QColor) -> None:
        painter.setPen(colour)
        baseline = rect.top() + (rect.height() - self._metrics.height()) // 2 + self._metrics.ascent()
        painter.drawText(QPoint(rect.left() + theme.SPACE, baseline), self._cut(text, rect.width() - theme.SPACE))

    def _elided(self, text: str, width: int) -> str:
        return self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
