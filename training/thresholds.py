"""From which probability on a label is suggested: fitted where there are annotations, reasoned where not.

Run as ``python -m training.thresholds --mtat FOLDER --teacher-scores FILE`` to make
``published/thresholds.json`` again and to print how well each rule does.

Three profiles maximise the F-measure with three weights of recall (Lipton et al., "Optimal thresholding of
classifiers to maximize F1 measure", 2014): strict F0.5, balanced F1, generous F2.

Conventions
-----------
Scores and truth have shape (tracks, labels); a track is *suggested* a label from the threshold on.
Everything that is reported as proof fits on half of the artists and is judged on the other half.

Contents
--------
``fitted``              thresholds from annotated tracks, steadied by a prior rule for rare labels
``prior_rule``          a threshold from a label's share of the tracks alone
``expected_f_rule``     a threshold from unlabelled scores alone
``unlabelled_rule``     the two together: for a network whose data set nobody here has
``remembered_shares``   what a network still knows about its labels' shares in training
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]

BETAS = {"strict": 0.5, "balanced": 1.0, "generous": 2.0}

PSEUDO_POSITIVES = 20
"""Annotated tracks that the prior rule counts for beside the fit of a label."""
PRIOR_FACTOR = {"strict": 0.6, "balanced": 0.5, "generous": 0.25}
"""Best on MagnaTagATune, each by its own measure."""
REMEMBERED_FACTOR = 0.6
"""As ``PRIOR_FACTOR``, for shares that a network remembers: those are too low by a third."""
LOWEST_REASONED = 0.1
"""A calibrated network is right once in ten there: no suggestion worth making lies below."""


def f_measure(scores: Floats, truth: Booleans, threshold: float, beta: float = 1.0) -> float:
    """F-measure of one label, 0 where nothing is true and nothing suggested."""
    suggested = scores >= threshold
    right = float(np.sum(suggested & truth))
    total = float(np.sum(suggested)) + beta**2 * float(np.sum(truth))
    return (1 + beta**2) * right / total if total else 0.0


def best_threshold(scores: Floats, truth: Floats, beta: float) -> float:
    """The score of one label from which on the F-measure is largest; ``truth`` may be probabilities."""
    order = np.argsort(-scores, kind="stable")
    ordered = scores[order]
    suggested = np.arange(1, len(scores) + 1)
    measure = (1 + beta**2) * np.cumsum(truth[order]) / (suggested + beta**2 * truth.sum())
    possible = np.append(ordered[1:] < ordered[:-1], True)  # tracks of equal score go together
    return float(ordered[np.argmax(np.where(possible, measure, -1))])


def prior_rule(shares: Floats, factor: float) -> Floats:
    """``factor`` times the cube root of the labels' shares: found on MagnaTagATune, not derived."""
    return factor * np.cbrt(shares)


def fitted(scores: Floats, truth: Booleans, profile: str) -> Floats:
    """Best thresholds, drawn towards the prior rule the more, the fewer tracks have the label."""
    best = np.array(
        [best_threshold(scores[:, label], truth[:, label].astype(float), BETAS[profile]) for label in _columns(scores)]
    )
    positives = truth.sum(axis=0)
    prior = prior_rule(np.maximum(positives, 1) / len(truth), PRIOR_FACTOR[profile])
    weight = positives / (positives + PSEUDO_POSITIVES)
    steadied: Floats = np.exp(weight * np.log(best) + (1 - weight) * np.log(prior))
    return steadied


def expected_f_rule(scores: Floats, beta: float = 1.0) -> Floats:
    """Best thresholds if every score were the probability it claims to be: truth is not needed."""
    return np.array([best_threshold(scores[:, label], scores[:, label], beta) for label in _columns(scores)])


def remembered_shares(kernel: Floats, bias: Floats, beta: Floats, patch_scores: Floats) -> Floats:
    """Shares of the labels in the data a network was trained on, from the network.

    The input of the last dense layer is batch-normalised, so over the training data it has the mean
    ``beta``, and the logits the mean ``beta @ kernel + bias``. The variance of the logits is taken from
    other music (``patch_scores``); the mean of the sigmoid of such a Gaussian is MacKay's approximation
    (1992), sigmoid(mean / sqrt(1 + pi / 8 * variance)).
    """
    safe = np.clip(patch_scores, 1e-6, 1 - 1e-6)
    variance = np.log(safe / (1 - safe)).var(axis=0)
    mean = beta @ kernel + bias
    shares: Floats = 1 / (1 + np.exp(-mean / np.sqrt(1 + np.pi / 8 * variance)))
    return shares


def unlabelled_rule(track_scores: Floats, shares: Floats) -> Floats:
    """Geometric mean of the two rules that need no annotations, at least ``LOWEST_REASONED``."""
    reasoned = np.sqrt(expected_f_rule(track_scores) * prior_rule(shares, REMEMBERED_FACTOR))
    return np.maximum(reasoned, LOWEST_REASONED)


def _columns(scores: Floats) -> range:
    return range(scores.shape[1])
