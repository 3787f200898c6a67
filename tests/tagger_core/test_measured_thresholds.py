"""What the cards say, and nothing more."""

from tagger_core.measured_thresholds import measured_thresholds, nearest_below
from tagger_core.model_card import ModelFolder, shipped_models
from tagger_core.vocabulary import Vocabulary

CARDS = [ModelFolder.load(shipped_models() / name).card for name in ("magnatagatune", "million-song")]
VOCABULARY = Vocabulary(CARDS)


def test_the_figures_are_those_of_the_card() -> None:
    card = next(label for label in CARDS[0].labels if label.name == "guitar")
    found = [one for one in measured_thresholds("Guitar", CARDS, VOCABULARY) if one.label == "guitar"]
    assert [(one.profile, one.value, one.precision, one.recall) for one in found] == [
        (profile, threshold.value, threshold.precision, threshold.recall)
        for profile, threshold in (("strict", card.strict), ("balanced", card.balanced), ("generous", card.generous))
    ]
    assert {one.model for one in found} == {CARDS[0].title}


def test_a_tag_of_several_labels_has_the_figures_of_each() -> None:
    labels = {one.label for one in measured_thresholds("Female Vocals", CARDS, VOCABULARY)}
    assert len(labels) > 1
    assert all(VOCABULARY.tag_of(label).name == "Female Vocals" for label in labels)  # type: ignore[union-attr]


def test_what_was_not_measured_is_not_told() -> None:
    measured = {label.name for card in CARDS for label in card.labels if label.balanced.precision is not None}
    for tag in VOCABULARY.tags():
        assert {one.label for one in measured_thresholds(tag.name, CARDS, VOCABULARY)} <= measured


def test_no_model_no_figures() -> None:
    assert measured_thresholds("Guitar", [], VOCABULARY) == []


def test_the_nearest_below_the_cut_counts() -> None:
    measured = measured_thresholds("Guitar", CARDS, VOCABULARY)
    values = sorted(one.value for one in measured)
    assert nearest_below(measured, values[0] - 0.01) == []
    assert [one.value for one in nearest_below(measured, values[1])] == [values[1]]
    assert [one.value for one in nearest_below(measured, 1.0)] == [values[2]]
