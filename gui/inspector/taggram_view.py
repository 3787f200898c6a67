"""Tags over time: a row for each tag, lighter or darker with its probability, and the way to its strongest moments.

Conventions: column i of the values stands for ``[i, i + 1) * patch_seconds``, the last one for all that is left. NaN is
a moment that was not listened to: a hatched gap.

Contents: ``TagOverTime``, ``TaggramView``, ``strong_moments``
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QImage, QPainter

from gui.inspector.colour_scale import ColourScale
from gui.inspector.time_picture import TimePicture
from gui.inspector.words import clock, probability_text
from gui.look import theme
from gui.look.wording import filled
from tagger_core.domain import Category

_NEARLY = 0.9
"""A moment is strong if its value is a peak of at least this share of the tag's largest value."""


@dataclass(frozen=True, slots=True)
class TagOverTime:
    """One row. ``values`` has shape (patches,)."""

    name: str
    category: Category
    ticked: bool
    values: npt.NDArray[np.floating]


class TaggramView(TimePicture):
    """The rows, named in the gutter; ticked tags have a filled mark, the others an empty one."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[TagOverTime] = ()
        self._patch_seconds = 0.0
        self._image: QImage | None = None
        self._strongest = ""
        self.setFont(theme.font_small())
        self.setAccessibleName(self.tr("Tags over time: click to hear a moment"))

    @property
    def rows(self) -> Sequence[TagOverTime]:
        return self._rows

    @property
    def row_height(self) -> int:
        return self.fontMetrics().height() + 2

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(200, max(1, len(self._rows)) * self.row_height)

    def gutter_needed(self) -> int:
        """The width of the longest name."""
        widest = max((self.fontMetrics().horizontalAdvance(row.name) for row in self._rows), default=0)
        return widest + _MARK + 3 * theme.GAP if self._rows else 0

    def show_tags(self, rows: Sequence[TagOverTime], patch_seconds: float) -> None:
        self._rows = rows
        self._patch_seconds = patch_seconds
        self.setAccessibleDescription(", ".join(row.name for row in rows))
        self.theme_changed()
        self.updateGeometry()

    def clear(self) -> None:
        self.show_tags((), 0.0)

    def emphasise(self, name: str) -> None:
        """The tag that the person is at."""
        self._strongest = name
        self.update()

    def theme_changed(self) -> None:
        self._image = None
        self.update()

    def text_at(self, seconds: float, y: float) -> str:
        row = int(y / self.row_height)
        if not self._patch_seconds or not 0 <= row < len(self._rows):
            return clock(seconds)
        tag = self._rows[row]
        patch = min(int(seconds / self._patch_seconds), len(tag.values) - 1)
        if np.isnan(tag.values[patch]):
            return filled(self.tr("not listened to at %1"), clock(seconds))
        return filled(self.tr("%1 %2 at %3"), tag.name, probability_text(float(tag.values[patch])), clock(seconds))

    def paint_picture(self, painter: QPainter, plot: QRectF) -> None:
        if not self._rows:
            return
        if self._duration and self._patch_seconds:
            self._paint_values(painter, plot)
        for number, tag in enumerate(self._rows):
            self._paint_name(painter, tag, QRectF(0, number * self.row_height, self._gutter, self.row_height))

    def _paint_values(self, painter: QPainter, plot: QRectF) -> None:
        if self._image is None:
            self._image = ColourScale(theme.current()).image(np.stack([row.values for row in self._rows]))
        patches = self._image.width()
        height = len(self._rows) * self.row_height
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        if self._image.hasAlphaChannel():  # hatched, because nothing at all would look like a probability of 0
            hatching = QBrush(theme.current().border, Qt.BrushStyle.BDiagPattern)
            painter.fillRect(QRectF(plot.left(), 0, plot.width(), height), hatching)
        last = min(self._x((patches - 1) * self._patch_seconds), plot.right())
        if patches > 1:
            all_but_last = QRectF(0, 0, patches - 1, len(self._rows))
            painter.drawImage(QRectF(plot.left(), 0, last - plot.left(), height), self._image, all_but_last)
        painter.drawImage(
            QRectF(last, 0, plot.right() - last, height), self._image, QRectF(patches - 1, 0, 1, len(self._rows))
        )
        painter.setPen(theme.current().window)
        for number in range(1, len(self._rows)):
            y = number * self.row_height
            painter.drawLine(round(plot.left()), y, round(plot.right()), y)

    def _paint_name(self, painter: QPainter, tag: TagOverTime, cell: QRectF) -> None:
        hue = theme.category_hue(tag.category)
        mark = QRectF(cell.left() + 1, cell.center().y() - _MARK / 2, _MARK, _MARK)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(hue)
        painter.setBrush(hue if tag.ticked else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(mark)
        painter.restore()
        emphasised = tag.name == self._strongest
        painter.setPen(theme.current().text if tag.ticked or emphasised else theme.current().text_muted)
        font = self.font()
        font.setUnderline(emphasised)
        painter.setFont(font)
        text = cell.adjusted(_MARK + theme.GAP + 2, 0, -theme.GAP, 0)
        elided = self.fontMetrics().elidedText(tag.name, Qt.TextElideMode.ElideRight, int(text.width()) + 1)
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, elided)


_MARK = 7


def strong_moments(values: npt.NDArray[np.floating], patch_seconds: float) -> list[float]:
    """Where a tag is at its strongest, in seconds, in the order of time: the middles of the patches that are peaks."""
    if not len(values):
        return []
    known = np.where(np.isnan(values), -np.inf, values.astype(np.float64))
    padded = np.concatenate([[-np.inf], known, [-np.inf]])
    peaks = (known > padded[:-2]) & (known >= padded[2:]) & (known >= _NEARLY * known.max())
    return [float((patch + 0.5) * patch_seconds) for patch in np.flatnonzero(peaks)]
