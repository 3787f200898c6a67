"""The model: which rows it shows, in which order, what it tells Qt, and what stands in a cell."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from gui.library.library import Library
from gui.tracks.columns import Column
from gui.tracks.track_table import ROW_ROLE, Filter, TrackTable
from tagger_core.domain import FileStamp, Track, TrackFailure
from tagger_core.review import Group, TrackName

ROWS = 60

Role = Qt.ItemDataRole
Filled = Callable[[int], Library]


@pytest.fixture
def library(filled_library: Filled) -> Library:
    return filled_library(ROWS)


@pytest.fixture
def table(library: Library) -> TrackTable:
    return TrackTable(library)


def rows(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.intp)


def told(model: QAbstractItemModel) -> list[str]:
    """A list that fills with the names of the model's signals."""
    heard: list[str] = []
    model.modelReset.connect(lambda: heard.append("reset"))
    model.rowsInserted.connect(lambda _, first, last: heard.append(f"inserted {first}-{last}"))
    model.rowsRemoved.connect(lambda _, first, last: heard.append(f"removed {first}-{last}"))
    model.dataChanged.connect(lambda top, bottom: heard.append(f"changed {top.row()}-{bottom.row()}"))
    return heard


def text(table: TrackTable, position: int, column: Column, role: Role = Role.DisplayRole) -> str:
    return table.index(position, column).data(role)


def add_tracks(library: Library, *names: str) -> None:
    added = library.review.add([Track(Path("/music/new") / name, FileStamp(1, 1, 1, 1)) for name in names])
    library.rows_added.emit(added.start, len(added))
    library.review_changed.emit()


def test_it_is_a_model_whatever_happens_to_it(filled_library: Filled, qtbot: QtBot, qtmodeltester: ModelTester) -> None:
    library = filled_library(0)
    table = TrackTable(library)
    qtmodeltester.check(table)  # and from now on it checks every signal
    add_tracks(library, *(f"{n}.mp3" for n in range(20)))
    table.set_filter(Filter(text="1"))
    table.sort(Column.TITLE, Qt.SortOrder.DescendingOrder)
    library.do("reject", rows(1, 10))
    table.set_filter(Filter(group=Group.WAITING))
    library.do("reject", rows(5, 6, 9))
    library.undo()
    library.reset.emit()
    qtmodeltester.check(table)
    assert table.rowCount() == 20


def test_all_rows_in_the_order_in_which_they_came(table: TrackTable) -> None:
    assert table.rows.tolist() == list(range(ROWS))
    assert table.index(7, 0).data(ROW_ROLE) == 7


def test_new_rows_are_appended(library: Library, table: TrackTable) -> None:
    heard = told(table)
    add_tracks(library, "a.mp3", "b.mp3")
    assert heard == [f"inserted {ROWS}-{ROWS + 1}"]


def test_a_command_is_one_ranged_change(library: Library, table: TrackTable) -> None:
    heard = told(table)
    library.do("reject", rows(3, 8, 40))
    assert heard == ["changed 3-40"]


def test_rows_that_are_not_shown_change_silently(library: Library, table: TrackTable) -> None:
    table.set_filter(Filter(text="Song 57"))
    heard = told(table)
    library.do("reject", rows(3))
    assert heard == []


def test_a_threshold_changes_ticks_at_once(library: Library, table: TrackTable) -> None:
    name = library.review.tags[0].name
    library.do("set_threshold", 0, 0.9)
    assert not any(tag.ticked for row in range(ROWS) for tag in table.chips(row) if tag.name == name)
    library.do("set_threshold", 0, 0.0)
    assert all(any(tag.name == name and tag.ticked for tag in table.chips(row)) for row in range(5))


def test_and_near_misses_everywhere_once_it_rests(library: Library, table: TrackTable, qtbot: QtBot) -> None:
    for row in range(ROWS):
        table.chips(row)
    heard = told(table)
    library.do("set_threshold", 0, 0.9)
    qtbot.waitUntil(lambda: f"changed 0-{ROWS - 1}" in heard)
    assert [table.chips(row) for row in range(ROWS)] == [library.review.chips_of(row, 16) for row in range(ROWS)]


def test_the_filter_narrows_and_clears(library: Library, table: TrackTable) -> None:
    table.set_filter(Filter(text="song 57"))
    assert [text(table, n, Column.TITLE) for n in range(table.rowCount())] == ["Song 57"]
    table.set_filter(Filter(tag=3))
    assert table.rows.tolist() == np.flatnonzero(library.review.ticked[:, 3]).tolist()
    table.set_filter(Filter())
    assert table.rowCount() == ROWS


def test_the_tag_of_the_filter_is_the_first_chip(library: Library, table: TrackTable) -> None:
    table.set_filter(Filter(tag=3))
    name = library.review.tags[3].name
    assert table.rowCount() > 1
    assert {table.chips(row)[0].name for row in table.rows.tolist()} == {name}
    table.set_filter(Filter())
    assert table.chips(0) == library.review.chips_of(0, 16)


