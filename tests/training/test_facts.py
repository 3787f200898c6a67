"""Models judged on pieces of which we know what they are."""

from pathlib import Path

import numpy as np
import pytest

from tagger_core.classifier import Classifier
from tagger_core.model_card import ModelFolder
from tests.small_models import label, write_model
from training import rendering
from training.__main__ import main
from training.facts import judged


@pytest.fixture
def numpy_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "fluidsynth_renderer", lambda soundfont: rendering.numpy_renderer)


@pytest.mark.usefixtures("numpy_sound")
def test_a_model_of_loudness_hears_what_is_loud_and_nothing_else(tmp_path: Path) -> None:
    """The scores of these networks grow, or fall, with the mean of the patch."""
    labels = [label("loud", "mood"), label("quiet", "mood"), label("jazz")]
    one = Classifier(ModelFolder.load(write_model(tmp_path, labels, (3, -3, 1), (-2, 2, 0))), "cpu")
    other = Classifier(ModelFolder.load(write_model(tmp_path, labels, (5, -5, 1), (-3, 3, 0), name="other")), "cpu")
    values = judged([one, other], 30, 5)
    assert list(values) == ["loud", "quiet"]
    assert min(values.values()) > 0.8
    assert judged([one], 30, 5)["loud"] == pytest.approx(judged([one], 30, 5)["loud"])


@pytest.mark.usefixtures("numpy_sound")
def test_labels_of_two_sets_are_kept_apart(tmp_path: Path) -> None:
    a = write_model(tmp_path, [label("piano"), label("loud")], (1, 2), (0, 0), name="a")
    b = write_model(tmp_path, [label("loud")], (-2,), (0,), name="b")
    values = judged([Classifier(ModelFolder.load(folder), "cpu") for folder in (a, b)], 30, 5)
    assert set(values) == {"piano", "loud (a)", "loud (b)"}
    assert values["loud (a)"] + values["loud (b)"] == pytest.approx(1)
    assert np.isfinite(list(values.values())).all()


def test_a_handful_of_clips_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["facts", str(tmp_path), "--clips", "3"]) == 2
    assert "fewer than 20" in capsys.readouterr().err
