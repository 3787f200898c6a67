"""The shipped networks say what their authors' graphs say; neither TensorFlow nor the checkpoints are needed."""

import json
from pathlib import Path

import numpy as np
import pytest

from tagger_core.classifier import Classifier
from tagger_core.model_card import ModelFolder, find_model, shipped_models
from training.card_readme import render
from training.golden_outputs import CLIPS, GOLDEN_FILE, REPOSITORY, clip_samples, golden_signal, whole_patches

SHARED = REPOSITORY.parent / "shared" / "data" / "golden"
ORIGINAL_OUTPUTS = SHARED / "original_graph_outputs.npz"
JORAM = SHARED / "joram-moments_of_clarity-08-solipsism-59-88.mp3"
PUBLISHED_TOP_TEN = [
    "techno",
    "electronic",
    "synth",
    "fast",
    "beat",
    "drums",
    "no vocals",
    "no vocal",
    "dance",
    "ambient",
]
"""From musicnn's README, for MTT_musicnn and the clip above."""
CHECKPOINTS = {"magnatagatune": "MTT_musicnn", "million-song": "MSD_musicnn"}
DECODERS_DIFFER = 2e-3
"""mp3 decoders round differently, and the tenth of a second at the start is up to them."""


@pytest.fixture(scope="module", params=CHECKPOINTS)
def folder(request: pytest.FixtureRequest) -> ModelFolder:
    return find_model(request.param, [shipped_models()])


@pytest.fixture(scope="module")
def classifier(folder: ModelFolder) -> Classifier:
    return Classifier(folder, "cpu")


@pytest.fixture(scope="module")
def golden() -> dict[str, dict]:
    return json.loads(GOLDEN_FILE.read_text(encoding="utf-8"))


def test_scores_of_the_generated_signal_are_those_of_the_original_graph(folder, classifier, golden) -> None:
    expected = golden["signal"][CHECKPOINTS[folder.card.name]]
    np.testing.assert_allclose(classifier.scores(whole_patches(golden_signal())), expected, rtol=0, atol=1e-5)


def test_scores_of_real_music_are_those_of_the_original_graph(folder, classifier, golden) -> None:
    assert len(golden["clips"]) >= 5
    for name, by_checkpoint in golden["clips"].items():
        scores = classifier.scores(whole_patches(clip_samples(CLIPS / name))).mean(axis=0)
        expected = by_checkpoint[CHECKPOINTS[folder.card.name]]
        np.testing.assert_allclose(scores, expected, rtol=0, atol=DECODERS_DIFFER, err_msg=name)


@pytest.mark.skipif(not ORIGINAL_OUTPUTS.is_file(), reason="the golden outputs beside the repository are not there")
def test_scores_of_given_patches_are_those_of_the_original_graph(folder, classifier) -> None:
    with np.load(ORIGINAL_OUTPUTS) as outputs:
        scores = classifier.scores(outputs["patches"].astype(np.float32))
        np.testing.assert_allclose(scores, outputs[CHECKPOINTS[folder.card.name]], rtol=0, atol=1e-5)


@pytest.mark.skipif(not JORAM.is_file(), reason="the MagnaTagATune clip beside the repository is not there")
def test_published_top_ten_is_reproduced() -> None:
    model = find_model("magnatagatune", [shipped_models()])
    scores = Classifier(model, "cpu").scores(whole_patches(clip_samples(JORAM))).mean(axis=0)
    best = [model.card.label_names[index] for index in np.argsort(-scores)[:10]]
    assert best == PUBLISHED_TOP_TEN


def test_thresholds_fall_from_strict_to_generous(folder) -> None:
    for label in folder.card.labels:
        assert 0 < label.generous.value <= label.balanced.value <= label.strict.value < 1, label.name


def test_recall_falls_with_the_threshold_and_precision_rises_on_the_whole() -> None:
    labels = find_model("magnatagatune", [shipped_models()]).card.labels
    profiles = [(label.generous, label.balanced, label.strict) for label in labels]
    recalls = np.array([[threshold.recall for threshold in profile] for profile in profiles])
    precisions = np.array([[threshold.precision for threshold in profile] for profile in profiles])
    assert np.all(np.diff(recalls) <= 0)
    assert np.all(np.diff(precisions.mean(axis=0)) > 0.05)


def test_the_folder_is_complete_and_its_readme_is_that_of_the_card(folder) -> None:
    assert (folder.path / "README.md").read_text(encoding="utf-8") == render(folder.card)
    assert "Permission to use, copy, modify" in (folder.path / "LICENSE").read_text(encoding="utf-8")
    assert CHECKPOINTS[folder.card.name] in (folder.path / "NOTICE").read_text(encoding="utf-8")


def test_the_network_carries_no_trace_of_its_making(folder) -> None:
    content = (folder.path / "model.onnx").read_bytes()
    assert str(Path.home()).encode() not in content
    assert b"tf2onnx" not in content
