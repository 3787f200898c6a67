"""The tag of an mp3 file: read, and copied into a new file with some fields changed.

Conventions
-----------
The *head* of an mp3 is its first ID3v2 tag, padding included. Only the head changes; a copy takes everything
after it byte for byte (further tags, audio, ID3v1, APEv2, Lyrics3), hashing what it copies. The head is held in
memory, the rest of the file is not.

Contents
--------
``read_tag``, ``Mp3Tag``, ``edited_head``, ``copy_with_head``, ``Copied``
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from tagger_core.audio_payload import BLOCK_BYTES
from tagger_core.errors import WriteRefusedError
from tagger_core.mp3_layout import Mp3Layout, mp3_layout
from tagger_core.tag_fields import Field, Preset
from tagger_core.tag_files.id3_block import BlockError, Id3Block, parse_block
from tagger_core.tag_files.id3_fields import Values, audio_seconds, edited, read_values, to_version_3

_OTHER_CONTENT = {b"RIFF": "a RIFF (WAV) file", b"fLaC": "FLAC", b"OggS": "Ogg", b"FORM": "an AIFF file"}
"""First bytes of the audio -> what it is, in files that are only called .mp3."""


@dataclass(frozen=True, slots=True)
class Mp3Tag:
    """The tag of one file. ``block`` is the head taken apart, ``None`` if there is no tag."""

    head: bytes
    block: Id3Block | None
    layout: Mp3Layout
    seconds: float
    warnings: tuple[str, ...]

    def values(self) -> dict[Field, Values]:
        return read_values(self.block) if self.block else {}


@dataclass(frozen=True, slots=True)
class Copied:
    """Digests (SHA-256) of a copy: the whole source, the whole copy, and the audio payload of both."""

    old_sha256: bytes
    new_sha256: bytes
    payload_sha256: bytes


class _Digest(Protocol):
    def update(self, data: bytes, /) -> None: ...


def read_tag(file: BinaryIO, path: Path) -> Mp3Tag:
    """Read the tag. Raises ``WriteRefusedError`` if it could not be written safely, and ``OSError``."""
    layout = mp3_layout(file)
    file.seek(0)
    head = file.read(layout.tag_end)
    if not head and file.read(3) == b"ID3":
        raise WriteRefusedError(path, "its ID3 tag has a broken header")
    warnings = []
    if layout.audio_start > layout.tag_end:
        warnings.append("the file has more than one ID3v2 tag; the first one is edited")
    try:
        block = parse_block(head) if head else None
        if block and block.version == 2:
            warnings.append("the tag is ID3v2.2 and becomes ID3v2.3 when it is written")
            block = parse_block(to_version_3(head))
    except BlockError as error:
        raise WriteRefusedError(path, f"its ID3 tag {error}") from error
    file.seek(layout.audio_start)
    content = _OTHER_CONTENT.get(file.read(4))
    if content:
        raise WriteRefusedError(path, f"it is not an mp3 but {content}; give it its proper name")
    seconds = audio_seconds(file, layout.audio_start)
    if seconds is None:
        raise WriteRefusedError(path, "it holds no MPEG audio")
    return Mp3Tag(head, block, layout, seconds, tuple(warnings))


def edited_head(tag: Mp3Tag, edits: Mapping[Field, Values], preset: Preset) -> bytes:
    """The new head. Raises ``BlockError``."""
    block = tag.block or Id3Block.empty(preset.new_id3_version)
    return edited(block, edits, joined=preset.joined).to_bytes()


def copy_with_head(
    source: BinaryIO, target: BinaryIO, old_head_length: int, new_head: bytes, layout: Mp3Layout
) -> Copied:
    """Write the new head and everything that follows the old one. Raises ``OSError`` and ``EOFError``.

    ``layout`` is that of the source.
    """
    old, new, payload = hashlib.sha256(), hashlib.sha256(), hashlib.sha256()
    source.seek(0)
    target.seek(0)
    old.update(source.read(old_head_length))
    new.update(new_head)
    target.write(new_head)
    _copy(source, target, layout.audio_start - old_head_length, (old, new))
    _copy(source, target, layout.audio_end - layout.audio_start, (old, new, payload))
    _copy(source, target, layout.size - layout.audio_end, (old, new))
    return Copied(old.digest(), new.digest(), payload.digest())


def _copy(source: BinaryIO, target: BinaryIO, length: int, digests: Sequence[_Digest]) -> None:
    while length:
        block = source.read(min(BLOCK_BYTES, length))
        if not block:
            raise EOFError("the file became shorter while it was read")
        for digest in digests:
            digest.update(block)
        target.write(block)
        length -= len(block)
