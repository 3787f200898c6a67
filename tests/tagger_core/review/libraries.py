"""Reviews of made-up tracks, heard without any disk."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from tagger_core.domain import FileStamp, Track
from tagger_core.model_card import ModelCard, find_model, shipped_models
from tagger_core.review import Heard, Review, TrackName
from tagger_core.settings import Settings
from tagger_core.tag_fields import Field
from tests.small_models import card, label

LABELS = ("rock", "pop", "jazz", "vocals", "no vocals", "loud", "quiet", "fast", "slow", "beat")
"""Thresholds 0.7, 0.5 and 0.3; two pairs that exclude each other; Beat has no field in the preset standard."""


def small_card() -> ModelCard:
    return card([label(name) for name in LABELS])


def shipped_cards(models: Sequence[str] = ("magnatagatune", "million-song")) -> list[ModelCard]:
    return [find_model(name, [shipped_models()]).card for name in models]


def track(number: int) -> Track:
    return Track(Path(f"/music/artist/album/{number:06}.mp3"), FileStamp(1000 + number, 2, number, 2**63 + 1))


def heard(
    review: Review,
    number: int,
    probabilities: Mapping[str, float],
    present: Mapping[Field, tuple[str, ...]] | None = None,
    audio: bytes | None = None,
    name: TrackName | None = None,
    unwritable: str = "",
) -> Heard:
    """A result in which every tag that is not named has the probability 0.01."""
    values = np.full(len(review.tags), 0.01, np.float32)
    for tag, probability in probabilities.items():
        values[review.column(tag)] = probability
    return Heard(
        track=track(number),
        audio=audio or number.to_bytes(32, "big"),
        probabilities=values,
        duration=180.0,
        name=name or TrackName(),
        present=present or {},
        unwritable=unwritable,
    )


def review_of(*tracks: Mapping[str, float], settings: Settings | None = None) -> Review:
    """One row for each mapping of tags to probabilities."""
    review = Review([small_card()], settings or Settings())
    review.add([track(number) for number in range(len(tracks))])
    review.hear([heard(review, number, probabilities) for number, probabilities in enumerate(tracks)])
    return review


def rows(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.intp)


def ticked_names(review: Review, row: int) -> list[str]:
    return [tag.name for tag in review.tags_of(row) if tag.ticked]
