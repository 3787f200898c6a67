"""Model folders are believed only as far as they can be checked."""

import json
from pathlib import Path
from typing import Any

import pytest

from tagger_core.errors import ModelError
from tagger_core.model_card import ModelFolder, find_model, model_folders, shipped_models
from tests.small_models import label, write_model


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_model(tmp_path, [label("rock"), label("pop")], (1, 1), (0, 0))


def changed(folder: Path, **changes: Any) -> None:
    card = json.loads((folder / "card.json").read_text())
    (folder / "card.json").write_text(json.dumps(card | changes))


def test_a_good_folder_loads(folder: Path) -> None:
    model = ModelFolder.load(folder)
    assert model.card.label_names == ("rock", "pop")
    assert model.read_model() == (folder / "model.onnx").read_bytes()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"format": 2}, "format"),
        ({"name": "../evil"}, "name"),
        ({"sha256": "abc"}, "sha256"),
        ({"surprise": 1}, "surprise"),
        ({"aggregation": "max"}, "aggregation"),
        ({"labels": []}, "labels"),
        ({"features": {"n_mels": 10**9}}, "n_mels"),
        ({"features": {"patch_hop": 200}}, "patch_hop"),
        ({"features": {"n_mels": 40}}, "input shape"),
        ({"output": {"name": "scores", "shape": [None, 3]}}, "output shape"),
        ({"exclusive": [["rock", "silence"]]}, "silence"),
    ],
)
def test_a_card_that_does_not_fit_is_refused_with_the_reason(
    folder: Path, changes: dict[str, Any], reason: str
) -> None:
    changed(folder, **changes)
    with pytest.raises(ModelError, match=reason) as caught:
        ModelFolder.load(folder)
    assert str(folder / "card.json") in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"not json", b"[]", b"\xff\xfe", b'{"format": 1}'])
def test_a_card_that_does_not_parse_is_refused(folder: Path, content: bytes) -> None:
    (folder / "card.json").write_bytes(content)
    with pytest.raises(ModelError, match="not a valid model card"):
        ModelFolder.load(folder)


def test_two_labels_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="same name"):
        write_model(tmp_path, [label("rock"), label("rock")], (1, 1), (0, 0))


def test_missing_parts_are_named(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no card\.json"):
        ModelFolder.load(tmp_path)
    (folder / "model.onnx").unlink()
    with pytest.raises(ModelError, match=r"model\.onnx is missing"):
        ModelFolder.load(folder).read_model()


def test_a_network_with_another_hash_is_refused(folder: Path) -> None:
    content = (folder / "model.onnx").read_bytes()
    (folder / "model.onnx").write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(ModelError, match="SHA-256"):
        ModelFolder.load(folder).read_model()


def test_models_are_found_by_name_and_by_path(folder: Path, tmp_path: Path) -> None:
    assert list(model_folders([tmp_path / "nowhere", tmp_path])) == [folder]
    assert find_model("small", [tmp_path]).path == folder
    assert find_model(str(folder), []).path == folder
    with pytest.raises(ModelError, match="installed models: small"):
        find_model("large", [tmp_path])


def test_a_persons_own_model_goes_before_a_shipped_one_of_the_same_name(tmp_path: Path) -> None:
    own = write_model(tmp_path, [label("rock")], (1,), (0,), name="magnatagatune")
    assert find_model("magnatagatune", [tmp_path, shipped_models()]).path == own
