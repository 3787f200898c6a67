"""ASF (WMA): a header object that holds other objects, then the data object. "ASF Specification 01.20.05" (Microsoft).

Each object is a GUID of 16 bytes, its length in 8 bytes, and its body.

Contents
--------
``AsfObject``, ``asf_objects``, ``asf_top_objects``, the GUIDs that matter
"""

import os
import uuid
from dataclasses import dataclass, field
from typing import BinaryIO

from tagger_core.domain import Span
from tagger_core.layouts import LayoutError, read_at

OBJECT_HEADER_LENGTH = 24

HEADER = uuid.UUID("75B22630-668E-11CF-A6D9-00AA0062CE6C").bytes_le
DATA = uuid.UUID("75B22636-668E-11CF-A6D9-00AA0062CE6C").bytes_le
FILE_PROPERTIES = uuid.UUID("8CABDCA1-A947-11CF-8EE4-00C00C205365").bytes_le
CONTENT_DESCRIPTION = uuid.UUID("75B22633-668E-11CF-A6D9-00AA0062CE6C").bytes_le
EXTENDED_CONTENT_DESCRIPTION = uuid.UUID("D2D0A440-E307-11D2-97F0-00A0C95EA850").bytes_le
HEADER_EXTENSION = uuid.UUID("5FBF03B5-A92E-11CF-8EE3-00C00C205365").bytes_le
METADATA = uuid.UUID("C5F8CBEA-5BAF-4877-8467-AA8C44FA4CCA").bytes_le
METADATA_LIBRARY = uuid.UUID("44231C94-9498-49D1-A141-1D134E457054").bytes_le
ENCRYPTION = (
    uuid.UUID("2211B3FB-BD23-11D2-B4B7-00A0C955FC6E").bytes_le,
    uuid.UUID("298AE614-2622-4C17-B935-DAE07EE9289C").bytes_le,
    uuid.UUID("2211B3FC-BD23-11D2-B4B7-00A0C955FC6E").bytes_le,  # a digital signature of the header
)


@dataclass(frozen=True, slots=True)
class AsfObject:
    """``body`` is what follows the 24 bytes of GUID and length."""

    guid: bytes
    body: bytes = field(repr=False)

    def to_bytes(self) -> bytes:
        return self.guid + (OBJECT_HEADER_LENGTH + len(self.body)).to_bytes(8, "little") + self.body


def asf_objects(data: bytes) -> tuple[AsfObject, ...]:
    """The objects that follow one another in ``data``. Raises ``LayoutError``."""
    found: list[AsfObject] = []
    offset = 0
    while offset < len(data):
        length = int.from_bytes(data[offset + 16 : offset + OBJECT_HEADER_LENGTH], "little")
        if length < OBJECT_HEADER_LENGTH or offset + length > len(data):
            raise LayoutError("its ASF header has a broken object")
        found.append(AsfObject(data[offset : offset + 16], data[offset + OBJECT_HEADER_LENGTH : offset + length]))
        offset += length
    return tuple(found)


def asf_top_objects(file: BinaryIO) -> tuple[tuple[bytes, Span], ...]:
    """GUID and place (header included) of the objects a file is made of. Raises ``OSError``.

    A last object that reaches beyond the end of the file is taken as cut off there, and what follows without being
    an object is nobody's: recorders leave such files.
    """
    size = file.seek(0, os.SEEK_END)
    found: list[tuple[bytes, Span]] = []
    offset = 0
    while offset + OBJECT_HEADER_LENGTH <= size:
        header = read_at(file, Span(offset, OBJECT_HEADER_LENGTH))
        length = int.from_bytes(header[16:], "little")
        if length < OBJECT_HEADER_LENGTH:
            break
        found.append((header[:16], Span(offset, min(length, size - offset))))
        offset += length
    return tuple(found)
