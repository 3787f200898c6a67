"""Fields of mp3 files: read, written, and everything else left exactly as it was.

mutagen reads back what was written; the bytes of foreign frames are compared as bytes.
"""

import io
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutagen.id3 import ID3

from tagger_core.domain import FilePlan, TagEdit
from tagger_core.errors import WriteRefusedError
from tagger_core.mp3_layout import mp3_layout
from tagger_core.tag_fields import PRESETS, Field, Preset
from tagger_core.tag_files import FileFields, prepared_edit, read_fields
from tagger_core.tag_files.id3_block import BlockError, parse_block
from tagger_core.tag_files.id3_fields import check_rewrite
from tests.mp3_files import (
    COVER,
    apev2,
    audio,
    comment,
    compressed,
    frame,
    id3v1,
    lyrics3,
    plan,
    tag,
    text,
    text_body,
    track,
    unsynchronised,
    user_text,
    write,
)

STANDARD, COMPATIBLE = PRESETS["standard"], PRESETS["compatible"]


def save(file_plan: FilePlan, preset: Preset = STANDARD) -> tuple[str, ...]:
    with (
        ThreadPoolExecutor(2) as workers,
        prepared_edit(file_plan, preset, workers, preserve_mtime=False, allow_hard_links=False) as prepared,
    ):
        return prepared.warnings + prepared.commit()


def values(path: Path) -> dict[str, tuple[str, ...]]:
    return {str(field): found for field, found in read_fields(path).values.items()}


def head(path: Path) -> bytes:
    content = path.read_bytes()
    return content[: mp3_layout(io.BytesIO(content)).tag_end]


def raw_id3(path: Path) -> ID3:
    return ID3(path, translate=False, load_v1=False)


# Reading


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"", {"GENRE": ("Rock",)}),
        (tag(4, text(4, "TCON", "Rock", "Pop")), {"GENRE": ("Rock", "Pop")}),
        (tag(4, text(4, "TCON", "(17)", "18")), {"GENRE": ("Rock", "Techno")}),
        (tag(3, text(3, "TCON", "(17)(18)Own")), {"GENRE": ("Rock", "Techno", "Own")}),
        (tag(3, text(3, "TCON", "Rock; AC/DC; R&B")), {"GENRE": ("Rock", "AC/DC", "R&B")}),
        (tag(4, text(4, "TMOO", "Calm"), user_text(4, "Mood", "Sad", "Calm")), {"MOOD": ("Calm", "Sad")}),
        (tag(3, user_text(3, "mood", "Calm; Sad")), {"MOOD": ("Calm", "Sad")}),
        (tag(3, text(3, "TMOO", "not of this version")), {}),
        (tag(4, user_text(4, "INSTRUMENTS", "Piano"), user_text(4, "vocals", "Female Vocals")),
         {"INSTRUMENTS": ("Piano",), "VOCALS": ("Female Vocals",)}),
        (tag(3, comment(3, "iTunNORM", "0001"), comment(3, "", "a; b"), comment(3, "", "c", "deu")),
         {"COMMENT": ("a; b",)}),
        (tag(4, text(4, "GRP1", "Set A")), {"GROUPING": ("Set A",)}),
        (tag(4, compressed(4, "TCON", text_body(4, "Rock"))), {"GENRE": ("Rock",)}),
        (tag(3, compressed(3, "TCON", text_body(3, "Rock"))), {"GENRE": ("Rock",)}),
        (tag(4, text(4, "TCON"), frame(4, "TMOO", b"")), {}),
        (tag(2, frame(2, "TCO", b"\x00(17)")), {"GENRE": ("Rock",)}),
        (tag(3, unsynchronised(text(3, "TCON", "Rock")), flags=0x80), {"GENRE": ("Rock",)}),
    ],
)  # fmt: skip
def test_reads_our_fields(tmp_path: Path, head: bytes, expected: dict[str, tuple[str, ...]]) -> None:
    assert values(write(tmp_path / "a.mp3", head, audio(), id3v1(genre=17))) == expected


