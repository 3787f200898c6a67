"""The threshold bar: what it shows of the review, and what moving, typing and choosing do to it."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLabel, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from gui.focus import NO_TAG, Focus
from gui.library.library import Library
from gui.tracks.histogram_slider import HistogramSlider
from gui.tracks.threshold_bar import ThresholdBar
from tagger_core.review import Group
from tests.gui.conftest import synthetic_results, synthetic_tracks

ROWS = 80
TAG = 5


class Bar:
    def __init__(self, library: Library, qtbot: QtBot) -> None:
        self.library, self.review = library, library.review
        self.focus = Focus()
        self.bar = ThresholdBar(library, self.focus)
        qtbot.addWidget(self.bar)
        self.bar.resize(1280, 60)
        self.bar.show()
        self.slider = self.bar.findChild(HistogramSlider)
        self.field = self.bar.findChild(QDoubleSpinBox)
        self.profile = self.bar.findChild(QComboBox)
        self.accept = self.bar.findChild(QPushButton)

    def says(self) -> str:
        return " | ".join(label.text() for label in self.bar.findChildren(QLabel))

    def button(self, name: str) -> QToolButton:
        return next(button for button in self.bar.findChildren(QToolButton) if name in button.accessibleName())

    def undo_steps(self) -> int:
        steps = 0
        while self.review.next_undo:
            self.library.undo()
            steps += 1
        return steps

    def drag(self, *xs: int) -> None:
        """Press, move and release on the slider, with the loop running in between."""
        middle = self.slider.height() // 2
        QTest.mousePress(self.slider, Qt.MouseButton.LeftButton, pos=QPoint(xs[0], middle))
        for x in xs[1:]:
            QTest.mouseMove(self.slider, QPoint(x, middle))
            QTest.qWait(1)
        QTest.mouseRelease(self.slider, Qt.MouseButton.LeftButton, pos=QPoint(xs[-1], middle))
        QTest.qWait(1)


@pytest.fixture
def bar(filled_library: Callable[[int], Library], qtbot: QtBot) -> Bar:
    return Bar(filled_library(ROWS), qtbot)


def test_at_first_it_is_about_all_tags(bar: Bar) -> None:
    assert "All tags" in bar.says()
    assert "Each tag has its own threshold" in bar.says()
    assert bar.profile.currentText() == "Balanced"
    assert not bar.button("profile").isEnabled()


def test_it_counts_what_is_ready(bar: Bar) -> None:
    tags, tracks = bar.review.pending()
    assert tracks > 1
    assert f"Accepting {tags}" in bar.says()
    assert f"{tracks} track" in bar.says()
    assert "cannot be written" not in bar.says()


def test_it_says_why_it_counts_less_than_the_triage(filled_library: Callable[[int], Library], qtbot: QtBot) -> None:
    library = filled_library(ROWS)
    row = int(np.flatnonzero(library.review.groups == Group.READY)[0])
    heard = list(synthetic_results(synthetic_tracks(ROWS), len(library.review.tags)))[row]
    library.review.hear([replace(heard, unwritable="it is write-protected")])
    bar = Bar(library, qtbot)
    assert bar.review.pending()[1] == bar.review.counts()[Group.READY] - 1
    assert "Not counted: 1 ready track" in bar.says()


def test_accept_all_ready(bar: Bar) -> None:
    ready = bar.review.counts()[Group.READY]
    bar.accept.click()
    assert bar.review.counts()[Group.ACCEPTED] == ready
    assert not bar.accept.isEnabled()
    bar.library.undo()
    assert bar.accept.isEnabled()


def test_it_is_about_the_tag_that_is_looked_at(bar: Bar) -> None:
    bar.focus.set_tag(TAG)
    assert bar.review.tags[TAG].name in bar.says()
    assert bar.field.value() == pytest.approx(bar.review.thresholds[TAG], abs=0.006)
    assert bar.slider.value() == pytest.approx(1000 * bar.review.thresholds[TAG], abs=0.6)
    assert "your library" in bar.says()
    bar.button("all tags").click()
    assert bar.focus.tag == NO_TAG
    assert "All tags" in bar.says()


def test_looking_changes_nothing(bar: Bar, qtbot: QtBot) -> None:
    before = bar.review.thresholds.tolist()
    for column in range(len(bar.review.tags)):
        bar.focus.set_tag(column)
    QTest.qWait(1)
    assert bar.review.thresholds.tolist() == before
    assert bar.review.next_undo is None


def test_a_drag_judges_on_the_way_and_is_one_step_to_undo(bar: Bar, qtbot: QtBot) -> None:
    bar.focus.set_tag(TAG)
    before = float(bar.review.thresholds[TAG])
    width = bar.slider.width()
    seen: list[int] = []
    bar.library.review_changed.connect(lambda: seen.append(int(bar.review.ticked_counts()[TAG])))
    bar.drag(width // 2, width // 3, width // 6, 2)
    assert bar.review.thresholds[TAG] < 0.02
    assert len(set(seen)) > 2
    assert bar.undo_steps() == 1
    assert bar.review.thresholds[TAG] == pytest.approx(before)


def test_arrow_keys_move_by_a_hundredth(bar: Bar) -> None:
    bar.focus.set_tag(TAG)
    before = bar.slider.value()
    QTest.keyClick(bar.slider, Qt.Key.Key_Right)
    QTest.qWait(1)
    assert bar.slider.value() == before + 10
    assert bar.review.thresholds[TAG] == pytest.approx((before + 10) / 1000)


def test_typing_a_number(bar: Bar) -> None:
    bar.focus.set_tag(TAG)
    bar.field.setValue(0.62)
    QTest.qWait(1)
    assert bar.review.thresholds[TAG] == pytest.approx(0.62)
    assert bar.slider.value() == 620


def test_back_to_the_profile(bar: Bar) -> None:
    bar.focus.set_tag(TAG)
    before = float(bar.review.thresholds[TAG])
    bar.library.do("set_threshold", TAG, 0.9)
    assert bar.button("profile").isEnabled()
    bar.button("profile").click()
    assert bar.review.thresholds[TAG] == pytest.approx(before)
    assert not bar.button("profile").isEnabled()


def test_one_threshold_for_all_and_back(bar: Bar) -> None:
    before = bar.review.thresholds.tolist()
    bar.field.setValue(0.5)
    QTest.qWait(1)
    assert set(bar.review.thresholds.tolist()) == {0.5}
    assert "at least this sure" in bar.says()
    bar.button("profile").click()
    assert bar.review.thresholds.tolist() == before


def test_the_profile_moves_them_all(bar: Bar) -> None:
    balanced = bar.review.thresholds.copy()
    bar.profile.setCurrentIndex(0)
    bar.profile.activated.emit(0)
    assert bar.review.settings.profile == "strict"
    assert bar.review.thresholds.mean() > balanced.mean()


def test_it_follows_commands_from_elsewhere(bar: Bar) -> None:
    bar.focus.set_tag(TAG)
    bar.library.do("set_threshold", TAG, 0.25)
    assert bar.field.value() == 0.25
    assert bar.slider.value() == 250
    bar.library.undo()
    assert bar.slider.value() != 250


def test_without_models_there_is_nothing_to_move_and_nothing_breaks(bar: Bar) -> None:
    slider = HistogramSlider()
    slider.resize(200, 30)
    slider.show_histogram([], None)
    slider.show_threshold(0.5)
    assert slider.value() == 500
    assert not slider.grab().isNull()
