"""``models/earmark-fast``: complete, with both tag sets, and of one mind with the networks that it was distilled from.

Figures of quality are in its card; what is held here is that the shipped file is the network they were measured on.
"""

import msgspec
import pytest

from tagger_core.classifier import Classifier
from tagger_core.model_card import PROFILES, ModelFolder, find_model, shipped_models
from tagger_core.settings import MODEL_CHOICES, Settings
from tagger_core.suggestions import Suggester, suggested
from tagger_core.vocabulary import Vocabulary
from training.card_readme import render
from training.golden_outputs import CLIPS, clip_samples, whole_patches


@pytest.fixture(scope="module")
def folder() -> ModelFolder:
    return find_model("earmark-fast", [shipped_models()])


def test_the_folder_is_complete(folder) -> None:
    assert (folder.path / "README.md").read_text(encoding="utf-8") == render(folder.card)
    assert "Permission to use, copy, modify" in (folder.path / "LICENSE").read_text(encoding="utf-8")
    assert (folder.path / "settings.toml").is_file()
    checks = msgspec.json.decode((folder.path / "checks.json").read_bytes())
    assert checks[-1]["correlation"][0] > checks[0]["correlation"][0]
    assert (folder.path / "model.onnx").stat().st_size < 4_000_000


def test_its_labels_are_those_of_the_accurate_models(folder) -> None:
    expected = [
        (label.name, model)
        for model in MODEL_CHOICES["accurate"]
        for label in find_model(model, [shipped_models()]).card.labels
    ]
    assert [(label.name.split(" (")[0], label.tag_set) for label in folder.card.labels] == expected
    for label in folder.card.labels:
        assert 0 < label.generous.value <= label.balanced.value <= label.strict.value < 1, label.name


def test_stricter_profiles_suggest_less_and_most_tags_are_those_of_the_accurate_models(folder) -> None:
    choices = {
        name: [Classifier(find_model(model, [shipped_models()]), "cpu") for model in models]
        for name, models in MODEL_CHOICES.items()
    }
    counts = dict.fromkeys(PROFILES, 0)
    both = either = 0
    for clip in sorted(CLIPS.glob("*.mp3")):
        patches = whole_patches(clip_samples(clip))
        found = {}
        for name, classifiers in choices.items():
            cards = [classifier.card for classifier in classifiers]
            means = [classifier.scores(patches).mean(axis=0).tolist() for classifier in classifiers]
            heard = [dict(zip(card.label_names, mean, strict=True)) for card, mean in zip(cards, means, strict=True)]
            for profile in PROFILES:
                suggester = Suggester(cards, Settings(profile=profile), Vocabulary(cards))  # type: ignore[arg-type]
                found[name, profile] = {tag.tag for tag in suggested(suggester.suggest(heard))}
        for profile in PROFILES:
            counts[profile] += len(found["fast", profile])
        both += len(found["fast", "balanced"] & found["accurate", "balanced"])
        either += len(found["fast", "balanced"] | found["accurate", "balanced"])
    assert 0 < counts["strict"] < counts["balanced"] < counts["generous"]
    assert both / either > 0.6
