"""Cut the dead filters out of a trained musicnn: the same scores for a fraction of the work.

Weight decay drove most front-end filters of the published networks to kernels of zero; what they pass
on is a constant. This module folds those constants into the layers behind, leaves the filters out, and
arranges the rest for ``architectures.deployed_musicnn``.

Conventions
-----------
Weights are a mapping from checkpoint names ("conv2d_5/kernel") to float32 arrays in the checkpoint's
shapes; nothing is changed in place. A front-end block is named by its index in ``FRONT_KERNELS``.
A filter's *strength* is the norm of its kernel times the scale of its batch normalisation: how much
its output moves, at most, for a patch of norm 1.

Contents
--------
``SlimMusicnn``    what ``deployed_musicnn`` is built and filled with
``slim_musicnn``   a checkpoint's weights -> ``SlimMusicnn``
``affine``         a batch normalisation as scale and offset
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.architectures import FRONT_KERNELS, MID_LAYERS, numbered

Array = npt.NDArray[np.float32]
Weights = Mapping[str, Array]

CONSTANT_BELOW = 1e-3
"""A weaker filter counts as constant. Together with ``FILTER_BLOCK`` this moved no score by more than 4e-6 on
music, noise, tones and silence; ``import_musicnn`` measures it at every export."""
FILTER_BLOCK = 16
"""ONNX Runtime computes filters in blocks of 16 (AVX-512) or 8, so those that fill a block cost nothing."""
CARRIER_BLOCK = 2
"""The front-end block that carries the constants; its last filter block is not full in either network."""


@dataclass(frozen=True, slots=True)
class SlimMusicnn:
    """``weights`` by the names of ``deployed_musicnn``'s variables; ``signs`` by block and filter, 1 or -1."""

    weights: dict[str, Array]
    signs: tuple[tuple[float, ...], ...]
    scale: float
    offset: float


def affine(weights: Weights, layer: str) -> tuple[Array, Array]:
    """A batch normalisation as scale and offset of each channel."""
    scale: Array = weights[f"{layer}/gamma"] / np.sqrt(weights[f"{layer}/moving_variance"] + np.float32(1e-3))
    offset: Array = weights[f"{layer}/beta"] - weights[f"{layer}/moving_mean"] * scale
    return scale, offset


def slim_musicnn(weights: Weights) -> SlimMusicnn:
    """The weights of an equivalent ``deployed_musicnn``.

    The convolution behind the front end pads time with zeros, so a constant channel is not simply a bias
    there. One filter is therefore added, the *carrier*, whose output is 1 everywhere; every cut channel is
    the carrier times its constant. With ``restore`` (old channels, new channels) as that linear map, the
    layers behind take ``restore`` into their kernels.
    """
    slim: dict[str, Array] = {}
    signs = []
    restore_blocks = []
    for index in range(len(FRONT_KERNELS)):
        block, sign, restore = _slim_block(weights, index)
        slim.update(block)
        signs.append(tuple(sign.tolist()))
        restore_blocks.append(restore)
    restore = _joined(restore_blocks)
    mid_end = {numbered(name, index + offset) for index in MID_LAYERS for name, offset in _MID_NAMES}
    slim.update({name: value for name, value in weights.items() if name.split("/")[0] in mid_end})
    first = f"{numbered('conv2d', MID_LAYERS[0])}/kernel"
    slim[first] = np.einsum("tcof,cn->tnof", weights[first], restore)
    slim.update(_slim_back_end(weights, restore))
    scale, offset = affine(weights, "batch_normalization")
    return SlimMusicnn(slim, tuple(signs), float(scale[0]), float(offset[0]))


_MID_NAMES = (("conv2d", 0), ("batch_normalization", 1))


