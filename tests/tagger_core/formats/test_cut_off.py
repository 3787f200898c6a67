"""Files that were cut off: tagged where every byte of sound that is left keeps its meaning, else refused."""

import contextlib
import io
import struct
from pathlib import Path

import av
import mutagen
import numpy as np
import pytest
import soundfile

from tagger_core.audio_payload import payload_digest
from tagger_core.domain import FileChange
from tagger_core.errors import WriteRefusedError
from tagger_core.tag_files import read_fields
from tests import music_files
from tests.tagger_core.formats.every_format import edit, file_of, restore, values

FIELDS = {"GENRE": ("Rock", "Pop"), "MOOD": ("Calm",)}
LONG = {"GENRE": tuple(f"A name that needs more room {number}" for number in range(500))}
UNKNOWN = b"\xff\xff\xff\xff"
"""The length that a program tells that writes into a pipe."""


def noise() -> np.ndarray:
    return np.random.default_rng(3).uniform(-0.3, 0.3, (30_000, 2)).astype(np.float32)


def iff(kind: str) -> bytes:
    target = io.BytesIO()
    soundfile.write(target, noise(), 44_100, format=kind.upper())
    return target.getvalue()


def mp4(path: Path, *, faststart: bool, padding: int = 0) -> bytes:
    options = {"movflags": "faststart"} if faststart else {}
    with av.open(str(path), "w", format="ipod", options=options) as container:
        stream = container.add_stream("aac", rate=44_100, layout="stereo")
        frame = av.AudioFrame.from_ndarray(noise().T.copy(), format="fltp", layout="stereo")
        frame.sample_rate, frame.pts = 44_100, 0
        for made in (frame, None):
            container.mux(stream.encode(made))
    if padding:
        mutagen.File(path).save(padding=lambda _: padding)
    return path.read_bytes()


def samples_by_ffmpeg(path: Path) -> list[bytes]:
    found: list[bytes] = []
    with av.open(str(path)) as container, contextlib.suppress(av.FFmpegError):  # where the sound ends
        found.extend(frame.to_ndarray().tobytes() for frame in container.decode(audio=0))
    return found


def samples_by_libsndfile(path: Path) -> bytes:
    return soundfile.read(path, dtype="int32")[0].tobytes()


def cut(path: Path, content: bytes) -> bytes:
    path.write_bytes(content)
    return content


def written_and_restored(path: Path, fields: dict[str, tuple[str, ...]]) -> FileChange:
    """Written, with the same sound for FFmpeg and for our key of it, and put back to the same bytes."""
    before, sound, payload = path.read_bytes(), samples_by_ffmpeg(path), payload_digest(path)
    assert sound
    change = edit(path, **fields)
    assert {field: values(path)[field] for field in fields} == fields
    assert (samples_by_ffmpeg(path), payload_digest(path)) == (sound, payload)
    changed = path.read_bytes()
    restore(change)
    assert path.read_bytes() == before
    path.write_bytes(changed)
    return change


def refusal(path: Path) -> str:
    with pytest.raises(WriteRefusedError) as told:
        read_fields(path)
    return told.value.reason


@pytest.mark.parametrize("kind", ["mp3", "flac", "ogg", "opus", "wma", "wv"])
@pytest.mark.parametrize("lost", [500, 5_555])
def test_where_tags_come_first_or_are_found_from_the_end(kind: str, lost: int, tmp_path: Path) -> None:
    path = music_files.make(tmp_path / "a.mp3", "mp3") if kind == "mp3" else file_of(kind, tmp_path)
    cut(path, path.read_bytes()[:-lost])
    written_and_restored(path, FIELDS)


