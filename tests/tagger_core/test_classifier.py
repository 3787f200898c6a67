"""Inference, its devices and what happens when they fail."""

import hashlib
import logging
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import onnx
import onnxruntime as ort
import pytest
from onnx import TensorProto, helper

from tagger_core import classifier as module
from tagger_core.classifier import Classifier, available_devices
from tagger_core.errors import DeviceError, ModelError
from tagger_core.model_card import ModelFolder
from tests.small_models import SPEC, card, label, network, write_model

PATCHES = np.stack([np.zeros((187, 96), np.float32), np.ones((187, 96), np.float32)])


@pytest.fixture
def folder(tmp_path: Path) -> ModelFolder:
    return ModelFolder.load(write_model(tmp_path, [label("rock"), label("pop")], (2, -2), (0, 1)))


def with_network(tmp_path: Path, content: bytes) -> ModelFolder:
    """A folder whose hash is right and whose network is that of somebody else."""
    (tmp_path / "model.onnx").write_bytes(content)
    labels = [label("rock"), label("pop")]
    (tmp_path / "card.json").write_bytes(msgspec.json.encode(card(labels, onnx_file=content)))
    return ModelFolder.load(tmp_path)


def test_scores(folder: ModelFolder) -> None:
    model = Classifier(folder, "cpu")
    scores = model.scores(PATCHES)
    assert scores.dtype == np.float32
    np.testing.assert_allclose(scores, 1 / (1 + np.exp([[0, -1], [-2, 1]])), atol=1e-6)
    assert model.device == "cpu"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"not a network", "ONNX Runtime cannot load"),
        (network((1, 1), (0, 0), names=("x", "scores")), "expected one tensor 'patches', found 'x'"),
        (network((1, 1), (0, 0), names=("patches", "y")), "expected one tensor 'scores', found 'y'"),
        (network((1, 1, 1), (0, 0, 0)), r"expected shape \(None, 2\), found \(None, 3\)"),
        (network((1, 1), (0, 0), msgspec.structs.replace(SPEC, n_mels=40)), r"found \(None, 187, 40\)"),
    ],
)
def test_a_network_that_is_not_what_its_card_says_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(ModelError, match=reason) as caught:
        Classifier(with_network(tmp_path, content), "cpu")
    assert str(tmp_path) in str(caught.value)


@pytest.mark.parametrize("location", ["secret.bin", "../secret.bin", "/etc/hostname"])
def test_a_network_that_points_at_other_files_is_refused(
    tmp_path: Path, location: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "inside").mkdir()
    for place in (tmp_path, tmp_path / "inside"):
        np.zeros(2, np.float32).tofile(place / "secret.bin")
    model = onnx.load_from_string(network((1, 1), (0, 0)))
    offsets = next(weight for weight in model.graph.initializer if weight.name == "offsets")
    offsets.ClearField("raw_data")
    offsets.data_location = TensorProto.EXTERNAL
    for key, value in (("location", location), ("length", "8")):
        offsets.external_data.add(key=key, value=value)
    monkeypatch.chdir(tmp_path / "inside")
    with pytest.raises(ModelError, match="cannot load"):
        Classifier(with_network(tmp_path / "inside", model.SerializeToString()), "cpu")


def test_a_network_that_asks_for_absurd_memory_is_an_error_not_a_crash(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Shape", ["patches"], ["shape"]),
        helper.make_node("Constant", [], ["huge"], value_ints=[2**45]),
        helper.make_node("ConstantOfShape", ["huge"], ["ones"]),
        helper.make_node("ReduceMean", ["patches"], ["mean"], axes=[1], keepdims=0),
        helper.make_node("Slice", ["mean", "zero", "two", "one"], ["cut"]),
        helper.make_node("ReduceMax", ["ones"], ["most"], keepdims=0),
        helper.make_node("Mul", ["cut", "most"], ["scores"]),
    ]
    graph = helper.make_graph(
        nodes,
        "huge",
        [helper.make_tensor_value_info("patches", TensorProto.FLOAT, ["n", 187, 96])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["n", 2])],
        [
            helper.make_tensor("zero", TensorProto.INT64, [1], [0]),
            helper.make_tensor("two", TensorProto.INT64, [1], [2]),
            helper.make_tensor("one", TensorProto.INT64, [1], [1]),
        ],
    )
    content = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9).SerializeToString()
    with pytest.raises((ModelError, DeviceError)):
        Classifier(with_network(tmp_path, content), "cpu").scores(PATCHES)


