"""A musicnn, compressed: at full size nearly the published one, smaller sizes come close."""

from collections.abc import Callable

import numpy as np
import platformdirs
import pytest

pytest.importorskip("tensorflow", reason="TensorFlow is not installed (extra: training)")

import keras

from tests.training.musicnn_weights import LABELS, Weights, random_weights
from training.architectures import musicnn
from training.compact_architectures import MusicnnSize
from training.compress_musicnn import compact_musicnn_network, compact_musicnn_weights
from training.onnx_export import fill, onnx_scores, to_onnx
from training.published_musicnn import WHEEL_NAME, open_wheel, read_weights
from training.students import in_bfloat16

FULL = MusicnnSize(1, (1, 1, 1), (300, 500, 300))


@pytest.fixture(scope="module")
def patches() -> np.ndarray:
    """Sequences that hang together, over time and bands, as music does."""
    noise = np.random.default_rng(8).gamma(1, 0.7, (4, 187, 96))
    for axis in (1, 2):
        noise = np.apply_along_axis(lambda row: np.convolve(row, np.ones(9) / 9, mode="same"), axis, noise)
    return (3 * noise).astype(np.float32)


def published(weights: Weights, patches: np.ndarray) -> np.ndarray:
    """Logits."""
    network = musicnn(LABELS, activation=None)
    fill(network, weights)
    return np.asarray(network(patches))


def logits(network: keras.Model, patches: np.ndarray) -> np.ndarray:
    """By ONNX Runtime: TensorFlow takes gigabytes to unfold large kernels of small steps."""
    return onnx_scores(to_onnx(network), patches)


@pytest.fixture(scope="module")
def compressed(patches: np.ndarray) -> Callable[[Weights, MusicnnSize], keras.Model]:
    return lambda weights, size: compact_musicnn_network(compact_musicnn_weights(weights, size, patches))


def test_at_full_size_it_is_the_published_network(patches, compressed) -> None:
    weights = random_weights(dead=False, constants=False, bases=400)
    expected = published(weights, patches)
    assert expected.std() > 0.1
    np.testing.assert_allclose(logits(compressed(weights, FULL), patches), expected, rtol=0, atol=2e-3)


def test_kernels_that_are_mixed_of_a_few_need_no_more(patches, compressed) -> None:
    weights = random_weights(dead=False, constants=False, bases=6)
    network = compressed(weights, MusicnnSize(1, (1, 1, 1), (6, 6, 18)))
    np.testing.assert_allclose(logits(network, patches), published(weights, patches), rtol=0, atol=2e-3)
    assert network.get_layer("timbral1_basis").kernel.shape == (7, 38, 1, 6)


def test_dead_filters_and_constants_move_nothing_but_the_ends_of_a_patch(patches, compressed) -> None:
    weights = random_weights(dead=True, constants=True, bases=400)
    for layer in ("conv2d_5", "conv2d_6", "conv2d_7"):  # kernels that do not reach beyond the ends
        weights[f"{layer}/kernel"][[0, 1, 2, 4, 5, 6]] = 0
    network = compressed(weights, FULL)
    assert network.get_layer("timbral1_mix").kernel.shape[-1] == 80
    np.testing.assert_allclose(logits(network, patches), published(weights, patches), rtol=0, atol=2e-3)


def test_fewer_kernels_and_places_come_close_and_closer(patches, compressed) -> None:
    weights = random_weights(dead=False, constants=False, bases=12)
    expected = published(weights, patches)

    def difference(step: int, bands: int, bases: int) -> float:
        network = compressed(weights, MusicnnSize(step, (bands,) * 3, (bases,) * 3))
        return float(np.abs(logits(network, patches) - expected).mean())

    close = difference(2, 2, 12)
    assert close < 0.3 * expected.std()
    assert close < difference(2, 2, 3)
    assert close < difference(8, 2, 12)
    assert close < difference(2, 10, 12)


def test_it_exports_and_trains_in_bfloat16(patches, compressed) -> None:
    network = compressed(random_weights(dead=True, constants=True, bases=40), MusicnnSize(4, (2, 2, 4), (8, 8, 8)))
    expected = np.asarray(network(patches))
    np.testing.assert_allclose(logits(network, patches), expected, rtol=0, atol=1e-4)
    rounded = np.asarray(in_bfloat16(network)(patches))
    assert 0 < np.abs(rounded - expected).max() < 0.3 * np.abs(expected).max()


@pytest.mark.parametrize("checkpoint", ["MTT_musicnn", "MSD_musicnn"])
def test_the_published_network_survives(checkpoint, patches, compressed) -> None:
    path = platformdirs.user_cache_path("earmark") / "published" / WHEEL_NAME
    if not path.is_file():
        pytest.skip("the wheel of musicnn is not in the cache: run python -m training.import_musicnn once")
    with open_wheel(path) as wheel:
        weights = read_weights(wheel, checkpoint)
    network = musicnn(50, activation=None)
    fill(network, weights)
    expected, found = np.asarray(network(patches)), logits(compressed(weights, FULL), patches)
    assert np.corrcoef(expected.ravel(), found.ravel())[0, 1] > 0.95
