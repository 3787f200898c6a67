"""One item of an MP4 file's ``ilst``: an atom with its values in ``data`` atoms.

A free-form item ``----`` has its key in the atoms ``mean`` and ``name``. The numbered genre ``gnre`` is read as its
name and gives way to ``©gen`` when the genre is edited. Source: QuickTime File Format, "Metadata".

Contents
--------
``FORM``, ``parse_items``, ``new_meta``
"""

import io
from collections.abc import Sequence

from mutagen.id3 import TCON

from tagger_core.domain import Span
from tagger_core.layouts import LayoutError, read_at
from tagger_core.layouts.mp4 import Atom, atoms
from tagger_core.tag_fields import MP4_NAMES, Field

_FIELDS = {name.upper(): field for field, name in MP4_NAMES.items()}
_HEADER_LENGTH = 8
_FREE_FORM, _NUMBERED_GENRE = b"----", b"gnre"
_UTF_8 = 1
_TEXT_TYPES = (0, _UTF_8)
"""0: the type is told by the key, and all of ours are texts."""


def parse_items(data: bytes) -> tuple[bytes, ...]:
    """The items in the body of an ``ilst``, whole. Raises ``LayoutError``."""
    found = _atoms(data)
    if found and found[-1].body.end != len(data):
        raise LayoutError("its MP4 metadata has a broken item")
    return tuple(data[atom.offset : atom.body.end] for atom in found)


def new_meta(ilst: bytes) -> bytes:
    """A ``meta`` atom around a list."""
    handler = _atom(b"hdlr", bytes(8) + b"mdirappl" + bytes(9))
    return _atom(b"meta", bytes(4) + handler + ilst)


class _Form:
    """How items hold texts; free-form names are the same in any case."""

    one_text_each = False

    def field_of(self, entry: bytes) -> Field | None:
        if entry[4:8] == _NUMBERED_GENRE:
            return Field.GENRE
        return _FIELDS.get(_key(entry).upper())

    def texts(self, entry: bytes) -> list[str]:
        values = _values(entry)
        if entry[4:8] == _NUMBERED_GENRE:
            return [_genre(value) for _, value in values]
        if any(kind not in _TEXT_TYPES for kind, _ in values):
            raise LayoutError(f"its MP4 metadata holds a {_key(entry)} that is not a text")
        try:
            return [value.decode("utf-8") for _, value in values]
        except UnicodeDecodeError as error:
            raise LayoutError(f"its MP4 metadata holds a {_key(entry)} that is not UTF-8") from error

    def encoded(self, field: Field, texts: Sequence[str], old: bytes | None) -> list[bytes]:
        try:
            values = b"".join(_atom(b"data", _UTF_8.to_bytes(4, "big") + bytes(4) + text.encode()) for text in texts)
        except UnicodeEncodeError as error:
            raise LayoutError(f"its {field} cannot be written in UTF-8") from error
        key = MP4_NAMES[field]
        if not key.startswith("----"):
            return [_atom(key.encode("latin-1"), values)]
        if old is not None:
            body = b"".join(_whole(old, atom) for atom in _inside(old) if atom.name != b"data")
        else:
            _, mean, name = key.split(":")
            body = _atom(b"mean", bytes(4) + mean.encode("ascii")) + _atom(b"name", bytes(4) + name.encode("ascii"))
        return [_atom(_FREE_FORM, body + values)]


FORM = _Form()


def _key(entry: bytes) -> str:
    """As in the table of names; bytes that are no characters make a key that is nobody's."""
    if entry[4:8] != _FREE_FORM:
        return entry[4:8].decode("latin-1")
    parts = {atom.name: _body(entry, atom)[4:] for atom in _inside(entry)}
    return ":".join(("----", *(parts.get(name, b"").decode("utf-8", "replace") for name in (b"mean", b"name"))))


def _values(entry: bytes) -> list[tuple[int, bytes]]:
    """Type and content of the ``data`` atoms."""
    bodies = [_body(entry, atom) for atom in _inside(entry) if atom.name == b"data"]
    if not bodies or any(len(body) < 8 for body in bodies):
        raise LayoutError(f"its MP4 metadata holds a broken item {_key(entry)}")
    return [(int.from_bytes(body[1:4], "big"), body[8:]) for body in bodies]


def _genre(value: bytes) -> str:
    """Genres are counted from 1, in the order of ID3v1."""
    number = int.from_bytes(value, "big")
    if not 1 <= number <= len(TCON.GENRES):
        raise LayoutError("its MP4 metadata holds an unknown numbered genre")
    return str(TCON.GENRES[number - 1])


def _inside(entry: bytes) -> tuple[Atom, ...]:
    return atoms(io.BytesIO(entry), Span(_HEADER_LENGTH, len(entry) - _HEADER_LENGTH))


def _atoms(data: bytes) -> tuple[Atom, ...]:
    return atoms(io.BytesIO(data), Span(0, len(data)))


def _body(entry: bytes, atom: Atom) -> bytes:
    return read_at(io.BytesIO(entry), atom.body)


def _whole(entry: bytes, atom: Atom) -> bytes:
    return entry[atom.offset : atom.body.end]


def _atom(name: bytes, body: bytes) -> bytes:
    return (_HEADER_LENGTH + len(body)).to_bytes(4, "big") + name + body
