"""The values that go into and come out of a review.

Contents
--------
in       ``Heard``, ``Rewritten``
out      ``Group``, ``ReviewTag`` with ``Reason``, ``Change`` with ``ChangeKind``
kept     ``Record`` with ``Decision`` and ``AddedTag``: what ``review_store`` remembers of a row
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

import numpy as np
import numpy.typing as npt

from tagger_core.domain import Category, FileStamp, Track, TrackName
from tagger_core.tag_fields import Field
from tagger_core.vocabulary import Tag

Rows = npt.NDArray[np.intp]
"""Numbers of rows, shape (n,)."""

Present = Mapping[Field, tuple[str, ...]]
"""The fields that a file has now."""


class Group(IntEnum):
    """Where a track stands, in the order in which a person works through them."""

    WAITING = 0
    """Not analysed yet."""
    READY = 1
    """Could be accepted without looking: see ``ticks`` for the rule."""
    UNSURE = 2
    """Look here first: most of what is suggested would not be by strict thresholds."""
    SILENT = 3
    """Nothing is suggested that the file does not say already, or that has a place in it."""
    ACCEPTED = 4
    """To be written as it is ticked."""
    SET_ASIDE = 5
    """Rejected or skipped: nothing will be written."""
    WRITTEN = 6
    FAILED = 7
    """Could not be analysed, or not be written."""


class Decision(IntEnum):
    """What a person has decided about a track. The numbers are stored."""

    OPEN = 0
    ACCEPTED = 1
    REJECTED = 2
    SKIPPED = 3
    WRITTEN = 4


@dataclass(frozen=True, slots=True)
class Heard:
    """All that one analysed track brings to the review; see ``listening``."""

    track: Track
    audio: bytes
    """Digest of the audio alone."""
    probabilities: npt.NDArray[np.float32]
    """Shape (tags,), in the order of ``Review.tags``."""
    duration: float
    name: TrackName
    present: Present
    warnings: tuple[str, ...] = ()
    unwritable: str = ""
    """Why this file cannot be written, "" if it can."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A file that was just written, or put back: its new stamp and what it says now."""

    track: Track
    present: Present


class Reason(StrEnum):
    """Why a tag is not suggested, or will not be written, where that is not plain from the numbers."""

    UNWANTED = "unwanted"
    CONTRADICTED = "contradicted"
    EXCLUDED = "excluded"
    BEYOND_TOP = "beyond-top"
    IN_FILE = "in-file"
    NO_FIELD = "no-field"


_REASONS = {
    Reason.UNWANTED: "unwanted in the settings",
    Reason.CONTRADICTED: "contradicts {} in the file",
    Reason.EXCLUDED: "less likely than {}",
    Reason.BEYOND_TOP: "more suggestions than wanted",
    Reason.IN_FILE: "the file says it already",
    Reason.NO_FIELD: "not written by the preset {}",
}


@dataclass(frozen=True, slots=True)
class ReviewTag:
    """One tag of one track, as the inspector lists it and a chip shows it."""

    name: str
    category: Category
    probability: float
    """NaN for a tag added by hand that no model knows."""
    threshold: float
    margin: float
    """Log-odds above the threshold; NaN as the probability."""
    ticked: bool
    by_hand: bool
    """A person has ticked or unticked it."""
    sure: bool
    """Ticked, and by hand or as by strict thresholds."""
    new: bool
    """Writing it would add a value to the file: it has a field, and the file does not say it already."""
    reason: Reason | None = None
    other: str = ""
    """The tag or the preset that the reason is about."""

    @property
    def note(self) -> str:
        """The reason in English."""
        return _REASONS[self.reason].format(self.other) if self.reason else ""


class ChangeKind(StrEnum):
    """The commands; with the numbers of a ``Change`` enough to name it in any language."""

    ACCEPT = "accept"
    ACCEPT_READY = "accept-ready"
    REJECT = "reject"
    SKIP = "skip"
    REOPEN = "reopen"
    TICK = "tick"
    UNTICK = "untick"
    ACCEPT_TAG = "accept-tag"
    REJECT_TAG = "reject-tag"
    ADD_TAG = "add-tag"
    THRESHOLD = "threshold"
    THRESHOLD_OF_ALL = "threshold-of-all"
    THRESHOLD_RESET = "threshold-reset"
    THRESHOLDS_RESET = "thresholds-reset"
    PROFILE = "profile"
    SETTINGS = "settings"
    WRITTEN = "written"
    UNWRITTEN = "unwritten"
    WRITE_FAILED = "write-failed"
    RETRY = "retry"

    @property
    def sets_levels(self) -> bool:
        """It changes thresholds, and decides nothing about any track."""
        return self in _LEVEL_KINDS


_LEVEL_KINDS = frozenset(
    {
        ChangeKind.THRESHOLD,
        ChangeKind.THRESHOLD_OF_ALL,
        ChangeKind.THRESHOLD_RESET,
        ChangeKind.THRESHOLDS_RESET,
        ChangeKind.PROFILE,
    }
)


@dataclass(frozen=True, slots=True)
class Change:
    """What a command did, or what taking it back did: its kind with exact numbers, and the rows that look different."""

    kind: ChangeKind
    rows: Rows = field(default_factory=lambda: np.empty(0, np.intp), repr=False, compare=False)
    tags: int = 0
    """Tags that would be added to files by it."""
    tracks: int = 0
    tag: str = ""
    """The tag it is about, or the profile."""
    value: float = 0.0
    """The threshold it sets."""


@dataclass(frozen=True, slots=True)
class AddedTag:
    """A tag that a person gave to a track and that no model knows."""

    tag: Tag
    ticked: bool = True


@dataclass(frozen=True, slots=True)
class Record:
    """What was decided about one track, by names, so that it outlives the models; immutable."""

    path: str
    """A text, not a ``Path``: making 100,000 of those takes a second."""
    stamp: FileStamp
    audio: bytes
    """Digest of the audio that was decided about; b"" if it was not heard yet."""
    decision: Decision = Decision.OPEN
    ticked: tuple[str, ...] = ()
    """Ticked by hand, against or with the rule."""
    unticked: tuple[str, ...] = ()
    frozen: tuple[Tag, ...] = ()
    """Of a track that is accepted or written: all that was ticked."""
    added: tuple[AddedTag, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Nothing was decided: there is nothing to remember."""
        return self.decision is Decision.OPEN and not (self.ticked or self.unticked or self.added)
