"""What the models' cards say about thresholds of a tag: how often it was right, and how much it found, on test music.

The figures belong to one label of one model. Where a tag gathers several, they are told one by one: nothing is known
of their combination.

Contents: ``MeasuredThreshold``, ``measured_thresholds``, ``nearest_below``
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from tagger_core.model_card import PROFILES, Label, ModelCard, Threshold
from tagger_core.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class MeasuredThreshold:
    """One threshold of one label, as its model's card has it."""

    model: str
    """The title of the model."""
    label: str
    profile: str
    value: float
    precision: float
    recall: float | None


def measured_thresholds(tag: str, cards: Sequence[ModelCard], vocabulary: Vocabulary) -> list[MeasuredThreshold]:
    """Every threshold of the tag's labels that was measured, in the order of the cards, of labels and of profiles."""
    found = []
    for card in cards:
        for label in card.labels:
            meant = vocabulary.tag_of(label.name)
            if meant is None or meant.name != tag:
                continue
            for profile in PROFILES:
                threshold = _of_profile(label, profile)
                if threshold.precision is not None:
                    figures = threshold.value, threshold.precision, threshold.recall
                    found.append(MeasuredThreshold(card.title, label.name, profile, *figures))
    return found


def nearest_below(measured: Iterable[MeasuredThreshold], cut: float) -> list[MeasuredThreshold]:
    """For each label the highest threshold that is not above the cut: at the cut it is right at least about as often.

    Labels of which nothing that low was measured are left out.
    """
    nearest = []
    for _, of_label in groupby(measured, key=lambda one: (one.model, one.label)):
        reached = [one for one in of_label if one.value <= cut]
        if reached:
            nearest.append(max(reached, key=lambda one: one.value))
    return nearest


def _of_profile(label: Label, profile: str) -> Threshold:
    return {"strict": label.strict, "balanced": label.balanced, "generous": label.generous}[profile]
