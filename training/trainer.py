"""The training loop: one experiment, one data set, one run folder, on any number of devices.

Goal: a run that can be killed at any moment and goes on with the last finished epoch, as if nothing had happened.

The loss is the sigmoid cross-entropy of the logits, the optimiser Adam; after each epoch the macro PR-AUC of the
validation clips decides whether this is the best network so far. With several devices each takes a batch of its
own and gradients are averaged: all GPUs of one machine (``MirroredStrategy``), or the workers that the
environment variable ``TF_CONFIG`` names (``MultiWorkerMirroredStrategy``), which share the run's folder;
the first of them writes.

Source of mixed precision with a scaled loss: Micikevicius et al., "Mixed precision training", ICLR 2018.
"""

import json
import math
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import keras
import msgspec
import numpy as np
import tensorflow as tf

from tagger_core.errors import DeviceError, SettingsError
from training.batches import Batch, Batches, shuffled
from training.config import Experiment, TrainingError
from training.dataset import Dataset, DatasetError, FeatureStore, Part
from training.metrics import ranking
from training.networks import build, load_state, probabilities, save_best, save_state
from training.progress import tracked
from training.run_folder import Epoch, Progress, RunFolder
from training.scoring import clip_scores, part_ids

Report = Callable[[Epoch], None]

_GAVE_UP = (
    tf.errors.ResourceExhaustedError,
    tf.errors.UnavailableError,
    tf.errors.AbortedError,
    tf.errors.CancelledError,
    tf.errors.DeadlineExceededError,
)
"""The world failed, not our graph: memory is out, or another worker is gone."""


def train(experiment: Experiment, dataset: Dataset, run: RunFolder, report: Report) -> Progress:
    """Train, or go on, until the experiment says that it is over; ``report`` is told each new epoch.

    Raises ``TrainingError``, ``DatasetError``, ``DeviceError``, ``SettingsError``; what was finished is kept.
    """
    try:
        return _Trainer(experiment, dataset, run).run(report)
    except _GAVE_UP as error:
        raise TrainingError(
            f"TensorFlow gave up ({str(error.message).splitlines()[0]}); what is finished is kept in {run.path}: "
            "start the same command again, with a smaller batch_size if memory was short"
        ) from error


@dataclass(frozen=True, slots=True)
class Spread:
    """Which devices share the work, and which of the workers this process is."""

    strategy: tf.distribute.Strategy
    worker: int = 0
    workers: int = 1

    @property
    def replicas(self) -> int:
        """Devices of all workers together."""
        return int(self.strategy.num_replicas_in_sync)

    @property
    def own_replicas(self) -> range:
        here = self.replicas // self.workers
        return range(self.worker * here, (self.worker + 1) * here)


def spread(experiment: Experiment) -> Spread:
    """Raises ``DeviceError`` if a GPU is asked for and there is none, ``SettingsError`` for a bad ``TF_CONFIG``."""
    gpus = tf.config.list_physical_devices("GPU")
    if experiment.device == "gpu" and not gpus:
        raise DeviceError(
            "the experiment asks for a GPU and TensorFlow finds none; install tensorflow[and-cuda] and the driver, "
            'or set device = "auto"'
        )
    if experiment.device == "cpu":
        tf.config.set_visible_devices([], "GPU")
        gpus = []
    if "TF_CONFIG" in os.environ:
        return _multi_worker(experiment)
    if len(gpus) > 1:
        return Spread(tf.distribute.MirroredStrategy())
    return Spread(tf.distribute.get_strategy())


def _multi_worker(experiment: Experiment) -> Spread:
    try:
        content = json.loads(os.environ["TF_CONFIG"])
        workers, index = len(content["cluster"]["worker"]), int(content["task"]["index"])
        known = content["task"]["type"] == "worker" and 0 <= index < workers
    except (ValueError, KeyError, TypeError) as error:
        raise SettingsError(f"TF_CONFIG is not valid ({error}); see training/README.md for an example") from error
    if not known:
        raise SettingsError("TF_CONFIG must name this process as one of its workers, from index 0 on")
    if experiment.minutes:
        raise SettingsError("minutes cannot limit a run on several workers: their clocks differ; set epochs instead")
    return Spread(tf.distribute.MultiWorkerMirroredStrategy(), index, workers)


