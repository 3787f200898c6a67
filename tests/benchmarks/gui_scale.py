"""The window over 100,000 tracks that no disk holds: how long a person waits for a frame.

``python -m tests.benchmarks.gui_scale [ROWS]`` prints one line of JSON: lists of seconds, and bytes. A *frame* is the
time from an input to the end of the painting that follows from it, in the real main window with everything around the
table.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from gui.library.library import Library
from gui.look import theme
from gui.shell.main_window import MainWindow
from gui.shell.window_memory import WindowMemory
from gui.tracks.tracks_mode import TracksMode
from tagger_core.domain import FileStamp, Track
from tagger_core.review import Heard, TrackName
from tagger_core.settings import Places
from tests.benchmarks.gui_window_probe import resident

TYPED = ("l", "lo", "lov", "love", "love s", "love so", "love", "s", "st", "sto", "stor", "storm", "")
WORDS = ("Love", "Night", "Black", "Fire", "Blue", "Last", "Dream", "Echo", "Storm", "Heart", "River", "Void", "Song")
SCROLLS = 100
MOVES = 60
TRACKS_AT_ONCE = 5000


def main() -> int:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    application = QApplication([])
    theme.apply(application, theme.Scheme.LIGHT)
    with tempfile.TemporaryDirectory() as home:
        window = open_window(Path(home))
        before = resident()
        fill(window.library, rows)
        application.processEvents()
        found: dict[str, object] = {"bytes_per_track": (resident() - before) / rows}
        found |= Person(window).work()
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()
        os._exit(0)


def open_window(home: Path) -> MainWindow:
    for kind in ("CONFIG", "DATA", "CACHE", "STATE"):
        os.environ[f"XDG_{kind}_HOME"] = str(home)
    window = MainWindow(WindowMemory(home / "window.ini"))
    window.resize(1280, 800)
    window.show()
    window.build(Library(Places.of_platform()))
    window.pages.go_home()
    QApplication.processEvents()
    return window


def fill(library: Library, rows: int) -> None:
    """Tracks of albums of twelve, with probabilities like real ones: most tags improbable, a few probable."""
    generator = np.random.default_rng(7)
    review = library.review
    for first in range(0, rows, TRACKS_AT_ONCE):
        numbers = range(first, min(first + TRACKS_AT_ONCE, rows))
        tracks = [
            Track(Path(f"/m/Artist {n // 36}/Album {n // 12}/{n:06}.mp3"), FileStamp(n, n, n, 1)) for n in numbers
        ]
        added = review.add(tracks)
        odds = np.exp(generator.normal(-3.5, 1.0, (len(tracks), len(review.tags))))
        probabilities = (odds / (1 + odds)).astype(np.float32)
        review.hear(list(results(tracks, probabilities, generator)))
        library.rows_added.emit(added.start, len(added))
    library.review_changed.emit()


def results(tracks: list[Track], probabilities: np.ndarray, generator: np.random.Generator) -> Iterator[Heard]:
    for track, line in zip(tracks, probabilities, strict=True):
        title = " ".join(generator.choice(WORDS, generator.integers(1, 4)))
        number = track.stamp.size
        name = TrackName(f"{title} {number}", f"Artist {number // 36}", f"Album {number // 12}")
        yield Heard(track, number.to_bytes(32, "big"), line, 200.0, name, {})


class Person:
    """Scrolls, types, drags, decides; each method gives the seconds of every frame."""

    def __init__(self, window: MainWindow) -> None:
        self._library, self._review = window.library, window.library.review
        self._actions = window.command
        mode = window.findChild(TracksMode)
        assert mode is not None
        self._mode, self._view = mode, mode.view

    def work(self) -> dict[str, list[float]]:
        return {
            "scroll": self._scroll(),
            "keystroke": [self._frame(lambda text=text: self._mode.set_search(text)) for text in TYPED * 3],
            "threshold": self._move_threshold(),
            "threshold_of_all": self._move_all(),
            "accept_and_advance": self._accept(),
            "bulk_accept": self._bulk()[0],
            "bulk_undo": self._bulk()[1],
        }

    def _scroll(self) -> list[float]:
        bar = self._view.verticalScrollBar()
        places = np.random.default_rng(3).integers(0, bar.maximum(), SCROLLS).tolist()
        return [self._frame(lambda place=place: bar.setValue(place)) for place in places]

    def _move_threshold(self) -> list[float]:
        column = int(np.argmax(self._review.ticked_counts()))
        self._mode.focus.set_tag(column)
        values = np.linspace(0.1, 0.6, MOVES).tolist()
        times = [self._frame(lambda value=value: self._library.do("set_threshold", column, value)) for value in values]
        self._library.undo()
        return times

    def _move_all(self) -> list[float]:
        values = np.linspace(0.1, 0.6, 10).tolist()
        times = [self._frame(lambda value=value: self._library.do("set_threshold", None, value)) for value in values]
        self._library.undo()
        return times

    def _accept(self) -> list[float]:
        self._view.selectRow(100)
        QApplication.processEvents()
        return [self._frame(self._actions["accept"].trigger) for _ in range(MOVES)]

    def _bulk(self) -> tuple[list[float], list[float]]:
        everything = np.arange(len(self._review))
        accepts, undos = [], []
        for _ in range(3):
            accepts.append(self._frame(lambda: self._library.do("accept", everything)))
            undos.append(self._frame(self._library.undo))
        return accepts, undos

    def _frame(self, act: Callable[[], object]) -> float:
        QApplication.processEvents()
        begun = time.perf_counter()
        act()
        QApplication.sendPostedEvents(None, QEvent.Type.UpdateRequest)
        QApplication.processEvents()
        return time.perf_counter() - begun


if __name__ == "__main__":
    sys.exit(main())
