"""Keras to ONNX: one file with the names the card promises, the same bytes at every export.

Contents
--------
``fill``                           a network's variables from named arrays, each used exactly once
``to_onnx``                        the network as a serialised ONNX model, input "patches", output "scores"
``onnx_scores``, ``onnx_scorer``   what ONNX Runtime makes of it
"""

from collections.abc import Callable

import keras
import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime as ort
import tensorflow as tf
import tf2onnx

from training.slimming import Weights

OPSET = 17
INPUT = "patches"
OUTPUT = "scores"
_BATCH = 16


def fill(network: keras.Model, weights: Weights) -> None:
    """Give every variable the array of its path.

    A one-dimensional convolution takes the kernel of the original graph, which made an image one column
    wide of its sequence: the axis of length 1 is dropped. Raises ``ValueError`` where a variable or an
    array is left over or a shape differs.
    """
    variables = {variable.path: variable for variable in network.weights}
    if variables.keys() != weights.keys():
        raise ValueError(f"variables and weights differ in {sorted(variables.keys() ^ weights.keys())}")
    for path, variable in variables.items():
        value = weights[path]
        if len(variable.shape) == 3 and value.ndim == 4:
            value = value.squeeze(axis=2)
        if tuple(variable.shape) != value.shape:
            raise ValueError(f"{path} has shape {tuple(variable.shape)}, not {value.shape}")
        variable.assign(value)


def to_onnx(network: keras.Model) -> bytes:
    """``network`` as an ONNX model without any trace of when and by what it was made."""
    signature = [tf.TensorSpec((None, *network.input_shape[1:]), tf.float32, name=INPUT)]
    model, _ = tf2onnx.convert.from_keras(network, signature, opset=OPSET)
    _normalise(model.graph)
    model.producer_name = model.producer_version = model.doc_string = ""
    onnx.checker.check_model(model)
    content: bytes = model.SerializeToString(deterministic=True)
    return content


def onnx_scores(model: bytes, patches: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Scores (patches, labels) of ``patches`` (patches, frames, bands) on the CPU."""
    return onnx_scorer(model)(patches)


def onnx_scorer(model: bytes) -> Callable[[npt.NDArray[np.float32]], npt.NDArray[np.float32]]:
    """``onnx_scores`` of this model, which is loaded once."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def scores(patches: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        parts = [patches[start : start + _BATCH] for start in range(0, len(patches), _BATCH)]
        return np.concatenate([session.run([OUTPUT], {INPUT: part})[0] for part in parts])

    return scores


def _normalise(graph: onnx.GraphProto) -> None:
    """Order and number what is inside by its use: the converter's order and names vary from run to run."""
    nodes = _by_use(graph)
    weights = {tensor.name: tensor for tensor in graph.initializer}
    names = {graph.input[0].name: INPUT, graph.output[0].name: OUTPUT, "": ""}
    used = []
    for index, node in enumerate(nodes):
        unseen = dict.fromkeys(name for name in node.input if name in weights and name not in names)
        used += [weights[name] for name in unseen]
        for name in (*node.input, *node.output):
            names.setdefault(name, f"tensor_{len(names)}")
        node.name = f"{node.op_type}_{index}"
        node.input[:] = [names[name] for name in node.input]
        node.output[:] = [names[name] for name in node.output]
    for tensor in (*graph.input, *graph.output, *used):
        tensor.name = names[tensor.name]
    for outside in (*graph.input, *graph.output):
        outside.type.tensor_type.shape.dim[0].dim_param = "n"
    ordered = onnx.GraphProto(name="network", node=nodes, initializer=used, input=graph.input, output=graph.output)
    graph.CopyFrom(ordered)


def _by_use(graph: onnx.GraphProto) -> list[onnx.NodeProto]:
    """The nodes in the order in which a computation of the output, input by input, first finishes them."""
    makers = {name: node for node in graph.node for name in node.output}
    ordered: list[onnx.NodeProto] = []
    pending = [(graph.output[0].name, False)]
    done = set()
    while pending:
        name, inputs_done = pending.pop()
        if name not in makers or name in done:
            continue
        if inputs_done:
            ordered.append(makers[name])
            done.update(makers[name].output)
        else:
            pending.append((name, True))
            pending += [(source, False) for source in reversed(makers[name].input)]
    return ordered
