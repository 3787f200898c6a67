"""Every key is on the sheet, which narrows while somebody types."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from gui.actions.action_table import TABLE
from gui.shell.shortcut_sheet import ShortcutSheet


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    window = QMainWindow()
    qtbot.addWidget(window)
    window.show()
    qtbot.waitActive(window)
    return window


def test_sheet_lists_every_key(window: QMainWindow) -> None:
    sheet = ShortcutSheet(window)
    sheet.open()
    texts = sheet.listed()
    for entry in TABLE:
        if entry.keys and not entry.id.startswith("toggle_"):
            assert window.table[entry.id].text() in texts
    assert "Toggle suggestion 1 to 9" in texts


def test_sheet_narrows_while_typing_and_closes_with_escape(window: QMainWindow, qtbot: QtBot) -> None:
    window.button.setFocus()
    sheet = ShortcutSheet(window)
    sheet.open()
    QTest.keyClicks(sheet.field, "undo")
    assert sheet.listed() == ["Undo the last write", "Undo"]
    with qtbot.waitSignal(sheet.closed):
        QTest.keyClick(sheet.field, Qt.Key.Key_Escape)
    assert window.focusWidget() is window.button
