"""The attributes in the four objects of an ASF header that hold some, as bytes and back.

Texts are UTF-16, little-endian, ending with a zero. "ASF Specification 01.20.05", sections 3.10, 3.11, 4.7 and 4.8.

Contents
--------
``Attribute``, ``PARSERS``, ``serialised``
"""

import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tagger_core.layouts import LayoutError
from tagger_core.layouts.asf import CONTENT_DESCRIPTION, EXTENDED_CONTENT_DESCRIPTION, METADATA, METADATA_LIBRARY

_TEXT = 0
_DESCRIPTION_NAMES = ("Title", "Author", "Copyright", "Description", "Rating")
_EXTENDED_FIELDS = struct.Struct("<HH")
"""After the name: type, length of the value."""
_LIBRARY_FIELDS = struct.Struct("<HHHHI")
"""Before the name: language, stream, length of the name, type, length of the value."""
_MAX_EXTENDED_LENGTH = 0xFFFF


class _Detail(NamedTuple):
    """What an attribute of the two metadata objects has beside its value."""

    language: int = 0
    stream: int = 0


_GENERAL = _Detail()


@dataclass(frozen=True, slots=True)
class Attribute:
    """``home`` is the GUID of its object; ``stored_name`` the bytes of its name, as they are there."""

    home: bytes
    stored_name: bytes = field(repr=False)
    type: int
    value: bytes = field(repr=False)
    detail: _Detail = _GENERAL

    @classmethod
    def of_text(cls, home: bytes, name: str, text: str) -> "Attribute":
        """Raises ``UnicodeEncodeError``, and ``LayoutError`` for a text that is too long."""
        value = _stored(text)
        if len(value) > _MAX_EXTENDED_LENGTH:
            raise LayoutError("it would hold a text that is too long for ASF (64 KiB)")
        return cls(home, b"" if home == CONTENT_DESCRIPTION else _stored(name), _TEXT, value)

    @property
    def name(self) -> str:
        if self.home == CONTENT_DESCRIPTION and not self.stored_name:
            return "Description"
        return self.stored_name.decode("utf-16-le", "replace").rstrip("\0")

    @property
    def is_general(self) -> bool:
        """It concerns the whole file, in every language."""
        return self.detail == _GENERAL

    def text(self) -> str:
        """Raises ``LayoutError``."""
        if self.type != _TEXT:
            raise LayoutError(f"its ASF header holds a {self.name} that is not a text")
        try:
            return self.value.decode("utf-16-le").rstrip("\0")
        except UnicodeDecodeError as error:
            raise LayoutError(f"its ASF header holds a {self.name} that is not UTF-16") from error


def serialised(guid: bytes, attributes: Sequence[Attribute]) -> bytes:
    """The body of the object that holds these attributes."""
    if guid == CONTENT_DESCRIPTION:
        values = {one.name: one.value for one in attributes}
        texts = [values.get(name, b"") for name in _DESCRIPTION_NAMES]
        return struct.pack("<5H", *map(len, texts)) + b"".join(texts)
    make = _extended if guid == EXTENDED_CONTENT_DESCRIPTION else _of_library
    return struct.pack("<H", len(attributes)) + b"".join(map(make, attributes))


def _extended(one: Attribute) -> bytes:
    name = struct.pack("<H", len(one.stored_name)) + one.stored_name
    return name + _EXTENDED_FIELDS.pack(one.type, len(one.value)) + one.value


def _of_library(one: Attribute) -> bytes:
    return (
        _LIBRARY_FIELDS.pack(*one.detail, len(one.stored_name), one.type, len(one.value)) + one.stored_name + one.value
    )


def _parse_description(body: bytes) -> list[Attribute]:
    reader = _Reader(body)
    lengths = reader.numbers(struct.Struct("<5H"))
    values = [reader.take(length) for length in lengths]
    return [
        Attribute(CONTENT_DESCRIPTION, b"" if name == "Description" else _stored(name), _TEXT, value)
        for name, value in zip(_DESCRIPTION_NAMES, values, strict=True)
        if value
    ]


def _parse_extended(body: bytes) -> list[Attribute]:
    reader = _Reader(body)
    (count,) = reader.numbers(struct.Struct("<H"))
    found = []
    for _ in range(count):
        (length,) = reader.numbers(struct.Struct("<H"))
        name = reader.take(length)
        kind, length = reader.numbers(_EXTENDED_FIELDS)
        found.append(Attribute(EXTENDED_CONTENT_DESCRIPTION, name, kind, reader.take(length)))
    return found


def _parse_library(guid: bytes) -> Callable[[bytes], list[Attribute]]:
    def parse(body: bytes) -> list[Attribute]:
        reader = _Reader(body)
        (count,) = reader.numbers(struct.Struct("<H"))
        found = []
        for _ in range(count):
            language, stream, name_length, kind, length = reader.numbers(_LIBRARY_FIELDS)
            name = reader.take(name_length)
            found.append(Attribute(guid, name, kind, reader.take(length), _Detail(language, stream)))
        return found

    return parse


PARSERS: Mapping[bytes, Callable[[bytes], list[Attribute]]] = {
    CONTENT_DESCRIPTION: _parse_description,
    EXTENDED_CONTENT_DESCRIPTION: _parse_extended,
    METADATA: _parse_library(METADATA),
    METADATA_LIBRARY: _parse_library(METADATA_LIBRARY),
}
"""GUID of an object -> what takes its body apart. They raise ``LayoutError``."""


class _Reader:
    """Takes bytes from the front."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._offset = 0

    def take(self, length: int) -> bytes:
        end = self._offset + length
        if end > len(self._data):
            raise LayoutError("its ASF header has a broken attribute")
        taken, self._offset = self._data[self._offset : end], end
        return taken

    def numbers(self, form: struct.Struct) -> tuple[int, ...]:
        return form.unpack(self.take(form.size))


def _stored(text: str) -> bytes:
    return text.encode("utf-16-le") + b"\0\0"
