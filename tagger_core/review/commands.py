"""The commands of a person: each can be taken back, tells exact numbers, and which rows look different.

Conventions
-----------
Only heard tracks are ticked or accepted; any track that is not written may be rejected or skipped. Accepting freezes
a track's ticks; ticking in a track that is accepted keeps it so, and in one that is written accepts it again. A
command that changes nothing is no step.

Contents
--------
``Commands``
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from tagger_core.display_text import printable
from tagger_core.domain import Category
from tagger_core.review.records import frozen
from tagger_core.review.steps import NO_COLUMNS, Steps
from tagger_core.review.ticks import TICKED, UNTICKED
from tagger_core.review.values import AddedTag, Change, ChangeKind, Decision, Group, Rows
from tagger_core.settings import Profile, Settings
from tagger_core.vocabulary import Tag


class Commands(Steps):
    """A ``ReviewState`` that a person can decide about."""

    # Tracks

    def accept(self, rows: Rows) -> Change:
        """What is ticked in these will be written; with nothing ticked they are reviewed, that is all."""
        return self._accept(rows, ChangeKind.ACCEPT)

    def accept_ready(self, rows: Rows) -> Change:
        """Accept those of the rows that are ready and can be written."""
        ready = (self._group.values[rows] == Group.READY) & self._writable.values[rows]
        return self._accept(rows[ready], ChangeKind.ACCEPT_READY)

    def reject(self, rows: Rows) -> Change:
        """Nothing of these will be written."""
        return self._decide(rows, Decision.REJECTED, ChangeKind.REJECT)

    def skip(self, rows: Rows) -> Change:
        """Put off; nothing of these will be written either."""
        return self._decide(rows, Decision.SKIPPED, ChangeKind.SKIP)

    def reopen(self, rows: Rows) -> Change:
        """Undecided again; what was ticked by hand stays so."""
        return self._decide(rows, Decision.OPEN, ChangeKind.REOPEN)

    # Tags

    def toggle(self, rows: Rows, name: str) -> Change:
        """Tick a tag that not all of the rows have, else untick it."""
        rows = self._heard(rows)
        has = np.array([self._has(row, name) for row in rows.tolist()], np.bool_)
        if has.all():
            return self._tick(rows, name, UNTICKED, ChangeKind.UNTICK)
        return self._tick(rows[~has], name, TICKED, ChangeKind.TICK)

    def accept_tag(self, rows: Rows, name: str) -> Change:
        """Tick by hand, whatever the rule says from now on."""
        return self._tick(self._heard(rows), name, TICKED, ChangeKind.ACCEPT_TAG)

    def reject_tag(self, rows: Rows, name: str) -> Change:
        """Untick by hand."""
        return self._tick(self._heard(rows), name, UNTICKED, ChangeKind.REJECT_TAG)

    def accept_above(self, column: int, threshold: float, rows: Rows) -> Change:
        """Tick a tag by hand in those of the rows where its probability is at least the threshold."""
        above = rows[self._ticks.probabilities[column, rows] >= np.float32(threshold)]
        return self.accept_tag(above, self.tags[column].name)

    def add_tag(self, rows: Rows, name: str, category: Category) -> Change:
        """Give any tag; one that a model or the vocabulary knows keeps its own spelling and category."""
        name = _storable(name)
        tag = self.vocabulary.tag_of(name) or Tag(name, category)
        rows = self._heard(rows) if name else NO_COLUMNS
        if tag.name in self._columns:
            return self._tick(rows, tag.name, TICKED, ChangeKind.ADD_TAG)
        before = {row: self._added.get(row, ()) for row in rows.tolist()}
        added = {row: _with(tags, AddedTag(tag)) for row, tags in before.items() if AddedTag(tag) not in tags}
        rows = np.array(list(added), np.intp)
        return self._change_rows(ChangeKind.ADD_TAG, rows, tag=tag.name, added=added, decision=self._ticked_in(rows))

    # Thresholds

    def set_threshold(self, column: int | None, value: float | None) -> Change:
        """Set the threshold of a tag, or of all that have none of their own (``column`` None).

        ``value`` None: back to what the profile says; for all tags, those with a threshold of their own included.
        """
        levels = self.levels
        if column is None:
            kind = ChangeKind.THRESHOLDS_RESET if value is None else ChangeKind.THRESHOLD_OF_ALL
            levels = replace(levels, threshold=value, thresholds={} if value is None else levels.thresholds)
            return self._change_levels(Change(kind, value=value or 0.0), levels)
        tag = self.tags[column]
        own = {word: level for word, level in levels.thresholds.items() if self.vocabulary.tag_of(word) != tag}
        if value is None:
            reset = Change(ChangeKind.THRESHOLD_RESET, tag=tag.name)
            return self._change_levels(reset, replace(levels, thresholds=own))
        own[tag.name] = value
        change = Change(ChangeKind.THRESHOLD, tag=tag.name, value=value)
        return self._change_levels(change, replace(levels, thresholds=own))

    def set_profile(self, profile: Profile) -> Change:
        """Choose another threshold profile; thresholds of one's own stay."""
        levels = replace(self.levels, profile=profile)
        return self._change_levels(Change(ChangeKind.PROFILE, tag=profile), levels)

    def change_settings(self, settings: Settings) -> Change:
        """Judge everything by other settings; no step, for the settings are kept elsewhere.

        Other models or another vocabulary need another review.
        """
        if settings.vocabulary != self._settings.vocabulary:
            raise ValueError("a review has one vocabulary")
        words_differ = _what_files_need(settings) != _what_files_need(self._settings)
        rows = self._use_settings(settings)
        if words_differ:
            rows = np.arange(len(self))
            self._words.change_settings(settings)
            self._ticks.say(rows, *self._judged_words(self._said.values))
            self._refresh(rows)
        return Change(ChangeKind.SETTINGS, rows)

    # Inside

    def _accept(self, rows: Rows, kind: ChangeKind) -> Change:
        rows = self._heard(rows)
        rows = rows[~frozen(self._decision.values[rows])]
        return self._change_rows(kind, rows, decision=Decision.ACCEPTED, tags=self._to_write(rows)[0])

    def _decide(self, rows: Rows, decision: Decision, kind: ChangeKind) -> Change:
        now = self._decision.values[rows]
        other = now != decision
        if decision is not Decision.OPEN:
            other &= now != Decision.WRITTEN
        rows = rows[other]
        were_frozen = bool(frozen(self._decision.values[rows]).any())
        columns = np.arange(len(self.tags)) if were_frozen else NO_COLUMNS  # their ticks come back with them
        return self._change_rows(kind, rows, columns=columns, decision=decision)

    def _tick(self, rows: Rows, name: str, hand: int, kind: ChangeKind) -> Change:
        """Tick or untick by hand, in a column or among the tags that a person added."""
        if name in self._columns:
            column = np.array([self._columns[name]], np.intp)
            rows = rows[self._ticks.hand[column[0], rows] != hand]
            return self._change_rows(kind, rows, tag=name, columns=column, hand=hand, decision=self._ticked_in(rows))
        added = {
            row: tuple(replace(one, ticked=hand == TICKED) if one.tag.name == name else one for one in self._added[row])
            for row in rows.tolist()
            if any(one.tag.name == name for one in self._added.get(row, ()))
        }
        rows = np.array([row for row, tags in added.items() if tags != self._added[row]], np.intp)
        return self._change_rows(kind, rows, tag=name, added=added, decision=self._ticked_in(rows))

    def _ticked_in(self, rows: Rows) -> npt.NDArray[np.uint8]:
        """The decisions after something was ticked: there is something to write again in a written track."""
        now = self._decision.values[rows]
        return np.where(now == Decision.WRITTEN, np.uint8(Decision.ACCEPTED), now)

    def _has(self, row: int, name: str) -> bool:
        if name in self._columns:
            return bool(self._ticks.ticked[self._columns[name], row])
        return any(added.ticked for added in self._added.get(row, ()) if added.tag.name == name)


def _storable(typed: str) -> str:
    """What a person typed or pasted, as one value of a field: a ";" would make two of it."""
    plain = "".join(" " if c.isspace() or c == ";" else c for c in typed if c.isspace() or printable(c) == c)
    return " ".join(plain.split())


def _with(tags: tuple[AddedTag, ...], new: AddedTag) -> tuple[AddedTag, ...]:
    return (*(tag for tag in tags if tag.tag != new.tag), new)


def _what_files_need(settings: Settings) -> tuple[object, ...]:
    """The settings that say which tags would be new in a file, and which would contradict it."""
    return settings.mode, settings.modes, settings.protected, settings.written_preset
