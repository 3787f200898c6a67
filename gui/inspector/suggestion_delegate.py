"""How one suggestion looks: number key, tick, category, name, and a bar with the threshold marked on it.

Without colours: a tick is a check mark in a filled box, a bar that reaches its threshold is filled and one that does
not is pale within a darker outline, and the category has a picture.

Contents: ``SuggestionDelegate``, ``Part``
"""

import math
from enum import Enum, auto

from PySide6.QtCore import QLineF, QModelIndex, QPersistentModelIndex, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractItemDelegate, QStyle, QStyleOptionViewItem

from gui.inspector.suggestion_lines import SuggestionLine
from gui.inspector.suggestion_model import LINE_ROLE, NUMBER_KEYS
from gui.inspector.words import category_icon_name, probability_text
from gui.look import theme

Index = QModelIndex | QPersistentModelIndex

_NUMBER = 14
_BOX = 14
_ICON = 16
_HAND = 12
_AIR = 6
"""Above and below the text of a line, together: eight lines and the diff fit into a window 800 pixels high."""
_BAR_HEIGHT = 8
_GRIP = 6
"""Pixels to either side of the threshold mark at which it can be taken."""


_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class Part(Enum):
    """What of a line the pointer is on."""

    TICK = auto()
    NAME = auto()
    MARK = auto()


