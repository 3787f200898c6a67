"""How probabilities are spread, as heights of bars; worked out again only when noticeably more was listened to.

Contents: ``Spread``
"""

from typing import TYPE_CHECKING

import numpy as np

from tagger_core.review import Group

if TYPE_CHECKING:
    from tagger_core.review import Review

_NOTICEABLE = 1.05
"""Histograms are worked out again when so many times more tracks were listened to."""


class Spread:
    """Histograms of one review's tags, of so many bars."""

    def __init__(self, bars: int) -> None:
        self._bars = bars
        self._review: Review | None = None
        self._heard = 0
        self._heights: dict[int | None, list[float]] = {}

    def look_again(self, review: "Review") -> None:
        """Forget what is old: to be called when the review has changed."""
        heard = len(review) - review.counts()[Group.WAITING]
        if review is not self._review or heard > self._heard * _NOTICEABLE or heard < self._heard:
            self._review = review
            self._heard = heard
            self._heights.clear()

    def heights(self, review: "Review", column: int | None) -> list[float]:
        """In [0, 1], for probabilities from 0 to 1; column ``None``: of all tags together.

        On a logarithmic scale: most tracks do not have a tag, so the first bar would hide all others.
        """
        heights = self._heights.get(column)
        if heights is None:
            columns = range(len(review.tags)) if column is None else (column,)
            counts = np.zeros(self._bars)
            for one in columns:
                counts += review.histogram(one, self._bars)
            scaled = np.log1p(counts)
            heights = self._heights[column] = (scaled / max(scaled.max(), 1.0)).tolist()
        return heights
