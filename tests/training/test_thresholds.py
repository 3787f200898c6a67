import json

import numpy as np
import pytest

from training.fit_thresholds import THRESHOLDS_FILE, macro_f1, read_test_set
from training.golden_outputs import REPOSITORY
from training.thresholds import (
    BETAS,
    best_threshold,
    expected_f_rule,
    f_measure,
    fitted,
    remembered_shares,
    unlabelled_rule,
)

MTAT = REPOSITORY.parent / "shared" / "data" / "mtat"


def calibrated(tracks: int = 4000, labels: int = 4, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Scores that are true probabilities, and truth drawn from them; the last label is rare."""
    generator = np.random.default_rng(seed)
    shape = (np.linspace(1, 0.1, labels), 4)
    scores = generator.beta(*np.broadcast_arrays(*shape), size=(tracks, labels))
    return scores, generator.random(scores.shape) < scores


@pytest.mark.parametrize("beta", BETAS.values())
def test_no_threshold_is_better_than_the_best(beta: float) -> None:
    scores, truth = calibrated(500)
    best = best_threshold(scores[:, 0], truth[:, 0].astype(float), beta)
    measure = f_measure(scores[:, 0], truth[:, 0], best, beta)
    assert all(measure >= f_measure(scores[:, 0], truth[:, 0], other, beta) for other in scores[:, 0])


def test_tracks_of_equal_score_are_taken_together() -> None:
    scores, truth = np.array([0.9, 0.5, 0.5, 0.5, 0.1]), np.array([1.0, 1.0, 0.0, 0.0, 0.0])
    assert best_threshold(scores, truth, 1) == 0.9


def test_f_measure_of_nothing_is_zero() -> None:
    assert f_measure(np.array([0.1]), np.array([False]), 0.5) == 0


def test_profiles_are_ordered_and_rare_labels_stay_near_the_prior_rule() -> None:
    scores, truth = calibrated()
    truth[:, -1] = False
    truth[np.argmax(scores[:, -1]), -1] = True  # one single track: a fit alone would take its score
    strict, balanced, generous = (fitted(scores, truth, profile) for profile in BETAS)
    assert np.all(strict > balanced)
    assert np.all(balanced > generous)
    assert balanced[-1] < 0.1 < scores[:, -1].max()


def test_expected_f_needs_no_truth_where_scores_are_probabilities() -> None:
    scores, truth = calibrated(20_000)
    best = [best_threshold(scores[:, i], truth[:, i].astype(float), 1) for i in range(3)]
    np.testing.assert_allclose(expected_f_rule(scores)[:3], best, atol=0.06)


def test_a_network_remembers_the_shares_of_its_training() -> None:
    """A last layer that was never moved by its input knows nothing but its bias."""
    bias = np.log(np.array([0.3, 0.02]) / np.array([0.7, 0.98]))
    scores = np.tile([0.3, 0.02], (10, 1))
    shares = remembered_shares(np.zeros((5, 2)), bias, np.ones(5), scores)
    np.testing.assert_allclose(shares, [0.3, 0.02], atol=1e-9)


def test_labels_that_are_never_heard_get_the_lowest_reasoned_threshold() -> None:
    scores = np.full((50, 1), 0.001)
    assert unlabelled_rule(scores, np.array([0.001])) == [0.1]


@pytest.mark.skipif(not MTAT.is_dir(), reason="the MagnaTagATune tables beside the repository are not there")
def test_fitted_thresholds_more_than_double_what_one_half_gives() -> None:
    thresholds = json.loads(THRESHOLDS_FILE.read_text(encoding="utf-8"))["magnatagatune"]
    scores, truth, _ = read_test_set(MTAT, tuple(thresholds))
    assert macro_f1(scores, truth, np.full(50, 0.5)) == pytest.approx(0.228, abs=5e-4)
    balanced = np.array([label["balanced"]["value"] for label in thresholds.values()])
    assert macro_f1(scores, truth, balanced) == pytest.approx(0.489, abs=1e-3)
