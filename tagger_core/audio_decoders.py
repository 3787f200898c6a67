"""The two libraries that decode: libsndfile and FFmpeg, each as a source of mono blocks.

Conventions
-----------
A source yields (samples, sample rate in Hz): float32, the mean of the channels, at the file's own rate, in blocks of
bounded size. Its ``warning`` is complete when the blocks are exhausted. Both libraries find the format from the
content, not from the name. Instead of the blocks, one may ask for excerpts, any number of them and in any order.

Contents
--------
``open_source``       the right one for a file; ``EXCERPT_FAILS``
``LibsndfileSource``  mp3, FLAC, Ogg, Opus, WAV, AIFF ...
``FFmpegSource``      AAC, ALAC, WMA, APE, WavPack ... and whatever libsndfile refuses
"""

import contextlib
import os
from collections.abc import Iterator
from functools import reduce
from pathlib import Path
from typing import BinaryIO

import av
import numpy as np
import numpy.typing as npt
import soundfile

from tagger_core.errors import AudioError

Samples = npt.NDArray[np.float32]

LIBSNDFILE = f"libsndfile {soundfile.__libsndfile_version__}"
FFMPEG = f"FFmpeg {av.ffmpeg_version_info} (PyAV)"

BLOCK_FRAMES = 65_536
"""Frames (one sample per channel) decoded at a time; fewer where a file has many channels."""

_BLOCK_SAMPLES = 8 * BLOCK_FRAMES

_UNREAD_BYTES = 16_384
"""libsndfile stops an mp3 where its VBR header says; more than a plain end tag left over means it was wrong."""

_SHORTFALL_SECONDS = 1.0
_SHORTFALL_SHARE = 0.02
"""A file that holds less than it promises, by more than both of these, is probably cut off."""

NO_AUDIO = "not audio: next to no sound was found in it; it may be cut off, damaged, or another kind of file"

# Without this list FFmpeg would also take playlists (which open other files and addresses), pictures and text.
_FFMPEG_OPTIONS = {
    "format_whitelist": (
        "aac,ac3,aiff,amr,ape,asf,au,caf,dsf,dts,eac3,flac,iff,loas,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mp3,mpc,"
        "mpc8,ogg,oma,rm,shn,tak,tta,voc,w64,wav,wv,xwma"
    ),
    "protocol_whitelist": "file",
}
_FFMPEG_FAILS = (av.FFmpegError, ValueError, MemoryError)

_INDEXED = frozenset({"mov,mp4,m4a,3gp,3g2,mj2", "ape", "tta", "wv"})
"""FFmpeg's formats in which it finds moments to the sample. In others, lengths are guesses, or jumps miss."""

EXCERPT_FAILS = (soundfile.LibsndfileError, *_FFMPEG_FAILS)
"""What ``excerpt`` may raise."""


def open_source(path: Path, file: BinaryIO, start: float) -> "LibsndfileSource | FFmpegSource":
    """libsndfile for what it can read, else FFmpeg; its blocks begin at ``start`` seconds.

    ``file`` is ``path``, open. Raises ``AudioError``.
    """
    try:
        return LibsndfileSource(file, start)
    except soundfile.LibsndfileError:
        return FFmpegSource(path, start)


