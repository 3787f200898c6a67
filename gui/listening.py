"""Scanning and listening as the window sees them: started, paused, cancelled, and told about ten times a second.

Conventions
-----------
Belongs to the GUI thread. What the library thread finds and the analysis thread hears comes through one queue, and a
timer takes it over, so much at a time that the window never stalls; views are told once, not once for each track.
"""

import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from gui.background import StepThread, Urgency
from gui.ears import Ears, Feed, Run
from gui.events import Progress, RunState
from gui.findings import Finding, Findings, Found, FoundAgain, Listened, Loaded, RunEnded, ScanEnded
from gui.progress_meter import ProgressMeter
from gui.scanning import look_again, scan_in_chunks
from tagger_core.domain import Track, TrackFailure
from tagger_core.settings import Settings

if TYPE_CHECKING:
    from tagger_core.review import Heard, Record, Review

DRAIN_MS = 100
_AT_ONCE = 256
"""Tracks that were heard taken over at a time; one that was found costs a tenth of that. It takes about 10 ms."""


class Listening(QObject):
    """What happens to the tracks of one review; another review needs another one."""

    rows_added = Signal(int, int)
    rows_changed = Signal(object)
    progress_changed = Signal()
    loaded = Signal(object)
    """The devices."""
    scanned = Signal(object)
    """Places that could not be looked into."""

    def __init__(
        self,
        review: "Review",
        records: "Mapping[Path, Record]",
        ears: Ears,
        listener: StepThread,
        desk: StepThread,
        settings: Settings,
    ) -> None:
        """``records``: what was decided in earlier sessions. ``desk`` is the library thread."""
        super().__init__()
        self._review = review
        self._records = records
        self._ears = ears
        self._listener = listener
        self._desk = desk
        self._settings = settings
        self._findings: Findings = Findings()
        self._feed = Feed()
        self._waiting: dict[Path, Track] = {}
        self._scans = 0
        """Jobs of the library thread that will bring tracks."""
        self._wanted = False
        self._stop_scan = threading.Event()
        self._run: Run | None = None
        self._loaded = False
        self._meter = ProgressMeter()
        self._timer = QTimer(self)
        self._timer.setInterval(DRAIN_MS)
        self._timer.timeout.connect(self._take_over)

    @property
    def state(self) -> RunState:
        """What is going on."""
        if self._run is None:
            return RunState.SCANNING if self._scans else RunState.IDLE
        if self._run.cancelled.is_set():
            return RunState.CANCELLING
        if not self._run.may_go_on.is_set():
            return RunState.PAUSED
        if self._loaded:
            return RunState.ANALYSING
        return RunState.SCANNING if self._scans else RunState.LOADING_MODELS

    @property
    def progress(self) -> Progress:
        return self._meter.reading(self.state, time.monotonic())

    def scan(self, paths: Sequence[Path], *, listen: bool) -> None:
        """Find the music there, and listen to it."""
        self._scans += 1
        self._stop_scan.clear()
        self._feed.expect_more(True)
        self._desk.submit(lambda: scan_in_chunks(paths, self._settings, self._findings, self._stop_scan), Urgency.WORK)
        if listen:
            self.start()
        self._begin()

    def start(self) -> None:
        """Listen to what waits, now or as soon as it is found."""
        self._wanted = True
        if self._run is not None or not (self._waiting or self._scans):
            return
        self._feed.clear()
        self._feed.put(self._waiting.values())
        self._loaded = False
        run = self._run = Run(self._settings, self._feed, self._findings)
        run.may_go_on.set()
        self._listener.submit(lambda: self._ears.listen(run), Urgency.WORK)
        self._begin()

    def retry(self, paths: Sequence[Path]) -> None:
        """Look at these files again, and listen to them."""
        self._wanted = True
        self._scans += 1
        self._meter.take_back(len(paths))
        self._desk.submit(lambda: look_again(paths, self._findings), Urgency.WORK)
        self._begin()

    def pause(self) -> None:
        """No other track is begun."""
        if self._run:
            self._run.may_go_on.clear()
            self.progress_changed.emit()

    def resume(self) -> None:
        if self._run:
            self._run.may_go_on.set()
            self._meter.begin(time.monotonic())
            self.progress_changed.emit()

    def cancel(self) -> None:
        """Stop scanning and listening. Tracks that were not heard wait for ``start``."""
        self._wanted = False
        self._stop_scan.set()
        self._feed.clear()
        if self._run:
            self._run.cancelled.set()
            self._run.may_go_on.set()
            self._feed.wake()
            self.progress_changed.emit()

    def leave(self) -> None:
        """Cancel, and have nothing to do with the review any more."""
        self.cancel()
        self._timer.stop()
        self.blockSignals(True)

    def _begin(self) -> None:
        if not self._timer.isActive():
            self._meter.begin(time.monotonic())
            self._timer.start()
        self.progress_changed.emit()

    def _take_over(self) -> None:
        heard: list[Heard] = []
        failed: list[TrackFailure] = []
        budget = float(_AT_ONCE)
        while budget > 0 and not self._findings.empty():
            finding = self._findings.get()
            if isinstance(finding, Listened):
                self._settle(finding, heard, failed)
                budget -= 1
            else:
                self._note(finding)
                budget -= len(finding.tracks) / 10 if isinstance(finding, Found) else 0
        if heard or failed:
            self.rows_changed.emit(np.concatenate([self._review.hear(heard), self._review.fail(failed)]))
        if self.state is RunState.IDLE and self._findings.empty():
            self._timer.stop()
        self.progress_changed.emit()

    def _settle(self, finding: Listened, heard: "list[Heard]", failed: list[TrackFailure]) -> None:
        outcome = finding.outcome
        self._waiting.pop(outcome.track.path, None)
        if isinstance(outcome, TrackFailure):
            failed.append(outcome)
        else:
            heard.append(outcome)
        self._meter.count(failed=isinstance(outcome, TrackFailure), known=finding.known)

    def _note(self, finding: Finding) -> None:
        match finding:
            case Found(tracks):
                self._add([track for track in tracks if self._review.row_of(track.path) is None])
            case FoundAgain(track):
                self._queue([track])
            case ScanEnded(problems):
                self._scans -= 1
                self._feed.expect_more(self._scans > 0)
                self.scanned.emit(problems)
            case Loaded(devices):
                self._loaded = True
                self._meter.begin(time.monotonic())
                self.loaded.emit(list(devices))
            case RunEnded(broken):
                self._run = None
                self._wanted &= not broken
                self._go_on()

    def _add(self, tracks: Sequence[Track]) -> None:
        if not tracks:
            return
        rows = self._review.add(tracks)
        decided = [record for track in tracks if (record := self._records.get(track.path))]
        if decided:
            self._review.restore(decided)
        self._meter.total += len(tracks)
        self.rows_added.emit(rows.start, len(rows))
        self._queue(tracks)

    def _queue(self, tracks: Sequence[Track]) -> None:
        self._waiting.update((track.path, track) for track in tracks)
        if self._run is None:
            self._go_on()
        else:
            self._feed.put(tracks)

    def _go_on(self) -> None:
        """Tracks may have come when the run had ended already."""
        if self._wanted and self._waiting:
            self.start()
