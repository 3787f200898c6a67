"""One experiment: everything that decides what a training run gives, read from one TOML file.

A key that is left out has its default, a key that is not known is refused. The whole experiment, with the
defaults and the seed written out, is kept in the run's folder as ``experiment.toml``, so a run can always
be made again: ``earmark-train train DATASET RUN --config RUN/experiment.toml``.

Contents
--------
``Experiment``                  network, data, optimisation; ``load`` and ``save``
``Augmentation``, ``CardTexts`` its parts
``TrainingError``               a run that cannot be started or finished
"""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import tomli_w

from tagger_core.domain import FeatureSpec
from tagger_core.errors import EarmarkError, SettingsError
from training.dataset import Split, replacing

_Positive = Annotated[int, msgspec.Meta(ge=1)]
_Share = Annotated[float, msgspec.Meta(ge=0, le=1)]


class TrainingError(EarmarkError):
    """A run that cannot be started, or that failed for a reason a person can mend."""


class Augmentation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is done to training patches; all of it is off by default.

    The masks are those of SpecAugment (Park et al., 2019), each of random width up to the given share of the
    patch, filled with the patch's mean. Mixup (Zhang et al., 2018) mixes pairs of patches and of their labels with a
    weight from Beta(alpha, alpha).
    """

    time_masks: Annotated[int, msgspec.Meta(ge=0, le=10)] = 0
    time_share: _Share = 0.2
    band_masks: Annotated[int, msgspec.Meta(ge=0, le=10)] = 0
    band_share: _Share = 0.2
    mixup_alpha: Annotated[float, msgspec.Meta(ge=0)] = 0.0


class CardTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What ``export`` says about the model in words."""

    title: str = "Tagging model"
    version: str = "1"
    description: str = "Trained with earmark-train."
    datasets: tuple[str, ...] = ()
    licence: str = "All rights reserved"
    attribution: str = ""
    limits: tuple[str, ...] = ("Music unlike that of the training clips may be heard wrongly.",)


class Experiment(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Frozen and complete: equal experiments on equal data give equal runs, as far as TensorFlow allows."""

    architecture: str = "fast"
    """A name in ``architectures.ARCHITECTURES``."""
    split: Split = "artist"
    seed: int = 1
    """Of the initial weights, the order of clips, the choice of patches, augmentation and dropout."""
    epochs: _Positive = 60
    patience: _Positive = 8
    """Epochs without a better validation PR-AUC before the run is over."""
    minutes: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    """Wall time of training; 0 is no limit. A limit makes the result depend on the machine."""
    batch_size: _Positive = 32
    """Patches a device takes at once."""
    patches_per_clip: _Positive = 1
    """Patches taken at random places of each clip, in each epoch."""
    learning_rate: Annotated[float, msgspec.Meta(gt=0)] = 1e-3
    weight_decay: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    device: Literal["auto", "cpu", "gpu"] = "auto"
    precision: Literal["auto", "float32", "mixed_float16"] = "auto"
    """``auto`` computes in half precision on a GPU and in single precision elsewhere."""
    shuffle_labels: bool = False
    """Give each training clip another's labels: a control that must learn nothing."""
    features: FeatureSpec = FeatureSpec()
    augmentation: Augmentation = Augmentation()
    card: CardTexts = CardTexts()

    @classmethod
    def load(cls, path: Path) -> "Experiment":
        """Raises ``SettingsError`` where the file is missing or does not make sense."""
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
            return msgspec.convert(content, cls)
        except FileNotFoundError:
            raise SettingsError(f"there is no experiment file {path}") from None
        except OSError as error:
            raise SettingsError(f"{path} cannot be read: {error.strerror}") from error
        except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            raise SettingsError(f"{path} is not a valid experiment: {error}") from error

    def save(self, path: Path) -> None:
        """Raises ``DatasetError`` where the file cannot be written."""
        with replacing(path) as temporary:
            temporary.write_text(tomli_w.dumps(msgspec.to_builtins(self)), encoding="utf-8")
