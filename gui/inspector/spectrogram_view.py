"""The track as a log-mel spectrogram: what the models see."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter

from gui.inspector.colour_scale import ColourScale
from gui.inspector.time_picture import PICTURE_HEIGHT, TimePicture
from gui.look import theme

_LOUDEST_SHARE = 0.995
"""The scale ends at this quantile: a few clicks must not make everything else pale."""


class SpectrogramView(TimePicture):
    """Low bands at the bottom."""

    def __init__(self) -> None:
        super().__init__()
        self._log_mel: npt.NDArray[np.float32] = np.empty((0, 1), np.float32)
        self._covered = 0.0
        self._image: QImage | None = None
        self.setAccessibleName(self.tr("Log-mel spectrogram: click to hear a moment"))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(200, PICTURE_HEIGHT)

    def show_log_mel(self, log_mel: npt.NDArray[np.float32], covered: float) -> None:
        """``log_mel`` has shape (columns, bands); ``covered`` is the seconds that the columns stand for together."""
        self._log_mel = log_mel
        self._covered = covered
        self.theme_changed()

    def clear(self) -> None:
        self.show_log_mel(np.empty((0, 1), np.float32), 0.0)

    def theme_changed(self) -> None:
        self._image = None
        self.update()

    def paint_picture(self, painter: QPainter, plot: QRectF) -> None:
        painter.fillRect(plot, theme.current().surface)
        if not len(self._log_mel) or not self._duration:
            return
        if self._image is None:
            loudest = float(np.quantile(self._log_mel, _LOUDEST_SHARE)) or 1.0
            self._image = ColourScale(theme.current()).image(self._log_mel.T[::-1] / loudest)
        painter.save()
        painter.setClipRect(plot)
        # The last column may reach beyond the end of the track.
        wide = QRectF(plot.left(), plot.top(), plot.width() * self._covered / self._duration, plot.height())
        painter.drawImage(wide, self._image)
        painter.restore()