def test_a_row_leaves_the_group_that_is_shown_and_comes_back(library: Library, table: TrackTable) -> None:
    table.set_filter(Filter(group=Group.READY))
    ready = table.rows.tolist()
    heard = told(table)
    library.do("accept", rows(ready[2]))
    assert "removed 2-2" in heard
    assert table.rows.tolist() == [row for row in ready if row != ready[2]]
    library.undo()
    assert table.rows.tolist() == ready


def test_sorting_by_every_column_and_back(table: TrackTable) -> None:
    for column in Column:
        table.sort(column, Qt.SortOrder.AscendingOrder)
        assert sorted(table.rows.tolist()) == list(range(ROWS))
    table.sort(Column.TITLE, Qt.SortOrder.DescendingOrder)
    titles = [text(table, position, Column.TITLE) for position in range(ROWS)]
    assert titles == sorted(titles, reverse=True)
    table.sort(-1)
    assert table.rows.tolist() == list(range(ROWS))


def test_nothing_moves_because_its_value_changed(library: Library, table: TrackTable) -> None:
    table.sort(Column.STATE)
    order = table.rows.tolist()
    library.do("reject", rows(order[0]))
    assert table.rows.tolist() == order


def test_new_rows_come_where_they_belong(library: Library, table: TrackTable) -> None:
    table.sort(Column.TITLE)
    add_tracks(library, "AAA.mp3", "ZZZ.mp3")
    assert text(table, 0, Column.TITLE) == "AAA.mp3"
    assert text(table, ROWS + 1, Column.TITLE) == "ZZZ.mp3"


def test_positions_are_found_by_row(table: TrackTable) -> None:
    table.sort(Column.TITLE, Qt.SortOrder.DescendingOrder)
    assert table.positions(table.rows[[4, 2]]).tolist() == [2, 4]
    table.set_filter(Filter(text="Song 57"))
    assert table.positions(rows(57, 8)).tolist() == [0]


def test_a_file_without_a_title_goes_by_its_name(library: Library, table: TrackTable) -> None:
    add_tracks(library, "untitled.mp3")
    assert text(table, ROWS, Column.TITLE) == "untitled.mp3"
    assert text(table, ROWS, Column.ARTIST) == ""


@pytest.mark.parametrize("name", ["夜想曲.mp3", "🎸 solo.mp3", "שלום.mp3", "<b>bold.mp3", "e\u0301.mp3"])
def test_names_in_any_script(library: Library, table: TrackTable, name: str) -> None:
    add_tracks(library, name)
    assert text(table, ROWS, Column.TITLE) == name
    assert name.replace("<", "&lt;").replace(">", "&gt;") in text(table, ROWS, Column.TITLE, Role.ToolTipRole)


@pytest.mark.parametrize("name", ["a\x07b.mp3", "a\nb.mp3", "a\u202eb.mp3", "a\udcffb.mp3"])
def test_names_cannot_play_tricks(library: Library, table: TrackTable, name: str) -> None:
    add_tracks(library, name)
    for column in (Column.TITLE, Column.FILE):
        shown = text(table, ROWS, column)
        assert shown.startswith("a\\")
        assert shown.encode().isascii()


def test_every_cell_has_something_to_say(library: Library, table: TrackTable) -> None:
    chips = table.chips(0)
    spoken = text(table, 0, Column.SUGGESTED, Role.AccessibleTextRole)
    assert spoken.count(";") == len(chips) - 1
    assert f"{chips[0].name}, ticked: probability" in spoken
    assert text(table, 0, Column.SUGGESTED) == ", ".join(tag.name for tag in chips if tag.ticked)
    assert text(table, 0, Column.STATE)
    assert text(table, 0, Column.STATE, Role.ToolTipRole).startswith("<qt>")
    assert text(table, 0, Column.CONFIDENCE).endswith(" %")
    assert text(table, 0, Column.FOLDER) == str(Path("/music/Artist 0/Album 0"))


def test_a_failed_row_says_why(library: Library, table: TrackTable) -> None:
    track = library.review.track(4)
    library.rows_changed.emit(library.review.fail([TrackFailure(track, "it is a picture")]))
    for column in (Column.STATE, Column.SUGGESTED):
        assert "it is a picture" in text(table, 4, column, Role.ToolTipRole)
    assert text(table, 4, Column.SUGGESTED) == "it is a picture"


def test_names_that_are_read_later_appear(library: Library, table: TrackTable) -> None:
    add_tracks(library, "x.mp3")
    library.rows_changed.emit(library.review.name_tracks([(ROWS, TrackName("Now", "Known", "As"))]))
    assert [text(table, ROWS, c) for c in (Column.TITLE, Column.ARTIST, Column.ALBUM)] == ["Now", "Known", "As"]


def test_the_header_names_and_explains_every_column(table: TrackTable) -> None:
    horizontal = Qt.Orientation.Horizontal
    for column in Column:
        assert table.headerData(column, horizontal, Role.AccessibleTextRole)
        assert table.headerData(column, horizontal, Role.ToolTipRole)
    assert table.headerData(0, Qt.Orientation.Vertical) is None
