"""Samples to the patches a model sees: log-mel spectrograms and MFCC, the same in training and serving.

Conventions
-----------
Samples are float32, mono, at ``spec.sample_rate``. A *frame* is one column of the spectrogram, here a row:
features have shape (frames, bands). Frame i is centred on sample ``i * hop_length``, with zeros beyond both
ends (librosa's ``center=True``), so n samples give ``1 + n // hop_length`` frames (even ``n_fft``). A *patch* is
``patch_frames`` successive frames.

The mel filters are librosa's defaults (Slaney, 1998, Auditory Toolbox): triangles of equal area on the
power spectrum of a Hann window. They are worked out here, to the same bits, because importing librosa, with numba and
scipy.signal, takes 0.7 s, and holds up a window for 80 ms at a time.

Contents
--------
``log_mel``, ``mfcc``              a whole clip at once: from librosa's spectrogram, which defines what is right
``patch_batches``, ``PatchBatch``  a track as a stream: the same values in flat memory and half the time
``stream_frames``                  the frames of a stream, not yet cut into patches
``cut_patches``                    frames that exist already -> the same patches
``mel_filters``, ``window``        what a spectrum is made with
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import scipy.sparse

from tagger_core.domain import FeatureSpec

Floats = npt.NDArray[np.float32]

_FRAMES_AT_ONCE = 192
"""Bounds the memory for spectra: few enough to stay in the processor's cache, enough that Python's part is small."""

_HZ_PER_MEL, _LOG_FROM_HZ, _LOG_STEP = 200.0 / 3, 1000.0, np.log(6.4) / 27
"""Slaney's scale of pitch: even steps of a frequency, from 1 kHz on even steps of its logarithm."""

_LEAST_POWER = 1e-10


class PatchBatch(NamedTuple):
    """Up to ``batch_size`` patches of one track.

    ``patches`` has shape (n, patch_frames, bands), float32 and C-contiguous. ``weights``, shape (n,), says
    how far each patch moves on from the one before, in patch hops: 1 but for a last patch that overlaps. So
    with patches side by side (``patch_hop == patch_frames``), the weighted mean counts each frame once.
    """

    patches: Floats
    weights: Floats


def log_mel(samples: Floats, spec: FeatureSpec) -> Floats:
    """log10(1 + log_gain * mel power) of a clip, shape (frames, n_mels).

    Source: Pons and Serra, musicnn: pre-trained convolutional neural networks for music audio tagging, 2019.
    """
    return _log_compressed(np.ascontiguousarray(_mel_power(samples, spec).T), spec)


def mfcc(samples: Floats, spec: FeatureSpec) -> Floats:
    """Mel-frequency cepstral coefficients of a clip, shape (frames, n_mfcc).

    The orthonormal DCT-II of the mel bands in decibels. librosa's default would raise quiet frames to 80 dB
    below the loudest one (``top_db``): then each frame would depend on the whole track, and a stream could not
    have the same values.
    """
    return _cepstrum(_mel_power(samples, spec).T, spec)


def _mel_power(samples: Floats, spec: FeatureSpec) -> Floats:
    import librosa

    power: Floats = librosa.feature.melspectrogram(
        y=samples, sr=spec.sample_rate, n_fft=spec.n_fft, hop_length=spec.hop_length, n_mels=spec.n_mels
    )
    return power


def patch_batches(blocks: Iterable[Floats], spec: FeatureSpec, batch_size: int) -> Iterator[PatchBatch]:
    """Cut a stream of sample blocks of any lengths into patches, in batches.

    A patch starts every ``patch_hop`` frames. Frames left at the end get a last patch, aligned with the end of
    the track. A track shorter than one patch is repeated to fill it. No samples give no batches.
    """
    patches: list[Floats] = []
    weights: list[float] = []
    for patch, weight in cut_patches(stream_frames(blocks, spec), spec):
        patches.append(patch)
        weights.append(weight)
        if len(patches) == batch_size:
            yield PatchBatch(np.stack(patches), np.array(weights, np.float32))
            patches, weights = [], []
    if patches:
        yield PatchBatch(np.stack(patches), np.array(weights, np.float32))


def cut_patches(frames: Iterable[Floats], spec: FeatureSpec) -> Iterator[tuple[Floats, float]]:
    """Yield (patch, weight) of blocks of frames, shape (n, bands), as ``patch_batches`` does of samples."""
    size, hop = spec.patch_frames, spec.patch_hop
    buffer = np.empty((0, spec.bands), np.float32)  # begins with the latest patch: the end may need its frames again
    start = 0  # of the next patch, in the buffer
    for more in frames:
        buffer = np.concatenate([buffer, more])
        while start + size <= len(buffer):
            yield buffer[start : start + size], 1.0
            start += hop
        past = max(0, start - hop)
        buffer = buffer[past:]
        start -= past
    left = len(buffer) - size
    if left < 0 and len(buffer):
        yield buffer[np.arange(size) % len(buffer)], 1.0
    elif left > 0:
        yield buffer[left:], left / hop


