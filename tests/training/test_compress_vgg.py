"""Published vgg networks, compressed: exactly, and to lower ranks."""

import json
from dataclasses import replace

import numpy as np
import platformdirs
import pytest

pytest.importorskip("tensorflow", reason="TensorFlow is not installed (extra: training)")

import keras

from training.architectures import MSD_VGG_POOLS, MTT_VGG_POOLS, Pool, vgg
from training.compress_vgg import Size, compact_network, compact_weights, exact_network, slim_vgg
from training.golden_outputs import GOLDEN_FILE, golden_signal, whole_patches
from training.onnx_export import fill, onnx_scores, to_onnx
from training.published_musicnn import WHEEL_NAME, open_wheel, read_weights

LABELS = 5
POOLS = {"MTT_vgg": MTT_VGG_POOLS, "MSD_vgg": MSD_VGG_POOLS}
ALIVE = 12
FULL = Size(ALIVE, ((ALIVE + 1, ALIVE),) * 4)


@pytest.fixture(scope="module")
def weights() -> dict[str, np.ndarray]:
    """Random weights for every variable of ``vgg``; all but twelve filters of a layer are dead, and none is silent."""
    generator = np.random.default_rng(7)
    made = {}
    for variable in vgg(MTT_VGG_POOLS, LABELS).weights:
        shape = tuple(variable.shape)
        value = generator.normal(0, 1 / np.sqrt(max(1, np.prod(shape[:-1]) / 8)), shape)
        if variable.path.endswith(("moving_variance", "gamma")):
            value = generator.uniform(0.5, 2, shape)
        if variable.path.endswith(("beta", "bias", "moving_mean")):
            value = generator.normal(0, 0.5, shape)
        if variable.path.endswith("CNN/kernel"):
            value[..., generator.permutation(shape[-1])[ALIVE:]] *= 1e-9
        made[variable.path] = value.astype(np.float32)
    return made


@pytest.fixture(scope="module")
def patches() -> np.ndarray:
    return np.random.default_rng(8).gamma(1, 0.7, (6, 187, 96)).astype(np.float32)


def published(weights: dict[str, np.ndarray], pools: tuple[Pool, ...], patches: np.ndarray) -> np.ndarray:
    network = vgg(pools, LABELS)
    fill(network, weights)
    return np.asarray(network(patches))


def scores(network: keras.Model, patches: np.ndarray) -> np.ndarray:
    return np.asarray(keras.ops.sigmoid(network(patches)))


@pytest.mark.parametrize("pools", POOLS.values(), ids=POOLS)
def test_the_slim_network_is_the_published_one(weights, patches, pools) -> None:
    slim = slim_vgg(weights, pools)
    network = exact_network(slim)
    expected = published(weights, pools, patches)
    assert slim.filters == (ALIVE + 1,) * 5
    assert expected.std() > 0.1
    np.testing.assert_allclose(np.asarray(network(patches)), expected, rtol=0, atol=1e-5)
    np.testing.assert_allclose(onnx_scores(to_onnx(network), patches), expected, rtol=0, atol=1e-5)


def test_where_the_pool_skips_bands_the_convolution_strides(weights) -> None:
    strides = [
        layer.strides for layer in exact_network(slim_vgg(weights, MTT_VGG_POOLS)).layers if "conv" in layer.name
    ]
    assert strides == [(1, 2), *[(1, 1)] * 4]


@pytest.mark.parametrize("pools", POOLS.values(), ids=POOLS)
def test_at_full_rank_the_compact_network_is_the_slim_one(weights, patches, pools) -> None:
    slim = slim_vgg(weights, pools)
    network = compact_network(slim, FULL, compact_weights(slim, FULL, patches))
    np.testing.assert_allclose(scores(network, patches), published(weights, pools, patches), rtol=0, atol=2e-4)


def test_lower_ranks_come_close_and_closer(weights, patches) -> None:
    slim = slim_vgg(weights, MSD_VGG_POOLS)
    expected = published(weights, MSD_VGG_POOLS, patches)

    def difference(rank: int) -> float:
        size = Size(ALIVE, ((rank, rank),) * 4)
        network = compact_network(slim, size, compact_weights(slim, size, patches))
        return float(np.abs(scores(network, patches) - expected).mean())

    assert difference(11) < difference(6) < difference(2)


@pytest.mark.parametrize("pools", POOLS.values(), ids=POOLS)
def test_every_second_frame_of_what_changes_slowly_says_nearly_the_same(weights, pools) -> None:
    noise = np.random.default_rng(9).gamma(1, 0.7, (8, 220, 96))
    slow = np.apply_along_axis(lambda row: np.convolve(row, np.ones(34) / 6, mode="valid"), 1, noise).astype(np.float32)
    slim = slim_vgg(weights, pools)
    expected = published(weights, pools, slow)
    size = replace(FULL, frame_step=2)
    network = compact_network(slim, size, compact_weights(slim, size, slow))
    assert network.get_layer("conv1").strides[0] == 2
    found = scores(network, slow)
    assert 0 < np.abs(found - expected).mean() < 0.2 * expected.std()


def test_a_filter_that_others_explain_is_cut_without_loss(weights, patches) -> None:
    twins = dict(weights)
    alive = np.flatnonzero(np.abs(weights["1CNN/kernel"]).max(axis=(0, 1, 2)) > 1e-6)
    for part in ("kernel", "bias"):  # rectified, three times as much is three times as much
        twins[f"1CNN/{part}"] = weights[f"1CNN/{part}"].copy()
        twins[f"1CNN/{part}"][..., alive[3]] = 3 * weights[f"1CNN/{part}"][..., alive[7]]
    slim = slim_vgg(twins, MTT_VGG_POOLS)
    size = Size(ALIVE - 1, ((ALIVE, ALIVE), *FULL.ranks[1:]))
    arrays = compact_weights(slim, size, patches)
    assert arrays["conv1/kernel"].shape == (3, 3, 1, ALIVE - 1)
    network = compact_network(slim, size, arrays)
    np.testing.assert_allclose(scores(network, patches), published(twins, MTT_VGG_POOLS, patches), rtol=0, atol=2e-3)


def test_a_falling_batch_norm_is_refused(weights) -> None:
    falling = {**weights, "batch_normalization_2/gamma": -weights["batch_normalization_2/gamma"]}
    with pytest.raises(ValueError, match="batch_normalization_2 has a gamma"):
        slim_vgg(falling, MTT_VGG_POOLS)


@pytest.mark.parametrize("checkpoint", POOLS)
def test_the_slim_network_agrees_with_the_authors_graph(checkpoint) -> None:
    path = platformdirs.user_cache_path("earmark") / "published" / WHEEL_NAME
    if not path.is_file():
        pytest.skip("the wheel of musicnn is not in the cache: run python -m training.import_musicnn once")
    with open_wheel(path) as wheel:
        network = exact_network(slim_vgg(read_weights(wheel, checkpoint), POOLS[checkpoint]))
    expected = json.loads(GOLDEN_FILE.read_text(encoding="utf-8"))["signal"][checkpoint]
    np.testing.assert_allclose(np.asarray(network(whole_patches(golden_signal()))), expected, rtol=0, atol=1e-5)
