"""The window as a whole: states, pages, keys, drops, what it keeps, and that everything in it has a name."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenuBar,
    QScrollBar,
    QSplitter,
    QSplitterHandle,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gui import languages, theme
from gui.app import Session
from gui.command_palette import CommandPalette
from gui.events import Message, Progress, RunState, WriteReport, WriteReview
from gui.languages import Language
from gui.library import Library
from gui.main_window import MainWindow
from gui.shortcut_sheet import ShortcutSheet
from gui.theme import Scheme
from gui.window_memory import WindowMemory
from tagger_core.review import Group
from tagger_core.settings import Places
from tests.gui.conftest import FilledLibrary

MakeWindow = Callable[[Library], MainWindow]


@pytest.fixture(autouse=True)
def english(qapp: QApplication) -> None:
    languages.install(qapp, Language.ENGLISH)
    theme.apply(qapp, Scheme.LIGHT)


@pytest.fixture
def memory(places: Places) -> WindowMemory:
    return WindowMemory(places.settings_file.with_name("window.ini"))


@pytest.fixture
def make_window(qtbot: QtBot, memory: WindowMemory) -> Iterator[MakeWindow]:
    made: list[MainWindow] = []

    def make(library: Library) -> MainWindow:
        window = MainWindow(memory)
        made.append(window)
        qtbot.addWidget(window)
        window.show()
        qtbot.waitActive(window)
        window.build(library)
        return window

    yield make
    for window in made:
        window.hide()


@pytest.fixture
def window(make_window: MakeWindow, filled_library: FilledLibrary) -> MainWindow:
    """A window over 60 tracks that were listened to."""
    library = filled_library(60)
    library.folders = [Path("/music")]
    window = make_window(library)
    library.reset.emit()
    return window


def press(window: MainWindow, keys: str) -> None:
    QTest.keySequence(window.focusWidget() or window, QKeySequence(keys))


# states


def test_a_window_without_folders_says_what_to_do(make_window: MakeWindow, library: Library) -> None:
    window = make_window(library)
    assert window.pages.currentWidget() is window.pages.first_run
    focused = window.focusWidget()
    assert isinstance(focused, QAbstractButton)
    assert focused.text() == "Choose a folder…"
    for id_ in ("accept", "mode_tags", "write", "undo", "back"):
        assert not window.command[id_].isEnabled(), id_


def test_rows_bring_the_review(window: MainWindow) -> None:
    assert window.pages.reviewing
    assert window.command["accept"].isEnabled()
    assert window.command["mode_map"].isEnabled()


def test_folder_without_music_says_so(make_window: MakeWindow, library: Library, qtbot: QtBot, tmp_path: Path) -> None:
    window = make_window(library)
    window.open_paths([tmp_path])
    qtbot.waitUntil(lambda: window.pages.currentWidget() is vars(window.pages).get("no_music"), timeout=20_000)
    assert window.pages.no_music.title.text() == "No music found"


def test_opened_folder_shows_its_tracks(
    make_window: MakeWindow, library: Library, qtbot: QtBot, music_folder: Path, memory: WindowMemory
) -> None:
    window = make_window(library)
    with qtbot.waitSignal(library.rows_added, timeout=20_000):
        window.open_paths([music_folder])
    assert window.pages.reviewing
    assert memory.recent_folders == [music_folder]
    library.cancel()


# pages


@pytest.mark.parametrize(
    ("keys", "title"), [("Ctrl+,", "Settings"), ("Ctrl+H", "History of writes"), ("Ctrl+S", "Write review")]
)
def test_page_opens_and_closes_by_keys(window: MainWindow, qtbot: QtBot, keys: str, title: str) -> None:
    window.library.do("accept_ready", np.arange(60))
    press(window, keys)
    assert window.pages.currentWidget().title.text() == title  # type: ignore[union-attr]
    assert window.pages.currentWidget().isAncestorOf(window.focusWidget())  # type: ignore[union-attr]
    assert not window.command["accept"].isEnabled(), "what a page hides is not decided about"
    assert not window.command["undo"].isEnabled()
    press(window, "Esc")
    assert window.pages.reviewing
    assert window.command["accept"].isEnabled()
    assert window.command["undo"].isEnabled()


def test_mode_key_leaves_a_page(window: MainWindow) -> None:
    press(window, "Ctrl+,")
    press(window, "Ctrl+2")
    assert window.pages.reviewing
    assert window.command["mode_tags"].isChecked()


def test_work_in_the_background_does_not_take_a_page_away(window: MainWindow) -> None:
    window.command["settings"].trigger()
    window.library.progress_changed.emit(Progress(RunState.ANALYSING, 1, 60))
    window.library.rows_added.emit(60, 1)
    assert window.pages.currentWidget() is window.pages.settings


def test_finished_page_leads_to_the_failed_tracks(window: MainWindow) -> None:
    window.library.written.emit(WriteReport(1, 2, 3, ((Path("/music/x.mp3"), "the disk is full"),)))
    assert window.pages.currentWidget() is window.pages.finished
    window.pages.finished.failed_wanted.emit()
    assert window.pages.reviewing
    assert window.command["mode_tracks"].isChecked()
    failed = np.flatnonzero(window.library.review.groups == Group.FAILED)
    assert np.array_equal(np.sort(window.focused.visible), failed)


def test_a_plan_fills_the_write_review(window: MainWindow) -> None:
    window.library.do("accept_ready", np.arange(60))
    window.command["write"].trigger()
    window.library.planned.emit(WriteReview(()))
    assert window.pages.currentWidget() is window.pages.write_review
    assert not window.pages.write_review.write_button.isEnabled()


def test_about_names_the_version(window: MainWindow) -> None:
    from tagger_core import __version__

    window.command["about"].trigger()
    texts = [label.text() for label in window.pages.about.findChildren(QLabel)]
    assert f"Earmark {__version__}" in texts


# bars


def test_write_button_and_undo_say_what_they_would_do(window: MainWindow) -> None:
    assert window.top_bar.write.text() == "Write…"
    assert not window.top_bar.write.isEnabled()
    window.library.do("accept_ready", np.arange(60))
    tags, tracks = window.library.review.accepted()
    assert tags > 0
    assert window.top_bar.write.text() == f"Write {tags:,} tags…"
    assert window.top_bar.write.isEnabled()
    assert window.command["undo"].text() == f"Undo Accept {tags:,} tags on {tracks:,} tracks"
    window.library.undo()
    assert window.command["undo"].text() == "Undo"
    assert window.command["redo"].text().startswith("Redo Accept")
    assert not window.top_bar.write.isEnabled()


def test_search_filters_with_every_letter_and_triggers_nothing(window: MainWindow) -> None:
    press(window, "Ctrl+F")
    assert window.focusWidget() is window.top_bar.search
    before = window.library.review.groups.copy()
    QTest.keyClicks(window.top_bar.search, "axs?u")
    assert window.top_bar.search.text() == "axs?u"
    assert window.focused.visible.size == 0
    assert np.array_equal(window.library.review.groups, before)
    assert not window.findChildren(ShortcutSheet)
    window.top_bar.search.setText("Song 17")
    assert [window.library.review.name(row).title for row in window.focused.visible] == ["Song 17"]


def test_messages_are_shown_inline(window: MainWindow) -> None:
    window.library.message.emit(Message("error", "the store is locked"))
    assert window.messages.text == "the store is locked"
    assert window.messages.isVisible()
    assert QApplication.activeModalWidget() is None


def test_analyse_becomes_pause_and_pause_goes_on(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(window.library, "pause", lambda: asked.append("pause"))
    monkeypatch.setattr(window.library, "resume", lambda: asked.append("resume"))
    states = iter([Progress(RunState.ANALYSING, 1, 60), Progress(RunState.PAUSED, 1, 60)])
    for expected in ("Pause", "Go on"):
        progress = next(states)
        monkeypatch.setattr(type(window.library), "progress", progress)
        window.library.progress_changed.emit(progress)
        assert window.command["pause"].text() == expected
        window.command["pause"].trigger()
    assert asked == ["pause", "resume"]


def test_palette_offers_actions_tags_and_folders(window: MainWindow, memory: WindowMemory, tmp_path: Path) -> None:
    memory.note_folder(tmp_path)
    press(window, "Ctrl+K")
    (palette,) = window.findChildren(CommandPalette)
    titles = palette.titles()
    assert "Settings" in titles
    assert str(tmp_path) in titles
    column = 5
    tag = window.library.review.tags[column].name
    QTest.keyClicks(palette.field, tag)
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.library.review.tags[window.focused.tag].name == tag


def test_shortcut_sheet_opens_with_its_key(window: MainWindow) -> None:
    window.setFocus()
    press(window, "?")
    (sheet,) = window.findChildren(ShortcutSheet)
    assert sheet.isVisible()
    sheet.dismiss()


# drops


def drop(window: MainWindow, paths: list[Path]) -> bool:
    """Drop files on the middle of the window; whether it took them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    keys, buttons = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    middle = window.rect().center()
    enter = QDragEnterEvent(QPoint(middle), Qt.DropAction.CopyAction, data, buttons, keys)
    enter.ignore()
    QApplication.sendEvent(window, enter)
    if not enter.isAccepted():
        return False
    QApplication.sendEvent(window, QDropEvent(QPointF(middle), Qt.DropAction.CopyAction, data, buttons, keys))
    return True


