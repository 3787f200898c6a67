"""``train``: one experiment on one data set into one run folder; the same command again goes on with it."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from training.config import Experiment
from training.dataset import Dataset
from training.run_folder import Epoch, RunFolder

if TYPE_CHECKING:
    from argparse import _SubParsersAction


def add_parser(commands: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("train", help="train a network on a data set with labels and features")
    parser.add_argument("dataset", type=Path, metavar="DATASET", help="folder made by prepare, labels and features")
    parser.add_argument("run", type=Path, metavar="RUN", help="folder of the run; made, or gone on with")
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help="the experiment, a TOML file (default: the one in RUN, else all defaults)",
    )


def run(options: argparse.Namespace) -> int:
    experiment = _experiment(options.config, options.run)
    dataset = Dataset.open(options.dataset)
    folder = RunFolder.start(options.run, experiment, dataset.labels.names)

    from training.trainer import train  # TensorFlow takes seconds to load

    progress = train(experiment, dataset, folder, print_epoch)
    best = progress.best
    print(
        f"{options.run}: {len(progress.epochs)} epochs in {progress.seconds:.0f} s; the best was epoch {best.number} "
        f"with validation ROC-AUC {best.roc_auc:.4f}, PR-AUC {best.pr_auc:.4f}"
    )
    return 0


def print_epoch(epoch: Epoch) -> None:
    print(
        f"epoch {epoch.number:3d}  loss {epoch.loss:.4f}  validation ROC-AUC {epoch.roc_auc:.4f}  "
        f"PR-AUC {epoch.pr_auc:.4f}  {epoch.seconds:.1f} s",
        flush=True,
    )


def _experiment(config: Path | None, run_folder: Path) -> Experiment:
    if config:
        return Experiment.load(config)
    held = run_folder / "experiment.toml"
    return Experiment.load(held) if held.exists() else Experiment()
