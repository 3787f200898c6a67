"""Native FLAC: a list of metadata blocks, then frames of audio.

Each block has a header of 4 bytes: the flag of the last one, its type, the length of its body.
https://www.rfc-editor.org/rfc/rfc9639#section-8.1

Contents
--------
``FlacLayout``, ``Block``, ``flac_layout``, ``block_header``
"""

from dataclasses import dataclass
from typing import BinaryIO

from tagger_core.domain import Span
from tagger_core.layouts import LayoutError, read_at
from tagger_core.mp3_layout import mp3_layout

STREAMINFO, PADDING, VORBIS_COMMENT = 0, 1, 4

HEADER_LENGTH = 4
MAX_BLOCK_LENGTH = (1 << 24) - 1
_LAST = 0x80


@dataclass(frozen=True, slots=True)
class Block:
    """A metadata block; ``body`` does not include its header."""

    type: int
    body: Span

    @property
    def whole(self) -> Span:
        return Span(self.body.offset - HEADER_LENGTH, self.body.length + HEADER_LENGTH)


@dataclass(frozen=True, slots=True)
class FlacLayout:
    """``audio``: the frames, without tags that somebody put at the end of the file."""

    blocks: tuple[Block, ...]
    audio: Span


def flac_layout(file: BinaryIO) -> FlacLayout:
    """Find the blocks of a FLAC file, which may begin with ID3v2 tags. Raises ``LayoutError``, ``OSError``."""
    ends = mp3_layout(file)
    offset = ends.audio_start + len(b"fLaC")
    blocks: list[Block] = []
    last = False
    while not last:
        header = read_at(file, Span(offset, HEADER_LENGTH))
        last = bool(header[0] & _LAST)
        block = Block(header[0] & ~_LAST, Span(offset + HEADER_LENGTH, int.from_bytes(header[1:], "big")))
        offset = block.body.end
        if offset > ends.audio_end:
            raise LayoutError("its FLAC metadata is cut off")
        blocks.append(block)
    if blocks[0].type != STREAMINFO:
        raise LayoutError("its FLAC metadata does not begin with the stream's description")
    return FlacLayout(tuple(blocks), Span(offset, ends.audio_end - offset))


def block_header(block_type: int, length: int, *, last: bool) -> bytes:
    """Raises ``LayoutError`` if a body of ``length`` bytes is too long for a block."""
    if length > MAX_BLOCK_LENGTH:
        raise LayoutError("its FLAC metadata would grow larger than a block can be (16 MiB)")
    return bytes([block_type | (_LAST if last else 0)]) + length.to_bytes(3, "big")
