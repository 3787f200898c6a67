"""How well a student says what its teachers say, on tracks it was not trained on.

Per tag set and label, over tracks: correlation and mean absolute difference of the scores; and of the labels suggested
at thresholds, the Jaccard index: those that both suggest, of those that either suggests, over all tracks together.

Contents: ``Agreement``, ``agreement``, ``transferred``, ``evened``.
"""

from collections.abc import Sequence

import msgspec
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
_FULL_TRUST = 10
"""Tracks on the rarer side of a threshold from which half of its move is believed."""


class Agreement(msgspec.Struct, frozen=True):
    """Of one tag set; ``correlations`` and ``differences`` are by label, in its order. A correlation is NaN where
    one side does not vary; such labels are left out of the mean.
    """

    tag_set: str
    tracks: int
    correlation: float
    pooled_correlation: float
    difference: float
    jaccard: float
    correlations: tuple[float, ...]
    differences: tuple[float, ...]


def agreement(tag_set: str, heard: Floats, wanted: Floats, own: Floats, theirs: Floats) -> Agreement:
    """``heard`` and ``wanted``: track scores (tracks, labels) of student and teachers; then the thresholds (labels,) of
    each.
    """
    correlations = [_correlation(heard[:, label], wanted[:, label]) for label in range(heard.shape[1])]
    finite = [value for value in correlations if np.isfinite(value)]
    differences = np.abs(heard - wanted).mean(axis=0)
    suggested, taught = heard >= own, wanted >= theirs
    return Agreement(
        tag_set=tag_set,
        tracks=len(heard),
        correlation=float(np.mean(finite)) if finite else float("nan"),
        pooled_correlation=_correlation(heard.ravel(), wanted.ravel()),
        difference=float(differences.mean()),
        jaccard=float((suggested & taught).sum() / max(1, (suggested | taught).sum())),
        correlations=tuple(correlations),
        differences=tuple(differences.tolist()),
    )


def transferred(thresholds: Sequence[float], heard: Floats, wanted: Floats) -> list[float]:
    """The teachers' thresholds, moved to where the student suggests a label as often as the teachers do.

    ``heard`` and ``wanted`` are track scores (tracks, labels). The move is believed the less, the fewer tracks lie on
    the rarer side of the threshold; it is taken in log-odds.
    """
    moved = []
    for threshold, student, teachers in zip(thresholds, heard.T, wanted.T, strict=True):
        above = int(np.sum(teachers >= threshold))
        rarer = min(above, len(teachers) - above)
        ordered = np.sort(student)[::-1]
        if not rarer:
            moved.append(threshold)
            continue
        same_share = (float(ordered[above - 1]) + float(ordered[above])) / 2
        trust = rarer / (rarer + _FULL_TRUST)
        logit = (1 - trust) * _logit(threshold) + trust * _logit(same_share)
        moved.append(float(1 / (1 + np.exp(-logit))))
    return moved


def evened(thresholds: Floats, heard: Floats, theirs: Floats, wanted: Floats) -> Floats:
    """The student's thresholds of a tag set, all moved by one amount in log-odds, to where it suggests as many labels
    as its teachers do at ``theirs``, of tracks that it has not learned.

    Of such tracks a student is less certain than of those it learned, on which its thresholds were found, and it would
    suggest too little. ``heard`` and ``wanted`` are track scores (tracks, labels). The move is believed the less, the
    fewer labels are suggested.
    """
    taught = int(np.sum(wanted >= theirs))
    margins = np.sort((_logits(heard) - _logits(thresholds)).ravel())[::-1]
    if not 0 < taught < len(margins):
        return thresholds
    move = (margins[taught - 1] + margins[taught]) / 2 * taught / (taught + _FULL_TRUST)
    moved: Floats = 1 / (1 + np.exp(-_logits(thresholds) - move))
    return moved


def _correlation(one: Floats, other: Floats) -> float:
    if not one.std() or not other.std():
        return float("nan")
    return float(np.corrcoef(one, other)[0, 1])


def _logit(probability: float) -> float:
    return float(_logits(np.array(probability)))


def _logits(probabilities: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    inside = np.clip(probabilities.astype(np.float64), 1e-6, 1 - 1e-6)
    return np.log(inside / (1 - inside))
