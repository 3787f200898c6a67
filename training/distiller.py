"""The training loop of ``distill``: a student learns the teachers' soft scores.

Goal: a run that can be killed at any moment and goes on with the last check, as if nothing had happened.

The target of a label is the sigmoid of the mean logit of the teachers of its set; the loss is the sigmoid cross-entropy
against that soft target, and where a trunk follows a teacher of its own, of that trunk against that teacher too. A
label that hardly varies would hardly be learned, so its loss may weigh more (``Distillation.rare_label_weight``).
Optimiser: Adam with a cosine schedule. The student is the moving average of the weights.

Contents
--------
``Run``               train, or go on
``Check``             what is known after some steps
``label_weights``, ``mean_correlation``
"""

import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import keras
import msgspec
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from training.config import TrainingError
from training.dataset import replacing
from training.distill_config import Distillation
from training.distill_material import Material, TagSet
from training.networks import probabilities
from training.students import heads, in_bfloat16, starting_network

Floats = npt.NDArray[np.float32]
_WARM_UP = 0.03
"""Share of the steps in which the learning rate rises."""
_LOWEST_RATE = 0.01
_LEAST_SPREAD = 0.005
"""Standard deviation of a label's targets below which its weight rises no more."""


class Check(msgspec.Struct, frozen=True):
    """After ``step`` steps: mean training loss since the last check, and on the validation groups' tracks, for each
    tag set, the mean correlation of the labels and the mean absolute difference to the targets.
    """

    step: int
    loss: float
    correlation: tuple[float, ...]
    difference: tuple[float, ...]
    seconds: float


class Run:
    """A distillation in its folder: ``settings.toml``, ``checks.json`` and ``checkpoint.npz``, or the beginning of one.

    ``learner`` is the moving average of what is trained, giving logits in the columns of the material, and ``student``
    what it says of the tags. ``mixed`` are made-up patches of ``train``.
    """

    def __init__(
        self,
        folder: Path,
        settings: Distillation,
        tag_sets: Sequence[TagSet],
        train: Material,
        mixed: Material | None = None,
    ) -> None:
        self.folder = folder
        self.settings = settings
        self._widths = [len(tags.labels) for tags in tag_sets]
        self._train = train
        self.mixed = mixed
        self.checks: list[Check] = []
        music, _ = train.batch(np.random.default_rng(settings.seed), settings.calibration_patches)
        self.learner = starting_network(settings, tag_sets, music)
        self.student = heads(self.learner)
        self._network = in_bfloat16(self.learner) if settings.precision == "bfloat16" else _copy(self.learner)
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
        settings, start = self.settings, time.monotonic()
        if not self.checks:
            self._check(valid, 0, 0.0, start, report)
        while self.steps < settings.steps and (not minutes or time.monotonic() - start < 60 * minutes):
            began, losses = time.monotonic(), []
            end = min(settings.steps, self.steps + settings.steps_between_checks)
            for step in range(self.steps, end):
                patches, targets = self._batch(np.random.default_rng((settings.seed, step)))
                losses.append(float(self._step(tf.constant(patches), tf.constant(targets))))
            if not np.isfinite(losses).all():
                raise TrainingError(f"the loss of {self.folder} is not finite; start anew with a lower learning_rate")
            self._check(valid, end, float(np.mean(losses)), began, report)
            self._save()

    def scores(self, patches: Floats) -> Floats:
        """The student's probabilities."""
        return self._score(patches)

    def _batch(self, generator: np.random.Generator) -> tuple[Floats, Floats]:
        """Of the music and, if there are any, of the mixed patches."""
        size = self.settings.batch_size
        if self.mixed is None:
            return self._train.batch(generator, size)
        made_up = round(self.settings.mixed_share * size)
        parts = [
            material.batch(generator, share)
            for material, share in ((self._train, size - made_up), (self.mixed, made_up))
            if share
        ]
        return np.concatenate([patches for patches, _ in parts]), np.concatenate([targets for _, targets in parts])

    def _one_step(self, patches: tf.Tensor, targets: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            logits = self._network(patches, training=True)
            each = tf.nn.sigmoid_cross_entropy_with_logits(labels=targets, logits=logits)
            loss = tf.reduce_mean(each * self._weights)
        variables = self._network.trainable_variables
        self._optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
        done = tf.cast(self._optimizer.iterations, tf.float32)
        momentum = tf.minimum(self.settings.average_momentum, done / (done + 10))
        for average, variable in zip(self.learner.trainable_variables, variables, strict=True):
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
        return [*self._network.variables, *self.learner.variables, *self._optimizer.variables]

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


def _copy(network: keras.Model) -> keras.Model:
    copy = keras.models.clone_model(network)
    copy.set_weights(network.get_weights())
    return copy


def _schedule(settings: Distillation) -> keras.optimizers.schedules.LearningRateSchedule:
    warm_up = max(1, round(_WARM_UP * settings.steps))
    return keras.optimizers.schedules.CosineDecay(
        0.0,
        decay_steps=max(1, settings.steps - warm_up),
        alpha=_LOWEST_RATE,
        warmup_target=settings.learning_rate,
        warmup_steps=warm_up,
    )
