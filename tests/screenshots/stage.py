"""A window with a home of its own, to be looked at: what a person would see, without a person.

Contents: ``Stage``, ``save_small``
"""

import io
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QBuffer, QSize
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication

from gui.app import Session
from gui.library.events import RunState
from gui.library.library import Library
from gui.shell.main_window import MainWindow
from tagger_core.review import Group
from tagger_core.settings import Places

CLIPS = Path(__file__).resolve().parents[1] / "data" / "music"
PATIENCE = 120.0
"""Seconds after which something that should have happened will not."""

_COLOURS = 256


class Stage:
    """The real window over a real library, in a folder that is thrown away."""

    def __init__(self, folder: Path, size: QSize) -> None:
        os.environ["HOME"] = str(folder / "home")
        for kind in ("CONFIG", "DATA", "CACHE", "STATE"):
            os.environ[f"XDG_{kind}_HOME"] = str(folder / "home" / kind.lower())
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        self.application = application
        self.folder = folder
        self.session = Session(application, Places.of_platform())
        self.window.resize(size)
        self.window.show()
        self.session.open([])
        self.settle()

    @property
    def window(self) -> MainWindow:
        return self.session.window

    @property
    def library(self) -> Library:
        return self.session.library

    def music(self, name: str = "Music") -> Path:
        """A folder with copies of the ten clips."""
        folder = self.folder / name
        shutil.copytree(CLIPS, folder, ignore=shutil.ignore_patterns("*.sh", "*.md"))
        return folder

    def open(self, folder: Path) -> None:
        """Show a folder instead of what is open; what was known of it is there at once."""
        before = self.library.review
        self.window.open_paths([folder])
        self.catch(lambda: self.library.review is not before, "the folder is open")

    def trigger(self, action: str) -> None:
        self.window.command[action].trigger()
        self.settle()

    def settle(self, seconds: float = 0.4) -> None:
        """Let everything happen that was begun."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.application.processEvents()
            time.sleep(0.01)

    def wait(self, condition: Callable[[], bool], what: str) -> None:
        """Until the condition holds, and what it began is over. Raises ``TimeoutError``."""
        self.catch(condition, what)
        self.settle()

    def catch(self, condition: Callable[[], bool], what: str) -> QPixmap:
        """The window at the moment when the condition begins to hold. Raises ``TimeoutError``."""
        end = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError(what)
            self.settle(0.02)
        self.settle(0.02)  # its layout follows
        return self.window.grab()

    def wait_until_heard(self) -> None:
        self.wait(
            lambda: (
                self.library.progress.state is RunState.IDLE
                and len(self.library.review) > 0
                and not self.library.review.counts()[Group.WAITING]
            ),
            "every track is analysed",
        )

    def look_at(self, title: str) -> None:
        """Put the focus on the track of that title, and wait for its pictures."""
        review = self.library.review
        row = next(row for row in range(len(review)) if title in review.name(row).title)
        self.window.focused.select(np.array([row], np.intp))
        self.window.focused.set_row(row)
        self.settle(2.5)

    def picture(self) -> QPixmap:
        self.settle()
        return self.window.grab()

    def close(self) -> None:
        self.window.close()
        self.settle()


def save_small(picture: QPixmap, path: Path) -> None:
    """As PNG with a palette: a window has few colours, so this is a third of the size and looks the same."""
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.ReadWrite)
    picture.save(buffer, "PNG")
    image = Image.open(io.BytesIO(buffer.data().data())).convert("RGB")
    path.parent.mkdir(parents=True, exist_ok=True)
    small = image.quantize(_COLOURS, method=Image.Quantize.MEDIANCUT, kmeans=3, dither=Image.Dither.NONE)
    small.save(path, optimize=True)
