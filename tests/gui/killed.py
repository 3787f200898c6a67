"""A library in a process of its own, killed in the middle of its work: ``python -m tests.gui.killed TASK FOLDER``.

It prints "ready" when it has come far enough, and goes on. Writing is too quick for that: there it kills itself.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QCoreApplication, QTimer

from gui.library.events import Progress, RunState
from gui.library.library import Library
from tagger_core import review_writing
from tagger_core.review_writing import WrittenTrack, write_planned

WRITTEN_BEFORE_DEATH = 3
BETWEEN_DECISIONS_MS = 50
"""A person is no faster."""


class Victim:
    """Begins its task when all tracks were heard, or while they are."""

    def __init__(self, task: str, folder: Path) -> None:
        self._library = Library()
        self._task: Callable[[Progress], None] = {
            "listen": self._listen, "decide": self._decide, "write": self._write
        }[task]  # fmt: skip
        self._begun = False
        self._library.planned.connect(self._library.write)
        self._library.progress_changed.connect(lambda progress: self._task(progress))
        self._library.open([folder])

    def _listen(self, progress: Progress) -> None:
        if progress.done:
            say_ready()

    def _decide(self, progress: Progress) -> None:
        if self._begun or progress.state is not RunState.IDLE or not progress.done:
            return
        self._begun = True
        for number, (command, row) in enumerate((("accept", 0), ("reject", 1), ("skip", 2))):
            decide = partial(self._library.do, command, np.array([row]))
            QTimer.singleShot(number * BETWEEN_DECISIONS_MS, decide)
        QTimer.singleShot(2 * BETWEEN_DECISIONS_MS, say_ready)

    def _write(self, progress: Progress) -> None:
        if not self._begun and progress.state is RunState.IDLE and progress.done:
            self._begun = True
            review_writing.write_planned = _written_until_death
            self._library.do("accept", np.arange(len(self._library.review)))
            self._library.plan_write()


def _written_until_death(*plans: Any, **options: Any) -> Iterator[WrittenTrack]:
    for number, written in enumerate(write_planned(*plans, **options), start=1):
        if number == WRITTEN_BEFORE_DEATH:
            say_ready()
            os.kill(os.getpid(), signal.SIGKILL)
        yield written


def say_ready() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()


def main(task: str, folder: str) -> int:
    application = QCoreApplication([])
    victim = Victim(task, Path(folder))
    code = application.exec()
    del victim  # which had to live until here
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
