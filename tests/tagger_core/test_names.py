"""What files call themselves: read from every kind, refused from none."""

from pathlib import Path

import pytest
from mutagen.id3 import ID3, TALB, TIT2, TPE1

from tagger_core.display_text import printable
from tagger_core.domain import TrackName
from tagger_core.tag_files.names import read_name
from tests.mp3_files import apev2, audio, id3v1
from tests.music_files import KINDS, make, suffix


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_tells_its_title_and_artist(kind: str, tmp_path: Path) -> None:
    assert read_name(make(tmp_path / f"a{suffix(kind)}", kind)) == TrackName("Title", "Somebody")


def test_an_mp3_without_id3v2_may_have_older_tags(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(audio() + id3v1("Old Title"))
    assert read_name(path) == TrackName("Old Title")
    path.write_bytes(audio() + apev2(Title="From APE", Album="An Album"))
    assert read_name(path) == TrackName("From APE", "", "An Album")


def test_names_cannot_play_tricks_and_have_an_end(tmp_path: Path) -> None:
    tags = ID3()
    tags.add(TIT2(encoding=3, text=[" \u202eevil\x1b[2J\n"]))
    tags.add(TPE1(encoding=3, text=["", "Björk 🎵 초록"]))
    tags.add(TALB(encoding=3, text=["x" * 100_000]))
    path = tmp_path / "a.mp3"
    path.write_bytes(audio())
    tags.save(path)
    name = read_name(path)
    assert name.title == "\\u202eevil\\x1b[2J"
    assert name.artist == "Björk 🎵 초록"
    assert len(name.album) == 500


@pytest.mark.parametrize("content", [b"", b"ID3", b"ID3\x04\x00\x00\x00\x00\x7f\x7f" + b"TIT2" * 99, bytes(5000)])
@pytest.mark.parametrize("name", ["a.mp3", "a.flac", "a.ogg", "a.m4a", "a.mka", "a.txt"])
def test_what_cannot_be_read_has_no_name(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    assert read_name(tmp_path / name) == TrackName()
    assert read_name(tmp_path / f"gone {name}") == TrackName()


@pytest.mark.parametrize(
    ("text", "shown"),
    [("Émile & 日本", "Émile & 日本"), ("a\tb\x7f", "a\\tb\\x7f"), ("\ud800", "\\ud800"), (Path("/a b"), "/a b")],
)
def test_printable(text: object, shown: str) -> None:
    assert printable(text) == shown
