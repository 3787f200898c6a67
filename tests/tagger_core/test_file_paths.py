"""Paths of systems that are not this one: what can be decided without them."""

import os
import unicodedata
from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger_core.file_paths import known_as, long_path, shown_path, typed_path


@pytest.mark.parametrize(
    ("path", "long"),
    [
        (r"C:\Music\a.mp3", r"\\?\C:\Music\a.mp3"),
        (r"\\server\share\a.mp3", r"\\?\UNC\server\share\a.mp3"),
        (r"\\?\C:\Music", r"\\?\C:\Music"),
        (r"\\.\PhysicalDrive0", r"\\.\PhysicalDrive0"),
    ],
)
def test_windows_paths_of_any_length(path: str, long: str) -> None:
    assert long_path(path) == long
    assert PureWindowsPath(long).is_absolute()
    assert PureWindowsPath(long).name == PureWindowsPath(path).name


names = st.text(st.characters(codec="utf-8", exclude_characters='\\/:*?"<>|\0'), min_size=1)


@given(st.sampled_from(("C:\\", "\\\\server\\share\\")), st.lists(names, min_size=1, max_size=9))
def test_a_long_path_is_shown_as_it_was_typed(anchor: str, parts: list[str]) -> None:
    path = anchor + "\\".join(parts)
    assert shown_path(long_path(path)) == path
    assert long_path(long_path(path)) == long_path(path)


def test_a_typed_path_is_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert typed_path("~/a.mp3") == typed_path("a.mp3") == tmp_path / "a.mp3"


def test_a_typed_name_is_spelled_as_the_folder_spells_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A system without case: the folder lists one of two names, and both open the file."""
    (tmp_path / "Song.mp3").write_bytes(b"")
    os.link(tmp_path / "Song.mp3", tmp_path / "song.MP3")
    (tmp_path / "SONG.mp3").write_bytes(b"another file, where case counts")
    assert typed_path(str(tmp_path / "song.MP3")).name == "song.MP3"
    monkeypatch.setattr(os, "listdir", lambda _: ["SONG.mp3", "Song.mp3"])
    assert typed_path(str(tmp_path / "song.MP3")).name == "Song.mp3"
    assert typed_path(str(tmp_path / "gone.mp3")).name == "gone.mp3"


def test_a_path_of_a_system_without_case_is_known_by_its_file(tmp_path: Path) -> None:
    """Two names of one file stand for two spellings of one name."""
    stored = tmp_path / unicodedata.normalize("NFD", "Élan.mp3")
    stored.write_bytes(b"")
    typed = tmp_path / "élan.MP3"
    os.link(stored, typed)
    other = tmp_path / "other" / "élan.mp3"
    assert known_as(typed, [other, stored]) == stored
    assert known_as(typed, [stored, typed]) == typed
    assert known_as(typed, [other]) == typed
    assert known_as(stored.with_name("gone.mp3"), [stored]) == stored.with_name("gone.mp3")
