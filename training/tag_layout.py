"""Where tags lie on a map: word vectors brought down to few dimensions, and what lies together.

Conventions
-----------
Vectors have shape (tags, dimensions), one row a tag. t-SNE keeps neighbours together; distances between far tags and
the axes themselves mean nothing. The places of a *map* have shape (tags, 2), x to the right, y upwards, in [-1, 1].

Contents
--------
``TagMap``     tags, their vectors, their places and clusters
``embed``      t-SNE to any number of dimensions
``cohesion``   how much nearer the tags of a group are to each other than to the others
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.cluster import AgglomerativeClustering
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE

from tagger_core.errors import EarmarkError
from training.word_vectors import Floats, cosines

Integers = npt.NDArray[np.int64]

PERPLEXITY = 12.0
"""About how many neighbours count for a tag; with the dozens of tags of a model, 5 tore the genres apart."""
FEWEST_TAGS = 5

_REGROUPINGS = 10_000


class TagmapError(EarmarkError):
    """No map can be made of these tags."""


@dataclass(frozen=True, slots=True)
class Cohesion:
    """Mean cosine between tags of the same group and of different groups.

    ``chance`` is the share of random groupings of the same sizes with at least that difference.
    """

    within: float
    between: float
    chance: float


@dataclass(frozen=True, slots=True, eq=False)
class TagMap:
    """Tags on a map, row by row: ``vectors`` (tags, dimensions), ``places`` (tags, 2), ``groups`` (tags,) from 0 on."""

    tags: tuple[str, ...]
    vectors: Floats
    places: Floats
    groups: Integers

    @classmethod
    def make(cls, vectors: Mapping[str, Floats], groups: int, seed: int) -> "TagMap":
        """Lay tags out, the longer side of the map filling [-1, 1], and gather them into at most ``groups`` clusters.

        ``vectors`` holds each tag's, shape (dimensions,). Raises ``TagmapError`` for fewer than ``FEWEST_TAGS``.
        """
        if len(vectors) < FEWEST_TAGS:
            raise TagmapError(f"a map needs {FEWEST_TAGS} tags with word vectors or more, and there are {len(vectors)}")
        rows = np.stack([*vectors.values()])
        places: Floats = PCA(2).fit_transform(embed(rows, 2, seed))  # turned to lie broad, as pages and windows are
        low, high = places.min(axis=0), places.max(axis=0)
        places = (2 * places - low - high) / (high - low).max()
        return cls(tuple(vectors), rows, places, _clusters(places, min(groups, len(rows) // 2)))


def embed(vectors: Floats, dimensions: int, seed: int) -> Floats:
    """t-SNE (van der Maaten and Hinton, 2008) by cosine: (tags, n) -> (tags, dimensions).

    What all tags share (being English, being frequent) is taken away first, or it would hide what they do not
    (Mu and Viswanath, "All-but-the-top", 2018).
    """
    reducer = TSNE(
        dimensions,
        perplexity=min(PERPLEXITY, (len(vectors) - 1) / 3),
        metric="cosine",
        init="random",
        learning_rate=10.0,  # 50, the least that scikit-learn chooses, is too much for so few points: they fly apart
        method="exact",  # the fast method knows at most three dimensions, and tags are few
        random_state=seed,
    )
    places: Floats = reducer.fit_transform(vectors - vectors.mean(axis=0)).astype(np.float32)
    return places


def cohesion(vectors: Floats, groups: Sequence[int] | Integers, seed: int) -> Cohesion:
    """Compare cosines within and between groups, shape (tags,) of at least two. ``seed`` is for the chance."""
    similar = cosines(vectors)
    members = np.asarray(groups)
    pairs = np.triu_indices(len(members), k=1)
    cosine = similar[pairs].astype(float)

    def means(grouping: Integers) -> tuple[float, float]:
        same = grouping[pairs[0]] == grouping[pairs[1]]
        return float(cosine[same].mean()), float(cosine[~same].mean())

    within, between = means(members)
    random = np.random.default_rng(seed)
    regrouped = (means(random.permutation(members)) for _ in range(_REGROUPINGS))
    reached = sum(one - other >= within - between for one, other in regrouped)
    return Cohesion(within, between, reached / _REGROUPINGS)


def _clusters(places: Floats, number: int) -> Integers:
    """What lies together by Ward's method, shape (tags,); 0 is the group of the first tag, and so on."""
    found = AgglomerativeClustering(number, linkage="ward").fit_predict(places).tolist()
    ranks = {group: rank for rank, group in enumerate(dict.fromkeys(found))}
    return np.array([ranks[group] for group in found])
