"""From scores to suggestions: a pure function of scores, cards, settings and the file's present tags.

How a tag's probability and threshold come about
------------------------------------------------
1. Inside one model, several labels may mean the tag: they are combined as if each were an independent
   witness, ``1 - prod(1 - p)``; their thresholds combine half way between the same witness heard twice (the
   largest) and independent ones. On MagnaTagATune's test clips, with thresholds fitted and judged on different
   artists, this gives merged tags a mean F1 of 0.617, against 0.618 for thresholds fitted on each merged tag
   directly; so a person may merge labels differently, and nothing need be fitted again.
2. Several models that know the tag are averaged, and their thresholds too, so the models vote with their
   distances from their own thresholds.
3. A person's threshold for the tag, or for all tags, replaces the result of the cards' thresholds.
4. Tags at or above their threshold are suggested, unless they are unwanted (``only``, ``except``), contradict
   a tag that the file has already, lose against the better half of an exclusive pair, or come after the
   first ``top``.

"Further above the threshold" is measured in log-odds, ``logit(p) - logit(threshold)``: thresholds are fitted
for each tag on its own, so bare probabilities of different tags are not comparable.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from tagger_core.domain import Category
from tagger_core.model_card import ModelCard
from tagger_core.settings import Settings
from tagger_core.vocabulary import Tag, Vocabulary, key_of


class State(StrEnum):
    """What became of a tag."""

    SUGGESTED = "suggested"
    BELOW = "below its threshold"
    UNWANTED = "unwanted"
    CONTRADICTED = "contradicts the file"
    EXCLUDED = "excluded by a stronger tag"
    BEYOND_TOP = "beyond the number of suggestions wanted"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One label of one model that speaks for a tag."""

    model: str
    label: str
    probability: float
    threshold: float


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A tag with everything that led to its state."""

    tag: str
    category: Category
    probability: float
    threshold: float
    threshold_source: str
    state: State
    evidence: tuple[Evidence, ...]
    note: str = ""
    """For the states that concern two tags: the other one."""

    @property
    def margin(self) -> float:
        """How far the probability is above (or below) the threshold, in log-odds."""
        return _logit(self.probability) - _logit(self.threshold)


@dataclass(frozen=True, slots=True)
class Heard:
    """What one model said about a track: its card, and label -> probability."""

    card: ModelCard
    scores: Mapping[str, float]


def suggest(
    heard: Sequence[Heard],
    settings: Settings,
    vocabulary: Vocabulary,
    present: Iterable[str] = (),
) -> list[Suggestion]:
    """Every tag that any model knows, the furthest above its threshold first, each with its state.

    ``present`` are the values that are in the file and will stay there.
    """
    evidence = _gather(heard, settings, vocabulary)
    rules = _Rules(settings, vocabulary)
    tags = [rules.judge(tag, witnesses) for tag, witnesses in evidence.items()]
    tags.sort(key=lambda suggestion: (-suggestion.margin, suggestion.tag))
    tags = _without_contradictions(tags, vocabulary, present)
    tags = _one_of_each_pair(tags, vocabulary)
    return _first(tags, settings.top)


def suggested(tags: Iterable[Suggestion]) -> list[Suggestion]:
    """Those that are suggested."""
    return [tag for tag in tags if tag.state is State.SUGGESTED]


def at_least_one(probabilities: Iterable[float]) -> float:
    """The probability that at least one of independent witnesses is right: 1 - prod(1 - p)."""
    return 1.0 - math.prod(1.0 - probability for probability in probabilities)


def merged_threshold(thresholds: Sequence[float]) -> float:
    """The threshold of a tag with several labels: between the largest and that of independent witnesses."""
    return (max(thresholds) + at_least_one(thresholds)) / 2


def _gather(heard: Sequence[Heard], settings: Settings, vocabulary: Vocabulary) -> dict[Tag, list[Evidence]]:
    evidence: dict[Tag, list[Evidence]] = {}
    for model in heard:
        for label in model.card.labels:
            tag = vocabulary.tag_of(label.name)
            assert tag is not None, "a vocabulary is made with the cards of its models"
            witness = Evidence(model.card.name, label.name, model.scores[label.name], label.threshold(settings.profile))
            evidence.setdefault(tag, []).append(witness)
    return evidence


class _Rules:
    """The part of the settings that judges one tag at a time."""

    def __init__(self, settings: Settings, vocabulary: Vocabulary) -> None:
        self._settings = settings
        self._thresholds = {_name_key(word, vocabulary): value for word, value in settings.thresholds.items()}
        self._only = {_name_key(word, vocabulary) for word in settings.only}
        self._except = {_name_key(word, vocabulary) for word in settings.except_tags}

    def judge(self, tag: Tag, witnesses: Sequence[Evidence]) -> Suggestion:
        models = list(dict.fromkeys(witness.model for witness in witnesses))
        by_model = [[witness for witness in witnesses if witness.model == model] for model in models]
        probability = _mean(at_least_one(witness.probability for witness in group) for group in by_model)
        fitted = _mean(merged_threshold([witness.threshold for witness in group]) for group in by_model)
        threshold, source = self._threshold(tag, fitted)
        unwanted = key_of(tag.name) in self._except or (self._only and key_of(tag.name) not in self._only)
        state = State.SUGGESTED if probability >= threshold else State.BELOW
        if unwanted:
            state = State.UNWANTED
        return Suggestion(tag.name, tag.category, probability, threshold, source, state, tuple(witnesses))

    def _threshold(self, tag: Tag, fitted: float) -> tuple[float, str]:
        own = self._thresholds.get(key_of(tag.name))
        if own is not None:
            return own, "yours for this tag"
        if self._settings.threshold is not None:
            return self._settings.threshold, "yours for all tags"
        return fitted, f"profile {self._settings.profile}"


def _name_key(word: str, vocabulary: Vocabulary) -> str:
    tag = vocabulary.tag_of(word)
    return key_of(tag.name if tag else word)


def _without_contradictions(tags: list[Suggestion], vocabulary: Vocabulary, present: Iterable[str]) -> list[Suggestion]:
    names = [tag.name for word in present if (tag := vocabulary.tag_of(word))]

    def checked(suggestion: Suggestion) -> Suggestion:
        for name in names:
            if suggestion.state is State.SUGGESTED and vocabulary.exclude_each_other(suggestion.tag, name):
                return replace(suggestion, state=State.CONTRADICTED, note=name)
        return suggestion

    return [checked(suggestion) for suggestion in tags]


def _one_of_each_pair(tags: list[Suggestion], vocabulary: Vocabulary) -> list[Suggestion]:
    kept: list[Suggestion] = []
    for suggestion in tags:  # the furthest above its threshold first, so the winner is always seen before
        stronger = next(
            (winner.tag for winner in suggested(kept) if vocabulary.exclude_each_other(winner.tag, suggestion.tag)),
            None,
        )
        if suggestion.state is State.SUGGESTED and stronger:
            kept.append(replace(suggestion, state=State.EXCLUDED, note=stronger))
        else:
            kept.append(suggestion)
    return kept


def _first(tags: list[Suggestion], top: int | None) -> list[Suggestion]:
    if top is None:
        return tags
    wanted = {suggestion.tag for suggestion in suggested(tags)[:top]}
    return [
        replace(suggestion, state=State.BEYOND_TOP)
        if suggestion.state is State.SUGGESTED and suggestion.tag not in wanted
        else suggestion
        for suggestion in tags
    ]


def _mean(values: Iterable[float]) -> float:
    gathered = list(values)
    return sum(gathered) / len(gathered)


def _logit(probability: float) -> float:
    inside = min(max(probability, 1e-6), 1.0 - 1e-6)
    return math.log(inside / (1.0 - inside))
