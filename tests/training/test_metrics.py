"""The published figures from the published predictions, and the edges that real data has."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed (extra: training)")

from training.__main__ import main
from training.metrics import decisions, intervals, ranking, two_fold_thresholds

MTAT = Path(__file__).resolve().parents[3] / "shared" / "data" / "mtat"


@pytest.mark.skipif(not MTAT.is_dir(), reason="the MagnaTagATune tables beside the repository are not there")
def test_published_predictions_give_the_published_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("reference_test_predictions.tsv", "annotations_final.csv", "clip_info_final.csv"):
        (tmp_path / name).write_bytes(gzip.decompress((MTAT / f"{name}.gz").read_bytes()))
    command = ["evaluate", str(tmp_path / "reference_test_predictions.tsv"), "--resamples", "4"]
    command += [
        "--annotations",
        str(tmp_path / "annotations_final.csv"),
        "--clips",
        str(tmp_path / "clip_info_final.csv"),
    ]
    assert main([*command, "--output", str(tmp_path / "report")]) == 0
    summary = json.loads((tmp_path / "report" / "summary.json").read_text(encoding="utf-8"))
    assert summary["ROC-AUC"] == pytest.approx(0.9109, abs=1e-4)
    assert summary["PR-AUC"] == pytest.approx(0.4509, abs=1e-4)
    assert summary["at 0.5"]["F1"] == pytest.approx(0.228, abs=1e-3)
    assert summary["at fitted thresholds"]["F1"] == pytest.approx(0.478, abs=0.01)
    assert (summary["clips"], summary["artists"], summary["labels"]) == (4332, 75, 50)
    assert "ROC-AUC: 0.9109" in capsys.readouterr().out
    labels = (tmp_path / "report" / "labels.tsv").read_text(encoding="utf-8").splitlines()
    assert len(labels) == 51
    assert "~" in (tmp_path / "report" / "examples.md").read_text(encoding="utf-8")
    for chart in ("accuracy.png", "recall.png"):
        assert (tmp_path / "report" / chart).read_bytes().startswith(b"\x89PNG")


def test_a_label_that_all_clips_have_is_left_out() -> None:
    truth = np.array([[1, 1, 0], [0, 1, 0], [1, 1, 0]], bool)
    ranked = ranking(np.array([[0.9, 0.1, 0.2], [0.2, 0.2, 0.1], [0.8, 0.3, 0.3]]), truth)
    assert ranked.macro_roc_auc == ranked.macro_pr_auc == 1.0
    assert np.isnan(ranked.roc_auc).tolist() == [False, True, True]


def test_decisions_of_a_label_by_hand() -> None:
    truth = np.array([[1], [1], [0], [0], [0]], bool)
    decided = decisions(np.array([[0.9], [0.4], [0.6], [0.1], [0.2]]), truth, np.array([0.5]))
    assert [float(part[0]) for part in (decided.accuracy, decided.recall, decided.precision, decided.f1)] == [
        0.6,
        0.5,
        0.5,
        0.5,
    ]


def test_weights_count_clips_as_often() -> None:
    generator = np.random.default_rng(0)
    truth = generator.random((40, 3)) < 0.4
    scores = generator.random((40, 3)) + 0.3 * truth
    weights = generator.integers(0, 4, 40)
    weighted = ranking(scores, truth, weights.astype(float))
    repeated = ranking(np.repeat(scores, weights, axis=0), np.repeat(truth, weights, axis=0))
    np.testing.assert_allclose(weighted.roc_auc, repeated.roc_auc)
    np.testing.assert_allclose(weighted.pr_auc, repeated.pr_auc)


def test_an_interval_is_wider_for_fewer_artists() -> None:
    """Clips of an artist stand and fall together, so the same clips by fewer artists say less."""
    generator = np.random.default_rng(0)
    good_artist = generator.random(40) < 0.7
    truth = generator.random((400, 1)) < 0.5
    quality = np.repeat(good_artist, 10)[:, np.newaxis]
    scores = np.where(quality, truth, 0.5) + 0.1 * generator.random((400, 1))
    by_artist = intervals(scores, truth, np.repeat(np.arange(40), 10).astype(str), 60)["ROC-AUC"]
    by_clip = intervals(scores, truth, np.arange(400).astype(str), 60)["ROC-AUC"]
    assert by_artist[1] - by_artist[0] > 1.3 * (by_clip[1] - by_clip[0])
    assert by_artist[0] < ranking(scores, truth).macro_roc_auc < by_artist[1]


def test_no_clip_is_judged_by_thresholds_of_its_own_artist() -> None:
    generator = np.random.default_rng(0)
    artists = np.repeat(np.arange(10), 8).astype(str)
    truth = generator.random((80, 2)) < 0.5
    scores = generator.random((80, 2))
    before = two_fold_thresholds(scores, truth, artists)
    changed = artists == "3"
    after = two_fold_thresholds(np.where(changed[:, np.newaxis], scores / 2, scores), truth, artists)
    np.testing.assert_array_equal(before[changed], after[changed])
    assert len(np.unique(before[:, 0])) == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [("", "column clip_id"), ("clip_id\trock\n1\tloud\n", "cannot be read"), ("clip_id\trock\n", "no clips")],
)
def test_a_wrong_table_of_predictions_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, said: str
) -> None:
    file = tmp_path / "predictions.tsv"
    file.write_text(content, encoding="utf-8")
    assert main(["evaluate", str(file), "--annotations", "a.csv", "--clips", "b.csv"]) == 3
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_evaluate_says_what_it_needs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", str(tmp_path)]) == 2
    assert "--data" in capsys.readouterr().err