@pytest.mark.parametrize("kind", ["wav", "aiff"])
@pytest.mark.parametrize("lost", [1, 2, 7, 33_333])
def test_the_tag_goes_before_sound_that_is_cut_off(kind: str, lost: int, tmp_path: Path) -> None:
    path = tmp_path / f"a.{kind}"
    content = cut(path, iff(kind)[:-lost])
    assert "it is cut off, or its header tells a wrong length" in read_fields(path).warnings
    sound = samples_by_libsndfile(path)
    written_and_restored(path, FIELDS)
    assert samples_by_libsndfile(path) == sound
    assert path.read_bytes().endswith(content[-20_000:])
    assert mutagen.File(path).tags["TCON"].text == ["Rock", "Pop"]
    edit(path, **LONG)
    edit(path, MOOD=())
    assert samples_by_libsndfile(path) == sound


@pytest.mark.parametrize("lost", [0, 5_000])
def test_a_wav_from_a_pipe(lost: int, tmp_path: Path) -> None:
    path, content = tmp_path / "a.wav", bytearray(iff("wav"))
    at = content.index(b"data")
    content[4:8] = content[at + 4 : at + 8] = UNKNOWN
    cut(path, bytes(content[: len(content) - lost]))
    sound = samples_by_libsndfile(path)
    written_and_restored(path, FIELDS)
    assert path.read_bytes()[4:8] == UNKNOWN
    assert samples_by_libsndfile(path) == sound


@pytest.mark.parametrize("kind", ["wav", "aiff"])
def test_whole_chunks_in_a_form_that_tells_too_much(kind: str, tmp_path: Path) -> None:
    path, content = tmp_path / f"a.{kind}", iff(kind)
    order = ">I" if kind == "aiff" else "<I"
    cut(path, content[:4] + struct.pack(order, len(content) + 92) + content[8:])
    written_and_restored(path, FIELDS)
    assert path.read_bytes().startswith(content[8:], 8)
    assert struct.unpack_from(order, path.read_bytes(), 4) == (path.stat().st_size + 92,)


@pytest.mark.parametrize("tail", [b"id3 ", b"ID3 "])
def test_a_tag_that_some_readers_find_at_the_end_and_some_take_for_sound(tail: bytes, tmp_path: Path) -> None:
    path, content = tmp_path / "a.wav", bytearray(iff("wav"))
    at = content.index(b"data")
    content[4:8] = content[at + 4 : at + 8] = UNKNOWN
    cut(path, bytes(content) + tail + struct.pack("<I", 10) + b"ID3\x04\0\0\0\0\0\0")
    assert "it has an ID3 tag at the end" in refusal(path)


def test_a_tag_that_is_cut_off_itself(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    cut(path, iff("wav"))
    edit(path, **FIELDS)
    cut(path, path.read_bytes()[:-9])
    assert "it has an ID3 tag at the end" in refusal(path)


@pytest.mark.parametrize("kind", ["wav", "aiff"])
def test_a_cut_before_the_sound(kind: str, tmp_path: Path) -> None:
    path, content = tmp_path / f"a.{kind}", iff(kind)
    at = content.index(b"data" if kind == "wav" else b"SSND")
    for length in (at, at + 8):
        cut(path, content[:length])
        assert refusal(path) == "it holds no audio"
    cut(path, content[: at + 5])
    assert refusal(path) == "it is cut off"


@pytest.mark.parametrize("padding", [0, 100_000])
@pytest.mark.parametrize("fields", [FIELDS, LONG])
def test_an_mp4_whose_sound_comes_last(padding: int, fields: dict[str, tuple[str, ...]], tmp_path: Path) -> None:
    path = tmp_path / "a.m4a"
    content = mp4(path, faststart=True, padding=padding)
    cut(path, content[:-3_333])
    assert read_fields(path).warnings == ("its sound is cut off",)
    written_and_restored(path, fields)
    assert (path.read_bytes().index(b"mdat") == content.index(b"mdat")) == bool(padding)


@pytest.mark.parametrize(("faststart", "kept"), [(False, -10), (False, 500), (True, 300)])
def test_an_mp4_without_all_of_its_index(faststart: bool, kept: int, tmp_path: Path) -> None:
    path = tmp_path / "a.m4a"
    cut(path, mp4(path, faststart=faststart)[:kept])
    assert any(reason in refusal(path) for reason in ("cut off", "of a kind that Earmark cannot write"))
