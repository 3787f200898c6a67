"""Decode a music file to mono samples at the model's rate, block by block.

Conventions
-----------
Samples are float32 in about [-1, 1], one channel (the mean of the file's channels), in blocks of
bounded size: memory does not grow with the length of a track, its sample rate or its channels.
Durations are counted from decoded samples; what a header claims is never trusted.

libsndfile decodes what it can read (mp3, FLAC, Ogg, Opus, WAV, AIFF): it works in large blocks without
Python's lock, so several threads decode at once. FFmpeg decodes the rest, and takes over where libsndfile
gives up in the middle of a file.
For mp3 both remove the encoder's delay and agree sample by sample, so taking over leaves no seam.

Contents
--------
``open_audio``, ``AudioStream``   the way in
``SampleStream``, ``OpenStream``  what a listener needs of it
``decoder_names``                 the decoders of this installation, for cache keys
"""

import stat
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

import numpy as np
import soxr

from tagger_core.audio_decoders import (
    EXCERPT_FAILS,
    FFMPEG,
    LIBSNDFILE,
    NO_AUDIO,
    FFmpegSource,
    LibsndfileSource,
    Samples,
    open_source,
)
from tagger_core.errors import AudioError, FileError

MIN_SECONDS = 0.5
"""Less than this is not a track that can be listened to."""

_LOUDEST = 1e6
"""120 dB above full scale. Only a damaged float file holds more, and its power would overflow float32."""

_ROUNDED = 16
"""Samples that may be missing at the end of an excerpt, because rates do not divide each other."""

_SLOWEST_HZ, _FASTEST_HZ = 1_000, 1_600_000

_BOTH = f"{LIBSNDFILE}, then {FFMPEG}"


def decoder_names() -> frozenset[str]:
    """Every value that ``AudioStream.decoder`` can take in this installation."""
    return frozenset({LIBSNDFILE, FFMPEG, _BOTH})


class SampleStream(Protocol):
    """One pass over the sound of a file, wherever it is decoded: see ``AudioStream``."""

    decoder: str

    @property
    def warnings(self) -> tuple[str, ...]: ...

    @property
    def seconds(self) -> float: ...

    def blocks(self) -> Iterator[Samples]: ...

    def length(self) -> float: ...

    def excerpt(self, start: float, seconds: float) -> Samples: ...


class OpenStream(Protocol):
    """A way to open a file: ``open_audio``, ``isolated_decoding.Decoders.open``."""

    def __call__(self, path: Path, sample_rate: int, start: float = 0.0) -> AbstractContextManager[SampleStream]: ...


@contextmanager
def open_audio(path: Path, sample_rate: int, start: float = 0.0) -> Iterator["AudioStream"]:
    """Open a music file for decoding to mono at ``sample_rate`` Hz, from ``start`` seconds on.

    Beyond the end there are no blocks.
    Raises ``FileError`` if there is no such file or it cannot be read, ``AudioError`` if it is not audio.
    """
    with ExitStack() as stack:
        try:
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                raise AudioError(path, "not a file")
            if status.st_size == 0:
                raise AudioError(path, "not audio: the file is empty")
            file = stack.enter_context(path.open("rb", buffering=0))
        except FileNotFoundError:
            raise FileError(path, "the file is no longer there") from None
        except PermissionError:
            raise FileError(path, "permission denied: you may not read this file") from None
        except OSError as error:
            raise FileError(path, f"cannot be read: {error.strerror}") from error
        yield AudioStream(path, file, sample_rate, stack, start)


