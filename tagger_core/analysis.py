"""Tracks in, results out: bounded, cancellable, in the order of the tracks or as they come, stopped by no failure.

The caller's thread iterates ``analyse`` and is the only one that touches the store; a crew does the listening: threads
of this process (``analyse``), or whatever else is a ``crew.Crew`` (``analyse_with``). A file that crashes a decoder is
a failure like any other. Patches go through in batches of fixed size and a bounded number of tracks is handed out, so
memory grows neither with the length of a track nor with the size of the library.
"""

import logging
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from functools import cached_property
from typing import Generic, TypeVar

from tagger_core.analysis_store import AnalysisStore
from tagger_core.classifier import Classifier
from tagger_core.crew import Crew, Gate, LocalCrew
from tagger_core.domain import Effort, Track, TrackFailure, TrackResult
from tagger_core.errors import AudioError, EarmarkError, FileError, StoreError
from tagger_core.model_card import ModelCard
from tagger_core.track_inference import CancelledError, Listening

log = logging.getLogger(__name__)

WINDOW_PER_WORKER = 8
"""Tracks handed out ahead, for each worker: enough that one long track at the head of the ordered output does
not leave the other workers idle. What waits is a path or a row of scores; only ``workers`` tracks are decoded."""

_LOOK_SECONDS = 0.1
"""So often whoever waits for the crew looks whether the work was cancelled."""


Outcome = TrackResult | TrackFailure
Known = TypeVar("Known")
"""What stands for a track of which the caller knows everything."""


def analyse(
    tracks: Iterable[Track | Known],
    classifiers: Sequence[Classifier],
    store: AnalysisStore | None,
    *,
    workers: int,
    cancelled: threading.Event,
    may_go_on: threading.Event | None = None,
    in_order: bool = True,
    niceness: int = 0,
    effort: Effort = Effort.FULL,
) -> Iterator[Outcome | Known]:
    """``analyse_with`` a crew of this process: ``workers`` threads that let the ``classifiers`` hear.

    While ``may_go_on`` is not set, no track is begun; those that were begun are finished. ``niceness``: how much the
    threads give way to other work, see ``priority``.
    Raises ``DeviceError`` if a device that was asked for by name stops working.
    """
    gate = Gate(cancelled, may_go_on)
    with LocalCrew(classifiers, gate, workers=workers, niceness=niceness, effort=effort) as crew:
        yield from analyse_with(crew, tracks, store, gate, in_order=in_order)


def analyse_with(
    crew: Crew, tracks: Iterable[Track | Known], store: AnalysisStore | None, gate: Gate, *, in_order: bool = True
) -> Iterator[Outcome | Known]:
    """One result or failure for every track, in their order or, without ``in_order``, as soon as each is there.

    Whatever else stands among the tracks (what a caller knows already) passes, in its place.
    Known tracks come from the ``store``; a store that fails is reported once and the work goes on without it.
    While the ``gate`` is shut, no track is handed out. Cancelling ends the iteration within a moment; what was finished
    is in the store. Raises ``EarmarkError`` if the crew cannot go on.
    """
    memory = _Memory[Known](store, crew.cards, crew.effort)
    waiting = _Waiting[Known](in_order, gate.cancelled)
    try:
        for track in tracks:
            while not gate.is_open():
                yield from map(memory.settle, waiting.finished(at_most=len(waiting)))
            if isinstance(track, Track):
                waiting.add(track, memory.recall(track) or crew.submit(track, memory.known_audio))
            else:
                waiting.add(track, track)
            yield from map(memory.settle, waiting.finished(at_most=WINDOW_PER_WORKER * crew.workers))
        yield from map(memory.settle, waiting.finished(at_most=0))
    except CancelledError:
        return
    except BaseException:  # also when the caller stops iterating: do not let the crew finish for nobody
        gate.cancelled.set()
        raise


_Pending = tuple[Track | Known, Outcome | Known | Future[Listening]]


