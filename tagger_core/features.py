"""Samples to the patches a model sees: log-mel spectrograms and MFCC, the same in training and serving.

Conventions
-----------
Samples are float32, mono, at ``spec.sample_rate``. A *frame* is one column of the spectrogram, here a row:
features have shape (frames, bands). Frame i is centred on sample ``i * hop_length``, with zeros beyond both
ends (librosa's ``center=True``), so n samples give ``1 + n // hop_length`` frames (even ``n_fft``). A *patch* is
``patch_frames`` successive frames.

The mel filters are librosa's defaults (Slaney, 1998, Auditory Toolbox): triangles of equal area on the
power spectrum of a Hann window.

Contents
--------
``log_mel``, ``mfcc``              a whole clip at once: librosa's own calls, which define what is right
``patch_batches``, ``PatchBatch``  a track as a stream: the same values in flat memory and half the time
``stream_frames``                  the frames of a stream, not yet cut into patches
``cut_patches``                    frames that exist already -> the same patches
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

import librosa
import numpy as np
import numpy.typing as npt
import scipy.sparse
from librosa.filters import get_window
from librosa.filters import mel as mel_filters

from tagger_core.domain import FeatureSpec

Floats = npt.NDArray[np.float32]

_FRAMES_AT_ONCE = 128
"""Bounds the memory for spectra; small enough to stay in the processor's cache."""


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
    power = librosa.feature.melspectrogram(
        y=samples, sr=spec.sample_rate, n_fft=spec.n_fft, hop_length=spec.hop_length, n_mels=spec.n_mels
    )
    return _log_compressed(np.ascontiguousarray(power.T), spec)


def mfcc(samples: Floats, spec: FeatureSpec) -> Floats:
    """Mel-frequency cepstral coefficients of a clip, shape (frames, n_mfcc).

    The orthonormal DCT-II of the mel bands in decibels. librosa's default would raise quiet frames to 80 dB
    below the loudest one (``top_db``): then each frame would depend on the whole track, and a stream could not
    have the same values.
    """
    power = librosa.feature.melspectrogram(
        y=samples, sr=spec.sample_rate, n_fft=spec.n_fft, hop_length=spec.hop_length, n_mels=spec.n_mels
    )
    return _cepstrum(power.T, spec)


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
    # The pieces overlap and are transformed without centring; zeros are put before the first and after the last.
    edge = np.zeros(spec.n_fft // 2, np.float32)
    waiting, empty = edge, True
    for piece in _pieces(blocks, _FRAMES_AT_ONCE * spec.hop_length):
        empty = False
        waiting = np.concatenate([waiting, piece])
        if len(waiting) >= spec.n_fft:
            features = _transform(waiting, spec)
            yield features
            waiting = waiting[len(features) * spec.hop_length :]
    waiting = np.concatenate([waiting, edge])
    if not empty and len(waiting) >= spec.n_fft:
        yield _transform(waiting, spec)


def _pieces(blocks: Iterable[Floats], longest: int) -> Iterator[Floats]:
    for block in blocks:
        for start in range(0, len(block), longest):
            yield block[start : start + longest]


def _transform(samples: Floats, spec: FeatureSpec) -> Floats:
    windows = np.lib.stride_tricks.sliding_window_view(samples, spec.n_fft)[:: spec.hop_length]
    spectrum = np.fft.rfft(windows * _window(spec))
    power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
    mel = np.ascontiguousarray((_mel_filters(spec) @ power.T).T)
    return _cepstrum(mel, spec) if spec.kind == "mfcc" else _log_compressed(mel, spec)


@lru_cache(maxsize=8)
def _window(spec: FeatureSpec) -> npt.NDArray[np.float64]:
    """The Hann window, shape (n_fft,). Its float64 makes the transform one of float64 as in librosa: next to a loud
    tone, the rounding errors of a float32 transform show in the logarithm (3e-5).
    """
    window: npt.NDArray[np.float64] = get_window("hann", spec.n_fft).astype(np.float64)
    return window


@lru_cache(maxsize=8)
def _mel_filters(spec: FeatureSpec) -> scipy.sparse.csr_matrix:
    """Mel filters, shape (n_mels, 1 + n_fft // 2).

    Sparse, for 98 % are zeros, and because a dense product is spread over all cores by the BLAS library, which
    more than doubles the time when tracks are analysed side by side.
    """
    return scipy.sparse.csr_matrix(mel_filters(sr=spec.sample_rate, n_fft=spec.n_fft, n_mels=spec.n_mels))


def _log_compressed(mel: Floats, spec: FeatureSpec) -> Floats:
    """log10(1 + log_gain * mel), in place."""
    mel *= np.float32(spec.log_gain)
    np.log1p(mel, out=mel)
    mel *= np.float32(1 / np.log(10))
    return mel


def _cepstrum(mel: Floats, spec: FeatureSpec) -> Floats:
    decibels = librosa.power_to_db(mel.T, top_db=None)
    coefficients: Floats = librosa.feature.mfcc(S=decibels, n_mfcc=spec.n_mfcc)
    return coefficients.T
