"""A run becomes a model folder: ONNX, thresholds, card, README; all of it checked before the folder is there.

The thresholds are fitted on the validation clips, the figures of the card are measured on the test clips of the
run's split. The folder appears when the program's own loader has taken it.
"""

import hashlib
import re
from pathlib import Path

import numpy as np

from tagger_core.domain import Category
from tagger_core.errors import SettingsError
from tagger_core.model_card import PROFILES, Label, Metric, ModelCard, Tensor, Threshold
from tagger_core.vocabulary import Vocabulary
from training.charts import precision_recall_chart
from training.config import TrainingError
from training.dataset import Dataset, Part
from training.metrics import Booleans, Floats, decisions, ranking
from training.model_folder import model_files, new_model_folder, require_new
from training.networks import best_network, probabilities
from training.onnx_export import INPUT, OUTPUT, onnx_scores, to_onnx
from training.predictions import PROFILE, fitted_thresholds, scored
from training.run_folder import RunFolder
from training.scoring import PatchScorer, part_ids, sample_patches

PARITY = 1e-4
"""Largest allowed difference of a patch's scores between Keras and ONNX Runtime."""
PARITY_PATCHES = 64
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_DECIMALS = 3
_FITTED_ON: tuple[Part, ...] = ("train", "valid")


def export_run(run: RunFolder, dataset: Dataset, folder: Path) -> tuple[float, ModelCard]:
    """Make ``folder``; returns the largest difference between the two networks and the card.

    Raises ``SettingsError`` if the folder is there already or its name is no model's, ``TrainingError``,
    ``DatasetError`` and ``ModelError``.
    """
    name = folder.resolve().name
    if not _NAME.fullmatch(name):
        raise SettingsError(f"{name!r} cannot be a model's name: use small letters, digits and . _ - only")
    require_new(folder)
    network = best_network(run)
    scorer = probabilities(network)
    model = to_onnx(network)
    difference = _checked_parity(run, dataset, scorer, model)

    spec, split = run.experiment.features, run.experiment.split
    _, scores, truth = scored(scorer, run.labels, dataset, spec, split, "valid")
    card = _card(name, run, dataset, model, _labels(run.labels, scores, truth), _metrics(run, dataset, scorer))
    balanced = np.array([label.threshold(PROFILE) for label in card.labels])

    licence = f"{card.licence}\n\n{card.attribution}".rstrip() + "\n"
    with new_model_folder(folder, model_files(card, model, licence)) as unfinished:
        precision_recall_chart(unfinished / "precision_recall.png", run.labels, scores, truth, balanced)
    return difference, card


def _checked_parity(run: RunFolder, dataset: Dataset, scorer: PatchScorer, model: bytes) -> float:
    spec = run.experiment.features
    store = dataset.features(spec)
    patches = sample_patches(store, part_ids(dataset, store, run.experiment.split, "valid"), spec, PARITY_PATCHES)
    difference = float(np.max(np.abs(scorer(patches) - onnx_scores(model, patches))))
    if not difference <= PARITY:
        raise TrainingError(
            f"the ONNX network of {run.path} differs from the trained one by {difference:.1e} (allowed: {PARITY:.0e}); "
            "nothing was exported"
        )
    return difference


def _labels(names: tuple[str, ...], scores: Floats, truth: Booleans) -> tuple[Label, ...]:
    """Thresholds with precision and recall on the clips they are fitted on; unknown where no clip has the label."""
    vocabulary = Vocabulary()
    fits = {profile: np.round(fitted_thresholds(scores, truth, profile), _DECIMALS) for profile in PROFILES}
    measured = {profile: decisions(scores, truth, values) for profile, values in fits.items()}

    def threshold(profile: str, index: int) -> Threshold:
        value = float(fits[profile][index])
        if not truth[:, index].any():
            return Threshold(value=value)
        precision, recall = measured[profile].precision[index], measured[profile].recall[index]
        return Threshold(
            value=value, precision=round(float(precision), _DECIMALS), recall=round(float(recall), _DECIMALS)
        )

    return tuple(
        Label(
            name=name,
            category=tag.category if (tag := vocabulary.tag_of(name)) else Category.OTHER,
            strict=threshold("strict", index),
            balanced=threshold("balanced", index),
            generous=threshold("generous", index),
        )
        for index, name in enumerate(names)
    )


def _metrics(run: RunFolder, dataset: Dataset, scorer: PatchScorer) -> tuple[Metric, ...]:
    split = run.experiment.split
    ids, scores, truth = scored(scorer, run.labels, dataset, run.experiment.features, split, "test")
    ranked = ranking(scores, truth)
    source = f"mean over labels, {len(ids)} test clips of {dataset.folder.resolve().name}, split {split}"
    figures = {"ROC-AUC": ranked.macro_roc_auc, "PR-AUC": ranked.macro_pr_auc}
    return tuple(
        Metric(name=name, value=round(value, 4), source=source) for name, value in figures.items() if np.isfinite(value)
    )


def _card(
    name: str,
    run: RunFolder,
    dataset: Dataset,
    model: bytes,
    labels: tuple[Label, ...],
    metrics: tuple[Metric, ...],
) -> ModelCard:
    experiment = run.experiment
    spec, texts = experiment.features, experiment.card
    best = run.progress().best
    store = dataset.features(spec)
    parts = {part: len(part_ids(dataset, store, experiment.split, part)) for part in _FITTED_ON}
    trained = (
        f"{dataset.folder.resolve().name}: {parts['train']} training and {parts['valid']} validation clips of the "
        f"split {experiment.split}; architecture {experiment.architecture}, seed {experiment.seed}, epoch {best.number}"
    )
    return ModelCard(
        format=1,
        name=name,
        title=texts.title,
        version=texts.version,
        description=texts.description,
        sha256=hashlib.sha256(model).hexdigest(),
        input=Tensor(name=INPUT, shape=(None, spec.patch_frames, spec.bands)),
        output=Tensor(name=OUTPUT, shape=(None, len(labels))),
        features=spec,
        aggregation="mean",
        labels=labels,
        thresholds_source=(
            f"Fitted on the {parts['valid']} validation clips and steadied for rare labels: strict for F0.5, "
            "balanced for F1, generous for F2. Precision and recall are those on the same clips, so a little too good."
        ),
        datasets=(*texts.datasets, trained),
        metrics=metrics,
        licence=texts.licence,
        attribution=texts.attribution,
        limits=texts.limits,
    )
