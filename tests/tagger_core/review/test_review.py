"""Decisions: what each command does, how it is told, and that it can be taken back."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagger_core.domain import Category, FileStamp, Track, TrackFailure
from tagger_core.errors import SettingsError
from tagger_core.review import Change, ChangeKind, Decision, Group, Reason, Review, Rewritten, TrackName
from tagger_core.settings import Settings
from tagger_core.tag_fields import Field
from tests.small_models import card, label
from tests.tagger_core.review.libraries import heard, review_of, rows, small_card, ticked_names, track

SURE, NEAR, BELOW = 0.9, 0.51, 0.45


def groups(review: Review) -> list[Group]:
    return [Group(group) for group in review.groups]


# Groups


def test_groups_of_undecided_tracks() -> None:
    review = review_of({"Rock": SURE}, {"Rock": NEAR}, {"Rock": SURE, "Pop": NEAR}, {"Rock": BELOW}, {"Beat": SURE})
    review.add([track(9)])
    assert groups(review) == [Group.READY, Group.UNSURE, Group.READY, Group.SILENT, Group.SILENT, Group.WAITING]
    assert review.counts()[Group.READY] == 2
    assert sum(review.counts().values()) == len(review)


def test_what_the_file_says_already_is_neither_doubt_nor_work() -> None:
    review = review_of({"Rock": NEAR, "Jazz": SURE}, {"Rock": SURE})
    review.hear([heard(review, 0, {"Rock": NEAR, "Jazz": SURE}, {Field.GENRE: ("rock",)})])
    review.hear([heard(review, 1, {"Rock": SURE}, {Field.GENRE: ("Rock",)})])
    assert groups(review) == [Group.READY, Group.SILENT]
    (rock,) = [tag for tag in review.tags_of(0) if tag.name == "Rock"]
    assert (rock.ticked, rock.new, rock.reason, rock.note) == (True, False, Reason.IN_FILE, "the file says it already")
    assert review.pending() == (1, 1)


def test_what_strict_thresholds_would_suggest_is_sure_whatever_the_thresholds_are() -> None:
    review = review_of({"Rock": 0.75, "Pop": 0.6, "Jazz": 0.4})
    assert [tag.sure for tag in review.chips_of(0, 2)] == [True, False]
    assert review.group(0) is Group.READY
    review.set_profile("generous")  # one of three is sure
    assert review.group(0) is Group.UNSURE
    review.set_profile("strict")
    assert review.group(0) is Group.READY
    review.set_threshold(review.column("Pop"), 0.55)
    review.set_threshold(review.column("Jazz"), 0.35)
    assert review.group(0) is Group.UNSURE


def test_a_hand_makes_sure() -> None:
    review = review_of({"Rock": NEAR})
    review.accept_tag(rows(0), "Rock")
    assert review.group(0) is Group.READY
    review.undo()
    assert review.group(0) is Group.UNSURE


def test_a_file_that_cannot_be_written_is_shown_but_not_counted() -> None:
    review = review_of({"Rock": SURE})
    review.hear([heard(review, 0, {"Rock": SURE}, unwritable="Earmark cannot write mka files")])
    assert review.group(0) is Group.READY
    assert review.problem(0) == "Earmark cannot write mka files"
    assert review.pending() == (0, 0)
    assert review.accept_ready(rows(0)).tracks == 0


# Commands


def test_accepting_is_told_with_exact_numbers_and_counted_alike_everywhere() -> None:
    review = review_of({"Rock": SURE, "Loud": SURE}, {"Rock": SURE}, {"Rock": NEAR}, {"Rock": BELOW})
    assert review.pending() == (3, 2)
    change = review.accept_ready(np.arange(4))
    assert change == Change(ChangeKind.ACCEPT_READY, tags=3, tracks=2)
    assert change.rows.tolist() == [0, 1]
    assert review.accepted() == (3, 2)
    assert review.pending() == (0, 0)
    assert review.accept(rows(2)) == Change(ChangeKind.ACCEPT, tags=1, tracks=1)
    assert review.accept(rows(3)) == Change(ChangeKind.ACCEPT, tags=0, tracks=1)
    assert groups(review) == [Group.ACCEPTED] * 4
    assert review.accepted() == (4, 3)


@pytest.mark.parametrize(
    ("command", "told", "group"),
    [
        (lambda review: review.reject(rows(0)), Change(ChangeKind.REJECT, tracks=1), Group.SET_ASIDE),
        (lambda review: review.skip(rows(0, 1)), Change(ChangeKind.SKIP, tracks=2), Group.SET_ASIDE),
        (lambda review: review.toggle(rows(0), "Rock"), Change(ChangeKind.UNTICK, tracks=1, tag="Rock"), Group.SILENT),
        (lambda review: review.toggle(rows(0, 1), "Rock"), Change(ChangeKind.TICK, tracks=1, tag="Rock"), Group.READY),
        (
            lambda review: review.accept_tag(rows(0, 1), "Jazz"),
            Change(ChangeKind.ACCEPT_TAG, tracks=2, tag="Jazz"),
            Group.READY,
        ),
        (
            lambda review: review.reject_tag(rows(0), "Rock"),
            Change(ChangeKind.REJECT_TAG, tracks=1, tag="Rock"),
            Group.SILENT,
        ),
        (
            lambda review: review.accept_above(review.column("Rock"), 0.4, rows(0, 1, 2)),
            Change(ChangeKind.ACCEPT_TAG, tracks=2, tag="Rock"),
            None,
        ),
        (
            lambda review: review.add_tag(rows(0), " Zither ", Category.INSTRUMENT),
            Change(ChangeKind.ADD_TAG, tracks=1, tag="Zither"),
            Group.READY,
        ),
        (
            lambda review: review.add_tag(rows(1), "JAZZ", Category.MOOD),
            Change(ChangeKind.ADD_TAG, tracks=1, tag="Jazz"),
            None,
        ),
        (
            lambda review: review.set_threshold(review.column("Rock"), 0.95),
            Change(ChangeKind.THRESHOLD, tag="Rock", value=0.95),
            Group.SILENT,
        ),
        (
            lambda review: review.set_threshold(None, 0.95),
            Change(ChangeKind.THRESHOLD_OF_ALL, value=0.95),
            Group.SILENT,
        ),
        (lambda review: review.set_profile("generous"), Change(ChangeKind.PROFILE, tag="generous"), Group.READY),
    ],
)
def test_each_command_is_told_exactly_and_can_be_taken_back(
    command: Callable[[Review], Change], told: Change, group: Group | None
) -> None:
    review = review_of({"Rock": SURE}, {"Rock": BELOW}, {})
    before = look(review)
    assert command(review) == review.next_undo == told
    assert group is None or review.group(0) is group
    after = look(review)
    assert after != before
    assert review.undo() == told
    assert look(review) == before
    assert (review.next_undo, review.next_redo) == (None, told)
    review.redo()
    assert look(review) == after


def test_what_changes_nothing_is_no_step() -> None:
    review = review_of({"Rock": SURE})
    nothing = [
        review.accept(rows()),
        review.reopen(rows(0)),
        review.toggle(rows(0), "no such tag"),
        review.set_threshold(review.column("Rock"), None),
        review.set_profile("balanced"),
        review.accept_above(review.column("Rock"), 0.95, rows(0)),
    ]
    assert [change.rows.size for change in nothing] == [0] * len(nothing)
    assert review.undo() is None
    assert review.redo() is None


def test_only_what_was_heard_is_ticked_or_accepted() -> None:
    review = review_of({"Rock": SURE})
    review.add([track(1)])
    assert review.accept(rows(0, 1)).tracks == 1
    assert review.toggle(rows(1), "Rock").tracks == 0
    assert review.reject(rows(1)).tracks == 1
    assert review.group(1) is Group.SET_ASIDE


def test_accepting_freezes_the_ticks() -> None:
    review = review_of({"Rock": SURE, "Pop": 0.6})
    review.accept(rows(0))
    review.set_threshold(None, 0.8)
    assert ticked_names(review, 0) == ["Rock", "Pop"]
    review.toggle(rows(0), "Pop")
    assert ticked_names(review, 0) == ["Rock"]
    assert review.group(0) is Group.ACCEPTED
    review.toggle(rows(0), "Pop")
    review.reopen(rows(0))
    assert ticked_names(review, 0) == ["Rock", "Pop"]  # the hand has said so
    review.undo()
    review.undo()
    review.undo()
    assert ticked_names(review, 0) == ["Rock", "Pop"]
    review.undo()  # the threshold
    review.undo()  # the accepting
    review.set_threshold(None, 0.8)
    assert ticked_names(review, 0) == ["Rock"]


def test_a_reopened_track_that_is_accepted_again_by_undo_has_its_old_ticks() -> None:
    review = review_of({"Rock": SURE, "Pop": 0.6})
    review.accept(rows(0))
    review.set_threshold(None, 0.8)
    review.reopen(rows(0))
    assert ticked_names(review, 0) == ["Rock"]
    review.undo()
    assert ticked_names(review, 0) == ["Rock", "Pop"]


def test_a_dragged_threshold_is_one_step() -> None:
    review = review_of({"Rock": SURE})
    rock, pop = review.column("Rock"), review.column("Pop")
    for value in (0.6, 0.7, 0.8):
        review.set_threshold(rock, value)
    review.set_threshold(pop, 0.4)
    review.set_threshold(rock, 0.3)
    assert review.next_undo == Change(ChangeKind.THRESHOLD, tag="Rock", value=0.3)
    review.undo()
    assert review.next_undo == Change(ChangeKind.THRESHOLD, tag="Pop", value=0.4)
    review.undo()
    assert review.next_undo == Change(ChangeKind.THRESHOLD, tag="Rock", value=0.8)
    review.set_threshold(rock, 0.9)  # after an undo, a new drag
    review.undo()
    assert float(review.thresholds[rock]) == pytest.approx(0.8)
    review.undo()
    assert float(review.thresholds[rock]) == pytest.approx(0.5)
    assert review.next_undo is None


def test_thresholds_of_ones_own_are_stronger_and_go_back_to_the_profile() -> None:
    review = review_of({"Vocals": 0.6}, settings=Settings(thresholds={"singing": 0.2}))
    vocals = review.column("Vocals")
    review.set_threshold(None, 0.9)
    assert float(review.thresholds[vocals]) == pytest.approx(0.2)
    review.set_threshold(vocals, 0.3)
    assert review.settings.thresholds == {"Vocals": 0.3}
    review.set_threshold(vocals, None)
    assert float(review.thresholds[vocals]) == pytest.approx(0.9)
    review.set_threshold(vocals, 0.3)
    assert review.set_threshold(None, None).kind is ChangeKind.THRESHOLDS_RESET
    assert float(review.thresholds[vocals]) == pytest.approx(0.5)
    with pytest.raises(SettingsError):
        review.set_threshold(vocals, 1.5)


def test_a_threshold_moves_others_in_and_out_where_only_the_first_are_wanted() -> None:
    review = review_of({"Rock": 0.9, "Pop": 0.8, "Jazz": 0.7}, settings=Settings(top=2))
    review.set_threshold(review.column("Rock"), 0.95)
    assert ticked_names(review, 0) == ["Pop", "Jazz"]
    review.set_threshold(review.column("Rock"), 0.85)
    assert ticked_names(review, 0) == ["Pop", "Jazz"]  # by a margin that is smaller now
    review.set_threshold(review.column("Jazz"), 0.69)
    assert ticked_names(review, 0) == ["Pop", "Rock"]


def test_a_threshold_move_names_the_rows_that_look_different() -> None:
    review = review_of({"Rock": 0.8}, {"Rock": 0.6}, {"Rock": 0.45}, {"Rock": 0.1}, {"Pop": 0.9})
    change = review.set_threshold(review.column("Rock"), 0.7)
    assert change.rows.tolist() == [0, 1, 2]


def test_tags_that_no_model_knows() -> None:
    review = review_of({"Rock": SURE}, {})
    review.hear([heard(review, 1, {}, {Field.INSTRUMENTS: ("zither",)})])
    review.add_tag(rows(0, 1), "Zither", Category.INSTRUMENT)
    assert ticked_names(review, 0) == ["Rock", "Zither"]
    assert [chip.name for chip in review.chips_of(0, 5)] == ["Rock", "Zither"]
    assert review.accept(rows(0, 1)).tags == 2  # one of the files says zither already
    assert review.accepted() == (2, 1)
    review.toggle(rows(0), "Zither")
    assert review.accepted() == (1, 1)
    assert [tag.name for tag in review.tags_of(0) if tag.by_hand] == ["Zither"]
    review.undo()
    assert review.accepted() == (2, 1)


# What happens to files


def test_a_failure_is_told_and_can_be_retried() -> None:
    review = review_of({"Rock": SURE})
    review.add([track(1)])
    review.fail([TrackFailure(track(1), "not audio")])
    assert (review.group(1), review.problem(1)) == (Group.FAILED, "not audio")
    assert review.retry(rows(0, 1)).rows.tolist() == [1]
    assert (review.group(1), review.problem(1)) == (Group.WAITING, "")
    review.hear([heard(review, 1, {"Rock": SURE})])
    assert review.group(1) is Group.READY


def test_written_tracks_and_undoing_what_was_written() -> None:
    review = review_of({"Rock": SURE}, {"Rock": SURE})
    review.accept(rows(0, 1))
    review.mark_written([Rewritten(Track(track(0).path, FileStamp(5, 5, 5, 5)), {Field.GENRE: ("Rock",)})])
    review.write_failed(track(1).path, "the disk is full")
    assert groups(review) == [Group.WRITTEN, Group.FAILED]
    assert review.problem(1) == "the disk is full"
    assert review.accepted() == (0, 0)
    assert review.present(0) == {Field.GENRE: ("Rock",)}
    assert review.track(0).stamp == FileStamp(5, 5, 5, 5)
    review.retry(rows(1))
    assert groups(review) == [Group.WRITTEN, Group.ACCEPTED]
    review.undo()  # of the accepting: the file is written, and stays so
    assert groups(review) == [Group.WRITTEN, Group.READY]
    review.mark_unwritten([Rewritten(track(0), {})])
    assert groups(review) == [Group.ACCEPTED, Group.READY]
    assert review.accepted() == (1, 1)


def test_ticking_in_a_written_track_makes_something_to_write_again() -> None:
    review = review_of({"Rock": SURE})
    review.accept(rows(0))
    review.mark_written([Rewritten(track(0), {Field.GENRE: ("Rock",)})])
    review.accept_tag(rows(0), "Jazz")
    assert review.group(0) is Group.ACCEPTED
    assert review.accepted() == (1, 1)
    review.undo()
    assert review.group(0) is Group.WRITTEN


def test_a_new_analysis_keeps_the_decision_but_other_music_does_not() -> None:
    review = review_of({"Rock": SURE}, {"Rock": SURE})
    review.accept(rows(0, 1))
    review.hear([heard(review, 0, {"Pop": SURE}), heard(review, 1, {"Pop": SURE}, audio=b"other music")])
    assert groups(review) == [Group.ACCEPTED, Group.READY]
    assert ticked_names(review, 0) == ["Rock"]
    assert ticked_names(review, 1) == ["Pop"]


def test_records_carry_everything_to_another_review() -> None:
    review = review_of({"Rock": SURE, "Pop": SURE}, {"Rock": SURE}, {"Rock": SURE}, {"Rock": SURE}, {"Rock": SURE})
    review.toggle(rows(0), "Pop")
    review.accept(rows(0))
    review.reject(rows(1))
    review.add_tag(rows(2), "Zither", Category.INSTRUMENT)
    review.skip(rows(4))
    records = list(review.records(np.arange(5)))
    assert [record.is_blank for record in records] == [False, False, False, True, False]
    assert records[0].decision is Decision.ACCEPTED

    again = Review([small_card()], Settings())
    touched = Track(track(1).path, FileStamp(9, 9, 9, 9))
    again.add([track(0), touched, track(2), track(3), Track(track(4).path, FileStamp(9, 9, 9, 9))])
    assert again.restore(records).tolist() == [0, 2, 3]
    assert groups(again) == [Group.ACCEPTED, *[Group.WAITING] * 4]
    again.hear([heard(again, number, {"Rock": SURE, "Pop": SURE}) for number in range(4)])
    again.hear([heard(again, 4, {"Rock": SURE}, audio=b"other music")])
    assert groups(again) == [Group.ACCEPTED, Group.SET_ASIDE, Group.READY, Group.READY, Group.READY]
    assert ticked_names(again, 0) == ["Rock"]
    assert "Zither" in ticked_names(again, 2)
    assert list(again.records(np.arange(3)))[2].added == records[2].added


def test_a_frozen_tag_that_the_models_have_forgotten_is_still_written() -> None:
    review = review_of({"Rock": SURE, "Jazz": SURE})
    review.accept(rows(0))

    other = Review([card([label("rock")])], Settings())
    other.add([track(0)])
    other.restore(review.records(rows(0)))
    assert sorted(tag.name for tag in other.written_tags(0)) == ["Jazz", "Rock"]


def test_a_changed_mode_is_another_count() -> None:
    review = review_of({"Rock": SURE})
    review.hear([heard(review, 0, {"Rock": SURE}, {Field.GENRE: ("Polka",)})])
    assert review.pending() == (1, 1)
    review.change_settings(review.settings.overridden(mode="fill"))
    assert review.pending() == (0, 0)
    with pytest.raises(ValueError, match="vocabulary"):
        review.change_settings(Settings(tags={"Polka": {"category": "genre"}}))  # type: ignore[dict-item]


def test_adding_a_known_path_again_only_looks_at_its_stamp() -> None:
    review = review_of({"Rock": SURE})
    assert len(review.add([Track(track(0).path, FileStamp(7, 7, 7, 7)), track(5), track(5)])) == 1
    assert len(review) == 2
    assert review.track(0).stamp.size == 7
    assert review.row_of(track(5).path) == 1
    assert review.row_of(Path("/elsewhere")) is None


# Finding


def test_finding_and_ordering() -> None:
    review = review_of({"Rock": 0.6}, {"Rock": 0.9, "Loud": 0.9}, {"Jazz": 0.9})
    review.add([track(3)])
    names = [TrackName("Émile", "Bee", "A"), TrackName("alpha", "ant", "B"), TrackName("Beta", "", "")]
    assert review.name_tracks(list(enumerate(names))).tolist() == [0, 1, 2]
    everything = np.arange(4)
    assert review.find(None, None, "ÉMILE bee").tolist() == [0]
    assert review.find(None, None, "emi").tolist() == [0]
    assert review.find(None, None, "000003").tolist() == [3]
    assert review.find(Group.WAITING, None, "").tolist() == [3]
    assert review.find(None, review.column("Rock"), "").tolist() == [0, 1]
    assert review.order(everything, "title", descending=False).tolist() == [3, 1, 2, 0]  # 000003, alpha, Beta, Émile
    assert review.order(everything, "artist", descending=False).tolist() == [2, 3, 1, 0]
    assert review.order(everything, "path", descending=True).tolist() == [3, 2, 1, 0]
    assert review.order(everything, "tag:Rock", descending=True).tolist() == [1, 0, 2, 3]
    assert review.order(everything, "suggested", descending=True).tolist() == [1, 0, 2, 3]
    assert review.order(everything, "confidence", descending=False).tolist() == [0, 1, 2, 3]
    assert review.order(everything, "state", descending=False).tolist() == [3, 1, 2, 0]


def test_counts_and_neighbours() -> None:
    review = review_of({"Rock": 0.9}, {"Rock": 0.89}, {"Rock": 0.2, "Jazz": 0.9}, {"Rock": 0.51})
    rock = review.column("Rock")
    assert review.ticked_counts()[rock] == 3
    assert review.fires_on(rock) == pytest.approx(0.75)
    assert review.histogram(rock, 10).tolist() == [0, 0, 1, 0, 0, 1, 0, 0, 1, 1]
    assert review.similar(0, 1).tolist() == [1]
    assert review.similar(0, 99).tolist()[-1] == 2
    assert review.next_unsure(3, np.arange(4)) == 3
    assert review.next_unsure(0, np.array([3, 0, 1])) == 3
    assert review.next_unsure(0, np.array([0, 1, 2])) is None


# Undo in general


def look(review: Review) -> list[object]:
    """Everything that a person can see."""
    everything = np.arange(len(review))
    return [
        review.groups.tolist(),
        [[(tag.name, tag.ticked, tag.by_hand) for tag in review.tags_of(row)] for row in range(len(review))],
        review.thresholds.tolist(),
        list(review.records(everything)),
        review.pending(),
        review.accepted(),
        review.settings,
    ]


TAGS = ("Rock", "Pop", "Vocals", "Instrumental", "Loud", "Quiet", "Zither")
some_rows = st.lists(st.integers(0, 5), min_size=1, max_size=6, unique=True).map(lambda numbers: rows(*sorted(numbers)))
commands = st.one_of(
    st.tuples(st.sampled_from(("accept", "reject", "skip", "reopen", "accept_ready")), some_rows),
    st.tuples(st.sampled_from(("toggle", "accept_tag", "reject_tag")), some_rows, st.sampled_from(TAGS)),
    st.tuples(st.just("add_tag"), some_rows, st.sampled_from(TAGS), st.just(Category.INSTRUMENT)),
    st.tuples(
        st.just("set_threshold"),
        st.one_of(st.none(), st.integers(0, 9)),
        st.one_of(st.none(), st.sampled_from((0.1, 0.4, 0.6, 0.9))),
    ),
    st.tuples(st.just("set_profile"), st.sampled_from(("strict", "balanced", "generous"))),
    st.tuples(st.just("accept_above"), st.integers(0, 9), st.sampled_from((0.2, 0.6)), some_rows),
)
tracks = st.lists(
    st.dictionaries(st.sampled_from(TAGS[:-1]), st.sampled_from((0.2, 0.45, 0.52, 0.6, 0.9))), min_size=6, max_size=6
)


@settings(max_examples=60, deadline=None)
@given(tracks, st.lists(commands, max_size=12))
def test_undo_goes_all_the_way_back_and_redo_all_the_way_on(
    probabilities: list[dict[str, float]], script: list[tuple[object, ...]]
) -> None:
    review = review_of(*probabilities)
    seen = [look(review)]
    for name, *arguments in script:
        getattr(review, str(name))(*arguments)
        if review.next_undo and seen[-1] != look(review):
            seen.append(look(review))
    final = look(review)
    while review.undo():
        assert look(review) in seen
    assert look(review) == seen[0]
    while review.redo():
        assert look(review) in seen
    assert look(review) == final


@settings(max_examples=60, deadline=None)
@given(tracks, st.lists(commands, max_size=8))
def test_counts_are_those_of_a_plain_count(
    probabilities: list[dict[str, float]], script: list[tuple[object, ...]]
) -> None:
    review = review_of(*probabilities)
    for name, *arguments in script:
        getattr(review, str(name))(*arguments)
    for group, counted in ((Group.READY, review.pending()), (Group.ACCEPTED, review.accepted())):
        numbers = [
            sum(tag.ticked and tag.new for tag in review.tags_of(row))
            for row in range(len(review))
            if review.group(row) is group
        ]
        assert counted == (sum(numbers), sum(number > 0 for number in numbers))
    for row in range(len(review)):
        fresh = [tag for tag in review.tags_of(row) if tag.ticked and tag.new]
        if review.group(row) in (Group.READY, Group.UNSURE, Group.SILENT):
            sure = 2 * sum(tag.sure for tag in fresh) >= len(fresh)
            expected = Group.SILENT if not fresh else Group.READY if sure else Group.UNSURE
            assert review.group(row) is expected
