"""Runs on a tiny data set: they learn, go on after a kill as if nothing had happened, and fail in words."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="TensorFlow is not installed (extra: training)")

from tagger_core.model_card import ModelFolder
from tests.training.small_dataset import NAMES, SPEC, small_dataset
from training.__main__ import main
from training.architectures import ARCHITECTURES
from training.config import Augmentation, Experiment
from training.dataset import Dataset
from training.networks import best_network, probabilities
from training.run_folder import RunFolder
from training.trainer import train

# Keras gives TensorFlow's arrays to NumPy in the old way.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")

EXPERIMENT = Experiment(
    architecture="conv2_pool",
    features=SPEC,
    epochs=4,
    batch_size=12,
    patches_per_clip=2,
    device="cpu",
    augmentation=Augmentation(time_masks=1, band_masks=1, mixup_alpha=0.2),
)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return small_dataset(tmp_path_factory.mktemp("data") / "set")


@pytest.fixture(scope="module")
def finished(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A run of all epochs, started from the command line."""
    folder = tmp_path_factory.mktemp("finished")
    EXPERIMENT.save(folder / "experiment.toml")
    command = ["train", str(dataset.folder), str(folder / "run"), "--config", str(folder / "experiment.toml")]
    assert main(command) == 0
    return RunFolder.open(folder / "run")


def variables(run: RunFolder) -> dict[str, np.ndarray]:
    with np.load(run.checkpoint) as content:
        return {name: content[name] for name in content.files if name != "progress"}


@pytest.mark.parametrize("name", ARCHITECTURES)
@pytest.mark.parametrize("shape", [(187, 96), (60, 20)], ids=["log-mel", "mfcc"])
def test_every_architecture_gives_probabilities_and_logits(name: str, shape: tuple[int, int]) -> None:
    network = ARCHITECTURES[name](shape, 3, "sigmoid")
    assert network.output_shape == (None, 3)
    assert network.layers[-1].activation.__name__ == "sigmoid"
    assert ARCHITECTURES[name](shape, 3, None).layers[-1].activation.__name__ == "linear"


def test_a_run_learns_what_is_there(finished: RunFolder) -> None:
    progress = finished.progress()
    assert len(progress.epochs) == EXPERIMENT.epochs
    assert progress.epochs[-1].loss < progress.epochs[0].loss
    assert progress.best.roc_auc > 0.95
    assert list(finished.logs.iterdir())


def test_a_killed_run_goes_on_as_if_it_had_not_been(finished: RunFolder, dataset: Dataset, tmp_path: Path) -> None:
    class Killed(BaseException):
        pass

    def kill(epoch: object) -> None:
        raise Killed

    run = RunFolder.start(tmp_path / "run", EXPERIMENT, dataset.labels.names)
    for _ in range(2):
        with pytest.raises(Killed):
            train(EXPERIMENT, dataset, run, kill)
    assert len(run.progress().epochs) == 2
    train(EXPERIMENT, dataset, run, lambda epoch: None)
    resumed, straight = run.progress(), finished.progress()
    assert [epoch.loss for epoch in resumed.epochs] == pytest.approx(
        [epoch.loss for epoch in straight.epochs], rel=1e-4
    )
    for name, value in variables(finished).items():
        np.testing.assert_allclose(variables(run)[name], value, rtol=1e-3, atol=1e-4, err_msg=name)


def test_a_finished_run_is_left_as_it_is(finished: RunFolder, dataset: Dataset) -> None:
    before = finished.checkpoint.read_bytes()
    assert main(["train", str(dataset.folder), str(finished.path)]) == 0
    assert finished.checkpoint.read_bytes() == before


def test_half_precision_trains_and_saves_single_precision(dataset: Dataset, tmp_path: Path) -> None:
    experiment = msgspec.structs.replace(EXPERIMENT, precision="mixed_float16", epochs=1)
    run = RunFolder.start(tmp_path / "run", experiment, dataset.labels.names)
    train(experiment, dataset, run, lambda epoch: None)
    scores = probabilities(best_network(run))(np.zeros((2, SPEC.patch_frames, SPEC.bands), np.float32))
    assert scores.dtype == np.float32
    assert np.isfinite(scores).all()


