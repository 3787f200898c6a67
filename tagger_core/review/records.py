"""What there is to remember of many rows: copied from arrays in no time, made into records where there is time.

Contents
--------
``Records``, ``frozen``
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

_AT_ONCE = 500


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
        """A few at a time: a thread that does this keeps no other one waiting long."""
        for start in range(0, len(self), _AT_ONCE):
            yield from self._made(slice(start, min(start + _AT_ONCE, len(self))))

    def _made(self, part: slice) -> Iterator[Record]:
        stamps = map(FileStamp, *self.sizes[:, part].tolist(), *self.identities[:, part].tolist())
        numbers, hand = self.decisions[part], self.hand[:, part]
        decisions = map(Decision, numbers.tolist())
        by_hand, against = self._chosen(hand == TICKED), self._chosen(hand == UNTICKED)
        kept = self._chosen(self.ticked[:, part] & frozen(numbers))
        columns = zip(self.paths[part], stamps, self.audio[part], decisions, by_hand, against, kept, strict=True)
        for place, (path, stamp, audio, decision, ticked, unticked, freeze) in enumerate(columns, part.start):
            yield self.pending.get(place) or Record(
                path=path,
                stamp=stamp,
                audio=audio,
                decision=decision,
                ticked=tuple(tag.name for tag in ticked),
                unticked=tuple(tag.name for tag in unticked),
                frozen=tuple(freeze),
                added=self.added.get(place, ()),
            )

    def _chosen(self, flags: Flags) -> Iterator[list[Tag]]:
        """For each record the tags that are flagged."""
        places, columns = np.nonzero(flags.T)
        ends = np.searchsorted(places, np.arange(flags.shape[1] + 1)).tolist()
        tags = [self.tags[column] for column in columns.tolist()]
        return (tags[start:end] for start, end in itertools.pairwise(ends))


def frozen(decisions: npt.NDArray[np.uint8]) -> Flags:
    """Which decisions keep a track's ticks as they are."""
    # Plain numbers: with a member of an enumeration numpy compares as 64 bits, which takes fifteen times longer.
    kept: Flags = (decisions == int(Decision.ACCEPTED)) | (decisions == int(Decision.WRITTEN))
    return kept
