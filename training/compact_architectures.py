"""The published networks, arranged for a small budget: what ``compress_vgg`` and ``compress_musicnn`` fill.

Conventions are those of ``architectures``. ``scale`` and ``offset`` normalise the patch, one number for all bands.

Contents
--------
``slim_vgg_network``   ``vgg`` without its dead filters, the same function of the patch
``compact_vgg``        ``vgg`` with factorised convolutions
``compact_musicnn``    ``musicnn`` with factorised front-end kernels that look at some of the places only
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import keras
from keras import layers

from training.architectures import PATCH, PENULTIMATE_UNITS, TEMPORAL_FRAMES, Pool, Shape, front_kernels

FRONT_BLOCKS: tuple[tuple[str, Shape], ...] = (
    *zip(("timbral1", "timbral2"), front_kernels(PATCH[1]), strict=False),
    ("temporal", (TEMPORAL_FRAMES[0], 1)),
)
"""Names and kernels (frames, bands). The temporal kernels, of three lengths, are one block: each of them in the middle
of the longest."""
Signs = Sequence[float]
"""Of each filter: -1 where a falling batch normalisation stood behind its rectifier, else 1."""


@dataclass(frozen=True, slots=True)
class MusicnnSize:
    """How often ``compact_musicnn`` looks and how many directions it hears."""

    frame_step: int
    """Frames from one place of the front end to the next."""
    band_steps: tuple[int, ...]
    """The same in bands, for each block."""
    bases: tuple[int, ...]
    """Kernels that the filters of a block are mixed of."""


@dataclass(frozen=True, slots=True)
class MusicnnFilters:
    """Signs of the filters of each block and of each convolution of the mid end, which say how many there are."""

    front: tuple[tuple[float, ...], ...]
    mid: tuple[tuple[float, ...], ...]
    taps: int
    """Of the mid end's kernels."""


def slim_vgg_network(
    pools: Sequence[Pool], filters: Sequence[int], labels: int, scale: float, offset: float
) -> keras.Model:
    """``vgg`` as ``compress_vgg`` rewrites it: no batch normalisation, strides where the pool skips."""
    patches, x = _rescaled_image(scale, offset)
    for number, (width, pool) in enumerate(zip(filters, pools, strict=True), start=1):
        x = _strided_convolution(x, width, pool, name=f"conv{number}")
    scores = layers.Dense(labels, activation="sigmoid", name="dense")(_flat(x))
    return keras.Model(patches, scores, name="slim_vgg")


def compact_vgg(
    pools: Sequence[Pool],
    first: int,
    ranks: Sequence[tuple[int, int]],
    widths: Sequence[int],
    labels: int,
    scale: float,
    offset: float,
    name: str = "compact_vgg",
    frame_step: int = 1,
) -> keras.Model:
    """``slim_vgg_network`` with ``first`` filters in front, each later convolution as 1x1, 3x3, 1x1 of these ranks,
    giving logits.

    The first convolution looks at every ``frame_step``-th frame, which has to divide what the pool behind it takes.
    """
    patches, x = _rescaled_image(scale, offset)
    x = _strided_convolution(x, first, pools[0], name="conv1", frame_step=frame_step)
    for number, (rank, width, (size, stride)) in enumerate(zip(ranks, widths, pools[1:], strict=True), start=2):
        x = layers.Conv2D(rank[0], 1, name=f"reduce{number}")(x)
        x = layers.Conv2D(rank[1], 3, padding="same", use_bias=False, name=f"core{number}")(x)
        x = layers.Conv2D(width, 1, activation="relu", name=f"expand{number}")(x)
        x = layers.MaxPooling2D(size, stride)(x)
    return keras.Model(patches, layers.Dense(labels, name="dense")(_flat(x)), name=name)


def compact_musicnn(
    size: MusicnnSize, filters: MusicnnFilters, labels: int, scale: float, offset: float, name: str = "compact_musicnn"
) -> keras.Model:
    """``musicnn`` with every front-end block as a few kernels and a 1x1 convolution that mixes them, giving logits.

    As in ``deployed_musicnn``, the maximum over the bands comes before the rectifier. Sequences are images one band
    wide, so that all convolutions are of one kind.
    """
    patches, image = _rescaled_image(scale, offset)
    front = []
    for (block, kernel), signs, bands, basis in zip(
        FRONT_BLOCKS, filters.front, size.band_steps, size.bases, strict=True
    ):
        before = (kernel[0] - 1) // 2
        x = layers.ZeroPadding2D(((before, kernel[0] - 1 - before), (0, 0)))(image)
        x = layers.Conv2D(basis, kernel, strides=(size.frame_step, bands), use_bias=False, name=f"{block}_basis")(x)
        x = layers.Conv2D(len(signs), 1, name=f"{block}_mix")(x)
        x = layers.MaxPooling2D((1, x.shape[2]))(x)
        front.append(_signed(layers.ReLU()(_signed(x, signs)), signs))
    x = layers.Concatenate()(front)
    levels = [x]
    for number, signs in enumerate(filters.mid, start=1):
        kernel = (filters.taps, 1)
        y = layers.Conv2D(len(signs), kernel, padding="same", activation="relu", name=f"mid{number}")(x)
        y = _signed(y, signs)
        x = layers.Add()([x, y]) if number > 1 else y
        levels.append(x)
    x = layers.Concatenate()(levels)
    x = layers.Concatenate()([layers.GlobalMaxPooling2D()(x), layers.GlobalAveragePooling2D()(x)])
    x = layers.Dense(PENULTIMATE_UNITS, activation="relu", name="dense")(x)
    return keras.Model(patches, layers.Dense(labels, name="dense_1")(x), name=name)


def _rescaled_image(scale: float, offset: float) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    patches = keras.Input(PATCH, name="patches")
    return patches, layers.Reshape((*PATCH, 1))(layers.Rescaling(scale, offset)(patches))


def _strided_convolution(
    x: keras.KerasTensor, filters: int, pool: Pool, name: str, frame_step: int = 1
) -> keras.KerasTensor:
    """A 3x3 convolution, rectified and pooled; along an axis where the pool's window is 1, the convolution strides.
    With a ``frame_step``, it strides over frames too, and the pool takes as many fewer.
    """
    (frames, bands), (frames_on, bands_on) = pool
    size, stride = (frames // frame_step, bands), (frames_on // frame_step, bands_on)
    steps = tuple(step if length == 1 else 1 for length, step in zip(size, stride, strict=True))
    # "same" padding of a strided convolution begins where the length decides; this one always begins at place 0.
    x = layers.ZeroPadding2D(1)(x)
    strides = (frame_step * steps[0], steps[1])
    x = layers.Conv2D(filters, 3, strides=strides, activation="relu", name=name)(x)
    rest = tuple(step // taken for step, taken in zip(stride, steps, strict=True))
    return layers.MaxPooling2D(size, rest)(x)


def _flat(x: keras.KerasTensor) -> keras.KerasTensor:
    """As ``Flatten``, of which the converter makes ten nodes."""
    return layers.Reshape((math.prod(x.shape[1:]),))(x)


def _signed(x: keras.KerasTensor, signs: Signs) -> keras.KerasTensor:
    return layers.Rescaling(list(signs))(x) if min(signs) < 0 else x
