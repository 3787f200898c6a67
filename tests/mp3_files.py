"""Small real mp3 files with tags built byte by byte, independently of the code under test."""

import functools
import io
import os
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile

from tagger_core.domain import FilePlan, FileStamp, TagEdit, Track
from tagger_core.tag_files import read_fields

COVER = b"\x03image/png\x00\x03\x00" + bytes(range(256)) * 20
"""Body of an APIC frame."""


@functools.cache
def audio() -> bytes:
    """An mp3 without any tag: a quarter of a second of a 440 Hz tone."""
    times = np.arange(4_000) / 16_000
    encoded = io.BytesIO()
    soundfile.write(encoded, 0.3 * np.sin(2 * np.pi * 440 * times), 16_000, format="MP3")
    return encoded.getvalue()


def synchsafe(number: int) -> bytes:
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


def frame(version: int, name: str, body: bytes, flags: int = 0) -> bytes:
    if version == 2:
        return name.encode() + len(body).to_bytes(3, "big") + body
    size = synchsafe(len(body)) if version == 4 else len(body).to_bytes(4, "big")
    return name.encode() + size + flags.to_bytes(2, "big") + body


def text(version: int, name: str, *values: str) -> bytes:
    """A text frame, in UTF-8 (2.4) or UTF-16 (2.3)."""
    return frame(version, name, text_body(version, *values))


def text_body(version: int, *values: str) -> bytes:
    return b"\x03" + "\0".join(values).encode() if version == 4 else b"\x01" + "\0".join(values).encode("utf-16")


def user_text(version: int, description: str, *values: str) -> bytes:
    if version == 4:
        return frame(4, "TXXX", b"\x03" + "\0".join((description, *values)).encode())
    body = b"\x01" + description.encode("utf-16") + b"\0\0" + "\0".join(values).encode("utf-16")
    return frame(version, "TXXX", body)


def comment(version: int, description: str, value: str, language: str = "eng") -> bytes:
    return frame(version, "COMM", b"\x00" + language.encode() + f"{description}\0{value}".encode("latin-1"))


def tag(version: int, *frames: bytes, padding: int = 0, flags: int = 0) -> bytes:
    body = b"".join(frames) + bytes(padding)
    return b"ID3" + bytes([version, 0, flags]) + synchsafe(len(body)) + body


def unsynchronised(body: bytes) -> bytes:
    """Section 5 of the ID3v2.3 standard."""
    out = bytearray()
    for position, byte in enumerate(body):
        out.append(byte)
        following = body[position + 1 : position + 2]
        if byte == 0xFF and (not following or following[0] >= 0xE0 or following[0] == 0):
            out.append(0)
    return bytes(out)


def compressed(version: int, name: str, body: bytes) -> bytes:
    packed = zlib.compress(body)
    if version == 4:
        return frame(4, name, synchsafe(len(body)) + packed, flags=0x0009)
    return frame(3, name, len(body).to_bytes(4, "big") + packed, flags=0x0080)


def id3v1(title: str = "Old Title", genre: int = 17) -> bytes:
    return b"TAG" + title.encode().ljust(30, b"\0") + bytes(94) + bytes([genre])


def apev2(**items: str) -> bytes:
    body = b"".join(
        len(value.encode()).to_bytes(4, "little") + bytes(4) + key.encode() + b"\0" + value.encode()
        for key, value in items.items()
    )

    def end(is_header: bool) -> bytes:
        flags = 1 << 31 | (1 << 29 if is_header else 0)
        numbers = (2000, len(body) + 32, len(items), flags)
        return b"APETAGEX" + b"".join(number.to_bytes(4, "little") for number in numbers) + bytes(8)

    return end(True) + body + end(False)


def lyrics3(words: str) -> bytes:
    content = b"LYRICSBEGIN" + b"LYR" + f"{len(words):05}".encode() + words.encode()
    return content + f"{len(content):06}".encode() + b"LYRICS200"


def write(path: Path, *parts: bytes, mtime_ns: int = 1_600_000_000_123_456_789) -> Path:
    """A file of these bytes, last modified in 2020."""
    path.write_bytes(b"".join(parts))
    os.utime(path, ns=(mtime_ns, mtime_ns))
    return path


def plan(path: Path, **new: Sequence[str]) -> FilePlan:
    """Write these values over the present ones: ``plan(path, GENRE=["Rock"])``."""
    present = {str(field): values for field, values in read_fields(path).values.items()}
    edits = (TagEdit(field, present.get(field, ()), tuple(values)) for field, values in new.items())
    return FilePlan(track(path), tuple(edits))


def track(path: Path) -> Track:
    return Track(path, FileStamp.of(path.stat()))
