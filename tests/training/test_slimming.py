"""A network with dead filters, falling filters and constants everywhere, before and after slimming."""

import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="TensorFlow is not installed (extra: training)")

from training.architectures import deployed_musicnn, musicnn
from training.onnx_export import fill, onnx_scores, to_onnx
from training.slimming import CONSTANT_BELOW, slim_musicnn

LABELS = 5


@pytest.fixture(scope="module")
def weights() -> dict[str, np.ndarray]:
    """Random weights for every variable of ``musicnn``; two filters of three of the front end are dead."""
    generator = np.random.default_rng(7)
    made = {}
    for variable in musicnn(LABELS).weights:
        shape = tuple(variable.shape)
        value = generator.normal(0, 1 / np.sqrt(max(1, np.prod(shape[:-1]))), shape)
        if variable.path.endswith("moving_variance"):
            value = generator.uniform(0.5, 2, shape)
        if variable.path.endswith(("gamma", "beta", "bias")):
            value = generator.normal(0, 1, shape)
        made[variable.path] = value.astype(np.float32)
    for layer in ("conv2d", "conv2d_1", "conv2d_2", "conv2d_3", "conv2d_4"):
        dead = np.arange(made[f"{layer}/bias"].size) % 3 > 0
        made[f"{layer}/kernel"][..., dead] *= CONSTANT_BELOW * 1e-6
    for layer in ("conv2d_5", "conv2d_6", "conv2d_7"):  # as in a checkpoint: an image of one column
        made[f"{layer}/kernel"] = made[f"{layer}/kernel"][:, :, np.newaxis]
    return made


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
