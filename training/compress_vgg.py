"""Compress a published vgg: first exactly, then to the rank and width that a budget allows.

Goal: a small network that begins where the published one is, so that ``distill`` has little left to teach.

Exact, the same scores to 1e-5:

- Weight decay drove many filters to kernels of zero; what they pass on is a constant. Those *dead* filters are cut.
- Every gamma is positive, so batch normalisation commutes with the pool behind it and folds into the next kernel.
- The next convolution pads with zeros where a folded offset would not be zero. One filter of each layer, the
  *carrier*, is 1 everywhere, and what is constant travels with it.
- A pool that looks at every second place only lets the convolution before it stride over the others.

Approximate, each 3x3 convolution as 1x1, 3x3, 1x1 (Tucker-2; Kim et al., "Compression of deep convolutional neural
networks for fast and low power mobile applications", ICLR 2016): its kernel is projected on the input and the output
directions that matter. What matters is measured on music: the kernel is weighted by the second moments of its input,
the outputs by their covariance. Against the plain SVD of the kernels (input scaled by the batch norm), all four
convolutions of MSD_vgg at ranks 32, 48, 64, 64 then keep a correlation of patch scores of 0.94 instead of 0.88, MTT_vgg
0.90 instead of 0.84.

The first convolution may look at every second frame. Its pool takes the maximum of four, whose neighbours say nearly
the same.

ONNX Runtime computes 16 channels at a time and copies what does not fit, so widths are rounded up. The new filters are
random and nothing listens to them yet: the scores stay the same, and training may use them.

Conventions
-----------
Kernels are (frames, bands, in, out), float32. A network is described by its first convolution, which sees the
normalised patch, the others, and a dense layer; a rectifier and a pool follow each convolution.

Contents
--------
``SlimVgg``, ``slim_vgg``         the exact network, as arrays
``exact_network``                 the same in Keras
``Size``, ``compact_weights``     the approximate network's arrays, from calibration patches
``compact_network``               the same in Keras, built and filled
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import scipy.linalg
import tensorflow as tf

from training.architectures import Pool
from training.compact_architectures import compact_vgg, slim_vgg_network
from training.onnx_export import fill
from training.second_moments import Doubles, roots
from training.slimming import CONSTANT_BELOW, Array, Weights, affine

CONVOLUTIONS = 5
_BATCH = 16
_LANES = 16
"""Floats of a vector register; ONNX Runtime's blocked layout has as many channels side by side."""
_RIDGE = 1e-7
"""Added to the diagonal of second moments before they are inverted."""


@dataclass(frozen=True, slots=True)
class Convolution:
    """A 3x3 convolution; its last input (but for the first convolution) and its last output are the carrier."""

    kernel: Array
    bias: Array


@dataclass(frozen=True, slots=True)
class SlimVgg:
    """``scale`` and ``offset`` normalise the patch; the dense layer takes the last pool's output, flattened."""

    scale: float
    offset: float
    convolutions: tuple[Convolution, ...]
    dense: Convolution
    pools: tuple[Pool, ...]

    @property
    def filters(self) -> tuple[int, ...]:
        """Of each convolution, with the carrier."""
        return tuple(len(convolution.bias) for convolution in self.convolutions)


@dataclass(frozen=True, slots=True)
class Size:
    """What is left of a network: ``first`` filters, at every ``frame_step``-th frame, and of each other convolution the
    (input, output) ranks.
    """

    first: int
    ranks: tuple[tuple[int, int], ...]
    frame_step: int = 1


def slim_vgg(weights: Weights, pools: Sequence[Pool]) -> SlimVgg:
    """The exact equivalent. ``ValueError`` if a gamma is not positive, which no published network has."""
    convolutions = []
    restore = np.ones((1, 1), np.float32)  # old channels as a map of the new ones: (old, new)
    for number in range(1, CONVOLUTIONS + 1):
        scale, offset = affine(weights, f"batch_normalization_{number}")
        kernel, bias = weights[f"{number}CNN/kernel"], weights[f"{number}CNN/bias"]
        strength = np.linalg.norm(kernel.reshape(-1, kernel.shape[-1]), axis=0) * np.abs(scale)
        keep = np.flatnonzero(strength >= CONSTANT_BELOW)
        if np.any(scale[keep] <= 0):
            raise ValueError(f"batch_normalization_{number} has a gamma that is not positive")
        # rectified(x) * scale = rectified(x * scale), so the scale goes into the kernel.
        kept = np.einsum("tbof,on->tbnf", kernel[..., keep] * scale[keep], restore)
        carried = np.zeros((*kept.shape[:-1], 1), np.float32)
        convolutions.append(Convolution(np.concatenate([kept, carried], -1), np.append(bias[keep] * scale[keep], 1)))
        constants = np.maximum(bias, 0) * scale + offset
        constants[keep] = offset[keep]
        restore = np.column_stack([np.eye(len(scale), dtype=np.float32)[:, keep], constants]).astype(np.float32)
    scale, offset = affine(weights, "batch_normalization")
    dense = weights["dense/kernel"].reshape(-1, len(restore), weights["dense/kernel"].shape[-1])
    kernel = np.einsum("pol,on->pnl", dense, restore).reshape(-1, dense.shape[-1])
    dense_layer = Convolution(kernel.astype(np.float32), weights["dense/bias"])
    return SlimVgg(float(scale[0]), float(offset[0]), tuple(map(_single, convolutions)), dense_layer, tuple(pools))


