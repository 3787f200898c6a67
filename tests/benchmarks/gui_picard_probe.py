"""Measures Picard from inside its own process; started by ``gui_picard`` with the Python that Picard is installed in.

Picard runs unchanged, through its public entry, offscreen, with settings of its own in a temporary folder. What is
watched from outside: the first paint of a window of its; then, for files that it is told to open, the processor time
and the memory until it has loaded them all, and how long its main loop was away.

``gui_picard_probe.py START FOLDER COUNT``: ``START`` is ``time.monotonic()`` when the process was started; without
a folder it ends after the first paint. Prints one line of JSON.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from PyQt6.QtCore import QEvent, QObject, QTimer
from PyQt6.QtWidgets import QWidget

PROBE_MS = 10
SETTLE_MS = 1500


class Probe(QObject):
    def __init__(self, application, started, folder, count):
        super().__init__(application)
        self.application, self.started, self.folder, self.count = application, started, folder, count
        self.found = {}
        self.gaps = []
        self.tick = 0.0
        application.installEventFilter(self)

    def eventFilter(self, watched, event):  # noqa: N802
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget) and watched.isVisible():
            self.application.removeEventFilter(self)
            self.found["first_paint_s"] = time.monotonic() - self.started
            self.found["first_paint_cpu_s"] = time.process_time()
            QTimer.singleShot(0, self.painted)
        return False

    def painted(self):
        if not self.folder:
            self.finish()
        QTimer.singleShot(SETTLE_MS, self.open)

    def open(self):
        self.found["memory_before"] = resident()
        self.cpu, self.begun, self.tick = time.process_time(), time.monotonic(), time.monotonic()
        self.timer = QTimer(self, interval=PROBE_MS)
        self.timer.timeout.connect(self.watch)
        self.timer.start()
        self.application.add_paths([self.folder])

    def watch(self):
        now = time.monotonic()
        self.gaps.append(now - self.tick)
        self.tick = now
        files = self.application.files
        if len(files) >= self.count and all(file.state != file.State.PENDING for file in list(files.values())):
            self.finish()

    def finish(self):
        if self.folder:
            self.found |= {
                "cpu_s": time.process_time() - self.cpu,
                "wall_s": time.monotonic() - self.begun,
                "memory_after": resident(),
                "gaps_s": self.gaps,
            }
        sys.stdout.write(json.dumps(self.found) + "\n")
        sys.stdout.flush()
        os._exit(0)


def resident():
    """Bytes of memory that the process holds."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def main():
    started, folder, count = float(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    config = Path(tempfile.mkdtemp()) / "picard.ini"
    config.write_text("[setting]\nshow_new_user_dialog=false\nupdate_check_level=0\ncheck_for_updates=false\n")
    sys.argv = ["picard", "--config-file", str(config), "--no-plugins", "--no-crash-dialog", "--stand-alone-instance"]
    from picard import tagger

    run = tagger.Tagger.run

    def watched(self):
        Probe(self, started, folder, count)
        return run(self)

    tagger.Tagger.run = watched
    tagger.main(autoupdate=False)


main()
