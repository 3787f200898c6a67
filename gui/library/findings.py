"""What the threads that scan and listen hand over to the window, in one queue, so that nothing overtakes anything.

Contents
--------
scanning   ``Found``, ``FoundAgain``, ``ScanEnded``
listening  ``Loaded``, ``Listened``, ``RunEnded``
all        ``Finding``, ``Findings``
"""

from collections.abc import Sequence
from dataclasses import dataclass
from queue import SimpleQueue
from typing import TYPE_CHECKING

from tagger_core.domain import Track, TrackFailure
from tagger_core.library_scan import ScanProblem

if TYPE_CHECKING:
    from tagger_core.review import Heard, Record


@dataclass(frozen=True, slots=True)
class Found:
    """Some tracks of a scan, and what was decided about them in earlier sessions."""

    tracks: tuple[Track, ...]
    records: "Sequence[Record]" = ()


@dataclass(frozen=True, slots=True)
class FoundAgain:
    """A track that is in the review already, as its file is now: to be heard again."""

    track: Track


@dataclass(frozen=True, slots=True)
class ScanEnded:
    """Looking for tracks, or at them again, is over. ``problems``: places that could not be looked into."""

    problems: tuple[ScanProblem, ...]


@dataclass(frozen=True, slots=True)
class Loaded:
    """The models are ready on these devices."""

    devices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listened:
    """A track was heard, or failed. ``known``: it took no work."""

    outcome: "Heard | TrackFailure"
    known: bool


@dataclass(frozen=True, slots=True)
class RunEnded:
    """The analysis thread is done with a run. ``broken``: it could not go on, and would not if it were begun again."""

    broken: bool


Finding = Found | FoundAgain | ScanEnded | Loaded | Listened | RunEnded
Findings = SimpleQueue[Finding]
