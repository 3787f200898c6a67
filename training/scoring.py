"""From the scores of patches to the score of a clip, as the program does it for a track.

Patches are cut by ``tagger_core.features.cut_patches`` and the score of a clip is their weighted mean, so what is
measured here is what the program will say.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

import numpy as np
import numpy.typing as npt

from tagger_core.domain import FeatureSpec
from tagger_core.features import cut_patches
from training.dataset import Dataset, DatasetError, FeatureStore, Part, Split
from training.progress import tracked

Floats = npt.NDArray[np.float32]
PatchScorer = Callable[[Floats], Floats]
"""Patches (n, frames, bands) -> probabilities (n, labels)."""

_BATCH = 32


def clip_scores(
    scorer: PatchScorer,
    store: FeatureStore,
    clip_ids: Sequence[str],
    spec: FeatureSpec,
    description: str = "scoring",
) -> Floats:
    """Scores of shape (clips, labels), under a progress bar of this description.

    Patches of several clips go through together: a clip alone does not fill a batch.
    """
    pieces = _patches_of_clips(store, tracked(clip_ids, description, len(clip_ids)), spec)
    sums: Floats | None = None
    totals = np.zeros((len(clip_ids), 1), np.float32)
    while chunk := list(islice(pieces, _BATCH)):
        rows = [row for row, _, _ in chunk]
        weights = np.array([[weight] for _, _, weight in chunk], np.float32)
        scores = scorer(np.stack([patch for _, patch, _ in chunk]))
        if sums is None:
            sums = np.zeros((len(clip_ids), scores.shape[1]), np.float32)
        np.add.at(sums, rows, weights * scores)
        np.add.at(totals, rows, weights)
    if sums is None:
        raise ValueError("no clips to score")
    return sums / totals


def sample_patches(store: FeatureStore, clip_ids: Sequence[str], spec: FeatureSpec, count: int) -> Floats:
    """The first ``count`` patches of these clips, or all if there are fewer, shape (n, frames, bands)."""
    pieces = _patches_of_clips(store, clip_ids, spec)
    return np.stack([patch for _, patch, _ in islice(pieces, count)])


def part_ids(dataset: Dataset, store: FeatureStore, split: Split, part: Part) -> list[str]:
    """Clips of a part that have features and labels, in the order of the table. ``DatasetError`` if there is none."""
    usable = set(store.clip_ids) & set(dataset.labels.clip_ids)
    ids = [clip.clip_id for clip in dataset.part(split, part) if clip.clip_id in usable]
    if not ids:
        raise DatasetError(
            f"{dataset.folder} has no clip with features and labels in the part {part} of the split "
            f"{split}; choose another split"
        )
    return ids


def _patches_of_clips(
    store: FeatureStore, clip_ids: Iterable[str], spec: FeatureSpec
) -> Iterator[tuple[int, Floats, float]]:
    """Yield (row of the clip, patch, weight)."""
    for row, clip_id in enumerate(clip_ids):
        frames = np.asarray(store.frames(clip_id), np.float32)
        for patch, weight in cut_patches([frames], spec):
            yield row, patch, weight
