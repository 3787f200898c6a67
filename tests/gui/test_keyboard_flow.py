"""A whole session without a mouse, in the real window over real clips: review, write, read back, undo, quit, reopen."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.focus import NO_ROW
from gui.library.library import Library
from gui.shell.main_window import MainWindow
from gui.shell.window_memory import WindowMemory
from tagger_core.review import Group
from tagger_core.settings import Places
from tests.gui.witness import WAIT_MS, Witness, digests

Open = Callable[[Library, list[Path]], MainWindow]


@pytest.fixture
def opened(qtbot: QtBot, places: Places) -> Iterator[Open]:
    """Opens a window as ``earmark`` does."""
    windows: list[MainWindow] = []

    def make(library: Library, paths: list[Path]) -> MainWindow:
        window = MainWindow(WindowMemory(places.settings_file.with_name("window.ini")))
        windows.append(window)
        qtbot.addWidget(window)
        window.show()
        qtbot.waitActive(window)
        window.build(library)
        if paths:
            window.open_paths(paths)
        else:
            library.open_last()
        return window

    yield make
    for window in windows:
        window.close()


def press(keys: str) -> None:
    """Where the keyboard is, as a person does."""
    focused = QApplication.focusWidget() or QApplication.activeWindow()
    assert focused is not None
    QTest.keySequence(focused, QKeySequence(keys))


def test_a_session_without_a_mouse(
    library: Library, opened: Open, music_folder: Path, places: Places, qtbot: QtBot
) -> None:
    before = digests(music_folder)
    witness = Witness(library, qtbot)
    window = opened(library, [music_folder])
    witness.wait_until_all_is_heard(10)
    review, focus = library.review, window.focused
    qtbot.waitUntil(lambda: focus.row != NO_ROW, timeout=WAIT_MS)

    shown = [int(row) for row in focus.visible]
    assert len(shown) == 10
    assert focus.row == shown[0]
    press("A")
    press("X")
    press("S")
    assert [review.group(row) for row in shown[:3]] == [Group.ACCEPTED, Group.SET_ASIDE, Group.SET_ASIDE]
    assert focus.row == shown[3]

    tag = review.tags_of(shown[3])[0]
    press("1")
    column = review.column(tag.name)
    assert review.ticked[shown[3], column] != tag.ticked
    press("Ctrl+Z")
    assert review.ticked[shown[3], column] == tag.ticked
    press("Ctrl+Shift+Z")
    assert review.ticked[shown[3], column] != tag.ticked
    press("A")
    press("K")
    assert focus.row == shown[3]
    press("J")
    assert focus.row == shown[4]

    press("Ctrl+F")  # from here on letters are text
    press("A")
    press("X")
    assert review.counts()[Group.ACCEPTED] == 2
    window.top_bar.search.clear()
    press("Esc")
    qtbot.waitUntil(lambda: len(focus.visible) == 10, timeout=WAIT_MS)

    tags, tracks = review.accepted()
    assert tracks == 2
    with qtbot.waitSignal(library.planned, timeout=WAIT_MS) as signal:
        press("Ctrl+S")
    assert (signal.args[0].tags, len(signal.args[0].to_write)) == (tags, tracks)
    assert not window.pages.reviewing
    assert digests(music_folder) == before
    with qtbot.waitSignal(library.written, timeout=WAIT_MS) as signal:
        press("Ctrl+Return")
    assert (signal.args[0].tags, signal.args[0].files) == (tags, tracks)
    changed = {name for name, digest in digests(music_folder).items() if digest != before[name]}
    assert changed == {review.path(row).name for row in (shown[0], shown[3])}

    with qtbot.waitSignal(library.undone, timeout=WAIT_MS) as signal:
        press("Ctrl+Alt+Z")
    assert signal.args[0].restored == 2
    assert digests(music_folder) == before
    press("Esc")
    assert window.pages.reviewing
    press("Ctrl+Q")
    assert not window.isVisible()
    assert witness.messages == []

    again = Library(places)
    later = Witness(again, qtbot)
    opened(again, [])
    later.wait_until_all_is_heard(10)
    groups = [again.review.group(row) for row in shown[:4]]
    assert groups == [Group.ACCEPTED, Group.SET_ASIDE, Group.SET_ASIDE, Group.ACCEPTED]
    assert again.review.ticked[shown[3], column] != tag.ticked
