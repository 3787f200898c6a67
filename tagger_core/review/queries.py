"""Questions about probabilities, shape (tags, rows): pure functions of arrays.

Contents
--------
``histogram``, ``lowest_margins``, ``similar``
"""

import numpy as np
import numpy.typing as npt

from tagger_core.review.rules import Flags, Probabilities
from tagger_core.review.values import Rows
from tagger_core.suggestions import odds


def histogram(probabilities: Probabilities, bins: int) -> npt.NDArray[np.intp]:
    """How many lie in each of so many equal parts of [0, 1], which belongs to the last part; none is NaN."""
    parts = np.minimum((probabilities * bins).astype(np.intp), bins - 1)
    return np.bincount(parts, minlength=bins)


def lowest_margins(
    probabilities: Probabilities, ticked: Flags, needed_odds: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """For each row the log-odds of the ticked tag that is least above its threshold; NaN where nothing is ticked."""
    lowest = np.full(probabilities.shape[1], np.inf)
    for line, chosen, needed in zip(probabilities, ticked, needed_odds, strict=True):
        rows = np.flatnonzero(chosen)
        lowest[rows] = np.minimum(lowest[rows], odds(line[rows]) / needed)
    return np.log(np.where(np.isinf(lowest), np.nan, lowest))


def similar(probabilities: Probabilities, row: int, heard: Rows, limit: int) -> Rows:
    """Of the heard rows the nearest to one of them: by the cosine of their log-odds, each tag's mean taken away.

    Taking the mean away leaves what is special about a track; log-odds let a rare tag count as much as a common one.
    """
    if row not in heard:
        return np.empty(0, np.intp)
    heard_of = np.zeros(heard.size, np.float32)
    lengths = np.zeros(heard.size, np.float32)
    place = int(np.searchsorted(heard, row))
    for line in probabilities:
        margins = np.log(odds(line[heard])).astype(np.float32)
        margins -= margins.mean()
        heard_of += margins * margins[place]
        lengths += margins * margins
    cosines = heard_of / np.sqrt(np.maximum(lengths, np.float32(1e-12)))
    cosines[place] = -np.inf
    nearest = np.argsort(-cosines, kind="stable")[: min(limit, heard.size - 1)]
    return heard[nearest]
