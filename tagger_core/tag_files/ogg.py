"""Ogg with Vorbis, Opus, Speex or FLAC inside: the packet of comments, read and edited.

The pages of the headers are made anew, as many as before if possible; then no page of audio changes. If there must
be more, the pages of audio get new sequence numbers and checksums, and nothing else in them changes.

Contents
--------
``OggTag``
"""

import itertools
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from tagger_core.layouts import LayoutError
from tagger_core.layouts import flac as flac_layout
from tagger_core.layouts.ogg import Codec, OggLayout, ogg_layout, paged, renumbered, require_intact
from tagger_core.tag_fields import Field, Preset
from tagger_core.tag_files.readback import Reading, check_reading, read_ogg
from tagger_core.tag_files.recipe import Recipe, replaced
from tagger_core.tag_files.text_values import Values
from tagger_core.tag_files.vorbis_comment import VorbisComment, parse_comment

_BEFORE_COMMENT = {Codec.VORBIS: b"\x03vorbis", Codec.OPUS: b"OpusTags", Codec.SPEEX: b""}


@dataclass(frozen=True, slots=True)
class OggTag:
    """The comments of one file, and where its pages lie."""

    file: BinaryIO
    layout: OggLayout
    comment: VorbisComment
    reading: Reading
    size: int
    warnings: tuple[str, ...] = ()

    @classmethod
    def read(cls, file: BinaryIO) -> "OggTag":
        """Raises ``LayoutError`` and ``OSError``."""
        layout = ogg_layout(file)
        require_intact(file, layout.pages[: layout.header_pages])
        packet = layout.packets[1]
        start = len(_before_comment(layout.codec, packet))
        reading = read_ogg(file, layout.codec)
        return cls(file, layout, parse_comment(packet[start:]), reading, file.seek(0, os.SEEK_END))

    def values(self) -> dict[Field, Values]:
        return self.comment.values()

    def edited(self, edits: Mapping[Field, Values], preset: Preset) -> Recipe:
        require_intact(self.file, self.layout.audio_pages)
        body = self.comment.edited(edits, joined=preset.joined).to_bytes()
        _, old, *others = self.layout.packets
        start = _before_comment(self.layout.codec, old)
        if self.layout.codec is Codec.FLAC:
            last = not others
            start = flac_layout.block_header(flac_layout.VORBIS_COMMENT, len(body), last=last)
        first, before = self.layout.pages[1], self.layout.header_pages - 1
        headers, pages = paged([start + body, *others], first, before)
        changes = [(self.layout.later_headers, headers)]
        if pages != before:
            if self.layout.pages[-1].body.end != self.size:
                raise LayoutError("it has something after its last Ogg page, so its pages cannot be renumbered")
            changes += renumbered(self.file, self.layout.audio_pages, pages - before)
        return replaced(self.size, *changes)

    def check(self, edited: BinaryIO, edits: Mapping[Field, Values]) -> None:
        """Also: the same packets with the same times, and good checksums in all pages that we wrote."""
        new = ogg_layout(edited)
        others = self.layout.packets[:1] + self.layout.packets[2:]
        if new.packets[:1] + new.packets[2:] != others or _audio(new) != _audio(self.layout):
            raise LayoutError("its audio would change")
        written = new.pages[1:] if new.header_pages != self.layout.header_pages else new.pages[1 : new.header_pages]
        require_intact(edited, written)
        if _steps(new) - {1} - _steps(self.layout):
            raise LayoutError("its Ogg pages would be numbered wrongly")
        check_reading(self.reading, read_ogg(edited, self.layout.codec), edits)


def _audio(layout: OggLayout) -> list[tuple[int, int, int, bytes]]:
    return [(page.flags, page.granule, page.serial, page.lacing) for page in layout.audio_pages]


def _steps(layout: OggLayout) -> set[int]:
    """Between the numbers of following pages: 1, unless pages were lost long before us."""
    pairs = itertools.pairwise(page.sequence for page in layout.pages)
    return {(after - before) % (1 << 32) for before, after in pairs}


def _before_comment(codec: Codec, packet: bytes) -> bytes:
    if codec is Codec.FLAC:
        if len(packet) < flac_layout.HEADER_LENGTH or packet[0] & 0x7F != flac_layout.VORBIS_COMMENT:
            raise LayoutError("its second Ogg packet holds no comments")
        return packet[: flac_layout.HEADER_LENGTH]
    if not packet.startswith(_BEFORE_COMMENT[codec]):
        raise LayoutError("its second Ogg packet holds no comments")
    return _BEFORE_COMMENT[codec]
