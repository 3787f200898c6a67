"""Which tags of a track the taggram shows.

Contents: ``MOST_ROWS``, ``rows_over_time``, ``TaggramOfTags``
"""

from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from gui.inspector.taggram_view import TagOverTime

if TYPE_CHECKING:
    from tagger_core.review import Review

MOST_ROWS = 8


class TaggramOfTags(Protocol):
    """A taggram by the tags of the review. ``values`` has shape (patches, tags)."""

    @property
    def values(self) -> npt.NDArray[np.float16]: ...

    @property
    def patch_seconds(self) -> float: ...


def rows_over_time(review: "Review", row: int, taggram: TaggramOfTags | None, always: str = "") -> list[TagOverTime]:
    """The ticked tags first, then the most probable others; and, whatever it is, the tag ``always``.

    Without a taggram, the rows as they will be, without values.
    """
    values = taggram.values if taggram is not None else np.empty((0, len(review.tags)))
    ticked, probabilities = review.ticked[row], review.probabilities[row]
    order = sorted(range(len(review.tags)), key=lambda column: (not ticked[column], -probabilities[column]))
    shown = order[:MOST_ROWS]
    wanted = [column for column in order[MOST_ROWS:] if review.tags[column].name == always]
    return [
        TagOverTime(
            review.tags[column].name,
            review.tags[column].category,
            bool(ticked[column]),
            np.asarray(values[:, column], np.float32),
        )
        for column in (*shown[: MOST_ROWS - len(wanted)], *wanted)
    ]
