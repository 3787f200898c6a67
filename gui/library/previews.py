"""Pictures and sound of the track that is looked at, on a thread of their own: only the latest wish counts.

A file is decoded in a helper process, as it is for analysis, so one that crashes its decoder costs only the preview.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from gui.library.background import GuiHop, StepThread, Urgency
from tagger_core.errors import FileError

if TYPE_CHECKING:
    from tagger_core.audio import SampleStream
    from tagger_core.isolated_decoding import Decoders
    from tagger_core.track_preview import SampleFeed, TrackOverview


class Previews:
    """Belongs to the GUI thread."""

    def __init__(self, hop: GuiHop, failed: Callable[[Exception], None]) -> None:
        self._hop = hop
        self._thread = StepThread("preview", failed)
        self._cancelled = threading.Event()
        self._helpers = _Helpers()

    def draw(self, path: Path, done: "Callable[[TrackOverview | str], None]") -> None:
        """Have the overview of a track, or why there is none, handed to ``done``, unless another is wished before."""
        self._cancelled.set()
        cancelled = self._cancelled = threading.Event()
        self._thread.submit(lambda: self._draw(path, done, cancelled), Urgency.ANSWER)

    def open_sound(self, path: Path, start: float) -> "SampleFeed":
        """Samples to play from a moment on, in seconds."""
        from tagger_core.track_preview import SampleFeed

        return SampleFeed(path, self._helpers.open, start)

    def close(self) -> None:
        """Nobody wishes anything more."""
        self._cancelled.set()
        self._thread.submit(self._helpers.close, Urgency.SAVE)
        self._thread.end()

    def join(self, seconds: float) -> bool:
        return self._thread.join(seconds)

    def _draw(self, path: Path, done: "Callable[[TrackOverview | str], None]", cancelled: threading.Event) -> None:
        if cancelled.is_set():
            return
        from tagger_core.track_preview import PreviewCancelledError, draw_overview

        answer: TrackOverview | str
        try:
            answer = draw_overview(path, self._helpers.open, cancelled)
        except PreviewCancelledError:
            return
        except FileError as error:
            answer = error.reason
        self._hop.post(lambda: None if cancelled.is_set() else done(answer))


class _Helpers:
    """Decoder processes, of which the first is started when it is needed, whichever thread that is."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    @cached_property
    def _decoders(self) -> "Decoders":
        from tagger_core.isolated_decoding import Decoders

        return Decoders()

    @contextmanager
    def open(self, path: Path, sample_rate: int, start: float = 0.0) -> "Iterator[SampleStream]":
        with self._lock:
            decoders = self._decoders
        with decoders.open(path, sample_rate, start) as stream:
            yield stream

    def close(self) -> None:
        with self._lock:
            if "_decoders" in vars(self):
                self._decoders.close()