class SuggestionDelegate(QAbstractItemDelegate):
    """Paints lines, and knows where their parts are. The open line has room below it."""

    def __init__(self, font: QFont) -> None:
        super().__init__()
        self._plain, self._bold = QFont(font), QFont(font)
        self._bold.setWeight(QFont.Weight.DemiBold)
        self._small, self._digits = theme.font_small(), theme.font_numbers()
        self._small_metrics, self._bold_metrics = QFontMetrics(self._small), QFontMetrics(self._bold)
        self._height = QFontMetrics(font).height() + _AIR
        self._digits_width = QFontMetrics(self._digits).horizontalAdvance("1.00") + theme.GAP
        self.width = 0
        """Of the list: a note that finds no room beside the name goes below it."""
        self.open_row = -1
        self.open_height = 0
        self.dragged: tuple[int, float] | None = None
        """Row and value of a threshold that is being dragged."""

    def line_height(self, line: SuggestionLine) -> int:
        return self._height + (0 if self._note_fits(line) else self._small_metrics.height())

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - Qt's name
        height = self.line_height(index.data(LINE_ROLE))
        return QSize(200, height + (self.open_height if index.row() == self.open_row else 0))

    def part_at(self, rect: QRect, place: QPoint, line: SuggestionLine) -> Part:
        """``rect`` is that of the line."""
        if place.x() < rect.left() + theme.GAP + _NUMBER + _BOX + theme.SPACE:
            return Part.TICK
        bar = self.bar(rect)
        mark = bar.left() + bar.width() * line.threshold
        if abs(place.x() - mark) <= _GRIP and abs(place.y() - bar.center().y()) <= 2 * _GRIP:
            return Part.MARK
        return Part.NAME

    def value_at(self, rect: QRect, x: int) -> float:
        """The probability that a place on the bar stands for, in hundredths."""
        bar = self.bar(rect)
        return round(min(max((x - bar.left()) / bar.width(), 0.01), 0.99), 2)

    def bar(self, rect: QRect) -> QRectF:
        """Where the probability is drawn."""
        width = min(140, max(70, int(rect.width() * 0.28)))
        top = rect.top() + (self._height - _BAR_HEIGHT) / 2
        return QRectF(rect.right() - theme.GAP - self._digits_width - width, top, width, _BAR_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: SuggestionLine = index.data(LINE_ROLE)
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_background(painter, rect, state, is_open=index.row() == self.open_row)
        top = QRect(rect.left(), rect.top(), rect.width(), self._height)
        self._paint_number(painter, top, index.row())
        self._paint_tick(painter, top, line)
        self._paint_name(painter, top, line)
        self._paint_bar(painter, top, line, index.row())
        painter.restore()

    def _name_left(self, rect: QRect) -> int:
        return rect.left() + theme.GAP + _NUMBER + _BOX + theme.SPACE + _ICON + theme.GAP + 2

    def _name_room(self, rect: QRect, line: SuggestionLine) -> int:
        hand = _HAND + theme.GAP if line.by_hand else 0
        return int(self.bar(rect).left()) - theme.SPACE - self._name_left(rect) - hand

    def _note_fits(self, line: SuggestionLine) -> bool:
        """Whether there is room for it beside the name, which is measured as if it were ticked: no line shall grow."""
        if not line.note:
            return True
        needed = self._bold_metrics.horizontalAdvance(line.name) + self._small_metrics.horizontalAdvance(line.note)
        return needed + theme.SPACE <= self._name_room(QRect(0, 0, self.width, 1), line)

    def _paint_background(self, painter: QPainter, rect: QRect, state: QStyle.StateFlag, *, is_open: bool) -> None:
        tokens = theme.current()
        over = bool(state & QStyle.StateFlag.State_MouseOver)
        if is_open or over:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens.raised)
            painter.drawRoundedRect(QRectF(rect).adjusted(0, 0.5, 0, -0.5), theme.RADIUS, theme.RADIUS)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(tokens.focus_ring, 2))
            painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), theme.RADIUS, theme.RADIUS)

    def _paint_number(self, painter: QPainter, rect: QRect, row: int) -> None:
        if row < NUMBER_KEYS:
            painter.setFont(self._small)
            painter.setPen(theme.current().text_muted)
            cell = QRect(rect.left() + theme.GAP, rect.top(), _NUMBER, rect.height())
            painter.drawText(cell, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, str(row + 1))

    def _paint_tick(self, painter: QPainter, rect: QRect, line: SuggestionLine) -> None:
        tokens = theme.current()
        box = QRectF(rect.left() + theme.GAP + _NUMBER, rect.center().y() - _BOX / 2 + 0.5, _BOX, _BOX)
        filled = line.ticked is not False
        painter.setPen(QPen(tokens.accent if filled else tokens.outline, 1.2))
        painter.setBrush(tokens.accent if filled else tokens.surface)
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(QPen(tokens.accent_text, 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        x, y = box.left(), box.top()
        if line.ticked:
            painter.drawPolyline(
                QPolygonF([QPointF(x + 3.2, y + 7.4), QPointF(x + 6, y + 10), QPointF(x + 10.8, y + 4)])
            )
        elif line.ticked is None:
            painter.drawLine(QLineF(x + 4, y + 7, x + 10, y + 7))

    def _paint_name(self, painter: QPainter, rect: QRect, line: SuggestionLine) -> None:
        tokens = theme.current()
        left, room = self._name_left(rect), self._name_room(rect, line)
        middle = rect.center().y() + 0.5
        ratio = painter.device().devicePixelRatioF()
        picture = theme.pixmap(category_icon_name(line.category), _ICON, theme.category_hue(line.category), ratio)
        painter.drawPixmap(QPointF(left - _ICON - theme.GAP - 2, middle - _ICON / 2), picture)
        font = self._bold if line.ticked else self._plain
        painter.setFont(font)
        metrics = QFontMetrics(font)
        painter.setPen(tokens.text if line.ticked is not False else tokens.text_muted)
        text = metrics.elidedText(line.name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(left, rect.top(), room, rect.height()), _LEFT, text)
        after = left + metrics.horizontalAdvance(text) + theme.GAP
        if line.by_hand:
            painter.drawPixmap(
                QPointF(after, middle - _HAND / 2), theme.pixmap("edit", _HAND, tokens.text_muted, ratio)
            )
            after += _HAND + theme.GAP
        self._paint_note(painter, rect, line, after + theme.GAP)

    def _paint_note(self, painter: QPainter, rect: QRect, line: SuggestionLine, after: float) -> None:
        painter.setFont(self._small)
        painter.setPen(theme.current().text_muted)
        if self._note_fits(line):
            painter.drawText(QRectF(after, rect.top(), rect.right() - after, rect.height()), _LEFT, line.note)
            return
        metrics, left = self._small_metrics, self._name_left(rect)
        cell = QRectF(left, rect.bottom() - theme.GAP + 1, rect.right() - left, metrics.height())
        painter.drawText(cell, _LEFT, metrics.elidedText(line.note, Qt.TextElideMode.ElideRight, int(cell.width())))

    def _paint_bar(self, painter: QPainter, rect: QRect, line: SuggestionLine, row: int) -> None:
        tokens = theme.current()
        bar = self.bar(rect)
        painter.setFont(self._digits)
        painter.setPen(tokens.text if line.ticked is not False else tokens.text_muted)
        number = QRectF(bar.right(), rect.top(), rect.right() - theme.GAP - bar.right(), rect.height())
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(number, right, probability_text(line.probability))
        if math.isnan(line.probability):
            return
        hue = theme.category_hue(line.category)
        painter.setPen(QPen(tokens.outline, 1))
        painter.setBrush(tokens.surface)
        painter.drawRoundedRect(bar, 3, 3)
        filled = QRectF(bar.left(), bar.top(), max(3.0, bar.width() * line.probability), bar.height())
        painter.setPen(QPen(hue, 1))
        painter.setBrush(hue if line.probability >= line.threshold else theme.category(line.category))
        painter.drawRoundedRect(filled, 3, 3)
        dragged = self.dragged is not None and self.dragged[0] == row
        threshold = self.dragged[1] if self.dragged is not None and dragged else line.threshold
        x = bar.left() + bar.width() * threshold
        for colour, width in ((tokens.surface, 4), (tokens.text, 2)):
            painter.setPen(QPen(colour, width))
            painter.drawLine(QLineF(x, bar.top() - 3, x, bar.bottom() + 3))
