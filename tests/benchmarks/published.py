"""The published networks as one has them without ``training.slimming``: for ONNX Runtime, and as frozen graphs.

They are made by a process of its own (``python -m tests.benchmarks.published FOLDER MODEL ...``), since TensorFlow
would stay with the one that measures. It needs the ``training`` extra, and downloads the published wheel once.

Contents: ``published_networks``
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.saying import say

PATCHES, SCORES = "patches", "Identity"
"""Input and output of a frozen graph."""


class Network(NamedTuple):
    """One network, with the scores of the shipped one to 1e-5."""

    onnx: Path
    """As tf2onnx exports it."""
    frozen: Path
    """As a TensorFlow graph with the weights inside."""


def published_networks(models: Sequence[str], folder: Path) -> list[Network]:
    """Write them into the folder; none, with a message, where they cannot be had."""
    command = [sys.executable, "-m", __name__, str(folder), *models]
    outcome = subprocess.run(command, capture_output=True, text=True, check=False)
    if outcome.returncode:
        say(f"without the published networks as they are: {outcome.stderr.strip().splitlines()[-1]}")
        return []
    return [Network(folder / f"{model}.onnx", folder / f"{model}.pb") for model in models]


def _write(folder: Path, models: Sequence[str]) -> None:
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    from training.architectures import musicnn
    from training.import_musicnn import SHIPPED
    from training.onnx_export import fill, to_onnx
    from training.published_musicnn import fetch_wheel, open_wheel, read_labels, read_weights

    with open_wheel(fetch_wheel()) as wheel:
        for model in models:
            network = musicnn(len(read_labels(wheel, SHIPPED[model])))
            fill(network, read_weights(wheel, SHIPPED[model]))
            (folder / f"{model}.onnx").write_bytes(to_onnx(network))
            patches = tf.TensorSpec((None, *network.input_shape[1:]), tf.float32, name=PATCHES)
            frozen = convert_variables_to_constants_v2(tf.function(network).get_concrete_function(patches))
            (folder / f"{model}.pb").write_bytes(frozen.graph.as_graph_def().SerializeToString())


if __name__ == "__main__":
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    _write(Path(sys.argv[1]), sys.argv[2:])
