"""Hears all that a library says, and waits for it."""

from collections.abc import Callable

from pytestqt.qtbot import QtBot

from gui.events import Message, Progress, RunState
from gui.library import Library

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
