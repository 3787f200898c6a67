"""Agreement of a student with its teachers, and thresholds moved to it."""

import numpy as np
import pytest

from training.agreement import agreement, evened, transferred


def test_figures_of_a_case_that_can_be_worked_out() -> None:
    wanted = np.array([[0.1, 0.5], [0.5, 0.5], [0.9, 0.5], [0.7, 0.1]], np.float32)
    heard = wanted + np.array([[0.1, 0.0]], np.float32)
    report = agreement("moods", heard, wanted, own=np.array([0.65, 0.5]), theirs=np.array([0.5, 0.6]))
    assert report.tracks == 4
    assert report.correlation == pytest.approx(1)
    assert report.difference == pytest.approx(0.05)
    assert report.differences == pytest.approx((0.1, 0.0), abs=1e-6)
    assert report.jaccard == pytest.approx(2 / 6)  # of the first label 2 of 3 are shared, of the second none of 3


def test_a_label_that_never_varies_is_left_out_of_the_mean() -> None:
    scores = np.array([[0.1, 0.3], [0.9, 0.3], [0.2, 0.3]], np.float32)
    report = agreement("a", scores, scores, np.array([0.5, 0.5]), np.array([0.5, 0.5]))
    assert report.correlation == pytest.approx(1)
    assert np.isnan(report.correlations[1])


def test_a_threshold_moves_to_where_as_many_tracks_are_above_it() -> None:
    generator = np.random.default_rng(1)
    wanted = generator.beta(1, 3, (4000, 1))
    heard = wanted**1.3  # the same order, lower scores
    (moved,) = transferred([0.4], heard, wanted)
    assert moved == pytest.approx(0.4**1.3, abs=0.01)
    assert np.mean(heard >= moved) == pytest.approx(np.mean(wanted >= 0.4), abs=0.01)


def test_a_threshold_stays_where_too_few_tracks_tell() -> None:
    wanted, heard = np.array([[0.1], [0.2], [0.9]]), np.array([[0.1], [0.15], [0.4]])
    (moved,) = transferred([0.5], heard, wanted)
    assert 0.45 < moved < 0.5  # one track lies above: a little of the way to 0.275
    assert transferred([0.95], heard, wanted) == [0.95]


def test_all_thresholds_move_together_to_as_many_suggestions_as_the_teachers_make() -> None:
    generator = np.random.default_rng(2)
    theirs = np.array([0.5, 0.6])
    wanted = generator.beta(2, 3, (2000, 2))
    heard = 0.7 * wanted + 0.3 * wanted.mean(axis=0)  # less certain
    moved = evened(theirs, heard, theirs, wanted)
    assert np.sum(heard >= theirs) < 0.95 * np.sum(wanted >= theirs)
    assert np.sum(heard >= moved) == pytest.approx(np.sum(wanted >= theirs), rel=0.02)
    logits = np.log(moved / (1 - moved)) - np.log(theirs / (1 - theirs))
    assert logits[0] == pytest.approx(logits[1])
    assert logits[0] < 0


def test_thresholds_that_tell_nothing_stay() -> None:
    thresholds = np.array([0.5])
    scores = np.array([[0.1], [0.2]])
    assert evened(thresholds, scores, thresholds, scores) is thresholds
    assert evened(thresholds, scores, np.array([0.05]), scores) is thresholds