class LibsndfileSource:
    """The frames of a file as libsndfile sees them.

    Raises ``LibsndfileError`` if it does not know the format, or cannot find ``start`` (seconds) in it.
    """

    decoder = LIBSNDFILE

    def __init__(self, file: BinaryIO, start: float = 0.0) -> None:
        self._file = file
        self._sound = _ReadOnwards(file.fileno(), closefd=False)
        self.frames = round(start * self._sound.samplerate)
        if start:
            self._sound.seek(min(self.frames, self._sound.frames))
        self.unfinished = False
        self.warning = ""

    def close(self) -> None:
        self._sound.close()

    def length(self) -> float:
        """Seconds that the file promises; 0 where that cannot be relied on, or where one cannot jump about in it."""
        if not soundfile.SoundFile.seekable(self._sound):
            return 0.0
        try:
            self._sound.seek(self._sound.frames)
        except soundfile.LibsndfileError:
            return 0.0
        return 0.0 if self._ends_too_soon() else float(self._sound.frames / self._sound.samplerate)

    def excerpt(self, start: float, seconds: float) -> Iterator[tuple[Samples, int]]:
        """Yield (mono samples, sample rate in Hz) of so many seconds from ``start`` on, or of fewer where it ends."""
        rate = self._sound.samplerate
        self._sound.seek(round(start * rate))
        buffer, left = self._buffer(), round(seconds * rate)
        while left and len(block := self._sound.read(out=buffer[:left])):
            left -= len(block)
            yield _mean(block.T), rate

    def blocks(self) -> Iterator[tuple[Samples, int]]:
        """Yield (mono samples, sample rate in Hz)."""
        rate, buffer = self._sound.samplerate, self._buffer()
        try:
            while len(block := self._sound.read(out=buffer)):
                self.frames += len(block)
                yield _mean(block.T), rate
        except soundfile.LibsndfileError:
            self.unfinished = True
            self.warning = _stopped_early(self.frames / rate)
            return
        self._check_end(self.frames / rate, self._sound.frames / rate)

    def _buffer(self) -> Samples:
        channels = self._sound.channels
        return np.empty((max(1, min(BLOCK_FRAMES, _BLOCK_SAMPLES // channels)), channels), np.float32)

    def _ends_too_soon(self) -> bool:
        """At what libsndfile takes for the end of an mp3: whether there is more of it."""
        unread = os.fstat(self._file.fileno()).st_size - self._file.tell()
        return self._sound.format == "MP3" and unread > _UNREAD_BYTES

    def _check_end(self, seconds: float, expected: float) -> None:
        self.unfinished = self._ends_too_soon()
        if expected - seconds > max(_SHORTFALL_SECONDS, _SHORTFALL_SHARE * expected):
            self.warning = f"the file promises {_clock(expected)} but holds {_clock(seconds)}: it may be cut off"


class _ReadOnwards(soundfile.SoundFile):  # type: ignore[misc]
    """A file that is read block after block.

    After each block of a seekable file, soundfile seeks to where it is already. That costs libsndfile's mp3 decoder
    64 µs a block; and in a file of variable bit rate, where frames hold bits of later ones, it loses such bits and goes
    on with noise.
    """

    def seekable(self) -> bool:
        return False


class FFmpegSource:
    """The frames of a file as FFmpeg sees them, from the one that holds ``start`` (seconds) on.

    Raises ``AudioError`` if there are none.
    """

    decoder = FFMPEG

    def __init__(self, path: Path, start: float = 0.0) -> None:
        # "file:" keeps FFmpeg from reading a name such as "concat:a" as an address.
        try:
            self._container = av.open(
                f"file:{os.path.abspath(path)}",  # noqa: PTH100 - resolve() would follow symbolic links
                metadata_errors="replace",
                options=_FFMPEG_OPTIONS,
            )
        except _FFMPEG_FAILS as error:
            raise AudioError(path, NO_AUDIO) from error
        stream = self._container.streams.best("audio")
        if not isinstance(stream, av.AudioStream):
            self._container.close()
            raise AudioError(path, "not audio: it has no audio stream")
        if stream.codec_context is None:
            self._container.close()
            raise AudioError(path, "cannot be decoded: its sound is copy-protected or of an unknown kind")
        stream.codec_context.thread_count = 1  # tracks are analysed side by side already
        self._stream = stream
        self.warning = ""
        self._seconds = self._start = self._first = start
        if start:
            with contextlib.suppress(*_FFMPEG_FAILS):  # then what comes before is decoded, and dropped all the same
                self._go_to(start)

    def close(self) -> None:
        self._container.close()

    def length(self) -> float:
        """Seconds that the file promises; 0 where that cannot be relied on, or where one cannot jump about in it."""
        if self._container.format.name not in _INDEXED or self._container.duration is None:
            return 0.0
        return float(self._container.duration / av.time_base)

    def excerpt(self, start: float, seconds: float) -> Iterator[tuple[Samples, int]]:
        """Yield (mono samples, sample rate in Hz) of so many seconds from ``start`` on, or of fewer where it ends."""
        self._go_to(start)
        late: int | None = None
        for mono, rate in self._gathered(self._frames_until(start + seconds)):
            late = round((start - self._first) * rate) if late is None else late
            yield mono[max(0, late) :], rate
            late = max(0, late - mono.size)

    def blocks(self) -> Iterator[tuple[Samples, int]]:
        """Yield (mono samples, sample rate in Hz)."""
        yield from self._gathered(self._frames())

    def _go_to(self, start: float) -> None:
        self._seconds = self._start = self._first = start
        self._container.seek(round(start * av.time_base))

    def _frames_until(self, end: float) -> Iterator[av.AudioFrame]:
        """From the one that holds the start on, which begins at ``_first`` seconds."""
        for number, frame in enumerate(self._frames()):
            if not number and frame.time is not None:
                self._seconds += frame.time - self._start
                self._first = frame.time
            yield frame
            if self._seconds >= end:
                return

    @staticmethod
    def _gathered(frames: Iterator[av.AudioFrame]) -> Iterator[tuple[Samples, int]]:
        gatherer: _Gatherer | None = None
        for frame in frames:
            if gatherer is None or not gatherer.fits(frame):
                yield from gatherer.rest() if gatherer else ()
                gatherer = _Gatherer(frame)
            yield from gatherer.add(frame)
        yield from gatherer.rest() if gatherer else ()

    def _frames(self) -> Iterator[av.AudioFrame]:
        """Decode packet by packet, stepping over damaged ones."""
        damaged, first, stopped = 0, 0.0, False
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets, None)
                if packet is None:
                    break
                frames = packet.decode()
            except _FFMPEG_FAILS:
                first = first if damaged else self._seconds
                damaged += 1
                stopped = True
                continue
            for frame in frames:
                if self._start and self._is_before_start(frame):
                    continue
                stopped = False
                self._seconds += frame.samples / frame.sample_rate
                yield frame
        if stopped:
            self.warning = _stopped_early(self._seconds)
        elif damaged:
            self.warning = f"damaged sound was skipped {damaged} times, first at {_clock(first)}"

    def _is_before_start(self, frame: av.AudioFrame) -> bool:
        return frame.time is not None and frame.time + frame.samples / frame.sample_rate <= self._start


class _Gatherer:
    """Collects FFmpeg's short frames of one format into large mono blocks."""

    def __init__(self, frame: av.AudioFrame) -> None:
        self._format = self._format_of(frame)
        self._rate = frame.sample_rate
        self._to_float = av.AudioResampler(format="fltp")
        self._fifo = av.AudioFifo()

    @staticmethod
    def _format_of(frame: av.AudioFrame) -> tuple[str, str, int]:
        return frame.format.name, frame.layout.name, frame.sample_rate

    def fits(self, frame: av.AudioFrame) -> bool:
        return self._format_of(frame) == self._format

    def add(self, frame: av.AudioFrame) -> Iterator[tuple[Samples, int]]:
        for part in self._to_float.resample(frame):
            part.pts = None  # the queue would refuse gaps in time, which damaged files have
            self._fifo.write(part)
        if self._fifo.samples >= BLOCK_FRAMES:
            yield from self.rest()

    def rest(self) -> Iterator[tuple[Samples, int]]:
        if (gathered := self._fifo.read(0, partial=True)) is not None:
            yield _mean(gathered.to_ndarray()), self._rate


def _mean(channels: Samples) -> Samples:
    """The mean of the channels, shape (channels, n) -> (n,).

    Channel by channel: over so short an axis that lies side by side in memory, numpy's own takes 20 times as long.
    """
    with np.errstate(over="ignore", invalid="ignore"):  # damaged numbers are the caller's business
        mono: Samples = reduce(np.add, channels) / np.float32(len(channels))
    return mono


def _clock(seconds: float) -> str:
    """72.4 -> '1:12'."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def _stopped_early(seconds: float) -> str:
    return f"decoding stopped early at {_clock(seconds)}: the file is damaged or cut off"
