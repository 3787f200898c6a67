"""The training loop of ``distill``: a compressed student learns the teachers' soft scores.

Goal: a run that can be killed at any moment and goes on with the last check, as if nothing had happened.

The target of a label is the sigmoid of the mean logit of the teachers of its set; the loss is the sigmoid cross-entropy
against that soft target. A label that hardly varies would hardly be learned, so its loss may weigh more (``Distillation
.rare_label_weight``). Optimiser: Adam with a cosine schedule. The student is the moving average of the weights.

Contents
--------
``Student``           the network: one trunk a tag set, one output for all labels
``TagSet``            teachers with the same labels
``distil``            train, or go on
``Check``             what is known after some steps
"""

import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import keras
import msgspec
import numpy as np
import numpy.typing as npt
import tensorflow as tf
from keras import layers

from tagger_core.classifier import Classifier
from tagger_core.errors import SettingsError
from tagger_core.model_card import ModelFolder
from training.architectures import MSD_VGG_POOLS, MTT_VGG_POOLS, PATCH, compact_vgg
from training.compress import Size, compact_network, compact_weights, slim_vgg
from training.config import TrainingError
from training.dataset import replacing
from training.distill_config import Distillation, Trunk
from training.networks import probabilities
from training.published_musicnn import fetch_wheel, open_wheel, read_labels, read_weights
from training.soft_labels import Group
from training.soft_targets import averaged

Floats = npt.NDArray[np.float32]
POOLS = {"MTT_vgg": MTT_VGG_POOLS, "MSD_vgg": MSD_VGG_POOLS}
_SCRATCH_WIDTHS = (64, 96, 96, 128)
"""Filters of the later convolutions where no published network says how many."""
_UNLIKELY = -3.0
"""First logit of a label without a published network: it is rare."""
_WARM_UP = 0.03
"""Share of the steps in which the learning rate rises."""
_LOWEST_RATE = 0.01
_LEAST_SPREAD = 0.005
"""Standard deviation of a label's targets below which its weight rises no more."""


@dataclass(frozen=True)
class TagSet:
    """Teachers with the same labels; the first one gives the set its name."""

    teachers: tuple[Classifier, ...]

    @property
    def name(self) -> str:
        return self.teachers[0].card.name

    @property
    def labels(self) -> tuple[str, ...]:
        return self.teachers[0].card.label_names

    def targets(self, group: Group) -> Floats:
        """Probabilities (patches, labels): the teachers averaged in the logit domain."""
        return averaged([np.asarray(group.scores(teacher), np.float32) for teacher in self.teachers])


def tag_sets_of(settings: Distillation, teachers: Sequence[Path]) -> list[TagSet]:
    """The teachers of each trunk. Raises ``ModelError``, and ``SettingsError`` where they do not fit the trunks."""
    sets: dict[tuple[str, ...], list[Classifier]] = {}
    for path in teachers:
        teacher = Classifier(ModelFolder.load(path), "cpu")
        sets.setdefault(teacher.card.label_names, []).append(teacher)
    by_name = {members[0].card.name: TagSet(tuple(members)) for members in sets.values()}
    wanted = [trunk.tag_set for trunk in settings.trunks]
    if sorted(wanted) != sorted(by_name):
        raise SettingsError(f"the settings have trunks for {', '.join(wanted)}, the teachers are {', '.join(by_name)}")
    if len({teacher.card.features for members in sets.values() for teacher in members}) > 1:
        raise SettingsError("the teachers listen with different feature settings; a student has one front end")
    return [by_name[name] for name in wanted]


class Check(msgspec.Struct, frozen=True):
    """After ``step`` steps: mean training loss since the last check, and on the validation groups' tracks, for each
    tag set, the mean correlation of the labels and the mean absolute difference to the targets.
    """

    step: int
    loss: float
    correlation: tuple[float, ...]
    difference: tuple[float, ...]
    seconds: float


