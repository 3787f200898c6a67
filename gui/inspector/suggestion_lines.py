"""Which tags the inspector lists of one track or of several, and in which order: what the number keys stand for.

The order does not depend on what is ticked: a line that jumped away when it is ticked would make the next press of its
number key hit another tag.

Contents: ``SuggestionLine``, ``listed``, ``in_order``, ``lines_of``, ``shared_lines``
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QCoreApplication

from gui.inspector.words import note_text
from gui.look.wording import filled, number
from tagger_core.domain import Category
from tagger_core.review import ReviewTag
from tagger_core.review.values import Rows
from tagger_core.vocabulary import Tag

if TYPE_CHECKING:
    from tagger_core.review import Review

_AT_LEAST = 5
_AT_MOST = 8
_NEAR = -1.0
"""A tag whose log-odds are less than this below its threshold is no near miss."""
_MOST_AVERAGED = 5_000
"""Of a huge selection so many tracks stand for all: a mean of probabilities need not be exact."""


@dataclass(frozen=True, slots=True)
class SuggestionLine:
    """One tag of one track, or of several: then ``ticked`` is ``None`` where they differ."""

    name: str
    category: Category
    probability: float
    threshold: float
    ticked: bool | None
    by_hand: bool
    note: str


def listed(review: "Review", rows: Rows, open_tag: str = "") -> tuple[list[SuggestionLine], int]:
    """All lines for these rows, and how many of them are shown before somebody asks for all. None before it was heard.

    ``open_tag`` is shown in any case: it must not vanish while its threshold is raised.
    """
    if not rows.size or not review.tags:
        return [], 0
    heard = rows[~np.isnan(review.probabilities[rows]).any(axis=1)]
    if not heard.size:
        return [], 0
    if rows.size == 1:
        return lines_of(review.tags_of(int(rows[0])), open_tag)
    times = review.ticked[heard].sum(axis=0)
    means = review.probabilities[heard[:_MOST_AVERAGED]].mean(axis=0)
    return shared_lines(review.tags, times, means, review.thresholds, len(heard))


def in_order(tags: Iterable[ReviewTag]) -> list[ReviewTag]:
    """As they are listed and numbered: what a person added first, then the furthest above its threshold."""
    return sorted(tags, key=lambda tag: (-math.inf if math.isnan(tag.margin) else -tag.margin, tag.name))


def lines_of(tags: Iterable[ReviewTag], open_tag: str = "") -> tuple[list[SuggestionLine], int]:
    """The lines of one track, and how many of them are shown at first: see ``listed``."""
    ordered = in_order(tags)
    lines = [
        SuggestionLine(tag.name, tag.category, tag.probability, tag.threshold, tag.ticked, tag.by_hand, note_text(tag))
        for tag in ordered
    ]
    worth = [n for n, tag in enumerate(ordered, 1) if tag.ticked or tag.by_hand or not tag.margin < _NEAR]
    ticked = [n for n, tag in enumerate(ordered, 1) if tag.ticked or tag.by_hand or tag.name == open_tag]
    shown = max(_AT_LEAST, min(_AT_MOST, max(worth, default=0)), max(ticked, default=0))
    return lines, min(shown, len(lines))


def shared_lines(
    tags: Sequence[Tag],
    times: npt.NDArray[np.integer],
    probabilities: npt.NDArray[np.floating],
    thresholds: npt.NDArray[np.floating],
    tracks: int,
) -> tuple[list[SuggestionLine], int]:
    """The lines of several tracks: what is ticked on most of them first, and how many lines are shown at first.

    ``times`` says on how many of the ``tracks`` a tag is ticked, ``probabilities`` their means; shapes (tags,).
    """
    text = QCoreApplication.translate("SuggestionModel", "on %1 of %2")
    lines = []
    for column in sorted(range(len(tags)), key=lambda column: (-int(times[column]), tags[column].name)):
        count = int(times[column])
        lines.append(
            SuggestionLine(
                tags[column].name,
                tags[column].category,
                float(probabilities[column]),
                float(thresholds[column]),
                True if count == tracks else None if count else False,
                False,
                filled(text, number(count), number(tracks)) if 0 < count < tracks else "",
            )
        )
    shown = sum(line.ticked is not False for line in lines)
    return lines, min(max(shown, _AT_LEAST), _AT_MOST, len(lines))