def test_dropped_folders_are_opened_and_later_ones_added(
    make_window: MakeWindow, library: Library, qtbot: QtBot, tmp_path: Path
) -> None:
    window = make_window(library)
    first, second = tmp_path / "first", tmp_path / "zweiter Ordner"
    first.mkdir()
    second.mkdir()
    assert drop(window, [first])
    assert library.folders == [first]
    assert drop(window, [second, second / "x.mp3"])
    assert library.folders == [first, second, second / "x.mp3"]


def test_what_is_no_file_is_not_taken(make_window: MakeWindow, library: Library) -> None:
    window = make_window(library)
    assert not drop(window, [])
    assert library.folders == []


# what the window keeps


def test_geometry_splitters_and_mode_are_kept(
    make_window: MakeWindow, filled_library: FilledLibrary, places: Places, qtbot: QtBot
) -> None:
    library = filled_library(5)
    library.folders = [Path("/music")]
    window = make_window(library)
    library.reset.emit()
    window.resize(1111, 777)
    window.command["mode_map"].trigger()
    splitter = window.review.findChildren(QSplitter)[0]
    splitter.moveSplitter(splitter.handle(1).x() + 40, 1)
    window.keep_geometry()
    kept = WindowMemory(places.settings_file.with_name("window.ini"))
    assert kept.geometry("window") == window.saveGeometry()
    again = MainWindow(kept)
    qtbot.addWidget(again)
    again.resize(window.size())  # the screen of these tests is smaller than the window
    again.show()
    QApplication.processEvents()
    again.build(library)
    again.pages.go_home()
    QApplication.processEvents()
    assert again.command["mode_map"].isChecked()
    assert again.review.findChildren(QSplitter)[0].sizes() == splitter.sizes()


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
    session.library.close()


