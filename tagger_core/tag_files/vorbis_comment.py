"""Vorbis comments, the tags of FLAC and Ogg: a vendor, then a list of "NAME=value" in UTF-8.

Every entry is kept as bytes, also one that is not as it should be; so is what follows the list.
Source: https://xiph.org/vorbis/doc/v-comment.html

Contents
--------
``VorbisComment``, ``parse_comment``
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tagger_core.layouts import LayoutError
from tagger_core.tag_fields import VORBIS_NAMES, Field
from tagger_core.tag_files.text_values import Values, edited_entries, read_entries

_FIELDS = {name.upper().encode("ascii"): field for field, name in VORBIS_NAMES.items()}


class _Form:
    """How a list of comments holds texts; names are the same in any case."""

    one_text_each = True

    def field_of(self, entry: bytes) -> Field | None:
        name, equals, _ = entry.partition(b"=")
        return _FIELDS.get(name.upper()) if equals else None

    def texts(self, entry: bytes) -> list[str]:
        try:
            return [entry.partition(b"=")[2].decode("utf-8")]
        except UnicodeDecodeError as error:
            raise LayoutError("its Vorbis comments hold a text that is not UTF-8") from error

    def encoded(self, field: Field, texts: Sequence[str], old: bytes | None) -> list[bytes]:
        name = old.partition(b"=")[0] if old else VORBIS_NAMES[field].encode("ascii")
        try:
            return [name + b"=" + text.encode("utf-8") for text in texts]
        except UnicodeEncodeError as error:
            raise LayoutError(f"its {field} cannot be written in UTF-8") from error


_FORM = _Form()


@dataclass(frozen=True, slots=True)
class VorbisComment:
    """``rest`` is what follows the entries: a framing bit, or padding."""

    vendor: bytes = b""
    entries: tuple[bytes, ...] = ()
    rest: bytes = b""

    def values(self) -> dict[Field, Values]:
        """Raises ``LayoutError``."""
        return read_entries(self.entries, _FORM)

    def edited(self, edits: Mapping[Field, Values], *, joined: bool) -> "VorbisComment":
        """Raises ``LayoutError``."""
        return replace(self, entries=edited_entries(self.entries, edits, _FORM, joined=joined))

    def to_bytes(self) -> bytes:
        return b"".join((_counted(self.vendor), _number(len(self.entries)), *map(_counted, self.entries), self.rest))


def parse_comment(data: bytes) -> VorbisComment:
    """Raises ``LayoutError``."""
    vendor, offset = _read_counted(data, 0)
    count = int.from_bytes(data[offset : offset + 4], "little")
    offset += 4
    if count > len(data) // 4:
        raise LayoutError("its Vorbis comments are cut off")
    entries = []
    for _ in range(count):
        entry, offset = _read_counted(data, offset)
        entries.append(entry)
    return VorbisComment(vendor, tuple(entries), data[offset:])


def _read_counted(data: bytes, offset: int) -> tuple[bytes, int]:
    start = offset + 4
    end = start + int.from_bytes(data[offset:start], "little")
    if start > len(data) or end > len(data):
        raise LayoutError("its Vorbis comments are cut off")
    return data[start:end], end


def _counted(data: bytes) -> bytes:
    return _number(len(data)) + data


def _number(number: int) -> bytes:
    return number.to_bytes(4, "little")
