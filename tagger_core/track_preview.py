"""What a person sees and hears of one track: a picture of its sound over time, and samples to play.

Conventions
-----------
A *column* of an overview is a stretch of the track, ``column_seconds`` long; all columns but the last are of the same
length, a power of two of frames. While a track is decoded the columns are merged in pairs whenever there are too
many, so one pass gives the overview in flat memory, however long the track is and whatever its header promises.

Samples to play are mono, 16 bits, at ``PLAY_RATE``: decoded from the wanted moment on, ``AHEAD_SECONDS`` ahead of what
was taken (1 MB at most, for any track). Another moment is another feed.

Both decode with what ``open_stream`` is: with ``isolated_decoding.Decoders.open`` a file that crashes its decoder costs
the preview, not the program.

Contents
--------
``draw_overview``, ``TrackOverview``   the picture
``SampleFeed``                         the sound
"""

import threading
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tagger_core.audio import OpenStream
from tagger_core.domain import FeatureSpec
from tagger_core.errors import FileError
from tagger_core.features import stream_frames

Floats = npt.NDArray[np.float32]
Samples16 = npt.NDArray[np.int16]

MOST_COLUMNS = 1_024
"""An overview of more than a few seconds has between half as many columns and this: about the pixels that show it."""

SPEC = FeatureSpec()
"""The log-mel spectrogram that is shown is the one the shipped models see."""

PLAY_RATE = 44_100
AHEAD_SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class TrackOverview:
    """The sound of a track at a glance. ``waveform`` and ``log_mel`` have the same columns.

    ``waveform`` has shape (columns, 2): the smallest and the largest sample. ``log_mel`` has shape (columns, n_mels):
    the mean of the frames' log10(1 + 10,000 * mel power), the lowest band first. Both are float32.
    """

    duration: float
    column_seconds: float
    waveform: Floats
    log_mel: Floats


class PreviewCancelledError(Exception):
    """Nobody wants the overview any more."""


def draw_overview(path: Path, open_stream: OpenStream, cancelled: threading.Event) -> TrackOverview:
    """Decode a whole track once. Raises ``FileError``, or ``PreviewCancelledError`` once ``cancelled`` is set."""
    waveform = _Waveform()
    bands = _Columns(SPEC.n_mels, np.add, 0.0)
    with open_stream(path, SPEC.sample_rate) as stream:
        for frames in stream_frames(_watched(stream.blocks(), waveform, cancelled), SPEC):
            bands.add(frames)
    extremes = waveform.columns()
    while waveform.frames_per_column < bands.units_per_column:
        extremes = waveform.halve()
    # A frame is centred on the beginning of its hop, so there may be one more frame than there are hops.
    log_mel = bands.means()[: len(extremes)]
    column_seconds = waveform.frames_per_column * SPEC.hop_length / SPEC.sample_rate
    return TrackOverview(stream.seconds, column_seconds, extremes, log_mel)


def _watched(blocks: Iterable[Floats], waveform: "_Waveform", cancelled: threading.Event) -> Iterator[Floats]:
    for block in blocks:
        if cancelled.is_set():
            raise PreviewCancelledError
        waveform.add(block)
        yield block
    waveform.end()


