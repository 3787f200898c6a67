"""The library as the window sees it: commands in, signals out.

Conventions
-----------
The GUI thread owns ``review`` and calls everything here; nothing here waits. What touches a disk happens on the library
thread, listening on the analysis thread, and both come back through the event loop. No method raises because the
world failed: that is a ``message``.

Contents
--------
``Library``; ``RunState``, ``Progress``, ``Message``, ``PlannedFile``, ``WriteReview``, ``WriteReport``, ``UndoReport``
"""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from gui.background import GuiHop, StepThread, Urgency
from gui.ears import NICENESS, Ears
from gui.events import Message, PlannedFile, Progress, RunState, UndoReport, WriteReport, WriteReview
from gui.inquiries import Inquiries
from gui.listening import Listening
from gui.logs import WarningsToWindow, log_path
from gui.memory import Memory
from gui.names import NameReader, Names
from gui.previews import Previews
from tagger_core.errors import DeviceError, EarmarkError, ModelError, SettingsError
from tagger_core.model_card import ModelFolder
from tagger_core.review import Change, Review
from tagger_core.settings import Places, Settings, load_settings
from tagger_core.workplace import find_models

if TYPE_CHECKING:
    from tagger_core.journal_entries import Entry, Run
    from tagger_core.listening import TagTaggram
    from tagger_core.suggestions import Suggestion
    from tagger_core.track_preview import SampleFeed, TrackOverview

__all__ = [
    "Library",
    "Message",
    "PlannedFile",
    "Progress",
    "RunState",
    "UndoReport",
    "WriteReport",
    "WriteReview",
]

Rows = npt.NDArray[np.intp]

log = logging.getLogger(__name__)

_CLOSE_SECONDS = 2.0


