"""The networks of Pons and Serra's *musicnn* (2019) as Keras models: ``musicnn`` and ``vgg``.

Goal: networks that a published checkpoint fills without a remainder and that can be trained again.

Conventions
-----------
The input is ``patches``, float32 (batch, 187 frames, 96 mel bands); the output is ``scores``,
sigmoids (batch, labels). Layers carry the names of the original graph ("conv2d_5"), so a variable's
path is its name in the checkpoint. Images are (batch, frames, bands, filters), sequences (batch, frames,
filters). Batch normalisation uses Keras' epsilon 1e-3, as the originals did.

Contents
--------
``musicnn``            five front-end blocks, three dense residual layers, pooling over time
``deployed_musicnn``   the same function of the patch, arranged for fast inference
``vgg``                five 3x3 convolutions; the pools differ between the published networks

Source: J. Pons, X. Serra, "musicnn: pre-trained convolutional neural networks for music audio tagging",
ISMIR late-breaking 2019, and the graphs stored with its checkpoints.
"""

from collections.abc import Sequence

import keras
from keras import layers, ops

PATCH_FRAMES = 187
MEL_BANDS = 96

TIMBRAL_KERNELS = ((7, 38), (7, 67))
"""(frames, bands): 40 % and 70 % of the spectrum, slid over time and pitch."""
TEMPORAL_KERNELS = ((128, 1), (64, 1), (32, 1))
FRONT_KERNELS = TIMBRAL_KERNELS + TEMPORAL_KERNELS
FRONT_FILTERS = (204, 204, 51, 51, 51)
MID_FILTERS = 64
MID_LAYERS = (5, 6, 7)
"""Numbers of the residual convolutions in the original graph."""
PENULTIMATE_UNITS = 200

Pool = tuple[tuple[int, int], tuple[int, int]]
"""(size, stride), each (frames, bands)."""
MTT_VGG_POOLS: tuple[Pool, ...] = (((4, 1), (2, 2)), *((((2, 2), (2, 2)),) * 3), ((4, 4), (4, 4)))
MSD_VGG_POOLS: tuple[Pool, ...] = tuple((size, size) for size in ((4, 1), (1, 4), (2, 2), (2, 2), (4, 4)))
"""Not what the published package builds, but what the checkpoint's own graph holds."""
VGG_FILTERS = 128


def musicnn(labels: int = 50) -> keras.Model:
    """The musically motivated network as it was trained."""
    patches, image = _patch_image()
    front = []
    for index, (kernel, filters) in enumerate(zip(FRONT_KERNELS, FRONT_FILTERS, strict=True)):
        x = _front_convolution(image, index, kernel, filters, activation="relu")
        x = layers.BatchNormalization(name=numbered("batch_normalization", index + 1))(x)
        front.append(ops.max(x, axis=2))
    sequence = _mid_end(front)
    pooled = ops.stack([ops.max(sequence, axis=1), ops.mean(sequence, axis=1)], axis=-1)
    x = layers.BatchNormalization(name="batch_normalization_9")(layers.Flatten()(pooled))
    x = layers.Dropout(0.5)(x)
    x = layers.Dense(PENULTIMATE_UNITS, activation="relu", name="dense")(x)
    x = layers.BatchNormalization(name="batch_normalization_10")(x)
    x = layers.Dropout(0.5)(x)
    scores = layers.Dense(labels, activation="sigmoid", name="dense_1")(x)
    return keras.Model(patches, scores, name="musicnn")


