"""Students for ``distill``, before they have learned: compressed published networks, or random ones, side by side.

A student has one trunk for each tag set; its output is the labels of all sets, in order.

Contents: ``starting_student``, ``in_bfloat16``, ``with_probabilities``.
"""

from collections.abc import Sequence

import keras
import numpy as np
import numpy.typing as npt
from keras import layers

from training.architectures import MSD_VGG_POOLS, MTT_VGG_POOLS, PATCH, compact_vgg
from training.compress import Size, compact_network, compact_weights, slim_vgg
from training.distill_config import Distillation, Trunk
from training.distill_material import TagSet
from training.published_musicnn import fetch_wheel, open_wheel, read_labels, read_weights

Floats = npt.NDArray[np.float32]
POOLS = {"MTT_vgg": MTT_VGG_POOLS, "MSD_vgg": MSD_VGG_POOLS}
_SCRATCH_WIDTHS = (64, 96, 96, 128)
"""Filters of the later convolutions where no published network says how many."""
_UNLIKELY = -3.0
"""First logit of a label without a published network: it is rare."""
_LEAST_SPREAD = 0.005
"""Standard deviation of music that is taken for silence."""


def starting_student(settings: Distillation, tag_sets: Sequence[TagSet], music: Floats) -> keras.Model:
    """The compressed networks side by side, giving logits of all labels; ``music`` is what they are measured on.

    Raises ``ModelError`` if the published networks cannot be had.
    """
    patches = keras.Input(PATCH, name="patches")
    keras.utils.set_random_seed(settings.seed)
    trunks = [
        (_from_scratch if trunk.start == "scratch" else _compressed)(trunk, tags, music, settings.seed)(patches)
        for trunk, tags in zip(settings.trunks, tag_sets, strict=True)
    ]
    logits = layers.Concatenate()(trunks) if len(trunks) > 1 else trunks[0]
    return keras.Model(patches, logits, name="student")


def _compressed(trunk: Trunk, tags: TagSet, music: Floats, seed: int) -> keras.Model:
    """A published vgg; where the tag set has other labels than its own, with a new last layer."""
    with open_wheel(fetch_wheel()) as wheel:
        slim = slim_vgg(read_weights(wheel, trunk.start), POOLS[trunk.start])
        known = read_labels(wheel, trunk.start)
    size = Size(trunk.first, trunk.ranks)
    arrays = compact_weights(slim, size, music, seed)
    if known != tags.labels:
        shape = (len(arrays["dense/kernel"]), len(tags.labels))
        arrays["dense/kernel"] = np.asarray(keras.initializers.GlorotUniform(seed)(shape))
        arrays["dense/bias"] = np.full(shape[1], _UNLIKELY, np.float32)
    return compact_network(slim, size, arrays, activation=None, name=tags.name)


def _from_scratch(trunk: Trunk, tags: TagSet, music: Floats, _seed: int) -> keras.Model:
    """Random kernels; the patch is normalised by what the music is like. The seed was set before."""
    scale = 1 / max(float(music.std()), _LEAST_SPREAD)
    offset = -float(music.mean()) * scale
    return compact_vgg(
        MTT_VGG_POOLS, trunk.first, trunk.ranks, _SCRATCH_WIDTHS, len(tags.labels), scale, offset, None, tags.name
    )


def in_bfloat16(student: keras.Model) -> keras.Model:
    """A copy whose convolutions and pools compute in bfloat16; its weights stay float32, and so do input and logits."""
    rounded = (layers.Conv2D, layers.MaxPooling2D, layers.ZeroPadding2D, layers.Reshape)

    def copied(layer: keras.Layer) -> keras.Layer:
        settings = layer.get_config()
        if isinstance(layer, rounded):
            settings["dtype"] = "mixed_bfloat16"
        return layer.__class__.from_config(settings)

    copy = keras.models.clone_model(student, clone_function=copied, recursive=True)
    copy.set_weights(student.get_weights())
    return copy


def with_probabilities(student: keras.Model) -> keras.Model:
    """The same network with a sigmoid behind it, as it ships."""
    return keras.Model(student.input, keras.activations.sigmoid(student.output), name="student")