def stream_frames(blocks: Iterable[Floats], spec: FeatureSpec) -> Iterator[Floats]:
    """Yield the features of a stream of sample blocks of any lengths, shape (n, bands), in the order of time."""
    # Frames are transformed without centring; zeros are put before the first sample and after the last.
    edge = np.zeros(spec.n_fft // 2, np.float32)
    front_end, begun = _FrontEnd(spec), False
    for block in blocks:
        if len(block) and not begun:
            begun = True
            yield from front_end.frames_with(edge)
        yield from front_end.frames_with(block)
    if begun:
        yield from front_end.frames_with(edge)
        yield from front_end.rest()


class _FrontEnd:
    """Samples to frames, without centring, many at a time.

    It works in the same few arrays all the time: they stay in the processor's cache, where new ones of this size would
    come from the system, page by page.
    """

    def __init__(self, spec: FeatureSpec) -> None:
        bins = 1 + spec.n_fft // 2
        self._spec = spec
        self._samples = np.empty(spec.n_fft + (_FRAMES_AT_ONCE - 1) * spec.hop_length, np.float32)
        self._filled = 0
        self._windows = np.lib.stride_tricks.sliding_window_view(self._samples, spec.n_fft)[:: spec.hop_length]
        self._windowed = np.empty(self._windows.shape)
        self._spectrum = np.empty((_FRAMES_AT_ONCE, bins), np.complex128)
        self._power = np.empty((_FRAMES_AT_ONCE, bins), np.float32)

    def frames_with(self, block: Floats) -> Iterator[Floats]:
        """Take samples; yield frames as soon as there are enough for a transform."""
        done = 0
        while done < len(block):
            taken = block[done : done + len(self._samples) - self._filled]
            self._samples[self._filled : self._filled + len(taken)] = taken
            self._filled += len(taken)
            done += len(taken)
            if self._filled == len(self._samples):
                yield self._features(_FRAMES_AT_ONCE)
                used = _FRAMES_AT_ONCE * self._spec.hop_length
                self._filled -= used
                self._samples[: self._filled] = self._samples[used:]

    def rest(self) -> Iterator[Floats]:
        """Yield the frames that wait."""
        if self._filled >= self._spec.n_fft:
            yield self._features(1 + (self._filled - self._spec.n_fft) // self._spec.hop_length)

    def _features(self, count: int) -> Floats:
        windowed, spectrum, power = self._windowed[:count], self._spectrum[:count], self._power[:count]
        np.multiply(self._windows[:count], window(self._spec), out=windowed)
        np.fft.rfft(windowed, out=spectrum)
        parts = spectrum.view(np.float64)  # real and imaginary by turns
        np.multiply(parts, parts, out=parts)
        np.add(parts[:, ::2], parts[:, 1::2], out=power, casting="same_kind")
        mel = np.ascontiguousarray((mel_filters(self._spec) @ power.T).T)
        return _cepstrum(mel, self._spec) if self._spec.kind == "mfcc" else _log_compressed(mel, self._spec)


@lru_cache(maxsize=8)
def window(spec: FeatureSpec) -> npt.NDArray[np.float64]:
    """The Hann window, shape (n_fft,). Its float64 makes the transform one of float64 as in librosa: next to a loud
    tone, the rounding errors of a float32 transform show in the logarithm (3e-5).
    """
    hann: npt.NDArray[np.float64] = 0.5 + 0.5 * np.cos(np.linspace(-np.pi, np.pi, spec.n_fft + 1)[:-1])
    return hann


@lru_cache(maxsize=8)
def mel_filters(spec: FeatureSpec) -> scipy.sparse.csr_matrix:
    """Mel filters, shape (n_mels, 1 + n_fft // 2).

    Sparse, for 98 % are zeros, and because a dense product is spread over all cores by the BLAS library, which
    more than doubles the time when tracks are analysed side by side.
    """
    edges = _mel_edges(spec)[:, np.newaxis]
    heard = np.fft.rfftfreq(spec.n_fft, 1 / spec.sample_rate)
    rising = (heard - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - heard) / (edges[2:] - edges[1:-1])
    triangles = np.maximum(0, np.minimum(rising, falling)).astype(np.float32)
    triangles *= 2 / (edges[2:] - edges[:-2])
    return scipy.sparse.csr_matrix(triangles)


def _mel_edges(spec: FeatureSpec) -> npt.NDArray[np.float64]:
    """Where the triangles begin, peak and end, each in the middle of its neighbours; in Hz, shape (n_mels + 2,)."""
    log_from = _LOG_FROM_HZ / _HZ_PER_MEL
    highest = spec.sample_rate / 2
    above = highest >= _LOG_FROM_HZ
    top = log_from + np.log(highest / _LOG_FROM_HZ) / _LOG_STEP if above else highest / _HZ_PER_MEL
    mels = np.linspace(0.0, top, spec.n_mels + 2)
    edges: npt.NDArray[np.float64] = _HZ_PER_MEL * mels
    logarithmic = mels >= log_from
    edges[logarithmic] = _LOG_FROM_HZ * np.exp(_LOG_STEP * (mels[logarithmic] - log_from))
    return edges


def _log_compressed(mel: Floats, spec: FeatureSpec) -> Floats:
    """log10(1 + log_gain * mel), in place."""
    mel *= np.float32(spec.log_gain)
    np.log1p(mel, out=mel)
    mel *= np.float32(1 / np.log(10))
    return mel


def _cepstrum(mel: Floats, spec: FeatureSpec) -> Floats:
    import scipy.fft

    decibels = 10 * np.log10(np.maximum(mel, _LEAST_POWER))
    coefficients: Floats = scipy.fft.dct(decibels, type=2, norm="ortho", axis=1)[:, : spec.n_mfcc]
    return coefficients
