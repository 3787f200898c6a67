"""Experiments are read whole, refused in words, and come back from the run's folder as they were."""

from pathlib import Path

import pytest

from tagger_core.errors import SettingsError
from training.config import Experiment
from training.run_folder import Epoch, Progress, RunFolder

SHIPPED = sorted((Path(__file__).parents[2] / "training" / "experiments").glob("*.toml"))


def test_an_empty_file_is_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "experiment.toml"
    path.write_text("", encoding="utf-8")
    assert Experiment.load(path) == Experiment()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_experiments_come_back_as_saved(path: Path, tmp_path: Path) -> None:
    experiment = Experiment.load(path)
    experiment.save(tmp_path / "copy.toml")
    assert Experiment.load(tmp_path / "copy.toml") == experiment


def test_experiments_are_shipped() -> None:
    assert len(SHIPPED) >= 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("epoch = 3", "unknown field `epoch`"),
        ("epochs = 0", ">= 1"),
        ('split = "mine"', "Invalid enum value"),
        ("[features]\nhop_length = 1024", "hop_length must not be larger"),
        ("epochs = ", "not a valid experiment"),
    ],
)
def test_a_wrong_file_is_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=said):
        Experiment.load(path)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="there is no experiment file"):
        Experiment.load(tmp_path / "none.toml")


def test_a_run_goes_on_longer_but_not_as_another_experiment(tmp_path: Path) -> None:
    RunFolder.start(tmp_path, Experiment(epochs=1), ("a", "b"))
    assert RunFolder.start(tmp_path, Experiment(epochs=5), ("a", "b")).experiment.epochs == 5
    for experiment, labels in ((Experiment(seed=2), ("a", "b")), (Experiment(), ("a", "c"))):
        with pytest.raises(SettingsError, match="another experiment"):
            RunFolder.start(tmp_path, experiment, labels)


@pytest.mark.parametrize(
    ("pr_aucs", "seconds", "finished"),
    [((0.5, 0.6), 1, False), ((0.6, 0.5, 0.5), 1, True), ((0.5,) * 2, 40, True), ((0.1, 0.2, 0.3, 0.4, 0.5), 1, True)],
    ids=["improving", "stale", "out of time", "all epochs"],
)
def test_when_a_run_is_over(pr_aucs: tuple[float, ...], seconds: float, finished: bool) -> None:
    epochs = tuple(Epoch(number, 0.1, 0.5, value, seconds) for number, value in enumerate(pr_aucs, start=1))
    assert Progress(epochs).finished(Experiment(epochs=5, patience=2, minutes=1)) is finished
