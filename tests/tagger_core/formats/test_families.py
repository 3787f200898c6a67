"""What is particular to a family of formats: its keys, its traps, and the files of it that are refused."""

import io
import struct
from pathlib import Path

import mutagen
import pytest
from mutagen.asf import ASF
from mutagen.flac import FLAC
from mutagen.mp4 import MP4
from mutagen.oggvorbis import OggVorbis

from tagger_core.audio_payload import payload_digest
from tagger_core.domain import Span
from tagger_core.errors import UnknownFormatError, WriteRefusedError
from tagger_core.layouts.mp4 import atoms
from tagger_core.layouts.ogg import ogg_layout
from tagger_core.tag_files import read_fields
from tests.mp3_files import apev2, audio, tag, text
from tests.tagger_core.formats.every_format import edit, file_of, ogg_stream, restore, values

FIELDS = {"GENRE": ("Rock", "Pop"), "MOOD": ("Calm",), "INSTRUMENTS": ("Piano",), "VOCALS": ("Female",)}


def refusal(path: Path) -> str:
    with pytest.raises(WriteRefusedError) as told:
        read_fields(path)
    return told.value.reason


# Names and content


@pytest.mark.parametrize("name", ["a.aac", "a.mid", "a.dsf", "a.mod", "a.tta", "a.mka", "a.dff", "a.xm", "a.ac3"])
def test_other_formats_are_told_up_front(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(b"anything")
    with pytest.raises(UnknownFormatError, match=f"Earmark cannot write {path.suffix[1:]} files"):
        read_fields(path)


def test_a_file_must_be_what_its_name_says(tmp_path: Path) -> None:
    flac = file_of("flac", tmp_path)
    assert refusal(flac.rename(tmp_path / "a.mp3")) == "it is not mp3 but FLAC; give it its proper name"
    ogg = file_of("ogg", tmp_path)
    assert refusal(ogg.rename(tmp_path / "a.m4a")) == "it is not m4a but Ogg; give it its proper name"
    text_file = tmp_path / "a.wav"
    text_file.write_bytes(b"just a text, named in jest")
    assert refusal(text_file) == "it is no WAV (RIFF) file"


def test_mp2_and_mp1_are_written_like_mp3(tmp_path: Path) -> None:
    path = tmp_path / "a.mp2"
    path.write_bytes(audio())
    restore(edit(path, **FIELDS))
    assert path.read_bytes() == audio()


def test_an_id3_tag_after_other_bytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(bytes(2_000) + tag(3, text(3, "TIT2", "Title")) + audio())
    assert refusal(path) == "its ID3 tag comes after other bytes"
    path.write_bytes(bytes(2_000) + audio())
    restore(edit(path, **FIELDS))


def test_flac_may_begin_with_an_id3_tag(tmp_path: Path) -> None:
    path = file_of("flac", tmp_path)
    before = tag(4, text(4, "TIT2", "Title")) + path.read_bytes()
    path.write_bytes(before)
    change = edit(path, GENRE=("Rock",))
    assert path.read_bytes().startswith(before[:30])
    assert FLAC(path)["genre"] == ["Rock"]
    restore(change)
    assert path.read_bytes() == before


# Vorbis comments


def test_vorbis_keys_and_a_repeated_key_for_each_value(tmp_path: Path) -> None:
    for kind in ("flac", "ogg", "opus"):
        path = file_of(kind, tmp_path)
        edit(path, **FIELDS, COMMENT=("note",), GROUPING=("Set",))
        tags = mutagen.File(path).tags
        expected = {**FIELDS, "COMMENT": ("note",), "GROUPING": ("Set",)}
        assert {key: tuple(tags[key]) for key in expected} == expected


def test_vendor_and_the_spelling_of_keys_stay(tmp_path: Path) -> None:
    path = file_of("ogg", tmp_path)
    tags = OggVorbis(path)
    tags.tags.extend([("Genre", "folk"), ("comment", "mine"), ("COMMENT", "second")])
    tags.save()
    vendor = OggVorbis(path).tags.vendor
    before = [key for key, _ in OggVorbis(path).tags]
    edit(path, GENRE=("folk", "Jazz"), COMMENT=("mine [moods: a]",))
    tags = OggVorbis(path).tags
    assert tags.vendor == vendor
    assert [key for key, _ in tags] == [found for key in before for found in ([key, key] if key == "Genre" else [key])]
    assert tags["comment"] == ["mine [moods: a]", "second"]
    assert values(path)["COMMENT"] == ("mine [moods: a]",)


def test_flac_uses_its_padding_so_that_the_audio_need_not_move(tmp_path: Path) -> None:
    path = file_of("flac", tmp_path)
    tags = FLAC(path)
    tags.save(padding=lambda _: 2_000)
    size, md5 = path.stat().st_size, FLAC(path).info.md5_signature
    edit(path, **FIELDS)
    assert path.stat().st_size == size
    assert FLAC(path).info.md5_signature == md5
    edit(path, COMMENT=("long " * 1_000,))
    assert path.stat().st_size > size
    assert FLAC(path)["comment"] == ["long " * 1_000]


def test_flac_without_comments_gets_a_block_of_them(tmp_path: Path) -> None:
    path = file_of("flac", tmp_path)
    content = path.read_bytes()
    bare = b"fLaC\x80" + content[5:42] + content[content.index(b"\xff\xf8") :]
    path.write_bytes(bare)
    payload = payload_digest(path)
    change = edit(path, GENRE=("Rock",))
    assert FLAC(path)["genre"] == ["Rock"]
    assert payload_digest(path) == payload
    restore(change)
    assert path.read_bytes() == bare


def test_more_than_one_block_of_comments_is_refused(tmp_path: Path) -> None:
    path = file_of("flac", tmp_path)
    content = path.read_bytes()
    block = b"\x04\x00\x00\x08" + bytes(8)
    path.write_bytes(content[:42] + block + block + content[42:])
    assert "more than one" in refusal(path)


# Ogg


def vorbis_like(serial: int) -> bytes:
    return ogg_stream(b"Speex   " + bytes(72), bytes(8), *(bytes([n]) * 50 for n in range(60)), serial=serial)


def test_chained_and_multiplexed_streams_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.ogg"
    path.write_bytes(vorbis_like(1) + vorbis_like(2))
    assert "(chained)" in refusal(path)
    first, second = vorbis_like(1), vorbis_like(2)
    length = 28 + 80
    path.write_bytes(first[:length] + second[:length] + first[length:] + second[length:])
    assert "(multiplexed)" in refusal(path)
    payload_digest(path)


@pytest.mark.parametrize("kind", ["ogg", "opus"])
@pytest.mark.parametrize("number", [1, -1])
def test_a_damaged_page_is_not_given_a_good_checksum(kind: str, number: int, tmp_path: Path) -> None:
    path = file_of(kind, tmp_path)
    content = bytearray(path.read_bytes())
    content[ogg_layout(io.BytesIO(content)).pages[number].body.end - 1] ^= 1
    path.write_bytes(content)
    with pytest.raises(WriteRefusedError, match="damaged Ogg page"):
        edit(path, GENRE=("Rock",))
    assert path.read_bytes() == content


def test_pages_of_audio_change_their_numbers_only_if_they_must(tmp_path: Path) -> None:
    path = file_of("opus", tmp_path)
    with path.open("rb") as file:
        before = ogg_layout(file)
    edit(path, **FIELDS)
    with path.open("rb") as file:
        assert [page.sequence for page in ogg_layout(file).pages] == [page.sequence for page in before.pages]
    edit(path, COMMENT=("much " * 20_000,))
    with path.open("rb") as file:
        assert len(ogg_layout(file).pages) == len(before.pages) + 1
    assert mutagen.File(path)["comment"] == ["much " * 20_000]


# MP4


def mp4_with(path: Path, edit_bytes: dict[bytes, bytes]) -> None:
    content = path.read_bytes()
    for old, new in edit_bytes.items():
        assert old in content
        content = content.replace(old, new)
    path.write_bytes(content)


def test_mp4_keys(tmp_path: Path) -> None:
    path = file_of("m4a-aac", tmp_path)
    edit(path, **FIELDS, COMMENT=("note",), GROUPING=("Set",))
    tags = MP4(path).tags
    assert (tags["\xa9gen"], tags["\xa9cmt"], tags["\xa9grp"]) == (["Rock", "Pop"], ["note"], ["Set"])
    for name in ("MOOD", "INSTRUMENTS", "VOCALS"):
        assert [bytes(value).decode() for value in tags[f"----:com.apple.iTunes:{name}"]] == list(FIELDS[name])


def test_a_numbered_genre_is_read_and_gives_way(tmp_path: Path) -> None:
    path = file_of("m4a-aac", tmp_path)
    edit(path, GENRE=("12345",))
    data = b"\0\0\0\x15data\0\0\0\1\0\0\0\00012345"
    mp4_with(path, {b"\xa9gen" + data: b"gnre" + b"\0\0\0\x12data\0\0\0\0\0\0\0\0\0\x12"})
    at = path.read_bytes().index(b"gnre")
    shorten_atoms(path, at, 3)
    assert values(path)["GENRE"] == ("Rock",)
    edit(path, GENRE=("Rock", "Pop"))
    assert MP4(path)["\xa9gen"] == ["Rock", "Pop"]
    assert b"gnre" not in path.read_bytes()


def shorten_atoms(path: Path, at: int, by: int) -> None:
    """Some bytes went from the item at ``at``: it and every atom around it is shorter."""
    content = bytearray(path.read_bytes())
    for name in (b"moov", b"udta", b"meta", b"ilst", b"gnre"):
        start = content.rindex(name, 0, at + 4) - 4
        length = int.from_bytes(content[start : start + 4], "big") - by
        content[start : start + 4] = length.to_bytes(4, "big")
    path.write_bytes(content)


def test_the_spelling_of_a_free_form_name_stays(tmp_path: Path) -> None:
    path = file_of("m4a-aac", tmp_path)
    tags = MP4(path)
    tags["----:com.apple.iTunes:Mood"] = [b"Sad"]
    tags.save()
    edit(path, MOOD=("Sad", "Calm"))
    tags = MP4(path).tags
    assert [bytes(value) for value in tags["----:com.apple.iTunes:Mood"]] == [b"Sad", b"Calm"]
    assert "----:com.apple.iTunes:MOOD" not in tags


def test_fragmented_and_protected_mp4_are_refused(tmp_path: Path) -> None:
    path = file_of("m4a-aac", tmp_path)
    mp4_with(path, {b"mp4a\0\0\0\0": b"drms\0\0\0\0"})
    assert "protected by DRM" in refusal(path)
    path = file_of("m4a-aac", tmp_path)
    path.write_bytes(path.read_bytes() + b"\0\0\0\x08moof")
    assert refusal(path) == "Earmark cannot write fragmented MP4"


def test_a_free_atom_takes_the_growth(tmp_path: Path) -> None:
    path = file_of("m4a-aac", tmp_path)
    tags = MP4(path)
    tags.save(padding=lambda _: 3_000)
    size = path.stat().st_size
    with path.open("rb") as file:
        before = [(atom.name, atom.offset) for atom in atoms(file, Span(0, size))]
    edit(path, **FIELDS)
    assert path.stat().st_size == size
    with path.open("rb") as file:
        assert [(atom.name, atom.offset) for atom in atoms(file, Span(0, size))] == before


# ASF


def test_asf_attributes_and_the_size_of_the_file(tmp_path: Path) -> None:
    path = file_of("wma", tmp_path)
    edit(path, **FIELDS, COMMENT=("note",))
    tags = ASF(path).tags
    names = {"WM/Genre": "GENRE", "WM/Mood": "MOOD", "Instruments": "INSTRUMENTS", "Vocals": "VOCALS"}
    assert {name: tuple(map(str, tags[name])) for name in names} == {
        name: FIELDS[name_] for name, name_ in names.items()
    }
    assert [str(value) for value in tags["Description"]] == ["note"]


def test_further_values_in_the_metadata_library_are_read(tmp_path: Path) -> None:
    path = file_of("wma", tmp_path)
    tags = ASF(path)
    tags["WM/Genre"] = ["Rock", "Pop"]  # mutagen puts the second one there
    tags.save()
    assert values(path)["GENRE"] == ("Rock", "Pop")
    edit(path, GENRE=("Rock", "Pop", "Jazz"))
    assert [str(value) for value in ASF(path)["WM/Genre"]] == ["Rock", "Pop", "Jazz"]
    edit(path, GENRE=("Jazz",))
    assert [str(value) for value in ASF(path)["WM/Genre"]] == ["Jazz"]


# APEv2


def test_an_ape_tag_before_id3v1_and_one_that_is_not_there(tmp_path: Path) -> None:
    path = file_of(".mpc", tmp_path)
    content = path.read_bytes()
    bare = content[: content.index(b"APETAGEX")] + content[-128:]
    path.write_bytes(bare)
    change = edit(path, **FIELDS)
    assert path.read_bytes().endswith(content[-128:])
    assert list(mutagen.File(path).tags["Genre"]) == ["Rock", "Pop"]
    restore(change)
    assert path.read_bytes() == bare


def test_ape_keys_keep_their_spelling_and_binary_items_are_told(tmp_path: Path) -> None:
    path = file_of(".ape", tmp_path)
    content = path.read_bytes()
    audio = content[: content.index(b"APETAGEX")]
    path.write_bytes(audio + apev2(GENRE="Rock", Title="x"))
    edit(path, GENRE=("Rock", "Pop"))
    assert b"GENRE\0Rock\0Pop" in path.read_bytes()
    binary = bytearray(audio + apev2(Genre="Rock"))
    binary[len(audio) + 32 + 4] = 2
    path.write_bytes(binary)
    assert "not a text" in refusal(path)


# WAV and AIFF


@pytest.mark.parametrize("kind", ["wav", "aiff"])
def test_iff_without_an_id3_chunk_gets_one_at_the_end(kind: str, tmp_path: Path) -> None:
    path = file_of(kind, tmp_path)
    tags = mutagen.File(path)
    tags.delete()
    before = path.read_bytes()
    path.write_bytes(before)
    change = edit(path, **FIELDS)
    assert path.read_bytes()[12 : len(before)] == before[12:]
    assert mutagen.File(path).tags["TCON"].text == ["Rock", "Pop"]
    restore(change)
    assert path.read_bytes() == before


def test_two_id3_chunks_are_refused(tmp_path: Path) -> None:
    path = file_of("wav", tmp_path)
    content = path.read_bytes()
    chunk = b"id3 " + struct.pack("<I", 10) + b"ID3\x04\0\0\0\0\0\0"
    both = content + chunk + chunk
    path.write_bytes(b"RIFF" + struct.pack("<I", len(both) - 8) + both[8:])
    assert "more than one ID3 chunk" in refusal(path)


@pytest.mark.parametrize("kind", ["wav", "aiff"])
def test_an_id3_chunk_after_the_form_is_refused(kind: str, tmp_path: Path) -> None:
    path = file_of(kind, tmp_path)
    content = path.read_bytes()
    tag_length = len(content) - content.lower().rindex(b"id3 ")
    order = "little" if kind == "wav" else "big"
    path.write_bytes(content[:4] + (len(content) - 8 - tag_length).to_bytes(4, order) + content[8:])
    assert refusal(path) == "it has an ID3 chunk after the end that its header tells"


@pytest.mark.parametrize("data", [b"", b"data\0\0\0\0"])
def test_a_wav_without_sound_is_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    form = b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8_000, 16_000, 2, 16) + data
    path.write_bytes(b"RIFF" + struct.pack("<I", len(form)) + form)
    assert "it holds no audio" in refusal(path)


def test_what_follows_the_form_stays(tmp_path: Path) -> None:
    path = file_of("wav", tmp_path)
    before = path.read_bytes() + b"something else"
    path.write_bytes(before)
    change = edit(path, GENRE=("Rock",))
    assert path.read_bytes().endswith(b"something else")
    restore(change)
    assert path.read_bytes() == before


def test_layouts_read_from_any_binary_file() -> None:
    stream = vorbis_like(3)
    layout = ogg_layout(io.BytesIO(stream))
    assert (layout.header_pages, len(layout.audio_pages)) == (2, 3)
