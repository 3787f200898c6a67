"""Where the tracks of the review lie, kept up to date as they are heard and as thresholds move.

Contents: ``TrackPlaces``
"""

import logging
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tagger_core.errors import ModelError
from tagger_core.tag_map import TagMap, place_tags, place_tracks, shipped_tag_map

if TYPE_CHECKING:
    from tagger_core.review import Review

log = logging.getLogger(__name__)

Floats = npt.NDArray[np.float32]


class TrackPlaces:
    """``of_tags`` (tags, 2) and ``of_tracks`` (rows, 2) of one review; nan for tracks that were not heard."""

    def __init__(self, review: "Review") -> None:
        self._review = review
        self.of_tags: Floats = place_tags(review.tags, _known())
        self.of_tracks: Floats = np.empty((0, 2), np.float32)
        self._thresholds: Floats = np.empty(0, np.float32)
        self._seen: Floats = np.empty(0, np.float32)

    def refresh(self) -> bool:
        """Place what has changed since the last time; whether anything had."""
        probabilities, thresholds = self._review.probabilities, self._review.thresholds
        # One tag tells whether a track was heard (again): two analyses that differ, differ in every tag.
        seen = probabilities[:, 0] if probabilities.shape[1] else np.full(len(probabilities), np.nan, np.float32)
        if not np.array_equal(thresholds, self._thresholds):
            changed = np.arange(len(seen))
        else:
            before = np.full(len(seen), np.nan, np.float32)
            before[: len(self._seen)] = self._seen
            changed = np.flatnonzero((seen != before) & ~(np.isnan(seen) & np.isnan(before)))
        if len(seen) == len(self._seen) and not len(changed):
            return False
        places = np.full((len(seen), 2), np.nan, np.float32)
        places[: len(self.of_tracks)] = self.of_tracks
        places[changed] = place_tracks(changed, probabilities, thresholds, self.of_tags)
        self.of_tracks, self._seen, self._thresholds = places, seen.copy(), thresholds.copy()
        return True


def _known() -> TagMap:
    try:
        return shipped_tag_map()
    except ModelError as error:
        log.warning("%s; the tags are placed by category instead", error)
        return {}
