"""Scores beside the truth: of a model folder or a run on a part of a data set, or from a file of predictions.

Contents
--------
``Predictions``       what ``evaluate`` and ``export`` work on
``of_folder``         a model folder (through the program's own classifier) or a run folder (through Keras)
``of_file``           a table of scores beside MagnaTagATune's own tables
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tagger_core.classifier import Classifier
from tagger_core.domain import FeatureSpec
from tagger_core.model_card import ModelFolder
from training.config import TrainingError
from training.dataset import Dataset, DatasetError, Part, Split
from training.magnatagatune import read_annotations, read_clip_info
from training.metrics import Booleans, Floats, Names, two_fold_thresholds
from training.run_folder import RunFolder
from training.scoring import PatchScorer, clip_scores, part_ids
from training.thresholds import fitted

PROFILE = "balanced"
"""Decisions are judged at the thresholds of this profile."""

_LOWEST = 1e-6
"""Thresholds are fitted in logarithms, where a score of 0 has none."""


@dataclass(frozen=True, slots=True, eq=False)
class Predictions:
    """``scores`` and ``truth`` have shape (clips, labels), ``artists`` (clips,); ``thresholds`` (labels,) or (clips,
    labels). ``thresholds_source`` says in words where they come from."""

    labels: tuple[str, ...]
    clip_ids: tuple[str, ...]
    artists: Names
    scores: Floats
    truth: Booleans
    thresholds: Floats
    thresholds_source: str


def of_folder(folder: Path, dataset: Dataset, split: Split | None, part: Part) -> Predictions:
    """``split`` is that of the run unless given. Raises ``ModelError``, ``TrainingError``, ``DatasetError``."""
    if (folder / "card.json").exists():
        return _of_model(folder, dataset, split or "artist", part)
    if (folder / "experiment.toml").exists():
        return _of_run(RunFolder.open(folder), dataset, split, part)
    raise TrainingError(f"{folder} is neither a model folder (card.json) nor the folder of a run (experiment.toml)")


def scored(
    scorer: PatchScorer, labels: tuple[str, ...], dataset: Dataset, spec: FeatureSpec, split: Split, part: Part
) -> tuple[tuple[str, ...], Floats, Booleans]:
    """Clip ids, scores and truth of a part. Raises ``DatasetError`` if the data set lacks one of the labels."""
    missing = [label for label in labels if label not in dataset.labels.names]
    if missing:
        raise DatasetError(f"{dataset.folder} does not have the labels {', '.join(missing)} of the model")
    store = dataset.features(spec)
    ids = part_ids(dataset, store, split, part)
    columns = [dataset.labels.names.index(label) for label in labels]
    truth = dataset.labels.rows(ids)[:, columns].astype(bool)
    return tuple(ids), clip_scores(scorer, store, ids, spec, f"scoring {part}").astype(float), truth


def fitted_thresholds(scores: Floats, truth: Booleans, profile: str) -> Floats:
    """``thresholds.fitted`` for scores that may be 0 or 1."""
    return fitted(np.clip(scores, _LOWEST, 1 - _LOWEST), truth, profile)


def of_file(predictions: Path, annotations: Path, clips: Path) -> Predictions:
    """A tab-separated table with the column ``clip_id`` and one of scores for each label.

    Its thresholds are fitted on two halves of the artists, each judged by the other's. Raises ``DatasetError``.
    """
    clip_ids, labels, scores = _read_scores(predictions)
    known = read_annotations(annotations).labels
    infos = read_clip_info(clips)
    strange = [label for label in labels if label not in known.names]
    strange += [clip for clip in clip_ids if clip not in infos][:1]
    if strange:
        raise DatasetError(f"{predictions} names {strange[0]!r}, which {annotations} and {clips} do not know")
    truth = known.rows(clip_ids)[:, [known.names.index(label) for label in labels]].astype(bool)
    artists = np.array([infos[clip].artist for clip in clip_ids])
    thresholds = two_fold_thresholds(scores, truth, artists)
    source = "fitted for F1 on the other half of the artists"
    return Predictions(labels, clip_ids, artists, scores, truth, thresholds, source)


def _of_model(folder: Path, dataset: Dataset, split: Split, part: Part) -> Predictions:
    model = ModelFolder.load(folder)
    card = model.card
    ids, scores, truth = scored(Classifier(model).scores, card.label_names, dataset, card.features, split, part)
    thresholds = np.array([label.threshold(PROFILE) for label in card.labels])
    source = f"{PROFILE}, from the model's card"
    return Predictions(card.label_names, ids, _artists(dataset, ids), scores, truth, thresholds, source)


def _of_run(run: RunFolder, dataset: Dataset, split: Split | None, part: Part) -> Predictions:
    from training.networks import best_network, probabilities  # a model folder needs no TensorFlow

    scorer = probabilities(best_network(run))
    spec, split = run.experiment.features, split or run.experiment.split
    _, valid_scores, valid_truth = scored(scorer, run.labels, dataset, spec, split, "valid")
    thresholds = fitted_thresholds(valid_scores, valid_truth, PROFILE)
    ids, scores, truth = scored(scorer, run.labels, dataset, spec, split, part)
    source = f"{PROFILE}, fitted on the validation clips"
    return Predictions(run.labels, ids, _artists(dataset, ids), scores, truth, thresholds, source)


def _artists(dataset: Dataset, clip_ids: tuple[str, ...]) -> Names:
    artists = {clip.clip_id: clip.artist for clip in dataset.clips}
    return np.array([artists[clip_id] for clip_id in clip_ids])


def _read_scores(path: Path) -> tuple[tuple[str, ...], tuple[str, ...], Floats]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            table = csv.DictReader(file, delimiter="\t", strict=True)
            header = list(table.fieldnames or [])
            if "clip_id" not in header or len(header) < 2:
                raise DatasetError(f"{path} must have the column clip_id and one for each label, separated by tabs")
            labels = tuple(name for name in header if name != "clip_id")
            rows = list(table)
        scores = np.array([[float(row[label]) for label in labels] for row in rows])
    except (OSError, ValueError, TypeError, csv.Error) as error:
        raise DatasetError(f"{path} cannot be read as a table of scores: {error}") from error
    if not rows or not np.isfinite(scores).all():
        raise DatasetError(f"{path} has no clips, or scores that are not numbers")
    return tuple(row["clip_id"] for row in rows), labels, scores
