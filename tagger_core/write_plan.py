"""What would be written into one file: a pure difference between its fields and the tags it shall get.

Modes, for each field: ``merge`` keeps every present value with its spelling and order and appends what is
missing; ``replace`` keeps only protected values and those that are suggested again; ``fill`` writes only
where the field is empty. A field without any new tag is never touched, in no mode.

Contents
--------
``plan_file``, ``staying_values``, ``adds_values``, ``FieldValues``
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from tagger_core.domain import Category, FilePlan, TagEdit, Track
from tagger_core.settings import Mode, Settings
from tagger_core.tag_fields import Field
from tagger_core.vocabulary import Tag, Vocabulary, key_of

FieldValues = Mapping[Field, tuple[str, ...]]


def plan_file(
    track: Track,
    present: FieldValues,
    tags: Sequence[Tag],
    settings: Settings,
    vocabulary: Vocabulary,
) -> FilePlan:
    """The edits that bring the tags into the file, in their order. Empty if it says all of it already."""
    preset = settings.written_preset
    wanted: dict[Field, list[str]] = {}
    for tag in tags:
        field = preset.fields.get(tag.category)
        if field is not None:
            wanted.setdefault(field, []).append(tag.name)
    edits = []
    for field in sorted(wanted, key=list(Field).index):  # the same order in every report
        old = present.get(field, ())
        new = _edited(old, wanted[field], settings.mode_of(field), settings.protected, vocabulary)
        if new != old:
            edits.append(TagEdit(field, old, new))
    if preset.mood_comment:
        edits += _comment_edit(present, tags, settings.mode_of(Field.COMMENT))
    return FilePlan(track, tuple(edits))


def staying_values(present: FieldValues, settings: Settings) -> list[str]:
    """The values that are in the file now and will still be there after the plan."""
    return [
        part
        for field, values in present.items()
        for value in values
        for part in parts_of(value)
        if field is not Field.COMMENT
        and (settings.mode_of(field) != "replace" or _is_protected(value, settings.protected))
    ]


def adds_values(tags: Iterable[Tag], present: FieldValues, settings: Settings, vocabulary: Vocabulary) -> list[bool]:
    """For each tag whether it would be a new value in the file: it has a field there, which does not say it already."""
    said: dict[Field, set[str] | None] = {}
    for field, values in present.items():
        mode = settings.mode_of(field)
        kept = [
            part
            for value in values
            for part in (parts_of(value) if mode != "replace" or _is_protected(value, settings.protected) else [value])
        ]
        said[field] = None if _stays_as_it_is(values, mode) else _meanings(kept, vocabulary)
    fields = settings.written_preset.fields

    def adds(tag: Tag) -> bool:
        field = fields.get(tag.category)
        known = said.get(field, set()) if field else None
        return known is not None and _meaning(tag.name, vocabulary) not in known

    return [adds(tag) for tag in tags]


def _stays_as_it_is(values: Sequence[str], mode: Mode) -> bool:
    return mode == "fill" and any(value.strip() for value in values)


def _meanings(words: Iterable[str], vocabulary: Vocabulary) -> set[str]:
    return {meaning for word in words if (meaning := _meaning(word, vocabulary))}


def _edited(
    old: tuple[str, ...], wanted: Sequence[str], mode: Mode, protected: Sequence[str], vocabulary: Vocabulary
) -> tuple[str, ...]:
    if _stays_as_it_is(old, mode):
        return old
    if mode == "replace":
        stay = {_meaning(value, vocabulary) for value in wanted}
        old = tuple(value for value in old if _is_protected(value, protected) or _meaning(value, vocabulary) in stay)
    known = _meanings((part for value in old for part in parts_of(value)), vocabulary)
    return old + tuple(value for value in wanted if _meaning(value, vocabulary) not in known)


def _is_protected(value: str, protected: Sequence[str]) -> bool:
    """A value that joins a protected one with others stays as a whole."""
    keys = {key_of(word) for word in protected}
    return any(key_of(part) in keys for part in parts_of(value))


def parts_of(value: str) -> list[str]:
    """A value and what it joins: "Rock;Ballad" says "Rock" too. Only for comparing; a value is never taken apart."""
    return [value, *(part for part in re.split(r"[;/,]", value) if part != value)]


def _meaning(value: str, vocabulary: Vocabulary) -> str:
    """Two values with the same meaning ("Hip Hop" and "Hip-Hop") are not both written."""
    tag = vocabulary.tag_of(value)
    return key_of(tag.name if tag else value)


_MOOD_BLOCK = re.compile(r"\s*\[moods: [^\]]*\]")


def _comment_edit(present: FieldValues, tags: Sequence[Tag], mode: Mode) -> list[TagEdit]:
    """The comment keeps its text; only the ``[moods: a; b]`` block at its end is ours, and replaced.

    In mode ``fill`` a comment that says anything else is left alone.
    """
    moods = [tag.name for tag in tags if tag.category in (Category.MOOD, Category.TEMPO)]
    old = present.get(Field.COMMENT, ())
    text = old[0] if old else ""
    own_words = _MOOD_BLOCK.sub("", text)
    if not moods or (mode == "fill" and own_words):
        return []
    block = f"[moods: {'; '.join(moods)}]"
    new = (f"{own_words} {block}" if own_words else block, *old[1:])
    return [TagEdit(Field.COMMENT, old, new)] if new != old else []
