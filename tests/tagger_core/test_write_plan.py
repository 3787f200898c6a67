"""What would be written, as a pure difference."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger_core.domain import Category, FileStamp, TagEdit, Track
from tagger_core.settings import CustomPreset, Settings
from tagger_core.tag_fields import PRESETS, Field
from tagger_core.vocabulary import Tag, Vocabulary
from tagger_core.write_plan import FieldValues, plan_file, staying_values

TRACK = Track(Path("/music/a.mp3"), FileStamp(1, 2, 3, 4))


def tag(name: str, category: Category = Category.GENRE) -> Tag:
    return Tag(name, category)


def edits(present: FieldValues, tags: list[Tag], **settings: object) -> tuple[TagEdit, ...]:
    return plan_file(TRACK, present, tags, Settings(**settings), Vocabulary()).edits  # type: ignore[arg-type]


def test_each_category_goes_into_its_field() -> None:
    found = edits(
        {},
        [
            tag("Rock"),
            tag("Guitar", Category.INSTRUMENT),
            tag("Loud", Category.MOOD),
            tag("Fast", Category.TEMPO),
            tag("Vocals", Category.VOCALS),
            tag("80s", Category.ERA),
            tag("Beat", Category.OTHER),
        ],
    )
    assert found == (
        TagEdit("GENRE", (), ("Rock",)),
        TagEdit("MOOD", (), ("Loud", "Fast")),
        TagEdit("INSTRUMENTS", (), ("Guitar",)),
        TagEdit("VOCALS", (), ("Vocals",)),
    )


def test_merge_keeps_spelling_and_order_and_adds_what_is_missing() -> None:
    present = {Field.GENRE: ("wild west", "hip hop", "ROCK")}
    assert edits(present, [tag("Rock"), tag("Hip-Hop"), tag("Jazz")]) == (
        TagEdit("GENRE", ("wild west", "hip hop", "ROCK"), ("wild west", "hip hop", "ROCK", "Jazz")),
    )


def test_a_joined_value_says_its_parts_and_stays_whole() -> None:
    present = {Field.GENRE: ("Rock;Ballad", "R&B/Soul")}
    assert edits(present, [tag("Rock"), tag("Soul"), tag("R&B"), tag("Jazz")]) == (
        TagEdit("GENRE", ("Rock;Ballad", "R&B/Soul"), ("Rock;Ballad", "R&B/Soul", "Jazz")),
    )


def test_nothing_new_is_no_edit() -> None:
    assert edits({Field.GENRE: ("rock",)}, [tag("Rock")]) == ()
    assert edits({Field.GENRE: ("rock",)}, []) == ()


def test_replace_keeps_protected_values_and_what_is_suggested_again() -> None:
    present = {Field.GENRE: ("Other", "wild west", "rock"), Field.MOOD: ("Happy",)}
    assert edits(present, [tag("Jazz"), tag("Rock")], mode="replace", protected=("Wild West",)) == (
        TagEdit("GENRE", ("Other", "wild west", "rock"), ("wild west", "rock", "Jazz")),
    )


def test_fill_writes_only_where_nothing_is() -> None:
    present = {Field.GENRE: ("Pop",), Field.MOOD: ("  ",)}
    assert edits(present, [tag("Rock"), tag("Loud", Category.MOOD)], mode="fill") == (
        TagEdit("MOOD", ("  ",), ("  ", "Loud")),
    )


def test_modes_can_differ_by_field() -> None:
    present = {Field.GENRE: ("Pop",), Field.MOOD: ("Sad",)}
    tags = [tag("Rock"), tag("Loud", Category.MOOD)]
    assert edits(present, tags, mode="fill", modes={Field.GENRE: "replace"}) == (TagEdit("GENRE", ("Pop",), ("Rock",)),)


def test_genre_only_puts_everything_into_the_genre() -> None:
    tags = [tag("Rock"), tag("Guitar", Category.INSTRUMENT), tag("80s", Category.ERA)]
    assert edits({}, tags, preset="genre-only") == (TagEdit("GENRE", (), ("Rock", "Guitar", "80s")),)


def test_a_value_that_joins_a_protected_one_stays_whole() -> None:
    old = ("Folk; Wild West", "Folk", "wild")
    (found,) = edits({Field.GENRE: old}, [tag("Jazz")], mode="replace", protected=("wild west",))
    assert found.new == ("Folk; Wild West", "Jazz")
    settings = Settings(mode="replace", protected=("wild west",))
    assert staying_values({Field.GENRE: old}, settings)[0] == "Folk; Wild West"


def test_a_custom_preset_sends_categories_where_the_settings_say() -> None:
    custom = CustomPreset(fields={Category.ERA: "GROUPING", Category.OTHER: "GROUPING", Category.INSTRUMENT: ""})
    tags = [tag("Rock"), tag("Guitar", Category.INSTRUMENT), tag("80s", Category.ERA), tag("Beat", Category.OTHER)]
    assert edits({Field.GROUPING: ("Set A",)}, tags, preset="custom", custom=custom) == (
        TagEdit("GENRE", (), ("Rock",)),
        TagEdit("GROUPING", ("Set A",), ("Set A", "80s", "Beat")),
    )


@given(st.permutations(("Wild West", "Rock", "wild west", "Pop", "WILD  WEST")))
def test_protected_values_stay_in_their_place_and_spelling(old: list[str]) -> None:
    (found,) = edits({Field.GENRE: tuple(old)}, [tag("Jazz")], mode="replace", protected=("wild west",))
    assert found.new == (*(value for value in old if value.split()[0].lower() == "wild"), "Jazz")


@pytest.mark.parametrize(
    ("comment", "mode", "wanted"),
    [
        ((), "merge", ("[moods: Loud; Fast]",)),
        (("Great! [moods: Sad]",), "merge", ("Great! [moods: Loud; Fast]",)),
        (("Great!", "second"), "merge", ("Great! [moods: Loud; Fast]", "second")),
        (("[moods: Sad]",), "fill", ("[moods: Loud; Fast]",)),
        (("Great!",), "fill", None),
        (("x [moods: Loud; Fast]",), "merge", None),
    ],
)
def test_dj_comment(comment: tuple[str, ...], mode: str, wanted: tuple[str, ...] | None) -> None:
    tags = [tag("Loud", Category.MOOD), tag("Fast", Category.TEMPO)]
    found = [edit for edit in edits({Field.COMMENT: comment}, tags, preset="dj", mode=mode) if edit.field == "COMMENT"]
    assert [edit.new for edit in found] == ([] if wanted is None else [wanted])


def test_values_that_stay_are_those_that_no_mode_removes() -> None:
    present = {Field.GENRE: ("Pop", "Vocals"), Field.MOOD: ("Sad",), Field.COMMENT: ("Quiet",)}
    settings = Settings(mode="replace", modes={Field.MOOD: "merge"}, protected=("vocals",))
    assert staying_values(present, settings) == ["Vocals", "Sad"]


words = st.sampled_from(("Rock", "rock", "Hip hop", "Jazz", "wild west", "Sad", "Loud"))
tags_lists = st.lists(
    st.sampled_from((tag("Rock"), tag("Hip-Hop"), tag("Jazz"), tag("Loud", Category.MOOD))), unique=True
)
fields = st.dictionaries(st.sampled_from((Field.GENRE, Field.MOOD)), st.lists(words, unique=True).map(tuple))


@given(fields, tags_lists, st.sampled_from(("merge", "replace", "fill")), st.sampled_from(sorted(PRESETS)))
def test_a_plan_carried_out_leaves_nothing_to_do(
    present: dict[Field, tuple[str, ...]], tags: list[Tag], mode: str, preset: str
) -> None:
    first = edits(present, tags, mode=mode, preset=preset)
    after = present | {Field(edit.field): edit.new for edit in first}
    assert edits(after, tags, mode=mode, preset=preset) == ()


@given(fields, tags_lists, st.sampled_from(sorted(PRESETS)))
def test_merge_only_ever_appends(present: dict[Field, tuple[str, ...]], tags: list[Tag], preset: str) -> None:
    for edit in edits(present, tags, preset=preset):
        if edit.field != "COMMENT":
            assert edit.new[: len(edit.old)] == edit.old
