"""Ogg: pages, each with a header that cuts its body into segments of packets. RFC 3533, section 6.

Only plain files are taken apart: one stream, whose header packets end on a page of their own. The first header
packet has the first page to itself; the second holds the comments.

Contents
--------
``OggLayout``, ``Page``, ``Codec``, ``ogg_layout``, ``require_intact``, ``paged``, ``renumbered``
"""

import itertools
import os
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import BinaryIO

from tagger_core.domain import Span
from tagger_core.layouts import LayoutError, read_at

_FIXED = struct.Struct("<4sBBqIIIB")
"""Capture pattern, version, flags, granule position, serial, sequence number, checksum, number of segments."""
_CONTINUED, _FIRST = 0x01, 0x02
_MAX_SEGMENTS = 255
_FULL_SEGMENT = 255
_MAX_HEADER_BYTES = 256 << 20
_NO_PACKET_ENDS = -1

_REVERSED_BITS = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


class Codec(StrEnum):
    VORBIS = "Vorbis"
    OPUS = "Opus"
    SPEEX = "Speex"
    FLAC = "FLAC"


_FIRST_PACKETS = {
    b"\x01vorbis": Codec.VORBIS,
    b"OpusHead": Codec.OPUS,
    b"Speex   ": Codec.SPEEX,
    b"\x7fFLAC": Codec.FLAC,
}
_SPEEX_EXTRA_HEADERS = slice(68, 72)
_FLAC_LAST_BLOCK = 0x80


@dataclass(frozen=True, slots=True)
class Page:
    """The header of one page; ``lacing`` holds the lengths of its segments."""

    offset: int
    flags: int
    granule: int
    serial: int
    sequence: int
    checksum: int
    lacing: bytes

    @property
    def body(self) -> Span:
        return Span(self.offset + _FIXED.size + len(self.lacing), sum(self.lacing))

    @property
    def header_span(self) -> Span:
        return Span(self.offset, _FIXED.size + len(self.lacing))

    def header(self, body: bytes) -> bytes:
        """The header with its checksum made anew for ``body``."""
        return self._with_checksum(_checksum(self._with_checksum(0) + body))

    def _with_checksum(self, checksum: int) -> bytes:
        numbers = (self.granule, self.serial, self.sequence, checksum, len(self.lacing))
        return _FIXED.pack(b"OggS", 0, self.flags, *numbers) + self.lacing


@dataclass(frozen=True, slots=True)
class OggLayout:
    """``pages``: all of them, of which the first ``header_pages`` hold the header ``packets``."""

    codec: Codec
    pages: tuple[Page, ...]
    header_pages: int
    packets: tuple[bytes, ...]

    @property
    def audio_pages(self) -> tuple[Page, ...]:
        return self.pages[self.header_pages :]

    @property
    def later_headers(self) -> Span:
        """The place of all header packets but the first."""
        start = self.pages[1].offset
        return Span(start, self.pages[self.header_pages - 1].body.end - start)


def ogg_layout(file: BinaryIO) -> OggLayout:
    """Find the pages and read the header packets. Raises ``LayoutError`` and ``OSError``."""
    pages = tuple(_pages(file))
    if not pages or not pages[0].flags & _FIRST:
        raise LayoutError("it does not begin with the first page of an Ogg stream")
    serials = {page.serial for page in pages if page.flags & _FIRST}
    if len(serials) > 1 and pages[1].flags & _FIRST:
        raise LayoutError("it holds several Ogg streams at once (multiplexed), which Earmark cannot write")
    if sum(bool(page.flags & _FIRST) for page in pages) > 1:
        raise LayoutError("it holds several Ogg streams one after the other (chained), which Earmark cannot write")
    if any(page.serial != pages[0].serial for page in pages):
        raise LayoutError("it has Ogg pages that belong to no stream")
    first = read_at(file, pages[0].body)
    codec = next((codec for magic, codec in _FIRST_PACKETS.items() if first.startswith(magic)), None)
    if codec is None:
        raise LayoutError("it is an Ogg file of a kind that Earmark cannot write")
    packets: list[bytes] = []
    for packet, page_number, ends_page in _packets(file, pages):
        packets.append(packet)
        if _is_last_header(codec, packets):
            if not ends_page:
                raise LayoutError("its Ogg headers are mixed with its audio")
            return OggLayout(codec, pages, page_number + 1, tuple(packets))
    raise LayoutError("its Ogg headers are cut off")


