"""Short words and numbers that several parts of the inspector show.

Contents: ``clock``, ``probability_text``, ``note_text``, ``category_icon_name``, ``tooltip``
"""

import html
import math

from PySide6.QtCore import QCoreApplication

from gui.look.wording import filled
from tagger_core.domain import Category
from tagger_core.review import Reason, ReviewTag


def clock(seconds: float) -> str:
    """72.4 -> "1:12", 4000 -> "1:06:40"; "–" where it is not known."""
    if math.isnan(seconds):
        return "–"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def probability_text(probability: float) -> str:
    """0.934 -> ".93"; "–" for a tag that no model knows."""
    if math.isnan(probability):
        return "–"
    return f"{probability:.2f}".removeprefix("0")


def note_text(tag: ReviewTag) -> str:
    """Why a tag is not suggested or will not be written, where its numbers do not tell; else ""."""
    if tag.reason is None:
        return ""
    text = {
        Reason.UNWANTED: QCoreApplication.translate("Reasons", "unwanted in the settings"),
        Reason.CONTRADICTED: QCoreApplication.translate("Reasons", "contradicts %1 in the file"),
        Reason.EXCLUDED: QCoreApplication.translate("Reasons", "less likely than %1"),
        Reason.BEYOND_TOP: QCoreApplication.translate("Reasons", "more suggestions than wanted"),
        Reason.IN_FILE: QCoreApplication.translate("Reasons", "in the file already"),
        Reason.NO_FIELD: QCoreApplication.translate("Reasons", "not written by the preset %1"),
    }[tag.reason]
    return filled(text, tag.other)


def category_icon_name(category: Category) -> str:
    """Which picture of ``theme.icon`` stands for a category."""
    return f"category-{category}"


def tooltip(text: str) -> str:
    """Text for a tooltip that may hold names from files: Qt would take some of them for HTML."""
    return f"<qt>{html.escape(text)}</qt>" if text else ""
