"""Unlabelled music and what teachers hear in it, on disk: patches and, beside them, scores patch by patch.

Goal: hours of labelling that can be interrupted, are never done twice, and serve any number of students.

Conventions
-----------
Music is one or more folders. The tracks below one sub-folder (an artist, a package) form a *group*; a file that lies
in the folder itself belongs to the group that its name says before " - ". A group is never divided between the parts
of a split, for its tracks resemble each other. Groups of the same name in several folders (the augmented copies of a
package) are in the same part.

Patches have shape (patches, frames, bands), float16, cut side by side; the incomplete last one is dropped. Scores are
probabilities of shape (patches, labels), float16.

    STORE/spec.json                     the front end
    STORE/FOLDER.GROUP/tracks.json      files of the group with their patches, and why a file gave none
    STORE/FOLDER.GROUP/patches.npy
    STORE/FOLDER.GROUP/TEACHER.npy      scores of the teacher whose network has this SHA-256 (its first 16 digits)
    STORE/made-up/NAME/                 the same of patches that are no file's, see ``training.mixing``

Every file appears whole or not at all.

Contents
--------
``SoftLabels``    the store; ``listen`` and ``label`` fill it, group by group
``Group``         one group of it
``part_of``       the part of a group in a split
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Literal, TypeVar

import msgspec
import numpy as np
import numpy.typing as npt

from tagger_core.audio import open_audio
from tagger_core.classifier import Classifier
from tagger_core.domain import FeatureSpec, Track
from tagger_core.errors import FileError
from tagger_core.features import patch_batches
from tagger_core.library_scan import scan
from training.dataset import DatasetError, disk_errors, replacing
from training.progress import in_parallel

Halves = npt.NDArray[np.float16]
Part = Literal["train", "valid", "test"]
PARTS: tuple[Part, ...] = ("train", "valid", "test")
Kind = TypeVar("Kind")

MADE_UP = "made-up"
SCORING_BATCH = 4
"""Patches at once: small networks are fastest where a batch stays in the processor's cache."""


class HeardTrack(msgspec.Struct, frozen=True):
    """A file relative to its music folder, and how many patches of the group are its own."""

    path: str
    patches: int
    problem: str = ""


@dataclass(frozen=True)
class Group:
    """One group that was listened to."""

    folder: Path
    name: str
    tracks: tuple[HeardTrack, ...]

    @cached_property
    def patches(self) -> Halves:
        """Mapped, not read."""
        return _mapped(self.folder / "patches.npy")

    def scores(self, teacher: Classifier) -> Halves:
        """What this teacher said. Raises ``DatasetError`` if it was not asked yet."""
        return _mapped(self.scores_file(teacher))

    def scores_file(self, teacher: Classifier) -> Path:
        return self.folder / f"{teacher.card.sha256[:16]}.npy"

    @property
    def music(self) -> str:
        """Name of the music folder it was found in."""
        return self.folder.name.rpartition(".")[0]

    @property
    def spans(self) -> list[tuple[int, int]]:
        """First and last-but-one patch of each track that has any."""
        ends = np.cumsum([track.patches for track in self.tracks]).tolist()
        return [(end - track.patches, end) for track, end in zip(self.tracks, ends, strict=True) if track.patches]


def part_of(name: str, seed: int, valid_share: float, test_share: float) -> Part:
    """Depends on nothing but the arguments, so that a group stays where it is when others come or go."""
    digest = hashlib.sha256(f"{seed}:{name}".encode()).digest()
    place = int.from_bytes(digest[:8], "big") / 2**64
    if place < test_share:
        return "test"
    return "valid" if place < test_share + valid_share else "train"


