"""Map mode as a person uses it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QToolTip
from pytestqt.qtbot import QtBot

from gui.focus import Focus
from gui.library.library import Library
from gui.map_mode.map_mode import MapMode
from gui.map_mode.map_scene import NOTHING
from gui.map_mode.viewport import MOST_ZOOM
from tagger_core.domain import FileStamp, Track
from tagger_core.review import Heard, Review, TrackName
from tests.gui.map_mode.test_viewport import place_under

ROWS = 150


class Mode:
    """The mode in a window of its own, with what it works on."""

    def __init__(self, qtbot: QtBot, library: Library) -> None:
        self.library, self.focus = library, Focus()
        self.focus.show_rows(np.arange(len(library.review)))
        self.widget = MapMode(library, self.focus)
        self.canvas = self.widget.canvas
        qtbot.addWidget(self.widget)
        self.widget.resize(760, 640)
        with qtbot.waitExposed(self.widget):
            self.widget.show()
        self.paint()

    def paint(self) -> None:
        self.canvas.grab()

    def at(self, position: int) -> QPoint:
        return self.canvas.scene.point(position).toPoint()

    def lonely(self) -> int:
        """The position of a track that can be clicked without clicking another, or a tag."""
        scene = self.canvas.scene
        return next(
            position
            for position in range(len(scene.places))
            if scene.tag_at(QPointF(self.at(position))) == NOTHING
            and scene.track_at(QPointF(self.at(position))) == position
        )

    def free(self) -> QPoint:
        """A point of the map where nothing is."""
        scene = self.canvas.scene
        points = (QPoint(x, y) for x in range(5, self.canvas.width(), 7) for y in range(5, self.canvas.height(), 7))
        return next(
            point
            for point in points
            if scene.tag_at(QPointF(point)) == NOTHING and scene.track_at(QPointF(point)) == NOTHING
        )


@pytest.fixture
def mode(qtbot: QtBot, filled_library: Callable[[int], Library]) -> Mode:
    return Mode(qtbot, filled_library(ROWS))


def click(qtbot: QtBot, mode: Mode, at: QPoint, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.mouseClick(mode.canvas, Qt.MouseButton.LeftButton, keys, at)


def lasso(qtbot: QtBot, mode: Mode, corners: list[tuple[int, int]]) -> None:
    first, *others = [QPoint(*corner) for corner in corners]
    qtbot.mousePress(mode.canvas, Qt.MouseButton.LeftButton, pos=first)
    for corner in others:
        qtbot.mouseMove(mode.canvas, corner)
    qtbot.mouseRelease(mode.canvas, Qt.MouseButton.LeftButton, pos=others[-1])


def test_a_click_selects_the_track_under_the_pointer(qtbot: QtBot, mode: Mode) -> None:
    position = mode.lonely()
    click(qtbot, mode, mode.at(position))
    assert mode.focus.rows.tolist() == [position]
    assert mode.focus.row == position
    click(qtbot, mode, mode.free())
    assert mode.focus.rows.size == 0
    assert mode.focus.row == position


def test_control_adds_to_the_selection(qtbot: QtBot, mode: Mode) -> None:
    mode.focus.select(np.array([140, 141]))
    position = mode.lonely()
    click(qtbot, mode, mode.at(position), Qt.KeyboardModifier.ControlModifier)
    assert mode.focus.rows.tolist() == sorted({position, 140, 141})


def test_the_lasso_selects_what_it_encloses(qtbot: QtBot, mode: Mode) -> None:
    width, height = mode.canvas.width(), mode.canvas.height()
    lasso(qtbot, mode, [(1, 1), (width // 2, 1), (width // 2, height), (1, height)])
    expected = [position for position in range(ROWS) if mode.canvas.scene.point(position).x() < width / 2]
    assert 0 < len(expected) < ROWS
    assert mode.focus.rows.tolist() == expected
    assert mode.canvas.scene.selected.tolist() == expected
    assert f"{len(expected)} track" in mode.widget.summary.text()


def test_a_shaking_hand_draws_no_lasso(qtbot: QtBot, mode: Mode) -> None:
    position = mode.lonely()
    qtbot.mousePress(mode.canvas, Qt.MouseButton.LeftButton, pos=mode.at(position))
    qtbot.mouseMove(mode.canvas, mode.at(position) + QPoint(2, 2))
    qtbot.mouseRelease(mode.canvas, Qt.MouseButton.LeftButton, pos=mode.at(position) + QPoint(2, 2))
    assert mode.focus.rows.tolist() == [position]


def test_a_selection_made_elsewhere_is_shown(mode: Mode) -> None:
    mode.focus.select(np.array([5, 17]))
    assert mode.canvas.scene.selected.tolist() == [5, 17]


def test_a_tag_can_be_clicked(qtbot: QtBot, mode: Mode) -> None:
    label = mode.canvas.scene.labels[0]
    click(qtbot, mode, QPoint(int(label.left + label.width / 2), int(label.top + label.height / 2)))
    assert mode.focus.tag == label.column == mode.canvas.scene.tag


def test_tab_goes_through_the_tags_and_then_leaves(qtbot: QtBot, mode: Mode) -> None:
    mode.canvas.setFocus()
    order = mode.canvas.scene.order
    seen = []
    for _ in order:
        qtbot.keyClick(mode.canvas, Qt.Key.Key_Tab)
        seen.append(mode.focus.tag)
    assert seen == order
    counts = mode.library.review.ticked_counts()
    assert counts[seen[0]] == counts.max()
    qtbot.keyClick(mode.canvas, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert mode.focus.tag == order[-2]
    qtbot.keyClick(mode.canvas, Qt.Key.Key_Tab)
    qtbot.keyClick(mode.canvas, Qt.Key.Key_Tab)
    assert mode.focus.tag == order[-1]
    assert QApplication.focusWidget() is not mode.canvas


def test_enter_selects_the_tracks_that_are_nearest_to_the_tag(qtbot: QtBot, mode: Mode) -> None:
    scene = mode.canvas.scene
    distances = np.linalg.norm(scene.places[:, None] - scene.tag_places[None], axis=2)
    tag = int(np.bincount(distances.argmin(axis=1)).argmax())
    mode.focus.set_tag(tag)
    qtbot.keyClick(mode.canvas, Qt.Key.Key_Return)
    assert mode.focus.rows.tolist() == np.flatnonzero(distances.argmin(axis=1) == tag).tolist()


def test_the_chosen_tag_is_always_named(mode: Mode) -> None:
    for column in range(len(mode.library.review.tags)):
        mode.focus.set_tag(column)
        mode.paint()
        assert column in {label.column for label in mode.canvas.scene.labels}


def test_zoom_by_keys_wheel_and_buttons(qtbot: QtBot, mode: Mode) -> None:
    canvas = mode.canvas
    qtbot.keyClick(canvas, Qt.Key.Key_Plus)
    assert canvas.scene.view.zoom > 1
    qtbot.keyClick(canvas, Qt.Key.Key_Minus)
    assert canvas.scene.view.zoom == pytest.approx(1)
    under = QPointF(100, 120)
    place = place_under(canvas.scene.view, (100, 120))
    wheel = QWheelEvent(
        under, canvas.mapToGlobal(under), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, wheel)
    assert place_under(canvas.scene.view, (100, 120)) == pytest.approx(place, abs=1e-4)
    qtbot.keyClick(canvas, Qt.Key.Key_0)
    assert canvas.scene.view.zoom == 1
    for _ in range(40):
        mode.widget.zoom_in.click()
    assert canvas.scene.view.zoom == pytest.approx(MOST_ZOOM)
    mode.widget.whole.click()
    assert canvas.scene.view.zoom == 1


def test_more_names_are_shown_nearer(mode: Mode) -> None:
    mode.widget.resize(380, 420)
    mode.paint()
    crowded = {label.column for label in mode.canvas.scene.labels}
    assert len(crowded) < len(mode.library.review.tags)
    hidden = next(column for column in range(len(mode.library.review.tags)) if column not in crowded)
    x, y = mode.canvas.scene.tag_places[hidden].tolist()
    view = mode.canvas.scene.view
    mode.canvas.pan((view.x - x) * view.scale, (y - view.y) * view.scale)
    mode.canvas.zoom(30)
    mode.paint()
    assert hidden in {label.column for label in mode.canvas.scene.labels}


@pytest.mark.parametrize("button", [Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton])
def test_the_map_follows_the_hand(qtbot: QtBot, mode: Mode, button: Qt.MouseButton) -> None:
    before = mode.canvas.scene.point(0)
    qtbot.mousePress(mode.canvas, button, pos=QPoint(200, 200))
    qtbot.mouseMove(mode.canvas, QPoint(230, 190))
    qtbot.mouseRelease(mode.canvas, button, pos=QPoint(230, 190))
    mode.paint()
    moved = mode.canvas.scene.point(0) - before
    assert (moved.x(), moved.y()) == pytest.approx((30, -10), abs=0.1)
    assert mode.focus.rows.size == 0


def test_the_arrows_move_the_map(qtbot: QtBot, mode: Mode) -> None:
    before = mode.canvas.scene.point(0)
    qtbot.keyClick(mode.canvas, Qt.Key.Key_Left)
    qtbot.keyClick(mode.canvas, Qt.Key.Key_Up)
    mode.paint()
    after = mode.canvas.scene.point(0)
    assert after.x() > before.x()
    assert after.y() > before.y()


def test_a_tooltip_says_what_the_track_is(mode: Mode) -> None:
    position = mode.lonely()
    at = mode.at(position)
    QApplication.sendEvent(mode.canvas, QHelpEvent(QEvent.Type.ToolTip, at, mode.canvas.mapToGlobal(at)))
    name = mode.library.review.name(position)
    lines = QToolTip.text().split("\n")
    assert lines[:2] == [name.title, name.artist]
    assert lines[2].split(", ")[0] == mode.library.review.chips_of(position, 1)[0].name


def test_only_tracks_of_the_filter_are_on_the_map(qtbot: QtBot, mode: Mode) -> None:
    mode.focus.show_rows(np.array([7, 3]))
    qtbot.waitUntil(lambda: len(mode.canvas.scene.places) == 2)
    mode.paint()
    click(qtbot, mode, mode.at(0))
    assert mode.focus.rows.tolist() == [7]


def test_a_track_comes_when_it_is_heard(qtbot: QtBot, mode: Mode) -> None:
    track = Track(Path("/music/new.mp3"), FileStamp(1, 1, 10**6, 1))
    row = mode.library.review.add([track])[0]
    mode.focus.show_rows(np.arange(len(mode.library.review)))
    qtbot.wait(200)
    assert len(mode.canvas.scene.places) == ROWS
    probabilities = np.zeros(len(mode.library.review.tags), np.float32)
    probabilities[mode.library.review.column("Harp")] = 0.99
    mode.library.review.hear([Heard(track, b"x" * 32, probabilities, 10.0, TrackName(), {})])
    mode.library.review_changed.emit()
    qtbot.waitUntil(lambda: len(mode.canvas.scene.places) == ROWS + 1)
    place = mode.canvas.scene.places[-1]
    harp = mode.canvas.scene.tag_places[mode.library.review.column("Harp")]
    assert np.linalg.norm(place - harp) < 0.1
    assert row == ROWS


def test_tracks_move_with_the_thresholds(qtbot: QtBot, mode: Mode) -> None:
    before = mode.canvas.scene.places.copy()
    mode.library.do("set_threshold", mode.library.review.column("Rock"), 0.01)
    qtbot.waitUntil(lambda: not np.array_equal(mode.canvas.scene.places, before))


def test_an_empty_map_says_what_will_come(qtbot: QtBot, filled_library: Callable[[int], Library]) -> None:
    mode = Mode(qtbot, filled_library(0))
    assert "appear here" in mode.widget.summary.text()
    click(qtbot, mode, QPoint(1, 1))
    assert mode.canvas.scene.labels


def test_a_new_review_starts_again(qtbot: QtBot, mode: Mode) -> None:
    mode.library.reset.emit()
    assert len(mode.canvas.scene.places) == ROWS


def test_another_review_without_tags(qtbot: QtBot, mode: Mode, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Review([], mode.library.settings)
    other.add([Track(Path("/music/new.mp3"), FileStamp(1, 1, 1, 1))])
    monkeypatch.setattr(Library, "review", property(lambda _: other))
    mode.focus.forget()
    mode.library.reset.emit()
    mode.focus.show_rows(np.array([0]))
    qtbot.wait(200)
    mode.paint()
    assert len(mode.canvas.scene.places) == 0
    qtbot.keyClick(mode.canvas, Qt.Key.Key_Return)
    qtbot.keyClick(mode.canvas, Qt.Key.Key_Tab)


def test_everything_that_can_be_operated_has_a_name(mode: Mode) -> None:
    assert mode.canvas.accessibleName()
    assert mode.canvas.focusPolicy() & Qt.FocusPolicy.TabFocus
    for button in mode.widget.findChildren(QAbstractButton):
        assert button.accessibleName() or button.text(), button
