"""Chips: a tag as a small picture, painted once and kept.

What a chip says without its colour: a ticked tag is filled and has a check mark, or a dotted outline instead where the
preset has no field to write it to; a near miss is an outline; the upright bar at its end is as full as the tag is
probable; a tag that a person has unticked is struck through.

Conventions: lengths are device-independent pixels; a picture has the resolution of the screen that it is made for.

Contents: ``ChipArtist``
"""

import math
from collections import OrderedDict
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPixmap, QPolygonF

from gui.look import theme
from tagger_core.review import Reason, ReviewTag

_PADDING = 6
_CHECK = 8
_METER = 4
_GAP = 4
_LEVELS = 12
"""Steps in which the bar fills: it is about twelve pixels high."""


class ChipArtist:
    """Paints chips in one font for one resolution; keeps the latest ``capacity`` pictures."""

    def __init__(self, font: QFont, height: int, ratio: float, capacity: int = 1024) -> None:
        self.height = height
        self.ratio = ratio
        self._font = font
        self._metrics = QFontMetrics(font)
        self._capacity = capacity
        self._pictures: OrderedDict[object, QPixmap] = OrderedDict()
        self._widths: dict[tuple[str, bool], int] = {}
        self._more_widths: dict[int, int] = {}

    def __len__(self) -> int:
        """Pictures that are kept."""
        return len(self._pictures)

    def width(self, tag: ReviewTag) -> int:
        """Of the tag's chip: what is measured here is what ``chip`` paints."""
        key = (tag.name, _is_checked(tag))
        width = self._widths.get(key)
        if width is None:
            check = _CHECK + _GAP if _is_checked(tag) else 0
            text = self._metrics.horizontalAdvance(tag.name)
            width = self._widths[key] = 2 * _PADDING + check + text + _GAP + _METER
        return width

    def more_width(self, count: int) -> int:
        """Of the sign that so many chips found no room."""
        width = self._more_widths.get(count)
        if width is None:
            width = self._more_widths[count] = self._metrics.horizontalAdvance(_more(count)) + 2 * _GAP
        return width

    def chip(self, tag: ReviewTag) -> QPixmap:
        level = -1 if math.isnan(tag.probability) else round(tag.probability * _LEVELS)
        key = (tag.name, tag.category, tag.ticked, _is_checked(tag), tag.by_hand, level)
        return self._kept(key, self.width(tag), lambda painter: self._paint(painter, tag, level))

    def more(self, count: int) -> QPixmap:
        return self._kept(count, self.more_width(count), lambda painter: self._paint_more(painter, count))

    def _kept(self, key: object, width: int, paint: Callable[[QPainter], None]) -> QPixmap:
        picture = self._pictures.get(key)
        if picture is not None:
            self._pictures.move_to_end(key)
            return picture
        picture = QPixmap(QSize(round(width * self.ratio), round(self.height * self.ratio)))
        picture.setDevicePixelRatio(self.ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        paint(painter)
        painter.end()
        self._pictures[key] = picture
        if len(self._pictures) > self._capacity:
            self._pictures.popitem(last=False)
        return picture

    def _paint(self, painter: QPainter, tag: ReviewTag, level: int) -> None:
        width = self.width(tag)
        tokens, hue = theme.current(), theme.category_hue(tag.category)
        outline = QRectF(0.5, 0.5, width - 1, self.height - 1)
        line = Qt.PenStyle.DotLine if tag.ticked and not _is_checked(tag) else Qt.PenStyle.SolidLine
        painter.setPen(QPen(hue if tag.ticked else tokens.outline, 1, line))
        painter.setBrush(theme.category(tag.category) if tag.ticked else tokens.surface)
        painter.drawRoundedRect(outline, theme.RADIUS, theme.RADIUS)
        left = float(_PADDING)
        if _is_checked(tag):
            self._paint_check(painter, left, hue)
            left += _CHECK + _GAP
        self._paint_name(painter, left, tag)
        if level >= 0:
            self._paint_meter(painter, width - _PADDING - _METER, level, hue)

    def _paint_check(self, painter: QPainter, left: float, colour: QColor) -> None:
        middle = self.height / 2
        pen = QPen(colour, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        points = ((0.5, 0.2), (3.0, 2.8), (7.5, -2.8))
        painter.drawPolyline(QPolygonF([QPointF(left + x, middle + y) for x, y in points]))

    def _paint_name(self, painter: QPainter, left: float, tag: ReviewTag) -> None:
        tokens = theme.current()
        if tag.by_hand and not tag.ticked:
            font = QFont(self._font)
            font.setStrikeOut(True)
            painter.setFont(font)
        painter.setPen(tokens.text if tag.ticked else tokens.text_muted)
        painter.drawText(QPointF(left, self._baseline()), tag.name)

    def _paint_meter(self, painter: QPainter, left: float, level: int, hue: QColor) -> None:
        height = self.height - 6
        full = height * level / _LEVELS
        painter.setPen(Qt.PenStyle.NoPen)
        track = QColor(hue)
        track.setAlphaF(0.28)
        painter.fillRect(QRectF(left, 3, _METER, height), track)
        painter.fillRect(QRectF(left, 3 + height - full, _METER, full), hue)

    def _paint_more(self, painter: QPainter, count: int) -> None:
        painter.setPen(theme.current().text_muted)
        painter.drawText(QPointF(_GAP, self._baseline()), _more(count))

    def _baseline(self) -> float:
        return (self.height - self._metrics.height()) / 2 + self._metrics.ascent()


def _is_checked(tag: ReviewTag) -> bool:
    return tag.ticked and tag.reason is not Reason.NO_FIELD


def _more(count: int) -> str:
    return f"+{count}"
