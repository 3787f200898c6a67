"""Compress a published musicnn: kernels mixed of a few, looked at in some of the places only.

Goal: a small network that begins where the published one is, so that ``distill`` has little left to teach.

A front-end block slides large kernels over time and bands and keeps each filter's maximum over the bands; that is nine
tenths of the work. Three approximations, beside the dead filters that ``slimming`` cuts:

- All kernels of a block are mixed of a few (its *basis*), chosen so that on music the filters' outputs, weighted by
  what batch normalisation makes of them, keep most of their variance: a singular value decomposition of the kernels,
  weighted by the covariance of what they see (Zhang et al., "Accelerating very deep convolutional networks for
  classification and detection", PAMI 2016, section 2.1, for responses instead of kernels).
- The kernels are applied at every so many frames and bands. Neighbours say nearly the same.
- The kernels of the mid end, seven frames long, are resampled to those frames, linearly.

What is constant goes into biases, which is exact but for the few places at the ends of a patch where zeros are padded.

Contents
--------
``CompactMusicnn``, ``compact_musicnn_weights``   the approximate network, as arrays, from calibration patches
``compact_musicnn_network``                       the same in Keras, built and filled
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import keras
import numpy as np
import numpy.typing as npt

from training.architectures import FRONT_KERNELS, MID_LAYERS, numbered
from training.compact_architectures import FRONT_BLOCKS, MusicnnFilters, MusicnnSize, compact_musicnn
from training.onnx_export import fill
from training.second_moments import Doubles, roots
from training.slimming import Array, SlimMusicnn, Weights, affine, slim_musicnn

_MEMBERS = ((0,), (1,), (2, 3, 4))
"""Indices of the published blocks in each of ``FRONT_BLOCKS``."""
_WINDOWS = 40_000
"""Places of the music at which a block is measured; the largest kernel has 469 weights."""


@dataclass(frozen=True, slots=True)
class CompactMusicnn:
    """``arrays`` by the names of ``compact_musicnn``'s variables, without a prefix."""

    size: MusicnnSize
    filters: MusicnnFilters
    scale: float
    offset: float
    arrays: dict[str, Array]


@dataclass(frozen=True, slots=True)
class _Block:
    """Filters of one of ``FRONT_BLOCKS``: kernels (frames * bands, filters) and biases with the size of the gain
    multiplied in, and its signs.
    """

    kernel: Doubles
    bias: Doubles
    signs: tuple[float, ...]


def compact_musicnn_weights(weights: Weights, size: MusicnnSize, patches: Array, seed: int = 0) -> CompactMusicnn:
    """``weights`` as in the checkpoint; ``patches`` (n, frames, bands) is music to measure on."""
    slim = slim_musicnn(weights)
    generator = np.random.default_rng(seed)
    arrays: dict[str, npt.NDArray[np.floating]] = {}
    blocks = [_block(slim, name, members) for (name, _), members in zip(FRONT_BLOCKS, _MEMBERS, strict=True)]
    bases = tuple(min(rank, *block.kernel.shape) for rank, block in zip(size.bases, blocks, strict=True))
    normalised = np.asarray(patches, np.float64) * slim.scale + slim.offset
    for (name, shape), block, rank in zip(FRONT_BLOCKS, blocks, bases, strict=True):
        basis, mix, bias = _factorised(block, _windows(normalised, shape, generator), rank)
        arrays |= {
            f"{name}_basis/kernel": basis.reshape(*shape, 1, -1),
            f"{name}_mix/kernel": mix[np.newaxis, np.newaxis],
            f"{name}_mix/bias": bias,
        }
    mid, signs, constants = _mid_end(slim, size.frame_step)
    arrays |= mid | _back_end(slim, constants)
    return CompactMusicnn(
        size=replace(size, bases=bases),
        filters=MusicnnFilters(tuple(block.signs for block in blocks), signs, len(mid["mid1/kernel"])),
        scale=slim.scale,
        offset=slim.offset,
        arrays={name: np.ascontiguousarray(array, np.float32) for name, array in arrays.items()},
    )


def compact_musicnn_network(compact: CompactMusicnn, name: str = "compact_musicnn") -> keras.Model:
    """Giving logits."""
    labels = compact.arrays["dense_1/bias"].size
    network = compact_musicnn(compact.size, compact.filters, labels, compact.scale, compact.offset, name)
    fill(network, compact.arrays)
    return network


