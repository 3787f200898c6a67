"""Model folders: what a model needs, says and promises, read from its ``card.json``.

A model folder holds ``model.onnx``, ``card.json``, ``README.md`` and ``LICENSE``. The card says everything
the program needs to run the model, so a person's own model is dropped in as a folder. Whatever does not
agree with the card is refused with one sentence; nothing is ever guessed.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from tagger_core.domain import Category, FeatureSpec
from tagger_core.errors import ModelError

PROFILES = ("strict", "balanced", "generous")
"""Threshold profiles, from few sure suggestions to many."""

MAX_MODEL_BYTES = 2 * 1024**3
"""An ONNX file without external data cannot be larger (the limit of a protocol buffer)."""

_Probability = Annotated[float, msgspec.Meta(ge=0, le=1)]


class Threshold(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A label is suggested from ``value`` on; precision and recall where they were measured."""

    value: _Probability
    precision: _Probability | None = None
    recall: _Probability | None = None


class Label(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One output of the model, in output order."""

    name: str
    category: Category
    strict: Threshold
    balanced: Threshold
    generous: Threshold
    aliases: tuple[str, ...] = ()
    """Other words for the same thing, for models whose labels Earmark's vocabulary does not know."""
    tag_set: str = ""
    """For one network that says what several say: labels of different sets vote like those of different models."""

    def threshold(self, profile: str) -> float:
        chosen = {"strict": self.strict, "balanced": self.balanced, "generous": self.generous}
        return chosen[profile].value


class Tensor(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A named input or output; ``None`` in the shape is the free number of patches."""

    name: str
    shape: tuple[int | None, ...]


class Metric(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A published or measured figure, with where it comes from."""

    name: str
    value: float
    source: str


class ModelCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The contents of ``card.json``, version 1 of the format."""

    format: Literal[1]
    name: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
    title: str
    version: str
    description: str
    sha256: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
    """Of ``model.onnx``."""
    input: Tensor
    output: Tensor
    features: FeatureSpec
    aggregation: Literal["mean"]
    """Track score of a label: the mean of its patch probabilities, each frame counted once."""
    labels: Annotated[tuple[Label, ...], msgspec.Meta(min_length=1, max_length=10_000)]
    exclusive: tuple[tuple[str, ...], ...] = ()
    """Groups of labels of which at most one can be true."""
    thresholds_source: str
    datasets: tuple[str, ...]
    metrics: tuple[Metric, ...]
    licence: str
    attribution: str
    limits: tuple[str, ...]

    def __post_init__(self) -> None:
        names = self.label_names
        if len(set(names)) != len(names):
            raise ValueError("two labels have the same name")
        wanted = (None, self.features.patch_frames, self.features.bands)
        if self.input.shape != wanted:
            raise ValueError(f"the input shape {self.input.shape} does not fit the features: {wanted}")
        if self.output.shape != (None, len(names)):
            raise ValueError(f"the output shape {self.output.shape} does not fit {len(names)} labels")
        for group in self.exclusive:
            for name in group:
                if name not in names:
                    raise ValueError(f"the exclusive label {name!r} is not a label")

    @property
    def label_names(self) -> tuple[str, ...]:
        return tuple(label.name for label in self.labels)


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A folder whose card was read; ``read_model`` checks the network itself."""

    path: Path
    card: ModelCard

    @classmethod
    def load(cls, path: Path) -> "ModelFolder":
        """Read and check the card. Raises ``ModelError``."""
        card_file = path / "card.json"
        try:
            text = card_file.read_bytes()
        except FileNotFoundError:
            raise ModelError(f"{path} is not a model folder: it has no card.json") from None
        except OSError as error:
            raise ModelError(f"{card_file} cannot be read: {error.strerror}") from error
        try:
            card = msgspec.json.decode(text, type=ModelCard)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise ModelError(f"{card_file} is not a valid model card: {error}") from error
        return cls(path, card)

    def read_model(self) -> bytes:
        """The network's bytes, if they are those that the card vouches for. Raises ``ModelError``."""
        model_file = self.path / "model.onnx"
        try:
            size = model_file.stat().st_size
            if size > MAX_MODEL_BYTES:
                raise ModelError(f"{model_file} is too large for a model ({size} bytes)")
            content = model_file.read_bytes()
        except FileNotFoundError:
            raise ModelError(f"{self.path} is incomplete: model.onnx is missing") from None
        except OSError as error:
            raise ModelError(f"{model_file} cannot be read: {error.strerror}") from error
        if hashlib.sha256(content).hexdigest() != self.card.sha256:
            raise ModelError(
                f"{model_file} is damaged or not the network of its card (SHA-256 differs); install the model again"
            )
        return content


def shipped_models() -> Path:
    """The folder of the models that come with Earmark: inside the wheel, or beside it in a checkout."""
    package = Path(__file__).resolve().parent
    installed = package / "shipped_models"
    return installed if installed.is_dir() else package.parent / "models"


def model_folders(places: Sequence[Path]) -> Iterator[Path]:
    """Every folder with a card in the given places, by name, an earlier place first."""
    for place in places:
        if place.is_dir():
            yield from sorted(folder for folder in place.iterdir() if (folder / "card.json").is_file())


def find_model(name: str, places: Sequence[Path]) -> ModelFolder:
    """The model of that name in the given places, or the folder of that path. Raises ``ModelError``."""
    as_path = Path(name).expanduser()
    if as_path.is_dir() and ("/" in name or "\\" in name or (as_path / "card.json").is_file()):
        return ModelFolder.load(as_path.resolve())
    for folder in model_folders(places):
        if folder.name == name:
            return ModelFolder.load(folder)
    known = ", ".join(dict.fromkeys(folder.name for folder in model_folders(places))) or "none"
    also = "fast, accurate and a folder's path work too"
    raise ModelError(f"there is no model named {name!r}; installed models: {known} ({also})")
