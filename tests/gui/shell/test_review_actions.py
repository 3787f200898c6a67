"""Keys of the review: what they do to the selection, and where they go next."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.actions.actions import Actions
from gui.focus import NO_ROW, NO_TAG, Focus
from gui.inspector.suggestion_lines import listed
from gui.library.library import Library
from gui.shell.review_actions import ReviewActions
from tagger_core.review import Group
from tagger_core.review.values import Rows

ROWS = 40


class Reviewing:
    """A library, a focus, and keys pressed through the actions."""

    def __init__(self, library: Library, window: QWidget) -> None:
        self.library = library
        self.focus = Focus()
        self._window = window  # which owns the actions
        self._actions = Actions(window)
        self._review = ReviewActions(self._actions, library, self.focus)

    def press(self, action: str) -> None:
        self._actions[action].trigger()

    def look_at(self, row: int) -> None:
        self.focus.select(rows(row))
        self.focus.set_row(row)

    def group(self, row: int) -> Group:
        return self.library.review.group(row)


def rows(*numbers: int) -> Rows:
    return np.array(numbers, np.intp)


@pytest.fixture
def reviewing(filled_library: Callable[[int], Library], qtbot: QtBot) -> Reviewing:
    window = QWidget()
    qtbot.addWidget(window)
    reviewing = Reviewing(filled_library(ROWS), window)
    reviewing.focus.show_rows(np.arange(ROWS))
    return reviewing


@pytest.mark.parametrize(
    ("action", "group"), [("accept", Group.ACCEPTED), ("reject", Group.SET_ASIDE), ("skip", Group.SET_ASIDE)]
)
def test_a_decision_concerns_the_row_and_goes_to_the_next(reviewing: Reviewing, action: str, group: Group) -> None:
    reviewing.look_at(4)
    reviewing.press(action)
    assert reviewing.group(4) is group
    assert reviewing.focus.row == 5
    assert reviewing.focus.rows.tolist() == [5]


def test_a_decision_on_a_selection_goes_to_the_first_row_below_it(reviewing: Reviewing) -> None:
    reviewing.focus.show_rows(np.arange(ROWS)[::-1])
    reviewing.focus.select(rows(9, 7, 5))
    reviewing.focus.set_row(9)
    reviewing.press("accept")
    assert [reviewing.group(row) for row in (9, 7, 5)] == [Group.ACCEPTED] * 3
    assert reviewing.group(8) is not Group.ACCEPTED
    assert reviewing.focus.row == 4


def test_at_the_end_of_the_list_it_goes_up(reviewing: Reviewing) -> None:
    reviewing.look_at(ROWS - 1)
    reviewing.press("accept")
    assert reviewing.focus.row == ROWS - 2


def test_when_nothing_else_is_shown_it_stays(reviewing: Reviewing) -> None:
    reviewing.focus.show_rows(rows(3))
    reviewing.look_at(3)
    reviewing.press("accept")
    assert reviewing.focus.row == 3


def test_without_a_selection_the_row_that_is_looked_at_counts(reviewing: Reviewing) -> None:
    reviewing.focus.set_row(6)
    reviewing.press("reject")
    assert reviewing.group(6) is Group.SET_ASIDE


def test_next_and_previous_stop_at_the_ends(reviewing: Reviewing) -> None:
    reviewing.focus.show_rows(rows(8, 2, 5))
    reviewing.press("next")
    assert reviewing.focus.row == 8
    reviewing.press("next")
    assert reviewing.focus.row == 2
    reviewing.press("next")
    reviewing.press("next")
    assert reviewing.focus.row == 5
    reviewing.press("previous")
    assert reviewing.focus.row == 2


def test_u_goes_to_the_next_unsure_track_and_round(reviewing: Reviewing) -> None:
    unsure = np.flatnonzero(reviewing.library.review.groups == Group.UNSURE)
    assert unsure.size > 1
    reviewing.look_at(int(unsure[-1]))
    reviewing.press("next_unsure")
    assert reviewing.focus.row == unsure[0]


def test_g_selects_what_sounds_alike(reviewing: Reviewing) -> None:
    reviewing.look_at(3)
    reviewing.press("similar")
    assert 3 in reviewing.focus.rows
    assert reviewing.focus.rows.size > 1


def test_a_number_toggles_that_suggestion_on_the_selection(reviewing: Reviewing) -> None:
    reviewing.focus.select(rows(1, 2))
    reviewing.focus.set_row(1)
    review = reviewing.library.review
    name = listed(review, rows(1, 2))[0][1].name
    before = review.ticked[[1, 2], review.column(name)].copy()
    reviewing.press("toggle_2")
    ticked = review.ticked[[1, 2], review.column(name)]
    assert ticked.all() if not before.all() else not ticked.any()
    reviewing.press("undo")
    assert (review.ticked[[1, 2], review.column(name)] == before).all()


def test_shift_a_accepts_the_tag_that_is_looked_at(reviewing: Reviewing) -> None:
    review = reviewing.library.review
    reviewing.focus.select(rows(1, 2, 3))
    reviewing.focus.set_tag(5)
    reviewing.press("accept_tag_on_selection")
    assert review.ticked[[1, 2, 3], 5].all()
    assert all(tag.by_hand for tag in review.tags_of(2) if tag.name == review.tags[5].name)


def test_accept_ready_accepts_what_the_threshold_bar_counts(reviewing: Reviewing) -> None:
    review = reviewing.library.review
    reviewing.focus.show_rows(rows(0))
    pending = review.pending()
    assert pending[1] > 1
    reviewing.press("accept_ready")
    assert review.accepted() == pending
    assert review.pending() == (0, 0)


def test_brackets_move_the_threshold_of_the_tag_by_a_hundredth(reviewing: Reviewing) -> None:
    review = reviewing.library.review
    before = review.thresholds.copy()
    reviewing.press("threshold_up")
    assert np.array_equal(review.thresholds, before)  # no tag is looked at
    reviewing.focus.set_tag(5)
    reviewing.press("threshold_up")
    assert review.thresholds[5] == pytest.approx(round(float(before[5]) + 0.01, 2))
    for _ in range(101):
        reviewing.press("threshold_down")
    assert review.thresholds[5] == 0.0


def test_undo_and_redo(reviewing: Reviewing) -> None:
    reviewing.look_at(4)
    before = reviewing.group(4)
    reviewing.press("accept")
    reviewing.press("undo")
    assert reviewing.group(4) is before
    reviewing.press("redo")
    assert reviewing.group(4) is Group.ACCEPTED


def test_a_decision_is_taken_back_and_the_row_stays(reviewing: Reviewing) -> None:
    reviewing.look_at(4)
    before = reviewing.group(4)
    reviewing.press("accept")
    reviewing.look_at(4)
    reviewing.press("reopen")
    assert reviewing.group(4) is before
    assert reviewing.focus.row == 4


def test_without_anything_to_look_at_no_key_does_anything(reviewing: Reviewing) -> None:
    reviewing.focus.show_rows(rows())
    counts = reviewing.library.review.counts()
    for action in ("accept", "reject", "skip", "next", "previous", "next_unsure", "similar", "toggle_1", "undo"):
        reviewing.press(action)
    assert reviewing.library.review.counts() == counts
    assert (reviewing.focus.row, reviewing.focus.tag) == (NO_ROW, NO_TAG)
