"""What a music file sounds like, as a digest: the key of an analysis, which survives tagging and renaming.

Conventions
-----------
The *audio payload* is the part of a file that tag editors leave alone:

=========  =======================================================================
FLAC       after the last metadata block, to the tags at the end if someone added them
Ogg        the bodies of the pages after the headers
MP4        the bodies of the ``mdat`` atoms
ASF        the data object
WAV, AIFF  every chunk, except those that hold an ID3 tag
else       from the end of the ID3v2 tags to the ID3v1, Lyrics3 and APEv2 tags (mp3, APE, WavPack ...)
=========  =======================================================================

A file that is not built as its standard says is its own payload, whole: nobody can tag it, either.
Memory is bounded: files are read in blocks.

Contents
--------
``payload_digest``, ``payload_spans``, ``digest_of``, ``add_to_digest``, ``BLOCK_BYTES``
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import BinaryIO

from tagger_core.domain import Span
from tagger_core.errors import FileError
from tagger_core.layouts import LayoutError
from tagger_core.layouts.asf import DATA, asf_top_objects
from tagger_core.layouts.flac import flac_layout
from tagger_core.layouts.iff import iff_layout
from tagger_core.layouts.kinds import Kind, kind_of
from tagger_core.layouts.mp4 import top_atoms
from tagger_core.layouts.ogg import ogg_layout
from tagger_core.mp3_layout import mp3_layout

BLOCK_BYTES = 1 << 20
"""How much of a file is held in memory at a time."""


def payload_digest(path: Path) -> bytes:
    """SHA-256 (32 bytes) of the audio payload. Raises ``FileError`` if the file cannot be read."""
    try:
        with path.open("rb") as file:
            spans = payload_spans(file)
        return digest_of(path, spans)
    except OSError as error:
        raise FileError(path, f"cannot be read ({error.strerror})") from error


def payload_spans(file: BinaryIO) -> tuple[Span, ...]:
    """Where the audio payload lies, in ascending order. Raises ``OSError``."""
    whole = (Span(0, file.seek(0, os.SEEK_END)),)
    kind = kind_of(file)
    try:
        return _KNOWN.get(kind, _between_tags)(file) or whole
    except LayoutError:
        return whole


def digest_of(path: Path, spans: Iterable[Span]) -> bytes:
    """SHA-256 (32 bytes) of some spans of a file, one after the other. Raises ``OSError``."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        add_to_digest(digest, file, spans)
    return digest.digest()


def add_to_digest(digest: "hashlib._Hash", file: BinaryIO, spans: Iterable[Span]) -> None:
    """Hash some spans of a file, one after the other. Raises ``OSError``."""
    for span in spans:
        file.seek(span.offset)
        remaining = span.length
        while remaining and (block := file.read(min(BLOCK_BYTES, remaining))):
            digest.update(block)
            remaining -= len(block)


def _between_tags(file: BinaryIO) -> tuple[Span, ...]:
    layout = mp3_layout(file)
    return (Span(layout.audio_start, layout.audio_end - layout.audio_start),)


def _flac(file: BinaryIO) -> tuple[Span, ...]:
    return (flac_layout(file).audio,)


def _ogg(file: BinaryIO) -> tuple[Span, ...]:
    return tuple(page.body for page in ogg_layout(file).audio_pages)


def _mp4(file: BinaryIO) -> tuple[Span, ...]:
    return tuple(atom.body for atom in top_atoms(file) if atom.name == b"mdat")


def _asf(file: BinaryIO) -> tuple[Span, ...]:
    return tuple(span for guid, span in asf_top_objects(file) if guid == DATA)


def _iff(file: BinaryIO) -> tuple[Span, ...]:
    return tuple(chunk.whole for chunk in iff_layout(file).chunks if not chunk.holds_id3)


_KNOWN: Mapping[Kind | None, Callable[[BinaryIO], tuple[Span, ...]]] = {
    Kind.FLAC: _flac,
    Kind.OGG: _ogg,
    Kind.MP4: _mp4,
    Kind.ASF: _asf,
    Kind.WAV: _iff,
    Kind.AIFF: _iff,
}
