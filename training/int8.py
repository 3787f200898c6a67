"""A network in whole numbers: convolutions with activations of 8 and weights of 7 bits, for ONNX Runtime.

Static quantisation: asymmetric activations of 8 bits, weights of 7 bits per channel, ranges measured on real patches
(lowest and highest value of a batch, averaged over batches: single extremes cost the other values their steps).

Why 7 bits
    Processors with AVX2 but without VNNI add pairs of products in 16 bits, where 8-bit weights overflow. On an emulated
    Haswell (QEMU) scores of earmark-fast were wrong by up to 0.29; with 7 bits they were those of a processor with
    VNNI, to the last bit.

Equalised channels
    What leaves a convolution has one scale for all its channels, so a quiet channel beside a loud one is left with
    few of the 256 steps. ReLU and max pooling let a positive factor through, so each channel may be divided by the
    root of its range, and the weights of the convolution that reads it multiplied, without any change of the result
    (Nagel et al., "Data-Free Quantization Through Weight Equalization and Bias Correction", ICCV 2019, section 4.1,
    with measured ranges). The root leaves half of the difference to the weights, which have a scale for each channel.

What stays in float
    The first two convolutions of every path, with what lies between them, and dense layers. ONNX Runtime's kernel for
    one input channel is slower in whole numbers than in float, and so is its max pooling when it comes between.

``python -m tests.benchmarks.int8`` shows what both are worth.

Contents: ``quantized``, ``equalised``, ``CalibrationPatches``
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime as ort
from onnx import numpy_helper
from onnxruntime.quantization import (
    CalibrationDataReader,
    QuantFormat,
    QuantType,
    quant_pre_process,
    quantize_static,
)

Floats = npt.NDArray[np.float32]

_FLOAT_CONVOLUTIONS = 2
"""So many on each path from the input stay in float."""
_IN_WHOLE_NUMBERS = ("Conv", "Relu", "MaxPool")
_SCALE_FREE = ("Relu", "MaxPool")
"""f(s x) = s f(x) for positive s, channel by channel."""
_BATCH = 4
_QUIETEST = 1e-4
"""Of the range of the loudest channel: a channel that is silent in the patches must not be blown up without end."""


def quantized(network: bytes, patches: Floats) -> bytes:
    """``network`` (an ONNX file) with convolutions in whole numbers.

    ``patches`` (n, frames, bands) are real ones; a hundred of as many tracks are enough. The same patches give the same
    bytes.
    """
    with TemporaryDirectory() as folder:
        given, prepared, made = (Path(folder) / f"{name}.onnx" for name in ("given", "prepared", "quantized"))
        given.write_bytes(network)
        quant_pre_process(given, prepared, skip_symbolic_shape=True)
        model = equalised(onnx.load(prepared), patches)
        quantize_static(
            model,
            made,
            CalibrationPatches(model.graph.input[0].name, patches),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            reduce_range=True,
            op_types_to_quantize=list(_IN_WHOLE_NUMBERS),
            nodes_to_exclude=_in_float(model.graph),
            extra_options={"CalibMovingAverage": True},
        )
        result = onnx.load(made)
    result.producer_name = result.producer_version = result.doc_string = ""
    del result.metadata_props[:]
    onnx.checker.check_model(result)
    content: bytes = result.SerializeToString(deterministic=True)
    return content


def equalised(model: onnx.ModelProto, patches: Floats) -> onnx.ModelProto:
    """The same network with channels of like ranges between consecutive convolutions."""
    made = onnx.ModelProto()
    made.CopyFrom(model)
    weights = {tensor.name: tensor for tensor in made.graph.initializer}
    pairs = list(_consecutive(made.graph))
    between = [name for _, name, _ in pairs]
    for (before, _, after), loudest in zip(pairs, _ranges(model, between, patches), strict=True):
        factors = np.sqrt(np.maximum(loudest, _QUIETEST * loudest.max()))
        _divide(weights[before.input[1]], factors.reshape(-1, 1, 1, 1))
        if len(before.input) > 2:
            _divide(weights[before.input[2]], factors)
        _divide(weights[after.input[1]], 1 / factors.reshape(1, -1, 1, 1))
    return made


class CalibrationPatches(CalibrationDataReader):  # type: ignore[misc]  # ONNX Runtime has no types
    """Patches (n, frames, bands), a few at a time, for the input of that name."""

    def __init__(self, name: str, patches: Floats) -> None:
        starts = range(0, len(patches), _BATCH)
        self._inputs = ({name: patches[start : start + _BATCH]} for start in starts)

    def get_next(self) -> dict[str, Floats] | None:
        return next(self._inputs, None)


def _in_float(graph: onnx.GraphProto) -> list[str]:
    """Names of the nodes that are not to be quantised."""
    depth: dict[str, int] = {}
    kept = []
    for node in graph.node:  # in ONNX, sorted
        before = max((depth.get(name, 0) for name in node.input), default=0)
        after = before + (node.op_type == "Conv")
        depth.update(dict.fromkeys(node.output, after))
        if after <= _FLOAT_CONVOLUTIONS:
            kept.append(node.name)
    return kept


def _consecutive(graph: onnx.GraphProto) -> Iterator[tuple[onnx.NodeProto, str, onnx.NodeProto]]:
    """Yield pairs of convolutions, the second of which alone reads the first, and the name of what it reads."""
    readers: dict[str, list[onnx.NodeProto]] = {}
    for node in graph.node:
        for name in node.input:
            readers.setdefault(name, []).append(node)
    for node in graph.node:
        if node.op_type != "Conv":
            continue
        name = node.output[0]
        while len(found := readers.get(name, [])) == 1 and found[0].op_type in _SCALE_FREE:
            name = found[0].output[0]
        if len(found) == 1 and found[0].op_type == "Conv" and _ungrouped(found[0]):
            yield node, name, found[0]


def _ungrouped(convolution: onnx.NodeProto) -> bool:
    return all(attribute.i == 1 for attribute in convolution.attribute if attribute.name == "group")


def _ranges(model: onnx.ModelProto, names: list[str], patches: Floats) -> list[Floats]:
    """The largest absolute value of each channel of these tensors (n, channels, height, width)."""
    if not names:
        return []
    listening = onnx.ModelProto()
    listening.CopyFrom(model)
    listening.graph.output.extend(onnx.helper.make_empty_tensor_value_info(name) for name in names)
    session = ort.InferenceSession(listening.SerializeToString(), providers=["CPUExecutionProvider"])
    largest: list[Floats] = []
    for start in range(0, len(patches), _BATCH):
        tensors = session.run(names, {model.graph.input[0].name: patches[start : start + _BATCH]})
        found = [np.abs(tensor).max(axis=(0, 2, 3)) for tensor in tensors]
        largest = [np.maximum(one, other) for one, other in zip(largest, found, strict=True)] if largest else found
    return largest


def _divide(tensor: onnx.TensorProto, factors: Floats) -> None:
    tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor) / factors, tensor.name))
