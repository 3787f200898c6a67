"""How decisions and thresholds are changed so that each change can be taken back and done again.

A step that is taken back leaves rows alone that are not as it left them: a track that was written meanwhile stays
written, for its file does not follow.

Contents
--------
``Steps``
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from tagger_core.model_card import ModelCard
from tagger_core.review.arrays import crossing
from tagger_core.review.history import Bits, History, Levels, LevelsStep, RowsState, RowsStep, Step
from tagger_core.review.records import frozen
from tagger_core.review.row_data import Stage
from tagger_core.review.rules import Columns, Flags, Rules
from tagger_core.review.state import ReviewState
from tagger_core.review.ticks import NEAR_ODDS, TICKED, UNTICKED
from tagger_core.review.values import AddedTag, Change, ChangeKind, Decision, Rows
from tagger_core.settings import Settings
from tagger_core.suggestions import Suggester, odds

NO_COLUMNS = np.empty(0, np.intp)
_NOTHING_ADDED: Mapping[int, tuple[AddedTag, ...]] = {}


class Steps(ReviewState):
    """A ``ReviewState`` with a history."""

    def __init__(self, cards: Sequence[ModelCard], settings: Settings) -> None:
        super().__init__(cards, settings)
        self._history = History()

    def undo(self) -> Change | None:
        """Take the last step back."""
        step = self._history.undo()
        return self._apply(step, back=True) if step else None

    def redo(self) -> Change | None:
        """Do again what was taken back."""
        step = self._history.redo()
        return self._apply(step, back=False) if step else None

    @property
    def next_undo(self) -> Change | None:
        """What ``undo`` would take back."""
        return self._history.last

    @property
    def next_redo(self) -> Change | None:
        """What ``redo`` would do again."""
        return self._history.next

    @property
    def levels(self) -> Levels:
        """The thresholds in force, as the settings have them."""
        return Levels.of(self._settings)

    def restore_levels(self, levels: Levels) -> Rows:
        """Take in the thresholds of an earlier session; no step. Returns the rows that look different.

        Raises ``SettingsError``.
        """
        return self._use_settings(levels.put_into(self._settings))

    def _change_rows(
        self,
        kind: ChangeKind,
        rows: Rows,
        *,
        columns: Columns = NO_COLUMNS,
        hand: int | None = None,
        decision: npt.NDArray[np.uint8] | Decision | None = None,
        added: Mapping[int, tuple[AddedTag, ...]] = _NOTHING_ADDED,
        tag: str = "",
        tags: int = 0,
    ) -> Change:
        """One step that changes these rows. ``columns`` are those whose flags it may change."""
        change = Change(kind, rows, tags=tags, tracks=rows.size, tag=tag)
        if not rows.size:
            return change
        before = self._state_of(rows, columns)
        if hand is not None:
            self._ticks.set_hand(columns, rows, hand)
        if decision is not None:
            self._decision.values[rows] = decision
        for row, given in added.items():
            self._put_added(row, given)
        unfrozen = frozen(before.decision) & ~self._is_frozen(rows)
        self._settle(rows, rows if hand is not None or added else rows[unfrozen])
        self._history.push(Step(change, RowsStep(rows, columns, before, self._state_of(rows, columns))))
        return change

    def _change_levels(self, change: Change, levels: Levels) -> Change:
        """One step that sets thresholds. Raises ``SettingsError``."""
        before = self.levels
        if levels == before:
            return change
        rows = self._use_settings(levels.put_into(self._settings))
        self._history.push(Step(change, LevelsStep(before, levels)))
        return replace(change, rows=rows)

    def _use_settings(self, settings: Settings) -> Rows:
        """Judge by these settings; what they say of files apart. Returns the rows that look different."""
        old, old_top = self._ticks.rules, self._suggester.top
        self._settings = settings
        self._suggester = Suggester(self._cards, settings, self.vocabulary)
        rules = Rules(self._suggester, self._rivals)
        columns = np.flatnonzero((old.thresholds != rules.thresholds) | (old.wanted != rules.wanted))
        if self._suggester.top != old_top:
            columns = np.arange(len(self.tags))
        if not columns.size:
            return NO_COLUMNS
        rows = self._ticks.change_rules(rules, columns)
        self._regroup(rows)
        if columns.size > 1:  # then as good as every track looks different
            return np.flatnonzero(self._stage.values == Stage.HEARD)
        (column,) = columns.tolist()
        needed = odds(np.array([old.thresholds[column], rules.thresholds[column]])).min() / NEAR_ODDS
        shown = self._ticks.probabilities[column] >= np.float32(needed / (1 + needed))
        shown[rows] = True
        return np.flatnonzero(shown)

    def _apply(self, step: Step, *, back: bool) -> Change:
        what = step.what
        if isinstance(what, LevelsStep):
            rows = self._use_settings((what.before if back else what.after).put_into(self._settings))
            return replace(step.change, rows=rows)
        now, then = (what.after, what.before) if back else (what.before, what.after)
        same = self._decision.values[what.rows] == now.decision
        rows = what.rows[same]
        if not rows.size:
            return replace(step.change, rows=rows)
        if what.columns.size:
            by_hand, against = (bits.flags()[:, same] for bits in (then.ticked_by_hand, then.unticked_by_hand))
            self._ticks.set_hand(what.columns, rows, by_hand * np.int8(TICKED) + against * np.int8(UNTICKED))
            self._ticks.set_ticked(what.columns, rows, then.ticked.flags()[:, same])
        self._decision.values[rows] = then.decision[same]
        concerned = now.added.keys() | then.added.keys()
        for row in concerned & set(rows.tolist()) if concerned else ():
            self._put_added(row, then.added.get(row, ()))
        self._settle(rows, rows)
        return replace(step.change, rows=rows)

    def _settle(self, rows: Rows, to_judge: Rows) -> None:
        """What follows from new decisions about these rows, of which some may be ticked otherwise now."""
        self._ticks.freeze(rows, self._is_frozen(rows))
        concerned = (self._problems.keys() | self._pending.keys()) & set(rows.tolist())
        for row in concerned if self._problems or self._pending else ():
            self._pending.pop(row, None)
            if self._stage.values[row] == Stage.HEARD:  # it could not be written, and may be another time
                self._problems.pop(row, None)
        self._refresh(to_judge)
        self._regroup(rows)

    def _is_frozen(self, rows: Rows) -> Flags:
        return frozen(self._decision.values[rows])

    def _state_of(self, rows: Rows, columns: Columns) -> RowsState:
        cells = crossing(columns, rows)
        hand = self._ticks.hand[cells]
        return RowsState(
            decision=self._decision.values[rows],
            ticked_by_hand=Bits(hand == TICKED),
            unticked_by_hand=Bits(hand == UNTICKED),
            ticked=Bits(self._ticks.ticked[cells]),
            added={row: self._added[row] for row in self._added.keys() & set(rows.tolist())} if self._added else {},
        )
