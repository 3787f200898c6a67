"""What is found, in which order, and what happens in the odd corners of a file system."""

import itertools
import os
from pathlib import Path

import pytest

from tagger_core.domain import FileStamp, Track
from tagger_core.errors import FileError
from tagger_core.library_scan import ScanProblem, TrackList, scan


def make(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"sound")


def found(*roots: Path, recursive: bool = True, follow_symlinks: bool = False) -> list[Path]:
    results = list(scan(roots, recursive=recursive, follow_symlinks=follow_symlinks))
    assert all(isinstance(result, Track) for result in results)
    return [result.path for result in results]


def test_music_in_folders_in_the_order_of_paths(tmp_path: Path) -> None:
    names = ["b/2.mp3", "b/1.FLAC", "a/z.ogg", "a b/x.m4a", "c.wav", "cover.jpg", "b/notes.txt", "a/live.mp3/1.opus"]
    make(*(tmp_path / name for name in names))
    wanted = ["a/live.mp3/1.opus", "a/z.ogg", "a b/x.m4a", "b/1.FLAC", "b/2.mp3", "c.wav"]
    assert found(tmp_path) == [tmp_path / name for name in wanted]


def test_a_track_carries_the_stamp_of_its_file(tmp_path: Path) -> None:
    make(tmp_path / "a.mp3")
    (track,) = scan([tmp_path])
    assert track == Track(tmp_path / "a.mp3", FileStamp.of((tmp_path / "a.mp3").stat()))


def test_without_recursion_only_the_folder_itself(tmp_path: Path) -> None:
    make(tmp_path / "a.mp3", tmp_path / "sub" / "b.mp3")
    assert found(tmp_path, recursive=False) == [tmp_path / "a.mp3"]


def test_hidden_names_and_our_temporaries_are_skipped(tmp_path: Path) -> None:
    make(*(tmp_path / name for name in (".hidden.mp3", "._fork.mp3", ".earmark-1.tmp", ".trash/a.mp3", "seen.mp3")))
    assert found(tmp_path) == [tmp_path / "seen.mp3"]


def test_a_file_named_outright_is_taken_whatever_its_name(tmp_path: Path) -> None:
    make(tmp_path / "recording", tmp_path / "a.mp3")
    assert found(tmp_path / "recording") == [tmp_path / "recording"]


def test_relative_roots_give_absolute_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path / "sub" / "a.mp3")
    monkeypatch.chdir(tmp_path)
    assert found(Path("sub")) == [tmp_path / "sub" / "a.mp3"]


def test_overlapping_roots_and_hard_links_give_each_file_once(tmp_path: Path) -> None:
    make(tmp_path / "a" / "1.mp3", tmp_path / "b" / "2.mp3")
    (tmp_path / "b" / "same.mp3").hardlink_to(tmp_path / "a" / "1.mp3")
    assert found(tmp_path / "b", tmp_path, tmp_path / "b") == [tmp_path / "a" / "1.mp3", tmp_path / "b" / "2.mp3"]


def test_a_missing_root_is_an_error_at_once(tmp_path: Path) -> None:
    make(tmp_path / "a.mp3")
    with pytest.raises(FileError, match="there is no such file or folder"):
        scan([tmp_path, tmp_path / "gone"])


def test_an_unreadable_folder_is_told_and_the_scan_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path / "a" / "1.mp3", tmp_path / "b" / "2.mp3")
    really = os.scandir

    def scandir(folder: str) -> object:
        if folder == str(tmp_path / "a"):
            raise PermissionError(13, "Permission denied")
        return really(folder)

    monkeypatch.setattr(os, "scandir", scandir)  # chmod would not stop root, as whom tests often run
    problem, track = scan([tmp_path])
    assert problem == ScanProblem(tmp_path / "a", "permission denied")
    assert track.path == tmp_path / "b" / "2.mp3"


@pytest.mark.skipif(os.name == "nt", reason="Windows allows no such names")
def test_strange_names(tmp_path: Path) -> None:
    names = ["new\nline.mp3", "\U0001f3b5.mp3", os.fsdecode(b"\xff\xfe.mp3"), "x" * 251 + ".mp3"]
    make(*(tmp_path / name for name in names))
    assert set(found(tmp_path)) == {tmp_path / name for name in names}


