"""From scores to suggestions."""

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger_core.model_card import PROFILES, find_model, shipped_models
from tagger_core.settings import Settings
from tagger_core.suggestions import State, Suggester, Suggestion, at_least_one, merged_threshold, suggested
from tagger_core.vocabulary import Vocabulary
from tests.small_models import card, label

probabilities = st.floats(0, 1)


def judged(
    scores: dict[str, float],
    settings: Settings | None = None,
    present: tuple[str, ...] = (),
    second: dict[str, float] | None = None,
    thresholds: tuple[float, float, float] = (0.7, 0.5, 0.3),
) -> dict[str, Suggestion]:
    heard = [scores] if second is None else [scores, second]
    names_of_models = ("one", "two")
    cards = [
        card([label(name, thresholds=thresholds) for name in each], model)
        for each, model in zip(heard, names_of_models, strict=False)
    ]
    suggester = Suggester(cards, settings or Settings(), Vocabulary(cards))
    return {tag.tag: tag for tag in suggester.suggest(heard, present)}


def names(tags: dict[str, Suggestion]) -> list[str]:
    return [tag.tag for tag in suggested(tags.values())]


def test_a_tag_is_suggested_from_its_threshold_on() -> None:
    tags = judged({"rock": 0.5, "pop": 0.49})
    assert tags["Rock"].state is State.SUGGESTED
    assert tags["Pop"].state is State.BELOW


@pytest.mark.parametrize(("profile", "wanted"), [("strict", []), ("balanced", ["Rock"]), ("generous", ["Rock", "Pop"])])
def test_profiles(profile: str, wanted: list[str]) -> None:
    assert names(judged({"rock": 0.6, "pop": 0.35}, Settings(profile=profile))) == wanted  # type: ignore[arg-type]


def test_synonyms_of_one_model_are_independent_witnesses() -> None:
    tag = judged({"female": 0.5, "woman": 0.2, "female vocal": 0.1})["Female Vocals"]
    assert tag.probability == pytest.approx(1 - 0.5 * 0.8 * 0.9)
    assert tag.threshold == pytest.approx((0.5 + (1 - 0.5**3)) / 2)
    assert [witness.label for witness in tag.evidence] == ["female", "woman", "female vocal"]


def test_models_vote_with_the_mean() -> None:
    tag = judged({"rock": 0.9}, second={"rock": 0.3})["Rock"]
    assert tag.probability == pytest.approx(0.6)
    assert tag.threshold == pytest.approx(0.5)
    assert {witness.model for witness in tag.evidence} == {"one", "two"}


def test_over_time_each_patch_is_combined_as_a_track_is() -> None:
    """Labels that mean one tag, a tag that only the second model knows, and patches that nobody heard."""
    named = [["female", "rock", "woman", "female vocal"], ["techno", "rock"]]
    cards = [card([label(name) for name in each], model) for each, model in zip(named, ("one", "two"), strict=True)]
    suggester = Suggester(cards, Settings(), Vocabulary(cards))
    chance = np.random.default_rng(1)
    taggrams = [chance.random((5, len(each)), dtype=np.float32) for each in named]

    def scores(patch: int) -> list[dict[str, float]]:
        return [dict(zip(each, rows[patch], strict=True)) for each, rows in zip(named, taggrams, strict=True)]

    expected = [suggester.probabilities(scores(patch)) for patch in range(5)]
    np.testing.assert_allclose(suggester.probabilities_over_time(taggrams), expected, rtol=1e-6)
    for rows in taggrams:
        rows[2] = np.nan
    unheard = np.isnan(suggester.probabilities_over_time(taggrams))
    assert unheard.all(axis=1).tolist() == unheard.any(axis=1).tolist() == [False, False, True, False, False]


