"""Paints a line of a panel: a picture, a name, a little histogram, a count at the right; dimmed where the count is 0.

Contents: ``CountDelegate``, and the roles that it asks for
"""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QPainter
from PySide6.QtWidgets import QAbstractItemDelegate, QListView, QStyle, QStyleOptionViewItem

from gui.look import theme
from gui.look.wording import number

COUNT_ROLE = Qt.ItemDataRole.UserRole
SPARK_ROLE = Qt.ItemDataRole.UserRole + 1
"""Heights in [0, 1], from the left to the right; ``None`` for none."""
HUE_ROLE = Qt.ItemDataRole.UserRole + 2
"""Of the histogram."""

_ICON = 16
_SPARK = 36
_ROOM = 8
"""Above and below the text together."""
_MARK = 3
_EDGE = 5
"""Above and below a histogram."""


class CountDelegate(QAbstractItemDelegate):
    """For a ``QListView``. Where there is no room for both, the name goes before the histogram."""

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(  # noqa: N802
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(0, QFontMetrics(self._view.font()).height() + _ROOM)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        tokens, rect = theme.current(), option.rect
        self._paint_ground(painter, option)
        count = index.data(COUNT_ROLE)
        numbers = QFont(theme.font_numbers())
        metrics = QFontMetrics(numbers)
        text = number(count)
        right = rect.right() - theme.SPACE
        painter.setPen(tokens.text if count else tokens.text_muted)
        painter.setFont(numbers)
        painter.drawText(QPoint(right - metrics.horizontalAdvance(text), _baseline(rect, metrics)), text)
        largest = index.model().index(0, 0).data(COUNT_ROLE)  # of all lines, in both lists that use this
        right -= metrics.horizontalAdvance(number(largest)) + theme.SPACE
        left = self._paint_icon(painter, rect, index, dimmed=not count)
        painter.setFont(self._view.font())
        name = QFontMetrics(self._view.font())
        heights = index.data(SPARK_ROLE)
        if heights is not None and left + name.horizontalAdvance(index.data()) + _SPARK + theme.SPACE <= right:
            right -= _SPARK
            spark = QRectF(right, rect.top() + _EDGE, _SPARK, rect.height() - 2 * _EDGE)
            _paint_spark(painter, spark, heights, index.data(HUE_ROLE))
            right -= theme.SPACE
        shown = name.elidedText(index.data(), Qt.TextElideMode.ElideRight, right - left)
        painter.drawText(QPoint(left, _baseline(rect, name)), shown)

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        tokens, rect = theme.current(), option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, tokens.selection)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, tokens.raised)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(QRect(rect.left(), rect.top(), _MARK, rect.height()), tokens.focus_ring)

    def _paint_icon(
        self, painter: QPainter, rect: QRect, index: QModelIndex | QPersistentModelIndex, dimmed: bool
    ) -> int:
        left = rect.left() + theme.SPACE
        icon = index.data(Qt.ItemDataRole.DecorationRole)
        if not isinstance(icon, QIcon):
            return left
        mode = QIcon.Mode.Disabled if dimmed else QIcon.Mode.Normal
        icon.paint(painter, QRect(left, rect.center().y() - _ICON // 2 + 1, _ICON, _ICON), mode=mode)
        return left + _ICON + theme.SPACE


def _paint_spark(painter: QPainter, rect: QRectF, heights: list[float], hue: QColor) -> None:
    step = rect.width() / len(heights)
    for place, height in enumerate(heights):
        tall = max(1.0, height * rect.height())
        painter.fillRect(QRectF(rect.left() + place * step, rect.bottom() - tall, step - 1, tall), hue)


def _baseline(rect: QRect, metrics: QFontMetrics) -> int:
    return rect.top() + (rect.height() - metrics.height()) // 2 + metrics.ascent()