def deployed_musicnn(labels: int, front_signs: Sequence[Sequence[float]], scale: float, offset: float) -> keras.Model:
    """``musicnn`` with the maximum over the bands taken right after the convolution, for inference only.

    Rectifier and batch normalisation are monotonic in each channel, so they may follow the maximum,
    where they cost 1/30 or less; a falling one (negative gamma) wants the minimum instead, which is the
    negated maximum of the negated convolution. ``front_signs`` holds, by block and filter, -1 for those,
    whose kernel and bias the caller negates, and 1 for the others. The input's batch normalisation, one
    number for all bands, is ``scale`` and ``offset``; those of the back end are in the dense layers.
    """
    patches = keras.Input((PATCH_FRAMES, MEL_BANDS), name="patches")
    image = layers.Reshape((PATCH_FRAMES, MEL_BANDS, 1))(layers.Rescaling(scale, offset)(patches))
    front = []
    for index, (kernel, signs) in enumerate(zip(FRONT_KERNELS, front_signs, strict=True)):
        x = _front_convolution(image, index, kernel, len(signs), activation=None)
        x = ops.squeeze(layers.MaxPooling2D((1, x.shape[2]))(x), axis=2)
        x = ops.relu(x * ops.array(signs, dtype="float32"))
        front.append(_affine(index + 1)(x))
    sequence = _mid_end(front)
    x = layers.Concatenate()([ops.max(sequence, axis=1), ops.mean(sequence, axis=1)])
    x = layers.Dense(PENULTIMATE_UNITS, activation="relu", name="dense")(x)
    scores = layers.Dense(labels, activation="sigmoid", name="dense_1")(x)
    return keras.Model(patches, scores, name="musicnn")


def vgg(pools: Sequence[Pool], labels: int = 50) -> keras.Model:
    """The baseline: 3x3 convolutions with ``MTT_VGG_POOLS`` or ``MSD_VGG_POOLS``."""
    patches, x = _patch_image()
    for number, (size, stride) in enumerate(pools, start=1):
        x = layers.Conv2D(VGG_FILTERS, 3, padding="same", activation="relu", name=f"{number}CNN")(x)
        x = layers.BatchNormalization(name=f"batch_normalization_{number}")(x)
        x = layers.MaxPooling2D(size, stride)(x)
    scores = layers.Dense(labels, activation="sigmoid", name="dense")(layers.Flatten()(x))
    return keras.Model(patches, scores, name="vgg")


def _patch_image() -> tuple[keras.KerasTensor, keras.KerasTensor]:
    patches = keras.Input((PATCH_FRAMES, MEL_BANDS), name="patches")
    image = layers.Reshape((PATCH_FRAMES, MEL_BANDS, 1))(patches)
    return patches, layers.BatchNormalization(name="batch_normalization")(image)


def _front_convolution(
    image: keras.KerasTensor, index: int, kernel: tuple[int, int], filters: int, activation: str | None
) -> keras.KerasTensor:
    if kernel in TIMBRAL_KERNELS:  # "same" over time only: the bands are pooled away afterwards
        image = layers.ZeroPadding2D((kernel[0] // 2, 0))(image)
    padding = "valid" if kernel in TIMBRAL_KERNELS else "same"
    return layers.Conv2D(filters, kernel, padding=padding, activation=activation, name=numbered("conv2d", index))(image)


def _mid_end(front: Sequence[keras.KerasTensor]) -> keras.KerasTensor:
    """Three residual convolutions; every level goes on: (batch, frames, front-end + 3 * MID_FILTERS)."""
    x = layers.Concatenate()(front)
    levels = [x]
    for index in MID_LAYERS:
        y = layers.Conv1D(MID_FILTERS, 7, padding="same", activation="relu", name=numbered("conv2d", index))(x)
        y = layers.BatchNormalization(name=numbered("batch_normalization", index + 1))(y)
        x = y if index == MID_LAYERS[0] else x + y
        levels.append(x)
    return layers.Concatenate()(levels)


def _affine(index: int) -> keras.Layer:
    """A batch normalisation whose statistics are 0 and 1: gamma * x + beta."""
    return layers.BatchNormalization(epsilon=0, name=numbered("batch_normalization", index))


def numbered(name: str, index: int) -> str:
    """TensorFlow 1's names: "conv2d", "conv2d_1", ..."""
    return f"{name}_{index}" if index else name
