"""Which names of tags are shown, and where: the more important first, none over another.

Contents: ``Label``, ``place_labels``
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QSizeF

_GAP = 5.0
"""Between a tag's dot and its name, in pixels."""
_AIR = 2.0
"""Between two names, in pixels."""


@dataclass(frozen=True, slots=True)
class Label:
    """A name at its place: left, top, width and height in pixels."""

    column: int
    left: float
    top: float
    width: float
    height: float

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x <= self.left + self.width and self.top <= y <= self.top + self.height


def place_labels(
    order: Sequence[int],
    points: npt.NDArray[np.float32],
    sizes: Mapping[int, QSizeF],
    screen: tuple[float, float],
) -> list[Label]:
    """The names that find room, tried in ``order``: above their dot, below, to the right, to the left.

    ``points`` are the dots on the screen, ``sizes`` those of the names, both by column.
    """
    placed: list[Label] = []
    taken = np.empty((len(order), 4))
    for column in order:
        x, y = points[column]
        if not (0 <= x <= screen[0] and 0 <= y <= screen[1]):
            continue
        width, height = sizes[column].width(), sizes[column].height()
        for left, top in _candidates(float(x), float(y), width, height):
            left = min(max(left, 0.0), screen[0] - width)
            if top < 0 or top + height > screen[1] or _overlaps(taken[: len(placed)], left, top, width, height):
                continue
            taken[len(placed)] = left - _AIR, top - _AIR, left + width + _AIR, top + height + _AIR
            placed.append(Label(column, left, top, width, height))
            break
    return placed


def _candidates(x: float, y: float, width: float, height: float) -> tuple[tuple[float, float], ...]:
    return (
        (x - width / 2, y - height - _GAP),
        (x - width / 2, y + _GAP),
        (x + _GAP + 1, y - height / 2),
        (x - width - _GAP - 1, y - height / 2),
    )


def _overlaps(taken: npt.NDArray[np.float64], left: float, top: float, width: float, height: float) -> bool:
    return bool(
        np.any((taken[:, 0] < left + width) & (left < taken[:, 2]) & (taken[:, 1] < top + height) & (top < taken[:, 3]))
    )
