"""Messages wait for each other, and are plain text."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from gui.actions.actions import Actions
from gui.library.events import Message
from gui.shell.message_bar import MessageBar
from tests.gui.visible import button, visible_text


def test_message_stays_until_dismissed_and_others_wait_behind(qtbot: QtBot, actions: Actions) -> None:
    bar = MessageBar(actions)
    qtbot.addWidget(bar)
    assert not bar.isVisibleTo(None)
    bar.show_message(Message("warning", "the folder /x cannot be read"))
    bar.show_message(Message("error", "no model", "settings"))
    bar.show_message(Message("error", "no model", "settings"))
    assert bar.text == "no model"
    assert "1 more" in visible_text(bar)
    with qtbot.waitSignal(actions["settings"].triggered):
        button(bar, "Settings").click()
    assert bar.text == "the folder /x cannot be read"
    bar.dismiss()
    assert bar.text == ""
    assert bar.isHidden()


def test_message_is_plain_text(qtbot: QtBot, actions: Actions) -> None:
    bar = MessageBar(actions)
    qtbot.addWidget(bar)
    bar.show_message(Message("info", "<b>song</b>.mp3"))
    assert any(one.textFormat() is Qt.TextFormat.PlainText for one in bar.findChildren(QLabel) if "<b>" in one.text())
