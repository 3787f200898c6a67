"""Models judged on pieces of which we know what they are."""

from pathlib import Path

import numpy as np
import pytest

from tests.small_models import label, write_model
from training import rendering
from training.__main__ import main
from training.facts import judged_on_facts
from training.listeners import listeners


@pytest.fixture(autouse=True)
def numpy_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "fluidsynth_renderer", lambda soundfont: rendering.numpy_renderer)


def test_a_model_of_loudness_hears_what_is_loud_and_nothing_else(tmp_path: Path) -> None:
    """The scores of these networks grow, or fall, with the mean of the patch."""
    labels = [label("loud", "mood"), label("quiet", "mood"), label("jazz")]
    one = write_model(tmp_path, labels, (3, -3, 1), (-2, 2, 0))
    other = write_model(tmp_path, labels, (5, -5, 1), (-3, 3, 0), name="other")
    known, (alone, together) = judged_on_facts(listeners([str(one), f"{one}+{other}"]), 30, 5)
    assert known.tags == ("Loud", "Quiet")
    assert known.strange[:2] == ("bass", "bells")
    assert min(alone.ranking.roc_auc) > 0.8
    np.testing.assert_allclose(alone.ranking.roc_auc, together.ranking.roc_auc, atol=0.1)


def test_the_table_shows_models_side_by_side(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a = write_model(tmp_path, [label("piano", "instrument"), label("loud", "mood")], (1, 2), (0, 0), name="a")
    b = write_model(tmp_path, [label("loud", "mood")], (-2,), (0,), name="b")
    assert main(["facts", str(a), str(b), "--clips", "24"]) == 0
    lines = capsys.readouterr().out.splitlines()
    loud = next(line.split() for line in lines if line.startswith("Loud"))
    assert float(loud[2]) + float(loud[6]) == pytest.approx(1)
    assert next(line.split() for line in lines if line.startswith("Piano"))[6:] == ["-"]
    assert any(line.startswith("mean of 1") for line in lines)


def test_a_handful_of_clips_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["facts", str(tmp_path), "--clips", "3"]) == 2
    assert "fewer than 20" in capsys.readouterr().err
