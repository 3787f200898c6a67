"""Opening the window: as little as possible before the first paint, everything else right after it."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from gui.look import languages, theme
from gui.look.languages import Language
from gui.look.theme import Scheme
from gui.shell.garbage import GarbageCollection
from gui.shell.interrupts import Interrupts
from gui.shell.main_window import MainWindow
from gui.shell.window_memory import WindowMemory
from tagger_core import __version__
from tagger_core.settings import Places

if TYPE_CHECKING:
    from gui.library.library import Library


class Session(QObject):
    """One run of the window. Another language makes the window anew over the same library."""

    library: "Library"

    def __init__(self, application: QApplication, places: Places) -> None:
        super().__init__()
        self._application, self._places = application, places
        self._garbage = GarbageCollection(self)
        self._memory = WindowMemory(places.settings_file.with_name("window.ini"))
        languages.install(application, self._memory.language)
        theme.apply(application, self._memory.scheme)
        self.window = self._made_window()

    def open(self, paths: list[Path]) -> None:
        """Fill the window: with these folders, or with what was open last."""
        from gui.library.library import Library  # numpy comes with it, after the first paint

        self.library = Library(self._places)
        self.window.build(self.library)
        if paths:
            self.window.open_paths(paths)
        else:
            self.library.open_last()

    def _made_window(self) -> MainWindow:
        window = MainWindow(self._memory)
        window.scheme_chosen.connect(self._choose_scheme)
        window.language_chosen.connect(self._choose_language)
        return window

    def _choose_scheme(self, scheme: Scheme) -> None:
        self._memory.scheme = scheme
        theme.apply(self._application, scheme)

    def _choose_language(self, language: Language) -> None:
        self._memory.language = language
        self._memory.save()
        languages.install(self._application, language)
        QTimer.singleShot(0, self._remake_window)

    def _remake_window(self) -> None:
        old = self.window
        old.keep_geometry()
        self.window = self._made_window()
        self.window.show()
        self.window.build(self.library)
        self.window.pages.show_settings()
        old.hide()
        old.deleteLater()


class _FirstPaint(QObject):
    """Tells when a window has been painted for the first time: a timer alone may be ahead of the screen."""

    done = Signal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() is QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self.done.emit)
        return False


def run(paths: Sequence[Path]) -> int:
    """Open the window and stay until it is closed; returns the exit code."""
    application = QApplication(sys.argv[:1])
    application.setApplicationName("earmark")
    application.setApplicationDisplayName("Earmark")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("earmark")
    application.setWindowIcon(theme.icon("app/earmark"))
    session = Session(application, Places.of_platform())
    session.window.show()
    first_paint = _FirstPaint(session.window)
    first_paint.done.connect(lambda: session.open(list(paths)))
    interrupts = Interrupts(lambda: session.window.close())
    code = application.exec()
    interrupts.deleteLater()
    return code
