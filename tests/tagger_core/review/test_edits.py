"""What the review says would change in a file is what is planned for it once it is accepted."""

import numpy as np
import pytest

from tagger_core.domain import Category, TagEdit
from tagger_core.review import Review
from tagger_core.settings import Settings
from tagger_core.tag_fields import Field
from tagger_core.write_plan import plan_file
from tests.tagger_core.review.libraries import heard, review_of, rows, small_card, track

LOUD_ROCK = {"Rock": 0.9, "Loud": 0.95, "Beat": 0.9}


def review_with(
    present: dict[Field, tuple[str, ...]], settings: Settings | None = None, unwritable: str = ""
) -> Review:
    review = Review([small_card()], settings or Settings())
    review.add([track(0)])
    review.hear([heard(review, 0, LOUD_ROCK, present=present, unwritable=unwritable)])
    return review


def test_old_and_new_values_of_each_field_that_would_change() -> None:
    review = review_with({Field.GENRE: ("Pop",), Field.COMMENT: ("mine",)})
    assert review.edits_of(0) == (TagEdit("GENRE", ("Pop",), ("Pop", "Rock")), TagEdit("MOOD", (), ("Loud",)))


def test_modes_are_respected_and_what_the_file_says_already_is_no_edit() -> None:
    replacing = review_with({Field.GENRE: ("Pop",)}, Settings(mode="replace"))
    assert replacing.edits_of(0)[0] == TagEdit("GENRE", ("Pop",), ("Rock",))
    assert review_with({Field.GENRE: ("rock",), Field.MOOD: ("Loud",)}).edits_of(0) == ()


def test_it_follows_what_is_ticked_and_added() -> None:
    review = review_of(LOUD_ROCK)
    review.toggle(rows(0), "Loud")
    review.add_tag(rows(0), "Wistful", Category.MOOD)
    assert review.edits_of(0) == (TagEdit("GENRE", (), ("Rock",)), TagEdit("MOOD", (), ("Wistful",)))


@pytest.mark.parametrize("decision", ["reject", "skip"])
def test_nothing_changes_in_a_file_that_is_set_aside(decision: str) -> None:
    review = review_of(LOUD_ROCK)
    getattr(review, decision)(rows(0))
    assert review.edits_of(0) == ()
    review.reopen(rows(0))
    assert review.edits_of(0) != ()


def test_nor_in_one_that_cannot_be_written() -> None:
    assert review_with({}, unwritable="the file is read-only").edits_of(0) == ()


def test_the_edits_are_those_of_the_plan_that_is_written() -> None:
    generator = np.random.default_rng(3)
    for _ in range(20):
        review = review_of(
            {name: float(generator.uniform(0.2, 0.99)) for name in ("Rock", "Pop", "Jazz", "Loud", "Slow")}
        )
        review.accept(rows(0))
        (accepted,) = review.accepted_tracks()
        plan = plan_file(accepted.track, {}, accepted.tags, review.settings, review.vocabulary)
        assert review.edits_of(0) == plan.edits