class _Trainer:
    def __init__(self, experiment: Experiment, dataset: Dataset, run: RunFolder) -> None:
        self._experiment = experiment
        self._run = run
        self._spread = spread(experiment)
        self._strategy = self._spread.strategy
        store = dataset.features(experiment.features)
        train_ids, train_truth = _part(dataset, store, experiment, "train")
        self._valid_ids, self._valid_truth = _part(dataset, store, experiment, "valid")
        positives = self._valid_truth.sum(axis=0)
        if not ((positives > 0) & (positives < len(self._valid_ids))).any():
            raise DatasetError(f"{dataset.folder} has no label that some validation clips have and others have not")
        self._store = store
        self._batches = Batches(store, train_ids, train_truth, experiment, self._spread.replicas)
        with self._strategy.scope():
            self._network, self._optimizer = _network_and_optimizer(experiment, len(run.labels))
        self._scorer = probabilities(self._network, logits=True)
        self._step = self._compiled_step()
        self._logs = tf.summary.create_file_writer(str(run.logs)) if self._chief else tf.summary.create_noop_writer()

    @property
    def _chief(self) -> bool:
        return self._spread.worker == 0

    @property
    def _variables(self) -> list[keras.Variable]:
        return [*self._network.variables, *self._optimizer.variables]

    def run(self, report: Report) -> Progress:
        with self._strategy.scope():
            saved = load_state(self._variables, self._run)
        progress = msgspec.json.decode(saved, type=Progress) if saved else Progress()
        while not progress.finished(self._experiment):
            number = len(progress.epochs) + 1
            started = time.monotonic()
            loss = self._train_epoch(number, progress.seconds)
            ranked = self._validate(number)
            epoch = Epoch(number, loss, *ranked, time.monotonic() - started)
            progress = Progress((*progress.epochs, epoch))
            if self._chief:
                self._save(progress)
                self._log(epoch)
                report(epoch)
        return progress

    def _train_epoch(self, number: int, seconds_before: float) -> float:
        """The mean loss. Ends early where the time is up."""
        limit = 60 * self._experiment.minutes
        started = time.monotonic()
        losses = []
        batches = self._tf_batches(number)
        for step in tracked(range(self._batches.steps), f"epoch {number}", self._batches.steps):
            losses.append(float(self._step(next(batches))))
            if not math.isfinite(losses[-1]):
                raise TrainingError(
                    f"the loss became {losses[-1]} in step {step + 1} of epoch {number}; lower learning_rate "
                    f"(now {self._experiment.learning_rate:g}). The epochs before are kept in {self._run.path}"
                )
            if limit and seconds_before + time.monotonic() - started > limit:
                break
        return float(np.mean(losses))

    def _validate(self, number: int) -> tuple[float, float]:
        spec = self._experiment.features
        scores = clip_scores(self._scorer, self._store, self._valid_ids, spec, f"validation {number}")
        ranked = ranking(scores.astype(float), self._valid_truth.astype(bool))
        return ranked.macro_roc_auc, ranked.macro_pr_auc

    def _save(self, progress: Progress) -> None:
        """The best weights first: killed in between, the epoch is done again and gives the same."""
        if progress.best is progress.epochs[-1]:
            save_best(self._network, self._run)
        save_state(self._variables, msgspec.json.encode(progress), self._run)
        self._run.save_progress(progress)

    def _log(self, epoch: Epoch) -> None:
        with self._logs.as_default(step=epoch.number):
            tf.summary.scalar("loss", epoch.loss)
            tf.summary.scalar("validation ROC-AUC", epoch.roc_auc)
            tf.summary.scalar("validation PR-AUC", epoch.pr_auc)
            tf.summary.scalar("seconds", epoch.seconds)
        self._logs.flush()

    def _tf_batches(self, epoch: int) -> Iterator[tf.Tensor]:
        """A step's batches for the devices of this process, prepared while the last step runs."""

        def generate() -> Iterator[Batch]:
            return self._batches.epoch(epoch, self._spread.own_replicas)

        spec = self._experiment.features
        signature = (
            tf.TensorSpec((None, spec.patch_frames, spec.bands), tf.float32),
            tf.TensorSpec((None, len(self._run.labels)), tf.float32),
        )
        batches = self._strategy.distribute_datasets_from_function(
            lambda _: tf.data.Dataset.from_generator(generate, output_signature=signature).prefetch(2)
        )
        return iter(batches)

    def _compiled_step(self) -> Callable[[tf.Tensor], tf.Tensor]:
        network, optimizer, replicas = self._network, self._optimizer, self._spread.replicas

        def replica_step(patches: tf.Tensor, targets: tf.Tensor) -> tf.Tensor:
            with tf.GradientTape() as tape:
                logits = network(patches, training=True)
                loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(targets, logits)) / replicas
                scaled = optimizer.scale_loss(loss)
            optimizer.apply_gradients(
                zip(tape.gradient(scaled, network.trainable_weights), network.trainable_weights, strict=True)
            )
            return loss

        @tf.function  # type: ignore[untyped-decorator]
        def step(batch: tf.Tensor) -> tf.Tensor:
            return self._strategy.reduce("SUM", self._strategy.run(replica_step, args=batch), axis=None)

        return step  # type: ignore[no-any-return]


def _network_and_optimizer(experiment: Experiment, labels: int) -> tuple[keras.Model, keras.Optimizer]:
    """Logits come out. Half precision needs a scaled loss: its smallest gradients would be zero."""
    mixed = experiment.precision == "mixed_float16" or (
        experiment.precision == "auto" and bool(tf.config.get_visible_devices("GPU"))
    )
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_float16" if mixed else "float32")
    try:
        network = build(experiment, labels, None)
    finally:
        keras.config.set_dtype_policy(before)
    optimizer = keras.optimizers.Adam(experiment.learning_rate, weight_decay=experiment.weight_decay or None)
    if mixed:
        optimizer = keras.optimizers.LossScaleOptimizer(optimizer)
    optimizer.build(network.trainable_variables)
    return network, optimizer


def _part(
    dataset: Dataset, store: FeatureStore, experiment: Experiment, part: Part
) -> tuple[list[str], np.ndarray[tuple[int, int], np.dtype[np.uint8]]]:
    """Clip ids and truth (clips, labels). Raises ``DatasetError`` if the part is empty."""
    ids = part_ids(dataset, store, experiment.split, part)
    truth = dataset.labels.rows(ids)
    return ids, shuffled(truth, experiment.seed) if experiment.shuffle_labels else truth
