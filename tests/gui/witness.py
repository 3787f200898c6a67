"""A library from outside: what it says, and what it does to files.

Contents
--------
``Witness``                       hears all that a library says, and waits for it
``planned``, ``write``, ``undo``  have a library work out a write, write, and take it back; they wait for its answer
``digests``                       what the files of a folder hold
"""

import hashlib
from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from gui.library.events import Message, Progress, RunState, UndoReport, WriteReport, WriteReview
from gui.library.library import Library

WAIT_MS = 30_000


class Witness:
    """Hears all that a library says."""

    def __init__(self, library: Library, qtbot: QtBot) -> None:
        self.library = library
        self._qtbot = qtbot
        self.messages: list[Message] = []
        self.states: list[RunState] = []
        self.rows_added: list[tuple[int, int]] = []
        self.rows_changed: list[int] = []
        library.message.connect(self.messages.append)
        library.progress_changed.connect(self._note_state)
        library.rows_added.connect(lambda first, count: self.rows_added.append((first, count)))
        library.rows_changed.connect(lambda rows: self.rows_changed.append(len(rows)))

    def _note_state(self, progress: Progress) -> None:
        if not self.states or self.states[-1] is not progress.state:
            self.states.append(progress.state)

    def wait_for(self, condition: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(condition, timeout=WAIT_MS)

    def wait_until_all_is_heard(self, count: int) -> None:
        self.wait_for(lambda: self.library.progress.state is RunState.IDLE and self.library.progress.done >= count)


def planned(library: Library, qtbot: QtBot) -> WriteReview:
    """What everything that is accepted would write."""
    with qtbot.waitSignal(library.planned, timeout=WAIT_MS) as signal:
        library.plan_write()
    review = signal.args[0]
    assert isinstance(review, WriteReview)
    return review


def write(library: Library, review: WriteReview, qtbot: QtBot) -> WriteReport:
    with qtbot.waitSignal(library.written, timeout=WAIT_MS) as signal:
        library.write(review)
    report = signal.args[0]
    assert isinstance(report, WriteReport)
    return report


def undo(library: Library, qtbot: QtBot, run: int | None = None) -> UndoReport:
    with qtbot.waitSignal(library.undone, timeout=WAIT_MS) as signal:
        library.undo_write(run)
    report = signal.args[0]
    assert isinstance(report, UndoReport)
    return report


def digests(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.iterdir())}
