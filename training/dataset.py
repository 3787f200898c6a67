"""A prepared data set on disk: which clips there are, what is heard in them, their features.

Conventions
-----------
A *clip* is a short excerpt (29 s in MagnaTagATune) with an id; its path is relative to the audio folder and seconds
are counted from decoded samples. A *split* divides the clips into the *parts* train, valid and test; a clip may
stand in no part of a split. Labels are a matrix of 0 and 1, shape (clips, names). Features are float16, shape
(frames, bands), one file (*shard*) for many clips, mapped into memory rather than read.

    DATASET/dataset.json             format, and where the sound is
    DATASET/clips.tsv                one row a clip
    DATASET/annotations.npz          all tags as people gave them: clip_ids, names, matrix
    DATASET/labels.npz               the same after merging and choosing, what is trained on
    DATASET/features/SPEC_DIGEST/    spec.json, index.npz, shard-00000.npy ...

Every file appears whole or not at all.

Contents
--------
``Dataset``, ``Clip``, ``Labels``, ``FeatureStore``   reading
``write_clips``, ``Labels.save``, ``replacing``       writing
``DatasetError``                                      all that can be wrong with it
"""

import csv
import errno
import json
import os
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np
import numpy.typing as npt

from tagger_core.domain import FeatureSpec
from tagger_core.errors import EarmarkError

Split = Literal["folder", "top50", "artist"]
Part = Literal["train", "valid", "test"]
Features = npt.NDArray[np.float16]

SPLITS: tuple[Split, ...] = ("folder", "top50", "artist")
PARTS: tuple[Part, ...] = ("train", "valid", "test")
FORMAT = 1


class DatasetError(EarmarkError):
    """The data set is missing, incomplete or damaged, or cannot be written."""


@dataclass(frozen=True, slots=True)
class Clip:
    """One row of ``clips.tsv``. A split is empty where the clip has no part in it."""

    clip_id: str
    path: str
    """Relative to the audio folder, with slashes."""
    artist: str
    album: str
    seconds: float
    split_folder: str
    split_top50: str
    split_artist: str
    problem: str = ""
    """Why it cannot be used; empty for a good clip."""

    def part(self, split: Split) -> str:
        chosen = {"folder": self.split_folder, "top50": self.split_top50, "artist": self.split_artist}
        return chosen[split]


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """What is heard in which clip: ``matrix`` has shape (clips, names), uint8, 1 where it is."""

    clip_ids: tuple[str, ...]
    names: tuple[str, ...]
    matrix: npt.NDArray[np.uint8]

    def rows(self, clip_ids: Sequence[str]) -> npt.NDArray[np.uint8]:
        """The rows of these clips in this order, shape (len(clip_ids), names)."""
        where = {clip_id: row for row, clip_id in enumerate(self.clip_ids)}
        return self.matrix[[where[clip_id] for clip_id in clip_ids]]

    def counts(self) -> dict[str, int]:
        """Clips of each name, in the order of ``names``."""
        return dict(zip(self.names, self.matrix.sum(axis=0, dtype=int).tolist(), strict=True))

    def save(self, path: Path) -> None:
        with replacing(path) as temporary, temporary.open("wb") as file:
            np.savez_compressed(file, clip_ids=np.array(self.clip_ids), names=np.array(self.names), matrix=self.matrix)

    @classmethod
    def load(cls, path: Path) -> "Labels":
        content = _arrays(path, ("clip_ids", "names", "matrix"))
        return cls(tuple(content["clip_ids"].tolist()), tuple(content["names"].tolist()), content["matrix"])


class FeatureStore:
    """The features of a data set for one ``FeatureSpec``; opening maps files, it does not read them."""

    def __init__(self, folder: Path, spec: FeatureSpec) -> None:
        self.folder = folder
        self.spec = spec
        index = _arrays(folder / "index.npz", ("clip_ids", "shard", "start", "frames"))
        self.clip_ids: tuple[str, ...] = tuple(index["clip_ids"].tolist())
        places = zip(index["shard"].tolist(), index["start"].tolist(), index["frames"].tolist(), strict=True)
        self._places: Mapping[str, tuple[int, int, int]] = dict(zip(self.clip_ids, places, strict=True))
        self._shards: dict[int, Features] = {}

    def frames(self, clip_id: str) -> Features:
        """The features of one clip, shape (frames, bands), float16, read-only; ``KeyError`` for an unknown clip."""
        shard, start, frames = self._places[clip_id]
        return self._shard(shard)[start : start + frames]

    def _shard(self, number: int) -> Features:
        if number not in self._shards:
            path = shard_path(self.folder, number)
            try:
                self._shards[number] = np.load(path, mmap_mode="r")
            except (OSError, ValueError, EOFError) as error:
                raise DatasetError(f"{path} is missing or damaged; delete its folder and run features again") from error
        return self._shards[number]


