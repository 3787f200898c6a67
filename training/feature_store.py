"""``features``: every clip's log-mel spectrogram or MFCC on disk, computed once by the app's own code.

Conventions
-----------
Features have shape (frames, bands), float16: eleven bits, so log-mel values (0 to about 8) are off by 0.002 at most
and MFCC (to about 1000) by 0.25. A *shard* holds the features of ``CLIPS_IN_SHARD`` successive clips; it appears whole
or not at all, its own index before it, so a run that was killed goes on with the first shard that is missing. A clip
that cannot be decoded is left out and reported, and does not hold up the others.

Contents: the command (``add_parser``, ``run``), ``spec_of``, ``make_features``.
"""

import argparse
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import msgspec
import numpy as np
import numpy.typing as npt

from tagger_core.cli.console import native_chatter_hidden
from tagger_core.display_text import printable
from tagger_core.domain import FeatureSpec
from tagger_core.errors import FileError, SettingsError
from training.dataset import Clip, Dataset, DatasetError, Features, disk_errors, replacing, shard_path
from training.progress import in_parallel

if TYPE_CHECKING:
    from argparse import _SubParsersAction

CLIPS_IN_SHARD = 128
"""45 MB of log-mel for clips of 29 s; a killed run loses at most this much work."""


def add_parser(commands: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("features", help="compute log-mel spectrograms or MFCC of all clips")
    parser.add_argument("dataset", type=Path, metavar="DATASET")
    add_spec_options(parser)
    parser.add_argument("--workers", type=int, help="clips at a time (one for each processor core)")


def add_spec_options(parser: argparse.ArgumentParser) -> None:
    """The options of a ``FeatureSpec``; those left out have its defaults, the front end of musicnn."""
    default = FeatureSpec()
    parser.add_argument("--kind", choices=("log_mel", "mfcc"), default=default.kind, help="default: %(default)s")
    for name, what in (
        ("sample_rate", "Hz"),
        ("n_fft", "samples in the analysis window"),
        ("hop_length", "samples between frames"),
        ("n_mels", "mel bands"),
        ("n_mfcc", "coefficients of --kind mfcc"),
    ):
        option = f"--{name.replace('_', '-')}"
        parser.add_argument(option, type=int, default=getattr(default, name), metavar="N", help=f"{what} (%(default)s)")


def spec_of(options: argparse.Namespace) -> FeatureSpec:
    """Raises ``SettingsError`` for numbers that make no sense."""
    names = ("kind", "sample_rate", "n_fft", "hop_length", "n_mels", "n_mfcc")
    try:
        return msgspec.convert({name: getattr(options, name) for name in names}, FeatureSpec)
    except msgspec.ValidationError as error:
        raise SettingsError(f"these feature options make no sense: {error}") from error


def run(options: argparse.Namespace) -> int:
    dataset, spec = Dataset.open(options.dataset), spec_of(options)
    problems = make_features(dataset, spec, options.workers)
    for path, problem in problems.items():
        print(f"left out: {printable(path)}: {problem}")
    store = dataset.features(spec)
    print(f"{spec.kind}: {len(store.clip_ids)} clips, {spec.bands} bands, in {store.folder}")
    return 1 if problems else 0


def make_features(dataset: Dataset, spec: FeatureSpec, workers: int | None = None) -> dict[str, str]:
    """Compute what is missing; returns path -> reason of the clips that could not be decoded.

    Raises ``DatasetError`` if the disk is full or the like; the finished shards stay.
    """
    folder = dataset.features_folder(spec)
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    clips = [clip for clip in dataset.clips if not clip.problem]
    if not clips:
        raise DatasetError(f"{dataset.folder} has no clip that can be decoded")
    with replacing(folder / "spec.json") as temporary:
        temporary.write_bytes(msgspec.json.encode(spec))
    chunks = [clips[start : start + CLIPS_IN_SHARD] for start in range(0, len(clips), CLIPS_IN_SHARD)]
    compute = partial(_features, dataset, spec)
    with native_chatter_hidden():
        for number, chunk in enumerate(chunks):
            if not shard_path(folder, number).exists():
                name = f"{spec.kind}, part {number + 1} of {len(chunks)}"
                _write_shard(folder, number, chunk, in_parallel(compute, chunk, name, workers), spec.bands)
    problems = _write_index(folder, len(chunks))
    paths = {clip.clip_id: clip.path for clip in clips}
    return {paths[clip_id]: problem for clip_id, problem in problems.items()}


def _features(dataset: Dataset, spec: FeatureSpec, clip: Clip) -> tuple[Features, str]:
    """The features of a clip, or none and the reason."""
    from tagger_core.audio import open_audio
    from tagger_core.features import log_mel, mfcc

    transform: Callable[[npt.NDArray[np.float32], FeatureSpec], npt.NDArray[np.float32]]
    transform = mfcc if spec.kind == "mfcc" else log_mel
    try:
        with open_audio(dataset.audio_path(clip), spec.sample_rate) as stream:
            samples = np.concatenate(list(stream.blocks()))
    except FileError as error:
        return np.empty((0, spec.bands), np.float16), error.reason
    return transform(samples, spec).astype(np.float16), ""


def _write_shard(
    folder: Path, number: int, chunk: Sequence[Clip], computed: Iterator[tuple[Features, str]], bands: int
) -> None:
    results = list(computed)
    with replacing(shard_path(folder, number).with_suffix(".npz")) as temporary, temporary.open("wb") as file:
        np.savez(
            file,
            clip_ids=np.array([clip.clip_id for clip in chunk]),
            frames=np.array([len(features) for features, _ in results]),
            problems=np.array([problem for _, problem in results]),
        )
    frames = np.concatenate([features for features, _ in results]).reshape(-1, bands)
    with replacing(shard_path(folder, number)) as temporary, temporary.open("wb") as file:
        _save(file, frames)


def _save(file: BinaryIO, array: Features) -> None:
    """As ``np.save``, which on a full disk does not tell why it failed."""
    rows_first = np.ascontiguousarray(array)
    np.lib.format.write_array_header_1_0(file, np.lib.format.header_data_from_array_1_0(rows_first))
    file.write(rows_first.data)


def _write_index(folder: Path, shards: int) -> dict[str, str]:
    """Join the shards' indexes to that of the store; returns the problems."""
    problems: dict[str, str] = {}
    rows: list[tuple[str, int, int, int]] = []
    for number in range(shards):
        with np.load(shard_path(folder, number).with_suffix(".npz")) as content:
            clip_ids, frames, told = (content[name].tolist() for name in ("clip_ids", "frames", "problems"))
        start = 0
        for clip_id, length, problem in zip(clip_ids, frames, told, strict=True):
            if problem:
                problems[clip_id] = problem
            else:
                rows.append((clip_id, number, start, length))
            start += length
    if not rows:
        raise DatasetError(f"{folder}: no clip could be decoded: {next(iter(problems.values()))}")
    with replacing(folder / "index.npz") as temporary, temporary.open("wb") as file:
        names = ("clip_ids", "shard", "start", "frames")
        columns = [np.array(column) for column in zip(*rows, strict=True)]
        np.savez(file, **dict(zip(names, columns, strict=True)))  # type: ignore[arg-type]
    return problems
