"""Every key is on the sheet, which narrows while somebody types."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow, QPushButton
from pytestqt.qtbot import QtBot

from gui.actions.action_table import TABLE
from gui.actions.actions import Actions
from gui.shell.shortcut_sheet import ShortcutSheet


@pytest.fixture
def window(empty_window: QMainWindow, qtbot: QtBot) -> QMainWindow:
    empty_window.setCentralWidget(QPushButton("here is the focus"))
    empty_window.show()
    qtbot.waitActive(empty_window)
    return empty_window


def test_sheet_lists_every_key(window: QMainWindow, actions: Actions) -> None:
    sheet = ShortcutSheet(window)
    sheet.open()
    texts = sheet.listed()
    for entry in TABLE:
        if entry.keys and not entry.id.startswith("toggle_"):
            assert actions[entry.id].text() in texts
    assert "Toggle suggestion 1 to 9" in texts


def test_sheet_narrows_while_typing_and_closes_with_escape(window: QMainWindow, qtbot: QtBot) -> None:
    window.centralWidget().setFocus()
    sheet = ShortcutSheet(window)
    sheet.open()
    QTest.keyClicks(sheet.field, "undo")
    assert sheet.listed() == ["Undo the last write", "Undo"]
    with qtbot.waitSignal(sheet.closed):
        QTest.keyClick(sheet.field, Qt.Key.Key_Escape)
    assert window.focusWidget() is window.centralWidget()
