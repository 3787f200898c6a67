"""A rehearsed write touches nothing, and refuses for the same reason for which the write would."""

import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from tagger_core.domain import FilePlan, FileStamp, TagEdit, Track
from tagger_core.errors import WriteRefusedError
from tagger_core.layouts.ogg import ogg_layout
from tagger_core.tag_fields import PRESETS
from tagger_core.tag_files import prepared_edit, rehearsed_edit
from tagger_core.tag_files.vorbis_comment import VorbisComment
from tests.mp3_files import audio, comment, id3v1, tag, text, write
from tests.tagger_core.formats.every_format import FORMATS, file_of, values


def plan_for(path: Path, **new: tuple[str, ...]) -> FilePlan:
    present = values(path)
    edits = tuple(TagEdit(name, present.get(name, ()), wanted) for name, wanted in new.items())
    return FilePlan(Track(path, FileStamp.of(path.stat())), edits)


def rehearse(plan: FilePlan) -> tuple[str, ...]:
    return rehearsed_edit(plan, PRESETS["standard"], allow_hard_links=False)


def write_for_real(plan: FilePlan) -> tuple[str, ...]:
    with (
        ThreadPoolExecutor(2) as workers,
        prepared_edit(plan, PRESETS["standard"], workers, preserve_mtime=False, allow_hard_links=False) as prepared,
    ):
        return prepared.warnings


@pytest.mark.parametrize("kind", [*FORMATS, "mp3"])
@pytest.mark.parametrize("values", [("Jazz",), tuple(f"A name that needs more room {number}" for number in range(500))])
def test_what_can_be_written_is_let_pass_and_not_touched(kind: str, values: tuple[str, ...], tmp_path: Path) -> None:
    if kind == "mp3":
        path = write(tmp_path / "a.mp3", tag(3, text(3, "TIT2", "T"), comment(3, "a", "b")), audio(), id3v1())
    else:
        path = file_of(kind, tmp_path)
    before = path.read_bytes(), path.stat()
    plan = plan_for(path, GENRE=values, MOOD=("Calm",))
    assert rehearse(plan) == write_for_real(plan)
    now = path.stat()
    assert (path.read_bytes(), now.st_mtime_ns, now.st_ino) == (before[0], before[1].st_mtime_ns, before[1].st_ino)
    assert list(tmp_path.iterdir()) == [path]


def _hard_linked(path: Path) -> None:
    os.link(path, path.with_name("other"))


def _protected(path: Path) -> None:
    path.chmod(0o444)


def _changed(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


def _replaced_by_a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _damaged_page(path: Path) -> None:
    with path.open("rb") as file:
        page = ogg_layout(file).audio_pages[-1]
    content, status = bytearray(path.read_bytes()), path.stat()
    content[page.body.offset] ^= 0xFF
    path.write_bytes(content)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.mark.skipif(os.name == "nt", reason="other permissions, and no pipes")
@pytest.mark.parametrize(
    ("happened", "reason"),
    [
        (_hard_linked, "hard links"),
        (_protected, "it is write-protected"),
        (_changed, "changed by another program"),
        (Path.unlink, "moved or deleted"),
        (_replaced_by_a_pipe, "not a regular file"),
        (_damaged_page, "a damaged Ogg page"),
        (lambda path: path.rename(path.with_suffix(".flac")), "moved or deleted"),
    ],
)
def test_the_same_reason_as_the_write_has(happened: Callable[[Path], object], reason: str, tmp_path: Path) -> None:
    path = file_of("ogg", tmp_path)
    plan = plan_for(path, GENRE=("Jazz",))
    happened(path)
    refused(plan, reason)


def test_a_wrong_name_or_another_value_than_planned(tmp_path: Path) -> None:
    path = file_of("ogg", tmp_path)
    plan = plan_for(path, GENRE=("Jazz",))
    refused(replace(plan, edits=(TagEdit("GENRE", ("Surf",), ("Jazz",)),)), "its GENRE is not what the plan")
    path = path.rename(path.with_suffix(".flac"))
    refused(replace(plan, track=Track(path, FileStamp.of(path.stat()))), "it is not flac but Ogg")


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(total=10, used=9, free=1))
    refused(plan_for(file_of("flac", tmp_path), GENRE=("Jazz",)), "no room for a second copy")


def test_what_would_not_verify(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The result is checked, though it is written nowhere."""
    monkeypatch.setattr(VorbisComment, "edited", lambda self, *_, **__: VorbisComment())
    refused(plan_for(file_of("flac", tmp_path), GENRE=("Jazz",)), "did not read back")


def refused(plan: FilePlan, reason: str) -> None:
    with pytest.raises(WriteRefusedError, match=reason) as of_the_write:
        write_for_real(plan)
    with pytest.raises(WriteRefusedError) as of_the_rehearsal:
        rehearse(plan)
    assert of_the_rehearsal.value.reason == of_the_write.value.reason
