"""What the files say already, as far as it decides about tags; each different saying is kept and judged once.

Contents
--------
``FileWords``
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from tagger_core.review.rules import Flags
from tagger_core.review.values import Present
from tagger_core.settings import Settings
from tagger_core.tag_fields import Field
from tagger_core.vocabulary import Tag, Vocabulary
from tagger_core.write_plan import adds_values, staying_values


class FileWords:
    """The fields of all files. A number stands for the fields of one file or of many that say the same."""

    def __init__(self, tags: Sequence[Tag], settings: Settings, vocabulary: Vocabulary) -> None:
        self._tags = tags
        self._vocabulary = vocabulary
        self._numbers: dict[tuple[tuple[Field, tuple[str, ...]], ...], int] = {}
        self._sayings: list[Present] = []
        self._contrary: dict[str, Flags] = {}
        self.change_settings(settings)

    def change_settings(self, settings: Settings) -> None:
        """Other modes, protected values or fields: everything is judged anew."""
        self._settings = settings
        self._blocked: dict[int, Flags] = {}
        self._new: dict[int, Flags] = {}

    def number(self, present: Present) -> int:
        """The number of what a file says."""
        key = tuple(sorted(present.items()))
        number = self._numbers.setdefault(key, len(self._sayings))
        if number == len(self._sayings):
            self._sayings.append(dict(key))
        return number

    def present(self, number: int) -> Present:
        return self._sayings[number]

    def staying(self, number: int) -> list[str]:
        """The values that are still there after writing."""
        return staying_values(self._sayings[number], self._settings)

    def blocked(self, number: int) -> Flags:
        """Which tags contradict a value that stays, shape (tags,)."""
        found = self._blocked.get(number)
        if found is None:
            found = np.zeros(len(self._tags), np.bool_)
            for word in self.staying(number):
                if tag := self._vocabulary.tag_of(word):
                    found |= self._excluded_by(tag.name)
            self._blocked[number] = found
        return found

    def new(self, number: int) -> Flags:
        """Which tags would add a value to the file, shape (tags,)."""
        found = self._new.get(number)
        if found is None:
            adds = adds_values(self._tags, self._sayings[number], self._settings, self._vocabulary)
            found = np.array(adds, np.bool_)
            self._new[number] = found
        return found

    def adds(self, number: int, tag: Tag) -> bool:
        """Whether a tag that no model knows would add a value to the file."""
        return adds_values([tag], self._sayings[number], self._settings, self._vocabulary)[0]

    def of_files(self, judge: Callable[[int], Flags], numbers: npt.NDArray[np.int32]) -> Flags:
        """``blocked`` or ``new`` of many files, shape (tags, files)."""
        different, place = np.unique(numbers, return_inverse=True)
        judged = [judge(number) for number in different.tolist()]
        return np.array(judged, np.bool_).reshape(len(judged), len(self._tags)).T[:, place]

    def _excluded_by(self, name: str) -> Flags:
        if name not in self._contrary:
            flags = [self._vocabulary.exclude_each_other(tag.name, name) for tag in self._tags]
            self._contrary[name] = np.array(flags, np.bool_)
        return self._contrary[name]
