"""Fingerprints of whole files: made cheaply for the two versions of a file that a write knows, and recognised later.

Conventions
-----------
What a ``Fingerprint`` is stands with it, in ``domain``. The journal keeps them for ever, so nothing here may depend on
where today's code finds the audio in a file: the spans that were hashed apart are part of the fingerprint.

Contents
--------
``fingerprint``, ``FileContent``
"""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from tagger_core.audio_payload import add_to_digest, digest_of
from tagger_core.domain import FileStamp, Fingerprint, Span, Track

_MAX_SPANS = 16
"""The audio of an Ogg file lies in thousands of spans, one a page; the journal shall not hold them all."""


def fingerprint(file: BinaryIO, payload: Sequence[Span], payload_sha256: bytes) -> Fingerprint:
    """Of a file whose audio payload (``audio_payload``) lies at these spans. Raises ``OSError``."""
    spans = tuple(payload) if len(payload) <= _MAX_SPANS else ()
    size = file.seek(0, os.SEEK_END)
    return Fingerprint(size, spans, _digest(file, size, spans, payload_sha256))


class FileContent:
    """What a file holds now, to be compared with fingerprints; nothing is hashed twice. Raises ``OSError``."""

    def __init__(self, path: Path) -> None:
        self.track = Track(path, FileStamp.of(path.stat()))
        self._digests: dict[tuple[Span, ...], bytes] = {}

    def matches(self, known: Fingerprint) -> bool:
        """Whether the file is, byte for byte, the one that had this fingerprint."""
        path, size = self.track.path, self.track.stamp.size
        if known.size != size:
            return False
        if known.spans not in self._digests:
            in_spans = digest_of(path, known.spans)
            with path.open("rb") as file:
                self._digests[known.spans] = _digest(file, size, known.spans, in_spans)
        return self._digests[known.spans] == known.digest


def _digest(file: BinaryIO, size: int, spans: tuple[Span, ...], in_spans: bytes) -> bytes:
    digest = hashlib.sha256(in_spans if spans else b"")
    starts, ends = [0, *(span.end for span in spans)], [*(span.offset for span in spans), size]
    others = (Span(start, end - start) for start, end in zip(starts, ends, strict=True))
    add_to_digest(digest, file, others)
    return digest.digest()
