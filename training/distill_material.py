"""What a student learns from: patches of groups, and what the teachers of each tag set say of them.

Conventions: targets are probabilities, float32 of shape (patches, columns). The columns are the labels of all tag sets,
in order, and behind them the labels of those teachers that a trunk follows by itself, in the order of the trunks.

Contents
--------
``TagSet``, ``tag_sets_of``   teachers with the same labels
``followed_teachers``         those that a trunk follows by itself
``Material``                  patches with targets: random batches to learn from, whole tracks to be judged on
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tagger_core.classifier import Classifier
from tagger_core.errors import SettingsError
from tagger_core.model_card import ModelFolder
from training.distill_config import Distillation
from training.soft_labels import Group
from training.soft_targets import averaged

Floats = npt.NDArray[np.float32]
_SCORING_BATCH = 32


@dataclass(frozen=True)
class TagSet:
    """Teachers with the same labels; the first one gives the set its name."""

    teachers: tuple[Classifier, ...]

    @property
    def name(self) -> str:
        return self.teachers[0].card.name

    @property
    def labels(self) -> tuple[str, ...]:
        return self.teachers[0].card.label_names

    def targets(self, group: Group) -> Floats:
        """Probabilities (patches, labels): the teachers averaged in the logit domain."""
        return averaged([np.asarray(group.scores(teacher), np.float32) for teacher in self.teachers])


def tag_sets_of(settings: Distillation, teachers: Sequence[Path]) -> list[TagSet]:
    """The teachers of each trunk. Raises ``ModelError``, and ``SettingsError`` where they do not fit the trunks."""
    sets: dict[tuple[str, ...], list[Classifier]] = {}
    for path in teachers:
        teacher = Classifier(ModelFolder.load(path), "cpu")
        sets.setdefault(teacher.card.label_names, []).append(teacher)
    by_name = {members[0].card.name: TagSet(tuple(members)) for members in sets.values()}
    wanted = list(dict.fromkeys(trunk.tag_set for trunk in settings.trunks))
    if sorted(wanted) != sorted(by_name):
        raise SettingsError(f"the settings have trunks for {', '.join(wanted)}, the teachers are {', '.join(by_name)}")
    if len({teacher.card.features for members in sets.values() for teacher in members}) > 1:
        raise SettingsError("the teachers listen with different feature settings; a student has one front end")
    return [by_name[name] for name in wanted]


def followed_teachers(settings: Distillation, tag_sets: Sequence[TagSet]) -> list[Classifier]:
    """Of each trunk that follows one, in order. Raises ``SettingsError`` if its tag set has no teacher of that name."""
    found = []
    for trunk in settings.trunks:
        teachers = {each.card.name: each for tags in tag_sets if tags.name == trunk.tag_set for each in tags.teachers}
        if trunk.teacher and trunk.teacher not in teachers:
            raise SettingsError(
                f"a trunk follows {trunk.teacher}, but the teachers of {trunk.tag_set} are {', '.join(teachers)}"
            )
        if trunk.teacher:
            found.append(teachers[trunk.teacher])
    return found


@dataclass(frozen=True)
class Material:
    """Patches with targets: ``spans`` are the tracks, as (group, first patch, end)."""

    groups: tuple[Group, ...]
    targets: tuple[Floats, ...]
    spans: tuple[tuple[int, int, int], ...]
    labels: int
    """Of all tag sets."""

    @classmethod
    def of(cls, groups: Sequence[Group], tag_sets: Sequence[TagSet], followed: Sequence[Classifier] = ()) -> "Material":
        """``followed`` are the teachers that trunks follow by themselves."""
        targets = tuple(
            np.concatenate(
                [
                    *(tags.targets(group) for tags in tag_sets),
                    *(np.asarray(group.scores(teacher), np.float32) for teacher in followed),
                ],
                axis=1,
            )
            for group in groups
        )
        spans = [(number, *span) for number, group in enumerate(groups) for span in group.spans]
        return cls(tuple(groups), targets, tuple(spans), sum(len(tags.labels) for tags in tag_sets))

    @property
    def patches(self) -> int:
        return sum(len(group.patches) for group in self.groups)

    def batch(self, generator: np.random.Generator, size: int) -> tuple[Floats, Floats]:
        """Random patches of random tracks; a track's chance grows with the root of its length."""
        rows = [self._draw(generator) for _ in range(size)]
        patches = np.stack([self.groups[group].patches[patch] for group, patch in rows]).astype(np.float32)
        return patches, np.stack([self.targets[group][patch] for group, patch in rows])

    def sample(self, tracks: int, patches: int) -> "Material":
        """At most so many of the tracks, evenly taken, and of each the first so many patches."""
        spans = self.spans[:: max(1, -(-len(self.spans) // tracks))]
        return replace(self, spans=tuple((g, start, min(end, start + patches)) for g, start, end in spans))

    def track_targets(self) -> Floats:
        """Mean targets (tracks, labels) of the tag sets."""
        return np.stack(
            [self.targets[group][start:end, : self.labels].mean(axis=0) for group, start, end in self.spans]
        )

    def track_scores(self, scorer: Callable[[Floats], Floats]) -> Floats:
        """Mean scores (tracks, labels) of the student."""
        means = []
        for group, start, end in self.spans:
            patches = self.groups[group].patches
            parts = [
                scorer(np.asarray(patches[place : min(place + _SCORING_BATCH, end)], np.float32))
                for place in range(start, end, _SCORING_BATCH)
            ]
            means.append(np.concatenate(parts).mean(axis=0))
        return np.stack(means)

    def _draw(self, generator: np.random.Generator) -> tuple[int, int]:
        number = int(np.searchsorted(self._chances, generator.random(), side="right"))
        group, start, end = self.spans[min(number, len(self.spans) - 1)]
        return group, int(generator.integers(start, end))

    @cached_property
    def _chances(self) -> npt.NDArray[np.float64]:
        """Cumulated, by track."""
        roots = np.sqrt([end - start for _, start, end in self.spans])
        cumulated: npt.NDArray[np.float64] = np.cumsum(roots) / roots.sum()
        return cumulated
