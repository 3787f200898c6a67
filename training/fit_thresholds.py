"""Make ``published/thresholds.json``: run as ``python -m training.fit_thresholds --mtat FOLDER --teacher-scores FILE``.

The MagnaTagATune labels are fitted on published predictions for the 4,332 test clips; for the Million Song
labels there are no annotations, so the rule without them is used that proves itself on MagnaTagATune.

FOLDER holds the tables of the data set, gzipped; FILE the patch scores of the published networks on 45 hours
of free music, with ``offsets`` of the tracks. Thresholds have three decimals.
"""

import argparse
import csv
import gzip
import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from training.thresholds import (
    BETAS,
    REMEMBERED_FACTOR,
    Booleans,
    Floats,
    best_threshold,
    expected_f_rule,
    f_measure,
    fitted,
    prior_rule,
    remembered_shares,
    unlabelled_rule,
)

THRESHOLDS_FILE = Path(__file__).parent / "published" / "thresholds.json"
LAST_LAYER = ("dense_1/kernel", "dense_1/bias", "batch_normalization_10/beta")
SPLITS = 10
"""Random halvings of the artists for the proof."""


def read_test_set(folder: Path, labels: tuple[str, ...]) -> tuple[Floats, Booleans, npt.NDArray[np.str_]]:
    """Predictions and annotations (clips, labels) of the test clips, and each clip's artist."""
    predictions = _table(folder / "reference_test_predictions.tsv.gz")
    annotations = {row["clip_id"]: row for row in _table(folder / "annotations_final.csv.gz")}
    artists = {row["clip_id"]: row["artist"] for row in _table(folder / "clip_info_final.csv.gz")}
    scores = np.array([[float(row[label]) for label in labels] for row in predictions])
    truth = np.array([[annotations[row["clip_id"]][label] == "1" for label in labels] for row in predictions])
    return scores, truth, np.array([artists[row["clip_id"]] for row in predictions])


def macro_f1(scores: Floats, truth: Booleans, thresholds: Floats) -> float:
    return float(np.mean([f_measure(scores[:, i], truth[:, i], value) for i, value in enumerate(thresholds)]))


def two_fold(scores: Floats, truth: Booleans, artists: npt.NDArray[np.str_], steadied: bool) -> float:
    """Macro F1 of fitted thresholds on artists that the fit has not seen, mean over ``SPLITS`` halvings."""
    names, which = np.unique(artists, return_inverse=True)
    measured = []
    for seed in range(SPLITS):
        half = (np.random.default_rng(seed).permutation(len(names)) % 2)[which]
        for fold in (0, 1):
            fit, judge = half != fold, half == fold
            if steadied:
                thresholds = fitted(scores[fit], truth[fit], "balanced")
            else:
                columns = range(truth.shape[1])
                thresholds = np.array([best_threshold(scores[fit, i], truth[fit, i].astype(float), 1) for i in columns])
            measured.append(macro_f1(scores[judge], truth[judge], thresholds))
    return float(np.mean(measured))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.fit_thresholds")
    parser.add_argument("--mtat", type=Path, required=True, help="folder of the MagnaTagATune tables")
    parser.add_argument("--teacher-scores", type=Path, required=True, help="patch scores of the published networks")
    parser.add_argument("--wheel", type=Path, help="the wheel of musicnn 0.1.0, instead of downloading it")
    options = parser.parse_args()

    # Here, because it takes TensorFlow and the functions above do not.
    from training.published_musicnn import fetch_wheel, open_wheel, read_labels, read_weights

    with open_wheel(options.wheel or fetch_wheel()) as wheel:
        labels = {name: read_labels(wheel, name) for name in ("MTT_musicnn", "MSD_musicnn")}
        last_layers = {name: read_weights(wheel, name) for name in labels}
    heard = {}
    for name, weights in last_layers.items():
        patches, tracks = _teacher_scores(options.teacher_scores, name)
        kernel, bias, beta = (weights[variable].astype(float) for variable in LAST_LAYER)
        shares = remembered_shares(kernel, bias, beta, patches)
        heard[name] = (tracks, shares)

    scores, truth, artists = read_test_set(options.mtat, labels["MTT_musicnn"])
    fits = {profile: fitted(scores, truth, profile) for profile in BETAS}
    mtt_tracks, mtt_shares = heard["MTT_musicnn"]
    constant = np.full(truth.shape[1], 1.0)
    proof = {
        "0.5 for every label": macro_f1(scores, truth, 0.5 * constant),
        "0.17 for every label": macro_f1(scores, truth, 0.17 * constant),
        "0.8 sqrt(mean score on free music)": macro_f1(scores, truth, 0.8 * np.sqrt(mtt_tracks.mean(axis=0))),
        "0.6 cube root of the remembered share": macro_f1(scores, truth, prior_rule(mtt_shares, REMEMBERED_FACTOR)),
        "expected F1 on free music": macro_f1(scores, truth, expected_f_rule(mtt_tracks)),
        "the last two together (used)": macro_f1(scores, truth, unlabelled_rule(mtt_tracks, mtt_shares)),
        "fitted, unseen artists": two_fold(scores, truth, artists, steadied=False),
        "fitted and steadied, unseen artists (used)": two_fold(scores, truth, artists, steadied=True),
        "fitted and steadied, same clips": macro_f1(scores, truth, fits["balanced"]),
    }
    for rule, value in proof.items():
        print(f"{value:.4f}  {rule}")

    reasoned = unlabelled_rule(*heard["MSD_musicnn"])
    shifts = {profile: float(np.median(_logit(fit) - _logit(fits["balanced"]))) for profile, fit in fits.items()}
    content = {
        "macro_f1": {rule: round(value, 3) for rule, value in proof.items()},
        "magnatagatune": {
            label: {profile: _measured(scores[:, i], truth[:, i], float(fits[profile][i])) for profile in BETAS}
            for i, label in enumerate(labels["MTT_musicnn"])
        },
        "million-song": {
            label: {profile: {"value": round(_shifted(float(reasoned[i]), shifts[profile]), 3)} for profile in BETAS}
            for i, label in enumerate(labels["MSD_musicnn"])
        },
    }
    THRESHOLDS_FILE.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    print(f"written: {THRESHOLDS_FILE}")


def _table(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def _teacher_scores(path: Path, network: str) -> tuple[Floats, Floats]:
    """Scores of a network on the patches and on the tracks of the free music."""
    with np.load(path) as content:
        patches = content[network].astype(float)
        starts = content["offsets"]
    return patches, np.array([patches[a:b].mean(axis=0) for a, b in pairwise(starts)])


def _measured(scores: Floats, truth: Booleans, threshold: float) -> dict[str, float]:
    value = round(threshold, 3)
    suggested = scores >= value
    right = float(np.sum(suggested & truth))
    return {
        "value": value,
        "precision": round(right / max(1.0, float(np.sum(suggested))), 3),
        "recall": round(right / float(np.sum(truth)), 3),
    }


def _logit(probability: Floats) -> Floats:
    logits: Floats = np.log(probability / (1 - probability))
    return logits


def _shifted(probability: float, logits: float) -> float:
    return 1 / (1 + (1 - probability) / probability * float(np.exp(-logits)))


if __name__ == "__main__":
    main()
