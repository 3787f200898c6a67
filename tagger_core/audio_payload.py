"""What a music file sounds like, as a digest: the key of an analysis, which survives tagging and renaming.

Conventions
-----------
The *audio payload* is the part of a file that tag editors leave alone:

====  =======================================================================
mp3   from the end of the ID3v2 tags to the ID3v1, Lyrics3 and APEv2 tags
FLAC  after the last metadata block, to the same tags if someone added them
else  the whole file, so retagging it does lose its analysis
====  =======================================================================

Memory is bounded: files are read in blocks.

Contents
--------
``payload_digest``, ``file_digest``, ``digest_of_range``, ``BLOCK_BYTES``
"""

import hashlib
from pathlib import Path
from typing import BinaryIO

from tagger_core.errors import FileError
from tagger_core.mp3_layout import mp3_layout

BLOCK_BYTES = 1 << 20
"""How much of a file is held in memory at a time."""

_FLAC_LAST_BLOCK = 0x80


def payload_digest(path: Path) -> bytes:
    """SHA-256 (32 bytes) of the audio payload. Raises ``FileError`` if the file cannot be read."""
    try:
        with path.open("rb") as file:
            start, end = _payload_range(file, path.suffix.lower())
            return digest_of_range(file, start, end)
    except OSError as error:
        raise FileError(path, f"cannot be read ({error.strerror})") from error


def file_digest(path: Path) -> bytes:
    """SHA-256 (32 bytes) of the whole file. Raises ``OSError``."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def digest_of_range(file: BinaryIO, start: int, end: int) -> bytes:
    """SHA-256 (32 bytes) of the bytes from offset ``start`` up to ``end``. Raises ``OSError``."""
    digest = hashlib.sha256()
    file.seek(start)
    remaining = end - start
    while remaining and (block := file.read(min(BLOCK_BYTES, remaining))):
        digest.update(block)
        remaining -= len(block)
    return digest.digest()


def _payload_range(file: BinaryIO, suffix: str) -> tuple[int, int]:
    layout = mp3_layout(file)
    file.seek(layout.audio_start)
    if file.read(4) == b"fLaC":
        return _end_of_flac_metadata(file, layout.audio_start + 4, layout.audio_end), layout.audio_end
    if suffix == ".mp3":
        return layout.audio_start, layout.audio_end
    return 0, layout.size


def _end_of_flac_metadata(file: BinaryIO, offset: int, end: int) -> int:
    """Offset of the first audio frame: each block has a 4-byte header, flag and type, then its length.

    https://www.rfc-editor.org/rfc/rfc9639#section-8.1
    """
    start = offset
    while True:
        file.seek(offset)
        header = file.read(4)
        offset += 4 + int.from_bytes(header[1:4], "big")
        if len(header) < 4 or offset > end:
            return start  # not a whole FLAC file; its broken metadata counts as payload
        if header[0] & _FLAC_LAST_BLOCK:
            return offset
