"""ID3v2 tags taken apart and put together again, without losing or guessing a byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger_core.tag_files.id3_block import FRESH_PADDING, BlockError, Frame, Id3Block, parse_block
from tests.mp3_files import COVER, frame, synchsafe, tag, text, unsynchronised

bodies = st.binary(max_size=300)
frame_ids = st.sampled_from(["TIT2", "APIC", "PRIV", "XYZ9", "TXXX"])


@given(st.sampled_from([3, 4]), st.lists(st.tuples(frame_ids, bodies), min_size=1, max_size=6), st.integers(0, 50))
def test_parsing_and_writing_gives_the_same_bytes(version: int, frames: list[tuple[str, bytes]], padding: int) -> None:
    data = tag(version, *(frame(version, name, body) for name, body in frames), padding=padding)
    block = parse_block(data)
    assert [(part.id, part.body) for part in block.frames] == frames
    assert block.to_bytes() == data


@given(st.binary(max_size=200), st.sampled_from([2, 3, 4]), st.integers(0, 255))
def test_hostile_bytes_are_refused_or_understood(body: bytes, version: int, flags: int) -> None:
    data = b"ID3" + bytes([version, 0, flags & 0xEF]) + synchsafe(len(body)) + body
    try:
        block = parse_block(data)
    except BlockError:
        return
    assert sum(len(part.body) for part in block.frames) <= len(body)


def test_a_block_that_must_grow_gets_fresh_padding() -> None:
    block = parse_block(tag(4, text(4, "TIT2", "Title"), padding=5))
    grown = Id3Block(4, block.frame_header, (*block.frames, Frame("TMOO", b"\0\0", b"\x03Calm")), 0, block.length)
    data = grown.to_bytes()
    assert len(data) == block.length - 5 + len(text(4, "TMOO", "Calm")) + FRESH_PADDING
    assert parse_block(data).frames == grown.frames


def test_itunes_wrote_plain_sizes_into_2_4() -> None:
    plain = [b"TIT2" + (200).to_bytes(4, "big") + b"\0\0" + b"\x03" + b"x" * 199, text(4, "TPE1", "Artist")]
    data = tag(4, *plain, padding=20)
    block = parse_block(data)
    assert [part.id for part in block.frames] == ["TIT2", "TPE1"]
    assert block.to_bytes() == data


def test_unsynchronisation_of_2_3_is_undone() -> None:
    plain = text(3, "TIT2", "Ünsync") + frame(3, "APIC", COVER + b"\xff\x00\xff\xe0\xff")
    block = parse_block(tag(3, unsynchronised(plain), flags=0x80))
    assert block.to_bytes()[10:].rstrip(b"\0") == plain
    assert block.to_bytes()[5] == 0


def test_unsynchronisation_that_was_only_announced_is_left_alone() -> None:
    plain = frame(3, "APIC", b"\xff\x00\xff\xd8\xff\xe0")
    assert parse_block(tag(3, plain, flags=0x80)).frames[0].body == b"\xff\x00\xff\xd8\xff\xe0"


@pytest.mark.parametrize(
    ("version", "extended"), [(3, b"\0\0\0\x06" + bytes(6)), (4, b"\0\0\0\x06\x01\x00"), (3, b""), (4, b"")]
)
def test_an_extended_header_is_dropped_also_where_it_was_only_announced(version: int, extended: bytes) -> None:
    title = text(version, "TIT2", "Title")
    block = parse_block(tag(version, extended, title, flags=0x40))
    assert block.to_bytes()[:6] == b"ID3" + bytes([version, 0, 0])
    assert block.to_bytes()[10:].startswith(title)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"ID3\x04\x00\x00\x00\x00\x80\x00" + bytes(200), "broken header"),
        (tag(4, text(4, "TIT2", "Title"))[:-1], "cut off"),
        (b"ID3\x05\x00\x00\x00\x00\x00\x00", "unknown version"),
        (tag(4, text(4, "TIT2", "Title"), flags=0x01), "unknown flags"),
        (tag(3, frame(3, "TIT2", b"\x00x")[:-1]), "beyond its end"),
        (tag(3, text(3, "TIT2", "Title"), b"tit2\0\0\0\x01\0\0x"), "broken frame after 1"),
        (tag(3, text(3, "TIT2", "Title"), b"TIT"), "broken frame after 1"),
        (tag(3, text(3, "TIT2", "Title"), b"\0\0\0x"), "padding"),
        (tag(3, b"\xff\xff\xff\xff", flags=0x40), "extended header"),
    ],
)
def test_what_is_broken_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(BlockError, match=reason):
        parse_block(data)


def test_a_tag_has_a_largest_size() -> None:
    huge = Frame("APIC", b"\0\0", bytes(1 << 20))
    with pytest.raises(BlockError, match="256 MiB"):
        Id3Block(4, Id3Block.empty(4).frame_header, (huge,) * 256).to_bytes()
