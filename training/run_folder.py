"""The folder of one training run: what is needed to go on with it, to evaluate it and to export it.

RUN/experiment.toml     the experiment, complete
RUN/labels.json         labels in output order
RUN/progress.json       how far it is, one entry an epoch
RUN/best.weights.h5     the network of the best epoch
RUN/checkpoint.npz      network, optimiser and progress after the last epoch
RUN/logs/               for TensorBoard
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from tagger_core.errors import SettingsError
from training.config import CardTexts, Experiment, TrainingError
from training.dataset import replacing


class Epoch(msgspec.Struct, frozen=True):
    """``loss`` is the mean over the training batches, the other figures are macro means over the validation clips."""

    number: int
    loss: float
    roc_auc: float
    pr_auc: float
    seconds: float


class Progress(msgspec.Struct, frozen=True):
    """All finished epochs of a run."""

    epochs: tuple[Epoch, ...] = ()

    @property
    def best(self) -> Epoch:
        """The epoch of the best validation PR-AUC, the first of several; there must be one."""
        return max(self.epochs, key=lambda epoch: epoch.pr_auc)

    @property
    def seconds(self) -> float:
        return sum(epoch.seconds for epoch in self.epochs)

    def finished(self, experiment: Experiment) -> bool:
        if not self.epochs:
            return False
        out_of_time = 0 < experiment.minutes <= self.seconds / 60
        stale = len(self.epochs) - self.best.number
        return out_of_time or stale >= experiment.patience or len(self.epochs) >= experiment.epochs


@dataclass(frozen=True)
class RunFolder:
    """A run that was started."""

    path: Path
    experiment: Experiment
    labels: tuple[str, ...]

    @property
    def best_weights(self) -> Path:
        return self.path / "best.weights.h5"

    @property
    def checkpoint(self) -> Path:
        return self.path / "checkpoint.npz"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @classmethod
    def start(cls, path: Path, experiment: Experiment, labels: Sequence[str]) -> "RunFolder":
        """Make the folder, or go on with the run in it.

        Raises ``SettingsError`` if it holds a run of another experiment or other labels.
        """
        if (path / "experiment.toml").exists():
            held = cls.open(path)
            if _kernel(held.experiment) != _kernel(experiment) or held.labels != tuple(labels):
                raise SettingsError(
                    f"{path} holds a run of another experiment or data set; choose another folder, or delete that one"
                )
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise TrainingError(f"the folder {path} cannot be made: {error.strerror}") from error
        with replacing(path / "labels.json") as temporary:
            temporary.write_text(json.dumps(list(labels), ensure_ascii=False) + "\n", encoding="utf-8")
        experiment.save(path / "experiment.toml")
        return cls(path, experiment, tuple(labels))

    @classmethod
    def open(cls, path: Path) -> "RunFolder":
        """Raises ``TrainingError`` if that is not the folder of a run."""
        if not (path / "experiment.toml").exists():
            raise TrainingError(f"{path} is not the folder of a training run; make one with: earmark-train train")
        try:
            labels = json.loads((path / "labels.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise TrainingError(f"{path / 'labels.json'} cannot be read ({error}); train again") from error
        return cls(path, Experiment.load(path / "experiment.toml"), tuple(labels))

    def progress(self) -> Progress:
        """Raises ``TrainingError`` if no epoch was finished."""
        file = self.path / "progress.json"
        try:
            return msgspec.json.decode(file.read_bytes(), type=Progress)
        except FileNotFoundError:
            raise TrainingError(f"{self.path}: no epoch of this run is finished yet; go on with train") from None
        except (OSError, msgspec.DecodeError) as error:
            raise TrainingError(f"{file} cannot be read ({error}); train again") from error

    def save_progress(self, progress: Progress) -> None:
        with replacing(self.path / "progress.json") as temporary:
            temporary.write_bytes(msgspec.json.format(msgspec.json.encode(progress)) + b"\n")


def _kernel(experiment: Experiment) -> Experiment:
    """Without what may change when a run goes on: how long, and the words on the card."""
    return msgspec.structs.replace(experiment, epochs=1, patience=1, minutes=0.0, card=CardTexts())
