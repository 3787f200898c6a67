"""Tags mode as a person uses it: by keys, by the mouse, and beside the other modes."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView
from pytestqt.qtbot import QtBot

from gui.focus import NO_TAG, Focus
from gui.library.library import Library
from gui.tags_mode.tags_mode import TagsMode
from tagger_core.domain import FileStamp, Track
from tagger_core.model_card import ModelFolder, shipped_models
from tagger_core.review import Heard, Review, TrackName

ROWS = 120


class Mode:
    """The mode in a window of its own, with what it works on."""

    def __init__(self, qtbot: QtBot, library: Library) -> None:
        self.library, self.focus = library, Focus()
        self.widget = TagsMode(library, self.focus)
        self.page = self.widget.page
        qtbot.addWidget(self.widget)
        self.widget.resize(700, 620)
        with qtbot.waitExposed(self.widget):
            self.widget.show()

    @property
    def threshold(self) -> float:
        return float(self.library.review.thresholds[self.focus.tag])

    @property
    def tag(self) -> str:
        return self.library.review.tags[self.focus.tag].name


@pytest.fixture
def mode(qtbot: QtBot, filled_library: Callable[[int], Library]) -> Mode:
    mode = Mode(qtbot, filled_library(ROWS))
    mode.focus.set_tag(mode.library.review.column("Rock"))
    return mode


def test_it_begins_with_the_tag_on_most_tracks(qtbot: QtBot, filled_library: Callable[[int], Library]) -> None:
    mode = Mode(qtbot, filled_library(ROWS))
    assert mode.focus.tag == int(np.argmax(mode.library.review.ticked_counts()))


def test_up_and_down_choose_the_tag(qtbot: QtBot, mode: Mode) -> None:
    view = mode.widget.tag_view
    before = view.currentIndex().row()
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert view.currentIndex().row() == before + 1
    assert mode.page.title.text() == mode.tag == view.currentIndex().data()


def test_a_tag_stays_where_it_is_while_its_threshold_moves(qtbot: QtBot, mode: Mode) -> None:
    view = mode.widget.tag_view
    view.setCurrentIndex(view.model().index(0, 0))
    first = mode.tag
    mode.library.do("set_threshold", mode.focus.tag, 1.0)
    assert view.currentIndex().row() == 0
    mode.widget.hide()
    mode.widget.show()
    assert view.currentIndex().row() > 0
    assert mode.tag == view.currentIndex().data() == first


def test_next_goes_by_probability_and_the_filter_comes_back(mode: Mode) -> None:
    assert mode.focus.visible.tolist() == mode.page.listed.rows.tolist()
    mode.focus.set_tag(mode.library.review.column("Jazz"))
    assert mode.focus.visible.tolist() == mode.page.listed.rows.tolist()
    mode.focus.show_rows(np.array([4, 2]))  # the filter of Tracks changes meanwhile
    assert mode.focus.visible.tolist() == mode.page.listed.rows.tolist()
    mode.widget.hide()
    assert mode.focus.visible.tolist() == [4, 2]


@pytest.mark.parametrize("where", ["tags", "histogram"])
def test_left_and_right_move_the_threshold_by_a_hundredth(qtbot: QtBot, mode: Mode, where: str) -> None:
    widget = mode.widget.tag_view if where == "tags" else mode.page.histogram
    mode.library.do("set_threshold", mode.focus.tag, 0.5)
    for _ in range(3):
        qtbot.keyClick(widget, Qt.Key.Key_Right)
    qtbot.keyClick(widget, Qt.Key.Key_Left)
    assert mode.threshold == pytest.approx(0.52)
    assert mode.page.histogram.cut == pytest.approx(0.52)


def test_a_drag_on_the_histogram_is_one_step_to_undo(qtbot: QtBot, mode: Mode) -> None:
    before, histogram = mode.threshold, mode.page.histogram
    middle = histogram.height() // 2
    qtbot.mousePress(histogram, Qt.MouseButton.LeftButton, pos=QPoint(histogram.width() // 3, middle))
    for x in range(histogram.width() // 3, histogram.width() * 2 // 3, 10):
        qtbot.mouseMove(histogram, QPoint(x, middle))
    qtbot.mouseRelease(histogram, Qt.MouseButton.LeftButton, pos=QPoint(histogram.width() * 2 // 3, middle))
    assert mode.threshold > 0.4
    mode.library.undo()
    assert mode.threshold == pytest.approx(before)
    assert histogram.cut == pytest.approx(before)


def test_the_numbers_are_those_of_the_review(mode: Mode) -> None:
    mode.library.do("set_threshold", mode.focus.tag, 0.3)
    review = mode.library.review
    reached = np.flatnonzero(review.probabilities[:, mode.focus.tag] >= review.thresholds[mode.focus.tag])
    mode.library.do("accept", reached[:2])
    text = mode.page.numbers.text()
    assert text.startswith(f"{len(reached)} track")
    assert f"{len(reached) - 2} of them undecided; {ROWS - len(reached)} below" in text
    assert f"Rock on {len(reached) - 2} track" in mode.page.accept.text()


def test_enter_accepts_on_all_undecided_above_and_it_can_be_undone(qtbot: QtBot, mode: Mode) -> None:
    review = mode.library.review
    mode.library.do("set_threshold", mode.focus.tag, 0.3)
    above = mode.page.listed.above
    qtbot.keyClick(mode.widget.tag_view, Qt.Key.Key_Return)
    assert review.by_hand[above, mode.focus.tag].all()
    mode.library.do("set_threshold", mode.focus.tag, 0.99)
    assert review.ticked[above, mode.focus.tag].all()
    mode.library.undo()
    mode.library.undo()
    assert not review.by_hand[above, mode.focus.tag].any()


def test_reject_below_unticks_by_hand_below_only(qtbot: QtBot, mode: Mode) -> None:
    mode.library.do("set_threshold", mode.focus.tag, 0.3)
    above, below = mode.page.listed.above, mode.page.listed.below
    qtbot.mouseClick(mode.page.reject, Qt.MouseButton.LeftButton)
    review = mode.library.review
    mode.library.do("set_threshold", mode.focus.tag, 0.0)
    assert review.ticked[above, mode.focus.tag].all()
    assert not review.ticked[below, mode.focus.tag].any()
    assert not mode.page.reject.isEnabled()


def test_back_to_the_profile(qtbot: QtBot, mode: Mode) -> None:
    profile = mode.threshold
    mode.library.do("set_threshold", mode.focus.tag, 0.9)
    qtbot.mouseClick(mode.page.reset, Qt.MouseButton.LeftButton)
    assert mode.threshold == pytest.approx(profile)


def test_the_selection_is_shared_both_ways(qtbot: QtBot, mode: Mode) -> None:
    view, listed = mode.page.view, mode.page.listed
    rows = listed.rows[[2, 3, 4, 9]]
    mode.focus.select(rows[::-1])
    mode.focus.set_row(int(rows[1]))
    assert {index.row() for index in view.selectionModel().selectedRows()} == {2, 3, 4, 9}
    assert view.currentIndex().row() == 3
    view.setCurrentIndex(listed.index(6, 0))
    assert mode.focus.rows.tolist() == [listed.row_at(6)]
    assert mode.focus.row == listed.row_at(6)
    qtbot.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert mode.focus.rows.tolist() == listed.rows[[6, 7]].tolist()


def test_the_selection_survives_another_tag(mode: Mode) -> None:
    rows = mode.page.listed.rows[[2, 3]]
    mode.focus.select(rows)
    mode.focus.set_tag(mode.library.review.column("Jazz"))
    selected = {mode.page.listed.row_at(index.row()) for index in mode.page.view.selectionModel().selectedRows()}
    assert selected == set(rows.tolist())
    assert set(mode.focus.rows.tolist()) == set(rows.tolist())


def test_the_list_stands_still_while_tracks_are_heard(mode: Mode) -> None:
    view, listed, review = mode.page.view, mode.page.listed, mode.library.review
    view.verticalScrollBar().setValue(70)
    top = listed.row_at(view.rowAt(0))
    tracks = [Track(Path(f"/music/new {n}.mp3"), FileStamp(1, 1, 10**6 + n, 1)) for n in range(9)]
    review.add(tracks)
    high = np.full(len(review.tags), 0.99, np.float32)
    review.hear([Heard(track, bytes([n]) * 32, high, 10.0, TrackName(), {}) for n, track in enumerate(tracks)])
    mode.library.review_changed.emit()
    assert listed.row_at(view.rowAt(0)) == top
    assert view.rowAt(0) == 79


def test_the_cut_comes_into_sight_when_it_is_moved(mode: Mode) -> None:
    view, listed = mode.page.view, mode.page.listed
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    mode.library.do("set_threshold", mode.focus.tag, 0.3)
    shown = range(view.rowAt(0), view.rowAt(view.viewport().height() - 1))
    assert listed.cut in shown


def test_what_the_card_says_and_nothing_where_it_says_nothing(mode: Mode) -> None:
    card = ModelFolder.load(shipped_models() / "magnatagatune").card
    guitar = next(label for label in card.labels if label.name == "guitar")
    mode.focus.set_tag(mode.library.review.column("Guitar"))
    mode.library.do("set_threshold", mode.focus.tag, guitar.balanced.value + 0.01)
    assert f"{100 * (guitar.balanced.precision or 0):.0f} %" in mode.page.measured.text()
    mode.library.do("set_threshold", mode.focus.tag, 0.0)
    assert mode.page.measured.text() == ""


def test_the_scale_is_remembered(mode: Mode, qtbot: QtBot) -> None:
    assert mode.page.logarithmic.isChecked()
    mode.page.logarithmic.click()
    assert not Mode(qtbot, mode.library).page.logarithmic.isChecked()


def test_a_hidden_mode_works_nothing_out(mode: Mode) -> None:
    text = mode.page.numbers.text()
    mode.widget.hide()
    mode.library.do("set_threshold", mode.focus.tag, 0.77)
    assert mode.page.numbers.text() == text
    mode.widget.show()
    assert "0.77" in mode.page.numbers.text()


def test_an_empty_library_is_no_error(qtbot: QtBot, filled_library: Callable[[int], Library]) -> None:
    mode = Mode(qtbot, filled_library(0))
    assert not mode.page.accept.isEnabled()
    qtbot.keyClick(mode.widget.tag_view, Qt.Key.Key_Return)
    assert "0 track" in mode.page.numbers.text()


def test_without_a_tag_the_page_says_so(mode: Mode) -> None:
    mode.focus.set_tag(NO_TAG)
    assert mode.page.title.text() == "No tag is chosen"
    assert mode.page.listed.rowCount() == 0
    assert not mode.page.isEnabled()
    mode.library.review_changed.emit()
    mode.focus.set_tag(mode.library.review.column("Jazz"))
    assert mode.page.title.text() == "Jazz"
    assert mode.page.listed.rowCount() == ROWS


@pytest.mark.parametrize("cards", [0, 1])
def test_another_review_with_other_tags_or_none(mode: Mode, cards: int, monkeypatch: pytest.MonkeyPatch) -> None:
    mode.page.view.setCurrentIndex(mode.page.listed.index(4, 0))
    models = [ModelFolder.load(shipped_models() / "million-song").card]
    other = Review(models[:cards], mode.library.settings)
    monkeypatch.setattr(Library, "review", property(lambda _: other))
    mode.focus.forget()
    mode.library.reset.emit()
    mode.widget.grab()
    assert mode.page.listed.rowCount() == 0
    assert mode.page.isEnabled() == bool(cards)
    mode.widget.hide()
    mode.widget.show()


def test_everything_that_can_be_operated_has_a_name(mode: Mode) -> None:
    for button in mode.widget.findChildren(QAbstractButton):
        if button.isVisible() and not isinstance(button.parent(), QAbstractItemView):
            assert button.accessibleName() or button.text(), button
    for widget in (mode.widget.tag_view, mode.page.view, mode.page.histogram):
        assert widget.accessibleName()
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus
