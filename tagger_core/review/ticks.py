"""Which tag is ticked in which track: the rule, overruled by hand, and frozen once it was decided about.

How sure a suggestion is
------------------------
A tag that was ticked by hand is sure, and so is one whose odds are at least ``SURE_ODDS`` times those at its
threshold. A track is ready if at least half of the tags that would be new in its file are sure, else unsure.
On 340 files of eight games' soundtracks, with both shipped models and the profile balanced, READY_SHARES

Conventions
-----------
Matrices have the shape (tags, rows), see ``rules``. ``columns`` and ``rows`` choose lines and columns of them.

Contents
--------
``Ticks``, ``SURE_ODDS``, ``NEAR_ODDS``
"""

import numpy as np
import numpy.typing as npt

from tagger_core.review.arrays import RowArray, selector
from tagger_core.review.rules import Columns, Flags, Probabilities, Rules
from tagger_core.review.values import Rows
from tagger_core.suggestions import odds

SURE_ODDS = 1.3
"""So many times the odds at its threshold make a suggestion sure."""

NEAR_ODDS = 2.0
"""A tag is a near miss, and shown as one, if so many times its odds would reach its threshold."""

TICKED, UNTICKED = 1, -1
"""What a hand has said; 0 is nothing."""


class Ticks:
    """The matrices of a review and the counts that its groups follow from."""

    def __init__(self, rules: Rules) -> None:
        tags = len(rules.thresholds)
        self._probabilities = RowArray(np.float32, np.nan, tags)
        self._hand = RowArray(np.int8, 0, tags)
        self._ticked = RowArray(np.bool_, 0, tags)
        self._blocked = RowArray(np.bool_, 0, tags)
        self._new = RowArray(np.bool_, 0, tags)
        self._frozen = RowArray(np.bool_)
        self._fresh = RowArray(np.uint16)
        self._sure = RowArray(np.uint16)
        self._arrays = (
            self._probabilities,
            self._hand,
            self._ticked,
            self._blocked,
            self._new,
            self._frozen,
            self._fresh,
            self._sure,
        )
        self._all = np.arange(tags)
        self._use(rules)

    def extend(self, count: int) -> None:
        """Append rows of which nothing is known."""
        for array in self._arrays:
            array.extend(count)

    @property
    def probabilities(self) -> Probabilities:
        return self._probabilities.values

    @property
    def ticked(self) -> Flags:
        return self._ticked.values

    @property
    def hand(self) -> npt.NDArray[np.int8]:
        return self._hand.values

    @property
    def new(self) -> Flags:
        """Whether writing the tag would add a value to the file."""
        return self._new.values

    @property
    def fresh(self) -> npt.NDArray[np.uint16]:
        """How many ticked tags would be new in the file, shape (rows,)."""
        return self._fresh.values

    @property
    def sure(self) -> npt.NDArray[np.uint16]:
        """How many of those are sure, shape (rows,)."""
        return self._sure.values

    @property
    def sure_from(self) -> Probabilities:
        """The probability from which on each tag is sure, shape (tags,)."""
        return self._sure_from

    def change_rules(self, rules: Rules, columns: Columns) -> Rows:
        """Judge by other thresholds, which differ from the old ones in these columns. Returns the rows that differ."""
        old_sure_from = self._sure_from
        self._use(rules)
        everything = slice(None)
        return np.flatnonzero(self._judge(rules.concerned(columns), everything, old_sure_from))

    def hear(self, rows: Rows, probabilities: Probabilities) -> None:
        """Take in what was heard, shape (tags, rows); ``say`` and ``refresh`` come after it."""
        self._probabilities.values[:, rows] = probabilities

    def say(self, rows: Rows, blocked: Flags, new: Flags) -> None:
        """Take in what the files say, shapes (tags, rows); ``refresh`` comes after it."""
        self._blocked.values[:, rows] = blocked
        self._new.values[:, rows] = new

    def set_hand(self, columns: Columns, rows: Rows, hand: npt.NDArray[np.int8] | int) -> None:
        """Tick or untick by hand, in frozen rows too; ``refresh`` comes after it where 0 is set."""
        cells = np.ix_(columns, rows)
        self._hand.values[cells] = hand
        now = self._hand.values[cells]
        self._ticked.values[cells] = np.where(now == 0, self._ticked.values[cells], now == TICKED)

    def set_ticked(self, columns: Columns, rows: Rows, ticked: Flags) -> None:
        """Tick as it was ticked before; of rows that are not frozen, ``refresh`` makes what the rule says."""
        self._ticked.values[np.ix_(columns, rows)] = ticked

    def freeze(self, rows: Rows, frozen: Flags | bool) -> None:
        """Frozen rows keep their ticks whatever the rule says."""
        self._frozen.values[rows] = frozen

    def refresh(self, rows: Rows) -> None:
        """Judge and count rows anew after anything was changed in them."""
        if rows.size:
            chosen = selector(rows)
            self._fresh.values[chosen] = self._sure.values[chosen] = 0
            self._judge(self._all, chosen, None)

    def _use(self, rules: Rules) -> None:
        self.rules = rules
        needed = odds(rules.thresholds) * SURE_ODDS
        self._sure_from = (needed / (1 + needed)).astype(np.float32)

    def _judge(self, columns: Columns, chosen: Rows | slice, counted_from: Probabilities | None) -> Flags:
        """Tick by rule and hand in the rows that are not frozen, and count. Returns which of the rows differ.

        ``counted_from``: what was sure from where when the columns were counted; ``None``: they are not counted yet.
        One line after the other: two lines of 100,000 rows fit into a processor's cache, the matrices do not.
        """
        heard, hand, ticked = (array.values[:, chosen] for array in (self._probabilities, self._hand, self._ticked))
        new, frozen = self._new.values[:, chosen], self._frozen.values[chosen]
        fresh, sure = self._fresh.values[chosen], self._sure.values[chosen]
        ruled = self.rules.ticks(heard, self._blocked.values[:, chosen], columns)
        differs = np.zeros(frozen.shape, np.bool_)
        for column, now in zip(columns.tolist(), ruled, strict=True):
            by_hand, before = hand[column] == TICKED, ticked[column]
            now |= by_hand
            now &= hand[column] != UNTICKED
            np.copyto(now, before, where=frozen)
            differs |= now != before
            is_fresh, is_sure = self._line(column, now, heard, new, by_hand, self._sure_from)
            if counted_from is not None:
                was_fresh, was_sure = self._line(column, before, heard, new, by_hand, counted_from)
                differs |= was_sure != is_sure
                fresh -= was_fresh
                sure -= was_sure
            fresh += is_fresh
            sure += is_sure
            before[:] = now
        if not isinstance(chosen, slice):  # then these are copies
            self._ticked.values[:, chosen] = ticked
            self._fresh.values[chosen], self._sure.values[chosen] = fresh, sure
        return differs

    @staticmethod
    def _line(
        column: int, ticked: Flags, heard: Probabilities, new: Flags, by_hand: Flags, sure_from: Probabilities
    ) -> tuple[Flags, Flags]:
        """Where a ticked tag counts as fresh and as sure."""
        fresh = ticked & new[column]
        sure = heard[column] >= sure_from[column]
        sure |= by_hand
        sure &= fresh
        return fresh, sure
