"""What was written or taken back, and what failed."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from gui.actions.actions import Actions
from gui.library.events import UndoReport, WriteReport
from gui.pages.finished import FinishedPage
from tests.gui.visible import button, visible_text


def test_finished_says_what_was_done_and_what_failed(qtbot: QtBot, actions: Actions) -> None:
    page = FinishedPage(actions)
    qtbot.addWidget(page)
    page.show_written(WriteReport(3, 380, 1204, ((Path("/music/x.mp3"), "the disk is full"),)))
    text = visible_text(page)
    assert "1,204 tags on 380 files written" in text
    assert "Failed and left alone: 1 file\n" in text
    assert page.failures() == ["x.mp3: the disk is full"]
    with qtbot.waitSignal(page.failed_wanted):
        button(page, "Show failed").click()
    with qtbot.waitSignal(actions["undo_write"].triggered):
        button(page, "Undo write").click()


def test_finished_without_failure_or_change_offers_no_more_than_there_is(qtbot: QtBot, actions: Actions) -> None:
    page = FinishedPage(actions)
    qtbot.addWidget(page)
    page.show_written(WriteReport(None, 0, 0, cancelled=True))
    text = visible_text(page)
    assert "Cancelled" in text
    assert "Undo write" not in text
    assert "Show failed" not in text


def test_undone_says_which_files_are_as_before(qtbot: QtBot, actions: Actions) -> None:
    page = FinishedPage(actions)
    qtbot.addWidget(page)
    page.show_undone(UndoReport(3, restored=9, reverted=0))
    assert "9 files put back as before" in visible_text(page)
    page.show_undone(UndoReport(3, restored=8, reverted=1, failed=((Path("y.mp3"), "it was moved or deleted"),)))
    assert "1 file had changed since" in visible_text(page)
    assert page.failures() == ["y.mp3: it was moved or deleted"]
    assert "Show failed" not in visible_text(page), "they count as written, not as failed"
