"""From scores to suggestions: a pure function of scores, cards, settings and the file's present tags.

How a tag's probability and threshold come about
------------------------------------------------
1. Inside one model, several labels may mean the tag: they are combined as if each were an independent
   witness, ``1 - prod(1 - p)``; their thresholds combine half way between the same witness heard twice (the
   largest) and independent ones. On MagnaTagATune's test clips, with thresholds fitted and judged on different
   artists, this gives merged tags a mean F1 of 0.617, against 0.618 for thresholds fitted on each merged tag
   directly; so a person may merge labels differently, and nothing need be fitted again.
2. Several models that know the tag, or tag sets of one model, are averaged, and their thresholds too, so they vote
   with their distances from their own thresholds.
3. A person's threshold for the tag, or for all tags, replaces the result of the cards' thresholds.
4. Tags at or above their threshold are suggested, unless they are unwanted (``only``, ``except``), contradict
   a tag that the file has already, lose against the better half of an exclusive pair, or come after the
   first ``top``.

"Further above the threshold" is measured in log-odds, ``logit(p) - logit(threshold)``: thresholds are fitted
for each tag on its own, so bare probabilities of different tags are not comparable. What is compared is the ratio
of the odds, whose logarithm this is: it takes only operations that every machine and array library rounds alike.

Conventions
-----------
Probabilities of tags and their thresholds are rounded to float32, the precision in which they are kept, so that a
whole library held in arrays (``review``) is judged exactly as one track is here.

Contents
--------
``Suggester``, ``Suggestion``, ``State``, ``Evidence``, ``suggested``, ``suggested_tags``; ``odds``
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

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


class Evidence(NamedTuple):
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
    margin: float
    """How far the probability is above (or below) the threshold, in log-odds."""
    state: State
    evidence: tuple[Evidence, ...]
    note: str = ""
    """For the states that concern two tags: the other one."""


Scores = Mapping[str, float]
"""Label -> probability, as one model hears one track."""


class Suggester:
    """The rules, worked out once for some models and settings, for as many tracks as there are."""

    def __init__(self, cards: Sequence[ModelCard], settings: Settings, vocabulary: Vocabulary) -> None:
        """``vocabulary`` is one that was made with these cards."""
        self._vocabulary = vocabulary
        self._rules = _rules(cards, settings, vocabulary)
        self.top = settings.top
        self.tags = tuple(rule.tag for rule in self._rules)
        """Every tag that any model knows, by name; probabilities and thresholds are in their order."""
        self.thresholds = np.array([rule.threshold for rule in self._rules], np.float32)
        self.wanted = np.array([not rule.unwanted for rule in self._rules], np.bool_)
        self._combine = _Combination.of(self._rules, [len(card.labels) for card in cards])

    def probabilities(self, scores: Sequence[Scores]) -> npt.NDArray[np.float32]:
        """The probability of each tag, shape (tags,); ``scores`` are in the order of the cards."""
        return np.array([rule.probability(scores) for rule in self._rules], np.float32)

    def probabilities_over_time(self, taggrams: Sequence[npt.NDArray[np.float32]]) -> npt.NDArray[np.float32]:
        """As ``probabilities`` for every patch: shapes (patches, labels) of each card -> (patches, tags)."""
        return self._combine.over_time(taggrams)

    def suggest(self, scores: Sequence[Scores], present: Iterable[str] = ()) -> list[Suggestion]:
        """Every tag, the furthest above its threshold first, each with its state and what speaks for it.

        ``scores`` are in the order of the cards; ``present`` are the values that are in the file and will
        stay there. A pure function.
        """
        evidence = {rule.tag.name: rule.evidence(scores) for rule in self._rules}
        tags = self.judge(self.probabilities(scores), present)
        return [replace(tag, evidence=evidence[tag.tag]) for tag in tags]

    def judge(self, probabilities: npt.NDArray[np.float32], present: Iterable[str] = ()) -> list[Suggestion]:
        """As ``suggest``, from the tags' probabilities alone, and so without evidence."""
        ratios = odds(probabilities) / odds(self.thresholds)
        order = np.argsort(-ratios, kind="stable")  # of two that are equal, the first by name
        tags = [self._rules[i].judge(float(probabilities[i]), float(ratios[i])) for i in order]
        tags = self._without_contradictions(tags, present)
        tags = self._one_of_each_pair(tags)
        return self._first(tags)

    def _without_contradictions(self, tags: list[Suggestion], present: Iterable[str]) -> list[Suggestion]:
        names = [tag.name for word in present if (tag := self._vocabulary.tag_of(word))]

        def checked(suggestion: Suggestion) -> Suggestion:
            for name in names:
                if self._vocabulary.exclude_each_other(suggestion.tag, name):
                    return replace(suggestion, state=State.CONTRADICTED, note=name)
            return suggestion

        return [checked(tag) if tag.state is State.SUGGESTED else tag for tag in tags]

    def _one_of_each_pair(self, tags: list[Suggestion]) -> list[Suggestion]:
        winners: list[str] = []  # the furthest above its threshold comes first, so the stronger is seen before

        def checked(suggestion: Suggestion) -> Suggestion:
            for winner in winners:
                if self._vocabulary.exclude_each_other(winner, suggestion.tag):
                    return replace(suggestion, state=State.EXCLUDED, note=winner)
            winners.append(suggestion.tag)
            return suggestion

        return [checked(tag) if tag.state is State.SUGGESTED else tag for tag in tags]

    def _first(self, tags: list[Suggestion]) -> list[Suggestion]:
        if self.top is None:
            return tags
        wanted = {suggestion.tag for suggestion in suggested(tags)[: self.top]}
        return [
            replace(tag, state=State.BEYOND_TOP) if tag.state is State.SUGGESTED and tag.tag not in wanted else tag
            for tag in tags
        ]


