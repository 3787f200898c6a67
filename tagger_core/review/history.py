"""Undo and redo: steps that know what they changed, in few bytes, and what they are called.

A step holds only the rows that changed, and their flags as bits, so neither 1,000 single decisions nor some of
100,000 tracks weigh much.

Contents
--------
``History``, ``Step``, ``RowsStep``, ``RowsState``, ``LevelsStep``, ``Levels``
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tagger_core.review.rules import Columns, Flags
from tagger_core.review.values import AddedTag, Change, ChangeKind, Rows
from tagger_core.settings import Settings


@dataclass(frozen=True, slots=True)
class Levels:
    """The thresholds of a review, as the settings have them."""

    profile: str
    threshold: float | None
    thresholds: Mapping[str, float]

    @classmethod
    def of(cls, settings: Settings) -> "Levels":
        return cls(settings.profile, settings.threshold, dict(settings.thresholds))

    def put_into(self, settings: Settings) -> Settings:
        """The settings with these thresholds. Raises ``SettingsError``."""
        return settings.overridden(profile=self.profile, threshold=self.threshold, thresholds=dict(self.thresholds))


class Bits:
    """A matrix of flags, eight in a byte."""

    def __init__(self, flags: Flags) -> None:
        self._shape = flags.shape
        self._packed = np.packbits(flags)

    def flags(self) -> Flags:
        count = int(np.prod(self._shape))
        return np.unpackbits(self._packed, count=count).astype(np.bool_).reshape(self._shape)


@dataclass(frozen=True, slots=True)
class RowsState:
    """Everything that a person has decided about some rows; the flags of some columns, shape (columns, rows)."""

    decision: npt.NDArray[np.uint8]
    ticked_by_hand: Bits
    unticked_by_hand: Bits
    ticked: Bits
    added: Mapping[int, tuple[AddedTag, ...]]


@dataclass(frozen=True, slots=True)
class RowsStep:
    """A change of decisions."""

    rows: Rows
    columns: Columns
    before: RowsState
    after: RowsState


@dataclass(frozen=True, slots=True)
class LevelsStep:
    """A change of thresholds."""

    before: Levels
    after: Levels


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that can be taken back. ``change`` names it; its rows are those of the first time."""

    change: Change
    what: RowsStep | LevelsStep


class History:
    """What was done, and what was taken back."""

    def __init__(self) -> None:
        self._done: list[Step] = []
        self._undone: list[Step] = []
        self._open = False

    def push(self, step: Step) -> None:
        """A new step; what was taken back before it is forgotten. A threshold that moves on stays one step."""
        self._undone.clear()
        last = self._done[-1] if self._done and self._open else None
        if last is not None and _goes_on(last, step):
            assert isinstance(last.what, LevelsStep)
            assert isinstance(step.what, LevelsStep)
            self._done[-1] = replace(step, what=LevelsStep(last.what.before, step.what.after))
        else:
            self._done.append(replace(step, change=replace(step.change, rows=np.empty(0, np.intp))))
        self._open = True

    @property
    def last(self) -> Change | None:
        """What ``undo`` would take back."""
        return self._done[-1].change if self._done else None

    @property
    def next(self) -> Change | None:
        """What ``redo`` would do again."""
        return self._undone[-1].change if self._undone else None

    def undo(self) -> Step | None:
        self._open = False
        if not self._done:
            return None
        self._undone.append(self._done.pop())
        return self._undone[-1]

    def redo(self) -> Step | None:
        self._open = False
        if not self._undone:
            return None
        self._done.append(self._undone.pop())
        return self._done[-1]


_MOVES = (ChangeKind.THRESHOLD, ChangeKind.THRESHOLD_OF_ALL)


def _goes_on(last: Step, step: Step) -> bool:
    return last.change.kind is step.change.kind and step.change.kind in _MOVES and last.change.tag == step.change.tag
