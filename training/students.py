"""Students for ``distill``, before they have learned: compressed published networks, or random ones, side by side.

A student has one or more trunks for each tag set, whose logits are averaged; its output is the labels of all sets, in
the order in which the settings name them.

Contents: ``starting_trunks``, ``joined``, ``by_tag_set``, ``in_bfloat16``, ``with_probabilities``.
"""

from collections.abc import Sequence
from typing import TypeVar

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
Tensor = TypeVar("Tensor")
POOLS = {"MTT_vgg": MTT_VGG_POOLS, "MSD_vgg": MSD_VGG_POOLS}
_SCRATCH_WIDTHS = (64, 96, 96, 128)
"""Filters of the later convolutions where no published network says how many."""
_UNLIKELY = -3.0
"""First logit of a label without a published network: it is rare."""
_LEAST_SPREAD = 0.005
"""Standard deviation of music that is taken for silence."""


def starting_trunks(settings: Distillation, tag_sets: Sequence[TagSet], music: Floats) -> keras.Model:
    """The compressed networks side by side, giving a list of the trunks' logits; they are measured on ``music``.

    Raises ``ModelError`` if the published networks cannot be had.
    """
    patches = keras.Input(PATCH, name="patches")
    keras.utils.set_random_seed(settings.seed)
    by_name = {tags.name: tags for tags in tag_sets}
    logits = [
        _trunk(f"trunk{number}", trunk, by_name[trunk.tag_set], music, settings.seed)(patches)
        for number, trunk in enumerate(settings.trunks, start=1)
    ]
    return keras.Model(patches, logits, name="trunks")


def joined(trunks: keras.Model, settings: Distillation, tag_sets: Sequence[TagSet]) -> keras.Model:
    """The student: one output, the logits of all labels. It shares the trunks' weights."""
    logits = by_tag_set(trunks.outputs, settings, tag_sets)
    means = [layers.Average()(each) if len(each) > 1 else each[0] for each in logits]
    return keras.Model(trunks.input, layers.Concatenate()(means) if len(means) > 1 else means[0], name="student")


def by_tag_set(logits: Sequence[Tensor], settings: Distillation, tag_sets: Sequence[TagSet]) -> list[list[Tensor]]:
    """What the trunks say, for each tag set."""
    pairs = list(zip(settings.trunks, logits, strict=True))
    return [[said for trunk, said in pairs if trunk.tag_set == tags.name] for tags in tag_sets]


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
    slim = slim_vgg(weights, POOLS[trunk.start])
    arrays = compact_weights(slim, Size(trunk.first, trunk.ranks), music, seed)
    if known != tags.labels:
        _forget_labels(arrays, "dense", len(tags.labels), seed)
    return compact_network(slim, Size(trunk.first, trunk.ranks), arrays, name)


def _forget_labels(arrays: dict[str, Floats], layer: str, labels: int, seed: int) -> None:
    """Exchange a last layer for a random one of so many labels."""
    shape = (len(arrays[f"{layer}/kernel"]), labels)
    arrays[f"{layer}/kernel"] = np.asarray(keras.initializers.GlorotUniform(seed)(shape))
    arrays[f"{layer}/bias"] = np.full(labels, _UNLIKELY, np.float32)


def _from_scratch(trunk: VggTrunk, tags: TagSet, music: Floats, name: str) -> keras.Model:
    """Random kernels; the patch is normalised by what the music is like. The seed was set before."""
    scale = 1 / max(float(music.std()), _LEAST_SPREAD)
    offset = -float(music.mean()) * scale
    return compact_vgg(MTT_VGG_POOLS, trunk.first, trunk.ranks, _SCRATCH_WIDTHS, len(tags.labels), scale, offset, name)


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
