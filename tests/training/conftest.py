"""A small collection in MagnaTagATune's layout, made once, and the data set prepared from it."""

from pathlib import Path

import pytest

from training.dataset import Dataset
from training.labels import merged, most_popular, read_merge_map
from training.prepare import inspect, prepare
from training.synthetic import make


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """48 clips of 2 s; not to be changed."""
    folder = tmp_path_factory.mktemp("collection") / "source"
    make(folder, 48, 2.0, seed=1, sound="numpy")
    return folder


@pytest.fixture
def dataset(source: Path, tmp_path: Path) -> Dataset:
    """Prepared, with labels, without features."""
    folder = tmp_path / "dataset"
    prepare(inspect(source), folder)
    dataset = Dataset.open(folder)
    most_popular(merged(dataset.annotations, read_merge_map()), 50).save(folder / "labels.npz")
    return dataset
