"""What a review holds of every row, and how scans, results, records and writes change it.

Conventions
-----------
A row's number is its identity for as long as the review lives. A decision concerns music, not a path: where a file
turns out to hold other audio than was decided about, the decision is dropped.

Contents
--------
``ReviewState``
"""

from collections.abc import Sequence
from enum import IntEnum
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from tagger_core.domain import FileStamp, Track, TrackFailure, TrackName
from tagger_core.model_card import ModelCard
from tagger_core.review.arrays import RowArray
from tagger_core.review.file_words import FileWords
from tagger_core.review.records import FROZEN, Records
from tagger_core.review.rules import Flags, Rules, find_rivals
from tagger_core.review.ticks import TICKED, UNTICKED, Ticks
from tagger_core.review.track_list import TrackList
from tagger_core.review.values import (
    AddedTag,
    Change,
    ChangeKind,
    Decision,
    Group,
    Heard,
    Record,
    Rewritten,
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


class ReviewState:
    """All rows; the methods here are told what happened to files, the commands of a person are in ``commands``."""

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
        self._ticks = Ticks(Rules(self._suggester, self._rivals))
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

    # Files

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

    def hear(self, heard: Sequence[Heard]) -> Rows:
        """Take in results; those of paths that are no row are passed over. Returns the rows."""
        found = {row: one for one in heard if (row := self._tracks.row_of(one.track.path)) is not None}
        rows = np.array(list(found), np.intp)
        if not rows.size:
            return rows
        for row, one in found.items():
            self._take_record(row, one)
            self._hear_one(row, one)
        self._stage.values[rows] = Stage.HEARD
        self._ticks.hear(rows, np.array([one.probabilities for one in found.values()], np.float32).T)
        self._ticks.say(rows, *self._judged_words(self._said.values[rows]))
        self._refresh(rows)
        return rows

    def name_tracks(self, names: Sequence[tuple[int, TrackName]]) -> Rows:
        """Take in what files call themselves, ahead of their analysis. Returns the rows that changed."""
        return np.array([row for row, name in names if self._tracks.rename(row, name)], np.intp)

    def fail(self, failures: Sequence[TrackFailure]) -> Rows:
        """Take in failures of the analysis. Returns the rows."""
        found = {row: one for one in failures if (row := self._tracks.row_of(one.track.path)) is not None}
        rows = np.array(list(found), np.intp)
        for row, failure in found.items():
            self._problems[row] = failure.reason
        self._stage.values[rows] = Stage.FAILED
        self._regroup(rows)
        return rows

    def retry(self, rows: Rows) -> Change:
        """Forget that these could not be analysed or written: they wait again, for whoever asked to retry them."""
        failed = rows[self._group.values[rows] == Group.FAILED]
        for row in failed.tolist():
            self._problems.pop(row, None)
        stages = self._stage.values
        stages[failed] = np.where(stages[failed] == Stage.FAILED, Stage.WAITING, stages[failed])
        self._regroup(failed)
        return Change(ChangeKind.RETRY, failed, tracks=failed.size)

    # What was written

    def mark_written(self, files: Sequence[Rewritten]) -> Change:
        """These were written, or say already all that was to be written."""
        rows = self._rewrite(files, Decision.WRITTEN)
        return Change(ChangeKind.WRITTEN, rows, tracks=rows.size)

    def mark_unwritten(self, files: Sequence[Rewritten]) -> Change:
        """The writing of these was undone: they are accepted, as before it."""
        rows = self._rewrite(files, Decision.ACCEPTED)
        return Change(ChangeKind.UNWRITTEN, rows, tracks=rows.size)

    def write_failed(self, path: Path, reason: str) -> Change:
        """This one could not be written; it stays accepted."""
        row = self._tracks.row_of(path)
        rows = np.array([] if row is None else [row], np.intp)
        for failed in rows.tolist():
            self._problems[failed] = reason
        self._regroup(rows)
        return Change(ChangeKind.WRITE_FAILED, rows, tracks=rows.size)

    # What is remembered

    def records(self, rows: Rows) -> Records:
        """What there is to remember of these rows: a copy, to be read on any thread."""
        numbers = rows.tolist()
        return Records(
            tags=self.tags,
            paths=[self._tracks.path_text(row) for row in numbers],
            sizes=self._sizes.values[:, rows],
            identities=self._identities.values[:, rows],
            audio=[self._audio[row] for row in numbers],
            decisions=self._decision.values[rows],
            hand=self._ticks.hand[:, rows],
            ticked=self._ticks.ticked[:, rows],
            added={place: self._added[row] for place, row in enumerate(numbers) if row in self._added},
            pending={place: self._pending[row] for place, row in enumerate(numbers) if row in self._pending},
        )

    def restore(self, records: Sequence[Record]) -> Rows:
        """Take in what was decided earlier about rows that were just added.

        At once where the file has not been touched since; else as soon as it is heard, if it is the same music.
        """
        found = {row: one for one in records if (row := self._tracks.row_of(one.path)) is not None}
        same = [row for row, record in found.items() if self.stamp(row) == record.stamp]
        self._pending.update(found)
        for row in same:
            self._restore_one(row, self._pending.pop(row))
        rows = np.array(same, np.intp)
        self._refresh(rows)
        return rows

    def stamp(self, row: int) -> FileStamp:
        return FileStamp(*self._sizes.values[:, row].tolist(), *self._identities.values[:, row].tolist())

    # Inside

    def _hear_one(self, row: int, heard: Heard) -> None:
        self._set_stamp(row, heard.track.stamp)
        self._audio[row] = heard.audio
        self._duration.values[row] = heard.duration
        self._said.values[row] = self._words.number(heard.present)
        self._writable.values[row] = not heard.unwritable
        self._tracks.rename(row, heard.name)
        self._problems.pop(row, None)
        _put(self._unwritable, row, heard.unwritable)
        _put(self._warnings, row, heard.warnings)

    def _heard(self, rows: Rows) -> Rows:
        """Those that were heard, and so may be ticked and accepted."""
        heard: Rows = rows[self._stage.values[rows] == Stage.HEARD]
        return heard

    def _to_write(self, rows: Rows) -> tuple[int, int]:
        """How many tags, in how many tracks, writing these as they are ticked would add to files."""
        tags = (self._ticks.fresh[rows] + self._extra.values[rows])[self._writable.values[rows]]
        return int(tags.sum(dtype=np.int64)), int(np.count_nonzero(tags))

    def _put_added(self, row: int, added: tuple[AddedTag, ...]) -> None:
        _put(self._added, row, added)

    def _take_record(self, row: int, heard: Heard) -> None:
        """Decide as was decided earlier, and drop what was decided about other music."""
        if self._audio[row] not in (b"", heard.audio):
            self._forget(row)
        record = self._pending.pop(row, None)
        if record is not None and record.audio in (b"", heard.audio):
            self._restore_one(row, record)

    def _forget(self, row: int) -> None:
        one = np.array([row], np.intp)
        self._decision.values[row] = Decision.OPEN
        self._put_added(row, ())
        self._ticks.freeze(one, False)
        self._ticks.set_hand(np.arange(len(self.tags)), one, 0)

    def _restore_one(self, row: int, record: Record) -> None:
        one = np.array([row], np.intp)
        hand = np.zeros((len(self.tags), 1), np.int8)
        hand[[self._columns[name] for name in record.ticked if name in self._columns]] = TICKED
        hand[[self._columns[name] for name in record.unticked if name in self._columns]] = UNTICKED
        every = np.arange(len(self.tags))
        self._ticks.set_hand(every, one, hand)
        self._audio[row] = self._audio[row] or record.audio
        self._decision.values[row] = record.decision
        known = {one.tag for one in record.added}
        gone = tuple(AddedTag(tag) for tag in record.frozen if tag.name not in self._columns and tag not in known)
        self._put_added(row, record.added + gone)
        self._ticks.freeze(one, record.decision in FROZEN)
        if record.decision in FROZEN:
            ticked = np.zeros((len(self.tags), 1), np.bool_)
            ticked[[self._columns[tag.name] for tag in record.frozen if tag.name in self._columns]] = True
            self._ticks.set_ticked(every, one, ticked)

    def _rewrite(self, files: Sequence[Rewritten], decision: Decision) -> Rows:
        found = {row: one for one in files if (row := self._tracks.row_of(one.track.path)) is not None}
        rows = np.array(list(found), np.intp)
        for row, one in found.items():
            self._set_stamp(row, one.track.stamp)
            self._said.values[row] = self._words.number(one.present)
            self._problems.pop(row, None)
        self._decision.values[rows] = decision
        self._ticks.freeze(rows, True)
        self._ticks.say(rows, *self._judged_words(self._said.values[rows]))
        self._refresh(rows)
        return rows

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


def _put(where: dict[int, _Value], row: int, value: _Value) -> None:
    """Keep what says something; most rows say nothing, and take no room."""
    if value:
        where[row] = value
    else:
        where.pop(row, None)
