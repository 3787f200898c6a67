"""A slider over the histogram of what it cuts: what lies at or above the handle is accepted.

Conventions: the slider's value is a threshold in thousandths; the histogram has bars of equal width over [0, 1].

Contents: ``HistogramSlider``
"""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSlider

from gui.look import theme

STEPS = 1000
"""Positions of the slider for thresholds from 0 to 1."""
_STEP = 10
"""One press of an arrow key: 0.01."""
_HANDLE = 10
_BASE = 3
"""Height of the line on which the bars stand."""


class HistogramSlider(QSlider):
    """Chooses a threshold by eye."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(0, STEPS)
        self.setSingleStep(_STEP)
        self.setPageStep(5 * _STEP)
        self.setMouseTracking(True)
        self._heights: Sequence[float] = ()
        self._hue: QColor | None = None
        theme.notifier().changed.connect(self.update)

    def show_histogram(self, heights: Sequence[float], hue: QColor | None) -> None:
        """Heights of the bars in [0, 1]; ``hue`` of what is accepted, the accent by default."""
        self._heights = heights
        self._hue = hue
        self.update()

    def show_threshold(self, threshold: float) -> None:
        """Show what was set elsewhere; while a person drags the handle it is theirs."""
        if not self.isSliderDown():
            blocked = self.blockSignals(True)
            self.setValue(round(threshold * STEPS))
            self.blockSignals(blocked)
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(260, 32)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(140, 28)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """The handle comes to where the pointer is."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._follow(event)
            event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if self.isSliderDown():
            self._follow(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.button() is Qt.MouseButton.LeftButton:
            self.setSliderDown(False)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self._area()
        cut = area.left() + area.width() * self.value() / STEPS
        self._paint_bars(painter, area, cut)
        self._paint_handle(painter, area, cut)
        painter.end()

    def _area(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_HANDLE / 2 + 2, 3, -_HANDLE / 2 - 2, -5)

    def _follow(self, event: QMouseEvent) -> None:
        area = self._area()
        self.setValue(round((event.position().x() - area.left()) / area.width() * STEPS))

    def _paint_bars(self, painter: QPainter, area: QRectF, cut: float) -> None:
        tokens = theme.current()
        accepted, left_out = self._hue or tokens.accent, tokens.border
        step = area.width() / max(len(self._heights), 1)
        for place, height in enumerate(self._heights):
            left = area.left() + place * step
            tall = max(height * (area.height() - _BASE), 1.0 if height else 0.0)
            bar = QRectF(left, area.bottom() - _BASE - tall, step - 1, tall)
            painter.fillRect(bar, left_out if bar.center().x() < cut else accepted)
        base = QRectF(area.left(), area.bottom() - _BASE + 1, area.width(), _BASE - 1)
        painter.fillRect(base, tokens.outline)
        painter.fillRect(QRectF(cut, base.top(), area.right() - cut, base.height()), accepted)

    def _paint_handle(self, painter: QPainter, area: QRectF, cut: float) -> None:
        tokens = theme.current()
        painter.setPen(QPen(tokens.text, 2))
        painter.drawLine(QPointF(cut, area.top()), QPointF(cut, area.bottom()))
        painter.setPen(QPen(tokens.focus_ring if self.hasFocus() else tokens.text, 2))
        painter.setBrush(tokens.surface)
        painter.drawEllipse(QPointF(cut, area.bottom() - 1), _HANDLE / 2, _HANDLE / 2)
