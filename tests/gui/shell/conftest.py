"""The whole window over a library.

Contents
--------
``memory``       what the window remembers; nothing yet
``make_window``  makes a window over a library
``window``       a window over 60 tracks that were listened to
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.library.library import Library
from gui.shell.main_window import MainWindow
from gui.shell.window_memory import WindowMemory
from tagger_core.settings import Places
from tests.gui.conftest import FilledLibrary

MakeWindow = Callable[[Library], MainWindow]


@pytest.fixture
def memory(places: Places) -> WindowMemory:
    return WindowMemory(places.settings_file.with_name("window.ini"))


@pytest.fixture
def make_window(qtbot: QtBot, memory: WindowMemory) -> Iterator[MakeWindow]:
    made: list[MainWindow] = []

    def make(library: Library) -> MainWindow:
        window = MainWindow(memory)
        made.append(window)
        qtbot.addWidget(window)
        window.show()
        qtbot.waitActive(window)
        window.build(library)
        return window

    yield make
    for window in made:
        window.hide()


@pytest.fixture
def window(make_window: MakeWindow, filled_library: FilledLibrary) -> MainWindow:
    """A window over 60 tracks that were listened to."""
    library = filled_library(60)
    library.folders = [Path("/music")]
    window = make_window(library)
    library.reset.emit()
    return window
