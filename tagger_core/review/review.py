"""The review as a window reads it: rows, tags, counts, search and order.

Contents
--------
``Review``
"""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from tagger_core.domain import TagEdit, Track, TrackName
from tagger_core.review import queries
from tagger_core.review.accepted import AcceptedTracks, strongest_first
from tagger_core.review.commands import Commands
from tagger_core.review.row_data import Stage
from tagger_core.review.rules import Flags, Probabilities
from tagger_core.review.ticks import NEAR_ODDS, TICKED
from tagger_core.review.values import AddedTag, Group, Present, Reason, ReviewTag, Rows
from tagger_core.suggestions import State, odds
from tagger_core.vocabulary import Tag
from tagger_core.write_plan import plan_file

_REASONS = {
    State.UNWANTED: Reason.UNWANTED,
    State.CONTRADICTED: Reason.CONTRADICTED,
    State.EXCLUDED: Reason.EXCLUDED,
    State.BEYOND_TOP: Reason.BEYOND_TOP,
}


_Scalar = TypeVar("_Scalar", bound=np.generic)


class Review(Commands):
    """Everything that is known and decided about a library, in memory; made for 100,000 tracks on one thread."""

    # A row

    def row_of(self, path: Path) -> int | None:
        return self._tracks.row_of(path)

    def path(self, row: int) -> Path:
        return self._tracks.path(row)

    def track(self, row: int) -> Track:
        """The file as it was last seen."""
        return Track(self.path(row), self.stamp(row))

    def name(self, row: int) -> TrackName:
        return self._tracks.name(row)

    def duration(self, row: int) -> float:
        """Seconds; NaN before it was heard."""
        return float(self._duration.values[row])

    def audio(self, row: int) -> bytes | None:
        """Digest of the audio, once it is known."""
        return self._audio[row] or None

    def present(self, row: int) -> Present:
        """The fields that the file has, as far as it was heard."""
        return self._words.present(int(self._said.values[row]))

    def problem(self, row: int) -> str:
        """Why it could not be analysed or written, or cannot be written; "" if nothing is wrong."""
        return self._problems.get(row) or self._unwritable.get(row, "")

    def warnings(self, row: int) -> tuple[str, ...]:
        return self._warnings.get(row, ())

    def group(self, row: int) -> Group:
        return Group(self._group.values[row])

    # Matrices

    @property
    def groups(self) -> npt.NDArray[np.uint8]:
        """Shape (rows,)."""
        groups: npt.NDArray[np.uint8] = self._group.values
        return _read_only(groups)

    @property
    def probabilities(self) -> Probabilities:
        """Shape (rows, tags), NaN where not heard; a view, best read column by column."""
        return _read_only(self._ticks.probabilities.T)

    @property
    def ticked(self) -> Flags:
        """Shape (rows, tags): the rule, overruled by hand; of accepted and written tracks as it was then."""
        return _read_only(self._ticks.ticked.T)

    @property
    def by_hand(self) -> npt.NDArray[np.int8]:
        """Shape (rows, tags): not 0 where a person has ticked or unticked the tag."""
        return _read_only(self._ticks.hand.T)

    @property
    def thresholds(self) -> npt.NDArray[np.float32]:
        """Shape (tags,)."""
        return _read_only(self._ticks.rules.thresholds)

    def column(self, name: str) -> int:
        """Raises ``KeyError`` for a tag that no model knows."""
        return self._columns[name]

    # Tags of a row

    def tags_of(self, row: int) -> list[ReviewTag]:
        """Every tag for the inspector: the ticked ones first, each part the furthest above its threshold first."""
        staying = self._words.staying(int(self._said.values[row]))
        judged = self._suggester.judge(self._ticks.probabilities[:, row], staying)
        tags = [
            self._review_tag(row, self._columns[one.tag], one.margin, _REASONS.get(one.state), one.note)
            for one in judged
        ]
        tags += [self._added_tag(row, added) for added in self._added.get(row, ())]
        return sorted(tags, key=lambda tag: not tag.ticked)

    def chips_of(self, row: int, limit: int) -> list[ReviewTag]:
        """What is ticked, then the near misses, at most ``limit``; the furthest above its threshold first."""
        ticked = self._ticks.ticked[:, row]
        ratios = odds(self._ticks.probabilities[:, row]) / self._needed
        shown = np.flatnonzero(ticked | ((ratios * NEAR_ODDS >= 1) & self._ticks.rules.wanted))
        order = shown[np.argsort(-ratios[shown], kind="stable")]
        chosen = [*order[ticked[order]].tolist(), *order[~ticked[order]].tolist()]
        added = [self._added_tag(row, one) for one in self._added.get(row, ()) if one.ticked]
        first = [self._review_tag(row, column, math.log(ratios[column])) for column in chosen[:limit]]
        split = next((place for place, tag in enumerate(first) if not tag.ticked), len(first))
        return [*first[:split], *added, *first[split:]][:limit]

    def edits_of(self, row: int) -> tuple[TagEdit, ...]:
        """What writing the track as it is ticked now would change in its file; nothing if that will not be written."""
        if self.group(row) is Group.SET_ASIDE or not self._writable.values[row]:
            return ()
        tags = self.written_tags(row)
        return plan_file(self.track(row), self.present(row), tags, self._settings, self.vocabulary).edits

    def written_tags(self, row: int) -> list[Tag]:
        """All that is ticked in a track, accepted or not, in the order in which it is written."""
        columns = strongest_first(self._ticks.ticked[:, row], self._ticks.probabilities[:, row], self._needed)
        added = [one.tag for one in self._added.get(row, ()) if one.ticked]
        return [*(self.tags[column] for column in columns.tolist()), *added]

    def accepted_tracks(self, rows: Rows | None = None) -> AcceptedTracks:
        """What writing these rows, or everything that is accepted, is about: a copy, to be read on any thread."""
        accepted = self._group.values == Group.ACCEPTED
        chosen = np.flatnonzero(accepted) if rows is None else rows[accepted[rows]]
        return AcceptedTracks(chosen.tolist(), self.records(chosen), self._ticks.probabilities[:, chosen], self._needed)

    def _review_tag(
        self, row: int, column: int, margin: float, reason: Reason | None = None, other: str = ""
    ) -> ReviewTag:
        tag, hand = self.tags[column], self._ticks.hand[column, row]
        probability = float(self._ticks.probabilities[column, row])
        ticked, new = bool(self._ticks.ticked[column, row]), bool(self._ticks.new[column, row])
        if ticked or reason is None:
            reason, other = self._why_not_written(tag) if ticked and not new else (None, "")
        return ReviewTag(
            name=tag.name,
            category=tag.category,
            probability=probability,
            threshold=float(self._ticks.rules.thresholds[column]),
            margin=margin,
            ticked=ticked,
            by_hand=bool(hand),
            sure=ticked and bool(hand == TICKED or probability >= self._ticks.sure_from[column]),
            new=new,
            reason=reason,
            other=other,
        )

    def _added_tag(self, row: int, added: AddedTag) -> ReviewTag:
        new = self._words.adds(int(self._said.values[row]), added.tag)
        reason, other = self._why_not_written(added.tag) if added.ticked and not new else (None, "")
        return ReviewTag(
            name=added.tag.name,
            category=added.tag.category,
            probability=math.nan,
            threshold=math.nan,
            margin=math.nan,
            ticked=added.ticked,
            by_hand=True,
            sure=added.ticked,
            new=new,
            reason=reason,
            other=other,
        )

    def _why_not_written(self, tag: Tag) -> tuple[Reason, str]:
        preset = self._settings.written_preset
        return (Reason.IN_FILE, "") if tag.category in preset.fields else (Reason.NO_FIELD, preset.name)

    # Counts

    def counts(self) -> Mapping[Group, int]:
        """How many rows each group has."""
        groups = self._group.values
        return {group: int(np.count_nonzero(groups == int(group))) for group in Group}

    def ticked_counts(self) -> npt.NDArray[np.intp]:
        """In how many heard rows each tag is ticked, shape (tags,)."""
        heard = self._is_heard()
        if heard.all():
            return np.array([np.count_nonzero(line) for line in self._ticks.ticked], np.intp)
        return np.array([np.count_nonzero(line & heard) for line in self._ticks.ticked], np.intp)

    def histogram(self, column: int, bins: int) -> npt.NDArray[np.intp]:
        """How many heard rows lie in each of so many equal parts of [0, 1]."""
        return queries.histogram(self._ticks.probabilities[column][self._is_heard()], bins)

    def fires_on(self, column: int) -> float:
        """The share of the heard rows in which a tag reaches its threshold."""
        reached = self._ticks.probabilities[column] >= self._ticks.rules.thresholds[column]
        return float(np.count_nonzero(reached)) / max(1, int(np.count_nonzero(self._is_heard())))

    def pending(self) -> tuple[int, int]:
        """(tags, tracks) that ``accept_ready`` on all rows would accept."""
        return self._to_write(np.flatnonzero(self._group.values == Group.READY))

    def accepted(self) -> tuple[int, int]:
        """(tags, tracks): the new values that writing would put into files, and into how many."""
        return self._to_write(np.flatnonzero(self._group.values == Group.ACCEPTED))

    # Finding

    def find(self, group: Group | None, column: int | None, text: str) -> Rows:
        """The rows of a group, with a tag ticked, whose names hold every word of the text; each may be left out."""
        rows = np.arange(len(self)) if group is None else np.flatnonzero(self._group.values == group)
        if column is not None:
            rows = rows[self._ticks.ticked[column, rows]]
        return self._tracks.find(text, rows)

    def order(self, rows: Rows, by: str, descending: bool) -> Rows:
        """The rows by "title", "artist", "album", "path", "suggested", "state", "confidence" or "tag:NAME".

        Rows of which nothing is known to order them by come last either way; equals stay as they are.
        """
        if by.startswith("tag:"):
            keys = self._ticks.probabilities[self._columns[by.removeprefix("tag:")], rows]
        elif by == "suggested":
            keys = self._ticks.ticked[:, rows].sum(axis=0, dtype=np.float32)
        elif by == "state":
            keys = self._group.values[rows].astype(np.float32)
        elif by == "confidence":
            keys = queries.lowest_margins(self._ticks.probabilities[:, rows], self._ticks.ticked[:, rows], self._needed)
        else:
            keys = self._tracks.ranks(by)[rows].astype(np.float64)
        return rows[np.argsort(-keys if descending else keys, kind="stable")]

    def similar(self, row: int, limit: int) -> Rows:
        """The heard rows that sound most like this one, the most similar first."""
        heard = np.flatnonzero(self._is_heard())
        return queries.similar(self._ticks.probabilities, row, heard, limit)

    def next_unsure(self, after_row: int, among_rows: Rows) -> int | None:
        """The next unsure one of the rows after a row, from the start again at the end."""
        place = int(np.argmax(among_rows == after_row)) if after_row in among_rows else -1
        around = np.roll(among_rows, -place - 1)
        unsure = around[self._group.values[around] == Group.UNSURE]
        return int(unsure[0]) if unsure.size else None

    def _is_heard(self) -> Flags:
        heard: Flags = self._stage.values == int(Stage.HEARD)
        return heard

    @property
    def _needed(self) -> npt.NDArray[np.float64]:
        return self._ticks.rules.needed_odds


def _read_only(values: npt.NDArray[_Scalar]) -> npt.NDArray[_Scalar]:
    view = values.view()
    view.flags.writeable = False
    return view
