"""End-to-end time of Earmark beside other ways, on the same files, in one run; and where the time goes.

For each choice of models (``fast``, ``accurate``): the main job of Earmark; the plain way and AudioMuse-AI's recipe
with the same model files (``ways``); and for the published networks, the plain way with them as tf2onnx exports them,
and Essentia's own algorithm for them, where it is installed (``EARMARK_ESSENTIA``). The floor is decoding alone:
soundfile, with as many threads as Earmark has workers.

Run: ``make bench`` or ``python -m tests.benchmarks [FOLDER]``. Without a folder the shipped clips are
repeated to tracks of two minutes. Rounds alternate, so that a machine that changes its speed slows all sides; what
counts is the ratio of medians.
"""

import argparse
import contextlib
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np
import onnxruntime as ort
import soundfile

from tagger_core.classifier import Classifier
from tagger_core.domain import Track
from tagger_core.library_scan import scan
from tagger_core.model_card import ModelFolder, shipped_models
from tagger_core.settings import MODEL_CHOICES, Settings
from tests.benchmarks.essentia_process import Essentia, open_essentia
from tests.benchmarks.published import published_networks
from tests.benchmarks.saying import say
from tests.benchmarks.stages import Stages, shared_stages, stages_of
from tests.benchmarks.ways import (
    audiomuse,
    audiomuse_session,
    decode_only,
    earmark,
    plain,
    plain_session,
    processor_seconds,
)

CLIPS = Path(__file__).resolve().parents[1] / "data" / "music"
UNIT_SECONDS = 240
"""Times are told for so much music: a track."""

PUBLISHED = MODEL_CHOICES["accurate"]


@dataclass(frozen=True)
class Way:
    """One way, and how long it took in each round, in seconds."""

    name: str
    run: Callable[[Sequence[Track]], object]
    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def measure(self, tracks: Sequence[Track]) -> None:
        before, start = processor_seconds(), time.perf_counter()
        self.run(tracks)
        self.wall.append(time.perf_counter() - start)
        self.processor.append(processor_seconds() - before)

    @property
    def median(self) -> float:
        return statistics.median(self.wall)