def test_tells_about_2_2_and_about_a_second_tag(tmp_path: Path) -> None:
    first, second = tag(2, frame(2, "TT2", b"\x00Title")), tag(4, text(4, "TCON", "Pop"))
    fields = read_fields(write(tmp_path / "a.mp3", first, second, audio()))
    assert not fields.values
    assert [warning.split(";")[0] for warning in fields.warnings] == [
        "the file has more than one ID3v2 tag",
        "the tag is ID3v2.2 and becomes ID3v2.3 when it is written",
    ]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.mid", b"MThd", "Earmark cannot write mid files"),
        ("a", b"", "Earmark cannot write such files"),
        ("a.mp3", b"", "no MPEG audio"),
        ("a.MP3", b"just a text, named in jest", "no MPEG audio"),
        ("a.mp3", b"RIFF\0\0\0\0WAVEfmt ", "not mp3 but WAV"),
        ("a.mp3", tag(4, text(4, "TIT2", "Title")) + b"fLaC", "not mp3 but FLAC"),
        ("a.mp3", tag(4, text(4, "TIT2", "Title"))[:-3], "is cut off"),
        ("a.mp3", b"ID3\x04\x00\x00\x00\x00\x80\x00" + audio(), "broken header"),
        ("a.mp3", tag(3, frame(3, "TIT2", b"\x00Title"), b"garbage") + audio(), "broken frame after 1"),
        ("a.mp3", tag(4, frame(4, "TCON", b"\x03Rock", flags=0x0004)) + audio(), "TCON that cannot be read"),
        ("a.mp3", tag(2, frame(2, "ZZZ", b"\x00x")) + audio(), "would be lost"),
    ],
)
def test_says_why_a_file_cannot_be_written(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    path = write(tmp_path / name, content)
    with pytest.raises(WriteRefusedError, match=reason):
        read_fields(path)


def test_nothing_speaks_against_a_file_without_a_tag(tmp_path: Path) -> None:
    assert read_fields(write(tmp_path / "a.mp3", audio())) == FileFields({})


def test_a_write_protected_file_is_told_before_anything_is_written(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp3", audio())
    path.chmod(0o444)
    (warning,) = read_fields(path).warnings
    assert warning == "the file cannot be written: it is write-protected; make it writable first"


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(WriteRefusedError, match="cannot be read"):
        read_fields(tmp_path / "a.mp3")


# Writing: versions and encodings


def test_an_untagged_file_gets_the_version_of_the_preset(tmp_path: Path) -> None:
    for preset, version in ((STANDARD, 4), (COMPATIBLE, 3)):
        path = write(tmp_path / "a.mp3", audio(), id3v1())
        save(plan(path, GENRE=["Rock", "Ambient"], MOOD=["Calm"], COMMENT=["[moods: Calm]"]), preset)
        assert values(path) == {"GENRE": ("Rock", "Ambient"), "MOOD": ("Calm",), "COMMENT": ("[moods: Calm]",)}
        assert raw_id3(path).version == (2, version, 0)
        assert path.read_bytes().endswith(audio() + id3v1())


def test_2_4_gets_separate_values_in_utf_8(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp3", tag(4, text(4, "TIT2", "Title")), audio())
    save(plan(path, GENRE=["Rock", "Düster"], INSTRUMENTS=["Piano"]))
    tags = raw_id3(path)
    assert (tags["TCON"].text, tags["TCON"].encoding) == (["Rock", "Düster"], 3)
    assert tags["TXXX:INSTRUMENTS"].text == ["Piano"]


def test_2_3_gets_one_joined_text_in_utf_16_and_its_mood_in_txxx(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp3", tag(3, text(3, "TIT2", "Title"), text(3, "TYER", "1999")), audio())
    save(plan(path, GENRE=["Rock", "Düster"], MOOD=["Calm"]))
    tags = raw_id3(path)
    assert tags.version == (2, 3, 0)
    assert (tags["TCON"].text, tags["TCON"].encoding) == (["Rock; Düster"], 1)
    assert tags["TXXX:MOOD"].text == ["Calm"]
    assert "TMOO" not in tags
    assert tags["TYER"].text == ["1999"]


def test_a_joined_preset_joins_in_2_4_too(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp3", tag(4, text(4, "TCON", "Rock", "Pop")), audio())
    save(plan(path, GENRE=["Rock", "Pop", "Jazz"]), COMPATIBLE)
    assert raw_id3(path)["TCON"].text == ["Rock; Pop; Jazz"]


def test_values_that_are_only_added_to_leave_the_stored_texts_as_they_are(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp3", tag(4, text(4, "TCON", "rock; POP", "(17)")), audio())
    save(plan(path, GENRE=["rock", "POP", "Rock", "Jazz"]))
    assert raw_id3(path)["TCON"].text == ["rock; POP", "(17)", "Jazz"]


def test_a_second_place_of_the_mood_is_kept_in_step(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp3", tag(4, user_text(4, "Mood", "Sad"), text(4, "TIT2", "Title")), audio())
    save(plan(path, MOOD=["Sad", "Calm"]))
    tags = raw_id3(path)
    assert tags["TMOO"].text == tags["TXXX:Mood"].text == ["Sad", "Calm"]
    assert [part.id for part in parse_block(head(path)).frames] == ["TXXX", "TIT2", "TMOO"]


def test_several_frames_of_one_field_become_one(tmp_path: Path) -> None:
    frames = text(3, "TCON", "Rock"), text(3, "TIT2", "Title"), text(3, "TCON", "Pop"), frame(3, "TCON", b"")
    path = write(tmp_path / "a.mp3", tag(3, *frames), audio())
    save(plan(path, GENRE=["Rock", "Pop", "Jazz"]))
    assert [part.id for part in parse_block(head(path)).frames] == ["TCON", "TIT2"]
    assert values(path) == {"GENRE": ("Rock", "Pop", "Jazz")}


def test_only_the_first_comment_without_description_is_ours(tmp_path: Path) -> None:
    foreign = comment(3, "iTunNORM", "0001"), comment(3, "", "andere", "deu")
    path = write(tmp_path / "a.mp3", tag(3, foreign[0], comment(3, "", "mine", "fra"), foreign[1]), audio())
    save(plan(path, COMMENT=["mine [moods: Calm; Sad]"]))
    assert values(path) == {"COMMENT": ("mine [moods: Calm; Sad]",)}
    assert raw_id3(path)["COMM::fra"].text == ["mine [moods: Calm; Sad]"]
    assert all(part in head(path) for part in foreign)


def test_taking_the_last_field_out_takes_the_tag_away(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp3", tag(4, text(4, "TCON", "Rock"), padding=500), audio(), id3v1())
    save(plan(path, GENRE=[]))
    assert path.read_bytes() == audio() + id3v1()


def test_2_2_becomes_2_3_with_its_picture(tmp_path: Path) -> None:
    picture = b"\x00JPG\x03cover\x00" + b"\xff\xd8\xff\xe0 picture"
    frames = frame(2, "TT2", b"\x00Title"), frame(2, "TCO", b"\x00(17)"), frame(2, "PIC", picture)
    path = write(tmp_path / "a.mp3", tag(2, *frames), audio(), id3v1())
    assert any("2.2" in warning for warning in save(plan(path, GENRE=["Rock", "Pop"], MOOD=["Calm"])))
    tags = raw_id3(path)
    assert tags.version == (2, 3, 0)
    assert tags["TIT2"].text == ["Title"]
    assert (tags["APIC:cover"].mime, tags["APIC:cover"].data) == ("image/jpeg", b"\xff\xd8\xff\xe0 picture")
    assert values(path) == {"GENRE": ("Rock", "Pop"), "MOOD": ("Calm",)}
    assert path.read_bytes().endswith(audio() + id3v1())


def test_2_4_stays_unsynchronised_frame_by_frame(tmp_path: Path) -> None:
    cover = frame(4, "APIC", unsynchronised(COVER), flags=0x0002)
    path = write(tmp_path / "a.mp3", tag(4, cover, text(4, "TCON", "Rock"), flags=0x80), audio())
    save(plan(path, GENRE=["Jazz"], MOOD=["Calm"]))
    assert cover in head(path)
    assert next(iter(raw_id3(path).getall("APIC"))).data == COVER[13:]
    assert values(path) == {"GENRE": ("Jazz",), "MOOD": ("Calm",)}


def test_a_compressed_frame_of_ours_is_replaced_by_a_plain_one(tmp_path: Path) -> None:
    foreign = compressed(4, "TIT2", text_body(4, "Title"))
    path = write(tmp_path / "a.mp3", tag(4, foreign, compressed(4, "TCON", text_body(4, "Rock"))), audio())
    save(plan(path, GENRE=["Jazz"]))
    assert foreign + text(4, "TCON", "Jazz\0") in head(path)


def test_padding_is_used_so_that_the_audio_need_not_move(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp3", tag(4, text(4, "TIT2", "Title"), padding=300), audio())
    length = len(head(path))
    save(plan(path, GENRE=["Rock"], MOOD=["Calm"]))
    assert len(head(path)) == length


def test_a_second_tag_stays(tmp_path: Path) -> None:
    second = tag(4, text(4, "TCON", "Pop"))
    path = write(tmp_path / "a.mp3", tag(3, text(3, "TIT2", "Title")), second, audio())
    save(plan(path, GENRE=["Rock"]))
    assert path.read_bytes().endswith(second + audio())
    assert values(path) == {"GENRE": ("Rock",)}


def test_a_large_cover_is_carried_over(tmp_path: Path) -> None:
    cover = frame(3, "APIC", b"\x00image/png\x00\x03\x00" + bytes(range(256)) * (20 << 12))
    path = write(tmp_path / "a.mp3", tag(3, cover), audio())
    save(plan(path, GENRE=["Rock"]))
    assert head(path)[10 : 10 + len(cover)] == cover


# Writing: refusals


@pytest.mark.parametrize("value", ["lone \ud800 surrogate", "Rock; Pop"])
def test_a_value_that_cannot_be_stored_is_refused(tmp_path: Path, value: str) -> None:
    path = write(tmp_path / "a.mp3", audio())
    with pytest.raises(WriteRefusedError, match="its ID3 tag"):
        save(plan(path, GENRE=[value]))
    assert path.read_bytes() == audio()
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("value", ["", "a\0b"])
def test_a_value_that_no_plan_should_hold_is_a_bug(tmp_path: Path, value: str) -> None:
    path = write(tmp_path / "a.mp3", audio())
    with pytest.raises(ValueError, match="empty value or a NUL"):
        save(plan(path, GENRE=[value]))


def test_a_plan_made_for_other_values_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp3", tag(4, text(4, "TCON", "Rock")), audio())
    with pytest.raises(WriteRefusedError, match="GENRE is not what the plan was made for"):
        save(FilePlan(track(path), (TagEdit("GENRE", ("Pop",), ("Pop", "Jazz")),)))


# Verification

TITLE, PICTURE = text(4, "TIT2", "Title"), frame(4, "APIC", COVER)
ROCK, JAZZ, CALM = text(4, "TCON", "Rock"), text(4, "TCON", "Jazz"), text(4, "TMOO", "Calm")


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        (tag(4, TITLE, PICTURE, ROCK), "the values that were written"),
        (tag(4, TITLE, PICTURE, JAZZ, CALM), "the values that were written"),
        (tag(4, TITLE, JAZZ), "all its other fields unchanged"),
        (tag(4, text(4, "TIT2", "Tidle"), PICTURE, JAZZ), "all its other fields unchanged"),
        (tag(4, TITLE, PICTURE, JAZZ, text(4, "TPE1", "Somebody")), "all its other fields unchanged"),
        (tag(4, PICTURE, TITLE, JAZZ), "the bytes of all its other fields"),
        (tag(4, TITLE, PICTURE, JAZZ)[:-1], "cannot be read"),
    ],
)
def test_verification_finds_anything_beside_the_edits(new: bytes, reason: str) -> None:
    old = tag(4, TITLE, PICTURE, ROCK)
    check_rewrite(old, tag(4, TITLE, JAZZ, PICTURE), {Field.GENRE: ("Jazz",)})
    with pytest.raises(BlockError, match=reason):
        check_rewrite(old, new, {Field.GENRE: ("Jazz",)})


# Properties

names = st.text(st.characters(codec="utf-8", exclude_characters="\0;()0123456789", exclude_categories=["Cs", "Cc"]))
tag_values = st.lists(names.filter(str.strip), min_size=1, max_size=3, unique=True)
new_values = st.dictionaries(st.sampled_from(["GENRE", "MOOD", "INSTRUMENTS", "VOCALS", "GROUPING"]), tag_values)


@st.composite
def heads(draw: st.DrawFn) -> tuple[bytes, list[bytes]]:
    """A tag (or none) with fields of ours and of others in any order; and the frames of the others."""
    version = draw(st.sampled_from([3, 4]))
    words = st.text(st.characters(codec="ascii", categories=["L", "Nd", "Zs"]), min_size=1, max_size=150)
    foreign = st.one_of(
        words.map(lambda word: text(version, "TIT2", word)),
        words.map(lambda word: user_text(version, "MusicBrainz Album Id", word)),
        words.map(lambda word: comment(version, "iTunNORM", word)),
        st.just(frame(version, "APIC", COVER)),
        st.binary(min_size=1, max_size=200).map(lambda body: frame(version, "XYZ1", body)),
        st.binary(max_size=200).map(lambda body: frame(version, "PRIV", b"owner\0" + body, flags=0x4000)),
        st.just(frame(version, "TPE1", b"")),
        st.just(text(version, "TYER" if version == 3 else "TDRC", "1999")),
    )
    ours = st.one_of(
        tag_values.map(lambda found: text(version, "TCON", "; ".join(found))),
        tag_values.map(lambda found: user_text(version, draw(st.sampled_from(["MOOD", "Mood"])), *found)),
        tag_values.map(lambda found: text(version, "TMOO", *found) if version == 4 else b""),
        tag_values.map(lambda found: user_text(version, "VOCALS", *found)),
    )
    others = draw(st.lists(foreign, max_size=5))
    mixed = draw(st.permutations([*others, *draw(st.lists(ours, max_size=3))]))
    if not any(mixed) and draw(st.booleans()):
        return b"", []
    order = [part for part in mixed if part in others]
    return tag(version, *mixed, padding=draw(st.sampled_from([0, 1, 30, 1000]))), order


@given(
    heads(),
    st.sampled_from([b"", id3v1(), apev2(Genre="Folk", Mood="Odd"), lyrics3("la") + id3v1()]),
    new_values,
    st.sampled_from([STANDARD, COMPATIBLE]),
)
@settings(max_examples=150, deadline=None)
def test_any_edit_of_any_tag_touches_nothing_else(
    made: tuple[bytes, list[bytes]], tail: bytes, new: dict[str, list[str]], preset: Preset
) -> None:
    old_head, foreign = made
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder, "a.mp3"), old_head, audio(), tail)
        before = values(path)
        save(plan(path, **new), preset)
        assert values(path) == {**before, **{field: tuple(found) for field, found in new.items()}}
        content = path.read_bytes()
        assert content[len(head(path)) :] == audio() + tail
        position = 0
        for part in foreign:
            position = head(path).index(part, position) + len(part)
        if old_head and new:
            assert head(path)[3] == old_head[3]
