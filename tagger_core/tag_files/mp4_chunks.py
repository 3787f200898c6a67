"""Chunk offsets of an MP4 file: where in the file each run of samples lies, for every track.

Contents
--------
``ChunkTable``, ``chunk_tables``, ``check_tables``
"""

import bisect
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from tagger_core.domain import Span
from tagger_core.layouts import LayoutError, read_at
from tagger_core.layouts.mp4 import Atom, children

_BEFORE_ENTRIES = 8
"""Version and flags, then the number of entries."""
_ENCRYPTED = (b"drms", b"drmi", b"enca", b"encv")


@dataclass(frozen=True, slots=True)
class ChunkTable:
    """``place`` is that of the entries, each of ``width`` bytes: 4 in ``stco``, 8 in ``co64``."""

    place: Span
    width: int
    offsets: tuple[int, ...] = field(repr=False)

    def moved(self, after: int, growth: int) -> tuple[Span, bytes]:
        """The place, and the entries when everything from ``after`` on has moved. Raises ``LayoutError``."""
        offsets = [offset + growth if offset >= after else offset for offset in self.offsets]
        if offsets and max(offsets) >= 1 << 8 * self.width:
            raise LayoutError("it would grow larger than its chunk offsets can tell (4 GiB)")
        return self.place, struct.pack(f">{len(offsets)}{_LETTERS[self.width]}", *offsets)


_LETTERS = {4: "I", 8: "Q"}


def chunk_tables(file: BinaryIO, moov: Atom) -> tuple[ChunkTable, ...]:
    """The tables of all tracks. Raises ``LayoutError``, also for tracks that are encrypted, and ``OSError``."""
    parents = children(file, [moov], b"trak")
    for name in (b"mdia", b"minf", b"stbl"):
        parents = children(file, parents, name)
    for description in children(file, parents, b"stsd"):
        # Version, flags, number of entries; then the length and the name of the first entry.
        if read_at(file, description.body)[12:16] in _ENCRYPTED:
            raise LayoutError("it is protected by DRM, and Earmark cannot write such files")
    if children(file, parents, b"saio"):
        raise LayoutError("it is protected by DRM, and Earmark cannot write such files")
    found = []
    for name, width in ((b"stco", 4), (b"co64", 8)):
        for atom in children(file, parents, name):
            body = read_at(file, atom.body)
            count = int.from_bytes(body[4:_BEFORE_ENTRIES], "big")
            if len(body) < _BEFORE_ENTRIES + count * width:
                raise LayoutError("its table of chunks is cut off")
            offsets = struct.unpack_from(f">{count}{_LETTERS[width]}", body, _BEFORE_ENTRIES)
            found.append(ChunkTable(Span(atom.body.offset + _BEFORE_ENTRIES, count * width), width, offsets))
    return tuple(found)


def check_tables(
    old: Sequence[ChunkTable], old_media: Sequence[Span], new: Sequence[ChunkTable], new_media: Sequence[Span]
) -> None:
    """Require that every offset hits the same byte of the same ``mdat`` as before. Raises ``LayoutError``."""
    before = [_in_media(table.offsets, old_media) for table in old]
    after = [_in_media(table.offsets, new_media) for table in new]
    if before != after or [span.length for span in old_media] != [span.length for span in new_media]:
        raise LayoutError("its chunk offsets would not point at the same audio")


def _in_media(offsets: Sequence[int], media: Sequence[Span]) -> list[tuple[int, int]]:
    """Each offset as the number of its ``mdat`` and the distance from the start of that; -1 if it is in none."""
    starts = [span.offset for span in media]
    found = []
    for offset in offsets:
        index = bisect.bisect_right(starts, offset) - 1
        inside = index >= 0 and offset <= media[index].end
        found.append((index, offset - starts[index]) if inside else (-1, offset))
    return found
