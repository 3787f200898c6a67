"""A session: theme and language change at once, and are kept."""

from PySide6.QtWidgets import (
    QApplication,
)
from pytestqt.qtbot import QtBot

from gui.app import Session
from gui.look import theme
from gui.look.languages import Language
from gui.look.theme import Scheme
from gui.shell.window_memory import WindowMemory
from tagger_core.settings import Places


def test_theme_changes_at_once_and_is_kept(qtbot: QtBot, qapp: QApplication, places: Places) -> None:
    session = Session(qapp, places)
    qtbot.addWidget(session.window)
    session.window.show()
    session.open([])
    session.window.scheme_chosen.emit(Scheme.DARK)
    assert theme.current().dark
    assert WindowMemory(places.settings_file.with_name("window.ini")).scheme is Scheme.DARK
    session.library.close()


def test_language_changes_at_once_and_is_kept(qtbot: QtBot, qapp: QApplication, places: Places) -> None:
    session = Session(qapp, places)
    session.window.show()
    session.open([])
    english = session.window
    session.window.language_chosen.emit(Language.GERMAN)
    qtbot.waitUntil(lambda: session.window is not english)
    qtbot.addWidget(session.window)
    assert session.window.command["settings"].text() == "Einstellungen"
    assert session.window.pages.currentWidget() is session.window.pages.settings
    assert WindowMemory(places.settings_file.with_name("window.ini")).language is Language.GERMAN
    qtbot.waitActive(session.window)
    qtbot.wait(100)
    focused = session.window.focusWidget()
    assert session.window.pages.settings.isAncestorOf(focused), "Esc leads back, as before"
    session.library.close()
