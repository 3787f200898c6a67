"""The panels beside the table: groups and tags, their counts, and what choosing one of them does."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListView, QToolButton
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from gui.focus import NO_TAG, Focus
from gui.library.library import Library
from gui.tracks.count_delegate import COUNT_ROLE, SPARK_ROLE
from gui.tracks.tag_filter_panel import TagFilterPanel
from gui.tracks.tag_list import COLUMN_ROLE, TagList
from gui.tracks.triage_panel import TriageList, TriagePanel
from tagger_core.review import Group

ROWS = 80


@pytest.fixture
def library(filled_library: Callable[[int], Library]) -> Library:
    return filled_library(ROWS)


@pytest.fixture
def triage(library: Library, qtbot: QtBot) -> TriagePanel:
    panel = TriagePanel(library)
    qtbot.addWidget(panel)
    panel.resize(220, 300)
    panel.show()
    return panel


@pytest.fixture
def tags(library: Library, qtbot: QtBot) -> TagFilterPanel:
    panel = TagFilterPanel(library, Focus())
    qtbot.addWidget(panel)
    panel.resize(220, 600)
    panel.show()
    return panel


def view_of(panel: TriagePanel | TagFilterPanel) -> QListView:
    return panel.findChild(QListView)


def click(view: QListView, index: QModelIndex) -> None:
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(index).center())


def line_of(view: QListView, name: str) -> QModelIndex:
    model = view.model()
    return next(model.index(row, 0) for row in range(model.rowCount()) if model.index(row, 0).data() == name)


def test_the_triage_list_is_a_model(qapp: QApplication, qtmodeltester: ModelTester) -> None:
    model = TriageList()
    qtmodeltester.check(model)
    model.show_counts({Group.READY: 3})
    qtmodeltester.check(model)


def test_every_group_has_its_count_a_picture_and_an_explanation(library: Library, triage: TriagePanel) -> None:
    library.do("reject", np.arange(7))
    model = view_of(triage).model()
    lines = [model.index(row, 0) for row in range(model.rowCount())]
    assert lines[0].data(COUNT_ROLE) == ROWS == sum(line.data(COUNT_ROLE) for line in lines[1:])
    assert line_of(view_of(triage), "Set aside").data(COUNT_ROLE) == 7
    for line in lines:
        assert line.data(Qt.ItemDataRole.ToolTipRole).endswith(".")
        assert not line.data(Qt.ItemDataRole.DecorationRole).isNull()
        assert str(line.data(COUNT_ROLE)) in line.data(Qt.ItemDataRole.AccessibleTextRole)


def test_a_click_chooses_a_group(triage: TriagePanel, qtbot: QtBot) -> None:
    view = view_of(triage)
    with qtbot.waitSignal(triage.group_chosen) as chosen:
        click(view, line_of(view, "Unsure"))
    assert chosen.args == [Group.UNSURE]
    with qtbot.waitSignal(triage.group_chosen) as chosen:
        click(view, line_of(view, "All"))
    assert chosen.args == [None]


def test_keys_choose_a_group(triage: TriagePanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(triage.group_chosen) as chosen:
        QTest.keyClick(view_of(triage), Qt.Key.Key_Down)
    assert chosen.args == [Group.WAITING]


def test_a_group_chosen_elsewhere_is_shown_without_an_echo(triage: TriagePanel, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(triage.group_chosen):
        triage.show_group(Group.FAILED)
    assert view_of(triage).currentIndex().data() == "Failed"
    assert [index.data() for index in view_of(triage).selectedIndexes()] == ["Failed"]


def test_all_groups_are_to_be_seen_at_once(triage: TriagePanel) -> None:
    view = view_of(triage)
    last = view.model().index(view.model().rowCount() - 1, 0)
    assert view.viewport().rect().contains(view.visualRect(last))


def test_the_tag_list_is_a_model_whatever_happens_to_it(library: Library, qtmodeltester: ModelTester) -> None:
    model = TagList(library)
    qtmodeltester.check(model)
    library.do("set_threshold", 5, 0.0)
    model.refresh()
    model.search("ro")
    library.do("set_threshold", 5, 1.0)
    model.refresh(keep_order=True)
    model.search("")
    qtmodeltester.check(model)


def test_tags_are_counted_and_the_most_frequent_comes_first(library: Library, tags: TagFilterPanel) -> None:
    view_of(tags).setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)  # wherever earlier tests left the pointer
    library.do("set_threshold", 5, 0.0)
    model = view_of(tags).model()
    lines = [model.index(row, 0) for row in range(model.rowCount())]
    counts = [line.data(COUNT_ROLE) for line in lines]
    assert counts == sorted(library.review.ticked_counts().tolist(), reverse=True)
    assert lines[0].data(COLUMN_ROLE) == 5
    assert lines[0].data() == library.review.tags[5].name
    assert f"{ROWS} track" in lines[0].data(Qt.ItemDataRole.ToolTipRole)
    heights = lines[0].data(SPARK_ROLE)
    assert max(heights) == 1.0
    assert min(heights) >= 0.0


def test_a_click_filters_and_is_what_the_threshold_is_about(tags: TagFilterPanel, qtbot: QtBot) -> None:
    view = view_of(tags)
    index = view.model().index(2, 0)
    column = index.data(COLUMN_ROLE)
    with qtbot.waitSignal(tags.tag_chosen) as chosen:
        click(view, index)
    assert chosen.args == [column] == [tags.focus.tag]
    with qtbot.waitSignal(tags.tag_chosen) as chosen:
        click(view, index)  # again: all tracks
    assert chosen.args == [NO_TAG] == [tags.focus.tag]


def test_keys_move_and_return_chooses(tags: TagFilterPanel, qtbot: QtBot) -> None:
    view = view_of(tags)
    view.setFocus()
    with qtbot.assertNotEmitted(tags.tag_chosen):
        QTest.keyClick(view, Qt.Key.Key_Down)
        QTest.keyClick(view, Qt.Key.Key_Down)
    with qtbot.waitSignal(tags.tag_chosen) as chosen:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert chosen.args == [view.currentIndex().data(COLUMN_ROLE)]


def test_the_button_shows_all_tracks_again(tags: TagFilterPanel, qtbot: QtBot) -> None:
    button = tags.findChild(QToolButton)
    assert not button.isVisible()
    click(view_of(tags), view_of(tags).model().index(0, 0))
    assert button.isVisible()
    with qtbot.waitSignal(tags.tag_chosen) as chosen:
        button.click()
    assert chosen.args == [NO_TAG]
    assert not button.isVisible()


def test_finding_a_tag(library: Library, tags: TagFilterPanel) -> None:
    tags.findChild(QLineEdit).setText(" ROCK")
    model = view_of(tags).model()
    names = [model.index(row, 0).data() for row in range(model.rowCount())]
    assert set(names) == {tag.name for tag in library.review.tags if "rock" in tag.name.casefold()}


def test_what_is_chosen_stays_marked_when_counts_change(library: Library, tags: TagFilterPanel) -> None:
    column = view_of(tags).model().index(4, 0).data(COLUMN_ROLE)
    tags.show_tag(column)
    library.do("set_threshold", column, 0.0)
    assert [index.data(COLUMN_ROLE) for index in view_of(tags).selectedIndexes()] == [column]


def test_without_a_change_nothing_is_painted_again(library: Library) -> None:
    model = TagList(library)
    told: list[object] = []
    model.dataChanged.connect(lambda *span: told.append(span))
    model.refresh()
    assert told == []