class TestLinks:
    @pytest.fixture(autouse=True)
    def _links_allowed(self, tmp_path: Path) -> None:
        try:
            (tmp_path / "probe").symlink_to(tmp_path)
        except OSError:
            pytest.skip("this system does not let us make symbolic links")
        (tmp_path / "probe").unlink()

    @pytest.fixture
    def library(self, tmp_path: Path) -> Path:
        """A library with links to a file and a folder outside of it."""
        make(tmp_path / "library" / "a.mp3", tmp_path / "outside" / "b.mp3", tmp_path / "single.mp3")
        (tmp_path / "library" / "folder").symlink_to(tmp_path / "outside")
        (tmp_path / "library" / "link.mp3").symlink_to(tmp_path / "single.mp3")
        return tmp_path / "library"

    def test_links_are_left_alone_unless_asked_for(self, library: Path) -> None:
        assert found(library) == [library / "a.mp3"]

    def test_followed_links_give_the_real_files(self, library: Path) -> None:
        outside = library.parent / "outside" / "b.mp3"
        assert found(library, follow_symlinks=True) == [library / "a.mp3", outside, library.parent / "single.mp3"]
        assert found(library, follow_symlinks=True, recursive=False) == [
            library / "a.mp3",
            library.parent / "single.mp3",
        ]

    def test_a_root_that_is_a_link_is_followed(self, library: Path) -> None:
        assert found(library / "link.mp3") == [library.parent / "single.mp3"]
        assert found(library / "folder") == [library.parent / "outside" / "b.mp3"]

    def test_loops_end_and_nothing_is_found_twice(self, tmp_path: Path) -> None:
        make(tmp_path / "a" / "1.mp3")
        (tmp_path / "a" / "up").symlink_to(tmp_path)
        (tmp_path / "again").symlink_to(tmp_path / "a")
        (tmp_path / "same.mp3").symlink_to(tmp_path / "a" / "1.mp3")
        assert found(tmp_path, follow_symlinks=True) == [tmp_path / "a" / "1.mp3"]

    def test_broken_and_circular_links_are_told(self, tmp_path: Path) -> None:
        (tmp_path / "broken.mp3").symlink_to(tmp_path / "gone.mp3")
        (tmp_path / "self.mp3").symlink_to(tmp_path / "self.mp3")
        problems = list(scan([tmp_path], follow_symlinks=True))
        assert [problem.path.name for problem in problems] == ["broken.mp3", "self.mp3"]
        assert all(isinstance(problem, ScanProblem) and problem.reason for problem in problems)


def test_only_as_much_work_as_is_asked_for(tmp_path: Path) -> None:
    """A library of any size starts to flow at once: one folder is read before the first track comes out."""
    make(*(tmp_path / f"{number:03}" / "song.mp3" for number in range(50)))
    read = []
    really = os.scandir
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "scandir", lambda folder: read.append(folder) or really(folder))
        assert len(list(itertools.islice(scan([tmp_path]), 2))) == 2
    assert read == [str(tmp_path), str(tmp_path / "000"), str(tmp_path / "001")]


def test_a_list_of_tracks_is_what_the_scan_finds(tmp_path: Path) -> None:
    make(*(tmp_path / name for name in ("a/1.mp3", "a/2 ä.mp3", "b/1.mp3", "c/d/1.mp3", "top.mp3")))
    (tmp_path / os.fsdecode(b"no text \xff.mp3")).write_bytes(b"music")
    os.utime(tmp_path / "top.mp3", ns=(0, -(10**9)))  # before 1970
    (tmp_path / "broken.mp3").symlink_to(tmp_path / "gone.mp3")
    for options in ({"recursive": True, "follow_symlinks": True}, {"recursive": False, "follow_symlinks": False}):
        problems: list[ScanProblem] = []
        tracks = TrackList.found_in([tmp_path], **options, on_problem=problems.append)
        found = list(scan([tmp_path], **options))
        assert list(tracks) == list(tracks) == [one for one in found if isinstance(one, Track)]
        assert problems == [one for one in found if isinstance(one, ScanProblem)]
        assert len(tracks) == len(found) - len(problems)
        assert all(track.stamp.changed_ns == track.path.stat().st_ctime_ns for track in tracks)


def test_a_list_of_tracks_holds_the_largest_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path / "a.mp3")
    huge = FileStamp(2**62, 2**62, 2**64 - 1, 2**64 - 1, 2**62)
    monkeypatch.setattr(FileStamp, "of", lambda status: huge)
    (track,) = TrackList.found_in([tmp_path], recursive=True, follow_symlinks=False, on_problem=lambda problem: None)
    assert (track.stamp, track.stamp.changed_ns) == (huge, huge.changed_ns)


def test_a_list_of_tracks_wants_its_folders_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no such file or folder"):
        TrackList.found_in([tmp_path / "gone"], recursive=True, follow_symlinks=False, on_problem=lambda problem: None)
