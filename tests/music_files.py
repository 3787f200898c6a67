"""A small real music file of every format that Earmark writes, with tags of somebody else in it.

Conventions
-----------
A *kind* is a container with a codec ("m4a-alac"); ``KINDS`` names them all. Files are made once in a process. Beside a
title and an artist each holds a picture and a field of an unknown program: what a tagger must not lose.

Contents
--------
``KINDS``, ``suffix``, ``make``, ``content``
"""

import functools
import io
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import av
import numpy as np
import soundfile
from mutagen.aiff import AIFF
from mutagen.apev2 import APEv2
from mutagen.asf import ASF
from mutagen.flac import FLAC, Picture
from mutagen.id3 import APIC, ID3, PRIV, TIT2, TPE1
from mutagen.mp3 import MP3
from mutagen.mp4 import MP4, MP4Cover, MP4FreeForm
from mutagen.oggopus import OggOpus
from mutagen.oggvorbis import OggVorbis
from mutagen.wave import WAVE

RATE = 48_000
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8

Maker = Callable[[float], bytes]


def suffix(kind: str) -> str:
    """``".m4a"`` of ``"m4a-alac"``."""
    return "." + kind.split("-")[0]


def make(path: Path, kind: str, seconds: float = 1.0) -> Path:
    """Write the file of a kind to ``path`` and return it."""
    path.write_bytes(content(kind, seconds))
    return path


@functools.cache
def content(kind: str, seconds: float = 1.0) -> bytes:
    """The bytes of the file: stereo noise at 48 kHz, and the tags of another program."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"made{suffix(kind)}")
        path.write_bytes(KINDS[kind](seconds))
        _TAGGERS[suffix(kind)](path)
        return path.read_bytes()


def _noise(seconds: float) -> np.ndarray:
    return (0.3 * np.random.default_rng(1).uniform(-1, 1, (int(seconds * RATE), 2))).astype(np.float32)


def _by_libsndfile(kind: str, subtype: str | None = None) -> Maker:
    def encoded(seconds: float) -> bytes:
        buffer = io.BytesIO()
        soundfile.write(buffer, _noise(seconds), RATE, format=kind, subtype=subtype)
        return buffer.getvalue()

    return encoded


def _by_ffmpeg(container_format: str, codec: str, sample_format: str) -> Maker:
    def encoded(seconds: float) -> bytes:
        buffer = io.BytesIO()
        with av.open(buffer, "w", format=container_format) as container:
            stream = container.add_stream(codec, rate=RATE, layout="stereo", bit_rate=128_000)
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(_noise(seconds).T), format="fltp", layout="stereo")
            frame.sample_rate = RATE
            parts = av.AudioResampler(format=sample_format, frame_size=stream.codec_context.frame_size).resample(frame)
            for part in [*parts, None]:
                container.mux(stream.encode(part))
        return buffer.getvalue()

    return encoded


KINDS: Mapping[str, Maker] = MappingProxyType(
    {
        "mp3": _by_libsndfile("MP3"),
        "flac": _by_libsndfile("FLAC"),
        "ogg": _by_libsndfile("OGG", "VORBIS"),
        "opus": _by_libsndfile("OGG", "OPUS"),
        "wav": _by_libsndfile("WAV"),
        "aiff": _by_libsndfile("AIFF"),
        "m4a-aac": _by_ffmpeg("ipod", "aac", "fltp"),
        "m4a-alac": _by_ffmpeg("ipod", "alac", "s16p"),
        "wma": _by_ffmpeg("asf", "wmav2", "fltp"),
        "wv": _by_ffmpeg("wv", "wavpack", "fltp"),
    }
)


def _id3(path: Path, tags: ID3) -> None:
    tags.add(TIT2(encoding=3, text="Title"))
    tags.add(TPE1(encoding=3, text=["Somebody"]))
    tags.add(PRIV(owner="unknown", data=b"\0\1\2"))
    tags.add(APIC(encoding=3, mime="image/png", type=3, desc="", data=PICTURE))


def _tag_mp3(path: Path) -> None:
    file = MP3(path)
    file.add_tags()
    _id3(path, file.tags)
    file.save()


def _tag_wav(path: Path) -> None:
    file = WAVE(path)
    file.add_tags()
    _id3(path, file.tags)
    file.save()


def _tag_aiff(path: Path) -> None:
    file = AIFF(path)
    file.add_tags()
    _id3(path, file.tags)
    file.save()


def _tag_flac(path: Path) -> None:
    file = FLAC(path)
    _comments(file)
    picture = Picture()
    picture.type, picture.mime, picture.data = 3, "image/png", PICTURE
    file.add_picture(picture)
    file.save()


def _tag_ogg(path: Path) -> None:
    file = OggVorbis(path)
    _comments(file)
    file.save()


def _tag_opus(path: Path) -> None:
    file = OggOpus(path)
    _comments(file)
    file.save()


def _comments(file: FLAC | OggVorbis | OggOpus) -> None:
    file["title"], file["Artist"], file["UNKNOWN_PROGRAM"] = ["Title"], ["Somebody", "Else"], ["a", "b"]


def _tag_m4a(path: Path) -> None:
    file = MP4(path)
    file["\xa9nam"], file["\xa9ART"], file["covr"] = ["Title"], ["Somebody"], [MP4Cover(PICTURE, MP4Cover.FORMAT_PNG)]
    file["----:com.unknown:Program"] = [MP4FreeForm(b"\0\1")]
    file.save()


def _tag_wma(path: Path) -> None:
    file = ASF(path)
    file["Title"], file["Author"], file["Unknown/Program"] = ["Title"], ["Somebody"], [b"\0\1"]
    file.save()


def _tag_ape(path: Path) -> None:
    tags = APEv2()
    tags["Title"], tags["Artist"], tags["Unknown Program"] = "Title", ["Somebody", "Else"], "a"
    tags.save(path)


_TAGGERS: Mapping[str, Callable[[Path], None]] = MappingProxyType(
    {
        ".mp3": _tag_mp3,
        ".flac": _tag_flac,
        ".ogg": _tag_ogg,
        ".opus": _tag_opus,
        ".wav": _tag_wav,
        ".aiff": _tag_aiff,
        ".m4a": _tag_m4a,
        ".wma": _tag_wma,
        ".wv": _tag_ape,
    }
)