class SoftLabels:
    """The store in ``folder``."""

    def __init__(self, folder: Path, spec: FeatureSpec) -> None:
        """Makes the folder. Raises ``DatasetError`` if it was made with another front end."""
        self.folder = folder
        self.spec = spec
        with disk_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
        held = folder / "spec.json"
        if held.exists() and _read(held, FeatureSpec) != spec:
            raise DatasetError(f"{folder} holds patches of other feature settings; choose another folder")
        with replacing(held) as temporary:
            temporary.write_bytes(msgspec.json.encode(spec))

    def groups(self) -> list[Group]:
        """All that were listened to, by name."""
        found = [_group(path.parent) for path in sorted(self.folder.glob("*/tracks.json"))]
        return sorted(found, key=lambda group: (group.name, group.folder))

    def listen(self, music: Path, longest_seconds: float, workers: int | None = None) -> Iterator[Group]:
        """Decode what is new in a folder of music, at most ``longest_seconds`` of a track; yield every new group."""
        groups: dict[str, list[Track]] = {}
        for found in scan([music]):
            if isinstance(found, Track):
                groups.setdefault(_group_name(found.path.relative_to(music.resolve())), []).append(found)
        if not groups:
            raise DatasetError(f"{music} has no music files")
        for name, tracks in sorted(groups.items()):
            folder = self.folder / f"{music.resolve().name}.{hashlib.sha256(name.encode()).hexdigest()[:16]}"
            if not (folder / "tracks.json").exists():
                yield self._heard(folder, name, tracks, music.resolve(), longest_seconds, workers)

    def made_up(self, folder: str, name: str, make: Callable[[], Halves]) -> Group:
        """A group of patches that are no file's, as one track: the one that is held, or else what ``make`` gives."""
        held = self.folder / MADE_UP / folder
        if (held / "tracks.json").exists():
            return _group(held)
        patches = make()
        return _write(held, name, (HeardTrack(name, len(patches)),), patches)

    def label(self, group: Group, teacher: Classifier) -> bool:
        """Ask a teacher about a group, if it was not asked before; whether it was asked now."""
        file = group.scores_file(teacher)
        if file.exists():
            return False
        patches, size = group.patches, SCORING_BATCH
        scores = np.empty((len(patches), len(teacher.card.labels)), np.float16)
        for start in range(0, len(patches), size):
            scores[start : start + size] = teacher.scores(np.asarray(patches[start : start + size], np.float32))
        with replacing(file) as temporary, temporary.open("wb") as stream:
            np.save(stream, scores)
        return True

    def _heard(
        self, folder: Path, name: str, tracks: Sequence[Track], music: Path, longest_seconds: float, workers: int | None
    ) -> Group:
        hear = partial(_patches, self.spec, longest_seconds)
        results = list(in_parallel(hear, [track.path for track in tracks], f"listening to {name}", workers))
        heard = tuple(
            HeardTrack(track.path.relative_to(music).as_posix(), len(patches), problem)
            for track, (patches, problem) in zip(tracks, results, strict=True)
        )
        return _write(folder, name, heard, np.concatenate([patches for patches, _ in results]))


def _write(folder: Path, name: str, tracks: tuple[HeardTrack, ...], patches: Halves) -> Group:
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with replacing(folder / "patches.npy") as temporary, temporary.open("wb") as stream:
        np.save(stream, patches)
    with replacing(folder / "tracks.json") as temporary:
        temporary.write_bytes(msgspec.json.encode({"name": name, "tracks": tracks}))
    return Group(folder, name, tracks)


def _patches(spec: FeatureSpec, longest_seconds: float, path: Path) -> tuple[Halves, str]:
    """The whole patches of a file, or none and the reason."""
    wanted = int(longest_seconds * spec.sample_rate / spec.hop_length) // spec.patch_frames
    kept: list[Halves] = []
    try:
        with open_audio(path, spec.sample_rate) as stream:
            for batch in patch_batches(stream.blocks(), spec, 1):
                if len(kept) >= wanted or batch.weights[0] < 1:  # the last one overlaps
                    break
                kept.append(batch.patches.astype(np.float16))
    except FileError as error:
        return np.empty((0, spec.patch_frames, spec.bands), np.float16), error.reason
    if not kept:
        return np.empty((0, spec.patch_frames, spec.bands), np.float16), "no sound"
    return np.concatenate(kept), ""


def _group_name(path: Path) -> str:
    return path.parts[0] if len(path.parts) > 1 else path.stem.split(" - ")[0]


class _Tracks(msgspec.Struct):
    name: str
    tracks: tuple[HeardTrack, ...]


def _group(folder: Path) -> Group:
    content = _read(folder / "tracks.json", _Tracks)
    return Group(folder, content.name, content.tracks)


def _read(path: Path, kind: type[Kind]) -> Kind:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (OSError, msgspec.DecodeError) as error:
        raise DatasetError(f"{path} cannot be read ({error}); delete its folder and run the command again") from error


def _mapped(path: Path) -> Halves:
    try:
        array: Halves = np.load(path, mmap_mode="r")
    except (OSError, ValueError, EOFError) as error:
        raise DatasetError(f"{path} is missing or damaged; delete it and run distill again") from error
    return array
