"""Inference, its devices and what happens when they fail."""

import hashlib
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import numpy as np
import onnx
import onnxruntime as ort
import pytest
from onnx import TensorProto, helper

from tagger_core.classifier import PROVIDERS, Classifier, available_devices
from tagger_core.errors import DeviceError, ModelError
from tagger_core.model_card import ModelFolder, model_folders, shipped_models
from tests.fake_accelerator import LOST, FakeSession, fake_accelerator
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
    with pytest.raises(DeviceError, match=r"cuda was asked for.*only cpu.*onnxruntime-gpu"):
        Classifier(folder, "cuda")


@pytest.fixture
def accelerator() -> Iterator[type[FakeSession]]:
    with fake_accelerator() as session:
        yield session


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


def warnings_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Without what a level set by other tests lets through."""
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


def test_a_device_that_fails_in_the_middle_is_replaced_once(
    folder: ModelFolder, accelerator: type[FakeSession], caplog: pytest.LogCaptureFixture
) -> None:
    accelerator.works_for = 1
    model = Classifier(folder)
    first = model.scores(PATCHES)
    with caplog.at_level(logging.WARNING):
        np.testing.assert_array_equal(model.scores(PATCHES), first)
        np.testing.assert_array_equal(model.scores(PATCHES), first)
    assert model.device == "cpu"
    assert warnings_of(caplog) == [f"cuda failed while running small ({LOST.splitlines()[0]}); going on with the CPU"]


def test_a_named_device_that_fails_in_the_middle_is_an_error(
    folder: ModelFolder, accelerator: type[FakeSession]
) -> None:
    accelerator.works_for = 0
    with pytest.raises(DeviceError, match=r"cuda failed on small: .*unspecified launch failure$"):
        Classifier(folder, "cuda").scores(PATCHES)


def test_out_of_memory_halves_the_batch(folder: ModelFolder, accelerator: type[FakeSession]) -> None:
    accelerator.memory = 5
    model = Classifier(folder, "cuda")
    scores = model.scores(np.resize(PATCHES, (10, 187, 96)))
    np.testing.assert_allclose(scores, Classifier(folder, "cpu").scores(np.resize(PATCHES, (10, 187, 96))), atol=1e-6)
    assert accelerator.sizes == [16, 8, 4, 4, 2]
    assert model.device == "cuda"


@pytest.mark.parametrize("device", ["auto", "cuda"])
def test_no_memory_at_all_goes_on_with_the_cpu_even_where_the_device_was_named(
    folder: ModelFolder, accelerator: type[FakeSession], device: str, caplog: pytest.LogCaptureFixture
) -> None:
    model = Classifier(folder, device)
    expected = model.scores(PATCHES)
    accelerator.memory = 0
    with caplog.at_level(logging.WARNING):
        np.testing.assert_allclose(model.scores(PATCHES), expected, atol=1e-6)
    assert model.device == "cpu"
    assert warnings_of(caplog) == ["cuda failed while running small (its memory ran out); going on with the CPU"]


def test_a_device_that_fails_again_on_the_cpu_is_an_error_with_one_sentence(
    folder: ModelFolder, accelerator: type[FakeSession], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("no luck")

    monkeypatch.setattr(accelerator, "run", fails)
    with pytest.raises(DeviceError, match=r"the device cpu failed on small: no luck$"):
        Classifier(folder).scores(PATCHES)


@pytest.mark.parametrize("device", ["cuda", "directml", "coreml"])
def test_every_accelerator_computes_for_many_threads_one_batch_at_a_time(folder: ModelFolder, device: str) -> None:
    some = np.random.default_rng(0).normal(size=(50, 187, 96)).astype(np.float32)
    expected = Classifier(folder, "cpu").scores(some)
    with fake_accelerator(device, forbids_threads=True) as session:
        model = Classifier(folder, device)
        starts = range(0, 50, 7)
        with ThreadPoolExecutor(8) as pool:
            scores = pool.map(lambda start: model.scores(some[start : start + 7]), starts)
            np.testing.assert_allclose(np.concatenate(list(scores)), expected, atol=1e-6)
    assert set(session.sizes) <= {1, 2, 4, 8, 16, 32, 64}
    assert model.batch_patches > Classifier(folder, "cpu").batch_patches


def test_the_cpu_takes_many_patches_in_pieces(folder: ModelFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    many = np.resize(PATCHES, (11, 187, 96))
    model = Classifier(folder, "cpu")
    sizes = []

    class Session(ort.InferenceSession):  # type: ignore[misc]
        def run(self, names: object, feeds: dict[str, np.ndarray]) -> object:
            sizes.append(len(feeds["patches"]))
            return super().run(names, feeds)

    monkeypatch.setattr(ort, "InferenceSession", Session)
    np.testing.assert_array_equal(Classifier(folder, "cpu").scores(many), np.resize(model.scores(PATCHES), (11, 2)))
    assert max(sizes) == model.batch_patches
    assert sum(sizes) == 11


@pytest.mark.parametrize("device", ["cpu", "cuda"])
@pytest.mark.parametrize("bad", [np.zeros((2, 187, 40), np.float32), np.zeros((2, 187, 96), np.float64)])
def test_patches_that_do_not_fit_are_our_own_bug_and_no_trouble_of_the_device(
    folder: ModelFolder, accelerator: type[FakeSession], device: str, bad: np.ndarray
) -> None:
    with pytest.raises(ValueError, match="shape"):
        Classifier(folder, device).scores(bad)  # type: ignore[arg-type]
    assert accelerator.sizes == []


def test_cuda_computes_as_exactly_as_the_cpu_and_takes_the_memory_it_needs(
    folder: ModelFolder, accelerator: type[FakeSession]
) -> None:
    Classifier(folder, "cuda")
    assert accelerator.options["use_tf32"] == "0"
    assert accelerator.options["arena_extend_strategy"] == "kSameAsRequested"


@pytest.mark.parametrize("device", [device for device in PROVIDERS if device != "cpu"])
def test_shipped_models_on_a_real_accelerator(device: str) -> None:
    if device not in available_devices():
        pytest.skip(f"this installation of ONNX Runtime has no {PROVIDERS[device]}")
    some = np.random.default_rng(0).normal(1, 1, (21, 187, 96)).astype(np.float32)
    for path in model_folders([shipped_models()]):
        folder = ModelFolder.load(path)
        try:
            model = Classifier(folder, device)
        except DeviceError as error:
            pytest.skip(f"no device: {error}")
        with ThreadPoolExecutor(4) as pool:
            scores = np.concatenate(list(pool.map(model.scores, np.split(some, 7))))
        np.testing.assert_allclose(scores, Classifier(folder, "cpu").scores(some), atol=1e-3)
        assert model.device == device


def test_the_hash_is_that_of_the_bytes_that_run(folder: ModelFolder) -> None:
    assert (
        Classifier(folder, "cpu").card.sha256 == hashlib.sha256((folder.path / "model.onnx").read_bytes()).hexdigest()
    )
