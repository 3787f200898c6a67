"""MPEG audio (mp3, mp2, mp1): the first ID3v2 tag, read and edited.

Conventions
-----------
The *head* is the file's first ID3v2 tag, padding included. Only the head changes; everything after it (further
tags, audio, ID3v1, Lyrics3, APEv2) is taken over byte for byte. The head is held in memory, the rest of the file
is not.

Contents
--------
``Mp3Tag``
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from tagger_core.domain import Span
from tagger_core.layouts import LayoutError
from tagger_core.mp3_layout import Mp3Layout, id3v2_length, mp3_layout
from tagger_core.tag_fields import Field, Preset
from tagger_core.tag_files.id3_block import Id3Block
from tagger_core.tag_files.id3_fields import audio_seconds, begun, check_rewrite, edited, read_block, read_values
from tagger_core.tag_files.older_tags import OlderTags
from tagger_core.tag_files.recipe import Recipe, replaced
from tagger_core.tag_files.tags_at_end import at_the_end
from tagger_core.tag_files.text_values import Values

_ID3_HEADER = re.compile(rb"ID3[\x02-\x04]\x00")
_SEARCHED_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Mp3Tag:
    """The tag of one file. ``block`` is the head taken apart, ``None`` if there is no tag.

    ``older``: other tags, where the head says nothing.
    """

    head: bytes
    block: Id3Block | None
    older: OlderTags
    layout: Mp3Layout
    seconds: float
    warnings: tuple[str, ...]

    @classmethod
    def read(cls, file: BinaryIO) -> "Mp3Tag":
        """Raises ``BlockError`` or ``LayoutError`` if it could not be written safely, and ``OSError``."""
        layout = mp3_layout(file)
        file.seek(0)
        head = file.read(layout.tag_end)
        if not head:
            _require_no_id3(file)
        warnings: tuple[str, ...] = ()
        if layout.audio_start > layout.tag_end:
            warnings = ("the file has more than one ID3v2 tag; the first one is edited",)
        block, told = read_block(head) if head else (None, ())
        older = OlderTags({}) if block and block.frames else at_the_end(file, layout)
        seconds = audio_seconds(file, layout.audio_start)
        if seconds is None:
            raise LayoutError("it holds no MPEG audio")
        return cls(head, block, older, layout, seconds, warnings + told + older.warnings)

    def values(self) -> dict[Field, Values]:
        return read_values(begun(self.block, 4, self.older.texts))

    def edited(self, edits: Mapping[Field, Values], preset: Preset) -> Recipe:
        """The recipe for the file with these edits. Raises ``BlockError``."""
        block = begun(self.block, preset.new_id3_version, self.older.texts)
        head = edited(block, edits, joined=preset.joined).to_bytes()
        return replaced(self.layout.size, (Span(0, len(self.head)), head))

    def check(self, edited: BinaryIO, edits: Mapping[Field, Values]) -> None:
        """Open the new file as any program would: new values, everything else as before. Raises ``LayoutError`` ..."""
        written = Mp3Tag.read(edited)
        old = self.head
        if self.older.texts and written.block:
            old = begun(self.block, written.block.version, self.older.texts).to_bytes()
        check_rewrite(old, written.head, edits)
        if written.seconds != self.seconds:
            raise LayoutError("its duration would change")


def _require_no_id3(file: BinaryIO) -> None:
    """A new tag in front would hide one that comes after other bytes. Raises ``LayoutError``."""
    file.seek(0)
    start = file.read(_SEARCHED_BYTES)
    if start.startswith(b"ID3"):
        raise LayoutError("its ID3 tag has a broken header")
    if any(id3v2_length(start[found.start() :]) for found in _ID3_HEADER.finditer(start)):
        raise LayoutError("its ID3 tag comes after other bytes")
