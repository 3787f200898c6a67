"""``download-check`` and ``prepare``: from MagnaTagATune as it is distributed to a prepared data set.

SOURCE holds ``annotations_final.csv``, ``clip_info_final.csv`` and the sound: the zip parts, or the folders 0 to f.
``download-check`` reads and reports, ``prepare`` does the same, unpacks, decodes every clip once, and makes the folder
DATASET in one step at the end. Until then all is in ``DATASET.unfinished``; a second run goes on there.
"""

import argparse
import shutil
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tagger_core.cli.console import native_chatter_hidden
from tagger_core.display_text import printable
from training.dataset import PARTS, SPLITS, Clip, DatasetError, disk_errors, replacing, write_dataset
from training.magnatagatune import (
    ANNOTATIONS,
    CLIP_INFO,
    UNREADABLE,
    Annotations,
    ClipInfo,
    artist_split,
    count_problems,
    folder_split,
    read_annotations,
    read_clip_info,
    top_split,
)
from training.progress import in_parallel, tracked
from training.zip_parts import find_parts, open_archive

if TYPE_CHECKING:
    from argparse import _SubParsersAction

UNREADABLE_REASON = "empty in MagnaTagATune itself"
_RATE = 16_000
_SHOWN = 10
"""Problems of one kind that are listed one by one."""


@dataclass(frozen=True, slots=True)
class Source:
    """What was found in SOURCE; ``problems`` are sentences about what is not as it must be."""

    folder: Path
    annotations: Annotations
    infos: Mapping[str, ClipInfo]
    parts: Sequence[Path]
    """Of the archive; empty if the sound is unpacked."""
    present: frozenset[str]
    problems: tuple[str, ...]