class _Columns:
    """Rows of numbers in the order of time, combined into at most ``MOST_COLUMNS`` columns."""

    def __init__(self, width: int, combine: np.ufunc, nothing: float) -> None:
        """``combine`` takes two rows; ``nothing`` leaves the other as it is."""
        self._combine = combine
        self._nothing = nothing
        self._columns = np.full((MOST_COLUMNS, width), nothing, np.float32)
        self._units = 0
        self.units_per_column = 1

    def add(self, rows: Floats) -> None:
        """``rows`` has shape (n, width)."""
        while self._units + len(rows) > MOST_COLUMNS * self.units_per_column:
            self.halve()
        columns = (self._units + np.arange(len(rows))) // self.units_per_column
        starts = np.flatnonzero(np.diff(columns, prepend=-1))
        within = slice(columns[0], columns[-1] + 1)
        self._columns[within] = self._combine(self._columns[within], self._combine.reduceat(rows, starts, axis=0))
        self._units += len(rows)

    def halve(self) -> None:
        half = MOST_COLUMNS // 2
        self._columns[:half] = self._combine(self._columns[0::2], self._columns[1::2])
        self._columns[half:] = self._nothing
        self.units_per_column *= 2

    def values(self) -> Floats:
        return self._columns[: -(-self._units // self.units_per_column)]

    def means(self) -> Floats:
        """Where the columns are sums: each divided by the rows that it holds."""
        counts = np.full(len(self.values()), self.units_per_column)
        counts[-1:] = self._units - self.units_per_column * (len(counts) - 1)
        means: Floats = (self.values() / counts[:, None]).astype(np.float32)
        return means


class _Waveform:
    """The extremes of samples that come in blocks of any lengths, hop by hop."""

    def __init__(self) -> None:
        self._lowest = _Columns(1, np.minimum, np.inf)
        self._highest = _Columns(1, np.maximum, -np.inf)
        self._waiting = np.empty(0, np.float32)

    @property
    def frames_per_column(self) -> int:
        return self._lowest.units_per_column

    def add(self, samples: Floats) -> None:
        samples = np.concatenate([self._waiting, samples])
        whole = len(samples) // SPEC.hop_length * SPEC.hop_length
        self._waiting = samples[whole:]
        self._add_hops(samples[:whole].reshape(-1, SPEC.hop_length))

    def end(self) -> None:
        self._add_hops(self._waiting.reshape(1, -1) if len(self._waiting) else np.empty((0, 1), np.float32))

    def columns(self) -> Floats:
        return np.hstack([self._lowest.values(), self._highest.values()])

    def halve(self) -> Floats:
        self._lowest.halve()
        self._highest.halve()
        return self.columns()

    def _add_hops(self, hops: Floats) -> None:
        # A block may hold more hops than there are columns; the columns take them a few at a time.
        for first in range(0, len(hops), MOST_COLUMNS):
            part = hops[first : first + MOST_COLUMNS]
            self._lowest.add(part.min(axis=1, keepdims=True))
            self._highest.add(part.max(axis=1, keepdims=True))


class SampleFeed:
    """Samples to play from one moment of a track on, decoded on a thread of its own; ``read`` never waits."""

    def __init__(self, path: Path, open_stream: OpenStream, start: float = 0.0) -> None:
        """``start`` is in seconds."""
        self.problem = ""
        """Why there is no more sound, in words for a person; "" at an ordinary end."""
        self._path = path
        self._open_stream = open_stream
        self._start = start
        self._blocks: deque[Samples16] = deque()
        self._waiting = 0
        self._taken = 0
        self._decoded = False
        self._closed = False
        self._changed = threading.Condition()
        threading.Thread(target=self._decode, name="preview-sound", daemon=True).start()

    @property
    def position(self) -> float:
        """Seconds from the beginning of the track to the next sample that ``read`` gives."""
        return self._start + self._taken / PLAY_RATE

    @property
    def finished(self) -> bool:
        """Everything was read, or there is a ``problem``."""
        with self._changed:
            return self._decoded and not self._waiting

    def read(self, count: int) -> Samples16:
        """The next samples, at most ``count``: fewer where the decoder has not come so far, or at the end."""
        parts: list[Samples16] = []
        with self._changed:
            while count and self._blocks:
                block = self._blocks.popleft()
                parts.append(block[:count])
                if len(block) > count:
                    self._blocks.appendleft(block[count:])
                count -= len(parts[-1])
            taken = np.concatenate(parts) if parts else np.empty(0, np.int16)
            self._waiting -= len(taken)
            self._taken += len(taken)
            self._changed.notify()
        return taken

    def close(self) -> None:
        """Nobody reads any more: the decoder stops."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def _decode(self) -> None:
        try:
            with self._open_stream(self._path, PLAY_RATE, self._start) as stream:
                for block in stream.blocks():
                    if not self._wanted(block):
                        return
        except FileError as error:
            self.problem = error.reason
        finally:
            with self._changed:
                self._decoded = True

    def _wanted(self, block: Floats) -> bool:
        """Hand over a block, and wait until there is room for the next; False if there never will be."""
        with self._changed:
            for first in range(0, len(block), PLAY_RATE):
                self._blocks.append(_sixteen_bits(block[first : first + PLAY_RATE]))
            self._waiting += len(block)
            self._changed.wait_for(lambda: self._closed or self._waiting < AHEAD_SECONDS * PLAY_RATE)
            return not self._closed


def _sixteen_bits(samples: Floats) -> Samples16:
    return np.round(np.clip(samples, -1, 1) * 32_767).astype(np.int16)
