"""The published checkpoints in our networks; only where the wheel was fetched before, never downloading it."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import platformdirs
import pytest

pytest.importorskip("tensorflow", reason="TensorFlow is not installed (extra: training)")

from tagger_core.errors import ModelError
from training.architectures import MSD_VGG_POOLS, MTT_VGG_POOLS, musicnn, vgg
from training.golden_outputs import GOLDEN_FILE, golden_signal, whole_patches
from training.onnx_export import fill
from training.published_musicnn import WHEEL_NAME, open_wheel, read_labels, read_weights

NETWORKS = {
    "MTT_musicnn": (musicnn, 792_079),
    "MTT_vgg": (lambda: vgg(MTT_VGG_POOLS), 607_030),
    "MSD_musicnn": (musicnn, 792_079),
    "MSD_vgg": (lambda: vgg(MSD_VGG_POOLS), 607_030),
}


@pytest.fixture(scope="module")
def wheel() -> Iterator[zipfile.ZipFile]:
    path = platformdirs.user_cache_path("earmark") / "published" / WHEEL_NAME
    if not path.is_file():
        pytest.skip("the wheel of musicnn is not in the cache: run python -m training.import_musicnn once")
    with open_wheel(path) as content:
        yield content


@pytest.mark.parametrize("checkpoint", NETWORKS)
def test_our_network_is_the_original_graph(wheel: zipfile.ZipFile, checkpoint: str) -> None:
    build, parameters = NETWORKS[checkpoint]
    network = build()
    fill(network, read_weights(wheel, checkpoint))
    expected = json.loads(GOLDEN_FILE.read_text(encoding="utf-8"))["signal"][checkpoint]
    assert network.count_params() == parameters
    np.testing.assert_allclose(np.asarray(network(whole_patches(golden_signal()))), expected, rtol=0, atol=1e-5)


def test_labels_are_read_in_output_order(wheel: zipfile.ZipFile) -> None:
    assert read_labels(wheel, "MTT_vgg")[:2] == ("guitar", "classical")
    assert read_labels(wheel, "MSD_vgg")[-1] == "happy"


def test_another_file_is_not_taken_for_the_wheel(tmp_path: Path) -> None:
    other = tmp_path / WHEEL_NAME
    other.write_bytes(b"PK")
    with pytest.raises(ModelError, match="is not the wheel"):
        open_wheel(other)
    with pytest.raises(ModelError, match="cannot be read"):
        open_wheel(tmp_path / "missing.whl")
