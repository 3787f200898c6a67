"""The bytes of an ID3v2 tag as a list of frames, so that one frame can change and no other byte does.

Conventions
-----------
A *block* is a whole ID3v2 tag: 10 bytes of header, frames, zero bytes of padding. Only what can be put
together again is taken apart: a block with a broken frame is refused, never guessed at.
Source: https://id3.org/id3v2-00, https://id3.org/id3v2.3.0 and https://id3.org/id3v2.4.0-structure

Variations, and what becomes of them:

==========================  =====================================================================
2.3, unsynchronised         undone for the whole block; written without (readers skip tags nowadays)
2.4, unsynchronised         kept: it is done inside each frame, and UTF-8 text has no byte it concerns
extended header, footer     dropped: they only describe the block they came with
frame sizes of eight bits   kept: iTunes wrote them into 2.4, where seven bits per byte are right
2.2                         read only; ``id3_fields`` turns the tag into 2.3
==========================  =====================================================================

Contents
--------
``Frame``, ``Id3Block``, ``parse_block``, ``BlockError``
"""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from tagger_core.mp3_layout import ID3V2_HEADER_LENGTH as HEADER_LENGTH
from tagger_core.mp3_layout import id3v2_length

FRESH_PADDING = 2048
"""Zero bytes put after the frames of a block that had to grow, so that the next edit fits."""

_MAX_SIZE = (1 << 28) - 1

_UNSYNCHRONISED = 0x80
_EXTENDED_HEADER = 0x40
_KNOWN_FLAGS = {2: 0x80, 3: 0xE0, 4: 0xF0}
_KEPT_FLAGS = {2: 0, 3: 0x20, 4: 0xA0}
"""After editing: "experimental" stays, and in 2.4 "unsynchronised"."""


class BlockError(ValueError):
    """A tag cannot be taken apart or written without guessing; the message completes "its ID3 tag ..."."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame as stored: its id, two bytes of flags (none in 2.2), and its body undecoded."""

    id: str
    flags: bytes
    body: bytes = field(repr=False)


class FrameHeader(NamedTuple):
    """Lengths of the parts of a frame's header in bytes; the size holds ``size_bits`` in each byte."""

    id: int
    size: int
    flags: int
    size_bits: int

    @property
    def length(self) -> int:
        return self.id + self.size + self.flags


_FRAME_HEADERS = {
    2: (FrameHeader(3, 3, 0, 8),),
    3: (FrameHeader(4, 4, 2, 8),),
    4: (FrameHeader(4, 4, 2, 7), FrameHeader(4, 4, 2, 8)),
}
"""Version -> the headers to try, the standard's first; as a rule only one of them reaches the end of a tag."""


@dataclass(frozen=True, slots=True)
class Id3Block:
    """A tag of version 2.``version``."""

    version: int
    frame_header: FrameHeader
    frames: tuple[Frame, ...] = ()
    flags: int = 0
    length: int = 0
    """Bytes that the block takes in its file, padding included."""

    @classmethod
    def empty(cls, version: int) -> "Id3Block":
        return cls(version, _FRAME_HEADERS[version][0])

    def to_bytes(self) -> bytes:
        """Header, frames and padding: as long as before if that is enough, else with fresh padding.

        A tag without frames is not allowed by the standard; it becomes no bytes at all.
        Raises ``BlockError`` if the frames do not fit into a tag.
        """
        if not self.frames:
            return b""
        needed = HEADER_LENGTH + sum(self.frame_header.length + len(frame.body) for frame in self.frames)
        length = self.length if needed <= self.length else needed + FRESH_PADDING
        if length - HEADER_LENGTH > _MAX_SIZE:
            raise BlockError("would grow larger than an ID3 tag can be (256 MiB)")
        header = b"ID3" + bytes([self.version, 0, self.flags]) + _size_bytes(length - HEADER_LENGTH, 4, bits=7)
        # Joined at once: a cover may take tens of megabytes.
        frames = (part for frame in self.frames for part in (self._header_of(frame), frame.body))
        return b"".join((header, *frames, bytes(length - needed)))

    def _header_of(self, frame: Frame) -> bytes:
        size = _size_bytes(len(frame.body), self.frame_header.size, self.frame_header.size_bits)
        return frame.id.encode("ascii") + size + frame.flags


