"""Tracks in, results out: bounded, cancellable, in the order of the tracks or as they come, stopped by no failure.

The caller's thread iterates ``analyse`` and is the only one that touches the store; worker threads run pure
work: digest, features, inference (which release Python's lock), on samples that a process beside each of them decodes:
a file that crashes a decoder is a failure like any other. Patches go through in batches
of fixed size, so memory grows neither with the length of a track nor with the size of the library.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass

from tagger_core.analysis_store import AnalysisStore
from tagger_core.audio_payload import payload_digest
from tagger_core.classifier import Classifier
from tagger_core.domain import Track, TrackFailure, TrackResult
from tagger_core.errors import AudioError, DeviceError, FileError, StoreError
from tagger_core.isolated_decoding import Decoders, OpenStream
from tagger_core.model_card import ModelCard
from tagger_core.priority import lower_thread_priority
from tagger_core.track_inference import CancelledError, Listening, listen

log = logging.getLogger(__name__)

WINDOW_PER_WORKER = 8
"""Tracks handed out ahead, for each worker: enough that one long track at the head of the ordered output does
not leave the other workers idle. What waits is a path or a row of scores; only ``workers`` tracks are decoded."""


_GATE_SECONDS = 0.1
"""So often a track that waits to be begun looks whether the work was cancelled."""


Outcome = TrackResult | TrackFailure


def analyse(
    tracks: Iterable[Track],
    classifiers: Sequence[Classifier],
    store: AnalysisStore | None,
    *,
    workers: int,
    cancelled: threading.Event,
    may_go_on: threading.Event | None = None,
    in_order: bool = True,
    niceness: int = 0,
) -> Iterator[Outcome]:
    """One result or failure for every track, in their order or, without ``in_order``, as soon as each is there.

    Known tracks come from the ``store``; a store that fails is reported once and the work goes on without it.
    Setting ``cancelled`` ends the iteration within one batch of patches; what was finished is in the store.
    While ``may_go_on`` is not set, no track is begun; those that were begun are finished. ``niceness``: how much the
    workers give way to other work, see ``priority``.
    Raises ``DeviceError`` if a device that was asked for by name stops working.
    """
    gate = _Gate(cancelled, may_go_on)
    memory = _Memory(store, [classifier.card for classifier in classifiers])
    waiting = _Waiting(in_order)
    with (
        Decoders(niceness=niceness) as decoders,
        ThreadPoolExecutor(
            workers, thread_name_prefix="listen", initializer=lower_thread_priority, initargs=(niceness,)
        ) as pool,
    ):
        try:
            for track in tracks:
                while not gate.is_open():
                    yield from map(memory.settle, waiting.finished(at_most=len(waiting)))
                known = memory.recall(track)
                work = (track, classifiers, memory.known_audio, gate, decoders.open)
                waiting.add(track, known or pool.submit(_listen_or_recognise, *work))
                yield from map(memory.settle, waiting.finished(at_most=WINDOW_PER_WORKER * workers))
            yield from map(memory.settle, waiting.finished(at_most=0))
        except CancelledError:
            return
        except BaseException:  # also when the caller stops iterating: do not let the workers finish for nobody
            cancelled.set()
            raise
        finally:
            pool.shutdown(cancel_futures=True)


def _listen_or_recognise(
    track: Track,
    classifiers: Sequence[Classifier],
    known_audio: set[bytes],
    gate: "_Gate",
    open_stream: OpenStream,
) -> Listening:
    while not gate.is_open():
        pass
    start = time.perf_counter()
    if known_audio:
        audio = payload_digest(track.path)
        if audio in known_audio:
            return Listening(audio, (), time.perf_counter() - start)
    return listen(track, classifiers, gate.cancelled, open_stream)


_Pending = tuple[Track, Outcome | Future[Listening]]


@dataclass(frozen=True, slots=True)
class _Gate:
    """Where a track waits to be begun."""

    cancelled: threading.Event
    may_go_on: threading.Event | None

    def is_open(self) -> bool:
        """Wait a moment for it, at most. Raises ``CancelledError``."""
        is_open = self.may_go_on is None or self.may_go_on.wait(_GATE_SECONDS)
        if self.cancelled.is_set():
            raise CancelledError
        return is_open


class _Waiting:
    """What was handed out and is not yielded yet, in the order of the tracks."""

    def __init__(self, in_order: bool) -> None:
        self._pending: deque[_Pending] = deque()
        self._in_order = in_order

    def __len__(self) -> int:
        return len(self._pending)

    def add(self, track: Track, outcome: Outcome | Future[Listening]) -> None:
        self._pending.append((track, outcome))

    def finished(self, at_most: int) -> Iterator[_Pending]:
        """Take out what is finished; and wait for more while more than ``at_most`` are left."""
        while self._pending:
            candidates = [self._pending[0]] if self._in_order else list(self._pending)
            ready = [pending for pending in candidates if _is_ready(pending[1])]
            if ready:
                self._pending.remove(ready[0])
                yield ready[0]
            elif len(self._pending) > at_most:
                wait([outcome for _, outcome in candidates if isinstance(outcome, Future)], return_when=FIRST_COMPLETED)
            else:
                return


def _is_ready(outcome: Outcome | Future[Listening]) -> bool:
    return not isinstance(outcome, Future) or outcome.done()


class _Memory:
    """The store as the pipeline uses it: it may be missing, and may fail without stopping the work."""

    def __init__(self, store: AnalysisStore | None, cards: Sequence[ModelCard]) -> None:
        self._store = store
        self._cards = cards
        self.known_audio: set[bytes] = set()
        with self._tolerated():
            if self._store:
                self.known_audio = self._store.known_audio(cards)

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

    def settle(self, pending: _Pending) -> Outcome:
        """Wait for a worker where one is at it, and remember what it brings."""
        track, outcome = pending
        if not isinstance(outcome, Future):
            return outcome
        try:
            listening = outcome.result()
        except AudioError as error:  # the content is bad, and stays so until the file changes
            with self._tolerated():
                if self._store:
                    self._store.add_failure(track, error.reason)
            return TrackFailure(track, error.reason)
        except FileError as error:  # the world is bad, and may be better next time
            return TrackFailure(track, error.reason)
        except (CancelledError, DeviceError):
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
                found = [self._store.analysis(audio, card) for card in self._cards]
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