def add_parser(commands: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    check = commands.add_parser("download-check", help="is the download of MagnaTagATune complete and undamaged?")
    prepare_command = commands.add_parser("prepare", help="check, unpack and decode the download: make a data set")
    for command in (check, prepare_command):
        command.add_argument("source", type=Path, metavar="SOURCE", help="folder of the two tables and the sound")
    prepare_command.add_argument("dataset", type=Path, metavar="DATASET", help="folder to make")
    prepare_command.add_argument(
        "--partial", action="store_true", help="make a data set of what is there, although clips are missing"
    )


def run(options: argparse.Namespace) -> int:
    source = inspect(options.source)
    _print_source(source)
    if options.command == "download-check":
        problems = [*source.problems, *damaged_clips(source)]
        for problem in problems:
            print(f"problem: {printable(problem)}")
        if problems:
            raise DatasetError(f"{options.source} is not complete; see the problems above")
        print("The download is complete.")
        return 0
    clips = prepare(source, options.dataset, partial=options.partial)
    _print_clips(clips)
    unexpected = [clip for clip in clips if clip.problem not in ("", UNREADABLE_REASON)]
    for clip in unexpected:
        print(f"left out: {printable(clip.path)}: {clip.problem}")
    print(f"written: {options.dataset}")
    return 1 if unexpected else 0


def inspect(folder: Path) -> Source:
    """Read the tables and list the sound. Raises ``DatasetError`` if the tables or the archive cannot be read."""
    if not folder.is_dir():
        raise DatasetError(f"{folder} is not a folder; give the one with {ANNOTATIONS}, {CLIP_INFO} and the sound")
    annotations = read_annotations(folder / ANNOTATIONS)
    infos = read_clip_info(folder / CLIP_INFO)
    parts = find_parts(folder)
    if parts:
        with open_archive(parts) as archive:
            present = frozenset(archive.namelist())
    else:
        present = frozenset(path.relative_to(folder).as_posix() for path in folder.glob("[0-9a-f]/*.mp3"))
    if not present:
        raise DatasetError(f"{folder} holds no sound: neither mp3.zip.001 to .003 nor the unpacked folders 0 to f")
    problems = [*count_problems(annotations.labels, infos)]
    missing = sorted(set(annotations.paths.values()) - present)
    if missing:
        problems.append(f"{len(missing)} annotated clips have no sound: {_some(missing)}")
    return Source(folder, annotations, infos, parts, present, tuple(problems))


def damaged_clips(source: Source) -> Iterator[str]:
    """A sentence about each clip with a wrong checksum in the archive or, unpacked, one that does not decode."""
    wanted = sorted(source.present & set(source.annotations.paths.values()))
    if source.parts:
        with open_archive(source.parts) as archive:
            for path in tracked(wanted, "reading", len(wanted)):
                _, problem = _read_member(archive, path)
                if problem:
                    yield f"{path} {problem}"
        return
    for path, (_, problem) in zip(wanted, _decode_all([source.folder / path for path in wanted]), strict=True):
        if problem and path not in UNREADABLE:
            yield f"{path}: {problem}"


def prepare(source: Source, dataset: Path, *, partial: bool = False) -> list[Clip]:
    """Make the folder ``dataset`` and return its clips. Raises ``DatasetError``, with all problems in one sentence."""
    if dataset.exists():
        raise DatasetError(f"{dataset} exists already; choose another folder, or delete it to prepare it anew")
    if source.problems and not partial:
        raise DatasetError(
            f"{source.folder} is not complete: {'; '.join(source.problems)}. Mend it, or use --partial to go on"
        )
    unfinished = dataset.with_name(f"{dataset.name}.unfinished")
    with disk_errors(unfinished):
        unfinished.mkdir(parents=True, exist_ok=True)
    if source.parts:
        audio, stored = unfinished / "audio", Path("audio")
        unpack(source, audio)
    else:
        audio = stored = source.folder.resolve()
    clips = _clips(source, audio)
    write_dataset(unfinished, stored, clips, source.annotations.labels)
    with disk_errors(dataset):
        unfinished.rename(dataset)
    return clips


def unpack(source: Source, audio: Path) -> None:
    """Unpack the annotated clips; one that is there already in its right size is kept. Raises ``DatasetError``."""
    with open_archive(source.parts) as archive:
        wanted = sorted(source.present & set(source.annotations.paths.values()))
        waiting = [path for path in wanted if not _unpacked(audio / path, archive.getinfo(path).file_size)]
        needed = sum(archive.getinfo(path).file_size for path in waiting)
        with disk_errors(audio):
            audio.mkdir(exist_ok=True)
            free = shutil.disk_usage(audio).free
        if free < needed:
            raise DatasetError(f"{audio} needs {needed / 1e6:.0f} MB, but the disk has {free / 1e6:.0f} MB free")
        problems = []
        for path in tracked(waiting, "unpacking", len(waiting)):
            content, problem = _read_member(archive, path)
            if problem:
                problems.append(f"{path} {problem}")
                continue
            with disk_errors(audio):
                (audio / path).parent.mkdir(exist_ok=True)
            with replacing(audio / path) as temporary:
                temporary.write_bytes(content)
    if problems:
        raise DatasetError(f"{len(problems)} clips cannot be unpacked: {_some(problems)}; download the zip parts again")


def _read_member(archive: zipfile.ZipFile, path: str) -> tuple[bytes, str]:
    """The content, or what is wrong with it."""
    try:
        return archive.read(path), ""
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        return b"", f"is damaged ({error})"


def _unpacked(path: Path, size: int) -> bool:
    return path.is_file() and path.stat().st_size == size


def _clips(source: Source, audio: Path) -> list[Clip]:
    """Decode every clip once, and put it in its splits if that works."""
    paths = source.annotations.paths
    heard = dict(zip(paths, _decode_all([audio / path for path in paths.values()]), strict=True))
    good = {clip_id for clip_id, (_, problem) in heard.items() if not problem}
    artists = {clip_id: source.infos[clip_id].artist for clip_id in good if clip_id in source.infos}
    by_folder, by_top = folder_split(paths), top_split(source.annotations)
    by_artist = artist_split(source.annotations.labels, artists, artists.keys())
    nobody = ClipInfo("", "")
    return [
        Clip(
            clip_id=clip_id,
            path=path,
            artist=source.infos.get(clip_id, nobody).artist,
            album=source.infos.get(clip_id, nobody).album,
            seconds=round(heard[clip_id][0], 3),
            split_folder=by_folder.get(clip_id, ""),
            split_top50=by_top.get(clip_id, ""),
            split_artist=by_artist.get(clip_id, ""),
            problem=UNREADABLE_REASON if path in UNREADABLE else heard[clip_id][1],
        )
        for clip_id, path in paths.items()
    ]


def _decode_all(paths: Sequence[Path]) -> list[tuple[float, str]]:
    """(seconds, problem) of each file."""
    from tagger_core.audio import open_audio
    from tagger_core.errors import FileError

    def decode(path: Path) -> tuple[float, str]:
        try:
            with open_audio(path, _RATE) as stream:
                for _ in stream.blocks():
                    pass
                return stream.seconds, ""
        except FileError as error:
            return 0.0, error.reason

    with native_chatter_hidden():
        return list(in_parallel(decode, paths, "decoding"))


def _print_source(source: Source) -> None:
    labels = source.annotations.labels
    print(f"{ANNOTATIONS}: {len(labels.clip_ids)} clips, {len(labels.names)} tags")
    print(f"{CLIP_INFO}: {len(source.infos)} clips")
    where = f"{len(source.parts)} zip parts" if source.parts else "unpacked"
    print(f"sound: {len(source.present & set(source.annotations.paths.values()))} annotated clips, {where}")


def _print_clips(clips: Sequence[Clip]) -> None:
    good = [clip for clip in clips if not clip.problem]
    print(f"{len(good)} of {len(clips)} clips decode, {sum(clip.seconds for clip in good) / 3600:.1f} hours")
    for split in SPLITS:
        sizes = Counter(clip.part(split) for clip in good)
        print(f"split {split}: " + ", ".join(f"{part} {sizes[part]}" for part in PARTS))


def _some(items: Sequence[str]) -> str:
    more = f" and {len(items) - _SHOWN} more" if len(items) > _SHOWN else ""
    return ", ".join(items[:_SHOWN]) + more
