"""From the download to a data set, on a small collection in the same layout."""

import re
import shutil
import zipfile
from argparse import Namespace
from pathlib import Path

import pytest

from training.dataset import Dataset, DatasetError
from training.magnatagatune import ANNOTATIONS, CLIP_INFO, UNREADABLE
from training.prepare import UNREADABLE_REASON, inspect, prepare, run

PART_BYTES = 100_000


def options(command: str, source: Path, dataset: Path, partial: bool = False) -> Namespace:
    return Namespace(command=command, source=source, dataset=dataset, partial=partial)


@pytest.fixture
def changeable(source: Path, tmp_path: Path) -> Path:
    return shutil.copytree(source, tmp_path / "source")


@pytest.fixture
def zipped(source: Path, tmp_path: Path) -> Path:
    """The collection as it is distributed: tables and zip parts."""
    folder = tmp_path / "zipped"
    folder.mkdir()
    for name in (ANNOTATIONS, CLIP_INFO):
        shutil.copy(source / name, folder)
    whole = tmp_path / "whole.zip"
    with zipfile.ZipFile(whole, "w") as archive:
        for path in sorted(source.glob("[0-9a-f]/*.mp3")):
            archive.write(path, path.relative_to(source).as_posix())
    content = whole.read_bytes()
    for number, start in enumerate(range(0, len(content), PART_BYTES), 1):
        (folder / f"mp3.zip.{number:03d}").write_bytes(content[start : start + PART_BYTES])
    return folder


def clips_of(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.glob("?/*.mp3"))


def test_zip_parts_and_unpacked_folder_give_the_same_data_set(source: Path, zipped: Path, tmp_path: Path) -> None:
    assert len(list(zipped.glob("mp3.zip.*"))) > 2
    unpacked, packed = tmp_path / "a", tmp_path / "b"
    assert run(options("prepare", source, unpacked)) == 0
    assert run(options("prepare", zipped, packed)) == 0
    assert Dataset.open(unpacked).clips == Dataset.open(packed).clips
    clip = Dataset.open(packed).clips[5]
    assert Dataset.open(packed).audio_path(clip).read_bytes() == (source / clip.path).read_bytes()
    assert Dataset.open(packed).audio_folder == packed / "audio"
    assert not list(tmp_path.glob("*.unfinished"))


def test_a_data_set_knows_its_clips_splits_and_annotations(dataset: Dataset) -> None:
    clips = dataset.clips
    assert len(clips) == 48
    assert all(clip.seconds == pytest.approx(2.0, abs=0.1) and not clip.problem for clip in clips)
    folders = {part: {clip.path[0] for clip in dataset.part("folder", part)} for part in ("train", "valid", "test")}
    assert folders == {"train": set("0123456789ab"), "valid": {"c"}, "test": set("def")}
    artists = {part: {clip.artist for clip in dataset.part("artist", part)} for part in ("train", "valid", "test")}
    assert not artists["train"] & artists["test"]
    assert dataset.annotations.clip_ids == tuple(clip.clip_id for clip in clips)
    assert dataset.annotations.rows(["2"]).shape == (1, len(dataset.annotations.names))


