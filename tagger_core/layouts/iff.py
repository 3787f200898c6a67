"""WAV (RIFF) and AIFF (IFF): one form that is a list of chunks, each with a name and a length.

Lengths are little-endian in RIFF and big-endian in IFF; a chunk of odd length is followed by one byte of padding.
Sources: the RIFF part of "Multimedia Programming Interface and Data Specifications 1.0" (IBM, Microsoft 1991) and
"Audio Interchange File Format 1.3" (Apple 1989).

Contents
--------
``IffLayout``, ``Chunk``, ``iff_layout``
"""

import os
import re
from dataclasses import dataclass
from typing import BinaryIO, Literal

from tagger_core.domain import Span
from tagger_core.layouts import LayoutError, read_at

HEADER_LENGTH = 8
FORM_HEADER_LENGTH = 12
_ID3_NAMES = (b"ID3 ", b"id3 ")
_SOUND = {"little": b"data", "big": b"SSND"}
_TAG_IN_CHUNK = re.compile(rb"(?i:id3 )....ID3", re.DOTALL)
_SEARCHED_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Chunk:
    """``whole`` is its header and body, without the byte of padding and without what is ``missing`` after a cut."""

    name: bytes
    body: Span
    missing: int = 0

    @property
    def whole(self) -> Span:
        return Span(self.body.offset - HEADER_LENGTH, self.body.length + HEADER_LENGTH)

    @property
    def holds_id3(self) -> bool:
        return self.name in _ID3_NAMES


@dataclass(frozen=True, slots=True)
class IffLayout:
    """``end``: where the form ends; some programs put other things after it.

    ``told_length``: of the form, as its header tells it; more than there is if the file was ``cut`` off, or recorded by
    a program that did not know the length yet. The last chunk of such a file may be cut off, too.
    """

    byte_order: Literal["little", "big"]
    chunks: tuple[Chunk, ...]
    end: int
    told_length: int
    cut: bool

    @property
    def place_of_new_chunk(self) -> int:
        """After all chunks but, since readers find nothing after a chunk that was cut off, before that."""
        last = self.chunks[-1]
        return last.whole.offset if last.missing else self.end


def iff_layout(file: BinaryIO) -> IffLayout:
    """Find the chunks. Raises ``LayoutError`` and ``OSError``."""
    size = file.seek(0, os.SEEK_END)
    head = read_at(file, Span(0, FORM_HEADER_LENGTH))
    byte_order: Literal["little", "big"] = "little" if head.startswith(b"RIFF") else "big"
    told_length = int.from_bytes(head[4:8], byte_order)
    end = min(HEADER_LENGTH + told_length, size)
    cut = HEADER_LENGTH + told_length > size
    chunks: list[Chunk] = []
    offset = FORM_HEADER_LENGTH
    while offset < end - 1:  # a last byte alone is padding
        header = read_at(file, Span(offset, HEADER_LENGTH))
        length = int.from_bytes(header[4:], byte_order)
        missing = max(offset + HEADER_LENGTH + length - end, 0)
        if missing and not cut:
            raise LayoutError("it has a chunk that reaches beyond its end")
        chunks.append(Chunk(header[:4], Span(offset + HEADER_LENGTH, length - missing), missing))
        offset += HEADER_LENGTH + length + length % 2
    _require_no_id3(read_at(file, Span(end, min(size - end, _SEARCHED_BYTES))))
    sounds = any(chunk.name == _SOUND[byte_order] and chunk.body.length for chunk in chunks)
    if not sounds and (cut or byte_order == "little"):
        raise LayoutError("it holds no audio")  # players take what follows an empty chunk for its sound
    if chunks[-1].missing:
        _require_readable_end(file, chunks[-1])
    return IffLayout(byte_order, tuple(chunks), end, told_length, cut)


def _require_no_id3(after_form: bytes) -> None:
    """Some programs forget to make the form longer; whether a tag counts that lies behind it is up to the reader."""
    if any(name in after_form for name in _ID3_NAMES):
        raise LayoutError("it has an ID3 chunk after the end that its header tells")


def _require_readable_end(file: BinaryIO, chunk: Chunk) -> None:
    """A tag must not be cut off, nor lie in what its header tells to be the sound, where only some readers find it."""
    length = min(chunk.body.length, _SEARCHED_BYTES)
    if chunk.holds_id3 or _TAG_IN_CHUNK.search(read_at(file, Span(chunk.body.end - length, length))):
        raise LayoutError("it is cut off, or its header tells a wrong length, and it has an ID3 tag at the end")
