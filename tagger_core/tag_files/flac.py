"""Native FLAC: the block of Vorbis comments, read and edited.

What a comment gains, the block of padding loses, so that the audio need not move; without enough padding the file
grows. All other blocks stay where they are, byte for byte.

Contents
--------
``FlacTag``
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from tagger_core.domain import Span
from tagger_core.layouts import LayoutError, read_at
from tagger_core.layouts.flac import (
    HEADER_LENGTH,
    PADDING,
    VORBIS_COMMENT,
    Block,
    FlacLayout,
    block_header,
    flac_layout,
)
from tagger_core.tag_fields import Field, Preset
from tagger_core.tag_files.readback import Reading, check_reading, read_flac
from tagger_core.tag_files.recipe import Recipe, replaced
from tagger_core.tag_files.text_values import Values
from tagger_core.tag_files.vorbis_comment import VorbisComment, parse_comment


@dataclass(frozen=True, slots=True)
class FlacTag:
    """The comments of one file, and where its blocks lie."""

    layout: FlacLayout
    comment: VorbisComment
    reading: Reading
    size: int
    warnings: tuple[str, ...] = ()

    @classmethod
    def read(cls, file: BinaryIO) -> "FlacTag":
        """Raises ``LayoutError`` and ``OSError``."""
        layout = flac_layout(file)
        comments = [block for block in layout.blocks if block.type == VORBIS_COMMENT]
        if len(comments) > 1:
            raise LayoutError("it has more than one block of Vorbis comments")
        comment = parse_comment(read_at(file, comments[0].body)) if comments else VorbisComment()
        return cls(layout, comment, read_flac(file), file.seek(0, os.SEEK_END))

    def values(self) -> dict[Field, Values]:
        return self.comment.values()

    def edited(self, edits: Mapping[Field, Values], preset: Preset) -> Recipe:
        body = self.comment.edited(edits, joined=preset.joined).to_bytes()
        return replaced(self.size, *_changes(self.layout.blocks, body))

    def check(self, edited: BinaryIO, edits: Mapping[Field, Values]) -> None:
        check_reading(self.reading, read_flac(edited), edits)


def _changes(blocks: tuple[Block, ...], body: bytes) -> list[tuple[Span, bytes]]:
    """What to put where, in the order of the file, so that the comment block has a new body."""
    comment = next((index for index, block in enumerate(blocks) if block.type == VORBIS_COMMENT), None)
    padding = next((index for index, block in enumerate(blocks) if block.type == PADDING), None)
    last = len(blocks) - 1
    if comment is None:  # after the stream's description, which must be the first
        new = block_header(VORBIS_COMMENT, len(body), last=last == 0) + body
        changes = [(Span(blocks[0].body.end, 0), new)]
        if last == 0:
            header = block_header(blocks[0].type, blocks[0].body.length, last=False)
            changes.insert(0, (Span(blocks[0].whole.offset, HEADER_LENGTH), header))
        growth = len(new)
    else:
        new = block_header(VORBIS_COMMENT, len(body), last=comment == last) + body
        changes = [(blocks[comment].whole, new)]
        growth = len(new) - blocks[comment].whole.length
    if padding is not None and growth:
        room = blocks[padding].body.length - growth
        if room >= 0:
            filler = block_header(PADDING, room, last=padding == last) + bytes(room)
            changes.append((blocks[padding].whole, filler))
    return sorted(changes, key=lambda change: change[0].offset)
