"""APEv2 at the end of Monkey's Audio, WavPack, Musepack, TAK and OptimFROG files, read and edited.

A tag is a header (absent in APEv1) and a footer of 32 bytes with the items between; a text item holds all its values,
NUL-separated, in UTF-8. https://wiki.hydrogenaud.io/index.php?title=APEv2_specification
A new tag begins with what an ID3v1 tag says, because readers that find an APEv2 tag look at no other.

Contents
--------
``ApeTag``, ``read_texts``, ``FRAMES``
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from tagger_core.domain import Span
from tagger_core.layouts import LayoutError, read_at
from tagger_core.layouts.kinds import Kind
from tagger_core.mp3_layout import Mp3Layout, mp3_layout
from tagger_core.tag_fields import APEV2_NAMES, ID3_FRAMES, Field, Preset
from tagger_core.tag_files.older_tags import OlderTags, id3v1
from tagger_core.tag_files.readback import Reading, check_reading, read_ape
from tagger_core.tag_files.recipe import Recipe, replaced
from tagger_core.tag_files.text_values import Values, edited_entries, read_entries

_MARK = b"APETAGEX"
_END_LENGTH = 32
_VERSION_2 = 2000
_HAS_HEADER, _IS_HEADER = 1 << 31, 1 << 29
_KIND_BITS = 0x06
"""Of an item's flags; 0 is a text."""

FRAMES = {"Title": "TIT2", "Artist": "TPE1", "Album": "TALB", "Year": "TDRC", "Track": "TRCK"}
"""Key -> key of the ID3v2.4 frame that says the same."""
_FRAMES_OF_ID3V1 = {**FRAMES, **{APEV2_NAMES[field]: ID3_FRAMES[4][field] for field in (Field.COMMENT, Field.GENRE)}}

_FIELDS = {name.upper(): field for field, name in APEV2_NAMES.items()}


@dataclass(frozen=True, slots=True)
class _Item:
    key: str
    flags: int
    value: bytes = field(repr=False)

    def to_bytes(self) -> bytes:
        return _number(len(self.value)) + _number(self.flags) + self.key.encode("latin-1") + b"\0" + self.value


class _Form:
    """How items hold texts; keys are the same in any case."""

    one_text_each = False

    def field_of(self, entry: _Item) -> Field | None:
        return _FIELDS.get(entry.key.upper())

    def texts(self, entry: _Item) -> list[str]:
        if entry.flags & _KIND_BITS:
            raise LayoutError(f"its APEv2 tag holds a {entry.key} that is not a text")
        try:
            return entry.value.decode("utf-8").split("\0")
        except UnicodeDecodeError as error:
            raise LayoutError(f"its APEv2 tag holds a {entry.key} that is not UTF-8") from error

    def encoded(self, field: Field, texts: Sequence[str], old: _Item | None) -> list[_Item]:
        try:
            value = "\0".join(texts).encode("utf-8")
        except UnicodeEncodeError as error:
            raise LayoutError(f"its {field} cannot be written in UTF-8") from error
        return [_Item(old.key, old.flags, value) if old else _Item(APEV2_NAMES[field], 0, value)]


_FORM = _Form()


