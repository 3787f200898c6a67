"""Qt objects in reference cycles die in the GUI thread, however much the other threads allocate."""

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from gui.shell.garbage import GarbageCollection

PLENTY = 6_000


class InACycle(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.timer = QTimer(self)
        self.timer.start(1)
        self.myself = self


@pytest.fixture
def collection(qtbot: QtBot) -> Iterator[GarbageCollection]:
    collection = GarbageCollection()
    yield collection
    collection.end()


def allocate() -> list[list[int]]:
    return [[] for _ in range(PLENTY)]


def test_they_die_in_the_gui_thread(collection: GarbageCollection, qtbot: QtBot) -> None:
    died_in: list[threading.Thread] = []
    weakref.finalize(InACycle(), lambda: died_in.append(threading.current_thread()))
    worker = threading.Thread(target=lambda: [allocate() for _ in range(20)])
    worker.start()
    worker.join()
    assert died_in == []
    kept = allocate()
    qtbot.waitUntil(lambda: died_in == [threading.current_thread()])
    assert len(kept) == PLENTY


@pytest.mark.parametrize("state", [Qt.ApplicationState.ApplicationActive, Qt.ApplicationState.ApplicationInactive])
def test_garbage_that_has_grown_old_waits_until_the_person_is_elsewhere(
    collection: GarbageCollection, monkeypatch: pytest.MonkeyPatch, state: Qt.ApplicationState
) -> None:
    monkeypatch.setattr(QGuiApplication, "applicationState", lambda: state)
    thing = InACycle()
    gc.collect()  # now it is old
    reference = weakref.ref(thing)
    del thing
    kept = []
    for _ in range(60):
        kept.append(allocate())  # containers that come and go do not count
        collection.collect()
    assert (reference() is None) == (state is Qt.ApplicationState.ApplicationInactive)


def test_where_there_is_little_to_do_nothing_is_done(
    collection: GarbageCollection, monkeypatch: pytest.MonkeyPatch
) -> None:
    gc.collect()
    turns: list[int] = []
    monkeypatch.setattr(gc, "collect", turns.append)
    collection.collect()
    assert turns == []


def test_python_does_it_again_afterwards(collection: GarbageCollection) -> None:
    assert not gc.isenabled()
    collection.end()
    assert gc.isenabled()