def require_intact(file: BinaryIO, pages: Iterable[Page]) -> None:
    """Raises ``LayoutError`` if a page's checksum is wrong: readers skip it, and must not begin to take it for good."""
    for page in pages:
        if page.header(read_at(file, page.body)) != read_at(file, page.header_span):
            raise LayoutError("it has a damaged Ogg page, which its players skip")


def paged(packets: Sequence[bytes], like: Page, pages: int) -> tuple[bytes, int]:
    """Header packets as whole pages, and their number: ``pages`` if that is possible.

    ``like`` is the page that the first of them replaces: its sequence number and serial are taken over.
    """
    lacing = bytes(itertools.chain.from_iterable(_lacing(len(packet)) for packet in packets))
    body = b"".join(packets)
    number = max(min(pages, len(lacing)), -(-len(lacing) // _MAX_SEGMENTS))
    made = []
    continued = False
    for index in range(number):
        length = min(_MAX_SEGMENTS, len(lacing) - (number - 1 - index))
        part, lacing = lacing[:length], lacing[length:]
        ends = any(segment < _FULL_SEGMENT for segment in part)
        page = Page(
            0, _CONTINUED * continued, 0 if ends else _NO_PACKET_ENDS, like.serial, like.sequence + index, 0, part
        )
        content, body = body[: sum(part)], body[sum(part) :]
        made.append(page.header(content) + content)
        continued = part[-1] == _FULL_SEGMENT
    return b"".join(made), number


def renumbered(file: BinaryIO, pages: Sequence[Page], shift: int) -> Iterator[tuple[Span, bytes]]:
    """The place of each page's header and the header with a new sequence number. Raises ``LayoutError``."""
    for page in pages:
        changed = replace(page, sequence=(page.sequence + shift) % (1 << 32))
        yield page.header_span, changed.header(read_at(file, page.body))


def _pages(file: BinaryIO) -> Iterator[Page]:
    """All whole pages that follow one another from the start of the file."""
    size = file.seek(0, os.SEEK_END)
    offset = 0
    while offset + _FIXED.size <= size:
        file.seek(offset)
        header = file.read(_FIXED.size + _MAX_SEGMENTS)
        magic, version, flags, granule, serial, sequence, checksum, segments = _FIXED.unpack_from(header)
        lacing = header[_FIXED.size : _FIXED.size + segments]
        page = Page(offset, flags, granule, serial, sequence, checksum, lacing)
        if magic != b"OggS" or version != 0 or len(lacing) < segments or page.body.end > size:
            return
        yield page
        offset = page.body.end


def _packets(file: BinaryIO, pages: Sequence[Page]) -> Iterator[tuple[bytes, int, bool]]:
    """Each whole packet, the number of the page on which it ends, and whether it ends that page."""
    packet = bytearray()
    for number, page in enumerate(pages):
        body = read_at(file, page.body)
        position = 0
        for index, length in enumerate(page.lacing):
            packet += body[position : position + length]
            position += length
            if len(packet) > _MAX_HEADER_BYTES:
                raise LayoutError("its Ogg headers are absurdly large")
            if length < _FULL_SEGMENT:
                yield bytes(packet), number, index == len(page.lacing) - 1
                packet.clear()


def _is_last_header(codec: Codec, packets: Sequence[bytes]) -> bool:
    if codec is Codec.FLAC:  # the first packet holds a metadata block too, after 13 bytes of its own
        return len(packets) > 1 and bool(packets[-1][:1] and packets[-1][0] & _FLAC_LAST_BLOCK)
    if codec is Codec.SPEEX:
        return len(packets) == 2 + int.from_bytes(packets[0][_SPEEX_EXTRA_HEADERS], "little")
    return len(packets) == {Codec.VORBIS: 3, Codec.OPUS: 2}[codec]


def _lacing(length: int) -> bytes:
    """A packet ends with the first segment that is not full, an empty one if need be."""
    return bytes([_FULL_SEGMENT]) * (length // _FULL_SEGMENT) + bytes([length % _FULL_SEGMENT])


def _checksum(data: bytes) -> int:
    """Ogg's CRC: polynomial 04C11DB7, start 0, bits not reversed; zlib's is the same with all of that the other way."""
    crc = zlib.crc32(data.translate(_REVERSED_BITS), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{crc:032b}"[::-1], 2)
