"""A model folder comes into being: what every one holds, checked, and there as a whole or not at all.

Contents: ``require_new``, ``model_files``, ``new_model_folder``
"""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec

from tagger_core.classifier import Classifier
from tagger_core.errors import SettingsError
from tagger_core.model_card import ModelCard, ModelFolder
from training.card_readme import render
from training.dataset import disk_errors


def require_new(folder: Path) -> None:
    """Raises ``SettingsError`` if the folder is there."""
    if folder.exists():
        raise SettingsError(f"{folder} is there already; choose another folder, or delete that one")


def model_files(card: ModelCard, model: bytes, licence: str) -> dict[str, bytes]:
    """Name -> content of the four files that every model folder has."""
    return {
        "model.onnx": model,
        "card.json": msgspec.json.format(msgspec.json.encode(card), indent=1) + b"\n",
        "README.md": render(card).encode(),
        "LICENSE": licence.encode(),
    }


@contextmanager
def new_model_folder(folder: Path, files: Mapping[str, bytes]) -> Iterator[Path]:
    """Yield a folder with these files, to put more into; it becomes ``folder`` when the program's own loader takes it.

    Raises ``ModelError`` if that does not, ``DatasetError`` if the disk fails.
    """
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    with disk_errors(folder):
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        for name, content in files.items():
            (unfinished / name).write_bytes(content)
        yield unfinished
        Classifier(ModelFolder.load(unfinished), "cpu")
        unfinished.rename(folder)
