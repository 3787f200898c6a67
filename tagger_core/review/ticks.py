"""Which tag is ticked in which track: the rule, overruled by hand, and frozen once it was decided about.

How sure a suggestion is
------------------------
A tag that was ticked by hand is sure, and so is one that the profile strict would suggest too, whatever the thresholds
in force. A track is ready if at least half of the tags that would be new in its file are sure, else unsure. So who
chooses strict thresholds has fewer suggestions and nothing to doubt, and generous ones bring more to look at. On the
340 files of eight games' soundtracks with both shipped models, of which few had a genre before:

========  =====  ======  ======
profile   ready  unsure  silent
========  =====  ======  ======
strict    63 %   0 %     37 %
balanced  41 %   51 %    8 %
generous  4 %    96 %    0 %
========  =====  ======  ======

Conventions
-----------
Matrices have the shape (tags, rows), see ``rules``. ``columns`` and ``rows`` choose lines and columns of them.

Contents
--------
``Ticks``, ``NEAR_ODDS``
"""

import numpy as np
import numpy.typing as npt

from tagger_core.review.arrays import RowArray, crossing, selector
from tagger_core.review.rules import Columns, Flags, Probabilities, Rules
from tagger_core.review.values import Rows

NEAR_ODDS = 1.4
"""A tag is a near miss, and shown as one, if so many times its odds would reach its threshold; about two a track."""

_WORTH_GATHERING = 0.1

TICKED, UNTICKED = 1, -1
"""What a hand has said; 0 is nothing."""


class Ticks:
    """The matrices of a review and the counts that its groups follow from."""

    def __init__(self, rules: Rules, sure_from: Probabilities) -> None:
        """``sure_from``: the probability from which on each tag is sure, shape (tags,)."""
        self.rules = rules
        self.sure_from = sure_from
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

    def change_rules(self, rules: Rules, columns: Columns) -> Rows:
        """Judge by other thresholds, which differ from the old ones in these columns. Returns the rows that differ."""
        before, self.rules = self.rules, rules
        concerned = rules.concerned(columns)
        if columns.size > 1 or concerned.size < self._all.size:
            return np.flatnonzero(self._judge(concerned, slice(None), counted=True))
        # All tags are concerned, but only in tracks that this one reaches by the old rules or by the new ones.
        (column,) = columns.tolist()
        lowest = min(before.thresholds[column], rules.thresholds[column])
        rows = np.flatnonzero(self.probabilities[column] >= lowest)
        return rows[self._judge(concerned, rows, counted=True)]

    def hear(self, rows: Rows, probabilities: Probabilities) -> None:
        """Take in what was heard, shape (tags, rows); ``say`` and ``refresh`` come after it."""
        self._probabilities.values[:, rows] = probabilities

    def say(self, rows: Rows, blocked: Flags, new: Flags) -> None:
        """Take in what the files say, shapes (tags, rows); ``refresh`` comes after it."""
        self._blocked.values[:, rows] = blocked
        self._new.values[:, rows] = new

    def set_hand(self, columns: Columns, rows: Rows, hand: npt.NDArray[np.int8] | int) -> None:
        """Tick or untick by hand, in frozen rows too; ``refresh`` comes after it where 0 is set."""
        cells = crossing(columns, rows)
        self._hand.values[cells] = hand
        now = self._hand.values[cells]
        self._ticked.values[cells] = np.where(now == 0, self._ticked.values[cells], now == TICKED)

    def set_ticked(self, columns: Columns, rows: Rows, ticked: Flags) -> None:
        """Tick as it was ticked before; of rows that are not frozen, ``refresh`` makes what the rule says."""
        self._ticked.values[crossing(columns, rows)] = ticked

    def freeze(self, rows: Rows, frozen: Flags | bool) -> None:
        """Frozen rows keep their ticks whatever the rule says."""
        self._frozen.values[rows] = frozen

    def refresh(self, rows: Rows) -> None:
        """Judge and count rows anew after anything was changed in them."""
        if rows.size:
            # Gathering a part of the rows takes longer than to judge all of them, which changes nothing in the others.
            chosen = slice(None) if rows.size > len(self.fresh) * _WORTH_GATHERING else selector(rows)
            self._fresh.values[chosen] = self._sure.values[chosen] = 0
            self._judge(self._all, chosen, counted=False)

    def _judge(self, columns: Columns, chosen: Rows | slice, *, counted: bool) -> Flags:
        """Tick by rule and hand in the rows that are not frozen, and count. Returns which of the rows differ.

        ``counted``: the counts hold what was ticked in these columns before.
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
            would_be_sure = (heard[column] >= self.sure_from[column]) | by_hand
            if counted:
                was_fresh = before & new[column]
                fresh -= was_fresh
                sure -= was_fresh & would_be_sure
            is_fresh = now & new[column]
            fresh += is_fresh
            sure += is_fresh & would_be_sure
            before[:] = now
        if not isinstance(chosen, slice):  # then these are copies
            self._ticked.values[:, chosen] = ticked
            self._fresh.values[chosen], self._sure.values[chosen] = fresh, sure
        return differs