class Library(QObject):
    """The folders that are open, what was heard in them, what was decided, and the threads that work for it."""

    rows_added = Signal(int, int)
    """First row, count."""
    rows_changed = Signal(object)
    """Rows (ndarray) whose look has changed: one signal for each command, and one every 100 ms while listening."""
    review_changed = Signal()
    """Counts, thresholds or the names of undo and redo may differ."""
    progress_changed = Signal(object)
    """``Progress``."""
    message = Signal(object)
    """``Message``."""
    planned = Signal(object)
    """``WriteReview``."""
    written = Signal(object)
    """``WriteReport``."""
    undone = Signal(object)
    """``UndoReport``."""
    reset = Signal()
    """Other folders or models: ``review`` is a new object."""

    def __init__(self, places: Places | None = None, parent: QObject | None = None) -> None:
        """``places``: those of the platform by default."""
        super().__init__(parent)
        self.places = places or Places.of_platform()
        self.folders: list[Path] = []
        self.devices: list[str] = []
        """Where the models run, known once they are loaded."""
        self._hop = GuiHop(self)
        self._desk = StepThread("library", self._report)
        self._listener = StepThread("analysis", self._report, niceness=NICENESS)
        self._ears = Ears(self.places)
        self._previews = Previews(self._hop, self._report)
        self._inquiries = Inquiries(self.places, self._desk, self._hop)
        self._memory = Memory(self.places.journal, self._desk)
        self._saved_settings = self._loaded_settings()
        self._begin_review(self._saved_settings)

    @property
    def settings(self) -> Settings:
        """Those in force, with the thresholds of this review."""
        return self.review.settings

    @property
    def progress(self) -> Progress:
        return self._listening.progress

    # folders and listening

    def open(self, paths: Sequence[Path], *, listen: bool = True) -> None:
        """Show these folders and files instead of those that are open: rows come at once, then listening starts."""
        self._start_over(self._saved_settings)
        self.add(paths, listen=listen)

    def open_last(self) -> None:
        """Show what was open last, as it was left; nothing if there was nothing."""

    def add(self, paths: Sequence[Path], *, listen: bool = True) -> None:
        """Show these folders and files too, and listen to them."""
        self.folders += [path for path in paths if path not in self.folders]
        self._listening.scan(paths, listen=listen)

    def start(self) -> None:
        """Listen to every track that still waits; nothing if that is going on."""
        self._listening.start()

    def pause(self) -> None:
        """Begin no other track."""
        self._listening.pause()

    def resume(self) -> None:
        self._listening.resume()

    def cancel(self) -> None:
        """Stop listening, or writing after the current file. What was done is kept."""
        self._listening.cancel()

    def retry(self, rows: Rows) -> None:
        """Listen again to rows that failed."""
        change = self.review.retry(rows)
        self._tell(change)
        self._listening.retry([self.review.path(row) for row in change.rows.tolist()])

    def look_at(self, rows: Rows) -> None:
        """These rows are on the screen: their titles are read before anything else."""
        self._names.read(rows.tolist())

    # decisions

    def do(self, command: str, *args: object) -> None:
        """Call a command of ``Review`` and remember what it did: ``library.do("accept", rows)``."""
        self._tell(getattr(self.review, command)(*args))

    def undo(self) -> None:
        """Take the last decision back."""
        change = self.review.undo()
        if change:
            self._tell(change)

    def redo(self) -> None:
        """Decide again what was taken back."""
        change = self.review.redo()
        if change:
            self._tell(change)

    # writing

    def plan_write(self, rows: Rows | None = None) -> None:
        """Work out what would be written into these accepted rows, or all: answered by ``planned``."""

    def write(self, planned: WriteReview) -> None:
        """Write it: ``progress_changed`` on the way, ``written`` at the end."""

    def undo_write(self, run: int | None = None) -> None:
        """Take back a run, or the last one: ``progress_changed`` on the way, ``undone`` at the end."""

    def runs(self, done: "Callable[[list[Run]], None]") -> None:
        """Every run that wrote files, the latest first."""
        self._inquiries.runs(done)

    def run_files(self, run: int, done: "Callable[[list[Entry]], None]") -> None:
        """What a run did to each file."""
        self._inquiries.run_files(run, done)

    # one track, in detail; ``done`` is called on the GUI thread

    def taggram(self, row: int, done: "Callable[[TagTaggram | None], None]") -> None:
        """The tags over time, or ``None`` where nothing is remembered."""
        audio = self.review.audio(row)
        if audio is None:
            self._hop.post(lambda: done(None))
        else:
            self._inquiries.over_time(audio, self._cards, self.settings, done)

    def evidence(self, row: int, done: "Callable[[list[Suggestion]], None]") -> None:
        """Every tag with what led to it; empty where nothing is remembered."""
        audio = self.review.audio(row)
        if audio is None:
            self._hop.post(lambda: done([]))
        else:
            self._inquiries.evidence(audio, self.review.present(row), self._cards, self.settings, done)

    def preview(self, row: int, done: "Callable[[TrackOverview | str], None]") -> None:
        """The overview of the sound, or why there is none. Only the latest request is answered."""
        self._previews.draw(self.review.path(row), done)

    def open_sound(self, row: int, start: float) -> "SampleFeed":
        """Samples to play from a moment on, in seconds."""
        return self._previews.open_sound(self.review.path(row), start)

    # settings, and where the person was

    def models(self, done: Callable[[list[ModelFolder], list[str]], None]) -> None:
        """Every model that is installed, and one sentence for each folder that is none though it looks like it."""
        self._inquiries.models(self.settings, done)

    def available_devices(self, done: Callable[[list[str]], None]) -> None:
        """Where models could run."""
        self._inquiries.available_devices(done)

    def change_settings(self, settings: Settings) -> None:
        """Use other settings at once; other models start a new review of the same folders."""

    def save_settings(self) -> None:
        """Write the settings to the settings file."""

    def remember(self, key: str, value: str) -> None:
        """Note where the person is, for the next start."""
        self._memory.remember(key, value)

    def recall(self, key: str) -> str | None:
        """What was noted, in this or an earlier session."""
        return self._memory.recall(key)

    def close(self) -> None:
        """Stop everything within 2 s; everything decided is on the disk."""
        self._listening.leave()
        self._previews.close()
        self._desk.end()
        self._listener.end()
        for thread in (self._desk, self._listener, self._previews):
            thread.join(_CLOSE_SECONDS)
        self._hop.close()

    # inside

    def _tell(self, change: Change) -> None:
        self._tell_rows(change.rows)

    def _tell_rows(self, rows: Rows) -> None:
        if rows.size:
            self.rows_changed.emit(rows)
        self.review_changed.emit()

    def _start_over(self, settings: Settings) -> None:
        self._listening.leave()
        self.folders = []
        self._begin_review(settings)
        self.reset.emit()

    def _begin_review(self, settings: Settings) -> None:
        try:
            self._cards = [folder.card for folder in find_models(settings, self.places)]
        except ModelError as error:
            self._report(error)
            self._cards = []
        self.review = Review(self._cards, settings)
        self._names = NameReader(self.review, self._desk, self._hop, self._named)
        self._listening = self._new_listening()

    def _named(self, names: Names) -> None:
        self._tell_rows(self.review.name_tracks(names))

    def _new_listening(self) -> Listening:
        listening = Listening(self.review, {}, self._ears, self._listener, self._desk, self.review.settings)
        listening.rows_added.connect(self._rows_came)
        listening.rows_changed.connect(self._tell_rows)
        listening.progress_changed.connect(lambda: self.progress_changed.emit(self.progress))
        listening.loaded.connect(self._models_loaded)
        return listening

    def _rows_came(self, first: int, count: int) -> None:
        self.rows_added.emit(first, count)
        self.review_changed.emit()

    def _models_loaded(self, devices: list[str]) -> None:
        self.devices = devices

    def _loaded_settings(self) -> Settings:
        try:
            return load_settings(self.places.settings_file)
        except SettingsError as error:
            self._report(error)
            return Settings()

    def _report(self, error: Exception) -> None:
        """Tell of what failed; called on any thread."""
        if isinstance(error, EarmarkError):
            about_settings = isinstance(error, ModelError | SettingsError | DeviceError)
            message = Message("error", str(error), "settings" if about_settings else "")
        else:
            log.error("internal error", exc_info=error)
            details = self.tr("internal error: {error} (details in {file})")
            message = Message("error", details.format(error=error, file=log_path(self.places)))
        self._hop.post(lambda: self.message.emit(message))