def test_a_device_asked_for_by_name_must_be_there(folder: ModelFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ort, "get_available_providers", lambda: ["CPUExecutionProvider"])
    with pytest.raises(DeviceError, match=r"cuda was asked for.*only cpu.*pip install onnxruntime-gpu"):
        Classifier(folder, "cuda")


class FakeSession:
    """An accelerator: computes on the CPU, or fails where it is told to."""

    fails_to_open = False
    falls_back_silently = False
    fails_after = 10**9

    def __init__(self, content: bytes, options: ort.SessionOptions, providers: list[str]) -> None:
        self._provider = providers[0]
        if self._provider != "CPUExecutionProvider" and self.fails_to_open:
            raise RuntimeError("no such card")
        self._session = REAL_SESSION(content, options, providers=["CPUExecutionProvider"])
        self._runs = 0

    def get_providers(self) -> list[str]:
        return ["CPUExecutionProvider"] if self.falls_back_silently else [self._provider]

    def run(self, *arguments: Any) -> Any:
        self._runs += 1
        if self._provider != "CPUExecutionProvider" and self._runs > self.fails_after:
            raise RuntimeError("CUDA out of memory\nmore lines")
        return self._session.run(*arguments)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)


REAL_SESSION = ort.InferenceSession


@pytest.fixture
def accelerator(monkeypatch: pytest.MonkeyPatch) -> type[FakeSession]:
    class Session(FakeSession):
        pass

    monkeypatch.setattr(ort, "get_available_providers", lambda: ["CPUExecutionProvider", "CUDAExecutionProvider"])
    monkeypatch.setattr(module.ort, "InferenceSession", Session)
    return Session


def test_auto_takes_the_fastest_device(folder: ModelFolder, accelerator: type[FakeSession]) -> None:
    assert available_devices() == ("cuda", "cpu")
    assert Classifier(folder).device == "cuda"
    assert Classifier(folder, "cpu").device == "cpu"


@pytest.mark.parametrize("trouble", ["fails_to_open", "falls_back_silently"])
def test_auto_falls_back_with_a_warning_and_a_named_device_does_not(
    folder: ModelFolder, accelerator: type[FakeSession], trouble: str, caplog: pytest.LogCaptureFixture
) -> None:
    setattr(accelerator, trouble, True)
    with caplog.at_level(logging.WARNING):
        assert Classifier(folder).device == "cpu"
    assert "going on with the CPU" in caplog.text
    with pytest.raises(DeviceError, match="cuda"):
        Classifier(folder, "cuda")


def test_a_device_that_fails_in_the_middle_is_replaced_once(
    folder: ModelFolder, accelerator: type[FakeSession], caplog: pytest.LogCaptureFixture
) -> None:
    accelerator.fails_after = 1
    model = Classifier(folder)
    first = model.scores(PATCHES)
    with caplog.at_level(logging.WARNING):
        np.testing.assert_array_equal(model.scores(PATCHES), first)
        np.testing.assert_array_equal(model.scores(PATCHES), first)
    assert model.device == "cpu"
    assert [record.getMessage() for record in caplog.records] == [
        "cuda failed while running small (CUDA out of memory); going on with the CPU"
    ]


def test_a_named_device_that_fails_in_the_middle_is_an_error(
    folder: ModelFolder, accelerator: type[FakeSession]
) -> None:
    accelerator.fails_after = 0
    with pytest.raises(DeviceError, match=r"cuda failed on small: CUDA out of memory$"):
        Classifier(folder, "cuda").scores(PATCHES)


def test_the_hash_is_that_of_the_bytes_that_run(folder: ModelFolder) -> None:
    assert (
        Classifier(folder, "cpu").card.sha256 == hashlib.sha256((folder.path / "model.onnx").read_bytes()).hexdigest()
    )
