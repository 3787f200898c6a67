"""What all pictures over time have in common: one axis, the playing position, and seeking.

A picture leaves a gutter of the same width at its left for names, so that the same moment is at the same place in all
of them. A click, and the end of a drag, ask to go to that moment.

Contents: ``TimePicture``, ``TimeAxis``, ``PICTURE_HEIGHT``
"""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui.inspector.words import clock, tooltip
from gui.look import theme

PICTURE_HEIGHT = 56


class TimePicture(QWidget):
    """Base of the pictures. Times are seconds."""

    sought = Signal(float)
    """Somebody wants to hear this moment."""

    def __init__(self) -> None:
        super().__init__()
        self._duration = 0.0
        self._position = 0.0
        self._gutter = 0
        self._hint = ""
        self._pressed = False
        self._dragged_to: float | None = None
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.notifier().changed.connect(self.theme_changed)

    @property
    def duration(self) -> float:
        """0 while it is not known: then there is nothing to seek in."""
        return self._duration

    def set_duration(self, seconds: float) -> None:
        self._duration = seconds
        self.setCursor(Qt.CursorShape.PointingHandCursor if seconds else Qt.CursorShape.ArrowCursor)
        self.update()

    def set_position(self, seconds: float) -> None:
        """Move the line that shows what is heard."""
        if round(self._x(seconds)) != round(self._x(self._position)):
            self.update()
        self._position = seconds

    def set_gutter(self, width: int) -> None:
        self._gutter = width
        self.update()

    @property
    def hint(self) -> str:
        """Why there is no picture, or ""."""
        return self._hint

    def set_hint(self, text: str) -> None:
        """Say why there is no picture yet; "" where there is one."""
        self._hint = text
        self.update()

    def plot(self) -> QRectF:
        """Where time runs, from the left edge to the right one."""
        return QRectF(self._gutter, 0, max(1, self.width() - self._gutter), self.height())

    def theme_changed(self) -> None:
        """Forget what was painted in other colours."""
        self.update()

    def paint_picture(self, painter: QPainter, plot: QRectF) -> None:
        """Draw everything but the position."""
        raise NotImplementedError

    def text_at(self, seconds: float, _y: float) -> str:
        """What the pointer is on."""
        return clock(seconds)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        plot = self.plot()
        self.paint_picture(painter, plot)
        if self._hint:
            painter.setPen(theme.current().text_muted)
            painter.drawText(plot, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._hint)
        if self._duration:
            self._paint_position(painter, plot)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        inside = event.position().x() >= self._gutter
        if inside and self._duration and event.button() is Qt.MouseButton.LeftButton:
            self.sought.emit(self._seconds_at(event.position().x()))
            self._pressed = True

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        place = event.position()
        if self._pressed:
            self._dragged_to = self._seconds_at(place.x())
            self.update()
        if self._duration and self.plot().contains(place):
            text = self.text_at(self._seconds_at(place.x()), place.y())
            QToolTip.showText(event.globalPosition().toPoint(), tooltip(text), self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Where a drag ends is asked for; on the way there it would be one decoder for each pixel."""
        wanted, self._dragged_to, self._pressed = self._dragged_to, None, False
        if wanted is not None:
            self.sought.emit(wanted)
        self.update()

    def _seconds_at(self, x: float) -> float:
        plot = self.plot()
        return min(max((x - plot.left()) / plot.width(), 0.0), 1.0) * self._duration

    def _x(self, seconds: float) -> float:
        plot = self.plot()
        return plot.left() + (plot.width() - 1) * seconds / self._duration if self._duration else plot.left()

    def _paint_position(self, painter: QPainter, plot: QRectF) -> None:
        tokens = theme.current()
        x = self._x(self._position if self._dragged_to is None else self._dragged_to)
        # A line of one colour would be lost on some value of the scale.
        for colour, width in ((tokens.surface, 3), (tokens.bad, 1)):
            painter.setPen(QPen(colour, width))
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))


_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200)
_LABEL_WIDTH = 52


class TimeAxis(TimePicture):
    """The times below the pictures."""

    def __init__(self) -> None:
        super().__init__()
        self.setFont(theme.font_small())
        self.setAccessibleName(self.tr("Time axis"))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(200, self.fontMetrics().height() + 4)

    def ticks(self) -> list[float]:
        """Seconds that get a label: as many as there is room for."""
        if not self._duration:
            return []
        room = max(1, int(self.plot().width() / _LABEL_WIDTH))
        step = next((step for step in _STEPS if self._duration / step <= room), _STEPS[-1])
        return [float(second) for second in range(0, int(self._duration) + 1, step)]

    def paint_picture(self, painter: QPainter, plot: QRectF) -> None:
        painter.setPen(theme.current().text_muted)
        height = plot.height()
        for seconds in self.ticks():
            label, x = clock(seconds), self._x(seconds)
            width = self.fontMetrics().horizontalAdvance(label)
            painter.drawLine(QPointF(x, 0), QPointF(x, 3))
            left = min(max(x - width / 2, plot.left()), plot.right() - width)
            painter.drawText(QRectF(left, 3, width + 2, height - 3), Qt.AlignmentFlag.AlignLeft, label)

    def _paint_position(self, painter: QPainter, plot: QRectF) -> None:
        """The pictures above show it."""
