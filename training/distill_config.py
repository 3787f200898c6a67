"""What decides a distillation: one TOML file, kept with the run, with the seed and all defaults written out.

Contents: ``Distillation``; ``Trunk``, one of ``VggTrunk`` and ``MusicnnTrunk``.
"""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import tomli_w

from tagger_core.errors import SettingsError
from training.config import CardTexts
from training.dataset import replacing

_Positive = Annotated[int, msgspec.Meta(ge=1)]
_Share = Annotated[float, msgspec.Meta(ge=0, le=0.5)]
_Steps = Annotated[tuple[_Positive, ...], msgspec.Meta(min_length=3, max_length=3)]


class VggTrunk(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="vgg"):
    """A published vgg, compressed to this size, or, from ``scratch``, random kernels of the same shape, which learn the
    music more than what is heard in it.
    """

    tag_set: str
    """Name of the first teacher of the set that it begins to learn. Teachers with the same labels form a set and are
    averaged, and the set's head begins as the mean of its trunks."""
    teacher: str = ""
    """Name of the teacher of the set that the trunk learns by itself, beside what the heads learn of all trunks;
    "": none. What it began as comes easiest to it, and two that each follow one err less together."""
    start: Literal["MTT_vgg", "MSD_vgg", "scratch"] = "MTT_vgg"
    first: _Positive = 48
    """Filters of the first convolution, at most."""
    frame_step: Literal[1, 2] = 1
    """Frames from one place of the first convolution to the next."""
    ranks: Annotated[tuple[tuple[_Positive, _Positive], ...], msgspec.Meta(min_length=4, max_length=4)] = (
        (16, 32),
        (32, 48),
        (48, 64),
        (64, 64),
    )
    """(input, output) ranks of the other four convolutions."""


class MusicnnTrunk(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="musicnn"
):
    """A published musicnn, compressed: see ``compact_architectures.MusicnnSize``, whose fields these are. The three
    blocks are the two timbral ones, low and tall, and the temporal one.
    """

    tag_set: str
    teacher: str = ""
    start: Literal["MTT_musicnn", "MSD_musicnn"] = "MTT_musicnn"
    frame_step: _Positive = 4
    band_steps: _Steps = (2, 2, 4)
    bases: _Steps = (16, 16, 16)


Trunk = VggTrunk | MusicnnTrunk
"""A part of the student, which begins to learn one tag set."""


class Distillation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Frozen and complete: equal settings on equal music give equal students, as far as TensorFlow allows."""

    trunks: Annotated[tuple[Trunk, ...], msgspec.Meta(min_length=1)]
    seed: int = 1
    """Of the choice of patches and of the calibration."""
    split_seed: int = 1
    valid_share: _Share = 0.05
    test_share: _Share = 0.15
    """Of the groups, not of the patches."""
    longest_seconds: Annotated[float, msgspec.Meta(gt=0)] = 600.0
    """Of each track."""
    calibration_patches: _Positive = 320
    mixed_patches: Annotated[int, msgspec.Meta(ge=0)] = 0
    """Made up of the training music and learned as well, see ``training.mixing``; made by the thousand."""
    mixed_share: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.5
    """Of each batch, where there are mixed patches."""
    steps: _Positive = 4000
    batch_size: _Positive = 32
    learning_rate: Annotated[float, msgspec.Meta(gt=0)] = 1e-3
    """At its highest; it rises over the first steps and falls along a cosine to a hundredth."""
    precision: Literal["float32", "bfloat16"] = "float32"
    """Of convolutions while learning; bfloat16 takes half the time on processors that know it. Weights are float32."""
    rare_label_weight: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.5
    """0: every label's loss counts alike; 1: it is divided by how much the label varies from patch to patch."""
    average_momentum: Annotated[float, msgspec.Meta(ge=0, lt=1)] = 0.99
    """Of the moving average of the weights, which is the student."""
    steps_between_checks: _Positive = 200
    int8: bool = False
    """Whether the model folder gets its convolutions in whole numbers, see ``training.int8``."""
    card: CardTexts = CardTexts()
    """What the model folder says in words."""

    def same_run(self, other: "Distillation") -> bool:
        """Whether a run of one may go on with the other: all but its length and what becomes of it are equal."""
        return _kernel(self) == _kernel(other)

    @classmethod
    def load(cls, path: Path) -> "Distillation":
        """Raises ``SettingsError`` where the file is missing or does not make sense."""
        try:
            return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), cls)
        except OSError as error:
            raise SettingsError(f"{path} cannot be read: {error.strerror}") from error
        except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            raise SettingsError(f"{path} is not a valid distillation: {error}") from error

    def save(self, path: Path) -> None:
        """Raises ``DatasetError`` where the file cannot be written."""
        with replacing(path) as temporary:
            temporary.write_text(tomli_w.dumps(msgspec.to_builtins(self)), encoding="utf-8")


def _kernel(settings: Distillation) -> Distillation:
    return msgspec.structs.replace(settings, steps=1, steps_between_checks=1, int8=False, card=CardTexts())
