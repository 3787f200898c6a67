"""The networks, each a small Keras function, from two convolutions to a residual network.

Goal: networks that can be compared under one budget, and two that a published checkpoint fills without a
remainder, ``musicnn`` and ``vgg``.

Conventions
-----------
The input is ``patches``, float32 (batch, frames, bands), 187 x 96 by default; the output is ``scores``, sigmoids
(batch, labels), or logits where ``activation`` is ``None``, as training wants them. Images are (batch, frames, bands,
filters), sequences (batch, frames, filters). Layers of ``musicnn`` and ``vgg`` carry the names of the original graph
("conv2d_5"), so a variable's path is its name in the checkpoint. Batch normalisation uses Keras' epsilon 1e-3, as the
originals did. The output stays float32 in mixed precision.

Contents
--------
``ARCHITECTURES``         name -> function of (shape, labels, activation)
``shallow``               two or three convolutions over time, with or without max pooling, a fully connected layer
``vgg``                   five 3x3 convolutions; the pools differ between the published networks
``musicnn``               five front-end blocks, three dense residual layers, pooling over time
``deployed_musicnn``      the same function of the patch, arranged for fast inference
``short_chunk_resnet``    seven residual blocks that halve the image, maximum over what is left
``fast``                  strided separable convolutions, for the app

Sources: S. Dieleman, B. Schrauwen, "End-to-end learning for music audio", ICASSP 2014 (``shallow``); J. Pons, X. Serra,
"musicnn: pre-trained convolutional neural networks for music audio tagging", ISMIR late-breaking 2019, and the graphs
stored with its checkpoints; M. Won, A. Ferraro, D. Bogdanov, X. Serra, "Evaluation of CNN-based automatic music tagging
models", SMC 2020 (``short_chunk_resnet``); A. Howard et al., "MobileNets", 2017 (``fast``).
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType

import keras
from keras import layers, ops

PATCH_FRAMES = 187
MEL_BANDS = 96
Shape = tuple[int, int]
"""(frames, bands) of a patch."""
PATCH: Shape = (PATCH_FRAMES, MEL_BANDS)
Architecture = Callable[[Shape, int, str | None], keras.Model]

TIMBRAL_FRAMES = 7
TIMBRAL_SHARES = (0.4, 0.7)
"""Of the bands: a timbral kernel spans these and is slid over time and pitch."""
TEMPORAL_FRAMES = (128, 64, 32)


def front_kernels(bands: int) -> tuple[Shape, ...]:
    """Kernels (frames, bands) of the front end of ``musicnn``, two timbral and three temporal ones."""
    timbral = tuple((TIMBRAL_FRAMES, int(share * bands)) for share in TIMBRAL_SHARES)
    return timbral + tuple((frames, 1) for frames in TEMPORAL_FRAMES)


FRONT_KERNELS = front_kernels(MEL_BANDS)
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

SHALLOW_FILTERS = 32
SHALLOW_KERNEL = 8
"""Frames."""
SHALLOW_POOL = 4
SHALLOW_UNITS = 100
MOMENTUM = 0.9
"""Of the running statistics: Keras' 0.99 needs hundreds of steps, and a small data set has ten in an epoch."""
RESIDUAL_FILTERS = (128, 128, 256, 256, 256, 256, 512)
FAST_FILTERS = (24, 48, 96, 160, 256)
"""Of the first convolution and of the separable ones, each of which halves the image."""


def shallow(
    shape: Shape, labels: int, activation: str | None = "sigmoid", *, convolutions: int, pooling: bool
) -> keras.Model:
    """Convolutions over time that see all bands at once, then a fully connected layer."""
    patches = keras.Input(shape, name="patches")
    x = _normalisation()(patches)
    for _ in range(convolutions):
        x = layers.Conv1D(SHALLOW_FILTERS, SHALLOW_KERNEL, padding="same", activation="relu")(x)
        if pooling:
            x = layers.MaxPooling1D(SHALLOW_POOL, padding="same")(x)
    x = layers.Dense(SHALLOW_UNITS, activation="relu")(layers.Flatten()(x))
    return keras.Model(patches, _head(layers.Dropout(0.5)(x), labels, activation), name="shallow")