def test_a_whole_download_passes_the_check(source: Path, zipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for folder in (zipped, source):
        assert run(options("download-check", folder, folder)) == 0
        assert "The download is complete" in capsys.readouterr().out


def test_a_damaged_clip_in_the_archive_is_found_by_both(zipped: Path, tmp_path: Path) -> None:
    part = zipped / "mp3.zip.001"
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 0xFF
    part.write_bytes(content)
    with pytest.raises(DatasetError, match="is not complete"):
        run(options("download-check", zipped, zipped))
    with pytest.raises(DatasetError, match=r"1 clips cannot be unpacked: .*download the zip parts again"):
        run(options("prepare", zipped, tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_what_was_unpacked_is_kept_when_a_run_is_repeated(zipped: Path, tmp_path: Path) -> None:
    part = zipped / "mp3.zip.001"
    good = part.read_bytes()
    part.write_bytes(good[:5000] + bytes([good[5000] ^ 0xFF]) + good[5001:])
    with pytest.raises(DatasetError, match="cannot be unpacked"):
        run(options("prepare", zipped, tmp_path / "out"))
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "out.unfinished" / "audio").glob("?/*.mp3")}
    assert len(kept) == 47
    part.write_bytes(good)
    assert run(options("prepare", zipped, tmp_path / "out")) == 0
    now = {path.stat().st_mtime_ns for path in (tmp_path / "out" / "audio").glob("?/*.mp3")}
    assert len(now) == 48
    assert set(kept.values()) <= now


@pytest.mark.parametrize(
    ("lost", "told"), [("mp3.zip.002", "mp3.zip.002 is missing"), ("last", "not a whole zip archive")]
)
def test_a_missing_zip_part_is_named(zipped: Path, lost: str, told: str) -> None:
    (sorted(zipped.glob("mp3.zip.*"))[-1] if lost == "last" else zipped / lost).unlink()
    with pytest.raises(DatasetError, match=told):
        inspect(zipped)


def test_an_archive_that_was_joined_already_is_taken(zipped: Path) -> None:
    parts = sorted(zipped.glob("mp3.zip.*"))
    (zipped / "mp3.zip").write_bytes(b"".join(part.read_bytes() for part in parts))
    for part in parts:
        part.unlink()
    assert not inspect(zipped).problems


@pytest.mark.parametrize("name", [ANNOTATIONS, CLIP_INFO])
def test_a_missing_table_is_named(changeable: Path, tmp_path: Path, name: str) -> None:
    (changeable / name).unlink()
    with pytest.raises(DatasetError, match=re.escape(name) + " is missing"):
        run(options("prepare", changeable, tmp_path / "out"))


def test_a_folder_without_sound_is_told(changeable: Path) -> None:
    for folder in changeable.glob("?"):
        shutil.rmtree(folder)
    with pytest.raises(DatasetError, match="holds no sound"):
        inspect(changeable)
    with pytest.raises(DatasetError, match="is not a folder"):
        inspect(changeable / "nowhere")


def test_missing_clips_stop_it_unless_partial(changeable: Path, tmp_path: Path) -> None:
    lost = clips_of(changeable)[0]
    (changeable / lost).unlink()
    with pytest.raises(DatasetError, match=f"1 annotated clips have no sound: {re.escape(lost)}"):
        run(options("prepare", changeable, tmp_path / "out"))
    assert list(tmp_path.iterdir()) == [changeable]
    assert run(options("prepare", changeable, tmp_path / "out", partial=True)) == 1
    (problem,) = [clip for clip in Dataset.open(tmp_path / "out").clips if clip.problem]
    assert problem.path == lost


def test_a_clip_that_does_not_decode_is_marked_and_the_rest_goes_on(
    changeable: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = clips_of(changeable)[3]
    (changeable / bad).write_bytes(b"no sound at all" * 99)
    with pytest.raises(DatasetError, match="see the problems above"):
        run(options("download-check", changeable, tmp_path))
    assert f"problem: {bad}: not audio" in capsys.readouterr().out
    assert run(options("prepare", changeable, tmp_path / "out")) == 1
    assert f"left out: {bad}: not audio" in capsys.readouterr().out
    dataset = Dataset.open(tmp_path / "out")
    (marked,) = [clip for clip in dataset.clips if clip.problem]
    assert marked.path == bad
    assert marked.seconds == 0
    assert marked not in dataset.part("folder", "train")
    assert marked.split_artist == ""


def test_the_three_clips_that_nobody_can_read_are_no_surprise(changeable: Path, tmp_path: Path) -> None:
    old = clips_of(changeable)[0]
    new = sorted(UNREADABLE)[0]
    (changeable / old).unlink()
    (changeable / new).touch()
    for name in (ANNOTATIONS, CLIP_INFO):
        table = changeable / name
        table.write_text(table.read_text().replace(old, new))
    assert run(options("prepare", changeable, tmp_path / "out")) == 0
    (clip,) = [clip for clip in Dataset.open(tmp_path / "out").clips if clip.problem]
    assert (clip.problem, clip.split_folder, clip.split_top50, clip.split_artist) == (UNREADABLE_REASON, "", "", "")


def test_a_data_set_is_never_overwritten(source: Path, dataset: Dataset) -> None:
    with pytest.raises(DatasetError, match="exists already"):
        prepare(inspect(source), dataset.folder)


def test_too_small_a_disk_is_told_before_unpacking(
    zipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Namespace(free=1_000_000 // 10))
    with pytest.raises(DatasetError, match=r"needs \d+ MB, but the disk has 0 MB free"):
        run(options("prepare", zipped, tmp_path / "out"))
