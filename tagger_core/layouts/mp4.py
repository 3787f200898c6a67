"""MP4: a tree of atoms (boxes), each with its length and a name of four bytes. ISO/IEC 14496-12, section 4.2.

Contents
--------
``Atom``, ``atoms``, ``top_atoms``, ``children``
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from tagger_core.domain import Span
from tagger_core.layouts import LayoutError, read_at

_SHORT_HEADER, _LONG_HEADER = 8, 16


@dataclass(frozen=True, slots=True)
class Atom:
    """``body`` is what follows the header. An ``open_ended`` atom tells no length and takes the rest of the file.

    ``missing``: so many bytes of it lie beyond the end of a file that was cut off.
    """

    name: bytes
    offset: int
    body: Span
    open_ended: bool = False
    missing: int = 0

    @property
    def whole(self) -> Span:
        return Span(self.offset, self.body.end - self.offset)

    def resized(self, growth: int) -> tuple[Span, bytes]:
        """Where its length stands, and that length when the body has grown. Raises ``LayoutError``."""
        length = self.body.end - self.offset + growth
        if self.open_ended:
            return Span(self.offset, 0), b""
        if self.body.offset - self.offset == _LONG_HEADER:
            return Span(self.offset + 8, 8), length.to_bytes(8, "big")
        if length >= 1 << 32:
            raise LayoutError("its MP4 metadata would grow too large")
        return Span(self.offset, 4), length.to_bytes(4, "big")


def atoms(file: BinaryIO, span: Span) -> tuple[Atom, ...]:
    """The atoms that follow one another in a span of the file. Raises ``LayoutError`` and ``OSError``.

    Fewer than 8 bytes after the last atom are nobody's; QuickTime ends some lists with four zero bytes.
    """
    return _atoms(file, span, may_be_cut=())


def top_atoms(file: BinaryIO) -> tuple[Atom, ...]:
    """Those of the whole file, of which the last may be sound that was cut off. Raises like ``atoms``.

    Whatever moves such an ``mdat`` as a whole takes nothing from it: what is there is found at the same distance from
    its start, and what is missing was missing before.
    """
    return _atoms(file, Span(0, file.seek(0, os.SEEK_END)), may_be_cut=(b"mdat",))


def _atoms(file: BinaryIO, span: Span, may_be_cut: Sequence[bytes]) -> tuple[Atom, ...]:
    found: list[Atom] = []
    offset = span.offset
    while offset + _SHORT_HEADER <= span.end:
        header = read_at(file, Span(offset, _SHORT_HEADER))
        length, header_length = int.from_bytes(header[:4], "big"), _SHORT_HEADER
        if length == 1:
            length, header_length = int.from_bytes(read_at(file, Span(offset + 8, 8)), "big"), _LONG_HEADER
        open_ended = length == 0
        if open_ended:
            length = span.end - offset
        missing = max(offset + length - span.end, 0)
        if length < header_length or (missing and header[4:] not in may_be_cut):
            raise LayoutError("it is cut off or has a broken MP4 atom")
        body = Span(offset + header_length, max(length - missing - header_length, 0))
        found.append(Atom(header[4:], offset, body, open_ended, missing))
        offset += length
    return tuple(found)


def children(file: BinaryIO, parents: Sequence[Atom], name: bytes) -> tuple[Atom, ...]:
    """All atoms of a name directly inside the parents. Raises ``LayoutError`` and ``OSError``."""
    return tuple(atom for parent in parents for atom in atoms(file, parent.body) if atom.name == name)
