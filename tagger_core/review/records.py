"""What there is to remember of many rows: copied from arrays in no time, made into records where there is time.

Contents
--------
``Records``, ``FROZEN``
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import overload

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
class Records(Sequence[Record]):
    """A sequence of ``Record``; matrices have the shape (tags, records), mappings go by the place in the sequence."""

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
        return (self[place] for place in range(len(self)))

    @overload
    def __getitem__(self, place: int) -> Record: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Record]: ...
    def __getitem__(self, place: int | slice) -> Record | Sequence[Record]:
        if isinstance(place, slice):
            return [self[one] for one in range(len(self))[place]]
        if place in self.pending:
            return self.pending[place]
        decision = Decision(self.decisions[place])
        return Record(
            path=Path(self.paths[place]),
            stamp=FileStamp(*self.sizes[:, place].tolist(), *self.identities[:, place].tolist()),
            audio=self.audio[place],
            decision=decision,
            ticked=tuple(tag.name for tag in self._where(self.hand[:, place] == TICKED)),
            unticked=tuple(tag.name for tag in self._where(self.hand[:, place] == UNTICKED)),
            frozen=tuple(self._where(self.ticked[:, place])) if decision in FROZEN else (),
            added=self.added.get(place, ()),
        )

    def _where(self, flags: Flags) -> Iterator[Tag]:
        return (self.tags[column] for column in np.flatnonzero(flags).tolist())
