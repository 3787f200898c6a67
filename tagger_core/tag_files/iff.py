"""WAV and AIFF: the ID3 tag in a chunk of its own, read and edited like that of an mp3.

All other chunks stay as they are, byte for byte; a file without an ID3 chunk gets one after the last chunk.

Contents
--------
``IffTag``
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from tagger_core.domain import Span
from tagger_core.layouts import LayoutError, read_at
from tagger_core.layouts.iff import IffLayout, iff_layout
from tagger_core.layouts.kinds import Kind
from tagger_core.mp3_layout import id3v2_length
from tagger_core.tag_fields import Field, Preset
from tagger_core.tag_files.id3_block import Id3Block
from tagger_core.tag_files.id3_fields import begun, check_rewrite, edited, read_block, read_values
from tagger_core.tag_files.older_tags import OlderTags, info_list
from tagger_core.tag_files.readback import Reading, check_stream, read_iff
from tagger_core.tag_files.recipe import Recipe, replaced
from tagger_core.tag_files.text_values import Values

_MAX_INFO_BYTES = 1 << 20
_MAX_LENGTH = (1 << 32) - 1
_NEW_NAMES = {Kind.WAV: b"id3 ", Kind.AIFF: b"ID3 "}


@dataclass(frozen=True, slots=True)
class IffTag:
    """The tag of one file. ``place`` is the whole chunk with its padding, or where a new one goes."""

    kind: Kind
    layout: IffLayout
    name: bytes
    place: Span
    tag: bytes
    block: Id3Block | None
    older: OlderTags
    reading: Reading
    size: int
    warnings: tuple[str, ...]

    @classmethod
    def read(cls, file: BinaryIO, kind: Kind) -> "IffTag":
        """Raises ``LayoutError``, ``BlockError`` and ``OSError``."""
        layout = iff_layout(file)
        size = file.seek(0, os.SEEK_END)
        reading = read_iff(file, kind)
        cut = ("it is cut off, or its header tells a wrong length",) if layout.cut else ()
        chunks = [chunk for chunk in layout.chunks if chunk.holds_id3]
        if len(chunks) > 1:
            raise LayoutError("it has more than one ID3 chunk")
        if not chunks:
            older, place = _older(file, layout), Span(layout.place_of_new_chunk, 0)
            return cls(kind, layout, _NEW_NAMES[kind], place, b"", None, older, reading, size, cut + older.warnings)
        (chunk,) = chunks
        place = Span(
            chunk.whole.offset, min(chunk.whole.length + chunk.body.length % 2, layout.end - chunk.whole.offset)
        )
        body = read_at(file, chunk.body)
        tag = body[: id3v2_length(body)]
        if not tag or any(body[len(tag) :]):
            raise LayoutError("its ID3 chunk holds something else than an ID3 tag")
        block, told = read_block(tag)
        older = OlderTags({}) if block.frames else _older(file, layout)
        return cls(kind, layout, chunk.name, place, tag, block, older, reading, size, cut + told + older.warnings)

    def values(self) -> dict[Field, Values]:
        return read_values(begun(self.block, 4, self.older.texts))

    def edited(self, edits: Mapping[Field, Values], preset: Preset) -> Recipe:
        block = begun(self.block, preset.new_id3_version, self.older.texts)
        tag = edited(block, edits, joined=preset.joined).to_bytes()
        chunk = self.name + self._length(len(tag)) + tag + bytes(len(tag) % 2) if tag else b""
        if self.place == Span(self.layout.end, 0) and self.layout.chunks[-1].body.end % 2 and not self._padded():
            chunk = b"\0" + chunk  # the last chunk is of odd length, and its byte of padding was left out
        form_length = self.layout.told_length + len(chunk) - self.place.length
        if self.layout.cut:  # it goes on telling too much; what tells as much as it can goes on with that
            form_length = min(form_length, _MAX_LENGTH)
        return replaced(self.size, (Span(4, 4), self._length(form_length)), (self.place, chunk))

    def check(self, edited: BinaryIO, edits: Mapping[Field, Values]) -> None:
        new = IffTag.read(edited, self.kind)
        old = self.tag
        if self.older.texts and new.block:
            old = begun(self.block, new.block.version, self.older.texts).to_bytes()
        check_rewrite(old, new.tag, edits)
        check_stream(self.reading, new.reading)

    def _padded(self) -> bool:
        return self.layout.end > self.layout.chunks[-1].body.end

    def _length(self, length: int) -> bytes:
        if length > _MAX_LENGTH:
            raise LayoutError("it would grow larger than such a file can be (4 GiB)")
        return length.to_bytes(4, self.layout.byte_order)


def _older(file: BinaryIO, layout: IffLayout) -> OlderTags:
    """What the first INFO list of a WAV says."""
    for chunk in layout.chunks:
        if chunk.name == b"LIST":
            body = read_at(file, Span(chunk.body.offset, min(chunk.body.length, _MAX_INFO_BYTES)))
            if body.startswith(b"INFO"):
                return info_list(body)
    return OlderTags({})
