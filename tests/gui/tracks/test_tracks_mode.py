"""The whole mode: the filter and who sets it, what stands in place of an empty table, and what is noted."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gui.actions.actions import Actions
from gui.focus import NO_ROW, NO_TAG, Focus
from gui.library.library import Library
from gui.tracks.columns import Column
from gui.tracks.tag_filter_panel import TagFilterPanel
from gui.tracks.track_table import Filter
from gui.tracks.tracks_mode import TracksMode
from gui.tracks.triage_panel import TriagePanel
from tagger_core.review import Group
from tests.gui.conftest import synthetic_results, synthetic_tracks

ROWS = 60
Filled = Callable[[int], Library]


@pytest.fixture
def library(filled_library: Filled) -> Library:
    return filled_library(ROWS)


@pytest.fixture
def mode(library: Library, qtbot: QtBot) -> TracksMode:
    return shown(library, qtbot)


def shown(library: Library, qtbot: QtBot) -> TracksMode:
    mode = TracksMode(library, Focus())
    qtbot.addWidget(mode)
    mode.resize(900, 500)
    mode.show()
    return mode


def says(mode: TracksMode) -> str:
    return " ".join(label.text() for label in mode.findChildren(QLabel) if label.isVisible())


def clear_button(mode: TracksMode) -> QPushButton:
    return mode.findChild(QPushButton)


def test_panels_and_search_each_set_their_part(library: Library, mode: TracksMode, qtbot: QtBot) -> None:
    triage, tags = TriagePanel(library), TagFilterPanel(library, mode.focus)
    qtbot.addWidget(triage)
    qtbot.addWidget(tags)
    mode.use_panels(triage, tags)
    triage.group_chosen.emit(Group.READY)
    tags.tag_chosen.emit(3)
    mode.set_search("  song ")
    assert mode.filter == Filter(Group.READY, 3, "song")
    expected = library.review.find(Group.READY, 3, "song")
    assert mode.focus.visible.tolist() == expected.tolist()
    mode.clear_filter()
    assert mode.filter.shows_all
    assert mode.focus.visible.size == ROWS


def test_an_empty_filter_says_what_was_looked_for_and_clears(mode: TracksMode) -> None:
    mode.set_search("no such song")
    mode.show_group(Group.FAILED)
    assert "no such song" in says(mode)
    assert "Failed" in says(mode)
    assert clear_button(mode).isVisible()
    clear_button(mode).click()
    assert mode.view.isVisible()
    assert mode.focus.visible.size == ROWS


def test_the_shell_is_told_when_the_filter_is_cleared(mode: TracksMode, qtbot: QtBot) -> None:
    mode.set_search("no such song")
    with qtbot.waitSignal(mode.filter_changed) as told:
        clear_button(mode).click()
    assert told.args == [Filter()]


def test_before_the_first_track_there_is_no_filter_to_clear(filled_library: Filled, qtbot: QtBot) -> None:
    mode = shown(filled_library(0), qtbot)
    assert "as soon as" in says(mode)
    assert not clear_button(mode).isVisible()


def test_a_click_on_a_chip_is_a_command(library: Library, mode: TracksMode) -> None:
    chip = library.review.chips_of(3, 5)[0]
    mode.view.chip_clicked.emit(3, chip.name)
    assert {tag.name: tag.ticked for tag in library.review.tags_of(3)}[chip.name] is not chip.ticked
    library.undo()
    assert library.review.chips_of(3, 5)[0] == chip


def test_the_menu_of_a_row_has_its_actions(mode: TracksMode, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    actions = Actions(window)
    mode.use_actions(actions)
    point = mode.view.visualRect(mode.table.index(2, Column.TITLE)).center()
    for reason, where in (
        (QContextMenuEvent.Reason.Mouse, point),
        (QContextMenuEvent.Reason.Keyboard, QPoint(0, 0)),
    ):
        QApplication.sendEvent(
            mode.view.viewport(), QContextMenuEvent(reason, where, mode.view.viewport().mapToGlobal(where))
        )
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        texts = [action.text() for action in menu.actions() if not action.isSeparator()]
        assert {actions[id_].text() for id_ in ("accept", "reject", "retry", "show_in_folder")} <= set(texts)
        menu.close()


def test_columns_can_be_shown_and_are_noted(library: Library, mode: TracksMode, qtbot: QtBot) -> None:
    assert mode.view.isColumnHidden(Column.ALBUM)
    columns = mode.view.columns
    with qtbot.waitSignal(columns.changed):
        QTest.mouseClick(columns.viewport(), Qt.MouseButton.RightButton, pos=QPoint(60, 5))
        columns.customContextMenuRequested.emit(QPoint(60, 5))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        next(action for action in menu.actions() if action.text() == "Album").trigger()
        menu.close()
        columns.resizeSection(Column.ARTIST, 177)
        columns.moveSection(columns.visualIndex(Column.ARTIST), 1)
    other = shown(library, qtbot)
    assert not other.view.isColumnHidden(Column.ALBUM)
    assert other.view.columnWidth(Column.ARTIST) == 177
    assert other.view.columns.visualIndex(Column.ARTIST) == 1


def test_the_order_is_noted_with_the_columns(library: Library, mode: TracksMode, qtbot: QtBot) -> None:
    with qtbot.waitSignal(mode.view.columns.changed):
        mode.view.sortByColumn(Column.TITLE, Qt.SortOrder.DescendingOrder)
    assert shown(library, qtbot).table.rows.tolist() == mode.table.rows.tolist() != list(range(ROWS))


def test_filter_and_track_of_the_last_session_come_back(library: Library, mode: TracksMode, qtbot: QtBot) -> None:
    mode.show_group(Group.READY)
    mode.set_tag(3)
    row = int(mode.focus.visible[1])
    mode.focus.set_row(row)
    qtbot.waitUntil(lambda: library.recall("tracks.row") is not None)
    again = shown(library, qtbot)
    assert again.filter == Filter(Group.READY, 3)
    assert again.focus.row == row
    assert again.focus.rows.tolist() == [row]


def opened_again(library: Library, group: Group, row: int, qtbot: QtBot) -> TracksMode:
    """The next session with these tracks: found again one and all, but not one of them heard yet."""
    library.remember("tracks.filter", json.dumps({"group": group.name, "tag": "", "text": ""}))
    library.remember("tracks.row", str(synthetic_tracks(ROWS)[row].path))
    mode = shown(library, qtbot)
    library.review.add(synthetic_tracks(ROWS))
    library.rows_added.emit(0, ROWS)
    return mode


def hear(library: Library, first: int, last: int) -> None:
    heard = list(synthetic_results(synthetic_tracks(ROWS), len(library.review.tags)))[first:last]
    library.rows_changed.emit(library.review.hear(heard))
    library.review_changed.emit()


def test_track_of_the_last_session_comes_back_when_it_comes_into_the_filter(
    library: Library, filled_library: Filled, qtbot: QtBot
) -> None:
    ready = np.flatnonzero(library.review.groups == Group.READY).tolist()
    again = filled_library(0)
    mode = opened_again(again, Group.READY, ready[2], qtbot)
    assert mode.filter == Filter(Group.READY)
    hear(again, 0, ready[2])
    qtbot.waitUntil(lambda: mode.focus.row == ready[0])  # somebody has to be looked at until then
    hear(again, ready[2], ROWS)
    qtbot.waitUntil(lambda: mode.focus.row == ready[2])
    assert mode.focus.rows.tolist() == [ready[2]]


def test_who_has_gone_elsewhere_meanwhile_is_left_there(library: Library, filled_library: Filled, qtbot: QtBot) -> None:
    ready = np.flatnonzero(library.review.groups == Group.READY).tolist()
    again = filled_library(0)
    mode = opened_again(again, Group.READY, ready[2], qtbot)
    hear(again, 0, ready[2])
    qtbot.waitUntil(lambda: len(mode.focus.visible) == 2)
    mode.focus.set_row(ready[1])
    hear(again, ready[2], ROWS)
    qtbot.waitUntil(lambda: len(mode.focus.visible) == len(ready))
    assert mode.focus.row == ready[1]
    mode.show_group(Group.UNSURE)
    mode.show_group(Group.READY)
    assert mode.focus.row != ready[2]


def test_who_has_filtered_otherwise_meanwhile_is_left_there(
    library: Library, filled_library: Filled, qtbot: QtBot
) -> None:
    ready = np.flatnonzero(library.review.groups == Group.READY).tolist()
    again = filled_library(0)
    mode = opened_again(again, Group.READY, ready[2], qtbot)
    mode.show_group(None)
    hear(again, 0, ROWS)
    assert mode.filter.shows_all
    assert mode.focus.row == 0


@pytest.mark.parametrize("noted", ["", "[]", "{", '{"group": "NO_SUCH", "tag": "no such", "text": 3}'])
def test_what_another_version_has_noted_is_no_trouble(library: Library, qtbot: QtBot, noted: str) -> None:
    library.remember("tracks.filter", noted)
    library.remember("tracks.columns", "???")
    library.remember("tracks.row", str(library.review.path(5)))
    mode = shown(library, qtbot)
    assert mode.filter.group is None
    assert mode.filter.tag == NO_TAG
    assert mode.focus.row in mode.focus.visible


def test_the_place_in_another_folder_is_left_alone(library: Library, qtbot: QtBot) -> None:
    library.remember("tracks.filter", '{"group": "FAILED", "tag": "", "text": ""}')
    library.remember("tracks.row", "/elsewhere/song.mp3")
    assert shown(library, qtbot).filter.shows_all


def test_another_library_starts_from_nothing(library: Library, mode: TracksMode, qtbot: QtBot) -> None:
    mode.focus.select(np.array([5, 6]))
    mode.focus.set_row(6)
    mode.focus.set_tag(2)
    mode.set_search("song")
    with qtbot.waitSignal(library.reset):
        library.open([Path("/nowhere")], listen=False)
    assert mode.filter.shows_all
    assert mode.focus.row == NO_ROW
    assert mode.focus.rows.size == 0
    assert mode.focus.tag == NO_TAG