@pytest.mark.parametrize("profile", PROFILES)
def test_one_model_with_two_tag_sets_suggests_what_two_models_do(profile: str) -> None:
    two = [find_model(name, [shipped_models()]).card for name in ("magnatagatune", "million-song")]
    shared = set(two[0].label_names) & set(two[1].label_names)
    assert {"rock", "ambient"} <= shared

    def own(name: str, tag_set: str) -> str:
        return f"{name} ({tag_set})" if name in shared else name

    labels = [
        msgspec.structs.replace(each, name=own(each.name, model.name), aliases=(each.name,), tag_set=model.name)
        for model in two
        for each in model.labels
    ]
    exclusive = tuple(tuple(own(name, model.name) for name in group) for model in two for group in model.exclusive)
    one = [card(labels, exclusive=exclusive)]
    settings = Settings(profile=profile)  # type: ignore[arg-type]
    by_two, by_one = Suggester(two, settings, Vocabulary(two)), Suggester(one, settings, Vocabulary(one))
    generator = np.random.default_rng(1)
    for _ in range(20):
        heard = [dict(zip(model.label_names, generator.beta(0.5, 2, 50).tolist(), strict=True)) for model in two]
        joined = {
            own(name, model.name): p for model, scores in zip(two, heard, strict=True) for name, p in scores.items()
        }
        expected = {tag.tag: (tag.probability, tag.threshold, tag.state, tag.note) for tag in by_two.suggest(heard)}
        found = {tag.tag: (tag.probability, tag.threshold, tag.state, tag.note) for tag in by_one.suggest([joined])}
        assert found == expected
        assert len(suggested(by_two.suggest(heard))) > 3


def test_own_thresholds_are_stronger_than_the_profile_and_know_synonyms() -> None:
    settings = Settings(threshold=0.9, thresholds={"singing": 0.2})
    tags = judged({"vocals": 0.3, "rock": 0.8}, settings)
    assert names(tags) == ["Vocals"]
    assert tags["Vocals"].threshold_source == "yours for this tag"
    assert tags["Rock"].threshold_source == "yours for all tags"


def test_only_and_except() -> None:
    scores = {"rock": 0.9, "pop": 0.9, "jazz": 0.9}
    assert names(judged(scores, Settings(only=("Rock", "jazz")))) == ["Jazz", "Rock"]
    assert names(judged(scores, Settings(except_tags=("POP",)))) == ["Jazz", "Rock"]


def test_of_an_exclusive_pair_the_one_further_above_its_threshold_wins() -> None:
    tags = judged({"no vocals": 0.6, "vocals": 0.8})
    assert names(tags) == ["Vocals"]
    assert (tags["Instrumental"].state, tags["Instrumental"].note) == (State.EXCLUDED, "Vocals")


def test_a_tag_below_its_threshold_excludes_nothing() -> None:
    assert names(judged({"no vocals": 0.6, "vocals": 0.45})) == ["Instrumental"]


def test_what_the_file_says_is_not_contradicted() -> None:
    tags = judged({"no vocals": 0.9, "loud": 0.6}, present=("female vocals", "whatever", ""))
    assert names(tags) == ["Loud"]
    assert tags["Instrumental"].note == "Female Vocals"


def test_top_takes_the_furthest_above_their_thresholds_after_exclusion() -> None:
    tags = judged({"rock": 0.9, "pop": 0.95, "loud": 0.99, "quiet": 0.98}, Settings(top=2))
    assert names(tags) == ["Loud", "Pop"]
    assert tags["Rock"].state is State.BEYOND_TOP
    assert tags["Quiet"].state is State.EXCLUDED


@given(st.lists(probabilities, min_size=1, max_size=8))
def test_more_witnesses_never_make_a_tag_less_likely(witnesses: list[float]) -> None:
    together = at_least_one(witnesses)
    assert max(witnesses) - 1e-12 <= together <= 1
    assert max(witnesses) - 1e-12 <= merged_threshold(witnesses) <= together + 1e-12


def test_a_single_label_keeps_its_threshold() -> None:
    assert merged_threshold([0.37]) == pytest.approx(0.37)


LABELS = ("rock", "pop", "vocals", "no vocals", "loud", "quiet", "female", "woman", "fast", "slow")


@given(
    st.fixed_dictionaries(dict.fromkeys(LABELS, probabilities)),
    st.sampled_from(("strict", "balanced", "generous")),
    st.one_of(st.none(), st.integers(1, 5)),
    st.lists(st.sampled_from(("Rock", "Quiet", "Vocals", "nonsense")), max_size=3),
)
def test_promises_for_any_scores(scores: dict[str, float], profile: str, top: int | None, present: list[str]) -> None:
    settings = Settings(profile=profile, top=top)  # type: ignore[arg-type]
    tags = judged(scores, settings, tuple(present))
    chosen = suggested(tags.values())
    vocabulary = Vocabulary()
    assert len(tags) == 9  # each tag once, whatever became of it
    assert all(tag.probability >= tag.threshold for tag in chosen)
    assert top is None or len(chosen) <= top
    for tag in chosen:
        assert not any(vocabulary.exclude_each_other(tag.tag, other.tag) for other in chosen)
        assert not any(vocabulary.exclude_each_other(tag.tag, word) for word in present)
