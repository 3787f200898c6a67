"""What was accepted, copied from arrays in no time, to be planned and written where there is time.

Contents
--------
``Accepted``, ``AcceptedTracks``, ``strongest_first``
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tagger_core.domain import Track
from tagger_core.review.records import Records
from tagger_core.review.rules import Columns, Flags, Probabilities
from tagger_core.suggestions import odds
from tagger_core.vocabulary import Tag


@dataclass(frozen=True, slots=True)
class Accepted:
    """A track and all that is ticked in it, in the order in which it is written."""

    row: int
    track: Track
    audio: bytes
    tags: tuple[Tag, ...]


@dataclass(frozen=True, slots=True)
class AcceptedTracks:
    """Iterates ``Accepted``; any thread may do that. ``probabilities`` has the shape (tags, tracks)."""

    rows: Sequence[int]
    records: Records
    probabilities: Probabilities
    needed_odds: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Accepted]:
        for place, (row, record) in enumerate(zip(self.rows, self.records, strict=True)):
            columns = strongest_first(self.records.ticked[:, place], self.probabilities[:, place], self.needed_odds)
            tags = [self.records.tags[column] for column in columns.tolist()]
            tags += [added.tag for added in record.added if added.ticked]
            yield Accepted(row, Track(Path(record.path), record.stamp), record.audio, tuple(tags))


def strongest_first(ticked: Flags, probabilities: Probabilities, needed_odds: npt.NDArray[np.float64]) -> Columns:
    """The ticked columns of one track, the furthest above its threshold first, as ``Suggester`` orders them."""
    columns = np.flatnonzero(ticked)
    return columns[np.argsort(-odds(probabilities[columns]) / needed_odds[columns], kind="stable")]
