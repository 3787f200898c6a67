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

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gui.library.background import GuiHop, Urgency
from gui.library.events import Message, PlannedFile, Progress, RunState, UndoReport, WriteReport, WriteReview
from gui.library.file_tasks import Planning, Undoing, Writing
from gui.library.inquiries import Inquiries
from gui.library.interrupted import Interrupted, settle_interrupted
from gui.library.memory import Memory
from gui.library.settings_keeper import SettingsKeeper
from gui.library.sitting import Sitting
from gui.library.task_runner import TaskRunner
from gui.library.teller import Teller
from gui.library.threads import Threads
from tagger_core.errors import SettingsError
from tagger_core.model_card import ModelFolder
from tagger_core.review import Change, ChangeKind, Levels, Review
from tagger_core.review.values import Rows
from tagger_core.settings import Places, Settings

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

_CLOSE_SECONDS = 1.5
_FILE_SECONDS = 30.0
"""A file that is being written is finished."""


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

    def __init__(self, places: Places | None = None) -> None:
        """``places``: those of the platform by default."""
        super().__init__()
        self.places = places or Places.of_platform()
        self.folders: list[Path] = []
        self.devices: list[str] = []
        """Where the models run, known once they are loaded."""
        self._opening = self._settled = False
        hop = GuiHop(self)
        self._teller = Teller(self.places, hop)
        self._teller.message.connect(self.message)
        self._threads = Threads(self.places, hop, self._teller.report)
        self._memory = Memory(self.places.review, self._threads.desk, hop, self._teller.report)
        self._inquiries = Inquiries(self.places, self._threads.desk, hop)
        self._keeper = SettingsKeeper(self.places, self._threads.desk, self._teller.report)
        self._runner = TaskRunner(self._threads.desk)
        self._runner.changed.connect(self._decided)
        self._runner.progress_changed.connect(self._tell_progress)
        self._sitting = self._new_sitting(self._keeper.settings)

    @property
    def review(self) -> Review:
        """What was heard and decided; another object after ``reset``."""
        return self._sitting.review

    @property
    def settings(self) -> Settings:
        """Those in force, with the thresholds of this review."""
        return self.review.settings

    @property
    def progress(self) -> Progress:
        return self._sitting.listening.progress if self._runner.state is RunState.IDLE else self._runner.progress

    # folders and listening

    def open(self, paths: Sequence[Path], *, listen: bool = True) -> None:
        """Show these folders and files instead of those that are open: rows come at once, then listening starts."""
        if not self._may_touch_files():
            return
        folders = self.folders = list(dict.fromkeys(paths))
        self._opening = True

        def opened(levels: Levels | None) -> None:
            self._opening = False
            self._settle_interrupted()
            self._start_over(self._keeper.settings, levels)
            self._sitting.listen(folders, at_once=listen)

        self._memory.open_folders(folders, opened)

    def open_last(self) -> None:
        """Show what was open last, as it was left; nothing if there was nothing."""
        self._memory.last_folders(lambda folders: self.open(folders) if folders else None)

    def add(self, paths: Sequence[Path], *, listen: bool = True) -> None:
        """Show these folders and files too, and listen to them."""
        if self._opening or not self.folders:
            self.open([*self.folders, *paths], listen=listen)
            return
        self.folders = list(dict.fromkeys([*self.folders, *paths]))
        self._memory.add_folders(self.folders, self.review.levels)
        self._sitting.listen(paths, at_once=listen)

    def start(self) -> None:
        """Listen to every track that still waits; nothing if that is going on."""
        self._sitting.start()

    def pause(self) -> None:
        """Begin no other track."""
        self._sitting.listening.pause()

    def resume(self) -> None:
        self._sitting.listening.resume()

    def cancel(self) -> None:
        """Stop writing after the current file, or else listening. What was done is kept."""
        if self._runner.busy:
            self._runner.cancel()
        else:
            self._sitting.listening.cancel()

    def retry(self, rows: Rows) -> None:
        """Listen again to rows that failed."""
        change = self.review.retry(rows)
        self._tell_rows(change.rows)
        self._sitting.listening.retry([self.review.path(row) for row in change.rows.tolist()])

    def look_at(self, rows: Rows) -> None:
        """These rows are on the screen: their titles are read before anything else."""
        self._sitting.names.read(rows.tolist())

    # decisions

    def do(self, command: str, *args: object) -> None:
        """Call a command of ``Review`` and remember what it did: ``library.do("accept", rows)``."""
        self._memory.give_way()
        self._decided(getattr(self.review, command)(*args))

    def undo(self) -> None:
        """Take the last decision back."""
        self._memory.give_way()
        change = self.review.undo()
        if change:
            self._decided(change)

    def redo(self) -> None:
        """Decide again what was taken back."""
        self._memory.give_way()
        change = self.review.redo()
        if change:
            self._decided(change)

    # writing

    def plan_write(self, rows: Rows | None = None) -> None:
        """Work out what would be written into these accepted rows, or all: answered by ``planned``."""
        if self._may_touch_files():
            task = Planning(self.review, rows)
            self._runner.begin(task, lambda: self._planned(task))

    def write(self, planned: WriteReview) -> None:
        """Write it: ``progress_changed`` on the way, ``written`` at the end."""
        if self._may_touch_files():
            known = self._sitting.plans  # which is empty if the review has changed since
            plans = [known[file.row] for file in planned.files if file.row in known]
            task = Writing(self.review, plans, self.places, self.folders)
            self._runner.begin(task, lambda: self.written.emit(task.report()))

    def undo_write(self, run: int | None = None) -> None:
        """Take back a run, or the last one: ``progress_changed`` on the way, ``undone`` at the end."""
        if self._may_touch_files():
            task = Undoing(self.review, self.places, run)
            self._runner.begin(task, lambda: self.undone.emit(task.report()))

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
            self._threads.hop.post(lambda: done(None))
        else:
            self._inquiries.over_time(audio, self._sitting.cards, self.settings, done)

    def evidence(self, row: int, done: "Callable[[list[Suggestion]], None]") -> None:
        """Every tag with what led to it; empty where nothing is remembered."""
        audio = self.review.audio(row)
        if audio is None:
            self._threads.hop.post(lambda: done([]))
        else:
            self._inquiries.evidence(audio, self.review.present(row), self._sitting.cards, self.settings, done)

    def preview(self, row: int, done: "Callable[[TrackOverview | str], None]") -> None:
        """The overview of the sound, or why there is none. Only the latest request is answered."""
        self._threads.previews.draw(self.review.path(row), done)

    def open_sound(self, row: int, start: float) -> "SampleFeed":
        """Samples to play from a moment on, in seconds."""
        return self._threads.previews.open_sound(self.review.path(row), start)

    # settings, and where the person was

    def models(self, done: Callable[[list[ModelFolder], list[str]], None]) -> None:
        """Every model that is installed, and one sentence for each folder that is none though it looks like it."""
        self._inquiries.models(self.settings, done)

    def available_devices(self, done: Callable[[list[str]], None]) -> None:
        """Where models could run."""
        self._inquiries.available_devices(done)

    def change_settings(self, settings: Settings) -> None:
        """Use other settings at once; other models or words begin a new review of the same folders."""
        before = self.settings
        if settings == before or not self._may_touch_files():
            return
        self._keeper.note(before, settings)
        if not self._sitting.suits(settings, self.places):
            self._start_over(settings, None)
            self._sitting.listen(self.folders, at_once=True)
            return
        self._decided(self.review.change_settings(settings))
        self._memory.save_levels(self.review.levels)
        if (before.device, before.jobs) != (settings.device, settings.jobs):
            self._sitting.listening.restart()

    def save_settings(self) -> None:
        """Write what was changed by ``change_settings`` to the settings file."""
        self._keeper.save()

    def remember(self, key: str, value: str) -> None:
        """Note where the person is, for the next start."""
        self._memory.remember(key, value)

    def recall(self, key: str) -> str | None:
        """What was noted with these folders, in this or an earlier session; else with any."""
        return self._memory.recall(key)

    def close(self) -> None:
        """Stop everything, within 2 s unless a large file is being written; everything decided is on the disk."""
        self._sitting.leave()
        self._runner.finish(_FILE_SECONDS)
        self._inquiries.close()
        self._memory.close()
        self._threads.end(_CLOSE_SECONDS)
        self._teller.close()

    # inside

    def _decided(self, change: Change) -> None:
        """Remember what a command did, and tell it."""
        if change.kind.sets_levels:
            self._memory.save_levels(self.review.levels)
        elif change.kind is not ChangeKind.SETTINGS:
            self._memory.save(self.review.records(change.rows))
        self._tell_rows(change.rows)

    def _tell_rows(self, rows: Rows) -> None:
        if rows.size:
            self.rows_changed.emit(rows)
        self.review_changed.emit()

    def _tell_progress(self) -> None:
        self.progress_changed.emit(self.progress)

    def _start_over(self, settings: Settings, levels: Levels | None) -> None:
        self._sitting.leave()
        self._sitting = self._new_sitting(settings)
        if levels:
            try:
                self.review.restore_levels(levels)
            except SettingsError as error:
                self._teller.report(error)
        self.reset.emit()

    def _new_sitting(self, settings: Settings) -> Sitting:
        sitting = Sitting(
            settings, self.places, self._threads, self._memory, named=self.rows_changed.emit, failed=self._teller.report
        )
        listening = sitting.listening
        listening.rows_added.connect(self._rows_came)
        listening.rows_changed.connect(self._tell_rows)
        listening.progress_changed.connect(self._tell_progress)
        listening.loaded.connect(self._models_loaded)
        listening.scanned.connect(self._teller.not_looked_into)
        listening.scan_stopped.connect(self._teller.scan_stopped)
        return sitting

    def _rows_came(self, first: int, count: int) -> None:
        self.rows_added.emit(first, count)
        self.review_changed.emit()

    def _models_loaded(self, devices: list[str]) -> None:
        self.devices = devices

    def _may_touch_files(self) -> bool:
        """One thing at a time is done to files, and to the review that it is about."""
        if self._runner.busy:
            self._teller.busy()
        return not self._runner.busy

    def _planned(self, task: Planning) -> None:
        self._sitting.plans = {plan.row: plan for plan in task.plans}
        self.planned.emit(task.report())

    def _settle_interrupted(self) -> None:
        """Once in a session, see whether an earlier one was killed while it wrote."""
        if self._settled:
            return
        self._settled = True

        def tell(found: Interrupted) -> None:
            self._threads.hop.post(lambda: self._teller.interrupted(found))

        self._threads.desk.submit(lambda: settle_interrupted(self.places, tell), Urgency.AHEAD)
