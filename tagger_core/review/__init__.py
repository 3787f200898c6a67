"""What a person decides about suggestions: all rows of a library in memory, judged, counted, found, and undone.

Goal: review 100,000 tracks between two frames of a window. A ``Review`` touches no disk and starts no thread; it
belongs to one thread. ``listening`` makes what it hears, ``review_store`` remembers its records, ``review_writing``
writes what was accepted.

Conventions
-----------
A *row* is a track, a *column* a tag that the models know, in the order of ``Review.tags``. What is *ticked* is what
the rules suggest (exactly as ``suggestions.Suggester``), overruled by hand. Counts of tags are of those that would be
new values in files, so that what is pending, accepted and written are the same numbers.

Contents
--------
``Review``     everything; its layers, from below: ``row_data``, ``state`` (files), ``steps`` (undo), ``commands``,
               ``review`` (reading)
the values     ``Accepted``, ``Group``, ``Heard``, ``TrackName``, ``ReviewTag``, ``Reason``, ``Change``, ``ChangeKind``,
               ``Record``, ``Decision``, ``AddedTag``, ``Rewritten``, ``Levels``
"""

from tagger_core.domain import TrackName
from tagger_core.review.accepted import Accepted, AcceptedTracks
from tagger_core.review.history import Levels
from tagger_core.review.review import Review
from tagger_core.review.values import (
    AddedTag,
    Change,
    ChangeKind,
    Decision,
    Group,
    Heard,
    Reason,
    Record,
    ReviewTag,
    Rewritten,
)

__all__ = [
    "Accepted",
    "AcceptedTracks",
    "AddedTag",
    "Change",
    "ChangeKind",
    "Decision",
    "Group",
    "Heard",
    "Levels",
    "Reason",
    "Record",
    "Review",
    "ReviewTag",
    "Rewritten",
    "TrackName",
]
