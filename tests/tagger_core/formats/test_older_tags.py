"""A new ID3v2 tag says what the file's other tags say, so that no reader takes title and artist for lost."""

import struct
from pathlib import Path

import mutagen
import pytest
from mutagen.id3 import ID3

from tagger_core.errors import WriteRefusedError
from tagger_core.tag_fields import PRESETS
from tagger_core.tag_files import read_fields
from tests.mp3_files import apev2, audio, tag
from tests.tagger_core.formats.every_format import edit, file_of, restore, values

V1 = b"TAG" + b"".join(
    text.ljust(length, b"\0")
    for text, length in (
        (b"T\xeftle", 30),
        (b"Artist", 30),
        (b"Album", 30),
        (b"1999", 4),
        (b"note", 28),
        (b"\0\7\x11", 3),
    )
)
APE = apev2(title="Long Title", Artist="Somebody\0Else", Year="2001-05-06", GENRE="Folk", Mood="Calm", Other="a")
NEW = {"VOCALS": ("Female",)}


def mp3(folder: Path, *ends: bytes) -> Path:
    path = folder / "a.mp3"
    path.write_bytes(b"".join((audio(), *ends)))
    return path


def texts(path: Path) -> dict[str, list[str]]:
    return {key: [str(text) for text in frame.text] for key, frame in ID3(path, translate=False, load_v1=False).items()}


def test_id3v1_is_copied(tmp_path: Path) -> None:
    path = mp3(tmp_path, V1)
    assert values(path) == {"GENRE": ("Rock",), "COMMENT": ("note",)}
    change = edit(path, GENRE=("Rock", "Jazz"))
    assert path.read_bytes().endswith(audio() + V1)
    assert texts(path) == {
        "TIT2": ["Tïtle"],
        "TPE1": ["Artist"],
        "TALB": ["Album"],
        "TDRC": ["1999"],
        "TRCK": ["7"],
        "COMM::eng": ["note"],
        "TCON": ["Rock", "Jazz"],
    }
    restore(change)
    assert path.read_bytes() == audio() + V1


def test_apev2_comes_before_id3v1(tmp_path: Path) -> None:
    path = mp3(tmp_path, APE, V1)
    assert values(path) == {"GENRE": ("Folk",), "MOOD": ("Calm",), "COMMENT": ("note",)}
    change = edit(path, **NEW)
    found = texts(path)
    assert (found["TIT2"], found["TPE1"], found["TALB"]) == (["Long Title"], ["Somebody", "Else"], ["Album"])
    assert (found["TDRC"], found["TMOO"], found["TCON"]) == (["2001-05-06"], ["Calm"], ["Folk"])
    restore(change)
    assert path.read_bytes() == audio() + APE + V1


