"""Music whose tags are known, and what listeners say of it, brought onto the same tags.

People write "hip hop", a model says "Hip-Hop": words become tags by the program's vocabulary, so that what is compared
means the same.

Contents: ``KnownTags``, ``known_tags``
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

from tagger_core.errors import SettingsError
from training.judging import Heard
from training.listeners import Floats, Listener, vocabulary_of
from training.metrics import Booleans


@dataclass(frozen=True, slots=True, eq=False)
class KnownTags:
    """``truth`` has shape (tracks, tags). ``strange``: words that no listener knows; ``constant``: tags of all tracks,
    or of none, of which nothing can be said.
    """

    tags: tuple[str, ...]
    truth: Booleans
    heard: tuple[Heard, ...]
    strange: tuple[str, ...]
    constant: tuple[str, ...]


def known_tags(
    words: Sequence[AbstractSet[str]],
    spoken: Sequence[str],
    listeners: Sequence[Listener],
    scores: Sequence[Sequence[Floats]],
) -> KnownTags:
    """``words`` are those of each track, ``spoken`` all that are spoken of; ``scores`` those of each track by each
    listener, in the order of its tags. Raises ``SettingsError`` where no word is left to judge.
    """
    vocabulary = vocabulary_of(listeners)
    heard_tags = {tag for listener in listeners for tag in listener.tags}
    meant = {word: tag.name if (tag := vocabulary.tag_of(word)) else word for word in spoken}
    strange = sorted({word for word, tag in meant.items() if tag not in heard_tags}, key=str.casefold)
    tags = sorted({tag for tag in meant.values() if tag in heard_tags}, key=str.casefold)
    truth = np.array([[tag in {meant[word] for word in track} for tag in tags] for track in words], bool)
    truth = truth.reshape(len(words), len(tags))
    varied: Booleans = np.ptp(truth.astype(int), axis=0) == 1
    if not varied.any():
        raise SettingsError(
            "there is nothing to judge: no tag that a model knows is there in some of the tracks and not in others"
            + (f" (unknown: {', '.join(strange)})" if strange else "")
        )
    kept = [tag for tag, varies in zip(tags, varied, strict=True) if varies]
    return KnownTags(
        tags=tuple(kept),
        truth=truth[:, varied],
        heard=tuple(_heard(one, kept, [track[row] for track in scores]) for row, one in enumerate(listeners)),
        strange=tuple(strange),
        constant=tuple(tag for tag in tags if tag not in kept),
    )


def _heard(listener: Listener, tags: Sequence[str], scores: Sequence[Floats]) -> Heard:
    """NaN where the listener does not know a tag."""
    places = {tag: place for place, tag in enumerate(listener.tags)}
    rows = np.column_stack([np.stack(scores), np.full(len(scores), np.nan)]).astype(float)
    chosen = [places.get(tag, len(places)) for tag in tags]
    thresholds = {
        profile: np.append(values, np.nan).astype(float)[chosen] for profile, values in listener.thresholds.items()
    }
    return Heard(listener.name, rows[:, chosen], thresholds)
