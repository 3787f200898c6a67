"""The rows of a review: what is held of each, and what follows from what.

Contents
--------
``RowData``, ``Stage``, ``put``
"""

from collections.abc import Sequence
from enum import IntEnum
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from tagger_core.domain import FileStamp, Track
from tagger_core.model_card import ModelCard
from tagger_core.review.arrays import RowArray
from tagger_core.review.file_words import FileWords
from tagger_core.review.rules import Flags, Rules, find_rivals
from tagger_core.review.ticks import Ticks
from tagger_core.review.track_list import TrackList
from tagger_core.review.values import (
    AddedTag,
    Decision,
    Group,
    Record,
    Rows,
)
from tagger_core.settings import Settings
from tagger_core.suggestions import Suggester
from tagger_core.vocabulary import Tag, Vocabulary


class Stage(IntEnum):
    """How far the analysis of a track is."""

    WAITING = 0
    HEARD = 1
    FAILED = 2


_Value = TypeVar("_Value", str, tuple[str, ...], tuple[AddedTag, ...])

_GROUP_OF = {
    Decision.ACCEPTED: Group.ACCEPTED,
    Decision.REJECTED: Group.SET_ASIDE,
    Decision.SKIPPED: Group.SET_ASIDE,
    Decision.WRITTEN: Group.WRITTEN,
}


class RowData:
    """All rows as data; what may happen to them is in ``state``, what a person does with them in ``commands``."""

    def __init__(self, cards: Sequence[ModelCard], settings: Settings) -> None:
        self._cards = cards
        self._settings = settings
        self.vocabulary = Vocabulary(cards, settings.vocabulary)
        """Every tag there is, for completing what a person types."""
        self._suggester = Suggester(cards, settings, self.vocabulary)
        self.tags: tuple[Tag, ...] = self._suggester.tags
        """The columns: every tag that a model knows, by name."""
        self._columns = {tag.name: column for column, tag in enumerate(self.tags)}
        self._rivals = find_rivals([tag.name for tag in self.tags], self.vocabulary)
        strict = Suggester(cards, Settings(profile="strict"), self.vocabulary)
        self._ticks = Ticks(Rules(self._suggester, self._rivals), strict.thresholds)
        self._tracks = TrackList()
        self._words = FileWords(self.tags, settings, self.vocabulary)
        self._stage = RowArray(np.uint8, Stage.WAITING)
        self._decision = RowArray(np.uint8, Decision.OPEN)
        self._group = RowArray(np.uint8, Group.WAITING)
        self._duration = RowArray(np.float32, np.nan)
        self._said = RowArray(np.int32, self._words.number({}))
        self._writable = RowArray(np.bool_, 1)
        self._sizes = RowArray(np.int64, 0, 2)  # of the stamp: size and mtime_ns
        self._identities = RowArray(np.uint64, 0, 2)  # of the stamp: inode and device
        self._extra = RowArray(np.uint16)  # ticked tags that no model knows, and new in the file
        self._arrays = (
            self._stage,
            self._decision,
            self._group,
            self._duration,
            self._said,
            self._writable,
            self._sizes,
            self._identities,
            self._extra,
        )
        self._audio: list[bytes] = []
        self._added: dict[int, tuple[AddedTag, ...]] = {}
        self._warnings: dict[int, tuple[str, ...]] = {}
        self._unwritable: dict[int, str] = {}
        self._problems: dict[int, str] = {}
        self._pending: dict[int, Record] = {}

    def __len__(self) -> int:
        return len(self._audio)

    @property
    def cards(self) -> Sequence[ModelCard]:
        """Of the models that listen."""
        return self._cards

    @property
    def settings(self) -> Settings:
        """Those in force, the thresholds that were set in this review included."""
        return self._settings

    def add(self, tracks: Sequence[Track]) -> range:
        """Append rows for tracks that are not there yet; one that is there takes its new stamp."""
        known = {track.path: row for track in tracks if (row := self._tracks.row_of(track.path)) is not None}
        new = list({track.path: track for track in tracks if track.path not in known}.values())
        rows = self._tracks.add([track.path for track in new])
        self._ticks.extend(len(new))
        for array in self._arrays:
            array.extend(len(new))
        self._audio += [b""] * len(new)
        for row, track in zip(rows, new, strict=True):
            self._set_stamp(row, track.stamp)
        for track in tracks:
            if track.path in known:
                self._set_stamp(known[track.path], track.stamp)
        everything = np.arange(rows.start, rows.stop)
        nothing = np.zeros(len(new), np.int32) + self._words.number({})
        self._ticks.say(everything, *self._judged_words(nothing))
        return rows

    def stamp(self, row: int) -> FileStamp:
        return FileStamp(*self._sizes.values[:, row].tolist(), *self._identities.values[:, row].tolist())

    # Inside

    def _heard(self, rows: Rows) -> Rows:
        """Those that were heard, and so may be ticked and accepted."""
        heard: Rows = rows[self._stage.values[rows] == Stage.HEARD]
        return heard

    def _to_write(self, rows: Rows) -> tuple[int, int]:
        """How many tags, in how many tracks, writing these as they are ticked would add to files."""
        tags = (self._ticks.fresh[rows] + self._extra.values[rows])[self._writable.values[rows]]
        return int(tags.sum(dtype=np.int64)), int(np.count_nonzero(tags))

    def _put_added(self, row: int, added: tuple[AddedTag, ...]) -> None:
        put(self._added, row, added)

    def _judged_words(self, numbers: npt.NDArray[np.int32]) -> tuple[Flags, Flags]:
        words = self._words
        return words.of_files(words.blocked, numbers), words.of_files(words.new, numbers)

    def _set_stamp(self, row: int, stamp: FileStamp) -> None:
        self._sizes.values[:, row] = stamp.size, stamp.mtime_ns
        self._identities.values[:, row] = stamp.inode, stamp.device

    def _refresh(self, rows: Rows) -> None:
        """Everything that follows from the rest, after a change in these rows."""
        self._ticks.refresh(rows)
        self._extra.values[rows] = 0
        for row in self._added.keys() & set(rows.tolist()) if self._added else ():
            number = int(self._said.values[row])
            self._extra.values[row] = sum(
                added.ticked and self._words.adds(number, added.tag) for added in self._added[row]
            )
        self._regroup(rows)

    def _regroup(self, rows: Rows) -> None:
        """Work out the groups of these rows."""
        stage, decision = self._stage.values[rows], self._decision.values[rows]
        fresh, sure = self._ticks.fresh[rows], self._ticks.sure[rows]
        extra = self._extra.values[rows]
        groups = np.where(2 * (sure + extra) >= fresh + extra, np.uint8(Group.READY), np.uint8(Group.UNSURE))
        groups[fresh + extra == 0] = Group.SILENT
        groups[stage == Stage.WAITING] = Group.WAITING
        for decided, group in _GROUP_OF.items():
            groups[decision == decided] = group
        self._group.values[rows] = groups
        for row in self._problems.keys() & set(rows.tolist()) if self._problems else ():
            if self._group.values[row] != Group.SET_ASIDE:
                self._group.values[row] = Group.FAILED


def put(where: dict[int, _Value], row: int, value: _Value) -> None:
    """Keep what says something; most rows say nothing, and take no room."""
    if value:
        where[row] = value
    else:
        where.pop(row, None)
