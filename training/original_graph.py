"""The authors' own TensorFlow 1 graphs, run as they were saved: the truth our networks are held against.

A checkpoint's ``.meta`` file holds the graph that was trained, so nothing of the package's code, nor of
ours, takes part in these scores.
"""

import zipfile

import numpy as np
import numpy.typing as npt
import tensorflow as tf
from tensorflow.core.framework.types_pb2 import DT_BOOL
from tensorflow.core.protobuf.meta_graph_pb2 import MetaGraphDef

from training.published_musicnn import read_graph, read_weights

_SCORES = "model/Sigmoid"


def original_scores(
    wheel: zipfile.ZipFile, checkpoint: str, patches: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    """Scores (patches, 50) of ``patches`` (patches, 187, 96) by the graph saved with ``checkpoint``."""
    definition = MetaGraphDef.FromString(read_graph(wheel, checkpoint)).graph_def
    for node in definition.node:
        node.attr.pop("_output_shapes", None)  # of an older format, which current TensorFlow refuses
    needed = tf.compat.v1.graph_util.extract_sub_graph(definition, [_SCORES])
    inputs = [node for node in needed.node if node.op == "Placeholder"]
    with tf.Graph().as_default() as graph, tf.compat.v1.Session() as session:
        tf.import_graph_def(needed, name="")
        for name, value in read_weights(wheel, checkpoint).items():
            variable = graph.get_tensor_by_name(f"{name}:0")
            session.run(tf.compat.v1.assign(variable, value))
        feed = {f"{node.name}:0": False if node.attr["dtype"].type == DT_BOOL else patches for node in inputs}
        scores: npt.NDArray[np.float32] = session.run(f"{_SCORES}:0", feed)
    return scores
