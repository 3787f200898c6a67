"""A network with dead filters, falling filters and constants everywhere, before and after slimming."""

import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="TensorFlow is not installed (extra: training)")

from tests.training.musicnn_weights import LABELS, Weights, random_weights
from training.architectures import deployed_musicnn, musicnn
from training.onnx_export import fill, onnx_scores, to_onnx
from training.slimming import slim_musicnn


@pytest.fixture(scope="module")
def weights() -> Weights:
    return random_weights(dead=True, constants=True)


@pytest.fixture(scope="module")
def patches() -> np.ndarray:
    return np.random.default_rng(8).gamma(1, 0.7, (2, 187, 96)).astype(np.float32)


def test_the_slim_network_has_fewer_filters_and_the_same_scores(weights, patches) -> None:
    full = musicnn(LABELS)
    fill(full, weights)
    slim = slim_musicnn(weights)
    small = deployed_musicnn(LABELS, slim.signs, slim.scale, slim.offset)
    fill(small, slim.weights)

    assert [len(signs) for signs in slim.signs] == [80, 80, 32, 32, 32]
    assert {-1.0, 1.0} == {sign for signs in slim.signs for sign in signs}
    expected = np.asarray(full(patches))
    assert expected.std() > 0.1
    np.testing.assert_allclose(np.asarray(small(patches)), expected, rtol=0, atol=1e-5)

    exported = to_onnx(small)
    assert to_onnx(small) == exported
    np.testing.assert_allclose(onnx_scores(exported, patches), expected, rtol=0, atol=1e-5)


def test_no_array_is_left_over_or_reshaped_to_fit(weights) -> None:
    network = musicnn(LABELS)
    with pytest.raises(ValueError, match="surplus"):
        fill(network, {**weights, "surplus": np.zeros(1, np.float32)})
    with pytest.raises(ValueError, match="dense_1/bias has shape"):
        fill(network, {**weights, "dense_1/bias": np.zeros(1, np.float32)})
