"""Decode a music file to mono samples at the model's rate, block by block.

Conventions
-----------
Samples are float32 in about [-1, 1], one channel (the mean of the file's channels), in blocks of
bounded size: memory does not grow with the length of a track, its sample rate or its channels.
Durations are counted from decoded samples; what a header claims is never trusted.

libsndfile decodes what it can read (mp3, FLAC, Ogg, Opus, WAV, AIFF): it works in large blocks without
Python's lock, so several threads decode at once. FFmpeg decodes the rest, and takes over where libsndfile
gives up in the middle of a file. Both find the format from the content, not from the name.
For mp3 both remove the encoder's delay and agree sample by sample, so taking over leaves no seam.

Contents
--------
``open_audio``, ``AudioStream``   the way in
``decoder_names``                 the decoders of this installation, for cache keys
"""

import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

import av
import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from tagger_core.errors import AudioError

Samples = npt.NDArray[np.float32]

MIN_SECONDS = 0.5
"""Less than this is not a track that can be listened to."""

BLOCK_FRAMES = 65_536
"""Frames (one sample per channel) decoded at a time; fewer where a file has many channels."""

_BLOCK_SAMPLES = 8 * BLOCK_FRAMES

_LOUDEST = 1e6
"""120 dB above full scale. Only a damaged float file holds more, and its power would overflow float32."""

_SLOWEST_HZ, _FASTEST_HZ = 1_000, 1_600_000

_UNREAD_BYTES = 16_384
"""libsndfile stops an mp3 where its VBR header says; more than a plain end tag left over means it was wrong."""

_SHORTFALL_SECONDS = 1.0
_SHORTFALL_SHARE = 0.02

_LIBSNDFILE = f"libsndfile {soundfile.__libsndfile_version__}"
_FFMPEG = f"FFmpeg {av.ffmpeg_version_info} (PyAV)"
_BOTH = f"{_LIBSNDFILE}, then {_FFMPEG}"

# Without this list FFmpeg would also take playlists (which open other files and addresses), pictures and text.
_FFMPEG_OPTIONS = {
    "format_whitelist": (
        "aac,ac3,aiff,amr,ape,asf,au,caf,dsf,dts,eac3,flac,iff,loas,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mp3,mpc,"
        "mpc8,ogg,oma,rm,shn,tak,tta,voc,w64,wav,wv,xwma"
    ),
    "protocol_whitelist": "file",
}
_FFMPEG_FAILS = (av.FFmpegError, ValueError, MemoryError)

_NO_AUDIO = "not audio: no sound was found in it; it may be cut off, damaged, or another kind of file"


def decoder_names() -> frozenset[str]:
    """Every value that ``AudioStream.decoder`` can take in this installation."""
    return frozenset({_LIBSNDFILE, _FFMPEG, _BOTH})


@contextmanager
def open_audio(path: Path, sample_rate: int) -> Iterator["AudioStream"]:
    """Open a music file for decoding to mono at ``sample_rate`` Hz.

    Raises ``AudioError`` if there is no such file, it cannot be read, or it is not audio.
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
            raise AudioError(path, "the file is no longer there") from None
        except PermissionError:
            raise AudioError(path, "permission denied: you may not read this file") from None
        except OSError as error:
            raise AudioError(path, f"cannot be read: {error.strerror}") from error
        yield AudioStream(path, file, sample_rate, stack)


class AudioStream:
    """One pass over the sound of a file; made by ``open_audio``.

    ``decoder``, ``warnings`` and ``seconds`` are complete when ``blocks`` is exhausted.
    """

    def __init__(self, path: Path, file: BinaryIO, sample_rate: int, stack: ExitStack) -> None:
        self._path = path
        self._stack = stack
        self._sample_rate = sample_rate
        self._delivered = 0
        self._warnings: list[str] = []
        self._source: _LibsndfileSource | _FFmpegSource
        try:
            self._source = stack.enter_context(_LibsndfileSource(file))
            self.decoder = _LIBSNDFILE
        except soundfile.LibsndfileError:
            self._source = stack.enter_context(_FFmpegSource(path))
            self.decoder = _FFMPEG

    @property
    def seconds(self) -> float:
        """Seconds delivered so far."""
        return self._delivered / self._sample_rate

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should know about this file, although it decodes."""
        return tuple(self._warnings)

    def blocks(self) -> Iterator[Samples]:
        """Yield the samples, shape (n,); only once. Raises ``AudioError`` if there are too few."""
        resampler = _Resampler(self._path, self._sample_rate)
        damaged = 0
        for mono, rate in self._decoded():
            good = np.abs(mono) < _LOUDEST  # False for NaN too
            damaged += mono.size - int(np.count_nonzero(good))
            yield from self._counted(resampler.feed(mono if good.all() else np.where(good, mono, np.float32(0)), rate))
        yield from self._counted(resampler.flush())
        if damaged:
            self._warnings.append(f"{damaged} damaged samples (not numbers) were taken as silence")
        if self.seconds < MIN_SECONDS:
            raise AudioError(self._path, f"too short: {self.seconds:.2f} s of sound" if self.seconds else _NO_AUDIO)

    def _counted(self, samples: Samples) -> Iterator[Samples]:
        if samples.size:
            self._delivered += samples.size
            yield samples

    def _decoded(self) -> Iterator[tuple[Samples, int]]:
        yield from self._source.blocks()
        if isinstance(self._source, _LibsndfileSource) and self._source.unfinished:
            yield from self._taken_over(self._source)
        if self._source.warning:
            self._warnings.append(self._source.warning)

    def _taken_over(self, first: "_LibsndfileSource") -> Iterator[tuple[Samples, int]]:
        """Let FFmpeg decode what libsndfile left: all again, without the frames that were delivered."""
        try:
            second = self._stack.enter_context(_FFmpegSource(self._path))
        except AudioError:
            return
        to_skip = first.frames
        for mono, rate in second.blocks():
            if mono.size > to_skip:
                self._source, self.decoder = second, _BOTH
                yield mono[to_skip:], rate
            to_skip = max(0, to_skip - mono.size)


