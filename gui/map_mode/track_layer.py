"""The tracks of the map as a picture: a sign for each, or, where there are too many, how many there are.

A sign says by its shape and its colour which group a track is in. In a crowd a cell of the picture is the more opaque
the more tracks are in it, and has the mean of their colours.

Contents: ``TrackLayer``, ``paint_sign``, ``CROWD``
"""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap, QPolygonF

from gui.look import theme
from gui.look.groups import group_colour
from tagger_core.review import Group

Floats = npt.NDArray[np.float32]

CROWD = 2_500
"""With more tracks on the screen than this, signs would only cover each other."""

SIGN = 9
"""Width of a sign's picture, in device-independent pixels."""

_SMALL_FROM, _SMALL = 600, 0.7
"""From so many tracks on, signs are smaller by this factor."""
_CELL, _FINE_CELL, _FINE_FROM = 3, 2, 20_000
"""Width of the cells of a crowd, in device-independent pixels, and from how many tracks on they are finer."""
_LEAST_OPACITY = 0.4
_RING, _MOST_RINGS = 6.0, 100
"""Radius of the rings around selected tracks; in a crowd, more are marked as its cells."""
_DRAWN_FIRST = (Group.SILENT, Group.SET_ASIDE, Group.WRITTEN, Group.READY, Group.ACCEPTED, Group.UNSURE)
"""The last lie on top: what waits for a person."""


class TrackLayer:
    """Paints points of the screen; keeps nothing but the pictures of the signs."""

    def __init__(self) -> None:
        self._signs: dict[tuple[Group, float, float], QPixmap] = {}

    def forget(self) -> None:
        """The palette has changed."""
        self._signs.clear()

    def paint(
        self,
        painter: QPainter,
        size: QSize,
        ratio: float,
        points: Floats,
        groups: npt.NDArray[np.uint8],
        selected: npt.NDArray[np.intp],
    ) -> None:
        """``points`` (n, 2) in device-independent pixels, ``groups`` (n,) of ``Group``, ``selected`` positions."""
        seen = on_screen(points, size)
        marked = points[selected][on_screen(points[selected], size)]
        accent = theme.current().accent
        crowd = len(seen) > CROWD
        if crowd:
            cell = _CELL if len(seen) < _FINE_FROM else _FINE_CELL
            _paint_crowd(painter, size, cell, points[seen], _colour_table()[groups[seen]])
        else:
            self._paint_signs(painter, ratio, points[seen], groups[seen])
        if crowd and len(marked) > _MOST_RINGS:
            _paint_crowd(painter, size, _CELL, marked, np.tile(_rgb(accent), (len(marked), 1)))
            return
        painter.setPen(QPen(accent, 1.6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        radius = _RING * _scale(len(seen))
        for x, y in marked.tolist():
            painter.drawEllipse(QPointF(x, y), radius, radius)

    def _paint_signs(self, painter: QPainter, ratio: float, points: Floats, groups: npt.NDArray[np.uint8]) -> None:
        scale = _scale(len(points))
        for group in _DRAWN_FIRST:
            sign = self._sign(group, scale, ratio)
            for x, y in (points[groups == group] - SIGN * scale / 2).tolist():
                painter.drawPixmap(QPointF(x, y), sign)

    def _sign(self, group: Group, scale: float, ratio: float) -> QPixmap:
        key = (group, scale, ratio)
        if key not in self._signs:
            width = round(SIGN * scale * ratio)
            picture = QPixmap(QSize(width, width))
            picture.setDevicePixelRatio(width / SIGN)
            picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(picture)
            paint_sign(painter, QPointF(SIGN / 2, SIGN / 2), group)
            painter.end()
            picture.setDevicePixelRatio(ratio)
            self._signs[key] = picture
        return self._signs[key]


def _scale(tracks: int) -> float:
    """Of the signs where so many tracks are seen."""
    return 1.0 if tracks < _SMALL_FROM else _SMALL


def on_screen(points: Floats, size: QSize) -> npt.NDArray[np.intp]:
    """Which points can be seen; those without a place cannot."""
    with np.errstate(invalid="ignore"):
        inside = (points >= 0).all(axis=1) & (points[:, 0] < size.width()) & (points[:, 1] < size.height())
    return np.flatnonzero(inside)


def paint_sign(painter: QPainter, at: QPointF, group: Group) -> None:
    """The sign of a group: what waits for a decision is filled, what is decided has corners."""
    colour = group_colour(group)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.current().surface, 0.8))
    painter.setBrush(colour)
    match group:
        case Group.READY:
            painter.drawEllipse(at, 3.4, 3.4)
        case Group.UNSURE:
            painter.drawPolygon(_polygon(at, ((0, -4), (4, 3.2), (-4, 3.2))))
        case Group.ACCEPTED:
            painter.drawRect(QRectF(at.x() - 3, at.y() - 3, 6, 6))
        case Group.WRITTEN:
            painter.drawPolygon(_polygon(at, ((0, -4.2), (4.2, 0), (0, 4.2), (-4.2, 0))))
        case Group.SET_ASIDE:
            painter.setPen(QPen(colour, 1.4))
            painter.drawLine(at + QPointF(-2.6, -2.6), at + QPointF(2.6, 2.6))
            painter.drawLine(at + QPointF(-2.6, 2.6), at + QPointF(2.6, -2.6))
        case _:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour, 1.3))
            painter.drawEllipse(at, 2.7, 2.7)


def _polygon(at: QPointF, corners: tuple[tuple[float, float], ...]) -> QPolygonF:
    return QPolygonF([at + QPointF(x, y) for x, y in corners])


def _paint_crowd(painter: QPainter, size: QSize, cell: int, points: Floats, colours: npt.NDArray[np.float64]) -> None:
    """``colours`` are red, green and blue of each point."""
    columns, lines = -(-size.width() // cell), -(-size.height() // cell)
    cells = (points[:, 1] // cell).astype(np.intp) * columns + (points[:, 0] // cell).astype(np.intp)
    counts = np.bincount(cells, minlength=columns * lines)
    full = np.flatnonzero(counts)
    shares = np.log1p(counts[full]) / np.log1p(counts.max(initial=1))
    pixels = np.zeros((columns * lines, 4), np.uint8)
    for channel in range(3):
        sums = np.bincount(cells, weights=colours[:, channel], minlength=columns * lines)
        pixels[full, channel] = sums[full] / counts[full]
    pixels[full, 3] = 255 * (_LEAST_OPACITY + (1 - _LEAST_OPACITY) * shares)
    image = QImage(pixels.tobytes(), columns, lines, 4 * columns, QImage.Format.Format_RGBA8888)
    painter.drawImage(QRectF(0, 0, columns * cell, lines * cell), image)


def _colour_table() -> npt.NDArray[np.float64]:
    """Group -> red, green, blue."""
    return np.array([_rgb(group_colour(group)) for group in Group])


def _rgb(colour: QColor) -> npt.NDArray[np.float64]:
    return np.array([colour.red(), colour.green(), colour.blue()], np.float64)
