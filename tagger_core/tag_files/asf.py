"""ASF (WMA): attributes in the header, read and edited.

Attributes live in four objects: the comment in the Content Description, the others of ours in the Extended Content
Description, further values perhaps in the Metadata Library. Values are read in this order. So an added one goes where
the last one is, and the first of a field into the Extended Content Description, where every reader looks. An object
that an edit does not concern keeps its bytes. "ASF Specification 01.20.05", chapter 3.

Contents
--------
``AsfTag``
"""

import os
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from tagger_core.domain import Span
from tagger_core.layouts import LayoutError, read_at
from tagger_core.layouts.asf import (
    CONTENT_DESCRIPTION,
    DATA,
    ENCRYPTION,
    EXTENDED_CONTENT_DESCRIPTION,
    FILE_PROPERTIES,
    HEADER,
    HEADER_EXTENSION,
    METADATA,
    METADATA_LIBRARY,
    OBJECT_HEADER_LENGTH,
    AsfObject,
    asf_objects,
    asf_top_objects,
)
from tagger_core.tag_fields import ASF_NAMES, Field, Preset
from tagger_core.tag_files.asf_attributes import PARSERS, Attribute, serialised
from tagger_core.tag_files.readback import Reading, check_reading, read_asf
from tagger_core.tag_files.recipe import Recipe, replaced
from tagger_core.tag_files.text_values import Values, edited_entries, read_entries

_HEADER_FIELDS = OBJECT_HEADER_LENGTH + 6
"""GUID, length, number of objects, two reserved bytes."""
_EXTENSION_FIELDS = 22
"""Of the body of a Header Extension: a GUID, two reserved bytes, the length of what follows."""
_FILE_SIZE = slice(16, 24)
"""In the body of the File Properties."""

_FIELDS = {name.upper(): field for field, name in ASF_NAMES.items()}
_ORDER = (CONTENT_DESCRIPTION, EXTENDED_CONTENT_DESCRIPTION, METADATA, METADATA_LIBRARY)


class _Form:
    """How attributes hold texts; names are the same in any case."""

    one_text_each = True

    def field_of(self, entry: Attribute) -> Field | None:
        return _FIELDS.get(entry.name.upper()) if entry.is_general else None

    def texts(self, entry: Attribute) -> list[str]:
        return [entry.text()]

    def encoded(self, field: Field, texts: Sequence[str], old: Attribute | None) -> list[Attribute]:
        home = CONTENT_DESCRIPTION if field is Field.COMMENT else EXTENDED_CONTENT_DESCRIPTION
        home = old.home if old else home
        try:
            return [Attribute.of_text(home, old.name if old else ASF_NAMES[field], text) for text in texts]
        except UnicodeEncodeError as error:
            raise LayoutError(f"its {field} cannot be written in UTF-16") from error


_FORM = _Form()


