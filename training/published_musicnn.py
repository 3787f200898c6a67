"""The published networks: the wheel of *musicnn* 0.1.0 on PyPI, fetched, checked, and read as a zip.

The package itself is never imported: it pins NumPy below 1.17 and its code no longer runs. What counts
is inside: four TensorFlow checkpoints with the graphs they belong to, and the lists of labels.

Contents
--------
``CHECKPOINTS``      which networks there are
``fetch_wheel``      download once, check always
``open_wheel``       check and open; the functions below read from it
``read_weights``     a checkpoint as arrays
``read_graph``       the original graph, serialised
``read_labels``      labels in output order
``read_licence``     the licence of package and weights
"""

import ast
import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import platformdirs
import tensorflow as tf

from tagger_core.errors import ModelError
from training.slimming import Weights

REQUIREMENT = "musicnn==0.1.0"
WHEEL_NAME = "musicnn-0.1.0-py3-none-any.whl"
WHEEL_SHA256 = "f38a4890c648c1ddbb141c5d96d2b0a8cfcd36746002d896989f7b88beb65cfa"
CHECKPOINTS = ("MTT_musicnn", "MTT_vgg", "MSD_musicnn", "MSD_vgg")


def fetch_wheel() -> Path:
    """The wheel in the user's cache folder, downloaded by pip if it is not there. Raises ``ModelError``."""
    cache = platformdirs.user_cache_path("earmark") / "published"
    wheel = cache / WHEEL_NAME
    if not wheel.is_file():
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(cache), REQUIREMENT]
        outcome = subprocess.run(command, capture_output=True, text=True, check=False)
        if outcome.returncode:
            raise ModelError(f"{REQUIREMENT} cannot be downloaded (try --wheel PATH): {outcome.stderr.strip()}")
    return wheel


def open_wheel(path: Path) -> zipfile.ZipFile:
    """Raises ``ModelError`` where the file is not that wheel, bit for bit."""
    try:
        content_hash = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}") from error
    if content_hash != WHEEL_SHA256:
        raise ModelError(f"{path} is not the wheel of {REQUIREMENT} (SHA-256 differs); delete it and try again")
    return zipfile.ZipFile(path)


def read_weights(wheel: zipfile.ZipFile, checkpoint: str) -> Weights:
    """Every variable of the network by name, without the optimiser's own."""
    with tempfile.TemporaryDirectory() as folder:
        # TensorFlow finds no checkpoint whose name starts with a dot, as the published ones do.
        prefix = Path(folder) / checkpoint
        for part in (".index", ".data-00000-of-00001"):
            prefix.with_name(checkpoint + part).write_bytes(wheel.read(f"musicnn/{checkpoint}/{part}"))
        reader = tf.train.load_checkpoint(str(prefix))
        names = [name for name in reader.get_variable_to_shape_map() if not _of_optimiser(name)]
        return {name: np.asarray(reader.get_tensor(name)) for name in sorted(names)}


def read_graph(wheel: zipfile.ZipFile, checkpoint: str) -> bytes:
    """The ``MetaGraphDef`` saved with the checkpoint."""
    return wheel.read(f"musicnn/{checkpoint}/.meta")


def read_labels(wheel: zipfile.ZipFile, checkpoint: str) -> tuple[str, ...]:
    name = f"{checkpoint.split('_')[0]}_LABELS"
    module = ast.parse(wheel.read("musicnn/configuration.py"))
    for statement in module.body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == name:
            return tuple(ast.literal_eval(statement.value))
    raise ModelError(f"the wheel of {REQUIREMENT} has no {name}")


def read_licence(wheel: zipfile.ZipFile) -> str:
    return wheel.read("musicnn-0.1.0.dist-info/LICENSE.md").decode().rstrip() + "\n"


def _of_optimiser(name: str) -> bool:
    return "/Adam" in name or name in {"beta1_power", "beta2_power"}
