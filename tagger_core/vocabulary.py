"""One clean vocabulary out of the labels of any models.

Goal: forty ways to say a dozen things ("woman", "female voice", "female vocalists") become one tag with
one name and one category. Which label means which tag is data: ``data/vocabulary.toml``, and in front of
it the tables of the same shape in a person's settings.

Words are compared by their *key*: case, hyphens, spaces and punctuation do not matter, so that "hip hop" in
a file is recognised as the tag "Hip-Hop".
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

import msgspec

from tagger_core.domain import Category
from tagger_core.model_card import ModelCard


class TagTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[tags."NAME"]`` of a vocabulary."""

    category: Category
    labels: tuple[str, ...] = ()


class ExclusiveTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[[exclusive]]`` of a vocabulary."""

    tags: tuple[str, str]


class VocabularyTables(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A vocabulary as it is written down."""

    tags: Mapping[str, TagTable] = {}
    exclusive: tuple[ExclusiveTable, ...] = ()


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag as a person sees it."""

    name: str
    category: Category


@lru_cache(maxsize=4096)
def key_of(word: str) -> str:
    """What a word is compared by: "R&B", "r & b" and "r&b" are the same, "Hip Hop" and "hip-hop" too."""
    return re.sub(r"[^\w&]+|_", "", word.casefold())


@cache
def shipped_tables() -> VocabularyTables:
    """The vocabulary that comes with Earmark."""
    text = files("tagger_core").joinpath("data/vocabulary.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), VocabularyTables)


class Vocabulary:
    """Which tag a label or a word in a file means, and which tags exclude each other."""

    def __init__(self, cards: Iterable[ModelCard] = (), own: VocabularyTables | None = None) -> None:
        self._tags: dict[str, Tag] = {}
        self._exclusive: set[frozenset[str]] = set()
        # The first claim on a word counts, so a person's own tables go before the shipped ones.
        for tables in (own or VocabularyTables(), shipped_tables()):
            self._add(tables)
        for card in cards:
            self._add_card(card)

    def tag_of(self, word: str) -> Tag | None:
        """The tag that a label, a name or a value means; ``None`` if the vocabulary does not know it."""
        return self._tags.get(key_of(word))

    def tags(self) -> Sequence[Tag]:
        """Every tag, by name."""
        return sorted(set(self._tags.values()), key=lambda tag: tag.name.casefold())

    def exclude_each_other(self, one: str, other: str) -> bool:
        """Whether two tag names cannot both be true."""
        return frozenset((one, other)) in self._exclusive

    def _add(self, tables: VocabularyTables) -> None:
        # Names before synonyms: a tag's name may be another tag's synonym only if no table names it.
        for name, table in tables.tags.items():
            self._tags.setdefault(key_of(name), Tag(name, table.category))
        for name, table in tables.tags.items():
            tag = self._tags[key_of(name)]
            for label in table.labels:
                self._tags.setdefault(key_of(label), tag)
        self._add_exclusive(pair.tags for pair in tables.exclusive)

    def _add_card(self, card: ModelCard) -> None:
        for label in card.labels:
            words = (label.name, *label.aliases)
            known = next((tag for word in words if (tag := self.tag_of(word))), None)
            tag = known or Tag(_display_name(label.name), label.category)
            for word in words:
                self._tags.setdefault(key_of(word), tag)
        self._add_exclusive(
            (one, other) for group in card.exclusive for one in group for other in group if one != other
        )

    def _add_exclusive(self, pairs: Iterable[tuple[str, str]]) -> None:
        for one, other in pairs:
            tags = [self.tag_of(one), self.tag_of(other)]
            names = frozenset(tag.name if tag else word for tag, word in zip(tags, (one, other), strict=True))
            if len(names) == 2:
                self._exclusive.add(names)


def _display_name(label: str) -> str:
    """ "new age" -> "New Age"; a label that has capitals already keeps its own spelling."""
    return label if label != label.lower() else re.sub(r"(^|[\s\-/&(])([^\W\d_])", lambda m: m[0].upper(), label)
