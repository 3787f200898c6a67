"""What the map shows, as one picture, and what lies under a point of it.

It holds plain arrays: tags are columns, tracks are positions in the arrays it was given. Points are device-independent
pixels.

Contents: ``MapScene``, ``MapTag``
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainter, QPen, QPixmap

from gui.look import theme
from gui.map_mode.label_artist import SIZES, LabelArtist
from gui.map_mode.labels import Label, place_labels
from gui.map_mode.track_layer import TrackLayer, on_screen
from gui.map_mode.viewport import Viewport
from tagger_core.domain import Category
from tagger_core.tag_map import inside

Floats = npt.NDArray[np.float32]
Positions = npt.NDArray[np.intp]

NOTHING = -1
REACH = 9.0
"""How far from a track or a tag's dot the pointer may be, in pixels."""

_MARGIN = 48
_DOT = 2.5


@dataclass(frozen=True, slots=True)
class MapTag:
    """A tag on the map; ``count`` decides which names are shown first."""

    name: str
    category: Category
    count: int


class MapScene:
    """Tags, tracks and the part of the map that is looked at."""

    def __init__(self) -> None:
        self.tags: Sequence[MapTag] = ()
        self.tag_places: Floats = np.empty((0, 2), np.float32)
        self.tag = NOTHING
        self.places: Floats = np.empty((0, 2), np.float32)
        self.groups: npt.NDArray[np.uint8] = np.empty(0, np.uint8)
        self.selected: Positions = np.empty(0, np.intp)
        self.labels: list[Label] = []
        self._view = Viewport.fit(self.tag_places, 1, 1, 0)
        self._fitted = True
        self._layer = TrackLayer()
        self._artist = LabelArtist()
        self._picture: QPixmap | None = None
        self._points: Floats = self.places

    @property
    def view(self) -> Viewport:
        return self._view

    @property
    def order(self) -> list[int]:
        """The columns of the tags, those on most tracks first."""
        return sorted(range(len(self.tags)), key=lambda column: -self.tags[column].count)

    def spoil(self) -> None:
        """Something has changed: the picture has to be painted again."""
        self._picture = None

    def restyle(self) -> None:
        self._layer.forget()
        self._artist.forget()
        self.spoil()

    def look(self, view: Viewport) -> None:
        self._view, self._fitted = view, False
        self.spoil()

    def fit(self) -> None:
        """See everything, also after the size has changed."""
        size = self._view.width, self._view.height
        self._view, self._fitted = Viewport.fit(self.tag_places, *size, _MARGIN), True
        self.spoil()

    def resize(self, size: QSize) -> None:
        fitting = Viewport.fit(self.tag_places, size.width(), size.height(), _MARGIN)
        self._view = fitting if self._fitted else self._view.resized(fitting)
        self.spoil()

    # what lies where; as it was last painted

    def point(self, position: int) -> QPointF:
        """Where a track is."""
        x, y = self._points[position].tolist()
        return QPointF(x, y)

    def track_at(self, at: QPointF) -> int:
        """The nearest track within reach, or ``NOTHING``."""
        return _nearest(self._points, at)

    def tag_at(self, at: QPointF) -> int:
        """The tag whose name or dot is there, or ``NOTHING``."""
        for label in self.labels:
            if label.holds(at.x(), at.y()):
                return label.column
        return _nearest(self._view.to_screen(self.tag_places), at)

    def tracks_in(self, lasso: Sequence[QPointF]) -> Positions:
        corners = np.array([(point.x(), point.y()) for point in lasso], np.float32)
        return np.flatnonzero(inside(corners, self._points))

    # painting

    def picture(self, size: QSize, ratio: float) -> QPixmap:
        """The whole map, painted again only where something has changed."""
        if self._picture is None or self._picture.devicePixelRatio() != ratio:
            self._picture = QPixmap(size * ratio)
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(theme.current().surface)
            painter = QPainter(self._picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint(painter, size, ratio)
            painter.end()
        return self._picture

    def _paint(self, painter: QPainter, size: QSize, ratio: float) -> None:
        self._points = self._view.to_screen(self.places)
        self._layer.paint(painter, size, ratio, self._points, self.groups, self.selected)
        points = self._view.to_screen(self.tag_places)
        seen = on_screen(points, size).tolist()
        for column in seen:
            self._paint_dot(painter, column, points[column])
        order = [column for column in self.order if column in seen]
        if self.tag in seen:  # the tag that the person works on is always named
            order = [self.tag, *(column for column in order if column != self.tag)]
        sizes = {column: self._artist.size(*self._manner(column)) for column in seen}
        self.labels = place_labels(order, points, sizes, (size.width(), size.height()))
        for label in self.labels:
            name, step, chosen = self._manner(label.column)
            hue = theme.category_hue(self.tags[label.column].category)
            self._artist.paint(painter, QPointF(label.left, label.top), name, hue, step, chosen, ratio)

    def _manner(self, column: int) -> tuple[str, int, bool]:
        """Name, step of size, and whether it is the tag that the person works on."""
        tag, most = self.tags[column], max(tag.count for tag in self.tags)
        share = math.log1p(tag.count) / math.log1p(most) if most else 0.0
        return tag.name, round(share * (SIZES - 1)), column == self.tag

    def _paint_dot(self, painter: QPainter, column: int, point: Floats) -> None:
        tokens = theme.current()
        painter.setPen(QPen(tokens.surface, 1))
        painter.setBrush(theme.category_hue(self.tags[column].category))
        painter.drawEllipse(QPointF(float(point[0]), float(point[1])), _DOT, _DOT)


def _nearest(points: Floats, at: QPointF) -> int:
    if not len(points):
        return NOTHING
    distances = np.square(points - np.array([at.x(), at.y()], np.float32)).sum(axis=1)
    if np.isnan(distances).all():
        return NOTHING
    nearest = int(np.nanargmin(distances))
    return nearest if distances[nearest] <= REACH**2 else NOTHING