def _slim_block(weights: Weights, index: int) -> tuple[dict[str, Array], Array, Array]:
    """Weights and signs of the kept filters of a block, and its part of ``restore``.

    The last column of that part belongs to the carrier, whether or not the block has it.
    """
    convolution, normalisation = numbered("conv2d", index), numbered("batch_normalization", index + 1)
    kernel, bias = weights[f"{convolution}/kernel"], weights[f"{convolution}/bias"]
    scale, offset = affine(weights, normalisation)
    carrier = index == CARRIER_BLOCK
    keep = _kept(np.abs(scale) * np.linalg.norm(kernel.reshape(-1, kernel.shape[-1]), axis=0), int(carrier))

    sign = np.where(scale[keep] < 0, -1, 1).astype(np.float32)
    block = {
        f"{convolution}/kernel": kernel[..., keep] * sign,
        f"{convolution}/bias": bias[keep] * sign,
        f"{normalisation}/gamma": scale[keep],
        f"{normalisation}/beta": offset[keep],
        f"{normalisation}/moving_mean": np.zeros_like(scale[keep]),
        f"{normalisation}/moving_variance": np.ones_like(scale[keep]),
    }
    if carrier:
        sign = np.append(sign, np.float32(1))
        ending = {"kernel": 0, "bias": 0, "gamma": 0, "beta": 1, "moving_mean": 0, "moving_variance": 1}
        block = {
            name: np.concatenate([value, np.full_like(value[..., :1], ending[name.split("/")[1]])], axis=-1)
            for name, value in block.items()
        }
    constants = scale * np.maximum(bias, 0) + offset
    constants[keep] = 0
    restore = np.column_stack([np.eye(len(scale), dtype=np.float32)[:, keep], constants])
    return block, sign, restore


def _kept(strengths: Array, reserved: int) -> npt.NDArray[np.intp]:
    """The strongest filters in their old order: all that are not constant, and what fills the filter block."""
    needed = int(np.sum(strengths >= CONSTANT_BELOW)) + reserved
    number = min(-(-needed // FILTER_BLOCK) * FILTER_BLOCK - reserved, len(strengths))
    return np.sort(np.argsort(-strengths, kind="stable")[:number])


def _joined(blocks: list[Array]) -> Array:
    """The blocks' parts as one (old channels, new channels) matrix, all constants in the carrier's column."""
    widths = [block.shape[1] - 1 + (index == CARRIER_BLOCK) for index, block in enumerate(blocks)]
    carrier = sum(widths[: CARRIER_BLOCK + 1]) - 1
    joined = np.zeros((sum(len(block) for block in blocks), sum(widths)), np.float32)
    row = column = 0
    for block, width in zip(blocks, widths, strict=True):
        joined[row : row + len(block), column : column + block.shape[1] - 1] = block[:, :-1]
        joined[row : row + len(block), carrier] = block[:, -1]
        row, column = row + len(block), column + width
    return joined


def _slim_back_end(weights: Weights, restore: Array) -> dict[str, Array]:
    """Dense layers with the normalisation before each folded in; maxima first, then means.

    Maximum and mean over time of a cut channel are its constant, so ``restore`` holds for them too.
    """
    scale, offset = affine(weights, "batch_normalization_9")
    kernel = weights["dense/kernel"]
    pairs = (scale[:, np.newaxis] * kernel).reshape(-1, 2, kernel.shape[1])  # (channel, [max, mean], unit)
    front, later = pairs[: len(restore)], pairs[len(restore) :]
    parts = [np.concatenate([restore.T @ front[:, kind], later[:, kind]]) for kind in range(2)]
    last_scale, last_offset = affine(weights, "batch_normalization_10")
    last_kernel = weights["dense_1/kernel"]
    return {
        "dense/kernel": np.concatenate(parts),
        "dense/bias": weights["dense/bias"] + offset @ kernel,
        "dense_1/kernel": last_scale[:, np.newaxis] * last_kernel,
        "dense_1/bias": weights["dense_1/bias"] + last_offset @ last_kernel,
    }
