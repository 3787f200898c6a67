"""Where tags and tracks lie."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger_core.domain import Category
from tagger_core.errors import ModelError
from tagger_core.model_card import ModelFolder, shipped_models
from tagger_core.settings import Settings
from tagger_core.tag_map import (
    SPREAD,
    inside,
    load_tag_map,
    place_tags,
    place_tracks,
    shipped_tag_map,
)
from tagger_core.vocabulary import Tag, Vocabulary, key_of

GENRES = [Tag("Rock", Category.GENRE), Tag("Jazz", Category.GENRE), Tag("Zeuhl", Category.GENRE)]
KNOWN = {"rock": (-0.5, 0.0), "jazz": (0.5, 0.2)}
THRESHOLDS = np.array([0.5, 0.2, 0.1], np.float32)


def test_the_shipped_map_knows_every_tag_of_the_shipped_models() -> None:
    cards = [ModelFolder.load(shipped_models() / name).card for name in Settings().models]
    vocabulary = Vocabulary(cards)
    tags = {tag.name for card in cards for label in card.label_names if (tag := vocabulary.tag_of(label))}
    assert {key_of(name) for name in tags} <= set(shipped_tag_map())


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b'{"format": 2, "tags": []}', b'{"format": 1, "tags": [{"name": "Rock", "x": 7, "y": 0}]}', b"\xff"],
)
def test_what_is_no_map_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "tagmap.json"
    path.write_bytes(content)
    with pytest.raises(ModelError, match="is not a map of tags"):
        load_tag_map(path)


def test_a_map_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        load_tag_map(tmp_path / "tagmap.json")


def test_an_unknown_tag_lies_among_those_of_its_category() -> None:
    places = place_tags(GENRES, KNOWN)
    assert places[:2].tolist() == [[-0.5, 0.0], pytest.approx([0.5, 0.2])]
    assert np.linalg.norm(places[2] - [0.0, 0.1]) < 0.1


def test_tags_are_found_on_the_map_however_they_are_spelt() -> None:
    assert place_tags([Tag("ROCK", Category.GENRE)], KNOWN).tolist() == [[-0.5, 0.0]]


def test_without_a_map_the_tags_form_a_circle_by_category() -> None:
    tags = [Tag(f"{category} {number}", category) for number in range(4) for category in Category]
    places = place_tags(tags, {})
    assert np.linalg.norm(places, axis=1) == pytest.approx(np.full(len(tags), 0.9), abs=1e-6)
    assert len(np.unique(places.round(5), axis=0)) == len(tags)
    steps = 2 * np.pi / len(tags)
    for category in Category:  # the four of a category are neighbours
        of_category = places[[index for index, tag in enumerate(tags) if tag.category is category]]
        assert np.linalg.norm(of_category - of_category.mean(axis=0), axis=1).max() < 2 * steps


def test_unknown_tags_do_not_cover_each_other() -> None:
    tags = [*GENRES[:2], *(Tag(f"new {number}", Category.GENRE) for number in range(200))]
    places = place_tags(tags, KNOWN)
    assert len(np.unique(places, axis=0)) == len(tags)
    assert np.abs(places).max() <= 1


def test_a_track_with_one_clear_tag_lies_at_that_tag() -> None:
    places = place_tags(GENRES, KNOWN)
    heard = np.array([[0.99, 0.0, 0.0]], np.float32)
    assert place_tracks(np.array([0]), heard, THRESHOLDS, places)[0] == pytest.approx([-0.5, 0.0], abs=SPREAD + 1e-5)


def test_what_counts_is_the_distance_from_the_threshold_not_the_probability() -> None:
    places = place_tags(GENRES, KNOWN)
    heard = np.array([[0.5, 0.45, 0.05]], np.float32)
    place = place_tracks(np.array([0]), heard, THRESHOLDS, places)[0]
    assert np.linalg.norm(place - places[1]) < np.linalg.norm(place - places[0])


def test_equal_tracks_lie_beside_each_other() -> None:
    places = place_tags(GENRES, KNOWN)
    heard = np.tile(np.array([[0.6, 0.3, 0.0]], np.float32), (500, 1))
    found = place_tracks(np.arange(500), heard, THRESHOLDS, places)
    assert len(np.unique(found, axis=0)) == 500
    assert np.linalg.norm(found - found.mean(axis=0), axis=1).max() < 1.1 * SPREAD


def test_a_track_stays_where_it_is_whatever_else_is_placed() -> None:
    heard = np.random.default_rng(0).random((40_000, 3), np.float32)
    places = place_tags(GENRES, KNOWN)
    together = place_tracks(np.arange(40_000), heard, THRESHOLDS, places)
    rows = np.array([3, 39_999])
    assert place_tracks(rows, heard, THRESHOLDS, places).tolist() == together[rows].tolist()


def test_a_track_that_was_not_heard_has_no_place() -> None:
    heard = np.full((1, 3), np.nan, np.float32)
    assert np.isnan(place_tracks(np.array([0]), heard, THRESHOLDS, place_tags(GENRES, KNOWN))).all()


def test_no_tags_and_no_tracks_are_no_error() -> None:
    nothing = np.empty((0, 0), np.float32)
    assert place_tags([], KNOWN).shape == (0, 2)
    assert place_tracks(np.empty(0, np.intp), nothing, np.empty(0, np.float32), np.empty((0, 2), np.float32)).size == 0
    one = place_tracks(np.array([0]), np.empty((1, 0), np.float32), np.empty(0, np.float32), nothing)
    assert np.isnan(one).all()


@given(
    st.lists(st.floats(0, 6.25, width=32), min_size=3, max_size=9, unique=True),
    st.lists(st.tuples(st.floats(-1, 1, width=32), st.floats(-1, 1, width=32)), min_size=1, max_size=30),
)
def test_inside_is_left_of_all_edges(angles: list[float], points: list[tuple[float, float]]) -> None:
    corners = np.array([(np.cos(angle), np.sin(angle)) for angle in sorted(angles)], np.float64)
    tried = np.array(points, np.float64)
    edges = np.roll(corners, -1, axis=0) - corners
    offsets = tried[:, None] - corners[None]
    sides = edges[None, :, 0] * offsets[..., 1] - edges[None, :, 1] * offsets[..., 0]
    clear = np.abs(sides).min(axis=1) > 1e-6  # a point on an edge may fall on either side
    found = inside(corners.astype(np.float32), tried.astype(np.float32))
    assert found[clear].tolist() == (sides > 0).all(axis=1)[clear].tolist()


def test_a_lasso_may_be_concave_and_points_without_a_place_are_outside() -> None:
    arrow = np.array([(-1, -1), (0, -0.2), (1, -1), (0, 1)], np.float32)
    points = np.array([(0, 0), (0, -0.5), (np.nan, np.nan), (0.6, -0.6)], np.float32)
    assert inside(arrow, points).tolist() == [True, False, False, True]


def test_a_line_is_no_lasso() -> None:
    assert not inside(np.array([(0, 0), (1, 1)], np.float32), np.zeros((3, 2), np.float32)).any()