@dataclass(frozen=True)
class Dataset:
    """A folder that ``prepare`` made. Its parts are read when they are first asked for."""

    folder: Path
    audio_folder: Path
    clips: list[Clip]

    @classmethod
    def open(cls, folder: Path) -> "Dataset":
        """Raises ``DatasetError`` if there is none, or a damaged one."""
        about = folder / "dataset.json"
        try:
            content = json.loads(about.read_text(encoding="utf-8"))
            audio = Path(content["audio"])
            known = content["format"] == FORMAT
        except FileNotFoundError:
            raise DatasetError(f"{folder} is not a prepared data set; make one with: earmark-train prepare") from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DatasetError(f"{about} cannot be read ({error}); run prepare again") from error
        if not known:
            raise DatasetError(f"{folder} was prepared by another version of Earmark; run prepare again")
        return cls(folder, folder / audio, _read_clips(folder / "clips.tsv"))

    def audio_path(self, clip: Clip) -> Path:
        return self.audio_folder / clip.path

    def part(self, split: Split, part: Part) -> list[Clip]:
        """The good clips of a part of a split, in the order of the table."""
        return [clip for clip in self.clips if not clip.problem and clip.part(split) == part]

    @cached_property
    def annotations(self) -> Labels:
        """All tags as people gave them."""
        return Labels.load(self.folder / "annotations.npz")

    @cached_property
    def labels(self) -> Labels:
        """What is trained on. Raises ``DatasetError`` before the command ``labels``."""
        path = self.folder / "labels.npz"
        if not path.exists():
            raise DatasetError(f"{self.folder} has no labels yet; make them with: earmark-train labels {self.folder}")
        return Labels.load(path)

    def features_folder(self, spec: FeatureSpec) -> Path:
        return self.folder / "features" / _frames_digest(spec)

    def features(self, spec: FeatureSpec) -> FeatureStore:
        """The features that agree with ``spec`` but for its patches, which are cut later.

        Raises ``DatasetError`` before the command ``features`` has finished with this spec.
        """
        folder = self.features_folder(spec)
        if not (folder / "index.npz").exists():
            raise DatasetError(
                f"{self.folder} has no finished {spec.kind} features of these settings; "
                f"make them with: earmark-train features {self.folder} --kind {spec.kind}"
            )
        return FeatureStore(folder, spec)


def write_dataset(folder: Path, audio: Path, clips: Sequence[Clip], annotations: Labels) -> None:
    """Fill the folder of a data set. ``audio`` is absolute, or relative to the folder."""
    annotations.save(folder / "annotations.npz")
    write_clips(folder / "clips.tsv", clips)
    with replacing(folder / "dataset.json") as temporary:
        temporary.write_text(json.dumps({"format": FORMAT, "audio": audio.as_posix()}) + "\n", encoding="utf-8")


def write_clips(path: Path, clips: Sequence[Clip]) -> None:
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, [field.name for field in fields(Clip)], delimiter="\t", lineterminator="\n")
        table.writeheader()
        table.writerows({**asdict(clip), "seconds": f"{clip.seconds:.3f}"} for clip in clips)


def shard_path(folder: Path, number: int) -> Path:
    return folder / f"shard-{number:05d}.npy"


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary file beside ``path`` that takes its place in the end, or goes if something fails.

    Raises ``DatasetError`` for a full disk and its like.
    """
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with disk_errors(path):
            yield temporary
            temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turn an ``OSError`` on writing into one sentence, a ``DatasetError``."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            told = "the disk is full; make room and run the same command again, what is finished is kept"
        else:
            told = f"{error.strerror or error}; see that the folder can be written, or choose another"
        raise DatasetError(f"{path} cannot be written: {told}") from error


def _frames_digest(spec: FeatureSpec) -> str:
    """Frames do not depend on how they are cut into patches later, so patch settings share one store."""
    return msgspec.structs.replace(spec, patch_frames=1, patch_hop=1).digest()


def _read_clips(path: Path) -> list[Clip]:
    wanted = [field.name for field in fields(Clip)]
    try:
        with path.open(encoding="utf-8", newline="") as file:
            table = csv.DictReader(file, delimiter="\t", strict=True)
            if table.fieldnames != wanted:
                raise DatasetError(f"{path} has not the columns {', '.join(wanted)}; run prepare again")
            return [msgspec.convert(row, Clip, strict=False) for row in table]
    except (OSError, ValueError, msgspec.ValidationError, csv.Error) as error:
        raise DatasetError(f"{path} cannot be read ({error}); run prepare again") from error


def _arrays(path: Path, names: Sequence[str]) -> dict[str, npt.NDArray[np.uint8]]:
    try:
        with np.load(path) as content:
            return {name: content[name] for name in names}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise DatasetError(f"{path} is missing or damaged; delete it and run the command that made it again") from error
