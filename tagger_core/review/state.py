"""What a review holds of every row, and how scans, results, records and writes change it.

Conventions
-----------
A row's number is its identity for as long as the review lives. A decision concerns music, not a path: where a file
turns out to hold other audio than was decided about, the decision is dropped.

Contents
--------
``ReviewState``
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np

from tagger_core.domain import TrackFailure, TrackName
from tagger_core.review.arrays import selector
from tagger_core.review.records import Records, frozen
from tagger_core.review.row_data import RowData, Stage, put
from tagger_core.review.ticks import TICKED, UNTICKED
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

_Value = TypeVar("_Value")


class ReviewState(RowData):
    """All rows; the methods here are told what happened to files, the commands of a person are in ``commands``."""

    # Files

    def hear(self, heard: Sequence[Heard]) -> Rows:
        """Take in results; those of paths that are no row are passed over. Returns the rows."""
        found = {row: one for one in heard if (row := self._tracks.row_of(one.track.path)) is not None}
        rows = np.array(list(found), np.intp)
        if not rows.size:
            return rows
        self._take_records(found)
        for row, one in found.items():
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
        chosen, numbers = selector(rows), rows.tolist()
        return Records(
            tags=self.tags,
            paths=self._tracks.path_texts(numbers),
            sizes=self._sizes.values[:, chosen].copy(),
            identities=self._identities.values[:, chosen].copy(),
            audio=list(map(self._audio.__getitem__, numbers)),
            decisions=self._decision.values[chosen].copy(),
            hand=self._ticks.hand[:, chosen].copy(),
            ticked=self._ticks.ticked[:, chosen].copy(),
            added=_by_place(self._added, numbers),
            pending=_by_place(self._pending, numbers),
        )

    def restore(self, records: Sequence[Record]) -> Rows:
        """Take in what was decided earlier about rows that were just added.

        At once where the file has not been touched since; else as soon as it is heard, if it is the same music.
        """
        found = {row: one for one in records if (row := self._tracks.row_of(one.path)) is not None}
        same = {row: record for row, record in found.items() if self.stamp(row) == record.stamp}
        self._pending.update({row: record for row, record in found.items() if row not in same})
        rows = self._restore(same)
        self._refresh(rows)
        return rows

    # Inside

    def _hear_one(self, row: int, heard: Heard) -> None:
        self._set_stamp(row, heard.track.stamp)
        self._audio[row] = heard.audio
        self._duration.values[row] = heard.duration
        self._said.values[row] = self._words.number(heard.present)
        self._writable.values[row] = not heard.unwritable
        self._tracks.rename(row, heard.name)
        self._problems.pop(row, None)
        put(self._unwritable, row, heard.unwritable)
        put(self._warnings, row, heard.warnings)

    def _take_records(self, found: Mapping[int, Heard]) -> None:
        """Decide as was decided earlier, and drop what was decided about other music."""
        again = {}
        for row, heard in found.items():
            if self._audio[row] not in (b"", heard.audio):
                self._forget(row)
            record = self._pending.pop(row, None)
            if record is not None and record.audio in (b"", heard.audio):
                again[row] = record
        self._restore(again)

    def _forget(self, row: int) -> None:
        one = np.array([row], np.intp)
        self._decision.values[row] = Decision.OPEN
        self._put_added(row, ())
        self._ticks.freeze(one, False)
        self._ticks.set_hand(np.arange(len(self.tags)), one, 0)

    def _restore(self, records: Mapping[int, Record]) -> Rows:
        """Decide as it was decided about these rows; ``_refresh`` comes after it. Returns them."""
        rows = np.array(list(records), np.intp)
        hand = np.zeros((len(self.tags), rows.size), np.int8)
        kept = np.zeros(hand.shape, np.bool_)
        for place, (row, record) in enumerate(records.items()):
            hand[self._columns_of(record.ticked), place] = TICKED
            hand[self._columns_of(record.unticked), place] = UNTICKED
            kept[self._columns_of(tag.name for tag in record.frozen), place] = True
            self._audio[row] = self._audio[row] or record.audio
            self._decision.values[row] = record.decision
            known = {added.tag for added in record.added}
            gone = [tag for tag in record.frozen if tag.name not in self._columns and tag not in known]
            self._put_added(row, (*record.added, *map(AddedTag, gone)))
        every = np.arange(len(self.tags))
        decided = frozen(self._decision.values[rows])
        self._ticks.set_hand(every, rows, hand)
        self._ticks.set_ticked(every, rows[decided], kept[:, decided])
        self._ticks.freeze(rows, decided)
        return rows

    def _columns_of(self, names: Iterable[str]) -> list[int]:
        """Of those that the models know."""
        return [self._columns[name] for name in names if name in self._columns]

    def _rewrite(self, files: Sequence[Rewritten], decision: Decision) -> Rows:
        found = {row: one for one in files if (row := self._tracks.row_of(one.track.path)) is not None}
        rows = np.array(list(found), np.intp)
        for row, one in found.items():
            self._set_stamp(row, one.track.stamp)
            self._said.values[row] = self._words.number(one.present)
            self._problems.pop(row, None)
        if decision is Decision.ACCEPTED:  # of what was written by somebody else, nothing was decided here
            self._decision.values[rows[self._decision.values[rows] == Decision.WRITTEN]] = decision
        else:
            self._decision.values[rows] = decision
        self._ticks.freeze(rows, frozen(self._decision.values[rows]))
        self._ticks.say(rows, *self._judged_words(self._said.values[rows]))
        self._refresh(rows)
        return rows


def _by_place(values: Mapping[int, _Value], rows: Sequence[int]) -> dict[int, _Value]:
    """Of the few rows that have a value: the place among the rows -> the value."""
    return {place: values[row] for place, row in enumerate(rows) if row in values} if values else {}
