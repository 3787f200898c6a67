"""Measures the window from inside its own process, offscreen, started as a person starts it.

``python -m tests.benchmarks.gui_window_probe START TASK [FOLDER]``: ``START`` is ``time.monotonic()`` when the process
was started. Tasks: ``paint`` ends after the first paint of a window; ``list`` then opens the folder without
listening, until every row is there and the titles on the screen are read; ``analyse`` opens it and listens to all.
Prints one line of JSON: seconds, bytes, and all gaps of the main loop. What Picard is measured by is
``gui_picard_probe``, which does the same in the same way.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gui.shell.main_window import MainWindow

PROBE_MS = 10
SETTLE_MS = 1500


def main() -> int:
    """This module is imported again by every process that decodes, so what is heavy is imported here."""
    from PySide6.QtCore import QEvent, QObject, QTimer
    from PySide6.QtWidgets import QApplication, QWidget

    started, task, folder = float(sys.argv[1]), sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else ""
    run_loop = QApplication.exec

    class FirstPaint(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
            if event.type() is QEvent.Type.Paint and isinstance(watched, QWidget) and watched.isVisible():
                QApplication.instance().removeEventFilter(self)
                found["first_paint_s"] = time.monotonic() - started
                found["first_paint_cpu_s"] = time.process_time()
                QTimer.singleShot(0, painted)
            return False

    def painted() -> None:
        if task == "paint":
            finish(found)
        QTimer.singleShot(SETTLE_MS, begin)

    def begin() -> None:
        from gui.shell.main_window import MainWindow

        window = next(widget for widget in QApplication.topLevelWidgets() if isinstance(widget, MainWindow))
        found["work"] = Work(window, task, folder, found)

    def watched_loop(*_: object) -> int:
        QApplication.instance().installEventFilter(watcher)
        return run_loop()

    found: dict[str, object] = {}
    watcher = FirstPaint()
    QApplication.exec = watched_loop  # type: ignore[method-assign]
    from gui.entry import main as open_window

    return open_window([])


class Work:
    """Opens a folder in the window and watches until all of it is done."""

    def __init__(self, window: "MainWindow", task: str, folder: str, found: dict[str, object]) -> None:
        from PySide6.QtCore import QTimer

        self._library, self._task, self._found = window.library, task, found
        self._expected = sum(len(files) for _, _, files in os.walk(folder))
        self._gaps: list[float] = []
        self._library.rows_added.connect(lambda: found.setdefault("first_rows_s", time.monotonic() - self._begun))
        self._timer = QTimer(window, interval=PROBE_MS)
        self._timer.timeout.connect(self._watch)
        found["memory_before"] = resident()
        self._cpu = time.process_time()
        self._begun = self._tick = time.monotonic()
        self._timer.start()
        self._library.open([Path(folder)], listen=task == "analyse")

    def _watch(self) -> None:
        now = time.monotonic()
        self._gaps.append(now - self._tick)
        self._tick = now
        if self._is_done():
            self._timer.stop()
            finish(
                self._found
                | {
                    "cpu_s": time.process_time() - self._cpu,
                    "wall_s": now - self._begun,
                    "memory_after": resident(),
                    "gaps_s": self._gaps,
                }
            )

    def _is_done(self) -> bool:
        from tagger_core.review import Group

        review = self._library.review
        if len(review) < self._expected:
            return False
        if self._task == "list":
            return bool(review.name(0).title)  # the first row is on the screen
        return review.counts()[Group.WAITING] == 0


def finish(found: dict[str, object]) -> None:
    found.pop("work", None)
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()
    os._exit(0)  # measured is what was asked for, not how either program closes


def resident() -> int:
    """Bytes of memory that the process holds."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    sys.exit(main())
