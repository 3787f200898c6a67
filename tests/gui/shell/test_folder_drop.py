"""What is dropped on the window is opened, or added to what is open."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
)
from pytestqt.qtbot import QtBot

from gui.library.library import Library
from gui.shell.main_window import MainWindow
from tests.gui.shell.conftest import MakeWindow


def drop(window: MainWindow, paths: list[Path]) -> bool:
    """Drop files on the middle of the window; whether it took them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    keys, buttons = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    middle = window.rect().center()
    enter = QDragEnterEvent(QPoint(middle), Qt.DropAction.CopyAction, data, buttons, keys)
    enter.ignore()
    QApplication.sendEvent(window, enter)
    if not enter.isAccepted():
        return False
    QApplication.sendEvent(window, QDropEvent(QPointF(middle), Qt.DropAction.CopyAction, data, buttons, keys))
    return True


def test_dropped_folders_are_opened_and_later_ones_added(
    make_window: MakeWindow, library: Library, qtbot: QtBot, tmp_path: Path
) -> None:
    window = make_window(library)
    first, second = tmp_path / "first", tmp_path / "zweiter Ordner"
    first.mkdir()
    second.mkdir()
    assert drop(window, [first])
    assert library.folders == [first]
    assert drop(window, [second, second / "x.mp3"])
    assert library.folders == [first, second, second / "x.mp3"]


def test_what_is_no_file_is_not_taken(make_window: MakeWindow, library: Library) -> None:
    window = make_window(library)
    assert not drop(window, [])
    assert library.folders == []
