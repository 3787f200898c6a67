"""``export``: a finished run, or the published musicnn, becomes a model folder that ``earmark --model`` takes."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from tagger_core.errors import SettingsError
from training.dataset import Dataset
from training.run_folder import RunFolder

if TYPE_CHECKING:
    from argparse import _SubParsersAction

PUBLISHED = "musicnn"


def add_parser(commands: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("export", help="make a model folder of a run, for earmark --model")
    parser.add_argument(
        "source", metavar="RUN", help=f"folder of a run, or the word {PUBLISHED}: the published checkpoints"
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="model folder to be made; its name is the model's")
    parser.add_argument("--data", type=Path, metavar="DATASET", help="data set of the run, to fit the thresholds on")
    parser.add_argument("--wheel", type=Path, metavar="FILE", help=f"for {PUBLISHED}: its wheel, if it is here already")


def run(options: argparse.Namespace) -> int:
    if options.source == PUBLISHED and not Path(PUBLISHED).is_dir():
        return _import_published(options.folder, options.wheel)

    run_folder = RunFolder.open(Path(options.source))
    dataset = _dataset(options.data, run_folder)

    from training.model_export import export_run  # TensorFlow takes seconds to load

    difference, card = export_run(run_folder, dataset, options.folder)
    print(f"{options.folder}: {len(card.labels)} labels, at most {difference:.1e} from the network in Keras")
    for metric in card.metrics:
        print(f"{metric.name} {metric.value:.4f} ({metric.source})")
    print(f"try it: earmark --model {options.folder} --batch FOLDER")
    return 0


def _import_published(folder: Path, wheel: Path | None) -> int:
    from training.import_musicnn import import_all

    import_all(folder, wheel)
    return 0


def _dataset(folder: Path | None, run_folder: RunFolder) -> Dataset:
    if folder is None:
        raise SettingsError(f"say with --data DATASET where the validation clips of {run_folder.path} are")
    return Dataset.open(folder)
