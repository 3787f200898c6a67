"""Models on their way to a worker, and where it keeps them.

A model is named by the SHA-256 of its card, which vouches for the network with a hash of its own; so nothing that
arrives or lies in the folder is ever taken for another model, and a model travels to a machine once.

Contents
--------
``Parcel``, ``pack``, ``ModelShelf``
"""

import contextlib
import hashlib
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec
import platformdirs

from tagger_core.errors import ClusterError, ModelError
from tagger_core.model_card import ModelFolder


class Parcel(msgspec.Struct, frozen=True):
    """The two files of a model folder that a worker needs."""

    card: bytes
    network: bytes

    @property
    def name(self) -> str:
        return hashlib.sha256(self.card).hexdigest()


def pack(folder: ModelFolder) -> Parcel:
    """Raises ``ModelError``."""
    network = folder.read_model()
    try:
        card = (folder.path / "card.json").read_bytes()
    except OSError as error:
        raise ModelError(f"{folder.path / 'card.json'} cannot be read: {error.strerror}") from error
    return Parcel(card, network)


def encode_parcels(parcels: Sequence[Parcel]) -> bytes:
    return msgspec.msgpack.encode(parcels)


def decode_parcels(content: bytes) -> list[Parcel]:
    return msgspec.msgpack.decode(content, type=list[Parcel])


class ModelShelf:
    """A folder of model folders, each named by the hash of its card. Several processes may use it at once."""

    def __init__(self, place: Path | None = None) -> None:
        self._place = place or platformdirs.PlatformDirs("earmark", appauthor=False).user_cache_path / "models"

    def find(self, name: str) -> ModelFolder | None:
        """The model of that name, if it is here and what its name says."""
        path = self._place / name
        with contextlib.suppress(OSError, ModelError):
            if hashlib.sha256((path / "card.json").read_bytes()).hexdigest() == name:
                folder = ModelFolder.load(path)
                folder.read_model()
                return folder
        return None

    def put(self, parcel: Parcel) -> None:
        """Keep a model. Raises ``ClusterError`` if there is no place for it."""
        folder = self._place / parcel.name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _replace(folder / "model.onnx", parcel.network)
            _replace(folder / "card.json", parcel.card)
        except OSError as error:
            raise ClusterError(
                f"models cannot be kept in {self._place} ({error.strerror}); make room there, or set XDG_CACHE_HOME"
            ) from error


def _replace(path: Path, content: bytes) -> None:
    """At no moment is there half a file, also where several processes do the same."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    Path(file.name).replace(path)
