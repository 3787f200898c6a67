"""The track as a waveform: the smallest and the largest sample of each column."""

import math

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPen

from gui.inspector.time_picture import PICTURE_HEIGHT, TimePicture
from gui.look import theme


class WaveformView(TimePicture):
    """Loudness at a glance; what was played is in the accent's colour."""

    def __init__(self) -> None:
        super().__init__()
        self._extremes: npt.NDArray[np.float32] = np.empty((0, 2), np.float32)
        self._covered = 0.0
        self.setAccessibleName(self.tr("Waveform: click to hear a moment"))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(200, PICTURE_HEIGHT)

    def show_waveform(self, extremes: npt.NDArray[np.float32], covered: float) -> None:
        """``extremes`` has shape (columns, 2); ``covered`` is the seconds that the columns stand for together."""
        self._extremes = extremes
        self._covered = covered
        self.update()

    def clear(self) -> None:
        self.show_waveform(np.empty((0, 2), np.float32), 0.0)

    def lines(self, plot: QRectF) -> list[QLineF]:
        """One upright line for each pixel column of ``plot``."""
        if not len(self._extremes) or not self._duration:
            return []
        pixels = max(1, int(plot.width()))
        columns = len(self._extremes) * self._duration / self._covered
        extremes = self._extremes[: math.ceil(columns)]
        starts = np.minimum((np.arange(pixels) * columns / pixels).astype(int), len(extremes) - 1)
        lows = np.minimum.reduceat(extremes[:, 0], starts)
        highs = np.maximum.reduceat(extremes[:, 1], starts)
        middle, half = plot.center().y(), plot.height() / 2 - 1
        tops = middle - half * highs.clip(-1, 1)
        bottoms = middle - half * lows.clip(-1, 1) + 1
        left = plot.left()
        return [
            QLineF(left + x, top, left + x, bottom)
            for x, (top, bottom) in enumerate(zip(tops.tolist(), bottoms.tolist(), strict=True))
        ]

    def paint_picture(self, painter: QPainter, plot: QRectF) -> None:
        tokens = theme.current()
        painter.fillRect(plot, tokens.surface)
        lines = self.lines(plot)
        heard = round(self._x(self._position) - plot.left())
        self._draw(painter, lines[heard:], tokens.outline)
        self._draw(painter, lines[:heard], tokens.accent)

    @staticmethod
    def _draw(painter: QPainter, lines: list[QLineF], colour: QColor) -> None:
        if lines:
            painter.setPen(QPen(colour, 1))
            painter.drawLines(lines)
