"""Arrays with one place for each row that grow as rows come."""

from typing import Any

import numpy as np
import numpy.typing as npt

from tagger_core.review.values import Rows

_GROWTH = 1.5
_FIRST_CAPACITY = 1024


class RowArray:
    """An array whose last axis is the rows: shape (rows,), or (width, rows) with each of its lines contiguous.

    What was reserved ahead is memory that the system has not handed out yet.
    """

    def __init__(self, dtype: npt.DTypeLike, fill: float = 0, width: int | None = None) -> None:
        self._fill = fill
        self._count = 0
        self._shape = () if width is None else (width,)
        self._reserved: npt.NDArray[Any] = np.empty((*self._shape, 0), dtype)

    def extend(self, count: int) -> None:
        """Append rows that hold the fill value."""
        end = self._count + count
        if end > self._reserved.shape[-1]:
            capacity = max(end, int(self._reserved.shape[-1] * _GROWTH), _FIRST_CAPACITY)
            larger = np.empty((*self._shape, capacity), self._reserved.dtype)
            larger[..., : self._count] = self.values
            self._reserved = larger
        self._reserved[..., self._count : end] = self._fill
        self._count = end

    @property
    def values(self) -> npt.NDArray[Any]:
        """The rows that are there: a view, valid until the next ``extend``."""
        return self._reserved[..., : self._count]


def crossing(lines: Rows, rows: Rows) -> tuple[Any, ...]:
    """The cells of a matrix where these lines and rows cross, as slices where they follow each other."""
    chosen = selector(lines), selector(rows)
    return chosen if any(isinstance(one, slice) for one in chosen) else np.ix_(lines, rows)


def selector(rows: Rows) -> Rows | slice:
    """The rows as a slice where they follow each other, which spares arrays a copy and much time."""
    if rows.size and rows[-1] - rows[0] + 1 == rows.size and bool((np.diff(rows) == 1).all()):
        return slice(int(rows[0]), int(rows[-1]) + 1)
    return rows