@pytest.mark.parametrize("content", ["[General]\nscheme=purple\nlanguage=xx\n", "\0\0nonsense", ""])
def test_damaged_memory_is_as_none(tmp_path: Path, content: str) -> None:
    file = tmp_path / "window.ini"
    file.write_text(content)
    memory = WindowMemory(file)
    assert (memory.scheme, memory.language, memory.recent_folders) == (Scheme.SYSTEM, Language.SYSTEM, [])
    assert memory.geometry("window").isEmpty()


def test_recent_folders_are_few_and_still_there(tmp_path: Path) -> None:
    memory = WindowMemory(tmp_path / "window.ini")
    folders = [tmp_path / f"{number} ü日" for number in range(12)]
    for folder in folders:
        folder.mkdir()
        memory.note_folder(folder)
    memory.note_folder(folders[5])
    assert memory.recent_folders == [folders[5], *reversed(folders[6:]), folders[4]][:8]
    folders[5].rmdir()
    assert folders[5] not in memory.recent_folders


# for everybody

INTERACTIVE = (QAbstractButton, QAbstractItemView, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit)
INNER = (QScrollBar, QSplitterHandle)


def inside_another(widget: QWidget) -> bool:
    """A part of which Qt makes a widget: the field of a spin box, the list of a combo box."""
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, (QAbstractSpinBox, QComboBox, QAbstractItemView, QLineEdit, QMenuBar)):
            return True
        above = above.parentWidget()
    return False


def nameless(root: QWidget) -> list[str]:
    """What can be operated and has no name for a screen reader; inner parts of Qt's own widgets aside."""
    found = []
    for widget in root.findChildren(QWidget):
        if not isinstance(widget, INTERACTIVE) or isinstance(widget, INNER) or inside_another(widget):
            continue
        name = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
        if not name.strip():
            found.append(f"{type(widget).__name__} in {type(widget.parent()).__name__}")
    return found


def test_everything_that_can_be_operated_has_a_name(window: MainWindow) -> None:
    for id_ in ("mode_tags", "mode_map", "mode_tracks", "settings", "history", "write", "about"):
        window.command[id_].trigger()
    window.library.written.emit(WriteReport(1, 2, 3))
    window.command["shortcuts"].trigger()
    window.command["palette"].trigger()
    assert nameless(window) == []


def test_tab_reaches_every_part_of_the_window(window: MainWindow) -> None:
    window.top_bar.search.setFocus()
    visited: list[QWidget] = []
    for _ in range(200):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        if window.focusWidget() in visited:
            break
        visited.append(window.focusWidget())
    assert window.top_bar.search in visited, "the way leads round"
    assert any(window.review.isAncestorOf(widget) for widget in visited)
    assert any(isinstance(widget, QAbstractItemView) for widget in visited)


def test_window_fits_a_small_screen(window: MainWindow) -> None:
    for id_ in ("mode_tracks", "mode_tags", "mode_map"):
        window.command[id_].trigger()
        hint = window.minimumSizeHint()
        assert hint.width() <= 1280, id_
        assert hint.height() <= 800, id_
