"""MP4 (m4a, m4b, mp4): the list of items in ``moov.udta.meta.ilst``, read and edited.

What the list gains, a ``free`` atom after it or after ``moov`` loses. If there is none and ``moov`` comes first,
the audio moves and every chunk offset (``stco``, ``co64``) with it.

Contents
--------
``Mp4Tag``
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from tagger_core.domain import Span
from tagger_core.layouts import LayoutError, read_at
from tagger_core.layouts.mp4 import Atom, atoms, children, top_atoms
from tagger_core.tag_fields import Field, Preset
from tagger_core.tag_files.mp4_chunks import ChunkTable, check_tables, chunk_tables
from tagger_core.tag_files.mp4_items import FORM, new_meta, parse_items
from tagger_core.tag_files.readback import Reading, check_reading, read_mp4
from tagger_core.tag_files.recipe import Recipe, replaced
from tagger_core.tag_files.text_values import Values, edited_entries, read_entries

_FREE = (b"free", b"skip")
_HEADER_LENGTH = 8
_FULL_BOX_LENGTH = 4
"""Version and flags, which ``meta`` has before its atoms."""


@dataclass(frozen=True, slots=True)
class Mp4Tag:
    """The items of one file, each as its bytes, and where the atoms around them lie.

    ``path``: those of ``moov``, ``udta``, ``meta`` and ``ilst`` that there are.
    """

    size: int
    top: tuple[Atom, ...]
    path: tuple[Atom, ...]
    free: Atom | None
    items: tuple[bytes, ...]
    tables: tuple[ChunkTable, ...]
    reading: Reading

    @classmethod
    def read(cls, file: BinaryIO) -> "Mp4Tag":
        """Raises ``LayoutError`` and ``OSError``."""
        size = file.seek(0, os.SEEK_END)
        top = top_atoms(file)
        names = [atom.name for atom in top]
        if b"moof" in names or b"mfra" in names:
            raise LayoutError("Earmark cannot write fragmented MP4")
        if names.count(b"moov") != 1 or b"meta" in names:
            raise LayoutError("it is an MP4 file of a kind that Earmark cannot write")
        if b"mdat" not in names:
            raise LayoutError("it holds no audio")
        moov = top[names.index(b"moov")]
        if children(file, [moov], b"mvex"):
            raise LayoutError("Earmark cannot write fragmented MP4")
        path, free = _path(file, moov)
        ilst = path[3] if len(path) == 4 else None
        items = parse_items(read_at(file, ilst.body)) if ilst else ()
        return cls(size, top, path, free, items, chunk_tables(file, moov), read_mp4(file))

    @property
    def warnings(self) -> tuple[str, ...]:
        return ("its sound is cut off",) if self.top[-1].missing else ()

    def values(self) -> dict[Field, Values]:
        return read_entries(self.items, FORM)

    def edited(self, edits: Mapping[Field, Values], preset: Preset) -> Recipe:
        items = edited_entries(self.items, edits, FORM, joined=preset.joined)
        place, new = self._new_list(_atom(b"ilst", b"".join(items)))
        growth = len(new) - place.length
        if not growth:
            return replaced(self.size, (place, new))
        parents = self.path[: min(len(self.path), 3)]
        changes = [(place, new), *(parent.resized(growth) for parent in parents)]
        moov = self.path[0]
        after = next((atom for atom in self.top if atom.offset == moov.body.end), None)
        if after and after.name in _FREE and growth <= after.body.length and not after.open_ended:
            changes.append((after.whole, _free(after.whole.length - growth)))
        else:
            changes += [table.moved(moov.body.end, growth) for table in self.tables]
        return replaced(self.size, *sorted(changes, key=lambda change: (change[0].offset, change[0].length)))

    def check(self, edited: BinaryIO, edits: Mapping[Field, Values]) -> None:
        """Also: chunk offsets hit the same bytes of ``mdat``, and every item that is not ours has the same bytes."""
        new = Mp4Tag.read(edited)
        check_tables(self.tables, self._media(), new.tables, new._media())
        if _others(new.items, edits) != _others(self.items, edits):
            raise LayoutError("its other fields would change")
        check_reading(self.reading, new.reading, edits)

    def _media(self) -> list[Span]:
        """Also the part that was cut off: chunks that are missing must stay as far away as they are."""
        return [Span(atom.body.offset, atom.body.length + atom.missing) for atom in self.top if atom.name == b"mdat"]

    def _new_list(self, ilst: bytes) -> tuple[Span, bytes]:
        """What to replace by the new list and the atoms that are missing around it."""
        if len(self.path) == 4:
            return self._in_place_of_list(self.path[3].whole, ilst)
        if len(self.path) == 3:
            return Span(self.path[2].body.end, 0), ilst
        meta = new_meta(ilst)
        # At the start of the parent: QuickTime ends ``udta`` with four zero bytes, after which nothing is read.
        new = meta if len(self.path) == 2 else _atom(b"udta", meta)
        parent = self.path[-1]
        return Span(parent.body.offset if len(self.path) == 2 else parent.body.end, 0), new

    def _in_place_of_list(self, old: Span, ilst: bytes) -> tuple[Span, bytes]:
        if self.free is None:
            return old, ilst
        room = old.length + self.free.whole.length - len(ilst)
        if room < _HEADER_LENGTH:
            return old, ilst
        return Span(old.offset, old.length + self.free.whole.length), ilst + _free(room)


def _path(file: BinaryIO, moov: Atom) -> tuple[tuple[Atom, ...], Atom | None]:
    """The atoms down to the list of items, as far as there are any, and the ``free`` one right after it."""
    path = [moov]
    for name in (b"udta", b"meta", b"ilst"):
        parent = path[-1]
        inside = parent.body
        if parent.name == b"meta":
            inside = Span(inside.offset + _FULL_BOX_LENGTH, inside.length - _FULL_BOX_LENGTH)
        siblings = atoms(file, inside)
        if parent.name == b"meta" and not any(
            atom.name == b"hdlr" and read_at(file, Span(atom.body.offset + 8, 4)) == b"mdir" for atom in siblings
        ):
            raise LayoutError("its MP4 metadata is of a kind that Earmark cannot write")
        found = [index for index, atom in enumerate(siblings) if atom.name == name]
        if len(found) > 1:
            raise LayoutError(f"it has more than one MP4 atom {name.decode('ascii')}")
        if not found:
            return tuple(path), None
        path.append(siblings[found[0]])
    following = siblings[found[0] + 1 :][:1]
    free = following[0] if following and following[0].name in _FREE else None
    return tuple(path), free


def _others(items: tuple[bytes, ...], edits: Mapping[Field, Values]) -> list[bytes]:
    return [item for item in items if FORM.field_of(item) not in edits]


def _free(length: int) -> bytes:
    return _atom(b"free", bytes(length - _HEADER_LENGTH))


def _atom(name: bytes, body: bytes) -> bytes:
    return (_HEADER_LENGTH + len(body)).to_bytes(4, "big") + name + body
