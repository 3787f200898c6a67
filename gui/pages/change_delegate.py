"""Draws what changes in a field: what stays is quiet, what goes is struck out after a −, what comes is bold after +."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gui.look import theme
from gui.pages.write_review_model import PARTS_ROLE, PROBLEM_ROLE, Part

_PAD = theme.SPACE
_BETWEEN = 3 * theme.GAP


class ChangeDelegate(QStyledItemDelegate):
    """For the column of changes; a line with a problem shows its reason."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        self._draw_background(painter, option, index)
        area = option.rect.adjusted(_PAD, 0, -_PAD, 0)
        painter.save()
        painter.setClipRect(area)
        if index.data(PROBLEM_ROLE):
            _draw_problem(painter, area, str(index.data()))
        else:
            left = area.left()
            for part in index.data(PARTS_ROLE):
                left = _draw_part(painter, QRect(left, area.top(), area.right() - left, area.height()), part)
        painter.restore()

    def sizeHint(self, _: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: N802
        width = QFontMetrics(theme.font_bold()).horizontalAdvance(str(index.data()))
        return QSize(width + 2 * _PAD, QFontMetrics(theme.font_bold()).height() + _PAD)

    def _draw_background(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        empty = QStyleOptionViewItem(option)
        self.initStyleOption(empty, index)
        empty.text = ""
        QApplication.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, empty, painter)


def _draw_problem(painter: QPainter, area: QRect, text: str) -> None:
    size = 16
    picture = theme.pixmap("group-failed", size, theme.current().warn, painter.device().devicePixelRatioF())
    painter.drawPixmap(area.left(), area.center().y() - size // 2 + 1, picture)
    painter.setPen(theme.current().warn)
    rest = area.adjusted(size + _PAD, 0, 0, 0)
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rest.width())
    painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, shown)


def _draw_part(painter: QPainter, area: QRect, part: Part) -> int:
    """Draw one value; returns where the next one begins."""
    font, colour = _look(part)
    metrics = QFontMetrics(font)
    left = area.left()
    if part.sign:
        painter.setFont(theme.font_bold())
        painter.setPen(colour)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, part.sign)
        left += painter.fontMetrics().horizontalAdvance(part.sign) + theme.GAP
    painter.setFont(font)
    painter.setPen(colour)
    rest = QRect(left, area.top(), area.right() - left + 1, area.height())
    painter.drawText(
        rest,
        Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine,
        metrics.elidedText(part.value, Qt.TextElideMode.ElideRight, rest.width()),
    )
    return left + metrics.horizontalAdvance(part.value) + _BETWEEN


def _look(part: Part) -> tuple[QFont, QColor]:
    tokens = theme.current()
    if part.sign == "+":
        return theme.font_bold(), tokens.added
    font = QApplication.font()
    if part.sign:
        font.setStrikeOut(True)
        return font, tokens.removed
    return font, tokens.text_muted
