"""One clean vocabulary out of many labels."""

import msgspec
import pytest

from tagger_core.domain import Category
from tagger_core.model_card import ModelFolder, shipped_models
from tagger_core.vocabulary import TagTable, Vocabulary, VocabularyTables, key_of
from tests.small_models import card, label


@pytest.mark.parametrize(
    ("word", "tag"),
    [
        ("female", "Female Vocals"),
        ("woman", "Female Vocals"),
        ("female vocalists", "Female Vocals"),
        ("beats", "Beat"),
        ("no voice", "Instrumental"),
        ("classic", "Classical"),
        ("Hip-Hop", "Hip-Hop"),
        ("hip hop", "Hip-Hop"),
        ("HIPHOP", "Hip-Hop"),
        ("rnb", "R&B"),
        ("R & B", "R&B"),
        ("new age", "New Age"),
        ("classic rock", "Classic Rock"),
        ("electro", "Electro"),
    ],
)
def test_words_with_one_meaning_are_one_tag(word: str, tag: str) -> None:
    found = Vocabulary().tag_of(word)
    assert found is not None
    assert found.name == tag


def test_unknown_words_have_no_tag() -> None:
    assert Vocabulary().tag_of("shoegaze") is None
    assert Vocabulary().tag_of("") is None


@pytest.mark.parametrize("name", ["magnatagatune", "million-song"])
def test_the_vocabulary_knows_every_label_of_the_shipped_models(name: str) -> None:
    model = ModelFolder.load(shipped_models() / name).card
    vocabulary = Vocabulary()
    assert [each for each in model.label_names if vocabulary.tag_of(each) is None] == []


def test_categories_of_the_cards_and_the_vocabulary_agree() -> None:
    vocabulary = Vocabulary()
    for name in ("magnatagatune", "million-song"):
        for each in ModelFolder.load(shipped_models() / name).card.labels:
            tag = vocabulary.tag_of(each.name)
            assert tag is not None
            assert tag.category == each.category, each.name


def test_duets_exist_but_instrumental_singing_does_not() -> None:
    vocabulary = Vocabulary()
    assert vocabulary.exclude_each_other("Instrumental", "Vocals")
    assert vocabulary.exclude_each_other("Quiet", "Loud")
    assert vocabulary.exclude_each_other("Slow", "Fast")
    assert not vocabulary.exclude_each_other("Male Vocals", "Female Vocals")


def test_labels_of_an_unknown_model_become_tags_with_their_category() -> None:
    own = card([label("drum and bass"), label("Räp"), label("theremin", "instrument"), label("rock")])
    vocabulary = Vocabulary([own])
    theremin = vocabulary.tag_of("theremin")
    assert theremin is not None
    assert (theremin.name, theremin.category) == ("Theremin", Category.INSTRUMENT)
    assert [vocabulary.tag_of(name).name for name in own.label_names if vocabulary.tag_of(name)] == [  # type: ignore[union-attr]
        "Drum And Bass",
        "Räp",
        "Theremin",
        "Rock",
    ]


def test_aliases_and_exclusive_groups_of_a_card_count() -> None:
    labels = [msgspec.structs.replace(label("wet"), aliases=("female vocals",)), label("dry"), label("damp")]
    vocabulary = Vocabulary([card(labels, exclusive=(("dry", "damp"),))])
    wet = vocabulary.tag_of("wet")
    assert wet is not None
    assert wet.name == "Female Vocals"
    assert vocabulary.exclude_each_other("Dry", "Damp")


def test_a_persons_own_tables_come_first() -> None:
    own = VocabularyTables(tags={"Guitar Music": TagTable(Category.GENRE, ("guitar", "Rock"))})
    vocabulary = Vocabulary(own=own)
    for word in ("guitar", "rock", "guitar music"):
        tag = vocabulary.tag_of(word)
        assert tag is not None
        assert tag.name == "Guitar Music"


def test_keys_ignore_case_and_punctuation_only() -> None:
    assert key_of("Hip-Hop") == key_of("hip hop") == key_of("HIP_HOP")
    assert key_of("R&B") != key_of("RB")
    assert key_of("日本") == "日本"
