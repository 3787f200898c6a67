"""Numbers as colours, for pictures over time.

The scale goes from the surface through the accent to the colour of text. Its lightness rises (dark palette) or falls
(light palette) all the way, in about equal steps: sRGB values are close to equally spaced for the eye. So the order of
values can be seen without seeing hues.

Contents: ``ColourScale``
"""

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor, QImage

from gui.look.palettes import Tokens

_STEPS = 256
_ACCENT_AT = 0.65


class ColourScale:
    """The scale of one palette."""

    def __init__(self, tokens: Tokens) -> None:
        places = np.linspace(0, 1, _STEPS)
        stops = [_channels(colour) for colour in (tokens.surface, tokens.accent, tokens.text)]
        red, green, blue = (
            np.interp(places, [0, _ACCENT_AT, 1], [stop[channel] for stop in stops]).round().astype(np.uint32)
            for channel in range(3)
        )
        self._table = np.uint32(0xFF000000) | red << 16 | green << 8 | blue

    def colour(self, value: float) -> QColor:
        """Of one value in [0, 1]."""
        return QColor.fromRgb(int(self._table[_steps(np.array(value))]))

    def image(self, values: npt.NDArray[np.floating]) -> QImage:
        """A picture of values in [0, 1], shape (height, width); one pixel each, the first row on top.

        Where nothing is known (NaN), nothing is painted.
        """
        height, width = values.shape
        pixels = np.ascontiguousarray(self._table[_steps(values)])
        unknown = np.isnan(values)
        pixels[unknown] = 0
        kind = QImage.Format.Format_ARGB32 if unknown.any() else QImage.Format.Format_RGB32
        # The copy owns its pixels: a QImage over an array would read freed memory once the array is gone.
        return QImage(pixels.data, width, height, 4 * width, kind).copy()


def _steps(values: npt.NDArray[np.floating]) -> npt.NDArray[np.intp]:
    steps: npt.NDArray[np.intp] = (np.nan_to_num(values).clip(0, 1) * (_STEPS - 1)).round().astype(np.intp)
    return steps


def _channels(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()
