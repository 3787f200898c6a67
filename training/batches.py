"""Training batches: random patches of shuffled clips, augmented, the same again for the same seed and epoch.

Conventions
-----------
A batch is (patches, targets): float32 of shapes (batch, frames, bands) and (batch, labels). An epoch is a fixed
number of *steps*; in a step each *replica* (device) takes one batch. Batch number ``step * replicas + replica`` depends
only on seed, epoch and number, so a run that is resumed, or spread over more workers, sees the same data.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from training.config import Augmentation, Experiment
from training.dataset import FeatureStore

Floats = npt.NDArray[np.float32]
Batch = tuple[Floats, Floats]


class Batches:
    """``targets`` has shape (clips, labels)."""

    def __init__(
        self,
        store: FeatureStore,
        clip_ids: Sequence[str],
        targets: npt.NDArray[np.uint8],
        experiment: Experiment,
        replicas: int = 1,
    ) -> None:
        self._store = store
        self._clip_ids = clip_ids
        self._targets = targets.astype(np.float32)
        self._experiment = experiment
        self._replicas = replicas
        patches = len(clip_ids) * experiment.patches_per_clip
        self.steps = -(-patches // (experiment.batch_size * replicas))

    def epoch(self, epoch: int, replicas: range) -> Iterator[Batch]:
        """The batches of these replicas, step by step."""
        experiment = self._experiment
        generator = np.random.default_rng((experiment.seed, epoch))
        order = generator.permutation(np.repeat(np.arange(len(self._clip_ids)), experiment.patches_per_clip))
        # Every batch is full: the last ones begin the order again.
        order = np.resize(order, (self.steps * self._replicas, experiment.batch_size))
        places = generator.random(order.shape)
        for step in range(self.steps):
            for replica in replicas:
                number = step * self._replicas + replica
                patches = np.stack([self._patch(*where) for where in zip(order[number], places[number], strict=True)])
                own = np.random.default_rng((experiment.seed, epoch, number))
                yield augmented(patches, self._targets[order[number]], experiment.augmentation, own)

    def _patch(self, clip: int, place: float) -> Floats:
        """A patch that starts at the share ``place`` of the clip's possible starts; a short clip is repeated."""
        frames = self._store.frames(self._clip_ids[clip])
        size = self._experiment.features.patch_frames
        if len(frames) < size:
            return np.asarray(frames[np.arange(size) % len(frames)], np.float32)
        start = int(place * (len(frames) - size + 1))
        return np.asarray(frames[start : start + size], np.float32)


def augmented(patches: Floats, targets: Floats, wanted: Augmentation, generator: np.random.Generator) -> Batch:
    """Masks and mixup as ``wanted`` says. ``patches`` is changed in place."""
    for _ in range(wanted.time_masks):
        _mask(patches, wanted.time_share, generator)
    for _ in range(wanted.band_masks):
        _mask(patches.transpose(0, 2, 1), wanted.band_share, generator)
    if wanted.mixup_alpha:
        share = generator.beta(wanted.mixup_alpha, wanted.mixup_alpha, len(patches)).astype(np.float32)
        partner = generator.permutation(len(patches))
        patches = _mixed(patches, patches[partner], share[:, np.newaxis, np.newaxis])
        targets = _mixed(targets, targets[partner], share[:, np.newaxis])
    return patches, targets


def _mask(patches: Floats, share: float, generator: np.random.Generator) -> None:
    """One stripe along the second axis of each patch becomes the patch's mean."""
    length = patches.shape[1]
    for patch in patches:
        width = int(generator.integers(0, int(share * length) + 1))
        start = int(generator.integers(0, length - width + 1))
        patch[start : start + width] = patch.mean()


def _mixed(one: Floats, other: Floats, share: Floats) -> Floats:
    return share * one + (1 - share) * other


def shuffled(targets: npt.NDArray[np.uint8], seed: int) -> npt.NDArray[np.uint8]:
    """Each row somewhere else: the same labels, but not those of the clip."""
    return targets[np.random.default_rng((seed, 0x5EED)).permutation(len(targets))]