def suggested(tags: Iterable[Suggestion]) -> list[Suggestion]:
    """Those that are suggested."""
    return [tag for tag in tags if tag.state is State.SUGGESTED]


def suggested_tags(tags: Iterable[Suggestion]) -> list[Tag]:
    """Those that are suggested, as what would be written."""
    return [Tag(tag.tag, tag.category) for tag in suggested(tags)]


def at_least_one(probabilities: Iterable[float]) -> float:
    """The probability that at least one of independent witnesses is right: 1 - prod(1 - p)."""
    none = 1.0
    for probability in probabilities:
        none *= 1.0 - probability
    return 1.0 - none


def odds(probabilities: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """p / (1 - p), finite for every probability."""
    inside = np.clip(probabilities.astype(np.float64), 1e-6, 1.0 - 1e-6)
    return inside / (1.0 - inside)


def merged_threshold(thresholds: Sequence[float]) -> float:
    """The threshold of a tag with several labels: between the largest and that of independent witnesses."""
    return (max(thresholds) + at_least_one(thresholds)) / 2


@dataclass(frozen=True, slots=True)
class _Witness:
    """A label that means a tag: its model, by number and by name, its place among the labels, its own threshold."""

    position: int
    model: str
    label: str
    output: int
    threshold: float


@dataclass(frozen=True, slots=True)
class _Rule:
    """What judges one tag: its witnesses, grouped by model, and its threshold."""

    tag: Tag
    witnesses: tuple[tuple[_Witness, ...], ...]
    threshold: float
    threshold_source: str
    unwanted: bool

    def probability(self, scores: Sequence[Scores]) -> float:
        by_model = [at_least_one(scores[w.position][w.label] for w in group) for group in self.witnesses]
        return _as_kept(sum(by_model) / len(by_model))

    def evidence(self, scores: Sequence[Scores]) -> tuple[Evidence, ...]:
        witnesses = [witness for group in self.witnesses for witness in group]
        return tuple(Evidence(w.model, w.label, scores[w.position][w.label], w.threshold) for w in witnesses)

    def judge(self, probability: float, ratio: float) -> Suggestion:
        state = State.SUGGESTED if probability >= self.threshold else State.BELOW
        return Suggestion(
            self.tag.name,
            self.tag.category,
            probability,
            self.threshold,
            self.threshold_source,
            math.log(ratio),
            State.UNWANTED if self.unwanted else state,
            evidence=(),
        )


@dataclass(frozen=True, slots=True)
class _Combination:
    """``_Rule.probability`` of all tags and many patches at once: ``--effort quick`` asks for it every few patches."""

    columns: npt.NDArray[np.intp]
    """Of each witness, among the labels of all cards side by side; those of a group, and of a tag, are neighbours."""
    groups: npt.NDArray[np.intp]
    """The first witness of each group."""
    tags: npt.NDArray[np.intp]
    """The first group of each tag."""
    groups_of_tag: npt.NDArray[np.float32]
    """How many."""

    @classmethod
    def of(cls, rules: Sequence["_Rule"], labels: Sequence[int]) -> "_Combination":
        """``labels``: how many each card has."""
        first = _starts(labels)
        groups = [group for rule in rules for group in rule.witnesses]
        counts = [len(rule.witnesses) for rule in rules]
        return cls(
            np.array([first[witness.position] + witness.output for group in groups for witness in group], np.intp),
            _starts([len(group) for group in groups]),
            _starts(counts),
            np.array(counts, np.float32),
        )

    def over_time(self, taggrams: Sequence[npt.NDArray[np.float32]]) -> npt.NDArray[np.float32]:
        wrong = 1 - np.concatenate(taggrams, axis=1, dtype=np.float32)[:, self.columns]
        all_wrong = np.multiply.reduceat(wrong, self.groups, axis=1)
        return np.asarray(1 - np.add.reduceat(all_wrong, self.tags, axis=1) / self.groups_of_tag, np.float32)


def _starts(lengths: Sequence[int]) -> npt.NDArray[np.intp]:
    """Where each of several stretches of such lengths begins, one after the other."""
    return np.cumsum([0, *lengths[:-1]], dtype=np.intp)


def _rules(cards: Sequence[ModelCard], settings: Settings, vocabulary: Vocabulary) -> list[_Rule]:
    def keys(words: Iterable[str]) -> dict[str, str]:
        """Key of the tag that a word of the settings means -> the word."""
        return {key_of(tag.name if (tag := vocabulary.tag_of(word)) else word): word for word in words}

    own, only, never = keys(settings.thresholds), keys(settings.only), keys(settings.except_tags)
    rules = []
    for tag, groups in _witnesses(cards, settings.profile, vocabulary).items():
        key = key_of(tag.name)
        if key in own:
            threshold, source = settings.thresholds[own[key]], "yours for this tag"
        elif settings.threshold is not None:
            threshold, source = settings.threshold, "yours for all tags"
        else:
            fitted = [merged_threshold([witness.threshold for witness in group]) for group in groups]
            threshold, source = sum(fitted) / len(fitted), f"profile {settings.profile}"
        unwanted = key in never or (bool(only) and key not in only)
        rules.append(_Rule(tag, groups, _as_kept(threshold), source, unwanted))
    return sorted(rules, key=lambda rule: (rule.tag.name.casefold(), rule.tag.name))


def _witnesses(
    cards: Sequence[ModelCard], profile: str, vocabulary: Vocabulary
) -> dict[Tag, tuple[tuple[_Witness, ...], ...]]:
    """Tag -> for each model (or tag set of a model) that knows it, the labels that mean it."""
    found: dict[Tag, dict[tuple[int, str], list[_Witness]]] = {}
    for position, card in enumerate(cards):
        for output, label in enumerate(card.labels):
            tag = vocabulary.tag_of(label.name)
            assert tag is not None, "a vocabulary is made with the cards of its models"
            witness = _Witness(position, card.name, label.name, output, label.threshold(profile))
            found.setdefault(tag, {}).setdefault((position, label.tag_set), []).append(witness)
    return {tag: tuple(tuple(group) for group in groups.values()) for tag, groups in found.items()}


def _as_kept(probability: float) -> float:
    return float(np.float32(probability))
