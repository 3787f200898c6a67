"""The rules of ``suggestions`` for a whole library at once.

Goal: exactly what ``Suggester.judge`` suggests, for 100,000 tracks between two frames of a window. Thresholds and
which tags are wanted come from the ``Suggester`` itself; comparisons are made on the same float32 numbers, and who of
an exclusive pair is stronger on the same ratios of odds, so there is no rounding by which they could differ.

Conventions
-----------
Matrices have a line for each tag and a column for each track, (tags, rows): what is judged most often is one tag in
all tracks.

Contents
--------
``Rules``, ``Rivals``, ``find_rivals``
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tagger_core.suggestions import Suggester, odds
from tagger_core.vocabulary import Vocabulary

Flags = npt.NDArray[np.bool_]
Probabilities = npt.NDArray[np.float32]
Columns = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Rivals:
    """Tags of which some exclude others, and that no other tag excludes."""

    columns: Columns
    excludes: Flags
    """Shape (columns, columns)."""


class Rules:
    """The rules for some settings. Immutable."""

    def __init__(self, suggester: Suggester, rivals: Sequence[Rivals]) -> None:
        self.thresholds = suggester.thresholds
        self._top = suggester.top
        self.wanted = suggester.wanted
        self.needed_odds = odds(suggester.thresholds)
        self._rivals = rivals
        self._rivals_of = {column: group for group in rivals for column in group.columns.tolist()}

    def concerned(self, columns: Columns) -> Columns:
        """The columns whose ticks depend on the thresholds of these: themselves, their rivals, or all."""
        if self._top is not None:
            return np.arange(len(self.thresholds))
        groups = [self._rivals_of[c].columns for c in columns.tolist() if c in self._rivals_of]
        return np.unique(np.concatenate([columns, *groups]))

    def ticks(self, probabilities: Probabilities, blocked: Flags, columns: Columns) -> Flags:
        """What is suggested, shape (columns, rows); ``columns`` are what ``concerned`` gave.

        ``probabilities`` and ``blocked`` have the shape (tags, rows); NaN is never suggested. A tag is blocked in a
        track whose file holds the contrary and will keep it.
        """
        ticked = np.empty((len(columns), probabilities.shape[1]), np.bool_)
        lines = dict(zip(columns.tolist(), ticked, strict=True))
        for column, line in lines.items():
            if self.wanted[column]:
                np.greater_equal(probabilities[column], self.thresholds[column], out=line)
                line &= ~blocked[column]
            else:
                line[:] = False
        for rivals in self._rivals:
            if rivals.columns[0] in lines:
                self._strongest(rivals, [lines[column] for column in rivals.columns.tolist()], probabilities)
        if self._top is not None:
            self._first(self._top, ticked, probabilities)
        return ticked

    def _strongest(self, rivals: Rivals, lines: list[Flags], probabilities: Probabilities) -> None:
        """Untick every tag that a stronger one excludes, the strongest first."""
        conflict = np.zeros_like(lines[0])
        for one, other in np.argwhere(np.triu(rivals.excludes)):
            conflict |= lines[one] & lines[other]
        rows = np.flatnonzero(conflict)
        if not rows.size:
            return
        open_still = np.array([line[rows] for line in lines])
        winners = np.zeros_like(open_still)
        each = np.arange(rows.size)
        for strongest in self._order(rivals.columns, rows, probabilities, open_still):
            wins = open_still[strongest, each]
            winners[strongest, each] = wins
            open_still[strongest, each] = False
            open_still &= ~(rivals.excludes[:, strongest] & wins)
        for line, winner in zip(lines, winners, strict=True):
            line[rows] = winner

    def _first(self, top: int, ticked: Flags, probabilities: Probabilities) -> None:
        """Untick what comes after the first ``top``; here ``ticked`` has all columns."""
        rows = np.flatnonzero(ticked.sum(axis=0) > top)
        candidates = ticked[:, rows]
        columns = np.arange(len(self.thresholds))
        beyond = self._order(columns, rows, probabilities, candidates)[top:]
        candidates[beyond, np.arange(rows.size)] = False
        ticked[:, rows] = candidates

    def _order(self, columns: Columns, rows: Columns, probabilities: Probabilities, candidates: Flags) -> Columns:
        """For each row the candidates among the columns, the furthest above its threshold first, then the rest."""
        ratios = odds(probabilities[np.ix_(columns, rows)]) / self.needed_odds[columns, np.newaxis]
        return np.argsort(np.where(candidates, -ratios, np.inf), axis=0, kind="stable")


def find_rivals(names: Sequence[str], vocabulary: Vocabulary) -> tuple[Rivals, ...]:
    """The connected parts of the graph of exclusive pairs among these tags, each with more than one tag."""
    pairs = [[vocabulary.exclude_each_other(one, other) for other in names] for one in names]
    excludes = np.array(pairs, np.bool_).reshape(len(names), len(names))  # also where there is no name at all
    found = []
    left = set(np.flatnonzero(excludes.any(axis=1)).tolist())
    while left:
        part, edge = set(), {left.pop()}
        while edge:
            part |= edge
            edge = {c for one in edge for c in np.flatnonzero(excludes[one]).tolist()} - part
        left -= part
        columns = np.array(sorted(part), np.intp)
        found.append(Rivals(columns, excludes[np.ix_(columns, columns)]))
    return tuple(found)
