"""Selection and current row: shared by row of the review, and kept whatever the table does."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.focus import NO_ROW, Focus
from gui.library.library import Library
from gui.tracks.columns import Column
from gui.tracks.track_table import Filter, TrackTable
from gui.tracks.track_view import TrackView
from tagger_core.review import Group
from tagger_core.review.values import Rows
from tests.gui.conftest import synthetic_tracks

ROWS = 200


class Shown:
    """A table on the (offscreen) screen."""

    def __init__(self, library: Library, qtbot: QtBot) -> None:
        self.library = library
        self.focus = Focus()
        self.table = TrackTable(library)
        self.view = TrackView(self.table, self.focus)
        qtbot.addWidget(self.view)
        self.view.resize(800, 400)
        self.view.show()
        self.view.setFocus()

    def selected(self) -> list[int]:
        """Rows of the review that the view shows as selected."""
        return [self.table.row_at(index.row()) for index in self.view.selectionModel().selectedRows()]

    def current(self) -> int:
        index = self.view.currentIndex()
        return self.table.row_at(index.row()) if index.isValid() else NO_ROW

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.view, key, modifiers)


def rows(*numbers: int) -> Rows:
    return np.array(numbers, np.intp)


@pytest.fixture
def shown(filled_library: Callable[[int], Library], qtbot: QtBot) -> Shown:
    return Shown(filled_library(ROWS), qtbot)


def test_the_first_row_is_looked_at_without_asking(shown: Shown) -> None:
    assert shown.focus.row == shown.current() == 0
    assert shown.focus.rows.tolist() == shown.selected() == [0]
    assert shown.focus.visible.tolist() == list(range(ROWS))


def test_keys_in_the_table_move_what_all_modes_look_at(shown: Shown) -> None:
    shown.press(Qt.Key.Key_Down)
    assert (shown.focus.row, shown.focus.rows.tolist()) == (1, [1])
    shown.press(Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert (shown.focus.row, shown.focus.rows.tolist()) == (2, [1, 2])
    shown.press(Qt.Key.Key_End)
    assert (shown.focus.row, shown.focus.rows.tolist()) == (ROWS - 1, [ROWS - 1])
    shown.press(Qt.Key.Key_Home)
    assert shown.focus.row == 0


def test_another_mode_moves_the_table(shown: Shown) -> None:
    shown.focus.select(rows(5, 150, 151))
    shown.focus.set_row(150)
    assert shown.current() == 150
    assert sorted(shown.selected()) == [5, 150, 151]
    assert shown.view.viewport().rect().contains(shown.view.visualRect(shown.view.currentIndex()).center())
    assert shown.focus.rows.tolist() == [5, 150, 151]


def test_sorting_keeps_both(shown: Shown) -> None:
    shown.focus.select(rows(3, 7))
    shown.focus.set_row(7)
    shown.view.sortByColumn(Column.TITLE, Qt.SortOrder.DescendingOrder)
    assert shown.current() == shown.focus.row == 7
    assert sorted(shown.selected()) == sorted(shown.focus.rows.tolist()) == [3, 7]
    assert shown.focus.visible.tolist() == shown.table.rows.tolist()


def test_a_click_on_the_header_sorts_and_the_third_one_takes_it_back(shown: Shown) -> None:
    header = shown.view.horizontalHeader()
    where = header.sectionViewportPosition(Column.ARTIST) + 20
    orders = []
    for _ in range(3):
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(where, 5))
        orders.append(shown.table.rows.tolist())
    assert orders[0] != orders[1]
    assert orders[2] == list(range(ROWS))


def test_filtering_keeps_what_is_still_shown(shown: Shown) -> None:
    shown.focus.select(rows(3, 57, 100))
    shown.focus.set_row(57)
    shown.table.set_filter(Filter(text="song 57"))
    assert shown.current() == shown.focus.row == 57
    assert shown.selected() == shown.focus.rows.tolist() == [57]
    shown.table.set_filter(Filter())
    assert shown.current() == 57
    assert shown.selected() == [57]


def test_when_the_row_is_hidden_the_next_one_is_looked_at(shown: Shown) -> None:
    shown.table.set_filter(Filter(group=Group.READY))
    ready = shown.table.rows.tolist()
    shown.focus.select(rows(ready[2]))
    shown.focus.set_row(ready[2])
    shown.library.do("accept", rows(ready[2]))
    assert shown.focus.row == shown.current() == ready[3]
    assert shown.selected() == shown.focus.rows.tolist() == [ready[3]]


def test_when_the_last_row_is_hidden_the_one_before_is_looked_at(shown: Shown) -> None:
    shown.table.set_filter(Filter(group=Group.READY))
    ready = shown.table.rows.tolist()
    shown.focus.select(rows(ready[-1]))
    shown.focus.set_row(ready[-1])
    shown.library.do("accept", rows(ready[-1]))
    assert shown.focus.row == shown.current() == ready[-2]


def test_an_empty_table_looks_at_nothing_and_recovers(shown: Shown) -> None:
    shown.table.set_filter(Filter(text="nowhere"))
    assert shown.focus.row == NO_ROW
    assert shown.focus.rows.size == 0
    shown.table.set_filter(Filter())
    assert shown.focus.row == shown.current() == 0


def test_a_selection_of_everything(shown: Shown) -> None:
    shown.focus.select(shown.focus.visible)
    assert len(shown.selected()) == ROWS
    shown.view.clearSelection()
    assert shown.focus.rows.size == 0
    shown.view.selectAll()
    assert shown.focus.rows.tolist() == list(range(ROWS))


def test_rows_that_come_in_do_not_disturb(shown: Shown) -> None:
    shown.focus.select(rows(120))
    shown.focus.set_row(120)
    shown.view.sortByColumn(Column.TITLE, Qt.SortOrder.DescendingOrder)
    shown.view.scrollTo(shown.view.currentIndex(), shown.view.ScrollHint.PositionAtCenter)
    where = shown.view.visualRect(shown.view.currentIndex()).top()
    more = synthetic_tracks(ROWS + 30)[ROWS:]
    added = shown.library.review.add(more)
    shown.library.rows_added.emit(added.start, len(added))
    assert len(shown.table.rows) == ROWS + 30
    assert shown.current() == 120
    assert shown.view.visualRect(shown.view.currentIndex()).top() == where


def test_the_rows_on_the_screen_are_told_when_scrolling_ends(shown: Shown, qtbot: QtBot) -> None:
    with qtbot.waitSignal(shown.view.on_screen) as told:
        shown.view.verticalScrollBar().setValue(shown.view.rowHeight(0) * 50)
    assert 50 in told.args[0]
    assert len(told.args[0]) < 40