@dataclass(frozen=True, slots=True)
class ApeTag:
    """The tag of one file; ``place`` is where it is or, with a length of 0, where a new one goes.

    ``older``: what an ID3v1 tag says, where this one says nothing.
    """

    kind: Kind
    layout: Mp3Layout
    place: Span
    items: tuple[_Item, ...]
    version: int
    has_header: bool
    older: OlderTags
    reading: Reading

    @classmethod
    def read(cls, file: BinaryIO, kind: Kind) -> "ApeTag":
        """Raises ``LayoutError`` and ``OSError``."""
        layout = mp3_layout(file)
        reading = read_ape(file, kind)
        place = _place(file, layout)
        items, version, has_header = _parsed(read_at(file, place)) if place.length else ((), _VERSION_2, True)
        older = OlderTags({} if items else id3v1(file, layout), ("an ID3v1 tag",), new_kind="APEv2")
        return cls(kind, layout, place, items, version, has_header, older, reading)

    @property
    def warnings(self) -> tuple[str, ...]:
        return self.older.warnings

    def values(self) -> dict[Field, Values]:
        return read_entries(self._begun(), _FORM)

    def edited(self, edits: Mapping[Field, Values], preset: Preset) -> Recipe:
        items = edited_entries(self._begun(), edits, _FORM, joined=preset.joined)
        return replaced(self.layout.size, (self.place, self._tag(items) if items else b""))

    def check(self, edited: BinaryIO, edits: Mapping[Field, Values]) -> None:
        """Also: every item that is not ours has the same bytes and place among the others."""
        new = ApeTag.read(edited, self.kind)
        items, reading = self.items, self.reading
        if self.older.texts and new.items:
            items = self._begun()
            reading = replace(reading, texts=_own_texts(items), others=_other_readings(items))
        if _others(new.items, edits) != _others(items, edits):
            raise LayoutError("its other fields would change")
        check_reading(reading, new.reading, edits)

    def _begun(self) -> tuple[_Item, ...]:
        """The items or, if there are none, those with which a new tag begins."""
        return self.items or tuple(
            _Item(key, 0, "\0".join(self.older.texts[frame]).encode("utf-8"))
            for key, frame in _FRAMES_OF_ID3V1.items()
            if frame in self.older.texts
        )

    def _tag(self, items: Sequence[_Item]) -> bytes:
        body = b"".join(item.to_bytes() for item in items)
        flags = _HAS_HEADER if self.has_header else 0

        def end(more_flags: int) -> bytes:
            numbers = (self.version, len(body) + _END_LENGTH, len(items), flags | more_flags)
            return _MARK + b"".join(map(_number, numbers)) + bytes(8)

        return (end(_IS_HEADER) if self.has_header else b"") + body + end(0)


def read_texts(file: BinaryIO, layout: Mp3Layout) -> dict[str, list[str]]:
    """Key in capitals -> texts, of an APEv2 tag at the end of any file. Raises ``LayoutError`` and ``OSError``."""
    place = _place(file, layout)
    items = _parsed(read_at(file, place))[0] if place.length else ()
    return {item.key.upper(): _FORM.texts(item) for item in items if not item.flags & _KIND_BITS}


def _place(file: BinaryIO, layout: Mp3Layout) -> Span:
    """Where the tag is or, with a length of 0, where a new one goes."""
    places = [span for span in layout.tags_at_end if read_at(file, span)[-_END_LENGTH:].startswith(_MARK)]
    if len(places) > 1:
        raise LayoutError("it has more than one APEv2 tag")
    return places[0] if places else Span(layout.audio_end, 0)


def _parsed(data: bytes) -> tuple[tuple[_Item, ...], int, bool]:
    """The items of a whole tag, its version, and whether it has a header."""
    version, flags = (int.from_bytes(data[at : at + 4], "little") for at in (-24, -12))
    has_header = bool(flags & _HAS_HEADER)
    if has_header and not data.startswith(_MARK):
        raise LayoutError("its APEv2 tag has a broken header")
    items = _items(data[_END_LENGTH if has_header else 0 : -_END_LENGTH])
    if len(items) != int.from_bytes(data[-16:-12], "little"):
        raise LayoutError("its APEv2 tag counts its items wrongly")
    keys = [item.key.upper() for item in items]
    if len(set(keys)) < len(keys):
        raise LayoutError("its APEv2 tag holds the same key twice")
    return items, version, has_header


def _items(data: bytes) -> tuple[_Item, ...]:
    items = []
    offset = 0
    while offset < len(data):
        length, flags = (int.from_bytes(data[at : at + 4], "little") for at in (offset, offset + 4))
        key_end = data.find(b"\0", offset + 8)
        end = key_end + 1 + length
        if key_end < 0 or end > len(data):
            raise LayoutError("its APEv2 tag has a broken item")
        items.append(_Item(data[offset + 8 : key_end].decode("latin-1"), flags, data[key_end + 1 : end]))
        offset = end
    return tuple(items)


def _own_texts(items: Sequence[_Item]) -> dict[Field, list[str]]:
    return {found: _FORM.texts(item) for item in items if (found := _FORM.field_of(item))}


def _other_readings(items: Sequence[_Item]) -> tuple[tuple[str, tuple[int, bytes]], ...]:
    return tuple((item.key, (0, item.value)) for item in items if not _FORM.field_of(item))


def _others(items: Sequence[_Item], edits: Mapping[Field, Values]) -> list[_Item]:
    return [item for item in items if _FORM.field_of(item) not in edits]


def _number(number: int) -> bytes:
    return number.to_bytes(4, "little")
