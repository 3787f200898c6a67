"""What is typed finds commands, the best first, and runs them with keys alone."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from gui.shell.command_palette import Command, CommandPalette, misfit


@pytest.fixture
def window(empty_window: QMainWindow, qtbot: QtBot) -> QMainWindow:
    empty_window.show()
    qtbot.waitActive(empty_window)
    return empty_window


@pytest.mark.parametrize(
    ("typed", "better", "worse"),
    [
        ("set", "Settings", "Select similar tracks"),
        ("undo", "Undo", "Take the undo back"),
        ("sst", "Select similar tracks", "Lists of the state"),
    ],
)
def test_what_fits_better_comes_first(typed: str, better: str, worse: str) -> None:
    first, second = misfit(typed, better), misfit(typed, worse)
    assert first is not None
    assert second is None or first < second


def test_letters_must_come_in_order() -> None:
    assert misfit("xyz", "Settings") is None
    assert misfit("gnit", "Settings") is None
    assert misfit("", "Settings") == 0


def test_palette_runs_what_was_chosen_with_keys_alone(window: QMainWindow, qtbot: QtBot) -> None:
    done: list[str] = []
    commands = [Command(name, "", "", lambda name=name: done.append(name)) for name in ("Rock", "Rockabilly", "Jazz")]
    palette = CommandPalette(window, commands)
    palette.open()
    assert palette.titles() == ["Rock", "Rockabilly", "Jazz"]
    QTest.keyClicks(palette.field, "rock")
    assert palette.titles() == ["Rock", "Rockabilly"]
    QTest.keyClick(palette.field, Qt.Key.Key_Down)
    with qtbot.waitSignal(palette.closed):
        QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert done == ["Rockabilly"]


def test_palette_with_nothing_that_fits_does_nothing(window: QMainWindow) -> None:
    palette = CommandPalette(window, [Command("Rock", "", "", lambda: pytest.fail("nothing was chosen"))])
    palette.open()
    QTest.keyClicks(palette.field, "zzz")
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert palette.titles() == []
    palette.dismiss()
