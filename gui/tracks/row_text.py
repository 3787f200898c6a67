"""What stands in a cell, as text: shown, explained in a tooltip, spoken by a screen reader.

Contents: ``shown``, ``explained``, ``spoken``, ``sureness``, ``tag_explained``, ``plain``
"""

import html
import math
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QCoreApplication

from gui.look.groups import group_hint, group_name
from gui.look.wording import filled, number
from gui.tracks.columns import Column
from tagger_core.display_text import printable
from tagger_core.review import Reason, Review, ReviewTag


@lru_cache(4096)
def _safe(text: str | Path) -> str:
    """Names come from files, and a frame asks for the same ones again and again."""
    return printable(text)


class Table(Protocol):
    """What a text is made from."""

    @property
    def review(self) -> Review: ...

    def chips(self, row: int) -> list[ReviewTag]: ...


def shown(table: Table, row: int, column: Column) -> str:
    review = table.review
    match column:
        case Column.STATE:
            return group_name(review.group(row))
        case Column.TITLE:
            return _safe(review.name(row).title or review.path(row).name)
        case Column.ARTIST:
            return _safe(review.name(row).artist)
        case Column.SUGGESTED:
            return _safe(review.problem(row)) or ", ".join(tag.name for tag in table.chips(row) if tag.ticked)
        case Column.CONFIDENCE:
            sure = sureness(table.chips(row))
            return "" if sure is None else f"{number(100 * sure)} %"
        case Column.ALBUM:
            return _safe(review.name(row).album)
        case Column.FILE:
            return _safe(review.path(row).name)
        case Column.FOLDER:
            return _safe(review.path(row).parent)


def explained(table: Table, row: int, column: Column) -> str:
    """The tooltip: names are as long as they are, a state says what it means."""
    if column is Column.STATE:
        group = table.review.group(row)
        return plain(_safe(table.review.problem(row)) or f"{group_name(group)}: {group_hint(group)}")
    if column is Column.TITLE:
        return plain(f"{shown(table, row, column)}\n{_safe(table.review.path(row))}")
    return plain(shown(table, row, column))


def spoken(table: Table, row: int, column: Column) -> str:
    if column is not Column.SUGGESTED or table.review.problem(row):
        return shown(table, row, column)
    return "; ".join(_with_numbers(tag) for tag in table.chips(row))


def sureness(tags: Sequence[ReviewTag]) -> float | None:
    """How far the least certain ticked tag is above its threshold: 0 is at it, 1 is certain; ``None`` without one.

    The margin is in log-odds; the hyperbolic tangent of its half maps [0, inf) to [0, 1).
    """
    margins = [tag.margin for tag in tags if tag.ticked and not math.isnan(tag.margin)]
    return math.tanh(max(min(margins), 0.0) / 2) if margins else None


def tag_explained(tag: ReviewTag) -> str:
    """ "Rock, ticked: probability 0.93, threshold 0.62", and why it will not be written where that is so."""
    reasons = {
        Reason.IN_FILE: QCoreApplication.translate("TrackTable", "The file says it already."),
        Reason.NO_FIELD: QCoreApplication.translate("TrackTable", "Not written, as the preset has no field for it."),
    }
    reason = reasons.get(tag.reason, "") if tag.reason else ""
    return f"{_with_numbers(tag)}\n{reason}".rstrip()


def plain(text: str) -> str:
    """For a tooltip: Qt would take some names from files for HTML."""
    return f"<qt>{html.escape(text)}</qt>".replace("\n", "<br>") if text else ""


def _with_numbers(tag: ReviewTag) -> str:
    text = filled(_tick(tag), tag.name)
    if math.isnan(tag.probability):
        return text
    words = QCoreApplication.translate("TrackTable", "%1: probability %2, threshold %3")
    return filled(words, text, number(tag.probability, 2), number(tag.threshold, 2))


def _tick(tag: ReviewTag) -> str:
    if tag.by_hand:
        return (
            QCoreApplication.translate("TrackTable", "%1, ticked by you")
            if tag.ticked
            else QCoreApplication.translate("TrackTable", "%1, unticked by you")
        )
    return (
        QCoreApplication.translate("TrackTable", "%1, ticked")
        if tag.ticked
        else QCoreApplication.translate("TrackTable", "%1, not ticked")
    )