class _Waiting(Generic[Known]):
    """What was handed out and is not yielded yet, in the order of the tracks."""

    def __init__(self, in_order: bool, cancelled: threading.Event) -> None:
        self._pending: deque[_Pending[Known]] = deque()
        self._in_order = in_order
        self._cancelled = cancelled

    def __len__(self) -> int:
        return len(self._pending)

    def add(self, track: Track | Known, outcome: Outcome | Known | Future[Listening]) -> None:
        self._pending.append((track, outcome))

    def finished(self, at_most: int) -> Iterator[_Pending[Known]]:
        """Take out what is finished; and wait for more while more than ``at_most`` are left.

        Raises ``CancelledError``.
        """
        while self._pending:
            candidates = [self._pending[0]] if self._in_order else list(self._pending)
            ready = [pending for pending in candidates if _is_ready(pending[1])]
            if ready:
                self._pending.remove(ready[0])
                yield ready[0]
            elif len(self._pending) > at_most:
                self._wait([outcome for _, outcome in candidates if isinstance(outcome, Future)])
            else:
                return

    def _wait(self, futures: Sequence[Future[Listening]]) -> None:
        wait(futures, timeout=_LOOK_SECONDS, return_when=FIRST_COMPLETED)
        if self._cancelled.is_set():
            raise CancelledError


def _is_ready(outcome: object) -> bool:
    return not isinstance(outcome, Future) or outcome.done()


class _Memory(Generic[Known]):
    """The store as the pipeline uses it: it may be missing, and may fail without stopping the work."""

    def __init__(self, store: AnalysisStore | None, cards: Sequence[ModelCard], effort: Effort) -> None:
        self._store = store
        self._cards = cards
        self._effort = effort

    @cached_property
    def known_audio(self) -> set[bytes]:
        """Looked up when the first file comes that is not known: there may be none."""
        with self._tolerated():
            if self._store:
                return self._store.known_audio(self._cards, self._effort)
        return set()

    def recall(self, track: Track) -> Outcome | None:
        """What the store knows of an unchanged file."""
        with self._tolerated():
            if self._store:
                if reason := self._store.failure_of(track):
                    return TrackFailure(track, reason, cached=True)
                audio = self._store.audio_of(track)
                if audio:
                    return self._recognise(track, audio, 0.0)
        return None

    def settle(self, pending: _Pending[Known]) -> Outcome | Known:
        """Wait for a worker where one is at it, and remember what it brings."""
        track, outcome = pending
        if not isinstance(outcome, Future):
            return outcome
        assert isinstance(track, Track), "only tracks are listened to"
        try:
            listening = outcome.result()
        except AudioError as error:  # the content is bad, and stays so until the file changes
            with self._tolerated():
                if self._store:
                    self._store.add_failure(track, error.reason)
            return TrackFailure(track, error.reason)
        except FileError as error:  # the world is bad, and may be better next time
            return TrackFailure(track, error.reason)
        except (CancelledError, EarmarkError):  # of the crew, such as a device that is gone
            raise
        except Exception as error:  # a bug of ours (or of a library) costs this file only
            log.exception("unexpected error in %s", track.path)
            return TrackFailure(track, f"internal error: {type(error).__name__}: {error}")
        return self._remember(track, listening)

    def _remember(self, track: Track, listening: Listening) -> Outcome:
        with self._tolerated():
            if self._store:
                for card, analysis, taggram in listening.heard:
                    self._store.add(listening.audio, card, analysis, taggram)
                self._store.remember_audio(track, listening.audio)
                self.known_audio.add(listening.audio)
        if listening.heard:
            analyses = tuple(analysis for _, analysis, _ in listening.heard)
            return TrackResult(track, listening.audio, analyses, cached=False, seconds=listening.seconds)
        recognised = self._recognise(track, listening.audio, listening.seconds)
        return recognised or TrackFailure(track, "its analysis was lost with the database; run again")

    def _recognise(self, track: Track, audio: bytes, seconds: float) -> TrackResult | None:
        with self._tolerated():
            if self._store:
                found = [self._store.analysis(audio, card, self._effort) for card in self._cards]
                analyses = tuple(analysis for analysis in found if analysis)
                if len(analyses) == len(self._cards):
                    return TrackResult(track, audio, analyses, cached=True, seconds=seconds)
        return None

    @contextmanager
    def _tolerated(self) -> Iterator[None]:
        """A block in which a failing store is given up, not the work."""
        try:
            yield
        except StoreError as error:
            if self._store is not None:
                log.warning("%s; going on, but this run's analyses will not be remembered", error)
                self._store = None
