"""WAV (RIFF) and AIFF (IFF): one form that is a list of chunks, each with a name and a length.

Lengths are little-endian in RIFF and big-endian in IFF; a chunk of odd length is followed by one byte of padding.
Sources: the RIFF part of "Multimedia Programming Interface and Data Specifications 1.0" (IBM, Microsoft 1991) and
"Audio Interchange File Format 1.3" (Apple 1989).

Contents
--------
``IffLayout``, ``Chunk``, ``iff_layout``
"""

import os
from dataclasses import dataclass
from typing import BinaryIO, Literal

from tagger_core.domain import Span
from tagger_core.layouts import LayoutError, read_at

HEADER_LENGTH = 8
FORM_HEADER_LENGTH = 12
_ID3_NAMES = (b"ID3 ", b"id3 ")
_SOUND_OF_WAV = b"data"
_SEARCHED_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Chunk:
    """``whole`` is its header and body, without the byte of padding."""

    name: bytes
    body: Span

    @property
    def whole(self) -> Span:
        return Span(self.body.offset - HEADER_LENGTH, self.body.length + HEADER_LENGTH)

    @property
    def holds_id3(self) -> bool:
        return self.name in _ID3_NAMES


@dataclass(frozen=True, slots=True)
class IffLayout:
    """``end``: where the form ends; some programs put other things after it."""

    byte_order: Literal["little", "big"]
    chunks: tuple[Chunk, ...]
    end: int


def iff_layout(file: BinaryIO) -> IffLayout:
    """Find the chunks. Raises ``LayoutError`` and ``OSError``."""
    size = file.seek(0, os.SEEK_END)
    head = read_at(file, Span(0, FORM_HEADER_LENGTH))
    byte_order: Literal["little", "big"] = "little" if head.startswith(b"RIFF") else "big"
    end = HEADER_LENGTH + int.from_bytes(head[4:8], byte_order)
    if end > size:
        raise LayoutError("it is cut off, or its header tells a wrong length")
    chunks: list[Chunk] = []
    offset = FORM_HEADER_LENGTH
    while offset < end - 1:  # a last byte alone is padding
        header = read_at(file, Span(offset, HEADER_LENGTH))
        chunk = Chunk(header[:4], Span(offset + HEADER_LENGTH, int.from_bytes(header[4:], byte_order)))
        if chunk.body.end > end:
            raise LayoutError("it has a chunk that reaches beyond its end")
        chunks.append(chunk)
        offset = chunk.body.end + chunk.body.length % 2
    _require_no_id3(read_at(file, Span(end, min(size - end, _SEARCHED_BYTES))))
    if byte_order == "little" and not any(chunk.name == _SOUND_OF_WAV and chunk.body.length for chunk in chunks):
        raise LayoutError("it holds no audio")  # players take what follows an empty chunk for its sound
    return IffLayout(byte_order, tuple(chunks), end)


def _require_no_id3(after_form: bytes) -> None:
    """Some programs forget to make the form longer; whether a tag counts that lies behind it is up to the reader."""
    if any(name in after_form for name in _ID3_NAMES):
        raise LayoutError("it has an ID3 chunk after the end that its header tells")
