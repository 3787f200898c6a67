"""Where tags and tracks lie on the map: similar words near each other, each track among its own tags.

Conventions
-----------
Places are x to the right and y upwards, those of tags in [-1, 1]; arrays of places have the shape (n, 2), float32.
A track that was not heard has no place: nan.

The places of tags come from ``tagmap.json`` beside the shipped models (``earmark-train tagmap`` makes it from word
vectors). Tags that it does not know lie around the middle of their category's tags, or, where there are none, on a
circle by category.

Contents
--------
tags      ``shipped_tag_map``, ``load_tag_map``, ``place_tags``
tracks    ``place_tracks``
finding   ``inside``, ``nearest_tags``
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import numpy as np
import numpy.typing as npt

from tagger_core.domain import Category
from tagger_core.errors import ModelError
from tagger_core.model_card import shipped_models
from tagger_core.vocabulary import Tag, key_of

Floats = npt.NDArray[np.float32]
TagMap = Mapping[str, tuple[float, float]]
"""Key of a tag's name (``vocabulary.key_of``) -> place."""

STRONGEST = 3
"""So many tags draw a track to themselves. More would pull every track into the middle of the map."""

SHARPNESS = 3.0
"""Power of the strengths: the clearly strongest tag draws hardest."""

SPREAD = 0.03
"""Radius of the disc over which tracks with equal scores are strewn."""

_CIRCLE = 0.9
_SPIRAL_STEP = 0.06
_GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))
_CHUNK = 16_384
_ODDS_FLOOR = 1e-6

_Coordinate = Annotated[float, msgspec.Meta(ge=-1, le=1)]


class _PlacedTag(msgspec.Struct, frozen=True):
    name: str
    x: _Coordinate
    y: _Coordinate


class _MapFile(msgspec.Struct, frozen=True):
    format: Literal[1]
    tags: tuple[_PlacedTag, ...]


def load_tag_map(path: Path) -> TagMap:
    """The places of the tags in a ``tagmap.json``. Raises ``ModelError``."""
    try:
        content = msgspec.json.decode(path.read_bytes(), type=_MapFile)
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ModelError(f"{path} is not a map of tags: {error}") from error
    return {key_of(tag.name): (tag.x, tag.y) for tag in content.tags}


def shipped_tag_map() -> TagMap:
    """The map that comes with the models; empty where there is none. Raises ``ModelError`` if it is damaged."""
    path = shipped_models() / "tagmap.json"
    return load_tag_map(path) if path.is_file() else {}


def place_tags(tags: Sequence[Tag], known: TagMap) -> Floats:
    """A place for every tag, no two the same if the map's are not."""
    places = _circle(tags)
    placed = [index for index, tag in enumerate(tags) if key_of(tag.name) in known]
    for index in placed:
        places[index] = known[key_of(tags[index].name)]
    for category in Category:
        of_category = [index for index, tag in enumerate(tags) if tag.category is category]
        anchors = [index for index in of_category if index in placed]
        if not anchors:
            continue
        middle = places[anchors].mean(axis=0)
        strangers = [index for index in of_category if index not in placed]
        places[strangers] = np.clip(middle + _spiral(len(strangers)), -1, 1)
    return places


def place_tracks(rows: npt.NDArray[np.intp], probabilities: Floats, thresholds: Floats, tag_places: Floats) -> Floats:
    """Each of the tracks at the mean of the places of its strongest tags, weighted by their strength.

    ``probabilities`` are those of all tracks, shape (tracks, tags). The row numbers decide how tracks with equal
    scores are strewn, so a track's place does not depend on which others are asked for.
    """
    places = np.full((len(rows), 2), np.nan, np.float32)
    if not probabilities.shape[1]:
        return places
    for start in range(0, len(rows), _CHUNK):  # chunks stay in the processor's cache
        part = slice(start, start + _CHUNK)
        places[part] = _weighted_means(np.ascontiguousarray(probabilities[rows[part]]), thresholds, tag_places)
    return places + _strewn(rows)


