"""What the keys and menus of reviewing do: each action becomes a command on what the person looks at.

A decision concerns the selection, and then moves on: to the first track below the selection that it does not concern.
This is the only place where review actions turn into commands; views that offer the same by mouse trigger the actions.
"""

from collections.abc import Callable
from functools import partial

import numpy as np
from PySide6.QtCore import QObject

from gui.actions.actions import Actions
from gui.focus import NO_ROW, NO_TAG, Focus
from gui.inspector.suggestion_lines import listed
from gui.library.library import Library
from tagger_core.review import Group
from tagger_core.review.values import Rows

THRESHOLD_STEP = 0.01
SUGGESTION_KEYS = range(1, 10)
_SIMILAR = 50


class ReviewActions(QObject):
    """Connects the actions of one window to its library and focus."""

    def __init__(self, actions: Actions, library: Library, focus: Focus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._focus = focus
        toggles = {f"toggle_{number}": partial(self._toggle, number) for number in SUGGESTION_KEYS}
        handlers: dict[str, Callable[[], None]] = {
            **toggles,
            "accept": partial(self._decide, "accept"),
            "reject": partial(self._decide, "reject"),
            "skip": partial(self._decide, "skip"),
            "reopen": self._reopen,
            "next": partial(self._step, 1),
            "previous": partial(self._step, -1),
            "next_unsure": self._to_next_unsure,
            "similar": self._select_similar,
            "select_all": self._select_all,
            "accept_ready": self._accept_ready,
            "accept_tag_on_selection": self._accept_tag,
            "threshold_down": partial(self._move_threshold, -THRESHOLD_STEP),
            "threshold_up": partial(self._move_threshold, THRESHOLD_STEP),
            "retry": self._retry,
            "undo": library.undo,
            "redo": library.redo,
            "undo_write": library.undo_write,
            "write": library.plan_write,
        }
        actions.carry_out(handlers)

    def _decide(self, command: str) -> None:
        rows = self._focus.concerned
        if not rows.size:
            return
        following = self._row_after(rows)
        self._library.do(command, rows)
        self._go_to(following)

    def _reopen(self) -> None:
        rows = self._focus.concerned
        if rows.size:
            self._library.do("reopen", rows)

    def _accept_tag(self) -> None:
        rows = self._focus.concerned
        if rows.size and self._focus.tag != NO_TAG:
            self._library.do("accept_tag", rows, self._library.review.tags[self._focus.tag].name)

    def _accept_ready(self) -> None:
        """All, as the threshold bar counts them, and not only those that the filter shows."""
        self._library.do("accept_ready", np.arange(len(self._library.review)))

    def _toggle(self, number: int) -> None:
        rows = self._focus.concerned
        if self._focus.row == NO_ROW or not rows.size:
            return
        lines, _ = listed(self._library.review, rows)
        if number <= len(lines):
            self._library.do("toggle", rows, lines[number - 1].name)

    def _move_threshold(self, step: float) -> None:
        """Of the tag that is looked at; to move all at once by a key would be a surprise."""
        column = self._focus.tag
        if column == NO_TAG:
            return
        moved = round(float(self._library.review.thresholds[column]) + step, 2)
        self._library.do("set_threshold", column, min(max(moved, 0.0), 1.0))

    def _retry(self) -> None:
        """The failed ones of the selection; if it has none, all."""
        failed = np.flatnonzero(self._library.review.groups == Group.FAILED)
        selected = np.intersect1d(self._focus.concerned, failed)
        self._library.retry(selected if selected.size else failed)

    def _step(self, distance: int) -> None:
        visible = self._focus.visible
        if not visible.size:
            return
        here = np.flatnonzero(visible == self._focus.row)
        place = int(here[0]) + distance if here.size else 0
        self._go_to(int(visible[min(max(place, 0), visible.size - 1)]))

    def _to_next_unsure(self) -> None:
        row = self._library.review.next_unsure(self._focus.row, self._focus.visible)
        if row is not None:
            self._go_to(row)

    def _select_similar(self) -> None:
        if self._focus.row != NO_ROW:
            alike = self._library.review.similar(self._focus.row, _SIMILAR)
            self._focus.select(np.union1d(alike, [self._focus.row]).astype(np.intp))

    def _select_all(self) -> None:
        self._focus.select(self._focus.visible)

    def _row_after(self, rows: Rows) -> int:
        """The first visible row below these, else the last above them, else the one that is looked at."""
        visible = self._focus.visible
        concerned = np.zeros(len(self._library.review), np.bool_)
        concerned[rows] = True
        decided = concerned[visible]
        if decided.all():
            return self._focus.row
        places = np.flatnonzero(decided)
        others = np.flatnonzero(~decided)
        below = others[others > places[-1]] if places.size else others
        return int(visible[below[0] if below.size else others[-1]])

    def _go_to(self, row: int) -> None:
        self._focus.select(np.array([row], np.intp))
        self._focus.set_row(row)
