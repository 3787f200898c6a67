"""Who listens: threads of this process, or whatever else keeps the promises of ``Crew``.

The pipeline (``analysis``) hands tracks to a crew and gets futures back; where the work is done, it does not know.
``LocalCrew`` is threads that run pure work: digest, features, inference (which release Python's lock), on samples that
a process beside each of them decodes. ``cluster`` is a crew on other machines.

Contents
--------
``Crew``                 what the pipeline asks of whoever listens
``LocalCrew``            threads of this process
``Gate``                 where tracks wait to be begun
``listen_unless_known``  what each thread does with a track
"""

import threading
import time
from collections.abc import Collection, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from tagger_core.audio import OpenStream
from tagger_core.audio_payload import payload_digest
from tagger_core.classifier import Classifier
from tagger_core.domain import Effort, Track
from tagger_core.isolated_decoding import Decoders
from tagger_core.model_card import ModelCard
from tagger_core.priority import lower_thread_priority
from tagger_core.track_inference import CancelledError, Listening, listen

_GATE_SECONDS = 0.1
"""So often a track that waits to be begun looks whether the work was cancelled."""


class Crew(Protocol):
    """Whoever listens to tracks, here or elsewhere."""

    @property
    def cards(self) -> Sequence[ModelCard]:
        """Of the models that it listens with."""

    @property
    def effort(self) -> Effort:
        """How much of each track it listens to."""

    @property
    def workers(self) -> int:
        """Tracks that are listened to at the same time, at least 1; it may change while the work goes on."""

    @property
    def devices(self) -> Sequence[str]:
        """Where its models run, as far as that is known yet."""

    def __str__(self) -> str:
        """How many listen, in words."""

    def submit(self, track: Track, known_audio: Collection[bytes]) -> Future[Listening]:
        """Have a track listened to; one whose audio is in ``known_audio`` may be recognised only (nothing ``heard``).

        The future raises what ``track_inference.listen`` raises, and ``EarmarkError`` where the crew cannot go on.
        """


@dataclass(frozen=True, slots=True)
class Gate:
    """Where tracks wait to be begun. ``may_go_on``: not set while the work is paused."""

    cancelled: threading.Event
    may_go_on: threading.Event | None = None

    def is_open(self) -> bool:
        """Wait a moment for it, at most. Raises ``CancelledError``."""
        is_open = self.may_go_on is None or self.may_go_on.wait(_GATE_SECONDS)
        if self.cancelled.is_set():
            raise CancelledError
        return is_open


class LocalCrew:
    """Threads of this process, each with a decoding process beside it. A context manager that ends them.

    ``niceness``: how much they give way to other work, see ``priority``.
    """

    def __init__(
        self,
        classifiers: Sequence[Classifier],
        gate: Gate,
        *,
        workers: int,
        niceness: int = 0,
        effort: Effort = Effort.FULL,
    ) -> None:
        self.cards = [classifier.card for classifier in classifiers]
        self.effort = effort
        self.workers = workers
        self._classifiers = classifiers
        self._gate = gate
        self._decoders = Decoders(niceness=niceness)
        self._pool = ThreadPoolExecutor(
            workers, thread_name_prefix="listen", initializer=lower_thread_priority, initargs=(niceness,)
        )

    @property
    def devices(self) -> Sequence[str]:
        return tuple(dict.fromkeys(classifier.device for classifier in self._classifiers))

    def __str__(self) -> str:
        return f"{self.workers} job{'s' * (self.workers != 1)}"

    def submit(self, track: Track, known_audio: Collection[bytes]) -> Future[Listening]:
        return self._pool.submit(self._listen, track, known_audio)

    def __enter__(self) -> "LocalCrew":
        return self

    def __exit__(self, *_: object) -> None:
        """Forget tracks that nobody has begun, and wait for the others."""
        self._pool.shutdown(cancel_futures=True)
        self._decoders.close()

    def _listen(self, track: Track, known_audio: Collection[bytes]) -> Listening:
        while not self._gate.is_open():
            pass
        cancelled, open_stream = self._gate.cancelled, self._decoders.open
        return listen_unless_known(track, self._classifiers, known_audio, cancelled, open_stream, self.effort)


def listen_unless_known(
    track: Track,
    classifiers: Sequence[Classifier],
    known_audio: Collection[bytes],
    cancelled: threading.Event,
    open_stream: OpenStream,
    effort: Effort,
) -> Listening:
    """Let the models hear a track, unless its audio is known. Raises as ``track_inference.listen``."""
    start = time.perf_counter()
    audio = payload_digest(track.path)
    if audio in known_audio:
        return Listening(audio, (), time.perf_counter() - start)
    return listen(track, classifiers, cancelled, open_stream, effort, audio)
