"""Names of tags as pictures, painted once and kept: legible on tracks, larger for tags with more tracks.

Contents: ``LabelArtist``
"""

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

from gui.look import theme

SIZES = 5
"""Steps from the name of a tag that no track has to that of the most frequent."""

_LARGER = 0.45
_PADDING = 4.0
_HALO = 3.0


class LabelArtist:
    """Paints names; ``step`` is from 0 to ``SIZES`` - 1, ``chosen`` the tag that the person works on."""

    def __init__(self) -> None:
        self._pictures: dict[tuple[str, str, int, bool, float], QPixmap] = {}
        self._sizes: dict[tuple[str, int, bool], QSizeF] = {}

    def forget(self) -> None:
        """The palette or the font has changed."""
        self._pictures.clear()
        self._sizes.clear()

    def size(self, name: str, step: int, chosen: bool) -> QSizeF:
        key = (name, step, chosen)
        if key not in self._sizes:
            metrics = QFontMetricsF(_font(step, chosen))
            self._sizes[key] = QSizeF(metrics.horizontalAdvance(name), metrics.height())
        return self._sizes[key]

    def paint(
        self, painter: QPainter, at: QPointF, name: str, colour: QColor, step: int, chosen: bool, ratio: float
    ) -> None:
        """``at`` is the left upper corner of the name."""
        key = (name, colour.name(), step, chosen, ratio)
        if key not in self._pictures:
            self._pictures[key] = self._painted(name, colour, step, chosen, ratio)
        # On whole pixels of the screen, so that the text stays sharp.
        left, top = (round((value - _PADDING) * ratio) / ratio for value in (at.x(), at.y()))
        painter.drawPixmap(QPointF(left, top), self._pictures[key])

    def _painted(self, name: str, colour: QColor, step: int, chosen: bool, ratio: float) -> QPixmap:
        tokens, font = theme.current(), _font(step, chosen)
        size = self.size(name, step, chosen)
        width, height = size.width() + 2 * _PADDING, size.height() + 2 * _PADDING
        picture = QPixmap(QSize(round(width * ratio) + 1, round(height * ratio) + 1))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        path.addText(_PADDING, _PADDING + QFontMetricsF(font).ascent(), font, name)
        if chosen:
            painter.setPen(QPen(tokens.accent, 1.5))
            painter.setBrush(tokens.selection)
            painter.drawRoundedRect(QRectF(1, 2, width - 2, height - 4), theme.RADIUS, theme.RADIUS)
        else:
            rim = QPen(tokens.surface, _HALO)
            rim.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.strokePath(path, rim)
        painter.fillPath(path, colour)
        painter.end()
        return picture


def _font(step: int, chosen: bool) -> QFont:
    font = theme.font_bold() if chosen else theme.font_small()
    font.setPointSizeF(theme.font_small().pointSizeF() * (1 + _LARGER * step / (SIZES - 1)))
    return font
