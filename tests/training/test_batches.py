"""What the network is shown: the same for the same seed, however it is spread; masks and mixtures as they should be."""

import msgspec
import numpy as np
import pytest

from tagger_core.domain import FeatureSpec
from tagger_core.features import log_mel, patch_batches
from tests.training.small_dataset import SPEC, small_dataset
from training.batches import Batches, augmented, shuffled
from training.config import Augmentation, Experiment
from training.dataset import Dataset
from training.scoring import clip_scores, part_ids

EXPERIMENT = Experiment(features=SPEC, batch_size=8, patches_per_clip=2, augmentation=Augmentation(mixup_alpha=0.3))


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return small_dataset(tmp_path_factory.mktemp("data") / "set")


def batches(dataset: Dataset, replicas: int = 1, **changes: object) -> Batches:
    experiment = msgspec.structs.replace(EXPERIMENT, **changes)
    store = dataset.features(SPEC)
    ids = part_ids(dataset, store, "artist", "train")
    return Batches(store, ids, dataset.labels.rows(ids), experiment, replicas)


def test_an_epoch_is_the_same_again_and_another_one_is_not(dataset: Dataset) -> None:
    first, again, other = (list(batches(dataset).epoch(number, range(1))) for number in (1, 1, 2))
    assert len(first) == batches(dataset).steps == 10  # 40 clips, 2 patches of each, 8 at once
    for (patches, targets), (same_patches, same_targets), (other_patches, _) in zip(first, again, other, strict=True):
        np.testing.assert_array_equal(patches, same_patches)
        np.testing.assert_array_equal(targets, same_targets)
        assert not np.array_equal(patches, other_patches)


def test_two_workers_share_the_data_of_one_process(dataset: Dataset) -> None:
    together = [patches for patches, _ in batches(dataset, 2).epoch(1, range(2))]
    apart = [[patches for patches, _ in batches(dataset, 2).epoch(1, range(w, w + 1))] for w in range(2)]
    assert len(together) == 10
    for number, patches in enumerate(together):
        np.testing.assert_array_equal(patches, apart[number % 2][number // 2])


def test_every_clip_is_shown_as_often_as_wanted(dataset: Dataset) -> None:
    plain = batches(dataset, augmentation=Augmentation(), patches_per_clip=3)
    targets = np.concatenate([targets for _, targets in plain.epoch(1, range(1))])
    ids = part_ids(dataset, dataset.features(SPEC), "artist", "train")
    np.testing.assert_array_equal(targets.sum(axis=0), 3 * dataset.labels.rows(ids).sum(axis=0))


def test_masks_are_stripes_of_the_patch_mean() -> None:
    patches = np.random.default_rng(0).normal(size=(50, 40, 24)).astype(np.float32)
    wanted = Augmentation(time_masks=1, time_share=0.5, band_masks=0)
    masked, _ = augmented(patches.copy(), np.zeros((50, 3), np.float32), wanted, np.random.default_rng(1))
    widths = []
    for before, after in zip(patches, masked, strict=True):
        changed = np.flatnonzero((before != after).any(axis=1))
        widths.append(len(changed))
        assert len(changed) == 0 or np.ptp(changed) == len(changed) - 1
        np.testing.assert_allclose(after[changed], before.mean(), rtol=1e-4, atol=1e-6)
    assert min(widths) <= 2
    assert 18 <= max(widths) <= 20


def test_mixup_mixes_patches_and_labels_alike() -> None:
    patches = np.repeat(np.arange(16, dtype=np.float32), 6).reshape(16, 3, 2)
    targets = np.arange(16, dtype=np.float32)[:, np.newaxis]
    mixed, mixed_targets = augmented(patches, targets, Augmentation(mixup_alpha=1.0), np.random.default_rng(0))
    np.testing.assert_allclose(mixed[:, 0, 0], mixed_targets[:, 0], rtol=1e-6)
    assert not np.allclose(mixed_targets, np.round(mixed_targets))


def test_shuffled_labels_are_the_same_labels_elsewhere(dataset: Dataset) -> None:
    matrix = dataset.labels.matrix
    elsewhere = shuffled(matrix, seed=1)
    np.testing.assert_array_equal(elsewhere.sum(axis=0), matrix.sum(axis=0))
    assert (elsewhere != matrix).any(axis=1).mean() > 0.5


@pytest.mark.parametrize("seconds", [1.0, 2.99, 3.5, 7.3])
def test_a_clip_is_scored_as_the_program_scores_a_track(seconds: float) -> None:
    """Through stored frames as through samples: the same patches, the same weights."""
    spec = FeatureSpec()
    samples = np.random.default_rng(0).normal(0, 0.1, int(seconds * spec.sample_rate)).astype(np.float32)
    served = list(patch_batches([samples], spec, 4))
    weights = np.concatenate([batch.weights for batch in served])
    means = np.concatenate([batch.patches for batch in served]).mean(axis=(1, 2))

    class Store:
        def frames(self, clip_id: str) -> np.ndarray:
            return log_mel(samples, spec)

    scores = clip_scores(lambda patches: patches.mean(axis=(1, 2))[:, np.newaxis], Store(), ["a"], spec)
    np.testing.assert_allclose(scores[0, 0], np.average(means, weights=weights), rtol=1e-4)
