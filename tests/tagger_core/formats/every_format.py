"""Files of every format that Earmark writes: those of ``tests.music_files``, and some built here byte by byte.

No encoder for Monkey's Audio, Musepack and OptimFROG is at hand; their tags lie after audio that nobody decodes here.

Contents
--------
``FORMATS``, ``ogg_stream``, ``file_of``, ``edit``, ``restore``, ``values``
"""

import functools
import io
import random
import struct
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import av
import numpy as np
from mutagen.ogg import OggPage

from tagger_core.domain import FileChange, FilePlan, FileStamp, TagEdit, Track
from tagger_core.tag_fields import PRESETS, Preset
from tagger_core.tag_files import prepared_edit, prepared_restore, read_fields
from tests import music_files
from tests.mp3_files import apev2, id3v1

_AUDIO = random.Random(1).randbytes(30_000)
_OTHER_TAGS = apev2(Title="Title", Artist="Somebody\0Else", Unknown="a") + id3v1()


def _monkeys_audio() -> bytes:
    header = b"MAC " + struct.pack("<HH", 3990, 0) + bytes(48) + struct.pack("<IIIHHI", 73728, 4000, 3, 16, 2, 44100)
    return header + _AUDIO + _OTHER_TAGS


def _musepack() -> bytes:
    return b"MP+\x07" + struct.pack("<IIHhHh", 500, 0, 1, 2, 3, 4) + bytes(12) + _AUDIO + _OTHER_TAGS


def _optimfrog() -> bytes:
    return b"OFR " + struct.pack("<IIHBBIH", 15, 90_000, 0, 1, 1, 44100, 480) + bytes(60) + _AUDIO + _OTHER_TAGS


def _ogg_flac() -> bytes:
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="ogg") as container:
        container.metadata["artist"] = "Somebody"
        stream = container.add_stream("flac", rate=44_100, layout="mono")
        noise = np.random.default_rng(1).integers(-9_000, 9_000, (1, 44_100), np.int16)
        frame = av.AudioFrame.from_ndarray(noise, format="s16", layout="mono")
        frame.sample_rate = 44_100
        resampler = av.AudioResampler("s16", "mono", 44_100, frame_size=4608)
        for part in [*resampler.resample(frame), None]:
            container.mux([packet for packet in stream.encode(part) if packet.size])
    return buffer.getvalue()


def _speex() -> bytes:
    header = b"Speex   " + b"1.2".ljust(20, b"\0") + struct.pack("<13i", 1, 80, 16_000, 1, 4, 1, -1, 320, 0, 1, 0, 0, 0)
    comment = b"\4\0\0\0Enc.\1\0\0\0\x0f\0\0\0ARTIST=Somebody"
    return ogg_stream(header, comment, *(_AUDIO[start : start + 70] for start in range(0, 30_000, 70)))


def ogg_stream(*packets: bytes, serial: int = 7) -> bytes:
    """The first two packets are headers, each on a page of its own; then 20 packets on a page."""
    groups = [packets[:1], packets[1:2], *(packets[start : start + 20] for start in range(2, len(packets), 20))]
    pages = []
    for number, group in enumerate(groups):
        page = OggPage()
        page.serial, page.sequence, page.packets = serial, number, list(group)
        page.position = max(0, number - 1) * 20 * 320
        page.first, page.last = number == 0, number == len(groups) - 1
        pages.append(page.write())
    return b"".join(pages)


_BUILT = {".ape": _monkeys_audio, ".mpc": _musepack, ".ofr": _optimfrog, ".oga": _ogg_flac, ".spx": _speex}
FORMATS = tuple(kind for kind in music_files.KINDS if kind != "mp3") + tuple(_BUILT)
"""mp3 has tests of its own."""


@functools.cache
def _content(kind: str) -> bytes:
    return _BUILT[kind]() if kind in _BUILT else music_files.content(kind)


def file_of(kind: str, folder: Path) -> Path:
    path = folder / f"a{kind if kind in _BUILT else music_files.suffix(kind)}"
    path.write_bytes(_content(kind))
    return path


def values(path: Path) -> dict[str, tuple[str, ...]]:
    return {str(field): found for field, found in read_fields(path).values.items()}


def edit(path: Path, preset: Preset = PRESETS["standard"], /, **new: tuple[str, ...]) -> FileChange:
    present = values(path)
    edits = tuple(TagEdit(name, present.get(name, ()), wanted) for name, wanted in new.items())
    plan = FilePlan(Track(path, FileStamp.of(path.stat())), edits)
    with (
        ThreadPoolExecutor(2) as workers,
        prepared_edit(plan, preset, workers, preserve_mtime=False, allow_hard_links=False) as prepared,
    ):
        prepared.commit()
    return prepared.change


def restore(change: FileChange) -> FileChange:
    with prepared_restore(change, FileStamp.of(change.path.stat())) as prepared:
        prepared.commit()
    return prepared.change
