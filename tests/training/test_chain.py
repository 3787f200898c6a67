"""The whole way, from a rendered collection to tags from the program: it learns what is there, and only that.

Takes minutes: run with ``EARMARK_LONG_TESTS=1``, as CI does.
"""

import os
from pathlib import Path

import msgspec
import pytest

pytest.importorskip("tensorflow", reason="TensorFlow is not installed (extra: training)")

from tagger_core.cli import main as earmark
from training.__main__ import main
from training.config import Experiment
from training.dataset import Dataset
from training.metrics import ranking
from training.predictions import of_folder

pytestmark = [
    pytest.mark.skipif("EARMARK_LONG_TESTS" not in os.environ, reason="takes minutes; set EARMARK_LONG_TESTS=1"),
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"),
]

CLIPS, SECONDS = 1200, 4
EXPERIMENT = Experiment(
    architecture="fast",
    split="folder",  # the synthetic collection's test folders sound in programs that no other clip uses
    epochs=16,
    patience=16,
    batch_size=16,
    learning_rate=0.002,
    device="cpu",
)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    folder = tmp_path_factory.mktemp("synthetic")
    source, target = str(folder / "source"), str(folder / "set")
    synthetic = ["synthetic", source, "--clips", str(CLIPS), "--seconds", str(SECONDS), "--sound", "numpy"]
    for command in (synthetic, ["prepare", source, target], ["labels", target], ["features", target]):
        assert main(command) == 0
    return Dataset.open(folder / "set")


def trained(experiment: Experiment, dataset: Dataset, folder: Path) -> float:
    """Train through the command; the ROC-AUC on test clips."""
    folder.mkdir()
    experiment.save(folder / "experiment.toml")
    command = ["train", str(dataset.folder), str(folder / "run"), "--config", str(folder / "experiment.toml")]
    assert main(command) == 0
    predictions = of_folder(folder / "run", dataset, None, "test")
    return ranking(predictions.scores, predictions.truth).macro_roc_auc


def test_from_rendered_clips_to_tags(
    dataset: Dataset, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert trained(EXPERIMENT, dataset, tmp_path / "true") >= 0.9
    run, model = str(tmp_path / "true" / "run"), str(tmp_path / "mine")
    assert main(["evaluate", run, "--data", str(dataset.folder), "--output", str(tmp_path / "report")]) == 0
    assert main(["export", run, model, "--data", str(dataset.folder)]) == 0
    for variable in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / "home"))
    capsys.readouterr()
    assert earmark(["--model", model, "--batch", str(dataset.audio_folder / "f")]) == 0
    heard = capsys.readouterr()
    assert "with mine" in heard.out + heard.err


def test_shuffled_labels_teach_nothing(dataset: Dataset, tmp_path: Path) -> None:
    control = msgspec.structs.replace(EXPERIMENT, shuffle_labels=True, epochs=4)
    assert 0.4 <= trained(control, dataset, tmp_path / "shuffled") <= 0.6