def short_chunk_resnet(shape: Shape, labels: int, activation: str | None = "sigmoid") -> keras.Model:
    """Residual blocks of two 3x3 convolutions, the first of stride 2; 12 million parameters on 96 bands."""
    patches, x = _patch_image(shape)
    for filters in RESIDUAL_FILTERS:
        y = _normalised(layers.Conv2D(filters, 3, strides=2, padding="same", use_bias=False)(x))
        y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(layers.ReLU()(y))
        shortcut = layers.Conv2D(filters, 3, strides=2, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.Add()([_normalised(y), _normalised(shortcut)]))
    x = layers.GlobalMaxPooling2D()(x)
    x = layers.ReLU()(_normalised(layers.Dense(RESIDUAL_FILTERS[-1], use_bias=False)(x)))
    return keras.Model(patches, _head(layers.Dropout(0.5)(x), labels, activation), name="short_chunk_resnet")


def fast(shape: Shape, labels: int, activation: str | None = "sigmoid") -> keras.Model:
    """A network for a processor: little work at full resolution, maximum and mean over time and bands in the end."""
    patches, x = _patch_image(shape)
    first, *others = FAST_FILTERS
    x = layers.ReLU()(_normalised(layers.Conv2D(first, 3, strides=2, padding="same", use_bias=False)(x)))
    for filters in others:
        x = layers.DepthwiseConv2D(3, strides=2, padding="same", use_bias=False)(x)
        x = layers.ReLU()(_normalised(layers.Conv2D(filters, 1, use_bias=False)(x)))
        y = _normalised(layers.SeparableConv2D(filters, 3, padding="same", use_bias=False)(x))
        x = layers.ReLU()(layers.Add()([x, y]))
    x = layers.Concatenate()([layers.GlobalMaxPooling2D()(x), layers.GlobalAveragePooling2D()(x)])
    return keras.Model(patches, _head(layers.Dropout(0.3)(x), labels, activation), name="fast")


def musicnn(labels: int = 50, shape: Shape = PATCH, activation: str | None = "sigmoid") -> keras.Model:
    """The musically motivated network as it was trained."""
    patches, image = _patch_image(shape, "batch_normalization")
    front = []
    for index, (kernel, filters) in enumerate(zip(front_kernels(shape[1]), FRONT_FILTERS, strict=True)):
        x = _front_convolution(image, index, kernel, filters, activation="relu")
        x = _normalisation(numbered("batch_normalization", index + 1))(x)
        front.append(ops.max(x, axis=2))
    sequence = _mid_end(front)
    pooled = ops.stack([ops.max(sequence, axis=1), ops.mean(sequence, axis=1)], axis=-1)
    x = _normalisation("batch_normalization_9")(layers.Flatten()(pooled))
    x = layers.Dropout(0.5)(x)
    x = layers.Dense(PENULTIMATE_UNITS, activation="relu", name="dense")(x)
    x = _normalisation("batch_normalization_10")(x)
    x = layers.Dropout(0.5)(x)
    return keras.Model(patches, _head(x, labels, activation, name="dense_1"), name="musicnn")


def deployed_musicnn(labels: int, front_signs: Sequence[Sequence[float]], scale: float, offset: float) -> keras.Model:
    """``musicnn`` with the maximum over the bands taken right after the convolution, for inference only.

    Rectifier and batch normalisation are monotonic in each channel, so they may follow the maximum,
    where they cost 1/30 or less; a falling one (negative gamma) wants the minimum instead, which is the
    negated maximum of the negated convolution. ``front_signs`` holds, by block and filter, -1 for those,
    whose kernel and bias the caller negates, and 1 for the others. The input's batch normalisation, one
    number for all bands, is ``scale`` and ``offset``; those of the back end are in the dense layers.
    """
    patches = keras.Input(PATCH, name="patches")
    image = layers.Reshape((*PATCH, 1))(layers.Rescaling(scale, offset)(patches))
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


