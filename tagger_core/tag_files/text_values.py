"""Fields whose values are texts, in any tag that is a list of entries: one algorithm for all of them.

Conventions
-----------
An *entry* is an item of a tag as its format has it (a Vorbis comment, an APEv2 item ...), with a key and one or
several texts. A stored text that holds "; " is read as several values in every format; a comment never is, and of
several comments only the first is ours. Entries that an edit does not concern keep their bytes and their order.

Contents
--------
``Values``, ``SEPARATOR``, ``EntryFormat``, ``read_entries``, ``edited_entries``, ``split``, ``require_storable``
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

from tagger_core.tag_fields import Field

Values = tuple[str, ...]

SEPARATOR = "; "
"""Between values joined into one text; a "/" is split wrongly by readers ("AC/DC")."""

Entry = TypeVar("Entry")


class EntryFormat(Protocol[Entry]):
    """How a format keeps texts in entries. All methods raise ``LayoutError``."""

    one_text_each: bool
    """Whether an entry holds one text, so that several values take several entries."""

    def field_of(self, entry: Entry, /) -> Field | None:
        """The field that the entry belongs to, ``None`` for everything that is not ours."""

    def texts(self, entry: Entry, /) -> list[str]:
        """What an entry of ours says."""

    def encoded(self, field: Field, texts: Sequence[str], old: Entry | None, /) -> list[Entry]:
        """New entries, with the spelling of the key of the one that they follow or replace."""


def read_entries(entries: Iterable[Entry], form: EntryFormat[Entry]) -> dict[Field, Values]:
    """The fields that have values. Raises ``LayoutError``."""
    found: dict[Field, list[str]] = {}
    comments = 0
    for entry in entries:
        field = form.field_of(entry)
        if field is None:
            continue
        comments += field is Field.COMMENT
        if field is not Field.COMMENT or comments == 1:
            found.setdefault(field, []).extend(split(field, form.texts(entry)))
    return {field: tuple(found[field]) for field in Field if found.get(field)}


def edited_entries(
    entries: Sequence[Entry], edits: Mapping[Field, Values], form: EntryFormat[Entry], *, joined: bool
) -> tuple[Entry, ...]:
    """The entries with new values in some fields; an empty tuple takes the field out.

    Where a field only gains values, its stored texts stay as they are and the new ones follow. ``joined``: all values
    in one text. Raises ``LayoutError``, and ``ValueError`` for a value that is empty or holds a NUL.
    """
    for field, values in edits.items():
        require_storable(field, values)
        entries = _with_values(entries, field, values, form, joined=joined)
    return tuple(entries)


def split(field: Field, texts: Iterable[str]) -> list[str]:
    """The values in stored texts."""
    if field is not Field.COMMENT:
        texts = [value for text in texts for value in text.split(SEPARATOR)]
    return [value for value in texts if value]


def require_storable(field: Field, values: Values) -> None:
    """Raises ``ValueError``: no plan should hold an empty value or one with a NUL."""
    if any(not value or "\0" in value for value in values):
        raise ValueError(f"{field} cannot hold an empty value or a NUL: {values}")


def _with_values(
    entries: Sequence[Entry], field: Field, values: Values, form: EntryFormat[Entry], *, joined: bool
) -> list[Entry]:
    places = [index for index, entry in enumerate(entries) if form.field_of(entry) is field]
    if field is Field.COMMENT:
        places = places[:1]
    texts = [text for index in places for text in form.texts(entries[index])]
    old_values = tuple(split(field, texts))
    only_adds = bool(old_values) and not joined and values[: len(old_values)] == old_values
    if only_adds and form.one_text_each:
        after = places[-1] + 1
        added = form.encoded(field, values[len(old_values) :], entries[places[-1]])
        return [*entries[:after], *added, *entries[after:]]
    texts = [*texts, *values[len(old_values) :]] if only_adds else [SEPARATOR.join(values)] if joined else [*values]
    first = places[0] if places else len(entries)
    new = form.encoded(field, texts, entries[first] if places else None) if values else []
    rest = [entry for index, entry in enumerate(entries[first:], first) if index not in places]
    return [*entries[:first], *new, *rest]
