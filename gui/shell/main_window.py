"""The window: bars above and below, and in the middle the review or a page.

It connects parts to each other and decides nothing else; what they show and do is their own business.

The bars are made at once, and the middle by ``build``, after the first paint: the library and all that shows it need
numpy, and loading that takes longer than all of Qt.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QCloseEvent, QDesktopServices
from PySide6.QtWidgets import QFrame, QMainWindow, QVBoxLayout, QWidget

from gui.actions.actions import Actions
from gui.library.events import Progress, RunState
from gui.look.wording import filled
from gui.shell.commands import action_commands, folder_commands, tag_commands
from gui.shell.folder_dialog import ask_for_folder
from gui.shell.folder_drop import FolderDrop
from gui.shell.lost_focus import LostFocus
from gui.shell.menus import fill_menu_bar
from gui.shell.message_bar import MessageBar
from gui.shell.progress_strip import ProgressStrip
from gui.shell.top_bar import TopBar
from gui.shell.window_memory import WindowMemory

if TYPE_CHECKING:
    from gui.focus import Focus
    from gui.library.library import Library
    from gui.shell.page_stack import PageStack
    from gui.shell.review_area import ReviewArea
    from tagger_core.review import Change

_SIZE = (1280, 800)


class MainWindow(QMainWindow):
    """One library, one window. ``build`` makes what the first paint does not wait for."""

    scheme_chosen = Signal(object)
    language_chosen = Signal(object)
    """``Language``: the window has to be made again in it."""
    library: "Library"
    focused: "Focus"
    review: "ReviewArea"
    pages: "PageStack"

    def __init__(self, memory: WindowMemory) -> None:
        super().__init__()
        self.setWindowTitle("Earmark")
        self._memory = memory
        self._built = False
        self.command = Actions(self)
        fill_menu_bar(self.menuBar(), self.command)
        self.top_bar = TopBar(self.command)
        self.messages = MessageBar(self.command)
        self.strip = ProgressStrip(self.command)
        self._middle = QVBoxLayout()
        self.setCentralWidget(self._column())
        self.resize(*_SIZE)
        self.restoreGeometry(memory.geometry("window"))

    def build(self, library: "Library") -> None:
        """Make the pages and the panels of the review."""
        from gui.focus import Focus
        from gui.shell.page_stack import PageStack
        from gui.shell.review_actions import ReviewActions
        from gui.shell.review_area import ReviewArea

        self.library = library
        self.focused = Focus(self)
        self.review = ReviewArea(library, self.focused, self.command, self._memory)
        self.pages = PageStack(library, self.command, self._memory, self.review)
        self._middle.addWidget(self.pages)
        self.pages.show()  # now, and not when Qt has time: what is hidden loses the keys when the window is activated
        self._middle.activate()  # the window may be on the screen already; splitters are placed by the true size
        self._drop = FolderDrop(self)
        self._connect_library()
        self._connect_parts()
        self._connect_actions()
        self.review.build()
        ReviewActions(self.command, library, self.focused, self)
        LostFocus(self, self.pages.take_focus)
        self._built = True
        self.strip.stand_last()
        self._show_counts()
        self.pages.take_focus()

    def open_paths(self, paths: list[Path]) -> None:
        """Show folders and files instead of what is open."""
        self._note(paths)
        self.library.open(paths)
        self.pages.go_home()

    def add_paths(self, paths: list[Path]) -> None:
        """Show folders and files beside what is open."""
        self._note(paths)
        self.library.add(paths)
        self.pages.go_home()

    def keep_geometry(self) -> None:
        """Note where everything stands."""
        self._memory.keep_geometry("window", self.saveGeometry())
        if self._built:
            self.review.keep_geometry()
        self._memory.save()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        self.keep_geometry()
        if self._built:
            self.library.close()
        super().closeEvent(event)

    def _column(self) -> QWidget:
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.top_bar, self.messages, _line()):
            column.addWidget(widget)
        column.addLayout(self._middle, 1)
        column.addWidget(self.strip)
        return middle

    def _connect_library(self) -> None:
        self.library.review_changed.connect(self._show_counts)
        self.library.reset.connect(self._show_counts)
        self.library.progress_changed.connect(self._show_progress)
        self.library.message.connect(self.messages.show_message)

    def _connect_parts(self) -> None:
        self.top_bar.searched.connect(self.review.search)
        self.review.searching.connect(self.top_bar.show_search)
        self._drop.dropped.connect(self._dropped)
        self._drop.hovered.connect(self.pages.first_run.set_hovered)
        self.pages.folder_chosen.connect(lambda folder: self.open_paths([folder]))
        self.pages.failed_wanted.connect(self._show_failed)
        self.pages.scheme_chosen.connect(self.scheme_chosen)
        self.pages.language_chosen.connect(self.language_chosen)
        self.pages.model_folder_wanted.connect(self._ask_for_models)
        self.pages.reviewing_changed.connect(self._show_reviewing)

    def _connect_actions(self) -> None:
        self.command.carry_out(
            {
                "add_folder": lambda: ask_for_folder(self, self.tr("Add a folder"), lambda one: self.add_paths([one])),
                "open_folder": lambda: ask_for_folder(
                    self, self.tr("Open a folder"), lambda one: self.open_paths([one])
                ),
                "analyse": self.library.start,
                "pause": self._pause_or_go_on,
                "cancel": self.library.cancel,
                "write": self.pages.show_write_review,
                "history": self.pages.show_history,
                "settings": self.pages.show_settings,
                "about": self.pages.show_about,
                "show_in_folder": self._show_in_folder,
                "find": self.top_bar.search.setFocus,
                "shortcuts": self._show_shortcuts,
                "palette": self._show_palette,
                "quit": self.close,
            }
        )

    def _show_counts(self) -> None:
        """What Write would write, and what could be undone, after every change."""
        review = self.library.review
        names = ", ".join(folder.name for folder in self.library.folders)
        self.setWindowTitle(names or "Earmark")
        tags, tracks = review.accepted()
        self.top_bar.show_accepted(tags, tracks)
        self._name("undo", self.tr("Undo"), self.tr("Undo %1"), review.next_undo)
        self._name("redo", self.tr("Redo"), self.tr("Redo %1"), review.next_redo)
        self._show_progress(self.library.progress)

    def _name(self, id_: str, plain: str, named: str, change: "Change | None") -> None:
        from gui.look.change_words import change_name

        action = self.command[id_]
        action.setText(filled(named, change_name(change)) if change else plain)
        action.setEnabled(change is not None and self.pages.reviewing)

    def _show_progress(self, progress: Progress) -> None:
        from tagger_core.review import Group

        waiting = self.library.review.counts()[Group.WAITING] > 0
        self.top_bar.show_state(progress.state, waiting=waiting)
        self.strip.show_progress(progress)
        self.strip.set_note(", ".join(dict.fromkeys(self.library.devices)).upper())

    def _show_reviewing(self, reviewing: bool) -> None:
        self.top_bar.search.setEnabled(reviewing)
        self.strip.stand_last()
        self._show_counts()

    def _pause_or_go_on(self) -> None:
        if self.library.progress.state is RunState.PAUSED:
            self.library.resume()
        else:
            self.library.pause()

    def _dropped(self, paths: list[Path]) -> None:
        if self.library.folders:
            self.add_paths(paths)
        else:
            self.open_paths(paths)

    def _note(self, paths: list[Path]) -> None:
        for path in paths:
            self._memory.note_folder(path if path.is_dir() else path.parent)

    def _show_failed(self) -> None:
        from tagger_core.review import Group

        self.pages.go_home()
        self.review.show_group(Group.FAILED)

    def _show_in_folder(self) -> None:
        from gui.focus import NO_ROW

        if self.focused.row != NO_ROW:
            folder = self.library.review.path(self.focused.row).parent
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def _ask_for_models(self) -> None:
        ask_for_folder(self, self.tr("Add a folder with models"), self._add_models)

    def _add_models(self, folder: Path) -> None:
        settings = self.library.settings
        self.library.change_settings(settings.overridden(model_folders=(*settings.model_folders, str(folder))))
        self.library.save_settings()
        self.pages.refresh_settings()

    def _show_shortcuts(self) -> None:
        from gui.shell.shortcut_sheet import ShortcutSheet

        ShortcutSheet(self).open()

    def _show_palette(self) -> None:
        from gui.shell.command_palette import CommandPalette

        tags = [tag.name for tag in self.library.review.tags]
        commands = [
            *action_commands(self.command),
            *tag_commands(tags, self.focused.set_tag),
            *folder_commands(self._memory.recent_folders, lambda folder: self.open_paths([folder])),
        ]
        CommandPalette(self, commands).open()


def _line() -> QFrame:
    line = QFrame()
    line.setProperty("look", "line")
    return line