@dataclass(frozen=True, slots=True)
class AsfTag:
    """The attributes of one file, in the order of their four objects, and the objects of its header."""

    size: int
    header: Span
    reserved: bytes
    objects: tuple[AsfObject, ...]
    attributes: tuple[Attribute, ...]
    reading: Reading
    warnings: tuple[str, ...] = ()

    @classmethod
    def read(cls, file: BinaryIO) -> "AsfTag":
        """Raises ``LayoutError`` and ``OSError``."""
        top = asf_top_objects(file)
        guid, place = top[0] if top else (b"", Span(0, 0))
        if guid != HEADER or place.length < _HEADER_FIELDS:
            raise LayoutError("it does not begin with an ASF header")
        if len(top) < 2 or top[1][0] != DATA:
            raise LayoutError("its audio does not follow its ASF header")
        data = read_at(file, place)
        objects = asf_objects(data[_HEADER_FIELDS:])
        nested = _nested(objects)
        if len(objects) != int.from_bytes(data[OBJECT_HEADER_LENGTH : OBJECT_HEADER_LENGTH + 4], "little"):
            raise LayoutError("its ASF header counts its objects wrongly")
        if any(one.guid in ENCRYPTION for one in objects):
            raise LayoutError("it is protected by DRM, and Earmark cannot write such files")
        found = {guid: [one for one in (*objects, *nested) if one.guid == guid] for guid in (*_ORDER, HEADER_EXTENSION)}
        if any(len(same) > 1 for same in found.values()):
            raise LayoutError("its ASF header holds the same object twice")
        attributes = [attribute for guid in _ORDER for one in found[guid] for attribute in PARSERS[guid](one.body)]
        reserved = data[_HEADER_FIELDS - 2 : _HEADER_FIELDS]
        return cls(file.seek(0, os.SEEK_END), place, reserved, objects, tuple(attributes), read_asf(file))

    def values(self) -> dict[Field, Values]:
        return read_entries(self.attributes, _FORM)

    def edited(self, edits: Mapping[Field, Values], preset: Preset) -> Recipe:
        attributes = edited_entries(self.attributes, edits, _FORM, joined=preset.joined)
        objects = self._with_attributes(attributes)
        growth = len(_header(objects, self.reserved)) - self.header.length
        objects = [_with_file_size(one, self.size, self.size + growth) for one in objects]
        return replaced(self.size, (self.header, _header(objects, self.reserved)))

    def check(self, edited: BinaryIO, edits: Mapping[Field, Values]) -> None:
        """Also: every attribute that is not ours has the same bytes, every other object of the header too."""
        new = AsfTag.read(edited)
        if _others(new.attributes, edits) != _others(self.attributes, edits) or new._foreign() != self._foreign():
            raise LayoutError("its other fields would change")
        check_reading(self.reading, new.reading, edits)

    def _with_attributes(self, attributes: Sequence[Attribute]) -> list[AsfObject]:
        """The header's objects, of which those with other attributes than before are made anew."""
        changed = {}
        for guid in _ORDER:
            mine = [attribute for attribute in attributes if attribute.home == guid]
            if mine != [attribute for attribute in self.attributes if attribute.home == guid]:
                changed[guid] = AsfObject(guid, serialised(guid, mine))
        objects = []
        for one in self.objects:
            if one.guid == HEADER_EXTENSION:
                inside = [changed.pop(inner.guid, inner) for inner in _nested([one])]
                objects.append(_extension(one, inside))
            else:
                objects.append(changed.pop(one.guid, one))
        return [*objects, *changed.values()]

    def _foreign(self) -> list[AsfObject]:
        """All objects, nested ones included, that hold no attributes nor the size of the file."""
        own = (*_ORDER, HEADER_EXTENSION)
        every = [one for one in (*self.objects, *_nested(self.objects)) if one.guid not in own]
        return [_with_file_size(one, self.size, 0) for one in every]


def _nested(objects: Sequence[AsfObject]) -> tuple[AsfObject, ...]:
    """The objects inside the Header Extension."""
    found: tuple[AsfObject, ...] = ()
    for one in objects:
        if one.guid == HEADER_EXTENSION:
            inside = one.body[_EXTENSION_FIELDS:]
            if int.from_bytes(one.body[_EXTENSION_FIELDS - 4 : _EXTENSION_FIELDS], "little") != len(inside):
                raise LayoutError("its ASF header has a broken object")
            found += asf_objects(inside)
    return found


def _extension(old: AsfObject, inside: Sequence[AsfObject]) -> AsfObject:
    body = b"".join(one.to_bytes() for one in inside)
    return AsfObject(old.guid, old.body[: _EXTENSION_FIELDS - 4] + struct.pack("<I", len(body)) + body)


def _header(objects: Sequence[AsfObject], reserved: bytes) -> bytes:
    body = struct.pack("<I", len(objects)) + reserved + b"".join(one.to_bytes() for one in objects)
    return AsfObject(HEADER, body).to_bytes()


def _with_file_size(one: AsfObject, old_size: int, new_size: int) -> AsfObject:
    """Kept right where it was right; a live recording has none."""
    if one.guid != FILE_PROPERTIES or int.from_bytes(one.body[_FILE_SIZE], "little") != old_size:
        return one
    return replace(one, body=one.body[: _FILE_SIZE.start] + struct.pack("<Q", new_size) + one.body[_FILE_SIZE.stop :])


def _others(attributes: Sequence[Attribute], edits: Mapping[Field, Values]) -> list[Attribute]:
    first_comment = next((one for one in attributes if _FORM.field_of(one) is Field.COMMENT), None)
    return [
        one
        for one in attributes
        if (found := _FORM.field_of(one)) not in edits or (found is Field.COMMENT and one is not first_comment)
    ]