def exact_network(slim: SlimVgg) -> keras.Model:
    """The network of ``slim``, giving probabilities."""
    network = slim_vgg_network(slim.pools, slim.filters, slim.dense.kernel.shape[1], slim.scale, slim.offset)
    arrays = {"dense/kernel": slim.dense.kernel, "dense/bias": slim.dense.bias}
    for number, convolution in enumerate(slim.convolutions, start=1):
        arrays |= {f"conv{number}/kernel": convolution.kernel, f"conv{number}/bias": convolution.bias}
    fill(network, arrays)
    return network


def compact_weights(slim: SlimVgg, size: Size, patches: Array, seed: int = 0) -> dict[str, Array]:
    """Arrays by the names of ``compact_vgg``'s variables, without a prefix; ``patches`` is music to measure on, the
    seed is of the filters that round the widths up.

    The carriers become the biases of the 1x1 convolutions that reduce, which is exact: the padding comes after.
    """
    slim = _narrowed(slim, size.first, patches)
    moments = _measured(slim, patches)
    first = slim.convolutions[0]
    arrays: dict[str, npt.NDArray[Any]] = {"conv1/kernel": first.kernel[..., :-1], "conv1/bias": first.bias[:-1]}
    for number, ranks in enumerate(size.ranks, start=2):
        convolution = slim.convolutions[number - 1]
        reduce, core, expand, bias = _tucker(convolution, moments[number - 1], ranks)
        arrays |= {
            f"reduce{number}/kernel": reduce[np.newaxis, np.newaxis, :-1],
            f"reduce{number}/bias": reduce[-1],
            f"core{number}/kernel": core,
            f"expand{number}/kernel": expand[np.newaxis, np.newaxis],
            f"expand{number}/bias": bias,
        }
    by_place = slim.dense.kernel.reshape(-1, slim.filters[-1], slim.dense.kernel.shape[1])
    arrays["dense/kernel"] = by_place[:, :-1].reshape(-1, by_place.shape[-1])
    arrays["dense/bias"] = slim.dense.bias + by_place[:, -1].sum(axis=0)
    _widen(arrays, len(by_place), np.random.default_rng(seed))
    return {name: np.ascontiguousarray(array, np.float32) for name, array in arrays.items()}


def compact_network(slim: SlimVgg, size: Size, arrays: Weights, name: str = "compact_vgg") -> keras.Model:
    """A network of ``compact_weights``, giving logits."""
    first = min(size.first, slim.filters[0] - 1)
    widths = tuple(_rounded(filters - 1) for filters in slim.filters[1:])
    labels = arrays["dense/bias"].size
    network = compact_vgg(slim.pools, first, size.ranks, widths, labels, slim.scale, slim.offset, name, size.frame_step)
    fill(network, arrays)
    return network


@dataclass(frozen=True, slots=True)
class _Moments:
    """Of one convolution on music: E[x x^T] of its input, mean and covariance of its output before the rectifier."""

    inputs: Doubles
    mean: Doubles
    covariance: Doubles