def test_an_empty_id3v2_tag_is_filled(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(tag(3, padding=1_000) + audio() + V1)
    size = path.stat().st_size
    assert values(path)["GENRE"] == ("Rock",)
    change = edit(path, **NEW)
    assert (path.stat().st_size, texts(path)["TYER"], texts(path)["TIT2"]) == (size, ["1999"], ["Tïtle"])
    restore(change)
    assert path.read_bytes() == tag(3, padding=1_000) + audio() + V1


def test_in_version_2_3(tmp_path: Path) -> None:
    path = mp3(tmp_path, APE)
    edit(path, PRESETS["compatible"], **NEW)
    found = texts(path)
    assert (found["TYER"], found["TPE1"], found["TXXX:MOOD"]) == (["2001"], ["Somebody; Else"], ["Calm"])
    assert "TDRC" not in found


@pytest.mark.parametrize(
    ("ends", "told"),
    [
        ((V1,), "only an ID3v1 tag; when it is written, the title, artist, album, year, track, comment, other fields"),
        ((apev2(Title="a"),), "only an APEv2 tag; when it is written, the title in it"),
        ((APE, V1), "only an APEv2 tag and an ID3v1 tag"),
    ],
)
def test_a_warning_tells(ends: tuple[bytes, ...], told: str, tmp_path: Path) -> None:
    (warning,) = read_fields(mp3(tmp_path, *ends)).warnings
    assert told in warning


def test_an_empty_or_odd_tag_gives_nothing(tmp_path: Path) -> None:
    path = mp3(tmp_path, b"TAG" + bytes(90) + b"abcd" + bytes(30) + b"\xfe")
    assert read_fields(path).warnings == ()
    edit(path, **NEW)
    assert texts(path) == {"TXXX:VOCALS": ["Female"]}


def test_an_apev2_tag_that_cannot_be_read_would_be_hidden(tmp_path: Path) -> None:
    with pytest.raises(WriteRefusedError, match="broken header"):
        read_fields(mp3(tmp_path, APE.replace(b"APETAGEX", b"APETAGXX", 1)))


@pytest.mark.parametrize("kind", ["wv", ".ape", ".mpc", ".ofr"])
def test_a_new_apev2_tag_begins_with_id3v1(kind: str, tmp_path: Path) -> None:
    path = file_of(kind, tmp_path)
    mutagen.File(path).delete()
    content = path.read_bytes()
    original = (content[:-128] if content[-128:].startswith(b"TAG") else content) + V1
    path.write_bytes(original)
    found = read_fields(path)
    assert values(path) == {"GENRE": ("Rock",), "COMMENT": ("note",)}
    assert (
        "the title, artist, album, year, track, comment, other fields in it are copied into a new APEv2 tag"
        in (found.warnings[0])
    )
    change = edit(path, GENRE=("Rock", "Jazz"))
    assert path.read_bytes().endswith(V1)
    assert {key: list(value) for key, value in mutagen.File(path).tags.items()} == {
        "Title": ["Tïtle"],
        "Artist": ["Artist"],
        "Album": ["Album"],
        "Year": ["1999"],
        "Track": ["7"],
        "Comment": ["note"],
        "Genre": ["Rock", "Jazz"],
    }
    assert read_fields(path).warnings == ()
    restore(change)
    assert path.read_bytes() == original


def test_what_stands_in_id3v1_only_cannot_be_taken_out_of_an_apev2_tag(tmp_path: Path) -> None:
    path = file_of("wv", tmp_path)
    mutagen.File(path).delete()
    path.write_bytes(path.read_bytes() + b"TAG" + bytes(124) + b"\x11")
    assert edit(path, GENRE=()).new.size == path.stat().st_size
    edit(path, GENRE=("Jazz",))
    edit(path, GENRE=())
    assert values(path) == {"GENRE": ("Rock",)}, "the APEv2 tag is gone, ID3v1 is as it was"


def test_the_info_list_of_a_wav_is_copied(tmp_path: Path) -> None:
    path = file_of("wav", tmp_path)
    mutagen.File(path).delete()
    entries = (
        (b"INAM", b"T\xc3\xaftle\0"),
        (b"IART", b"B\xe9la"),
        (b"ICRD", b"2004"),
        (b"ISFT", b"x"),
        (b"IGNR", b"Folk"),
    )
    body = b"INFO" + b"".join(
        name + struct.pack("<I", len(text)) + text + bytes(1 + len(text) % 2) for name, text in entries
    )
    content = path.read_bytes() + b"LIST" + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)
    content = b"RIFF" + struct.pack("<I", len(content) - 8) + content[8:]
    path.write_bytes(content)
    found = read_fields(path)
    assert values(path) == {"GENRE": ("Folk",)}
    assert "only a RIFF INFO list" in found.warnings[0]
    change = edit(path, GENRE=("Folk", "Jazz"))
    tags = mutagen.File(path).tags
    assert [tags[key].text for key in ("TIT2", "TPE1", "TCON")] == [["Tïtle"], ["Béla"], ["Folk", "Jazz"]]
    assert (str(tags["TDRC"]), str(tags["TSSE"])) == ("2004", "x")
    restore(change)
    assert path.read_bytes() == content
