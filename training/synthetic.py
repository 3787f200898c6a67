"""``synthetic``: make a small collection in MagnaTagATune's own layout, whose tags are true by construction.

The folders 0 to f hold mp3 clips of 16 kHz mono, beside them are the two tables. Clips of the test folders (d to f)
sound in programs that no other clip uses. The same options give the same collection.
"""

import argparse
import csv
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tagger_core.errors import SettingsError
from training.composition import TAGS, Piece, compose
from training.dataset import DatasetError, disk_errors, replacing
from training.magnatagatune import ANNOTATIONS, CLIP_INFO
from training.progress import in_parallel

if TYPE_CHECKING:
    from argparse import _SubParsersAction

_FOLDERS = "0123456789abcdef"
_FOLDER_WEIGHTS = np.array([5] * 12 + [16] + [8] * 3)
"""60 % of the clips to learn from, 16 % for validation, 24 % for the test: of a small collection a larger share."""
_CLIPS_OF_ARTIST = 10
_TEST_FOLDERS = "def"
_PLAYERS = 2 * (os.cpu_count() or 1)
"""Two a core, for FluidSynth waits for half of its time."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A clip to be: its row in the tables, and its music."""

    clip_id: int
    folder: str
    artist: str
    path: str
    piece: Piece


def add_parser(commands: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("synthetic", help="make a small labelled collection of General MIDI music")
    parser.add_argument("source", type=Path, metavar="SOURCE", help="folder to make, for: prepare SOURCE DATASET")
    parser.add_argument("--clips", type=int, default=2_200, help="how many (%(default)s)")
    parser.add_argument("--seconds", type=float, default=10.0, help="of each clip (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="another number gives other music (%(default)s)")
    parser.add_argument(
        "--sound",
        choices=("auto", "fluidsynth", "numpy"),
        default="auto",
        help="instruments: FluidR3, or plain synthesis; auto is fluidsynth where it is installed",
    )


def run(options: argparse.Namespace) -> int:
    if options.clips < len(_FOLDERS) or options.seconds < 1:
        raise SettingsError(f"a collection has at least {len(_FOLDERS)} clips of at least 1 second")
    sound = make(options.source, options.clips, options.seconds, options.seed, options.sound)
    print(f"written: {options.source}: {options.clips} clips of {options.seconds:g} s, played by {sound}")
    return 0


def make(source: Path, clips: int, seconds: float, seed: int, sound: str = "auto") -> str:
    """Write the collection and return what played it. An interrupted run with the same numbers goes on.

    Raises ``DatasetError`` if the folder exists or cannot be written, ``RenderError`` if ``sound`` is not installed.
    """
    from training.rendering import RenderError, fluidsynth_renderer, numpy_renderer, write_mp3

    if source.exists():
        raise DatasetError(f"{source} exists already; choose another folder or delete it")
    fluidsynth = None if sound == "numpy" else fluidsynth_renderer()
    if sound == "fluidsynth" and not fluidsynth:
        raise RenderError(
            "FluidSynth or its sounds are missing; install them (Debian: fluidsynth, fluid-soundfont-gm), "
            "or use --sound numpy"
        )
    render, player = (fluidsynth, "fluidsynth") if fluidsynth else (numpy_renderer, "numpy")

    unfinished = source.with_name(f"{source.name}.{clips}x{seconds:g}s-seed{seed}-{player}.unfinished")
    planned = list(plan(clips, seconds, seed))
    with disk_errors(unfinished):
        for folder in _FOLDERS:
            (unfinished / folder).mkdir(parents=True, exist_ok=True)

    def play(clip: Planned) -> None:
        path = unfinished / clip.path
        if not path.exists():
            samples = render(clip.piece)
            with replacing(path) as temporary:
                write_mp3(temporary, samples)

    for _ in in_parallel(play, planned, "rendering", _PLAYERS):
        pass
    _write_tables(unfinished, planned, seconds)
    with disk_errors(source):
        unfinished.rename(source)
    return player


def plan(clips: int, seconds: float, seed: int) -> Iterator[Planned]:
    """Each clip has a random generator of its own, so that none depends on another."""
    shares = np.cumsum(_FOLDER_WEIGHTS) / _FOLDER_WEIGHTS.sum()
    in_folder: dict[str, int] = {}
    for clip_id in range(1, clips + 1):
        folder = _FOLDERS[int(np.searchsorted(shares, (clip_id - 0.5) / clips))]
        number = in_folder.get(folder, 0)
        in_folder[folder] = number + 1
        artist = f"Ensemble {folder.upper()}{number // _CLIPS_OF_ARTIST + 1}"
        name = f"{artist.lower().replace(' ', '_')}-miniatures-{number + 1:02d}-piece_{clip_id}-0-{seconds:g}.mp3"
        piece = compose(np.random.default_rng([seed, clip_id]), seconds, held_out=folder in _TEST_FOLDERS)
        yield Planned(clip_id, folder, artist, f"{folder}/{name}", piece)


def _write_tables(folder: Path, planned: Sequence[Planned], seconds: float) -> None:
    annotations = [
        {"clip_id": clip.clip_id, **{tag: int(tag in clip.piece.tags) for tag in TAGS}, "mp3_path": clip.path}
        for clip in planned
    ]
    infos = [
        {
            "clip_id": clip.clip_id,
            "track_number": 1,
            "title": f"Piece {clip.clip_id}",
            "artist": clip.artist,
            "album": "Miniatures",
            "url": "",
            "segmentStart": 0,
            "segmentEnd": f"{seconds:g}",
            "original_url": "",
            "mp3_path": clip.path,
        }
        for clip in planned
    ]
    _write_table(folder / ANNOTATIONS, annotations)
    _write_table(folder / CLIP_INFO, infos)


def _write_table(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]), delimiter="\t", quoting=csv.QUOTE_ALL, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