def _rounded(width: int) -> int:
    return -(-width // _LANES) * _LANES


def _widen(arrays: dict[str, npt.NDArray[Any]], places: int, generator: np.random.Generator) -> None:
    """Give each convolution but the first the filters that its width is rounded up by, heard by nobody.

    Their kernels are random, not zero: a rectifier that is 0 everywhere would pass no gradient on.
    """
    for number in range(2, CONVOLUTIONS + 1):
        kernel = arrays[f"expand{number}/kernel"]
        width = kernel.shape[-1]
        more = _rounded(width) - width
        new = generator.normal(0, kernel.std(), (*kernel.shape[:-1], more))
        arrays[f"expand{number}/kernel"] = np.concatenate([kernel, new], -1)
        arrays[f"expand{number}/bias"] = np.append(arrays[f"expand{number}/bias"], np.zeros(more))
        listener = "dense/kernel" if number == CONVOLUTIONS else f"reduce{number + 1}/kernel"
        heard = arrays[listener]
        by_filter = heard.reshape(places if number == CONVOLUTIONS else 1, width, heard.shape[-1])
        padded = np.pad(by_filter, ((0, 0), (0, more), (0, 0)))
        arrays[listener] = padded.reshape(*heard.shape[:-2], -1, heard.shape[-1])


def _single(convolution: Convolution) -> Convolution:
    return Convolution(convolution.kernel.astype(np.float32), convolution.bias.astype(np.float32))


def _narrowed(slim: SlimVgg, filters: int, patches: Array) -> SlimVgg:
    """With the filters of the first convolution that say most about all of them, on music.

    They are chosen one after the other, each for what those before leave unexplained; the second convolution hears the
    others as their best linear estimate.
    """
    first, second, *others = slim.convolutions
    present = len(first.bias) - 1
    if filters >= present:
        return slim
    moments = _measured(slim, patches)[1].inputs
    heard = np.sqrt(np.sum(second.kernel**2, axis=(0, 1, 3)))
    order = scipy.linalg.qr(roots(moments)[0] * heard, mode="r", pivoting=True)[1]
    keep = np.append(np.sort([index for index in order if index != present][:filters]), present)
    estimate = np.linalg.solve(moments[np.ix_(keep, keep)] + _RIDGE * np.eye(len(keep)), moments[keep])
    kernel = np.einsum("ki,tbio->tbko", estimate, second.kernel).astype(np.float32)
    narrow = Convolution(first.kernel[..., keep], first.bias[keep])
    return replace(slim, convolutions=(narrow, Convolution(kernel, second.bias), *others))


def _measured(slim: SlimVgg, patches: Array) -> list[_Moments]:
    """The moments of every convolution, in order."""
    held: list[list[_Moments]] = [[] for _ in slim.convolutions]
    for start in range(0, len(patches), _BATCH):
        x = tf.constant((patches[start : start + _BATCH] * slim.scale + slim.offset)[..., np.newaxis], tf.float32)
        for moments, convolution, (window, stride) in zip(held, slim.convolutions, slim.pools, strict=True):
            y = tf.nn.conv2d(x, convolution.kernel, 1, "SAME") + convolution.bias
            mean = np.asarray(tf.reduce_mean(y, axis=(0, 1, 2)), np.float64)
            moments.append(_Moments(_second_moments(x), mean, _second_moments(y)))
            x = tf.nn.max_pool2d(tf.nn.relu(y), window, stride, "VALID")
    return [_averaged(moments) for moments in held]


def _second_moments(x: tf.Tensor) -> Doubles:
    rows = tf.reshape(x, (-1, x.shape[-1]))
    product = np.asarray(tf.matmul(rows, rows, transpose_a=True), np.float64)
    return product / int(rows.shape[0])


def _averaged(batches: Sequence[_Moments]) -> _Moments:
    """Here the covariance is taken of what held second moments before."""
    inputs = np.mean([batch.inputs for batch in batches], axis=0)
    mean = np.mean([batch.mean for batch in batches], axis=0)
    outputs = np.mean([batch.covariance for batch in batches], axis=0)
    return _Moments(inputs, mean, outputs - np.outer(mean, mean))


def _tucker(
    convolution: Convolution, moments: _Moments, ranks: tuple[int, int]
) -> tuple[Doubles, Doubles, Doubles, Doubles]:
    """Kernels reduce (in, rank), core (3, 3, rank, rank) and expand (rank, out), and the bias; without the carrier
    among the outputs, which it does not move.
    """
    kernel, bias = convolution.kernel[..., :-1].astype(np.float64), convolution.bias[:-1].astype(np.float64)
    inputs = kernel.shape[2]
    root, inverse = roots(moments.inputs)
    weighted = np.einsum("io,tboc->tbic", root, kernel)
    unfolded = weighted.transpose(2, 0, 1, 3).reshape(inputs, -1)
    left = np.linalg.svd(unfolded, full_matrices=False)[0][:, : ranks[0]]
    right = np.linalg.eigh(moments.covariance[:-1, :-1])[1][:, : -1 - ranks[1] : -1]
    core = np.einsum("tbic,ir,cs->tbrs", weighted, left, right)
    mean = moments.mean[:-1]
    return inverse @ left, core, right.T, mean + (bias - mean) @ right @ right.T
