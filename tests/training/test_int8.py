"""Networks in whole numbers say what they said in float, nearly."""

import hashlib

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from onnx import TensorProto, helper, numpy_helper

from training.int8 import Floats, equalised, quantized

FRAMES, BANDS = 16, 12


@pytest.fixture
def patches() -> Floats:
    return np.random.default_rng(4).random((24, FRAMES, BANDS), np.float32)


@pytest.fixture
def network() -> bytes:
    """Four convolutions, some channels a hundred times as loud as others, and a score for each of two labels."""
    generator = np.random.default_rng(3)
    loudness = np.array([100, 1, 10, 0.1], np.float32).reshape(-1, 1, 1, 1)
    arrays = {
        "image": np.array([-1, 1, FRAMES, BANDS], np.int64),
        "first": generator.normal(0, 0.3, (4, 1, 3, 3)) * loudness,
        "second": generator.normal(0, 0.3, (4, 4, 1, 1)) * loudness / loudness.reshape(1, -1, 1, 1),
        "third": generator.normal(0, 0.3, (4, 4, 3, 3)) * loudness / loudness.reshape(1, -1, 1, 1),
        "offsets": np.array([20, 0.1, 1, 0.01]),
        "fourth": generator.normal(0, 0.3, (2, 4, 1, 1)) / loudness.reshape(1, -1, 1, 1),
    }
    nodes = [
        helper.make_node("Reshape", ["patches", "image"], ["x"]),
        helper.make_node("Conv", ["x", "first"], ["a"], "conv_1", pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["a"], ["b"], "relu_1"),
        helper.make_node("MaxPool", ["b"], ["c"], "pool", kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Conv", ["c", "second"], ["d"], "conv_2"),
        helper.make_node("Conv", ["d", "third", "offsets"], ["e"], "conv_3", pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["e"], ["f"], "relu_2"),
        helper.make_node("Conv", ["f", "fourth"], ["g"], "conv_4"),
        helper.make_node("ReduceMean", ["g"], ["h"], "mean", axes=[2, 3], keepdims=0),
        helper.make_node("Sigmoid", ["h"], ["scores"], "sigmoid"),
    ]
    floats = {name: array if array.dtype == np.int64 else array.astype(np.float32) for name, array in arrays.items()}
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("patches", TensorProto.FLOAT, ["n", FRAMES, BANDS])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["n", 2])],
        [numpy_helper.from_array(array, name) for name, array in floats.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return bytes(model.SerializeToString())


def scores(network: bytes, patches: Floats) -> Floats:
    session = ort.InferenceSession(network, providers=["CPUExecutionProvider"])
    return session.run(["scores"], {"patches": patches})[0]


def weights(network: bytes) -> dict[str, Floats]:
    return {tensor.name: numpy_helper.to_array(tensor) for tensor in onnx.load_from_string(network).graph.initializer}


def test_equalised_channels_change_nothing_but_their_ranges(network, patches) -> None:
    made = equalised(onnx.load_from_string(network), patches).SerializeToString()
    np.testing.assert_allclose(scores(made, patches), scores(network, patches), rtol=0, atol=1e-6)

    def spread(of: bytes) -> float:
        by_channel = np.abs(weights(of)["first"]).max(axis=(1, 2, 3))
        return float(by_channel.max() / by_channel.min())

    assert spread(made) < 0.2 * spread(network)


def test_scores_survive(network, patches) -> None:
    """Without equalised channels the difference is a hundred times as large: the quiet ones are lost."""
    whole = quantized(network, patches)
    np.testing.assert_allclose(scores(whole, patches), scores(network, patches), rtol=0, atol=0.005)


def test_what_is_slow_in_whole_numbers_stays_in_float(network, patches) -> None:
    made = weights(quantized(network, patches))
    whole = sorted(name for name, array in made.items() if array.dtype == np.int8 and array.ndim == 4)
    assert whole == ["fourth_quantized", "third_quantized"]
    assert all(np.abs(made[name].astype(int)).max() <= 64 for name in whole), "weights of 7 bits never overflow"


def test_the_same_bytes_every_time_and_no_trace_of_its_making(network, patches) -> None:
    one, other = quantized(network, patches), quantized(network, patches)
    assert hashlib.sha256(one).digest() == hashlib.sha256(other).digest()
    assert b"onnx.quantize" not in one