def parse_block(data: bytes) -> Id3Block:
    """Take a whole ID3v2 tag apart. Raises ``BlockError``."""
    if id3v2_length(data) == 0:
        raise BlockError("has a broken header")
    if id3v2_length(data) > len(data):
        raise BlockError("is cut off")
    version, revision, flags = data[3:6]
    if version not in _FRAME_HEADERS or revision != 0:
        raise BlockError(f"has the unknown version 2.{version}.{revision}")
    if flags & ~_KNOWN_FLAGS[version]:
        raise BlockError("has unknown flags")
    body = data[HEADER_LENGTH : HEADER_LENGTH + _size(data[6:10], bits=7)]
    if version < 4 and flags & _UNSYNCHRONISED:
        body = _synchronised(body)
    if flags & _EXTENDED_HEADER:
        body = _without_extended_header(body, version)
    *other_headers, last_header = _FRAME_HEADERS[version]
    for header in other_headers:
        try:
            return Id3Block(version, header, _frames(body, header), flags & _KEPT_FLAGS[version], len(data))
        except BlockError:
            continue
    return Id3Block(version, last_header, _frames(body, last_header), flags & _KEPT_FLAGS[version], len(data))


def _frames(body: bytes, header: FrameHeader) -> tuple[Frame, ...]:
    frames: list[Frame] = []
    offset = 0
    while body[offset : offset + 1] not in (b"", b"\0"):
        name = body[offset : offset + header.id]
        size = body[offset + header.id : offset + header.id + header.size]
        start = offset + header.length
        if start > len(body) or not re.fullmatch(rb"[A-Z0-9]+", name):
            raise BlockError(f"has a broken frame after {len(frames)} good ones")
        if header.size_bits == 7 and max(size) >= 0x80:
            raise BlockError(f"has a frame {name.decode('ascii')} with a broken size")
        offset = start + _size(size, header.size_bits)
        if offset > len(body):
            raise BlockError(f"has a frame {name.decode('ascii')} that reaches beyond its end")
        frames.append(Frame(name.decode("ascii"), body[start - header.flags : start], body[start:offset]))
    if body.count(b"\0", offset) != len(body) - offset:
        raise BlockError("has something other than zeros in its padding")
    return tuple(frames)


def _without_extended_header(body: bytes, version: int) -> bytes:
    """Its size includes itself in 2.4 and leaves out its own four bytes in 2.3.

    Some programs set the flag and write no extended header; no real one is so long as to look like a frame.
    """
    if re.match(rb"[A-Z0-9]{4}", body):
        return body
    length = _size(body[:4], bits=7) if version == 4 else _size(body[:4], bits=8) + 4
    if not 6 <= length <= len(body):
        raise BlockError("has a broken extended header")
    return body[length:]


def _synchronised(body: bytes) -> bytes:
    """Undo unsynchronisation (FF 00 -> FF), unless the bytes show that it was announced but never done."""
    if body.endswith(b"\xff") or re.search(rb"\xff[\xe0-\xff]", body):
        return body
    return body.replace(b"\xff\x00", b"\xff")


def _size(data: bytes, bits: int) -> int:
    number = 0
    for byte in data:
        number = number << bits | byte
    return number


def _size_bytes(number: int, length: int, bits: int) -> bytes:
    if number >= 1 << length * bits:
        raise BlockError("would grow larger than an ID3 tag can be (256 MiB)")
    mask = (1 << bits) - 1
    return bytes(number >> shift * bits & mask for shift in reversed(range(length)))