def vgg(
    pools: Sequence[Pool], labels: int = 50, shape: Shape = PATCH, activation: str | None = "sigmoid"
) -> keras.Model:
    """The baseline: 3x3 convolutions with ``MTT_VGG_POOLS`` or ``MSD_VGG_POOLS``, cut to the room of a small patch."""
    patches, x = _patch_image(shape, "batch_normalization")
    for number, (size, stride) in enumerate(pools, start=1):
        x = layers.Conv2D(VGG_FILTERS, 3, padding="same", activation="relu", name=f"{number}CNN")(x)
        x = _normalisation(f"batch_normalization_{number}")(x)
        room = (min(size[0], x.shape[1]), min(size[1], x.shape[2]))
        x = layers.MaxPooling2D(room, stride)(x)
    return keras.Model(patches, _head(layers.Flatten()(x), labels, activation, name="dense"), name="vgg")


ARCHITECTURES: Mapping[str, Architecture] = MappingProxyType(
    {
        "conv2": partial(shallow, convolutions=2, pooling=False),
        "conv2_pool": partial(shallow, convolutions=2, pooling=True),
        "conv3": partial(shallow, convolutions=3, pooling=False),
        "conv3_pool": partial(shallow, convolutions=3, pooling=True),
        "vgg": lambda shape, labels, activation: vgg(MTT_VGG_POOLS, labels, shape, activation),
        "musicnn": lambda shape, labels, activation: musicnn(labels, shape, activation),
        "short_chunk_resnet": short_chunk_resnet,
        "fast": fast,
    }
)
"""From shallow to deep; each learns on log-mel bands or MFCC, as its experiment says."""


def _patch_image(shape: Shape, name: str | None = None) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """The input, and the input as an image, normalised by a layer of this name."""
    patches = keras.Input(shape, name="patches")
    image = layers.Reshape((*shape, 1))(patches)
    return patches, _normalisation(name)(image)


def _head(x: keras.KerasTensor, labels: int, activation: str | None, name: str | None = None) -> keras.KerasTensor:
    return layers.Dense(labels, activation=activation, dtype="float32", name=name)(x)


def _normalised(x: keras.KerasTensor) -> keras.KerasTensor:
    return _normalisation()(x)


def _normalisation(name: str | None = None) -> keras.Layer:
    return layers.BatchNormalization(momentum=MOMENTUM, name=name)


def _front_convolution(
    image: keras.KerasTensor, index: int, kernel: tuple[int, int], filters: int, activation: str | None
) -> keras.KerasTensor:
    timbral = kernel[0] == TIMBRAL_FRAMES
    if timbral:  # "same" over time only: the bands are pooled away afterwards
        image = layers.ZeroPadding2D((kernel[0] // 2, 0))(image)
    padding = "valid" if timbral else "same"
    return layers.Conv2D(filters, kernel, padding=padding, activation=activation, name=numbered("conv2d", index))(image)


def _mid_end(front: Sequence[keras.KerasTensor]) -> keras.KerasTensor:
    """Three residual convolutions; every level goes on: (batch, frames, front-end + 3 * MID_FILTERS)."""
    x = layers.Concatenate()(front)
    levels = [x]
    for index in MID_LAYERS:
        y = layers.Conv1D(MID_FILTERS, 7, padding="same", activation="relu", name=numbered("conv2d", index))(x)
        y = _normalisation(numbered("batch_normalization", index + 1))(y)
        x = y if index == MID_LAYERS[0] else x + y
        levels.append(x)
    return layers.Concatenate()(levels)


def _affine(index: int) -> keras.Layer:
    """A batch normalisation whose statistics are 0 and 1: gamma * x + beta."""
    return layers.BatchNormalization(epsilon=0, name=numbered("batch_normalization", index))


def numbered(name: str, index: int) -> str:
    """TensorFlow 1's names: "conv2d", "conv2d_1", ..."""
    return f"{name}_{index}" if index else name
