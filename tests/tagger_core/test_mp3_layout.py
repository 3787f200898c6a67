"""Where the parts of an mp3 lie, and the digest of its audio that survives retagging."""

import hashlib
import io
from pathlib import Path

import pytest
import soundfile

from tagger_core.audio_payload import payload_digest
from tagger_core.errors import FileError
from tagger_core.mp3_layout import id3v2_length, mp3_layout
from tests.mp3_files import apev2, audio, id3v1, lyrics3, tag, text, write

HEADS = {
    "nothing": b"",
    "ID3v2.4": tag(4, text(4, "TIT2", "Title"), padding=100),
    "ID3v2.2": b"ID3\x02\x00\x00\x00\x00\x00\x0a" + bytes(10),
    "footer": tag(4, text(4, "TIT2", "Title"), flags=0x10) + b"3DI" + bytes(7),
}
TAILS = {
    "nothing": b"",
    "ID3v1": id3v1(),
    "enhanced ID3v1": b"TAG+" + bytes(223) + id3v1(),
    "APEv2": apev2(Genre="Rock", Mood="Calm"),
    "APEv2 and ID3v1": apev2(Genre="Rock") + id3v1(),
    "Lyrics3 and ID3v1": lyrics3("la la") + id3v1(),
    "APEv2, Lyrics3, ID3v1": apev2(Genre="Rock") + lyrics3("la la") + id3v1(),
    "Lyrics3, APEv2": lyrics3("la la") + apev2(Genre="Rock"),
    "old Lyrics3": b"LYRICSBEGINla la laLYRICSEND" + id3v1(),
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
@pytest.mark.parametrize("tail", TAILS.values(), ids=TAILS)
def test_finds_the_parts(tmp_path: Path, head: bytes, tail: bytes) -> None:
    layout = mp3_layout(io.BytesIO(head + audio() + tail))
    assert (layout.tag_end, layout.audio_start) == (len(head), len(head))
    assert layout.audio_end == len(head) + len(audio())
    assert payload_digest(write(tmp_path / "a.mp3", head, audio(), tail)) == hashlib.sha256(audio()).digest()


def test_stacked_tags_are_not_audio() -> None:
    first, second = HEADS["ID3v2.4"], HEADS["ID3v2.2"]
    layout = mp3_layout(io.BytesIO(first + second + audio()))
    assert (layout.tag_end, layout.audio_start) == (len(first), len(first + second))


@pytest.mark.parametrize(
    "content",
    [b"", b"ID3", b"TAG", b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f", b"APETAGEX" + b"\xff" * 24, b"999999LYRICS200", id3v1()],
)
def test_hostile_ends_stay_within_the_file(tmp_path: Path, content: bytes) -> None:
    layout = mp3_layout(io.BytesIO(content))
    assert 0 <= layout.tag_end <= layout.audio_start <= layout.audio_end <= layout.size == len(content)
    assert len(payload_digest(write(tmp_path / "a.mp3", content))) == 32


def test_a_header_with_a_broken_size_is_no_tag() -> None:
    assert id3v2_length(b"ID3\x04\x00\x00\x00\x00\x80\x00") == 0
    assert id3v2_length(b"ID3\x04\x00\x00\x00\x00\x01\x00") == 138


def test_the_payload_of_flac_begins_after_its_metadata(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    soundfile.write(path, [0.0, 0.1, 0.2] * 500, 16_000)
    content = path.read_bytes()
    before = payload_digest(path)
    assert content[:4] == b"fLaC"
    # A PADDING block (type 1) after STREAMINFO (34 bytes), which is not the last one now.
    assert not content[4] & 0x80
    write(path, content[:42], b"\x01\x00\x00\x64" + bytes(100), content[42:])
    assert payload_digest(path) == before
    write(path, content[:-1], b"\x55")
    assert payload_digest(path) != before


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be read"):
        payload_digest(tmp_path / "missing.mp3")
