"""The histogram of a tag's probabilities, with the threshold as a line that can be dragged.

Everything is drawn in device-independent pixels from plain arrays; the widget knows neither tags nor the review.

Contents: ``Histogram``
"""

import math

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.look import theme

BINS = 50
STEP = 0.01
"""By which the keys move the threshold."""

_AXIS_STEPS = (0.0, 0.25, 0.5, 0.75, 1.0)
_GRAB = 8
_MARK = ((0, 2), (4, 9), (-4, 9))
"""Corners of the sign below the axis, in pixels from it."""
_KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class Histogram(QWidget):
    """Bars of counts over probability; those at or above the cut are filled."""

    cut_moved = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: npt.NDArray[np.intp] = np.zeros(BINS, np.intp)
        self._cut = 0.5
        self._logarithmic = True
        self._marks: tuple[float, ...] = ()
        self._hue = QColor()
        self._dragging = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(110)
        self.setAccessibleName(self.tr("Threshold on the histogram of probabilities"))
        self._describe()

    @property
    def cut(self) -> float:
        return self._cut

    def show_counts(self, counts: npt.NDArray[np.intp], hue: QColor, marks: tuple[float, ...] = ()) -> None:
        """Draw these counts, of equal steps of probability from 0 to 1, and small signs below the axis."""
        self._counts, self._hue, self._marks = counts, hue, marks
        self.update()

    def set_cut(self, value: float) -> None:
        """Put the line there; says nothing."""
        if value != self._cut:
            self._cut = value
            self._describe()
            self.update()

    def set_logarithmic(self, logarithmic: bool) -> None:
        """Whether ten times as many is one step higher, so that few tracks beside many can be seen."""
        self._logarithmic = logarithmic
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(480, 170)

    def event(self, event: QEvent) -> bool:
        # The arrows move the line here, whatever they are elsewhere.
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _KEYS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in _KEYS:
            self._move_to(self._cut + STEP * _KEYS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.button() is Qt.MouseButton.LeftButton:
            self._dragging = True
            self._move_to(self._value_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if self._dragging:
            self._move_to(self._value_at(event.position().x()))
        else:
            near = abs(event.position().x() - self._x(self._cut)) <= _GRAB
            self.setCursor(Qt.CursorShape.SplitHCursor if near else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self._dragging = False

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_grid(painter)
        self._paint_bars(painter)
        self._paint_axis(painter)
        self._paint_cut(painter)
        painter.end()

    def _move_to(self, value: float) -> None:
        value = round(min(max(value, 0.0), 1.0) / STEP) * STEP
        if abs(value - self._cut) >= STEP / 2:
            self.set_cut(value)
            self.cut_moved.emit(value)

    def _describe(self) -> None:
        self.setAccessibleDescription(
            self.tr("Threshold {value}; the arrow keys move it").format(value=self._text(self._cut))
        )

    def _text(self, value: float) -> str:
        return self.locale().toString(value, "f", 2)

    # geometry

    def _plot(self) -> QRectF:
        line = QFontMetricsF(theme.font_small()).height()
        left = QFontMetricsF(theme.font_small()).horizontalAdvance("100,000") + theme.SPACE
        return QRectF(left, line + theme.SPACE, self.width() - left - theme.SPACE, self.height() - 2.4 * line - 14)

    def _x(self, value: float) -> float:
        plot = self._plot()
        return plot.left() + value * plot.width()

    def _value_at(self, x: float) -> float:
        plot = self._plot()
        return (x - plot.left()) / plot.width()

    def _heights(self, counts: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """From 0 to 1, for the highest bar."""
        top = float(max(self._counts.max(initial=0), 1))
        if self._logarithmic:
            return np.log1p(counts) / math.log1p(top)
        return counts / top

    # painting

    def _paint_grid(self, painter: QPainter) -> None:
        plot, tokens = self._plot(), theme.current()
        painter.setFont(theme.font_small())
        metrics = QFontMetricsF(painter.font())
        last = math.inf
        for count in self._grid_counts():
            y = plot.bottom() - plot.height() * float(self._heights(np.array([count], float))[0])
            if last - y < metrics.height():
                continue
            last = y
            painter.setPen(QPen(tokens.border, 1))
            painter.drawLine(QLineF(plot.left(), y, plot.right(), y))
            painter.setPen(tokens.text_muted)
            where = QRectF(0, y - metrics.height() / 2, plot.left() - theme.GAP, metrics.height())
            painter.drawText(
                where, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self.locale().toString(count)
            )

    def _grid_counts(self) -> list[int]:
        top = int(self._counts.max(initial=0))
        if not top:
            return [0]
        if self._logarithmic:
            return [0, *(10**power for power in range(len(str(top))))]
        step = 10 ** (len(str(top)) - 1)
        step = step if top >= 2 * step else max(step // 2, 1)
        return list(range(0, top + 1, step))

    def _paint_bars(self, painter: QPainter) -> None:
        plot = self._plot()
        width = plot.width() / len(self._counts)
        faint = QColor(self._hue)
        faint.setAlphaF(0.3)
        painter.setPen(Qt.PenStyle.NoPen)
        cut = self._x(self._cut)
        for index, height in enumerate(self._heights(self._counts.astype(float)) * plot.height()):
            if not height:
                continue
            left, right = plot.left() + index * width + 0.5, plot.left() + (index + 1) * width - 0.5
            top = plot.bottom() - max(height, 1.5)
            # A bar that the line crosses is filled to the right of it.
            middle = min(max(cut, left), right)
            painter.fillRect(QRectF(left, top, middle - left, plot.bottom() - top), faint)
            painter.fillRect(QRectF(middle, top, right - middle, plot.bottom() - top), self._hue)

    def _paint_axis(self, painter: QPainter) -> None:
        plot, tokens = self._plot(), theme.current()
        metrics = QFontMetricsF(painter.font())
        painter.setPen(QPen(tokens.outline, 1))
        painter.drawLine(QLineF(plot.left(), plot.bottom(), plot.right(), plot.bottom()))
        painter.setPen(tokens.text_muted)
        top = plot.bottom() + 10
        for value in _AXIS_STEPS:
            where = QRectF(self._x(value) - 30, top, 60, metrics.height())
            flag = Qt.AlignmentFlag.AlignHCenter
            if value == 1:
                where, flag = where.translated(-30 + theme.SPACE, 0), Qt.AlignmentFlag.AlignRight
            painter.drawText(where, flag, self._text(value))
        painter.setBrush(tokens.text_muted)
        painter.setPen(Qt.PenStyle.NoPen)
        for mark in self._marks:
            x = self._x(mark)
            painter.drawPolygon(QPolygonF([QPointF(x + dx, plot.bottom() + dy) for dx, dy in _MARK]))

    def _paint_cut(self, painter: QPainter) -> None:
        plot, tokens = self._plot(), theme.current()
        x = self._x(self._cut)
        painter.setPen(QPen(tokens.accent, 2))
        painter.drawLine(QLineF(x, plot.top() - 2, x, plot.bottom() + 2))
        painter.setFont(theme.font_bold())
        metrics = QFontMetricsF(painter.font())
        text = self._text(self._cut)
        width = metrics.horizontalAdvance(text) + 2 * theme.SPACE
        height = metrics.height() + 2
        left = min(max(x - width / 2, 0.0), self.width() - width)
        handle = QRectF(left, plot.top() - 2 - height, width, height)
        painter.setPen(QPen(tokens.text, 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(tokens.accent)
        painter.drawRoundedRect(handle, theme.RADIUS, theme.RADIUS)
        painter.setPen(tokens.accent_text)
        painter.drawText(handle, Qt.AlignmentFlag.AlignCenter, text)
