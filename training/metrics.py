"""How good scores are: scikit-learn's metrics for each label, means over labels, intervals over artists.

Conventions
-----------
Scores (probabilities) and truth (booleans) have shape (clips, labels), thresholds (labels,). A label that all
clips have, or none, has no ROC-AUC and no PR-AUC: it is NaN and left out of macro means. PR-AUC is average
precision. A label is suggested from its threshold on; a ratio without cases is 0.

Contents
--------
``ranking``         ROC-AUC and PR-AUC of each label
``decisions``       accuracy, recall (true positive rate), precision and F1 of each label at thresholds
``resampled``       weights of clips for a bootstrap: artists drawn with replacement
``intervals``       95 % bootstrap intervals of the macro means
``two_fold_thresholds``  thresholds for each clip that its artist had no part in
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    precision_recall_fscore_support,
    roc_auc_score,
)

from training.progress import tracked
from training.thresholds import best_threshold

Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]
Names = npt.NDArray[np.str_]

LOWER, UPPER = 2.5, 97.5
"""Percentiles of a 95 % interval."""


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """How well scores order clips, whatever the threshold; each of shape (labels,)."""

    roc_auc: Floats
    pr_auc: Floats

    @property
    def macro_roc_auc(self) -> float:
        return _mean(self.roc_auc)

    @property
    def macro_pr_auc(self) -> float:
        return _mean(self.pr_auc)


@dataclass(frozen=True, slots=True, eq=False)
class Decisions:
    """How well labels are suggested; each of shape (labels,)."""

    accuracy: Floats
    recall: Floats
    precision: Floats
    f1: Floats


def ranking(scores: Floats, truth: Booleans, weights: Floats | None = None) -> Ranking:
    """``weights``, shape (clips,), counts each clip that often."""
    roc_auc = np.full(truth.shape[1], np.nan)
    pr_auc = np.full(truth.shape[1], np.nan)
    present = np.ones(len(truth), bool) if weights is None else weights > 0
    for label in range(truth.shape[1]):
        has = truth[present, label]
        if has.any() and not has.all():
            roc_auc[label] = roc_auc_score(truth[:, label], scores[:, label], sample_weight=weights)
            pr_auc[label] = average_precision_score(truth[:, label], scores[:, label], sample_weight=weights)
    return Ranking(roc_auc, pr_auc)


def decisions(scores: Floats, truth: Booleans, thresholds: Floats) -> Decisions:
    """``thresholds`` has shape (labels,), or (clips, labels) where each clip has its own."""
    suggested = scores >= thresholds
    accuracy = np.array([accuracy_score(truth[:, i], suggested[:, i]) for i in range(truth.shape[1])])
    parts = [
        precision_recall_fscore_support(truth[:, i], suggested[:, i], average="binary", zero_division=0)[:3]
        for i in range(truth.shape[1])
    ]
    precision, recall, f1 = np.array(parts, float).T
    return Decisions(accuracy, recall, precision, f1)


def two_fold_thresholds(scores: Floats, truth: Booleans, artists: Names, seed: int = 0) -> Floats:
    """Best-F1 thresholds for each clip, shape (clips, labels), fitted on the half of the artists it does not belong to.

    For scores that come without fitted thresholds: what thresholds could give, without judging them on the clips
    that they were fitted on.
    """
    names, which = np.unique(artists, return_inverse=True)
    half = (np.random.default_rng(seed).permutation(len(names)) % 2)[which]
    thresholds = np.empty(scores.shape)
    for fold in (0, 1):
        fit = half != fold
        columns = range(scores.shape[1])
        thresholds[half == fold] = [best_threshold(scores[fit, i], truth[fit, i].astype(float), 1) for i in columns]
    return thresholds


def intervals(
    scores: Floats,
    truth: Booleans,
    artists: Names,
    resamples: int,
    seed: int = 0,
) -> dict[str, tuple[float, float]]:
    """95 % intervals of "ROC-AUC" and "PR-AUC" (Efron's percentile bootstrap) over ``resampled`` artists."""
    rankings = (ranking(scores, truth, weights) for weights in resampled(artists, resamples, seed))
    macro = np.array([(ranked.macro_roc_auc, ranked.macro_pr_auc) for ranked in rankings])
    (roc_low, pr_low), (roc_high, pr_high) = np.nanpercentile(macro, (LOWER, UPPER), axis=0)
    return {"ROC-AUC": (float(roc_low), float(roc_high)), "PR-AUC": (float(pr_low), float(pr_high))}


def resampled(artists: Names, resamples: int, seed: int = 0) -> Iterator[Floats]:
    """Yield, so many times, how often each clip counts when as many artists as there are are drawn with replacement.

    Artists are drawn, not clips: clips of one artist are alike, and drawing them one by one would feign certainty.
    """
    names, which = np.unique(artists, return_inverse=True)
    generator = np.random.default_rng(seed)
    for _ in tracked(range(resamples), "bootstrap", resamples):
        drawn = np.bincount(generator.integers(0, len(names), len(names)), minlength=len(names))
        yield drawn[which].astype(float)


def _mean(values: Floats) -> float:
    return float(np.nanmean(values)) if np.isfinite(values).any() else float("nan")
