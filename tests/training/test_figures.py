from argparse import Namespace
from pathlib import Path

import pytest

from tagger_core.errors import SettingsError
from training.dataset import Dataset
from training.figures import run

STARTS = {".png": b"\x89PNG", ".pdf": b"%PDF"}


@pytest.mark.parametrize("kind", STARTS)
def test_the_figure_of_chosen_clips_is_drawn(dataset: Dataset, tmp_path: Path, kind: str) -> None:
    output = tmp_path / f"clips{kind}"
    assert run(Namespace(dataset=dataset.folder, clips=["piece_20-"], output=output)) == 0
    content = output.read_bytes()
    assert content.startswith(STARTS[kind])
    assert len(content) > 20_000


def test_a_clip_or_a_kind_that_is_not_known_is_told(dataset: Dataset, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no clip with the id or in the path '4711'"):
        run(Namespace(dataset=dataset.folder, clips=["4711"], output=tmp_path / "x.png"))
    with pytest.raises(SettingsError, match="a figure is one of"):
        run(Namespace(dataset=dataset.folder, clips=["3"], output=tmp_path / "x.bmp"))
