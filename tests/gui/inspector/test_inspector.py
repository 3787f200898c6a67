"""The inspector over a review: what it shows is what the review says, and what is clicked is what is decided."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from gui.focus import NO_ROW, NO_TAG, Focus
from gui.inspector.inspector import Inspector
from gui.inspector.player import AudioDeviceError, OutputDevice, Player
from gui.inspector.sound_panel import Picture
from gui.inspector.suggestion_lines import SuggestionLine, in_order
from gui.inspector.suggestion_model import LINE_ROLE
from gui.library.library import Library
from tagger_core.domain import Category, FileStamp, Track, TrackFailure
from tagger_core.review import Group
from tests.gui.conftest import FilledLibrary

ROWS = 40


def no_device() -> OutputDevice:
    raise AudioDeviceError("there is none")


class Rig:
    """An inspector that looks at a library, shown."""

    def __init__(self, qtbot: QtBot, library: Library) -> None:
        self.library = library
        self.review = library.review
        self.focus = Focus()
        self.inspector = Inspector(library, self.focus, Player(no_device))
        self.parts = self.inspector.parts
        qtbot.addWidget(self.inspector)
        self.inspector.resize(380, 700)
        self.inspector.show()
        self._qtbot = qtbot

    def look_at(self, *rows: int) -> None:
        self.focus.select(np.array(rows, np.intp))
        self.focus.set_row(rows[0])
        self.settle()

    def settle(self) -> None:
        """Refreshing waits for the end of what goes on."""
        self._qtbot.wait(1)

    def lines(self) -> list[SuggestionLine]:
        model = self.parts.suggestions.lines
        return [model.line(row) for row in range(model.rowCount())]

    def click_box(self, place: int) -> None:
        view = self.parts.suggestions
        rect = view.visualRect(view.lines.index(place))
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(22, rect.top() + 10))
        self.settle()

    def row_of(self, group: Group) -> int:
        return int(np.flatnonzero(self.review.groups == group)[0])


@pytest.fixture
def rig(qtbot: QtBot, filled_library: FilledLibrary) -> Rig:
    return Rig(qtbot, filled_library(ROWS))


def test_without_a_track_it_says_what_it_is_for(rig: Rig) -> None:
    assert rig.parts.hint.isVisible()
    assert "Space plays" in rig.parts.hint.text()
    for part in (rig.parts.header, rig.parts.sound, rig.parts.suggestions, rig.parts.diff):
        assert not part.isVisible()
    rig.look_at(0)
    assert not rig.parts.hint.isVisible()
    assert rig.parts.header.isVisible()


@pytest.mark.parametrize("row", [0, 7, 23])
def test_the_values_are_those_of_the_review(rig: Rig, row: int) -> None:
    rig.look_at(row)
    rig.parts.more_button.click()
    expected = in_order(rig.review.tags_of(row))
    shown = rig.lines()
    assert [(line.name, line.probability, line.threshold, line.ticked) for line in shown] == [
        (tag.name, tag.probability, tag.threshold, tag.ticked) for tag in expected
    ]
    assert rig.parts.header.title.text() == rig.review.name(row).title
    assert rig.parts.header.subtitle.text() == f"{rig.review.name(row).artist} — {rig.review.name(row).album}"
    assert rig.parts.header.file.text() == rig.review.path(row).name


def test_a_click_and_a_command_do_the_same(rig: Rig) -> None:
    rig.look_at(3)
    name, before = rig.lines()[0].name, rig.lines()[0].ticked
    rig.click_box(0)
    assert rig.lines()[0].ticked is not before
    column = rig.review.column(name)
    assert rig.review.ticked[3, column] == rig.lines()[0].ticked
    rig.library.do("toggle", np.array([3]), name)
    rig.settle()
    assert rig.lines()[0].ticked is before
    rig.library.undo()
    rig.settle()
    assert rig.lines()[0].ticked is not before


def test_no_line_moves_when_it_is_ticked(rig: Rig) -> None:
    rig.look_at(3)
    names = [line.name for line in rig.lines()]
    for place in range(len(names)):
        rig.click_box(place)
        assert [line.name for line in rig.lines()][: len(names)] == names


def test_the_diff_follows_what_is_ticked(rig: Rig) -> None:
    row = next(row for row in range(ROWS) if rig.review.edits_of(row) and not rig.review.present(row))
    rig.look_at(row)
    name = next(tag.name for tag in rig.review.tags_of(row) if tag.ticked and tag.new)
    assert f"added {name}" in rig.parts.diff.table.accessibleName()
    rig.library.do("toggle", np.array([row]), name)
    rig.settle()
    assert f"added {name}" not in rig.parts.diff.table.accessibleName()


def test_a_threshold_chosen_here_is_in_force_everywhere(rig: Rig) -> None:
    rig.look_at(5)
    name = rig.lines()[1].name
    column = rig.review.column(name)
    profile = float(rig.review.thresholds[column])
    rig.parts.suggestions.open_line(name)
    rig.parts.suggestions.opened.emit(name)
    assert rig.focus.tag == column
    rig.parts.suggestions.detail.threshold.setValue(0.91)
    rig.settle()
    assert rig.review.thresholds[column] == pytest.approx(0.91)
    assert rig.parts.suggestions.detail.reset_button.isVisible()
    assert rig.parts.suggestions.open_tag == name
    rig.parts.suggestions.detail.reset_button.click()
    rig.settle()
    assert rig.review.thresholds[column] == pytest.approx(profile)


def test_the_tag_that_is_looked_at_elsewhere_is_open_here(rig: Rig) -> None:
    rig.look_at(5)
    column = rig.review.column(rig.lines()[0].name)
    rig.focus.set_tag(column)
    assert rig.parts.suggestions.open_tag == rig.lines()[0].name
    assert rig.parts.suggestions.detail.isVisible()
    rig.focus.set_tag(NO_TAG)
    assert not rig.parts.suggestions.detail.isVisible()


def test_a_tag_by_hand_is_there_at_once_and_marked(rig: Rig) -> None:
    rig.look_at(2)
    rig.inspector.edit_tag()
    assert rig.parts.editor.isVisible()
    rig.parts.editor.added.emit("夜 " + "very " * 30 + "long 🎧", Category.MOOD)
    rig.settle()
    added = rig.lines()[0]
    assert (added.by_hand, added.ticked, added.category) == (True, True, Category.MOOD)
    assert rig.parts.suggestions.lines.index(0).data(LINE_ROLE).name.endswith("long 🎧")
    assert rig.inspector.widget().width() <= rig.inspector.width()


def test_several_selected_share_and_are_decided_together(rig: Rig) -> None:
    rows = (3, 4, 5, 6)
    rig.look_at(*rows)
    assert rig.parts.header.title.text().startswith("4 ")
    assert not rig.parts.sound.isVisible()
    assert not rig.parts.diff.isVisible()
    times = rig.review.ticked[list(rows)].sum(axis=0)
    for line in rig.lines():
        count = times[rig.review.column(line.name)]
        assert line.ticked is (True if count == 4 else None if count else False)
    name = rig.lines()[0].name
    rig.click_box(0)
    assert len(set(rig.review.ticked[list(rows), rig.review.column(name)].tolist())) == 1


def test_of_a_track_that_waits_nothing_is_made_up(rig: Rig) -> None:
    rig.review.add([Track(rig.review.path(0).with_name("new.mp3"), FileStamp(1, 1, 1, 1))])
    rig.look_at(ROWS)
    assert rig.parts.header.title.text() == "new"
    assert rig.parts.remark.text() == "Not listened to yet."
    for part in (rig.parts.suggestions, rig.parts.diff, rig.parts.add_button, rig.parts.sound.taggram):
        assert not part.isVisible()


def test_a_failed_track_says_why_and_offers_what_helps(rig: Rig, qtbot: QtBot) -> None:
    track = Track(rig.review.path(0).with_name("bad.mp3"), FileStamp(1, 1, 1, 1))
    rig.review.add([track])
    rig.review.fail([TrackFailure(track, "not audio: the file is empty")])
    rig.look_at(ROWS)
    header = rig.parts.header
    assert header.problem.text() == "not audio: the file is empty"
    assert not rig.parts.sound.isVisible()  # there is nothing to play, and the reason stands once
    with qtbot.waitSignal(header.retry):
        header.retry_button.click()
    with qtbot.waitSignal(header.show_in_folder):
        header.folder_button.click()
    rig.library.do("retry", np.array([ROWS]))
    rig.settle()
    assert rig.parts.sound.isVisible()
    rig.look_at(0)
    assert not header.problem.isVisible()
    assert not header.retry_button.isVisible()


def test_a_file_that_is_gone_has_no_picture_and_the_reason(rig: Rig, qtbot: QtBot) -> None:
    rig.look_at(0)
    waveform = rig.parts.sound.waveform
    qtbot.waitUntil(lambda: waveform.hint == "the file is no longer there", timeout=20_000)


def test_no_device_disables_the_button_and_says_so(rig: Rig) -> None:
    rig.look_at(0)
    assert rig.parts.sound.play_button.isEnabled()
    rig.parts.sound.play_button.click()
    assert not rig.parts.sound.play_button.isEnabled()
    assert rig.parts.sound.play_button.toolTip() == "No audio device: preview is silent"
    rig.look_at(1)
    assert not rig.parts.sound.play_button.isEnabled()


def test_the_picture_is_remembered(rig: Rig, qtbot: QtBot) -> None:
    assert rig.parts.sound.picture is Picture.WAVEFORM
    rig.parts.sound.picture_buttons[Picture.SPECTROGRAM].click()
    assert rig.parts.sound.picture is Picture.SPECTROGRAM
    other = Inspector(rig.library, Focus(), Player(no_device))
    qtbot.addWidget(other)
    assert other.parts.sound.picture is Picture.SPECTROGRAM


def test_another_review_forgets_the_old_one(rig: Rig) -> None:
    rig.look_at(3)
    rig.focus.select(np.empty(0, np.intp))
    rig.focus.set_row(NO_ROW)
    rig.library.reset.emit()
    rig.settle()
    assert rig.parts.hint.isVisible()


def test_everything_interactive_has_an_accessible_name(rig: Rig) -> None:
    rig.look_at(3)
    rig.inspector.edit_tag()
    rig.focus.set_tag(rig.review.column(rig.lines()[0].name))
    for kind in (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox):
        for widget in rig.inspector.findChildren(kind):
            if widget.isVisible() and not widget.objectName().startswith("qt_"):
                assert widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text()), widget


def test_it_fits_into_its_narrowest_column(rig: Rig) -> None:
    rig.inspector.resize(rig.inspector.minimumWidth(), 700)
    rig.look_at(3)
    assert rig.inspector.widget().width() <= rig.inspector.viewport().width()