@dataclass(frozen=True)
class Material:
    """Patches with targets: ``spans`` are the tracks, as (group, first patch, end)."""

    groups: tuple[Group, ...]
    targets: tuple[Floats, ...]
    spans: tuple[tuple[int, int, int], ...]

    @classmethod
    def of(cls, groups: Sequence[Group], tag_sets: Sequence[TagSet]) -> "Material":
        targets = tuple(np.concatenate([tags.targets(group) for tags in tag_sets], axis=1) for group in groups)
        spans = [(number, *span) for number, group in enumerate(groups) for span in group.spans]
        return cls(tuple(groups), targets, tuple(spans))

    def batch(self, generator: np.random.Generator, size: int) -> tuple[Floats, Floats]:
        """Random patches of random tracks; a track's chance grows with the root of its length."""
        rows = [self._draw(generator) for _ in range(size)]
        patches = np.stack([self.groups[group].patches[patch] for group, patch in rows]).astype(np.float32)
        return patches, np.stack([self.targets[group][patch] for group, patch in rows])

    def sample(self, tracks: int, patches: int) -> "Material":
        """At most so many of the tracks, evenly taken, and of each the first so many patches."""
        spans = self.spans[:: max(1, -(-len(self.spans) // tracks))]
        return Material(
            self.groups, self.targets, tuple((g, start, min(end, start + patches)) for g, start, end in spans)
        )

    def track_targets(self) -> Floats:
        return np.stack([self.targets[group][start:end].mean(axis=0) for group, start, end in self.spans])

    def track_scores(self, scorer: Callable[[Floats], Floats]) -> Floats:
        """Mean scores (tracks, labels) of the student."""
        means = []
        for group, start, end in self.spans:
            patches = self.groups[group].patches
            parts = [
                scorer(np.asarray(patches[place : min(place + 32, end)], np.float32)) for place in range(start, end, 32)
            ]
            means.append(np.concatenate(parts).mean(axis=0))
        return np.stack(means)

    def _draw(self, generator: np.random.Generator) -> tuple[int, int]:
        number = int(np.searchsorted(self._chances, generator.random(), side="right"))
        group, start, end = self.spans[min(number, len(self.spans) - 1)]
        return group, int(generator.integers(start, end))

    @cached_property
    def _chances(self) -> npt.NDArray[np.float64]:
        """Cumulated, by track."""
        roots = np.sqrt([end - start for _, start, end in self.spans])
        cumulated: npt.NDArray[np.float64] = np.cumsum(roots) / roots.sum()
        return cumulated


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
    arrays = compact_weights(slim, size, music)
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


def with_probabilities(student: keras.Model) -> keras.Model:
    """The same network with a sigmoid behind it, as it ships."""
    return keras.Model(student.input, keras.activations.sigmoid(student.output), name="student")


class Run:
    """A distillation in its folder: ``settings.toml``, ``checks.json`` and ``checkpoint.npz``, or the beginning of one.

    ``student`` is the moving average of what is trained; it gives logits.
    """

    def __init__(self, folder: Path, settings: Distillation, tag_sets: Sequence[TagSet], train: Material) -> None:
        self.folder = folder
        self._settings = settings
        self._widths = [len(tags.labels) for tags in tag_sets]
        self._train = train
        self.checks: list[Check] = []
        music, _ = train.batch(np.random.default_rng(settings.seed), settings.calibration_patches)
        self._network = starting_student(settings, tag_sets, music)
        self.student = keras.models.clone_model(self._network)
        self.student.set_weights(self._network.get_weights())
        self._optimizer = keras.optimizers.Adam(_schedule(settings))
        self._optimizer.build(self._network.trainable_variables)
        self._weights = tf.constant(label_weights(train.targets, settings.rare_label_weight))
        self._step = tf.function(self._one_step)
        self._score = probabilities(self.student, logits=True)
        self._load()

    @property
    def steps(self) -> int:
        return self.checks[-1].step if self.checks else 0

    def train(self, valid: Material, minutes: float, report: Callable[[Check], None]) -> None:
        """Until the steps of the settings are done, or the minutes (0: no limit) over."""
        settings, start = self._settings, time.monotonic()
        if not self.checks:
            self._check(valid, 0, 0.0, start, report)
        while self.steps < settings.steps and (not minutes or time.monotonic() - start < 60 * minutes):
            began, losses = time.monotonic(), []
            end = min(settings.steps, self.steps + settings.steps_between_checks)
            for step in range(self.steps, end):
                patches, targets = self._train.batch(np.random.default_rng((settings.seed, step)), settings.batch_size)
                losses.append(float(self._step(tf.constant(patches), tf.constant(targets))))
            if not np.isfinite(losses).all():
                raise TrainingError(f"the loss of {self.folder} is not finite; start anew with a lower learning_rate")
            self._check(valid, end, float(np.mean(losses)), began, report)
            self._save()

    def scores(self, patches: Floats) -> Floats:
        """The student's probabilities."""
        return self._score(patches)

    def _one_step(self, patches: tf.Tensor, targets: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            logits = self._network(patches, training=True)
            each = tf.nn.sigmoid_cross_entropy_with_logits(labels=targets, logits=logits)
            loss = tf.reduce_mean(each * self._weights)
        variables = self._network.trainable_variables
        self._optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
        done = tf.cast(self._optimizer.iterations, tf.float32)
        momentum = tf.minimum(self._settings.average_momentum, done / (done + 10))
        for average, variable in zip(self.student.trainable_variables, variables, strict=True):
            average.assign(momentum * average + (1 - momentum) * variable)
        return loss

    def _check(self, valid: Material, step: int, loss: float, began: float, report: Callable[[Check], None]) -> None:
        heard, wanted = valid.track_scores(self.scores), valid.track_targets()
        ends = np.cumsum(self._widths)
        spans = [slice(end - width, end) for end, width in zip(ends, self._widths, strict=True)]
        check = Check(
            step=step,
            loss=loss,
            correlation=tuple(mean_correlation(heard[:, span], wanted[:, span]) for span in spans),
            difference=tuple(float(np.abs(heard[:, span] - wanted[:, span]).mean()) for span in spans),
            seconds=time.monotonic() - began,
        )
        self.checks.append(check)
        report(check)

    @property
    def _state(self) -> list[keras.Variable]:
        return [*self._network.variables, *self.student.variables, *self._optimizer.variables]

    def _save(self) -> None:
        arrays = {f"variable_{index}": variable.numpy() for index, variable in enumerate(self._state)}
        with replacing(self.folder / "checkpoint.npz") as temporary, temporary.open("wb") as file:
            np.savez(file, checks=np.frombuffer(msgspec.json.encode(self.checks), np.uint8), **arrays)
        with replacing(self.folder / "checks.json") as temporary:
            temporary.write_bytes(msgspec.json.format(msgspec.json.encode(self.checks)) + b"\n")

    def _load(self) -> None:
        path = self.folder / "checkpoint.npz"
        if not path.exists():
            return
        try:
            with np.load(path) as content:
                self.checks = msgspec.json.decode(content["checks"].tobytes(), type=list[Check])
                for index, variable in enumerate(self._state):
                    variable.assign(content[f"variable_{index}"])
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, msgspec.DecodeError) as error:
            raise TrainingError(f"{path} is damaged ({error}); delete {self.folder} and distil again") from error


def label_weights(targets: Sequence[Floats], strength: float) -> Floats:
    """Of the labels' losses, with the mean 1: the reciprocal of their standard deviation, to the power ``strength``."""
    spread = np.maximum(np.concatenate(targets).std(axis=0), _LEAST_SPREAD)
    weights = spread**-strength
    result: Floats = (weights / weights.mean()).astype(np.float32)
    return result


def mean_correlation(one: Floats, other: Floats) -> float:
    """The mean over labels of the correlation over tracks; labels that do not vary are left out."""
    varied = (one.std(axis=0) > 0) & (other.std(axis=0) > 0)
    values = [np.corrcoef(one[:, label], other[:, label])[0, 1] for label in np.flatnonzero(varied)]
    return float(np.mean(values)) if values else float("nan")


def _schedule(settings: Distillation) -> keras.optimizers.schedules.LearningRateSchedule:
    warm_up = max(1, round(_WARM_UP * settings.steps))
    return keras.optimizers.schedules.CosineDecay(
        0.0,
        decay_steps=max(1, settings.steps - warm_up),
        alpha=_LOWEST_RATE,
        warmup_target=settings.learning_rate,
        warmup_steps=warm_up,
    )