class _LibsndfileSource:
    """The frames of a file as libsndfile sees them. Raises ``LibsndfileError`` if it does not know the format."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._sound = soundfile.SoundFile(file.fileno(), closefd=False)
        self.frames = 0
        self.unfinished = False
        self.warning = ""

    def __enter__(self) -> "_LibsndfileSource":
        return self

    def __exit__(self, *_: object) -> None:
        self._sound.close()

    def blocks(self) -> Iterator[tuple[Samples, int]]:
        """Yield (mono samples, sample rate in Hz)."""
        channels, rate = self._sound.channels, self._sound.samplerate
        buffer = np.empty((max(1, min(BLOCK_FRAMES, _BLOCK_SAMPLES // channels)), channels), np.float32)
        try:
            while len(block := self._sound.read(out=buffer)):
                self.frames += len(block)
                # Channel by channel: numpy's mean over so short an axis takes 20 times as long.
                mono = block[:, 0].copy()
                for channel in range(1, channels):
                    mono += block[:, channel]
                mono /= channels
                yield mono, rate
        except soundfile.LibsndfileError:
            self.unfinished = True
            self.warning = _stopped_early(self.frames / rate)
            return
        self._check_end(self.frames / rate, self._sound.frames / rate)

    def _check_end(self, seconds: float, expected: float) -> None:
        if self._sound.format == "MP3":
            unread = os.fstat(self._file.fileno()).st_size - self._file.tell()
            self.unfinished = unread > _UNREAD_BYTES
        if expected - seconds > max(_SHORTFALL_SECONDS, _SHORTFALL_SHARE * expected):
            self.warning = f"the file promises {_clock(expected)} but holds {_clock(seconds)}: it may be cut off"


class _FFmpegSource:
    """The frames of a file as FFmpeg sees them. Raises ``AudioError`` if there are none."""

    def __init__(self, path: Path) -> None:
        # "file:" keeps FFmpeg from reading a name such as "concat:a" as an address.
        try:
            self._container = av.open(
                f"file:{os.path.abspath(path)}",  # noqa: PTH100 - resolve() would follow symbolic links
                metadata_errors="replace",
                options=_FFMPEG_OPTIONS,
            )
        except _FFMPEG_FAILS as error:
            raise AudioError(path, _NO_AUDIO) from error
        stream = self._container.streams.best("audio")
        if not isinstance(stream, av.AudioStream):
            self._container.close()
            raise AudioError(path, "not audio: it has no audio stream")
        if stream.codec_context is None:
            self._container.close()
            raise AudioError(path, "cannot be decoded: its sound is copy-protected or of an unknown kind")
        stream.codec_context.thread_count = 1  # tracks are analysed side by side already
        self._stream = stream
        self.frames = 0
        self.warning = ""
        self._seconds = 0.0

    def __enter__(self) -> "_FFmpegSource":
        return self

    def __exit__(self, *_: object) -> None:
        self._container.close()

    def blocks(self) -> Iterator[tuple[Samples, int]]:
        """Yield (mono samples, sample rate in Hz)."""
        gatherer: _Gatherer | None = None
        for frame in self._frames():
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
                stopped = False
                self._seconds += frame.samples / frame.sample_rate
                yield frame
        if stopped:
            self.warning = _stopped_early(self._seconds)
        elif damaged:
            self.warning = f"damaged sound was skipped {damaged} times, first at {_clock(first)}"


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
            planes = gathered.to_ndarray()
            yield planes.mean(axis=0, dtype=np.float32), self._rate


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


def _clock(seconds: float) -> str:
    """72.4 -> '1:12'."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def _stopped_early(seconds: float) -> str:
    return f"decoding stopped early at {_clock(seconds)}: the file is damaged or cut off"
