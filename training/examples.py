"""Clips with their annotated and predicted tags, and how near the differing ones are in meaning.

A prediction of "violin" where people wrote "strings" is wrong by every metric, but not by much: the cosine of
word vectors says so.
"""

from collections.abc import Callable, Collection

import numpy as np

from training.predictions import Predictions
from training.word_vectors import TagVectors

EXAMPLES = 20
Similarity = Callable[[str, str], float | None]


def examples_table(predictions: Predictions, seed: int = 0) -> str:
    """A Markdown table of ``EXAMPLES`` clips drawn from those where prediction and annotation differ."""
    similarity = TagVectors.load().similarity
    suggested = predictions.scores >= predictions.thresholds
    differing = np.flatnonzero((suggested != predictions.truth).any(axis=1) & predictions.truth.any(axis=1))
    drawn = np.random.default_rng(seed).permutation(differing)[:EXAMPLES]
    lines = ["| clip | annotated | predicted | nearest annotated tag to each wrong one |", "|---|---|---|---|"]
    for row in np.sort(drawn):
        annotated = _names(predictions.labels, predictions.truth[row])
        predicted = _names(predictions.labels, suggested[row])
        near = nearest(annotated, predicted, similarity)
        clip = predictions.clip_ids[row]
        lines.append(f"| {clip} | {', '.join(annotated)} | {', '.join(predicted)} | {'; '.join(near)} |")
    return "\n".join(lines) + "\n"


def nearest(annotated: Collection[str], predicted: Collection[str], similarity: Similarity) -> list[str]:
    """ "bass ~ guitar 0.78" for each predicted tag that was not annotated, where both have word vectors."""
    told = []
    for wrong in predicted:
        if wrong in annotated:
            continue
        known = [(value, right) for right in annotated if (value := similarity(wrong, right)) is not None]
        if known:
            value, right = max(known)
            told.append(f"{wrong} ~ {right} {value:.2f}")
    return told


def _names(labels: tuple[str, ...], chosen: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[str]:
    return [labels[index] for index in np.flatnonzero(chosen)]
