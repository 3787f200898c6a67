"""Opening the window: as little as possible before the first paint, everything else right after it."""

import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from gui import languages, theme
from gui.languages import Language
from gui.library import Library
from gui.main_window import MainWindow
from gui.theme import Scheme
from gui.window_memory import WindowMemory
from tagger_core import __version__
from tagger_core.settings import Places


class Session(QObject):
    """One run of the window. Another language makes the window anew over the same library."""

    def __init__(self, application: QApplication, places: Places) -> None:
        super().__init__()
        self._application = application
        self._memory = WindowMemory(places.settings_file.with_name("window.ini"))
        languages.install(application, self._memory.language)
        theme.apply(application, self._memory.scheme)
        self.library = Library(places)
        self.window = self._made_window()

    def open(self, paths: list[Path]) -> None:
        """Fill the window: with these folders, or with what was open last."""
        self.window.build()
        if paths:
            self.window.open_paths(paths)
        else:
            self.library.open_last()

    def _made_window(self) -> MainWindow:
        window = MainWindow(self.library, self._memory)
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
        self.window.build()
        self.window.pages.show_settings()
        old.hide()
        old.deleteLater()


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
    QTimer.singleShot(0, lambda: session.open(list(paths)))
    return application.exec()
