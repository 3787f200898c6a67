"""Where the parts of a music file lie, one module for each family of containers; nothing is decoded.

Conventions
-----------
Offsets and lengths are bytes. A file that is not built as its standard says raises ``LayoutError``, whose message
is a whole reason to leave it alone ("its FLAC metadata is cut off"); ``OSError`` passes through.

Contents
--------
``LayoutError``, ``read_at``
"""

from typing import BinaryIO

from tagger_core.domain import Span


class LayoutError(ValueError):
    """A file cannot be taken apart without guessing; the message is a reason for a person."""


def read_at(file: BinaryIO, span: Span) -> bytes:
    """The bytes of a span. Raises ``LayoutError`` if the file ends before it does."""
    file.seek(span.offset)
    data = file.read(span.length)
    if len(data) < span.length:
        raise LayoutError("it is cut off")
    return data
