"""Runs and their files, and what can be taken back of them."""

from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from gui.actions.actions import Actions
from gui.pages.history import HistoryPage
from tagger_core import undo_journal
from tagger_core.domain import FileChange, TagEdit
from tagger_core.undo_journal import Entry, EntryState, Run, RunKind
from tests.gui.visible import visible_text


def run(number: int, kind: RunKind = RunKind.WRITE, **states: int) -> Run:
    counts = {"written": 0, "undone": 0, "unknown": 0, "without_bytes": 0} | states
    started = datetime(2025, 5, 4, 12, 30, tzinfo=UTC)
    return Run(number, kind, undo_journal.RunState.FINISHED, (Path("/music"),), started, None, 1, **counts)


def entry(number: int) -> Entry:
    change = FileChange(Path("/music/a.mp3"), (TagEdit("GENRE", ("Pop",), ("Rock",)),), b"", b"", b"", (), 0)
    return Entry(number, number, EntryState.WRITTEN, None, change)


def test_history_names_runs_and_offers_to_take_them_back(qtbot: QtBot, actions: Actions) -> None:
    page = HistoryPage(actions)
    qtbot.addWidget(page)
    with qtbot.waitSignal(page.files_wanted) as wanted:
        page.show_runs([run(2, RunKind.UNDO, written=3), run(1, undone=3)])
    assert wanted.args == [2]
    texts = [[page.model.index(row, column).data() for column in (1, 2, 3)] for row in range(2)]
    assert texts == [
        ["Run 2: took back run 1 in 3 files", "in force", "/music"],
        ["Run 1: wrote 3 files", "taken back", "/music"],
    ]
    assert page.undo_button.text() == "Do it again"
    page.table.selectRow(1)
    assert page.undo_button.text() == "Undo this run"
    assert not page.undo_button.isEnabled(), "nothing of it is in the files"
    page.table.selectRow(0)
    with qtbot.waitSignal(page.undo_wanted) as undo:
        page.undo_button.click()
    assert undo.args == [2]


def test_history_shows_the_files_of_the_run_that_is_looked_at(qtbot: QtBot, actions: Actions) -> None:
    page = HistoryPage(actions)
    qtbot.addWidget(page)
    page.show_runs([run(2, written=1), run(1, written=1)])
    page.show_files(1, [entry(1)])
    assert page.files.model().rowCount() == 0, "a late answer is for another run"
    page.show_files(2, [entry(2)])
    assert page.files.model().index(0, 0).data() == "a.mp3 (written): GENRE: −Pop  +Rock"


def test_history_without_runs_says_so(qtbot: QtBot, actions: Actions) -> None:
    page = HistoryPage(actions)
    qtbot.addWidget(page)
    assert "Nothing was written yet" in visible_text(page)
    assert not page.undo_button.isEnabled()


def test_history_model_is_a_proper_model(qtbot: QtBot, actions: Actions) -> None:
    page = HistoryPage(actions)
    qtbot.addWidget(page)
    tester = QAbstractItemModelTester(page.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    page.show_runs([run(1, written=2, undone=1, unknown=1, without_bytes=1)])
    state = page.model.index(0, 2).data()
    assert state == "partly taken back, 1 file in unknown state, old bytes not kept any more"
    assert tester.model() is page.model
