"""The vectorised rules: exactly what ``Suggester`` says."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagger_core.domain import FileStamp, Track
from tagger_core.review import Heard, Review, TrackName
from tagger_core.settings import Settings
from tagger_core.suggestions import Suggester, suggested
from tagger_core.tag_fields import Field
from tagger_core.vocabulary import Vocabulary
from tagger_core.write_plan import staying_values
from tests.tagger_core.review.libraries import shipped_cards, track

CARDS = shipped_cards()
TAGS = [tag.name for tag in Suggester(CARDS, Settings(), Vocabulary(CARDS)).tags]

names = st.sampled_from((*TAGS, "singing", "no voice", "hip hop"))
levels = st.one_of(st.floats(0, 1), st.sampled_from((0.0, 0.3, 0.5, 0.62, 0.7, 1.0)))
choices = st.fixed_dictionaries(
    {},
    optional={
        "profile": st.sampled_from(("strict", "balanced", "generous")),
        "threshold": st.one_of(st.none(), levels),
        "thresholds": st.dictionaries(names, levels, max_size=6),
        "top": st.one_of(st.none(), st.integers(1, 6)),
        "only": st.lists(names, max_size=20).map(tuple),
        "except_tags": st.lists(names, max_size=6).map(tuple),
        "mode": st.sampled_from(("merge", "replace", "fill")),
        "protected": st.sampled_from(((), ("Instrumental",))),
        "exclusive": st.just(({"tags": ("Rock", "Pop")}, {"tags": ("Pop", "Jazz")}, {"tags": ("Jazz", "Classical")})),
    },
)
files = st.lists(
    st.dictionaries(
        st.sampled_from((Field.GENRE, Field.MOOD, Field.VOCALS, Field.COMMENT)),
        st.lists(
            st.sampled_from(("Opera", "instrumental", "Loud", "Rock;Slow", "whatever")), min_size=1, max_size=3
        ).map(tuple),
    ),
    min_size=1,
    max_size=6,
)


def scores_of(seed: int, near: float, count: int, thresholds: np.ndarray) -> list[list[dict[str, float]]]:
    """For each track and card the scores: some anywhere, some close to where tags are decided, some equal."""
    random = np.random.default_rng(seed)
    label_thresholds = [[label.threshold("balanced") for label in card.labels] for card in CARDS]
    tracks = []
    for _ in range(count):
        heard = []
        for card, own in zip(CARDS, label_thresholds, strict=True):
            close = np.clip(np.array(own) * random.choice([1, 0.5, near, 2], len(own)), 0, 1)
            values = np.where(random.random(len(own)) < 0.6, close, random.random(len(own))).astype(np.float32)
            heard.append(dict(zip(card.label_names, values.tolist(), strict=True)))
        tracks.append(heard)
    return tracks


@settings(deadline=None)
@given(choices, choices, files, st.integers(0, 2**32), st.sampled_from((1.0, 1.1, 1.5)))
def test_ticked_is_what_the_suggester_suggests(
    first: dict[str, Any], then: dict[str, Any], present: list[dict[Field, tuple[str, ...]]], seed: int, near: float
) -> None:
    """For any scores, files and settings, from the beginning and after changing from other settings."""
    exclusive = then.pop("exclusive", ())
    first = {**first, "exclusive": exclusive}
    chosen = Settings().overridden(**{**then, "exclusive": exclusive})
    vocabulary = Vocabulary(CARDS, chosen.vocabulary)
    suggester = Suggester(CARDS, chosen, vocabulary)
    scores = scores_of(seed, near, len(present), suggester.thresholds)

    fresh, changed = Review(CARDS, chosen), Review(CARDS, Settings().overridden(**first))
    for review in (fresh, changed):
        review.add([track(number) for number in range(len(present))])
        review.hear(
            [
                Heard(track(number), bytes(32), suggester.probabilities(heard), 1.0, TrackName(), fields)
                for number, (heard, fields) in enumerate(zip(scores, present, strict=True))
            ]
        )
    changed.change_settings(chosen)

    for row, (heard, fields) in enumerate(zip(scores, present, strict=True)):
        expected = [tag.tag for tag in suggested(suggester.suggest(heard, staying_values(fields, chosen)))]
        for review in (fresh, changed):
            assert [tag.name for tag in review.written_tags(row)] == expected
            assert {TAGS[column] for column in np.flatnonzero(review.ticked[row])} == set(expected)
            limit = len(expected)
            assert [chip.name for chip in review.chips_of(row, limit)] == expected
    assert fresh.groups.tolist() == changed.groups.tolist()
    assert fresh.pending() == changed.pending()


@pytest.mark.parametrize("value", [0.0, 0.1, 0.3, 0.62, 0.7, 0.9, 1.0])
def test_a_tag_whose_probability_is_the_threshold_is_ticked(value: float) -> None:
    review = Review(CARDS, Settings(except_tags=tuple(name for name in TAGS if name != "Rock")))
    review.add([Track(track(0).path, FileStamp(1, 2, 3, 4))])
    probabilities = np.full(len(TAGS), value, np.float32)
    review.hear([Heard(track(0), bytes(32), probabilities, 1.0, TrackName(), {})])
    review.set_threshold(review.column("Rock"), value)
    assert [tag.name for tag in review.written_tags(0)] == ["Rock"]