def test_nan_is_said_and_nothing_is_lost(dataset: Dataset, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    experiment = msgspec.structs.replace(EXPERIMENT, learning_rate=1e30, augmentation=Augmentation())
    experiment.save(tmp_path / "experiment.toml")
    command = ["train", str(dataset.folder), str(tmp_path / "run"), "--config", str(tmp_path / "experiment.toml")]
    assert main(command) == 3
    error = capsys.readouterr().err
    assert "the loss became" in error
    assert "lower learning_rate (now 1e+30)" in error


@pytest.mark.parametrize(
    ("changes", "code", "said"),
    [
        ({"device": "gpu"}, 3, "asks for a GPU and TensorFlow finds none"),
        ({"architecture": "alexnet"}, 2, "there is no architecture 'alexnet'; there are conv2,"),
        ({"features": msgspec.structs.replace(SPEC, n_mels=25)}, 3, "no finished log_mel features"),
    ],
)
def test_what_cannot_be_trained_is_one_sentence(
    dataset: Dataset, tmp_path: Path, capfd: pytest.CaptureFixture[str], changes: dict, code: int, said: str
) -> None:
    if changes.get("device") == "gpu":
        import tensorflow as tf

        if tf.config.list_physical_devices("GPU"):
            pytest.skip("this machine has a GPU")
    msgspec.structs.replace(EXPERIMENT, **changes).save(tmp_path / "experiment.toml")
    command = ["train", str(dataset.folder), str(tmp_path / "run"), "--config", str(tmp_path / "experiment.toml")]
    assert main(command) == code
    assert said in capfd.readouterr().err


def test_a_missing_data_set_and_a_missing_run_are_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    assert main(["train", str(tmp_path / "none"), str(tmp_path / "run")]) == 3
    assert "not a prepared data set" in capsys.readouterr().err
    assert main(["export", str(tmp_path / "run"), str(tmp_path / "model")]) == 3
    assert "not the folder of a training run" in capsys.readouterr().err


@pytest.mark.parametrize(
    "content",
    ["{", '{"cluster": {}}', '{"cluster": {"worker": ["a:1"]}, "task": {"type": "ps", "index": 0}}'],
)
def test_a_wrong_cluster_is_one_sentence(
    dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], content: str
) -> None:
    monkeypatch.setenv("TF_CONFIG", content)
    assert main(["train", str(dataset.folder), str(tmp_path / "run")]) == 2
    assert "TF_CONFIG" in capfd.readouterr().err


def test_an_exported_run_is_a_model_that_earmark_takes(
    finished: RunFolder, dataset: Dataset, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "mine"
    assert main(["export", str(finished.path), str(folder), "--data", str(dataset.folder)]) == 0
    card = ModelFolder.load(folder).card
    assert card.label_names == NAMES
    assert card.name == "mine"
    assert {metric.name: metric.value for metric in card.metrics}["ROC-AUC"] > 0.9
    for label in card.labels:
        assert 0 < label.generous.value <= label.balanced.value <= label.strict.value < 1
        assert label.balanced.precision is not None
    assert {path.name for path in folder.iterdir()} == {
        "model.onnx",
        "card.json",
        "README.md",
        "LICENSE",
        "precision_recall.png",
    }
    assert main(["evaluate", str(folder), "--data", str(dataset.folder), "--resamples", "0"]) == 0
    by_onnx = capsys.readouterr().out.splitlines()
    assert main(["evaluate", str(finished.path), "--data", str(dataset.folder), "--resamples", "0"]) == 0
    by_keras = capsys.readouterr().out.splitlines()
    assert [line for line in by_onnx if "AUC" in line][-2:] == [line for line in by_keras if "AUC" in line]
    assert main(["export", str(finished.path), str(folder), "--data", str(dataset.folder)]) == 2
    assert "is there already" in capsys.readouterr().err


def test_compare_makes_one_table_and_goes_on_where_it_stopped(
    dataset: Dataset, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    msgspec.structs.replace(EXPERIMENT, epochs=1).save(tmp_path / "common.toml")
    command = ["compare", str(dataset.folder), str(tmp_path / "runs"), "--minutes", "1", "--networks", "conv3", "conv2"]
    command += ["--config", str(tmp_path / "common.toml")]
    assert main(command) == 0
    table = (tmp_path / "runs" / "comparison.md").read_text(encoding="utf-8")
    assert {line.split("|")[1].strip() for line in table.splitlines()[2:]} == {"conv3", "conv2"}
    checkpoint = (tmp_path / "runs" / "conv2" / "checkpoint.npz").read_bytes()
    assert main(command) == 0
    assert (tmp_path / "runs" / "comparison.md").read_text(encoding="utf-8") == table
    assert (tmp_path / "runs" / "conv2" / "checkpoint.npz").read_bytes() == checkpoint
    assert main([*command[:6], "conv3:cqt"]) == 2
    assert "not NAME or NAME:mfcc" in capsys.readouterr().err
