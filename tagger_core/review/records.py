"""What there is to remember of many rows: copied from arrays in no time, made into records where there is time.

Contents
--------
``Records``, ``FROZEN``
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tagger_core.domain import FileStamp
from tagger_core.review.rules import Flags
from tagger_core.review.ticks import TICKED, UNTICKED
from tagger_core.review.values import AddedTag, Decision, Record
from tagger_core.vocabulary import Tag

FROZEN = (Decision.ACCEPTED, Decision.WRITTEN)
"""Decisions that keep a track's ticks as they are."""


@dataclass(frozen=True, slots=True)
class Records:
    """Iterates ``Record``. Matrices have the shape (tags, records), mappings go by the place in the sequence."""

    tags: Sequence[Tag]
    paths: Sequence[str]
    sizes: npt.NDArray[np.int64]
    identities: npt.NDArray[np.uint64]
    audio: Sequence[bytes]
    decisions: npt.NDArray[np.uint8]
    hand: npt.NDArray[np.int8]
    ticked: Flags
    added: Mapping[int, tuple[AddedTag, ...]]
    pending: Mapping[int, Record]
    """Decisions about files that were not heard since; they stay as they are."""

    def __len__(self) -> int:
        return len(self.paths)

    def __iter__(self) -> Iterator[Record]:
        stamps = map(FileStamp, *self.sizes.tolist(), *self.identities.tolist())
        decisions = [Decision(number) for number in self.decisions.tolist()]
        by_hand, against = self._chosen(self.hand == TICKED), self._chosen(self.hand == UNTICKED)
        frozen = self._chosen(self.ticked & np.isin(self.decisions, FROZEN))
        columns = zip(self.paths, stamps, self.audio, decisions, by_hand, against, frozen, strict=True)
        for place, (path, stamp, audio, decision, ticked, unticked, kept) in enumerate(columns):
            yield self.pending.get(place) or Record(
                path=path,
                stamp=stamp,
                audio=audio,
                decision=decision,
                ticked=tuple(tag.name for tag in ticked),
                unticked=tuple(tag.name for tag in unticked),
                frozen=tuple(kept),
                added=self.added.get(place, ()),
            )

    def _chosen(self, flags: Flags) -> Iterator[list[Tag]]:
        """For each record the tags that are flagged."""
        places, columns = np.nonzero(flags.T)
        ends = np.searchsorted(places, np.arange(len(self) + 1)).tolist()
        tags = [self.tags[column] for column in columns.tolist()]
        return (tags[start:end] for start, end in itertools.pairwise(ends))