def nearest_tags(places: Floats, tag_places: Floats) -> npt.NDArray[np.intp]:
    """The column of the tag that is nearest to each place."""
    nearest = np.empty(len(places), np.intp)
    for start in range(0, len(places), _CHUNK):
        part = slice(start, start + _CHUNK)
        nearest[part] = np.square(places[part, None] - tag_places[None]).sum(axis=2).argmin(axis=1)
    return nearest


def inside(polygon: Floats, points: Floats) -> npt.NDArray[np.bool_]:
    """Which points lie in the polygon of shape (corners, 2), by counting its edges to their right."""
    result = np.zeros(len(points), np.bool_)
    if len(polygon) < 3 or not len(points):
        return result
    with np.errstate(invalid="ignore"):  # points without a place are outside
        near = np.flatnonzero(((points >= polygon.min(axis=0)) & (points <= polygon.max(axis=0))).all(axis=1))
    x, y = points[near, 0], points[near, 1]
    odd = np.zeros(len(near), np.bool_)
    for (x1, y1), (x2, y2) in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        if y1 != y2:
            odd ^= ((y1 > y) != (y2 > y)) & (x < x1 + (y - y1) * ((x2 - x1) / (y2 - y1)))
    result[near] = odd
    return result


def _strengths(probabilities: Floats, thresholds: Floats) -> Floats:
    """In [0, 1], one half at the threshold: the logistic function of logit(p) - logit(threshold).

    Bare probabilities of different tags are not comparable (see ``suggestions``).
    """
    heard: Floats = np.clip(probabilities, _ODDS_FLOOR, 1 - _ODDS_FLOOR)
    needed: Floats = np.clip(thresholds, _ODDS_FLOOR, 1 - _ODDS_FLOOR)
    odds: Floats = heard * (1 - needed)
    against: Floats = needed * (1 - heard)
    strengths: Floats = odds / (odds + against)
    return strengths


def _strongest(strengths: Floats, count: int) -> npt.NDArray[np.intp]:
    """The columns of each track's ``count`` strongest tags, strongest first, shape (n, count)."""
    rest = strengths.copy()
    every = np.arange(len(rest))
    columns = np.empty((len(rest), count), np.intp)
    for place in range(count):  # a few passes of argmax are several times faster than a partial sort
        columns[:, place] = rest.argmax(axis=1)
        rest[every, columns[:, place]] = -1
    return columns


def _weighted_means(probabilities: Floats, thresholds: Floats, tag_places: Floats) -> Floats:
    strengths = _strengths(probabilities, thresholds)
    columns = _strongest(strengths, min(STRONGEST, strengths.shape[1]))
    weights = np.take_along_axis(strengths, columns, 1) ** SHARPNESS
    means: Floats = np.einsum("nk,nkd->nd", weights, tag_places[columns]) / weights.sum(axis=1, keepdims=True)
    return means


def _strewn(rows: npt.NDArray[np.intp]) -> Floats:
    """Offsets in a small disc, evenly and for ever the same: the R2 sequence (Roberts, 2018)."""
    steps = np.outer(rows + 1, [0.7548776662466927, 0.5698402909980532]) % 1.0
    radius, angle = SPREAD * np.sqrt(steps[:, 0]), 2 * np.pi * steps[:, 1]
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]).astype(np.float32)


def _circle(tags: Sequence[Tag]) -> Floats:
    order = sorted(range(len(tags)), key=lambda index: (list(Category).index(tags[index].category), tags[index].name))
    angles = np.empty(len(tags))
    angles[order] = np.pi / 2 - 2 * np.pi * np.arange(len(tags)) / max(len(tags), 1)
    return (_CIRCLE * np.column_stack([np.cos(angles), np.sin(angles)])).astype(np.float32)


def _spiral(count: int) -> Floats:
    steps = np.arange(1, count + 1)
    radius, angle = _SPIRAL_STEP * np.sqrt(steps), steps * _GOLDEN_ANGLE
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]).astype(np.float32)
