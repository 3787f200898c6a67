"""Where the parts of an mp3 file lie, found from a few bytes at its two ends.

Conventions
-----------
Offsets and lengths are bytes. The parts, in file order::

    0 .. tag_end            the first ID3v2 tag, header and padding included; empty if there is none
    tag_end .. audio_start  further ID3v2 tags, which some programs stack
    audio_start .. audio_end    the audio payload
    audio_end .. size       ID3v1, Lyrics3 and APEv2 tags, in any order

Sources: https://id3.org/id3v2.4.0-structure, https://id3.org/ID3v1, https://id3.org/Lyrics3v2,
https://wiki.hydrogenaud.io/index.php?title=APEv2_specification

Contents
--------
``Mp3Layout``, ``mp3_layout``, ``id3v2_length``
"""

import os
from dataclasses import dataclass
from typing import BinaryIO

from tagger_core.domain import Span

ID3V2_HEADER_LENGTH = 10
_FOOTER_FLAG = 0x10

_ID3V1_LENGTH = 128
_ENHANCED_ID3V1_LENGTH = 227
_APE_FOOTER_LENGTH = 32
_APE_HAS_HEADER = 1 << 31
_LYRICS3V2_END_LENGTH = 15
"""Six digits of size and "LYRICS200"."""
_LYRICS3V1_MAX_LENGTH = 5_100 + len(b"LYRICSBEGIN" + b"LYRICSEND")


@dataclass(frozen=True, slots=True)
class Mp3Layout:
    """Offsets of the parts of one file, see above."""

    tag_end: int
    audio_start: int
    audio_end: int
    size: int
    tags_at_end: tuple[Span, ...] = ()
    """From ``audio_end`` to ``size``, one by one."""


def mp3_layout(file: BinaryIO) -> Mp3Layout:
    """Find the parts of an mp3; the position of ``file`` is changed. Raises ``OSError``.

    A tag that claims to be longer than the file counts up to the end of the file.
    """
    size = file.seek(0, os.SEEK_END)
    tag_end = min(size, id3v2_length(_read(file, 0, ID3V2_HEADER_LENGTH)))
    audio_start = tag_end
    while (more := id3v2_length(_read(file, audio_start, ID3V2_HEADER_LENGTH))) and audio_start + more <= size:
        audio_start += more
    audio_end = size
    tags: list[Span] = []
    while length := _tag_length_before(file, audio_end):
        if audio_end - length < audio_start:
            break
        audio_end -= length
        tags.insert(0, Span(audio_end, length))
    return Mp3Layout(tag_end, audio_start, audio_end, size, tuple(tags))


def id3v2_length(header: bytes) -> int:
    """Length of the ID3v2 tag that begins with these bytes, header and footer included; 0 if none does.

    The four size bytes hold seven bits each (a *synchsafe* integer); if one has its eighth bit set, this
    is not an ID3v2 header (ID3v2.4 structure, section 3.1).
    """
    if len(header) < ID3V2_HEADER_LENGTH or header[:3] != b"ID3" or 0xFF in header[3:5] or max(header[6:10]) >= 0x80:
        return 0
    size = 0
    for byte in header[6:10]:
        size = size << 7 | byte
    has_footer = header[3] >= 4 and header[5] & _FOOTER_FLAG
    return ID3V2_HEADER_LENGTH + size + (ID3V2_HEADER_LENGTH if has_footer else 0)


def _tag_length_before(file: BinaryIO, end: int) -> int:
    """Length of the tag that ends at ``end``, 0 if there is none."""
    if _read_before(file, end, _ID3V1_LENGTH).startswith(b"TAG"):
        return _ID3V1_LENGTH
    if _read_before(file, end, _ENHANCED_ID3V1_LENGTH).startswith(b"TAG+"):
        return _ENHANCED_ID3V1_LENGTH
    footer = _read_before(file, end, _APE_FOOTER_LENGTH)
    if footer.startswith(b"APETAGEX"):
        size = int.from_bytes(footer[12:16], "little")
        flags = int.from_bytes(footer[20:24], "little")
        return size + (_APE_FOOTER_LENGTH if flags & _APE_HAS_HEADER else 0)
    return _lyrics3_length_before(file, end)


def _lyrics3_length_before(file: BinaryIO, end: int) -> int:
    closing = _read_before(file, end, _LYRICS3V2_END_LENGTH)
    if closing.endswith(b"LYRICS200") and closing[:6].isdigit():
        length = int(closing[:6]) + _LYRICS3V2_END_LENGTH
        return length if _read_before(file, end, length).startswith(b"LYRICSBEGIN") else 0
    if closing.endswith(b"LYRICSEND"):
        length = min(end, _LYRICS3V1_MAX_LENGTH)
        begin = _read_before(file, end, length).rfind(b"LYRICSBEGIN")
        return length - begin if begin >= 0 else 0
    return 0


def _read_before(file: BinaryIO, end: int, length: int) -> bytes:
    return _read(file, end - length, length) if end >= length else b""


def _read(file: BinaryIO, offset: int, length: int) -> bytes:
    file.seek(offset)
    return file.read(length)
