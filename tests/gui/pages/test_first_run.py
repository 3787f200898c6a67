"""The first page says what to do, and offers the folders that were opened before."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from gui.actions.actions import Actions
from gui.pages.first_run import FirstRun
from tests.gui.visible import button, visible_text


def test_first_run_says_what_to_do_and_that_nothing_happens(qtbot: QtBot, actions: Actions) -> None:
    page = FirstRun(actions)
    qtbot.addWidget(page)
    text = visible_text(page)
    assert "Drop a music folder here" in text
    assert "Nothing is written until you press Write" in text
    with qtbot.waitSignal(actions["open_folder"].triggered):
        button(page, "Choose a folder…").click()


def test_recent_folders_are_offered(qtbot: QtBot, actions: Actions, tmp_path: Path) -> None:
    page = FirstRun(actions)
    qtbot.addWidget(page)
    assert "Opened before" not in visible_text(page)
    page.show_recent([tmp_path / "one"])
    page.show_recent([tmp_path / "jazz", tmp_path / "日本"])
    with qtbot.waitSignal(page.folder_chosen) as chosen:
        button(page, str(tmp_path / "日本")).click()
    assert chosen.args == [tmp_path / "日本"]
