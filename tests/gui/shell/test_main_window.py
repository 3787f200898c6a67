"""The window as a whole: states, pages, bars, keys, and what it keeps."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QSplitter,
)
from pytestqt.qtbot import QtBot

from gui.library.events import Message, Progress, RunState, WriteReport, WriteReview
from gui.library.library import Library
from gui.shell.command_palette import CommandPalette
from gui.shell.main_window import MainWindow
from gui.shell.shortcut_sheet import ShortcutSheet
from gui.shell.window_memory import WindowMemory
from tagger_core.review import Group
from tagger_core.settings import Places
from tests.gui.conftest import FilledLibrary
from tests.gui.shell.conftest import MakeWindow


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