class AudioStream:
    """One pass over the sound of a file, or excerpts of it; made by ``open_audio``.

    ``decoder``, ``warnings`` and ``seconds`` are complete when ``blocks`` is exhausted.
    """

    def __init__(self, path: Path, file: BinaryIO, sample_rate: int, stack: ExitStack, start: float = 0.0) -> None:
        self._path = path
        self._start = start
        self._stack = stack
        self._sample_rate = sample_rate
        self._delivered = 0
        self._warnings: list[str] = []
        self._source: LibsndfileSource | FFmpegSource = open_source(path, file, start)
        stack.callback(self._source.close)
        self.decoder = self._source.decoder

    @property
    def seconds(self) -> float:
        """Seconds delivered so far."""
        return self._delivered / self._sample_rate

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should know about this file, although it decodes."""
        return tuple(self._warnings)

    def blocks(self) -> Iterator[Samples]:
        """Yield the samples, shape (n,); only once. Raises ``AudioError`` if there are too few in the file."""
        resampler = _Resampler(self._path, self._sample_rate)
        damaged = 0
        for mono, rate in self._decoded():
            if mono.size and not (mono.min() > -_LOUDEST and mono.max() < _LOUDEST):  # so for NaN too
                good = np.abs(mono) < _LOUDEST
                damaged += mono.size - int(np.count_nonzero(good))
                mono = np.where(good, mono, np.float32(0))
            yield from self._counted(resampler.feed(mono, rate))
        yield from self._counted(resampler.flush())
        if damaged:
            self._warnings.append(f"{damaged} damaged samples (not numbers) were taken as silence")
        if self.seconds < MIN_SECONDS and not self._start:
            # Damage too: in random bytes a decoder may well find a few frames by chance.
            hopeless = self._warnings or not self.seconds
            found = f"too short: it holds {1000 * self.seconds:.0f} ms of sound"
            raise AudioError(self._path, NO_AUDIO if hopeless else found)

    def length(self) -> float:
        """Seconds that the file promises; 0 where no excerpts can be had of it."""
        return self._source.length()

    def excerpt(self, start: float, seconds: float) -> Samples:
        """So many ``seconds`` of samples from ``start`` on; instead of ``blocks``, as often as wanted.

        Near both ends they are not yet, or no more, what a pass over the whole file gives there: a decoder and the
        resampler need about 0.1 s to find into the sound, and 0.01 s more of it at the end.
        Raises ``AudioError`` where there is less of it, or damage: a pass over the whole file makes the best of that.
        """
        resampler = _Resampler(self._path, self._sample_rate)
        parts = []
        try:
            for mono, rate in self._source.excerpt(start, seconds):
                parts.append(resampler.feed(mono, rate))
        except EXCERPT_FAILS as error:
            raise AudioError(self._path, f"no excerpt can be had from second {start:.0f} on") from error
        parts.append(resampler.flush())
        samples = np.concatenate(parts)[: round(seconds * self._sample_rate)]
        whole = samples.size >= round(seconds * self._sample_rate) - _ROUNDED
        if self._source.warning or not whole or not np.all(np.abs(samples) < _LOUDEST):
            raise AudioError(self._path, f"damaged near second {start:.0f}")
        return samples

    def _counted(self, samples: Samples) -> Iterator[Samples]:
        if samples.size:
            self._delivered += samples.size
            yield samples

    def _decoded(self) -> Iterator[tuple[Samples, int]]:
        yield from self._source.blocks()
        if isinstance(self._source, LibsndfileSource) and self._source.unfinished:
            yield from self._taken_over(self._source)
        if self._source.warning:
            self._warnings.append(self._source.warning)

    def _taken_over(self, first: LibsndfileSource) -> Iterator[tuple[Samples, int]]:
        """Let FFmpeg decode what libsndfile left: all again, without the frames that were delivered."""
        try:
            second = FFmpegSource(self._path)
        except AudioError:
            return
        self._stack.callback(second.close)
        to_skip = first.frames
        for mono, rate in second.blocks():
            if mono.size > to_skip:
                self._source, self.decoder = second, _BOTH
                yield mono[to_skip:], rate
            to_skip = max(0, to_skip - mono.size)


class _Resampler:
    """Streaming soxr (HQ), which starts anew should a file change its rate halfway."""

    def __init__(self, path: Path, rate: int) -> None:
        self._path = path
        self._rate = rate
        self._from_rate = rate
        self._soxr: soxr.ResampleStream | None = None

    def feed(self, samples: Samples, rate: int) -> Samples:
        before = np.empty(0, np.float32)
        if rate != self._from_rate:
            if not _SLOWEST_HZ <= rate <= _FASTEST_HZ:
                raise AudioError(self._path, f"damaged: its sample rate of {rate} Hz makes no sense")
            before = self.flush()
            self._from_rate = rate
            self._soxr = None if rate == self._rate else soxr.ResampleStream(rate, self._rate, 1, dtype="float32")
        after = samples if self._soxr is None else self._soxr.resample_chunk(samples)
        return np.concatenate([before, after]) if before.size else after

    def flush(self) -> Samples:
        empty = np.empty(0, np.float32)
        return empty if self._soxr is None else self._soxr.resample_chunk(empty, last=True)
