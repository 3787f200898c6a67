"""A run's network in memory and on disk: built from its experiment, filled, saved whole or not at all.

Contents
--------
``build``                  the network of an experiment, giving logits or probabilities
``best_network``           the best epoch's network of a run, giving probabilities
``probabilities``          a network as a function of NumPy arrays
``save_state``, ``load_state``   everything an interrupted run needs, in one file
``save_best``              the weights alone
"""

import zipfile
from collections.abc import Sequence

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from tagger_core.errors import SettingsError
from training.architectures import ARCHITECTURES
from training.config import Experiment, TrainingError
from training.dataset import replacing
from training.run_folder import RunFolder
from training.scoring import PatchScorer


def build(experiment: Experiment, labels: int, activation: str | None) -> keras.Model:
    """Initial weights depend on the seed alone. Raises ``SettingsError`` if there is no such architecture."""
    architecture = ARCHITECTURES.get(experiment.architecture)
    if architecture is None:
        known = ", ".join(ARCHITECTURES)
        raise SettingsError(f"there is no architecture {experiment.architecture!r}; there are {known}")
    keras.utils.set_random_seed(experiment.seed)
    spec = experiment.features
    return architecture((spec.patch_frames, spec.bands), labels, activation)


def best_network(run: RunFolder) -> keras.Model:
    """Raises ``TrainingError`` if the run has no weights yet or they are damaged."""
    network = build(run.experiment, len(run.labels), "sigmoid")
    try:
        network.load_weights(run.best_weights)
    except FileNotFoundError:
        raise TrainingError(f"{run.path}: no epoch of this run is finished yet; go on with train") from None
    except (OSError, ValueError, KeyError) as error:
        raise TrainingError(f"{run.best_weights} is damaged ({error}); train again") from error
    return network


def probabilities(network: keras.Model, logits: bool = False) -> PatchScorer:
    """``logits`` says what the network gives; the function gives probabilities either way."""
    signature = [tf.TensorSpec((None, *network.input_shape[1:]), tf.float32)]

    @tf.function(input_signature=signature)  # type: ignore[untyped-decorator]
    def scores(patches: tf.Tensor) -> tf.Tensor:
        outputs = network(patches, training=False)
        return tf.sigmoid(outputs) if logits else outputs

    def scorer(patches: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        result: npt.NDArray[np.float32] = scores(patches).numpy()
        return result

    return scorer


def save_best(network: keras.Model, run: RunFolder) -> None:
    """Raises ``DatasetError`` if the disk is full."""
    with replacing(run.best_weights) as temporary:
        named = temporary.with_name("partial.weights.h5")  # Keras insists on the ending
        network.save_weights(named)
        named.replace(temporary)


def save_state(variables: Sequence[keras.Variable], progress: bytes, run: RunFolder) -> None:
    """``variables`` are those of network and optimiser, dropout's random states among them."""
    arrays = {f"variable_{index}": variable.numpy() for index, variable in enumerate(variables)}
    with replacing(run.checkpoint) as temporary, temporary.open("wb") as file:
        np.savez(file, progress=np.frombuffer(progress, np.uint8), **arrays)


def load_state(variables: Sequence[keras.Variable], run: RunFolder) -> bytes | None:
    """Fill ``variables`` and give the progress saved with them; ``None`` if there is no checkpoint.

    Raises ``TrainingError`` if it is damaged.
    """
    if not run.checkpoint.exists():
        return None
    try:
        with np.load(run.checkpoint) as content:
            arrays = [content[f"variable_{index}"] for index in range(len(variables))]
            progress: bytes = content["progress"].tobytes()
        for variable, array in zip(variables, arrays, strict=True):
            variable.assign(array)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise TrainingError(f"{run.checkpoint} is damaged; delete {run.path} and train again") from error
    return progress
