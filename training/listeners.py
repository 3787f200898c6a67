"""Those who are judged: a model, or several that listen together, each under one name.

Models with the same labels, as teachers are, are averaged in the logit domain, patch by patch; models with different
labels vote as they do in the program, so what is judged is what a person would be shown.

Contents
--------
``Listener``                           what "fast", "accurate", "MODEL" and "MODEL+MODEL" name
``tag_scores``, ``track_tag_scores``   the probability of each tag in a piece of music, for each listener
``listeners``, ``vocabulary_of``       made from names; what words mean for them
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from tagger_core.audio import open_audio
from tagger_core.classifier import Classifier
from tagger_core.domain import FeatureSpec
from tagger_core.features import PatchBatch, patch_batches
from tagger_core.model_card import PROFILES, ModelCard, find_model, shipped_models
from tagger_core.settings import MODEL_CHOICES, Settings
from tagger_core.suggestions import Scores, Suggester
from tagger_core.vocabulary import Vocabulary
from training.soft_targets import averaged

Floats = npt.NDArray[np.float32]
_BATCH = 8


@dataclass(frozen=True, slots=True, eq=False)
class Listener:
    """``sets``: models that have the same labels; ``suggester`` makes tags of what they say."""

    name: str
    sets: tuple[tuple[Classifier, ...], ...]
    suggester: Suggester
    thresholds: Mapping[str, Floats]
    """Profile -> threshold of each of ``tags``."""

    @property
    def tags(self) -> tuple[str, ...]:
        return tuple(tag.name for tag in self.suggester.tags)


def listeners(names: Sequence[str]) -> list[Listener]:
    """Each of ``names`` is a choice ("fast"), a model (name or folder), or several of these joined by "+".

    They share one vocabulary, so that the same word is the same tag for all. Raises ``ModelError``.
    """
    members = {name: _models(name) for name in dict.fromkeys(names)}
    vocabulary = Vocabulary(model.card for models in members.values() for model in models)
    return [_listener(name, models, vocabulary) for name, models in members.items()]


def vocabulary_of(heard: Iterable[Listener]) -> Vocabulary:
    """In which words mean what they mean for these listeners."""
    return Vocabulary(model.card for listener in heard for models in listener.sets for model in models)


def track_tag_scores(path: Path, heard: Sequence[Listener]) -> list[Floats]:
    """``tag_scores`` of a file, decoded once for each different front end. Raises ``FileError``."""

    def batches(spec: FeatureSpec) -> Iterable[PatchBatch]:
        with open_audio(path, spec.sample_rate) as stream:
            yield from patch_batches(stream.blocks(), spec, _BATCH)

    specs = {models[0].card.features for listener in heard for models in listener.sets}
    found: dict[int, Floats] = {}
    for spec in specs:
        sets = [models for one in heard for models in one.sets if models[0].card.features == spec]
        found |= zip(map(id, sets), _set_scores(batches(spec), sets), strict=True)
    return [_tags(listener, [found[id(models)] for models in listener.sets]) for listener in heard]


def tag_scores(patches: Floats, heard: Sequence[Listener]) -> list[Floats]:
    """Of each listener the probability of each of its tags, in music that has these patches (n, frames, bands)."""
    batch = PatchBatch(patches, np.ones(len(patches), np.float32))
    return [_tags(listener, _set_scores([batch], listener.sets)) for listener in heard]


def _models(name: str) -> list[Classifier]:
    words = [name] if Path(name).is_dir() else name.split("+")
    chosen = [model for word in words for model in MODEL_CHOICES.get(word, (word,))]
    return [Classifier(find_model(model, [shipped_models()]), "cpu") for model in chosen]


def _listener(name: str, models: Sequence[Classifier], vocabulary: Vocabulary) -> Listener:
    sets: dict[tuple[tuple[str, ...], FeatureSpec], list[Classifier]] = {}
    for model in models:
        sets.setdefault((model.card.label_names, model.card.features), []).append(model)
    cards: list[ModelCard] = [members[0].card for members in sets.values()]
    by_profile = {
        profile: Suggester(cards, msgspec.convert({"profile": profile}, Settings), vocabulary) for profile in PROFILES
    }
    thresholds = {profile: suggester.thresholds for profile, suggester in by_profile.items()}
    return Listener(_shown(name, models), tuple(map(tuple, sets.values())), by_profile["balanced"], thresholds)


def _shown(name: str, models: Sequence[Classifier]) -> str:
    """A choice by its word, models by the names on their cards, of many the first."""
    if name in MODEL_CHOICES:
        return name
    first, *others = (model.card.name for model in models)
    return "+".join((first, *others)) if len(others) < 2 else f"{first} and {len(others)} more"


def _set_scores(batches: Iterable[PatchBatch], sets: Sequence[tuple[Classifier, ...]]) -> list[Floats]:
    """The weighted mean over the patches, shape (labels,), of each set."""
    sums = [np.zeros(len(models[0].card.labels)) for models in sets]
    total = 0.0
    for patches, weights in batches:
        total += float(weights.sum())
        for one, models in zip(sums, sets, strict=True):
            one += weights @ averaged([model.scores(patches) for model in models])
    return [(one / total).astype(np.float32) for one in sums]


def _tags(listener: Listener, set_scores: Sequence[Floats]) -> Floats:
    scores: list[Scores] = [
        dict(zip(models[0].card.label_names, values.tolist(), strict=True))
        for models, values in zip(listener.sets, set_scores, strict=True)
    ]
    return listener.suggester.probabilities(scores)