def main() -> int:
    parser = argparse.ArgumentParser(description="Earmark's time beside that of other ways, on the same files.")
    parser.add_argument(
        "folder", nargs="?", type=Path, help="music to measure with (default: the shipped clips, repeated)"
    )
    parser.add_argument("--tracks", type=int, default=1_000, help="at most so many of them (default %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="of each way; medians are compared (default %(default)s)")
    parser.add_argument("--alone", action="store_true", help="Earmark and decoding only, no other ways")
    parser.add_argument("--essentia", default=os.environ.get("EARMARK_ESSENTIA", ""), help="a Python that has Essentia")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        found = scan([stack.enter_context(music(options.folder))])
        readable = (each for each in found if isinstance(each, Track) and _libsndfile_reads(each))
        tracks = list(islice(readable, options.tracks))
        if not tracks:
            parser.error(f"no music that libsndfile reads was found in {options.folder}")
        others: list[Way] = []
        if not options.alone:
            networks = published_networks(PUBLISHED, place)
            essentia = stack.enter_context(open_essentia(options.essentia, [network.frozen for network in networks]))
            others = ways_of_the_published([network.onnx for network in networks], essentia)
        measure(tracks, options.rounds, others, alone=options.alone)
    return 0


@contextlib.contextmanager
def music(folder: Path | None, seconds: float = 120.0) -> Iterator[Path]:
    """The folder, or a temporary one with every shipped clip repeated to ``seconds``."""
    if folder:
        yield folder
        return
    with tempfile.TemporaryDirectory() as place:
        for clip in sorted(CLIPS.glob("*.mp3")):
            samples, rate = soundfile.read(clip, dtype="float32")
            repeated = np.resize(samples, (int(seconds * rate), *samples.shape[1:]))
            soundfile.write(Path(place) / clip.name, repeated, rate, format="MP3")
        yield Path(place)


def _libsndfile_reads(track: Track) -> bool:
    """What it does not, no other way could read."""
    try:
        soundfile.info(track.path)
    except soundfile.LibsndfileError:
        return False
    return True


def measure(tracks: Sequence[Track], rounds: int, others: Sequence[Way], *, alone: bool) -> None:
    """``others`` are ways with the published networks, ``alone``: only Earmark and the floor are measured."""
    settings = Settings()
    choices = {
        choice: [Classifier(ModelFolder.load(shipped_models() / model)) for model in models]
        for choice, models in MODEL_CHOICES.items()
    }
    floor = Way("decoding alone, by soundfile", lambda some: decode_only(some, settings.workers))
    ways = {choice: ways_of(classifiers, settings, alone=alone) for choice, classifiers in choices.items()}
    ways["accurate"].extend(others)
    heard = earmark(tracks, choices["fast"], settings)  # all tracks once: their files are then in the system's memory
    every = {floor.name: floor, **{f"{choice}, {way.name}": way for choice, some in ways.items() for way in some}}
    for way in every.values():
        way.run(tracks[:2])  # warms libraries up, and starts what stays
    for number in range(rounds):
        for name, way in every.items():
            way.measure(tracks)
            say(f"round {number + 1}: {name}: {way.wall[-1]:.1f} s")
    say(
        f"\n{len(tracks)} tracks, {heard / 60:.0f} minutes of music, {settings.workers} workers, medians of {rounds} "
        f"rounds, ONNX Runtime {ort.__version__} on {choices['fast'][0].device}\n"
    )
    per_unit = 1000 / heard * UNIT_SECONDS
    say(times_table(floor, ways, per_unit))
    say(f"\nwhere Earmark's processor time goes: each step alone, ms for {UNIT_SECONDS} s of music")
    shared = shared_stages(tracks, [classifier for classifiers in choices.values() for classifier in classifiers])
    for choice, classifiers in choices.items():
        stages = stages_of_choice(choice, shared, stages_of(tracks, classifiers, settings))
        say(f"\n{choice}\n{stages_table(stages, statistics.median(ways[choice][0].processor), floor, per_unit)}")


def ways_of(classifiers: Sequence[Classifier], settings: Settings, *, alone: bool) -> list[Way]:
    """Earmark's comes first."""
    ours = Way("Earmark", lambda some: earmark(some, classifiers, settings))
    if alone:
        return [ours]
    files = [classifier.folder / "model.onnx" for classifier in classifiers]
    of_plain, of_audiomuse = [plain_session(file) for file in files], [audiomuse_session(file) for file in files]
    return [
        ours,
        Way("plain way: librosa, ONNX Runtime", lambda some: plain(some, of_plain)),
        Way("AudioMuse-AI's recipe", lambda some: audiomuse(some, of_audiomuse)),
    ]


def ways_of_the_published(networks: Sequence[Path], essentia: Essentia | None) -> list[Way]:
    ways = []
    if networks:
        sessions = [plain_session(network) for network in networks]
        ways.append(Way("plain way, networks as published", lambda some: plain(some, sessions)))
    if essentia:
        ways.append(Way("essentia-tensorflow", essentia.run))
    return ways


def stages_of_choice(choice: str, shared: Stages, own: Stages) -> Stages:
    """The steps of one choice of models, in the order in which they happen."""
    others = {model for models in MODEL_CHOICES.values() for model in models} - set(MODEL_CHOICES[choice])
    return {name: seconds for name, seconds in shared.items() if name not in others} | own


def times_table(floor: Way, ways: dict[str, list[Way]], per_unit: float) -> str:
    """Wall time with its ratio to the floor and to Earmark's, and processor time."""
    header = f"ms for {UNIT_SECONDS} s of music"
    lines = [f"{header:<36}{'wall':>7} {'min':>7} {'max':>7} {'processor':>10} {'x floor':>9} {'x Earmark':>10}"]
    lines.append(_times(floor, floor, None, per_unit))
    for choice, some in ways.items():
        lines.append(choice)
        lines.extend("  " + _times(way, floor, some[0], per_unit) for way in some)
    return "\n".join(lines)


def _times(way: Way, floor: Way, ours: Way | None, per_unit: float) -> str:
    width = 34 if ours else 36
    middle, least, most = (per_unit * value for value in (way.median, min(way.wall), max(way.wall)))
    processor = per_unit * statistics.median(way.processor)
    line = (
        f"{way.name:<{width}}{middle:7.0f} {least:7.0f} {most:7.0f} {processor:10.0f} {way.median / floor.median:9.2f}"
    )
    return f"{line} {way.median / ours.median:10.2f}" if ours else line


def stages_table(stages: Stages, whole: float, floor: Way, per_unit: float) -> str:
    """``whole``: seconds of processor time of the main job, in which the steps run side by side."""
    decoding = statistics.median(floor.processor)
    rest = whole - sum(stages.values())
    rows = {
        **stages,
        "all else, and what runs slower side by side": rest,
        "whole": whole,
        "decoding alone, for comparison": decoding,
    }
    return "\n".join(
        f"  {name:<44}{per_unit * seconds:7.0f} {100 * seconds / whole:6.1f} %{seconds / decoding:7.2f} x floor"
        for name, seconds in rows.items()
    )
