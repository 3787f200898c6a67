"""Students for ``distill``, before they have learned: compressed published networks, or random ones, side by side.

A student has one or more trunks for each tag set. A linear head for each set listens to the last features of all
trunks, those of the other sets too, for which they cost nothing: what tells a sitar also tells India. Its output is the
labels of all sets, in the order in which the settings name them. While it learns, a trunk that follows a teacher of its
own has a last layer of its own.

Contents: ``starting_network``, ``heads``, ``in_bfloat16``, ``with_probabilities``.
"""

from collections.abc import Sequence

import keras
import numpy as np
import numpy.typing as npt
from keras import layers

from training.architectures import MSD_VGG_POOLS, MTT_VGG_POOLS, PATCH
from training.compact_architectures import MusicnnSize, compact_vgg
from training.compress_musicnn import compact_musicnn_network, compact_musicnn_weights
from training.compress_vgg import Size, compact_network, compact_weights, slim_vgg
from training.distill_config import Distillation, MusicnnTrunk, Trunk, VggTrunk
from training.distill_material import TagSet
from training.published_musicnn import fetch_wheel, open_wheel, read_labels, read_weights

Floats = npt.NDArray[np.float32]
POOLS = {"MTT_vgg": MTT_VGG_POOLS, "MSD_vgg": MSD_VGG_POOLS}
_HEADS = "heads"
_SCRATCH_WIDTHS = (64, 96, 96, 128)
"""Filters of the later convolutions where no published network says how many."""
_UNLIKELY = -3.0
"""First logit of a label without a published network: it is rare."""
_LEAST_SPREAD = 0.005
"""Standard deviation of music that is taken for silence."""


def starting_network(settings: Distillation, tag_sets: Sequence[TagSet], music: Floats) -> keras.Model:
    """The compressed networks side by side, giving logits in the columns of a ``Material``; they are measured on
    ``music``.

    A set's head begins as the mean of its own trunks' last layers and does not listen to the other trunks yet.
    Raises ``ModelError`` if the published networks cannot be had.
    """
    patches = keras.Input(PATCH, name="patches")
    keras.utils.set_random_seed(settings.seed)
    by_name = {tags.name: tags for tags in tag_sets}
    trunks = [
        _trunk(f"trunk{number}", trunk, by_name[trunk.tag_set], music, settings.seed)
        for number, trunk in enumerate(settings.trunks, start=1)
    ]
    last = [trunk.layers[-1] for trunk in trunks]
    features = [
        keras.Model(trunk.input, layer.input, name=trunk.name)(patches)
        for trunk, layer in zip(trunks, last, strict=True)
    ]
    starts = [layer.get_weights() for layer in last]
    everything = _side_by_side(features)
    said = [
        _dense(f"head{number}", everything, *_mean_of_its_trunks(tags.name, settings.trunks, starts))
        for number, tags in enumerate(tag_sets, start=1)
    ]
    student = layers.Identity(name=_HEADS)(_side_by_side(said))
    alone = [
        _dense(f"alone{number}", heard, *start)
        for number, (trunk, heard, start) in enumerate(zip(settings.trunks, features, starts, strict=True), start=1)
        if trunk.teacher
    ]
    return keras.Model(patches, _side_by_side([student, *alone]), name="learner")


def heads(network: keras.Model) -> keras.Model:
    """The student in a ``starting_network``, with the same weights: what it says of the labels of all tag sets."""
    return keras.Model(network.input, network.get_layer(_HEADS).output, name="student")


def _side_by_side(tensors: Sequence[keras.KerasTensor]) -> keras.KerasTensor:
    return layers.Concatenate()(tensors) if len(tensors) > 1 else tensors[0]


def _dense(name: str, heard: keras.KerasTensor, kernel: Floats, bias: Floats) -> keras.KerasTensor:
    layer = layers.Dense(len(bias), name=name)
    said = layer(heard)
    layer.set_weights([kernel, bias])
    return said


def _mean_of_its_trunks(
    tag_set: str, trunks: Sequence[Trunk], starts: Sequence[tuple[Floats, Floats]]
) -> tuple[Floats, Floats]:
    """Kernel (features of all trunks, labels) and bias."""
    biases = [bias for trunk, (_, bias) in zip(trunks, starts, strict=True) if trunk.tag_set == tag_set]
    kernels = [
        kernel / len(biases) if trunk.tag_set == tag_set else np.zeros((len(kernel), len(biases[0])), np.float32)
        for trunk, (kernel, _) in zip(trunks, starts, strict=True)
    ]
    return np.concatenate(kernels), np.mean(biases, axis=0)


def _trunk(name: str, trunk: Trunk, tags: TagSet, music: Floats, seed: int) -> keras.Model:
    """Where the tag set has other labels than the published network, with a new last layer."""
    if trunk.start == "scratch":
        return _from_scratch(trunk, tags, music, name)
    with open_wheel(fetch_wheel()) as wheel:
        weights, known = read_weights(wheel, trunk.start), read_labels(wheel, trunk.start)
    if isinstance(trunk, MusicnnTrunk):
        size = MusicnnSize(trunk.frame_step, trunk.band_steps, trunk.bases)
        compact = compact_musicnn_weights(weights, size, music, seed)
        if known != tags.labels:
            _forget_labels(compact.arrays, "dense_1", len(tags.labels), seed)
        return compact_musicnn_network(compact, name)
    slim, small = slim_vgg(weights, POOLS[trunk.start]), Size(trunk.first, trunk.ranks, trunk.frame_step)
    arrays = compact_weights(slim, small, music, seed)
    if known != tags.labels:
        _forget_labels(arrays, "dense", len(tags.labels), seed)
    return compact_network(slim, small, arrays, name)


def _forget_labels(arrays: dict[str, Floats], layer: str, labels: int, seed: int) -> None:
    """Exchange a last layer for a random one of so many labels."""
    shape = (len(arrays[f"{layer}/kernel"]), labels)
    arrays[f"{layer}/kernel"] = np.asarray(keras.initializers.GlorotUniform(seed)(shape))
    arrays[f"{layer}/bias"] = np.full(labels, _UNLIKELY, np.float32)


def _from_scratch(trunk: VggTrunk, tags: TagSet, music: Floats, name: str) -> keras.Model:
    """Random kernels; the patch is normalised by what the music is like. The seed was set before."""
    scale = 1 / max(float(music.std()), _LEAST_SPREAD)
    offset = -float(music.mean()) * scale
    return compact_vgg(
        MTT_VGG_POOLS,
        trunk.first,
        trunk.ranks,
        _SCRATCH_WIDTHS,
        len(tags.labels),
        scale,
        offset,
        name,
        trunk.frame_step,
    )


def in_bfloat16(network: keras.Model) -> keras.Model:
    """A copy whose convolutions and pools compute in bfloat16; its weights stay float32, and so do input and logits."""
    rounded = (layers.Conv2D, layers.MaxPooling2D, layers.ZeroPadding2D, layers.Reshape)

    def copied(layer: keras.Layer) -> keras.Layer:
        settings = layer.get_config()
        if isinstance(layer, rounded):
            settings["dtype"] = "mixed_bfloat16"
        return layer.__class__.from_config(settings)

    copy = keras.models.clone_model(network, clone_function=copied, recursive=True)
    copy.set_weights(network.get_weights())
    return copy


def with_probabilities(student: keras.Model) -> keras.Model:
    """The same network with a sigmoid behind it, as it ships."""
    return keras.Model(student.input, keras.activations.sigmoid(student.output), name="student")
