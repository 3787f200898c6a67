"""``compare``: several architectures under one budget of time, and one table about them.

Each run is a folder of its own in FOLDER, so an interrupted comparison goes on where it stopped, and each of them can
be evaluated and exported.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tagger_core.errors import SettingsError
from training.config import Experiment
from training.dataset import Dataset, disk_errors
from training.run_folder import RunFolder

if TYPE_CHECKING:
    from argparse import _SubParsersAction

SHALLOW = ("conv2", "conv2_pool", "conv3", "conv3_pool")
NETWORKS = (*(f"{name}:mfcc" for name in SHALLOW), *SHALLOW, "vgg", "musicnn", "short_chunk_resnet", "fast")
KINDS = ("log_mel", "mfcc")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; figures are macro means over the labels of the test clips."""

    network: str
    parameters: int
    epochs: int
    seconds: float
    roc_auc: float
    pr_auc: float


def add_parser(commands: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("compare", help="train several architectures under one budget: one table")
    parser.add_argument("dataset", type=Path, metavar="DATASET", help="folder made by prepare, labels and features")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where the runs and comparison.md go")
    parser.add_argument("--minutes", type=float, required=True, help="training time of all together")
    parser.add_argument("--config", type=Path, metavar="FILE", help="what they have in common, a TOML file")
    parser.add_argument(
        "--networks",
        nargs="+",
        default=NETWORKS,
        metavar="NAME[:mfcc]",
        help=f"which, on log-mel or on MFCC (default: {' '.join(NETWORKS)})",
    )


def run(options: argparse.Namespace) -> int:
    base = Experiment.load(options.config) if options.config else Experiment()
    if options.minutes <= 0:
        raise SettingsError("--minutes must be more than 0")
    dataset = Dataset.open(options.dataset)
    minutes = options.minutes / len(options.networks)
    experiments = {name: experiment_of(name, base, minutes) for name in options.networks}
    for experiment in experiments.values():
        dataset.features(experiment.features)  # a missing one is said now, not in an hour
    rows = []
    for name, experiment in experiments.items():
        print(f"{name}:", flush=True)
        rows.append(_trained(name, experiment, dataset, options.folder / name.replace(":", "-")))
    table = as_table(rows)
    with disk_errors(options.folder):
        (options.folder / "comparison.md").write_text(table, encoding="utf-8")
    print(table, end="")
    return 0


def experiment_of(network: str, base: Experiment, minutes: float) -> Experiment:
    """``base`` with the architecture and features that "NAME:mfcc" names. Raises ``SettingsError``."""
    name, _, kind = network.partition(":")
    if (kind or "log_mel") not in KINDS:
        raise SettingsError(f"{network!r} is not NAME or NAME:mfcc")
    features = msgspec.structs.replace(base.features, kind=kind or "log_mel")
    return msgspec.structs.replace(base, architecture=name, features=features, minutes=minutes)


def as_table(rows: Sequence[Row]) -> str:
    """Markdown, best PR-AUC first."""
    head = "| network | parameters | epochs | training, s | test ROC-AUC | test PR-AUC |\n|---|---|---|---|---|---|\n"
    return head + "".join(
        f"| {row.network} | {row.parameters:,} | {row.epochs} | {row.seconds:.0f} "
        f"| {row.roc_auc:.3f} | {row.pr_auc:.3f} |\n"
        for row in sorted(rows, key=lambda row: -row.pr_auc)
    )


def _trained(name: str, experiment: Experiment, dataset: Dataset, folder: Path) -> Row:
    import keras  # TensorFlow takes seconds to load

    from training.metrics import ranking
    from training.networks import best_network, probabilities
    from training.predictions import scored
    from training.train import print_epoch
    from training.trainer import train

    keras.utils.clear_session()
    run_folder = RunFolder.start(folder, experiment, dataset.labels.names)
    progress = train(experiment, dataset, run_folder, print_epoch)
    network = best_network(run_folder)
    _, scores, truth = scored(
        probabilities(network), run_folder.labels, dataset, experiment.features, experiment.split, "test"
    )
    ranked = ranking(scores, truth)
    return Row(
        name,
        network.count_params(),
        len(progress.epochs),
        progress.seconds,
        ranked.macro_roc_auc,
        ranked.macro_pr_auc,
    )
