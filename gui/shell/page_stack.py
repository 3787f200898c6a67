"""Which page is seen: the review while there is something to review, a page the person asked for, or one clear state.

Pages are made when they are first wanted and stay.
"""

from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from gui.actions.actions import Actions
from gui.library.events import RunState, UndoReport, WriteReport, WriteReview
from gui.library.library import Library
from gui.pages.first_run import FirstRun
from gui.pages.page import Page, StatePage, button
from gui.shell.top_bar import MODES
from gui.shell.window_memory import WindowMemory
from tagger_core.settings import Settings

if TYPE_CHECKING:  # imported when they are made, after the first paint
    from gui.pages.about import AboutPage
    from gui.pages.finished import FinishedPage
    from gui.pages.history import HistoryPage
    from gui.pages.settings_page import SettingsPage
    from gui.pages.write_review import WriteReviewPage

_W = TypeVar("_W", bound=QWidget)


class PageStack(QStackedWidget):
    """The middle of the window."""

    scheme_chosen = Signal(object)
    language_chosen = Signal(object)
    model_folder_wanted = Signal()
    folder_chosen = Signal(object)
    """``Path``: a recent folder shall be opened."""
    failed_wanted = Signal()
    reviewing_changed = Signal(bool)
    """The review is seen, or something in its place."""

    def __init__(self, library: Library, actions: Actions, memory: WindowMemory, review: QWidget) -> None:
        super().__init__()
        self._library, self._actions, self._memory, self._review = library, actions, memory, review
        self.first_run = FirstRun(actions)
        self.first_run.folder_chosen.connect(self.folder_chosen)
        self.first_run.show_recent(memory.recent_folders)
        self.addWidget(self.first_run)
        self.addWidget(review)
        actions.serve_page(self)
        actions.carry_out(
            {
                "back": self.go_home,
                "write_now": lambda: self.write_review.confirm(),
                **dict.fromkeys(MODES, self.go_home),
            }
        )
        self.currentChanged.connect(self._tell)
        library.written.connect(self._written)
        library.undone.connect(self._undone)
        for signal in (library.rows_added, library.reset, library.progress_changed):
            signal.connect(self.refresh_home)
        self._tell()

    @property
    def reviewing(self) -> bool:
        """The review is seen."""
        return self.currentWidget() is self._review

    def go_home(self) -> None:
        """The review, or why there is none."""
        self._show(self._home())

    def refresh_home(self) -> None:
        """Rows have come, or work has ended: another home may be due. A page that was asked for stays."""
        if not isinstance(self.currentWidget(), Page):
            self._show(self._home())

    def take_focus(self) -> None:
        """Keys go to the page that is seen."""
        page = self.currentWidget()
        if page is not None:
            page.setFocus()

    def show_write_review(self) -> None:
        """The plan is being worked out; ``Library.planned`` fills it."""
        self.write_review.wait()
        self._show(self.write_review)

    def show_history(self) -> None:
        self._library.runs(self.history.show_runs)
        self._show(self.history)

    def show_settings(self) -> None:
        self.refresh_settings()
        self._show(self.settings)

    def refresh_settings(self) -> None:
        """Models and devices are looked for again."""
        page = self.settings
        page.show_settings(self._library.settings)
        self._library.models(page.show_models)
        self._library.available_devices(lambda available: page.show_devices(self._library.devices, available))

    def show_about(self) -> None:
        self._show(self.about)

    @cached_property
    def write_review(self) -> "WriteReviewPage":
        from gui.pages.write_review import WriteReviewPage

        page = self._kept(WriteReviewPage(self._actions))
        page.confirmed.connect(self._library.write)
        self._library.planned.connect(self._planned)
        self._library.progress_changed.connect(page.show_progress)
        return page

    @cached_property
    def finished(self) -> "FinishedPage":
        from gui.pages.finished import FinishedPage

        page = self._kept(FinishedPage(self._actions))
        page.failed_wanted.connect(self.failed_wanted)
        return page

    @cached_property
    def history(self) -> "HistoryPage":
        from gui.pages.history import HistoryPage

        page = self._kept(HistoryPage(self._actions))
        page.undo_wanted.connect(self._library.undo_write)
        page.files_wanted.connect(
            lambda run: self._library.run_files(run, lambda entries: page.show_files(run, entries))
        )
        return page

    @cached_property
    def settings(self) -> "SettingsPage":
        from gui.pages.settings_page import SettingsPage

        page = SettingsPage(self._actions, self._library.settings, self._memory.scheme, self._memory.language)
        page.changed.connect(self._change_settings)
        page.scheme_chosen.connect(self.scheme_chosen)
        page.language_chosen.connect(self.language_chosen)
        page.model_folder_wanted.connect(self.model_folder_wanted)
        return self._kept(page)

    @cached_property
    def about(self) -> "AboutPage":
        from gui.pages.about import AboutPage

        return self._kept(AboutPage(self._actions))

    @cached_property
    def looking(self) -> StatePage:
        return self._kept(
            StatePage(
                "search",
                self.tr("Looking for music…"),
                self.tr("Tracks are listed as soon as they are found."),
                [button(self._actions["cancel"], self.tr("Cancel"))],
            )
        )

    @cached_property
    def no_music(self) -> StatePage:
        return self._kept(
            StatePage(
                "music",
                self.tr("No music found"),
                self.tr(
                    "There is no audio file in what is open. Earmark reads mp3, FLAC, Ogg, Opus, m4a, WAV and more."
                ),
                [
                    button(self._actions["open_folder"], look="primary"),
                    button(self._actions["add_folder"]),
                ],
            )
        )

    @cached_property
    def no_model(self) -> StatePage:
        return self._kept(
            StatePage(
                "model",
                self.tr("No model can listen"),
                self.tr(
                    "Earmark needs at least one model to hear what is in a track, and none of those that are chosen"
                    " can be used. Choose another in the settings, or install Earmark again to get those it comes with."
                ),
                [button(self._actions["settings"], look="primary"), button(self._actions["analyse"])],
            )
        )

    def _change_settings(self, settings: Settings) -> None:
        self._library.change_settings(settings)
        self._library.save_settings()
        self.settings.show_settings(self._library.settings)  # a refusal is a message; the page shows what is in force

    def _home(self) -> QWidget:
        library = self._library
        busy = library.progress.state is not RunState.IDLE
        if len(library.review):
            return self._review if library.review.tags or busy else self.no_model
        if not library.folders:
            return self.first_run
        return self.looking if busy else self.no_music

    def _show(self, page: QWidget) -> None:
        if page is self.currentWidget():
            return
        if page is self.first_run:
            self.first_run.show_recent(self._memory.recent_folders)
        self.setCurrentWidget(page)
        self.take_focus()

    def _tell(self) -> None:
        self._actions["back"].setEnabled(isinstance(self.currentWidget(), Page))
        for mode in MODES:
            self._actions[mode].setEnabled(self._home() is self._review)
        self._actions["write_now"].setEnabled(self.currentWidget() is vars(self).get("write_review"))
        self._actions.set_reviewing(self.reviewing)
        self.reviewing_changed.emit(self.reviewing)

    def _planned(self, review: WriteReview) -> None:
        paths = [self._library.review.path(file.row) for file in review.files]
        self.write_review.show_review(review, paths, self._library.settings)

    def _written(self, report: WriteReport) -> None:
        self.finished.show_written(report)
        self._show(self.finished)

    def _undone(self, report: UndoReport) -> None:
        if self.currentWidget() is vars(self).get("history"):
            self.show_history()
            return
        self.finished.show_undone(report)
        self._show(self.finished)

    def _kept(self, page: _W) -> _W:
        self.addWidget(page)
        return page
