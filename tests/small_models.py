"""Tiny networks in real model folders, for tests of everything around a network.

The network of ``write_model`` gives label *i* the score ``sigmoid(gains[i] * m + offsets[i])``, where *m* is the mean
of the patch: a person can tell what it must say about silence (m = 0) and about noise.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from tagger_core.domain import Category, FeatureSpec
from tagger_core.model_card import Label, ModelCard, Tensor, Threshold

SPEC = FeatureSpec()


def network(
    gains: Sequence[float],
    offsets: Sequence[float],
    spec: FeatureSpec = SPEC,
    *,
    names: tuple[str, str] = ("patches", "scores"),
) -> bytes:
    """The bytes of the ONNX file."""
    patches, scores = names
    nodes = [
        helper.make_node("ReduceMean", [patches], ["mean"], axes=[1, 2], keepdims=1),
        helper.make_node("Squeeze", ["mean", "last"], ["flat"]),
        helper.make_node("Gemm", ["flat", "gains", "offsets"], ["logits"]),
        helper.make_node("Sigmoid", ["logits"], [scores]),
    ]
    weights = [
        numpy_helper.from_array(np.array([gains], np.float32), "gains"),
        numpy_helper.from_array(np.array(offsets, np.float32), "offsets"),
        numpy_helper.from_array(np.array([2], np.int64), "last"),
    ]
    graph = helper.make_graph(
        nodes,
        "mean",
        [helper.make_tensor_value_info(patches, TensorProto.FLOAT, ["n", spec.patch_frames, spec.bands])],
        [helper.make_tensor_value_info(scores, TensorProto.FLOAT, ["n", len(gains)])],
        weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def label(name: str, category: str = "genre", thresholds: tuple[float, float, float] = (0.7, 0.5, 0.3)) -> Label:
    strict, balanced, generous = (Threshold(value=value) for value in thresholds)
    return Label(name=name, category=Category(category), strict=strict, balanced=balanced, generous=generous)


def card(
    labels: Sequence[Label], name: str = "small", onnx_file: bytes = b"", spec: FeatureSpec = SPEC, **changes: Any
) -> ModelCard:
    """A card for a network with these labels."""
    fields: dict[str, Any] = {
        "format": 1,
        "name": name,
        "title": "A small network for tests",
        "version": "1",
        "description": "The mean of a patch.",
        "sha256": hashlib.sha256(onnx_file).hexdigest(),
        "input": Tensor(name="patches", shape=(None, spec.patch_frames, spec.bands)),
        "output": Tensor(name="scores", shape=(None, len(labels))),
        "features": spec,
        "aggregation": "mean",
        "labels": tuple(labels),
        "thresholds_source": "made up",
        "datasets": (),
        "metrics": (),
        "licence": "CC0-1.0",
        "attribution": "the tests",
        "limits": (),
    }
    return ModelCard(**(fields | changes))


def write_model(
    places: Path,
    labels: Sequence[Label],
    gains: Sequence[float],
    offsets: Sequence[float],
    name: str = "small",
    spec: FeatureSpec = SPEC,
) -> Path:
    """A model folder in ``places``."""
    folder = places / name
    folder.mkdir(parents=True)
    content = network(gains, offsets, spec)
    (folder / "model.onnx").write_bytes(content)
    (folder / "card.json").write_bytes(msgspec.json.encode(card(labels, name, content, spec)))
    return folder