def _block(slim: SlimMusicnn, name: str, members: Sequence[int]) -> _Block:
    """The filters of these published blocks, their kernels in the middle of the longest.

    The carrier of ``slimming`` has no gain: it stays as a filter that says nothing and fills a filter block.
    """
    frames, bands = dict(FRONT_BLOCKS)[name]
    kernels, biases = [], []
    signs: list[float] = []
    for index in members:
        convolution, normalisation = numbered("conv2d", index), numbered("batch_normalization", index + 1)
        gain = np.abs(slim.weights[f"{normalisation}/gamma"].astype(np.float64))
        before = (frames - 1) // 2 - (FRONT_KERNELS[index][0] - 1) // 2
        after = frames - FRONT_KERNELS[index][0] - before
        kernel = np.pad(slim.weights[f"{convolution}/kernel"][:, :, 0], ((before, after), (0, 0), (0, 0)))
        kernels.append((kernel * gain).reshape(frames * bands, -1))
        biases.append(slim.weights[f"{convolution}/bias"] * gain)
        signs += slim.signs[index]
    return _Block(np.concatenate(kernels, axis=1), np.concatenate(biases), tuple(signs))


def _windows(images: Doubles, shape: tuple[int, int], generator: np.random.Generator) -> Doubles:
    """What kernels of this shape see at random places of the images, as (places, frames * bands)."""
    before = (shape[0] - 1) // 2
    padded = np.pad(images, ((0, 0), (before, shape[0] - 1 - before), (0, 0)))
    places = np.lib.stride_tricks.sliding_window_view(padded, shape, axis=(1, 2))
    chosen = tuple(generator.integers(0, length, _WINDOWS) for length in places.shape[:3])
    return places[chosen].reshape(_WINDOWS, -1)


def _factorised(block: _Block, windows: Doubles, rank: int) -> tuple[Doubles, Doubles, Doubles]:
    """Basis (inputs, rank), mix (rank, filters) and bias (filters,): the best of that rank on these windows."""
    mean = windows.mean(axis=0)
    root, inverse = roots(np.cov(windows, rowvar=False, bias=True))
    left, strengths, right = np.linalg.svd(root @ block.kernel, full_matrices=False)
    # The root of the strengths on either side, so that both learn at a like pace.
    balance = np.sqrt(strengths[:rank])
    basis, mix = inverse @ left[:, :rank] * balance, balance[:, np.newaxis] * right[:rank]
    return basis, mix, block.bias + mean @ (block.kernel - basis @ mix)


def _mid_end(slim: SlimMusicnn, step: int) -> tuple[dict[str, Doubles], tuple[tuple[float, ...], ...], list[Doubles]]:
    """Arrays, signs, and the constants that were left out of each level: the front end and the three sums behind it."""
    front = range(len(FRONT_KERNELS))
    constants = [
        np.concatenate([slim.weights[f"{numbered('batch_normalization', i + 1)}/beta"] for i in front]).astype(float)
    ]
    arrays: dict[str, Doubles] = {}
    signs: list[tuple[float, ...]] = []
    for number, index in enumerate(MID_LAYERS, start=1):
        convolution, normalisation = numbered("conv2d", index), numbered("batch_normalization", index + 1)
        kernel = slim.weights[f"{convolution}/kernel"][:, :, 0].astype(np.float64)
        gain, shift = affine(slim.weights, normalisation)
        bias = slim.weights[f"{convolution}/bias"] + np.einsum("tcf,c->f", kernel, constants[-1])
        arrays[f"mid{number}/kernel"] = _resampled(kernel, step)[:, np.newaxis] * np.abs(gain)
        arrays[f"mid{number}/bias"] = bias * np.abs(gain)
        signs.append(tuple(np.where(gain < 0, -1.0, 1.0).tolist()))
        constants.append(shift if number == 1 else constants[-1] + shift)
    return arrays, tuple(signs), constants


def _back_end(slim: SlimMusicnn, constants: Sequence[Doubles]) -> dict[str, Array | Doubles]:
    """The dense layers; maxima first, then means. A constant is its own maximum and mean."""
    kernel = slim.weights["dense/kernel"]
    of_both_kinds = kernel.reshape(2, -1, kernel.shape[1]).sum(axis=0)
    return {
        "dense/kernel": kernel,
        "dense/bias": slim.weights["dense/bias"] + np.concatenate(constants) @ of_both_kinds,
        "dense_1/kernel": slim.weights["dense_1/kernel"],
        "dense_1/bias": slim.weights["dense_1/bias"],
    }


def _resampled(kernel: Doubles, step: int) -> Doubles:
    """A kernel (odd number of frames, inputs, outputs) for a sequence that has every ``step``-th frame only; what it
    wants to know of the others is interpolated between those.
    """
    reach = len(kernel) // 2
    furthest = -(-reach // step)
    made = np.zeros((2 * furthest + 1, *kernel.shape[1:]))
    for frame, weights in zip(range(-reach, reach + 1), kernel, strict=True):
        before, rest = divmod(frame, step)
        made[furthest + before] += (1 - rest / step) * weights
        if rest:
            made[furthest + before + 1] += rest / step * weights
    return made
