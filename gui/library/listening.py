"""Scanning and listening as the window sees them: started, paused, cancelled, and told about ten times a second.

Conventions
-----------
Belongs to the GUI thread. What the library thread finds and the analysis thread hears comes through one queue, and a
timer takes it over, so much at a time that the window never stalls; views are told once, not once for each track.
"""

import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from gui.library.background import StepThread, Urgency
from gui.library.ears import Ears, Feed, Run
from gui.library.events import Progress, RunState
from gui.library.findings import Finding, Findings, Found, FoundAgain, Listened, Loaded, RunEnded, ScanEnded
from gui.library.memory import Memory
from gui.library.progress_meter import ProgressMeter
from gui.library.scanning import look_again, scan_in_chunks
from tagger_core.domain import Track, TrackFailure

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
    scan_stopped = Signal()
    """Not everything that is there was found."""

    def __init__(
        self,
        review: "Review",
        memory: Memory,
        ears: Ears,
        listener: StepThread,
        desk: StepThread,
    ) -> None:
        """``desk`` is the library thread."""
        super().__init__()
        self._review = review
        self._memory = memory
        self._ears = ears
        self._listener = listener
        self._desk = desk
        self._findings: Findings = Findings()
        self._feed = Feed()
        self._waiting: dict[Path, Track] = {}
        self._scans = 0
        """Jobs of the library thread that will bring tracks."""
        self._wanted = self._anew = False
        """Whether what is found shall be heard; whether the models shall be loaded even if nothing waits."""
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
        if self._stop_scan.is_set():
            self._stop_scan = threading.Event()
        self._feed.expect_more(True)
        settings, stop = self._review.settings, self._stop_scan
        self._desk.submit(
            lambda: scan_in_chunks(paths, settings, self._findings, stop, self._memory.records_of), Urgency.WORK
        )
        if listen:
            self.start()
        self._begin()

    def start(self) -> None:
        """Listen to what waits, now or as soon as it is found."""
        self._wanted = True
        if self._run is None and (self._waiting or self._scans):
            self._begin_run()

    def restart(self) -> None:
        """Load the models anew, as the settings now have them, and go on with what is going on."""
        self._anew = True
        self._go_on()
        if self._run and self._loaded:
            self._end_run(self._run)

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
        if self._scans and not self._stop_scan.is_set():
            self._stop_scan.set()
            self.scan_stopped.emit()
        self._feed.clear()
        if self._run:
            self._end_run(self._run)
            self.progress_changed.emit()

    def leave(self) -> None:
        """Cancel, and have nothing to do with the review any more."""
        self.blockSignals(True)
        self.cancel()
        self._timer.stop()

    def _begin(self) -> None:
        if not self._timer.isActive():
            self._meter.begin(time.monotonic())
            self._timer.start()
        self.progress_changed.emit()

    def _end_run(self, run: Run) -> None:
        run.cancelled.set()
        run.may_go_on.set()
        self._feed.wake()

    def _begin_run(self) -> None:
        self._anew = self._loaded = False
        self._feed.clear()
        if self._wanted:
            self._feed.put(self._waiting.values())
        run = self._run = Run(self._review.settings, self._feed, self._findings)
        run.may_go_on.set()
        self._listener.submit(lambda: self._ears.listen(run), Urgency.WORK)
        self._begin()

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
            case Found(tracks, records):
                self._add([track for track in tracks if self._review.row_of(track.path) is None], records)
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

    def _add(self, tracks: Sequence[Track], records: "Sequence[Record]") -> None:
        if not tracks:
            return
        rows = self._review.add(tracks)
        self._review.restore(records)
        self._meter.total += len(tracks)
        self.rows_added.emit(rows.start, len(rows))
        self._queue(tracks)

    def _queue(self, tracks: Sequence[Track]) -> None:
        self._waiting.update((track.path, track) for track in tracks)
        if self._run is None:
            self._go_on()
        elif self._wanted:
            self._feed.put(tracks)

    def _go_on(self) -> None:
        """Tracks may have come when the run had ended already."""
        if self._run is None and (self._anew or (self._wanted and self._waiting)):
            self._begin_run()
