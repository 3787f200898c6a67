"""End-to-end time of Earmark beside other ways, on the same files, in one run; and where the time goes.

For each choice of models (``fast``, ``accurate``): the main job of Earmark with each ``--effort``; the plain way and
AudioMuse-AI's recipe with Earmark's model files (``ways``); and for ``accurate``, whose two networks are published, the
plain way with them as tf2onnx exports them, and Essentia's own algorithm for them, where it is installed
(``EARMARK_ESSENTIA``). All is compared with decoding alone: soundfile, with as many threads as Earmark has workers.

Run: ``make bench`` or ``python -m tests.benchmarks [FOLDER]``. Without a folder the shipped clips are
repeated to tracks of two minutes. Rounds alternate, so that a machine that changes its speed slows all sides; what
counts is the ratio of medians.
"""

import argparse
import contextlib
import os
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import msgspec
import numpy as np
import onnxruntime as ort
import soundfile

from tagger_core.classifier import Classifier
from tagger_core.domain import Effort, Track
from tagger_core.library_scan import scan
from tagger_core.model_card import ModelFolder, shipped_models
from tagger_core.settings import MODEL_CHOICES, Settings
from tests.benchmarks.end_to_end_tables import UNIT_SECONDS, Way, stages_table, times_table
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
)

CLIPS = Path(__file__).resolve().parents[1] / "data" / "music"
PUBLISHED = MODEL_CHOICES["accurate"]


def main() -> int:
    parser = argparse.ArgumentParser(description="Earmark's time beside that of other ways, on the same files.")
    parser.add_argument(
        "folder", nargs="?", type=Path, help="music to measure with (default: the shipped clips, repeated)"
    )
    parser.add_argument("--tracks", type=int, default=1_000, help="at most so many of them (default %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="of each way; medians are compared (default %(default)s)")
    parser.add_argument("--alone", action="store_true", help="Earmark and decoding only, no other ways")
    parser.add_argument("--models", choices=[*MODEL_CHOICES], help="only this choice of models")
    parser.add_argument("--essentia", default=os.environ.get("EARMARK_ESSENTIA", ""), help="a Python that has Essentia")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        found = scan([stack.enter_context(music(options.folder))])
        readable = (each for each in found if isinstance(each, Track) and _libsndfile_reads(each))
        tracks = list(islice(readable, options.tracks))
        if not tracks:
            parser.error(f"no music that libsndfile reads was found in {options.folder}")
        choices = [options.models] if options.models else [*MODEL_CHOICES]
        others: list[Way] = []
        if "accurate" in choices and not options.alone:
            networks = published_networks(PUBLISHED, place)
            essentia = stack.enter_context(open_essentia(options.essentia, [network.frozen for network in networks]))
            others = ways_of_the_published([network.onnx for network in networks], essentia)
        measure(tracks, choices, options.rounds, others, alone=options.alone)
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


def measure(tracks: Sequence[Track], words: Sequence[str], rounds: int, others: Sequence[Way], *, alone: bool) -> None:
    """``words``: choices of models. ``others`` are ways with the published networks, which belong to ``accurate``.

    ``alone``: only Earmark and the floor are measured.
    """
    settings = Settings()
    choices = {
        word: [Classifier(ModelFolder.load(shipped_models() / model)) for model in MODEL_CHOICES[word]]
        for word in words
    }
    floor = Way("decoding alone (soundfile)", lambda some: decode_only(some, settings.workers))
    ways = {choice: ways_of(classifiers, settings, alone=alone) for choice, classifiers in choices.items()}
    if others:
        ways["accurate"].extend(others)
    ours = ways[words[0]][0]
    music_seconds = ours.run(tracks).seconds  # all tracks once: their files are in the system's memory then
    every = {floor.name: floor, **{f"{choice}, {way.name}": way for choice, some in ways.items() for way in some}}
    for way in every.values():
        way.run(tracks[:2])  # warms libraries up, and starts what stays
    for number in range(rounds):
        for name, way in every.items():
            way.measure(tracks)
            say(f"round {number + 1}: {name}: {way.wall[-1]:.1f} s")
    say(
        f"\n{len(tracks)} tracks, {music_seconds / 60:.0f} minutes of music, {settings.workers} workers, medians of "
        f"{rounds} rounds, ONNX Runtime {ort.__version__} on {choices[words[0]][0].device}\n"
    )
    per_unit = 1000 / music_seconds * UNIT_SECONDS
    titled = {f"{choice}: {' + '.join(MODEL_CHOICES[choice])}": some for choice, some in ways.items()}
    say(times_table(floor, titled, per_unit))
    say(
        "\nwhere Earmark's processor time goes with --effort full: each step alone, in one thread, "
        f"ms for {UNIT_SECONDS} s of music"
    )
    shared = shared_stages(tracks, [classifier for classifiers in choices.values() for classifier in classifiers])
    for choice, classifiers in choices.items():
        stages = stages_of_choice(choice, shared, stages_of(tracks, classifiers, settings))
        say(f"\n{choice}\n{stages_table(stages, statistics.median(ways[choice][0].processor), floor, per_unit)}")


def ways_of(classifiers: Sequence[Classifier], settings: Settings, *, alone: bool) -> list[Way]:
    """Earmark's with full effort comes first."""
    ours = [earmarks_way(classifiers, settings, effort) for effort in (Effort.FULL, Effort.BALANCED, Effort.QUICK)]
    if alone:
        return ours
    files = [classifier.folder / "model.onnx" for classifier in classifiers]
    of_plain, of_audiomuse = [plain_session(file) for file in files], [audiomuse_session(file) for file in files]
    return [
        *ours,
        Way("plain way, Earmark's model files", lambda some: plain(some, of_plain)),
        Way("AudioMuse-AI's recipe, the same files", lambda some: audiomuse(some, of_audiomuse)),
    ]


def earmarks_way(classifiers: Sequence[Classifier], settings: Settings, effort: Effort) -> Way:
    chosen = msgspec.structs.replace(settings, effort=effort)
    return Way(f"Earmark --effort {effort.value}", lambda some: earmark(some, classifiers, chosen))


def ways_of_the_published(networks: Sequence[Path], essentia: Essentia | None) -> list[Way]:
    ways = []
    if networks:
        sessions = [plain_session(network) for network in networks]
        ways.append(Way("plain way, networks as published", lambda some: plain(some, sessions)))
    if essentia:
        ways.append(Way("Essentia, networks as published", essentia.run))
    return ways


def stages_of_choice(choice: str, shared: Stages, own: Stages) -> Stages:
    """The steps of one choice of models, in the order in which they happen."""
    others = {model for models in MODEL_CHOICES.values() for model in models} - set(MODEL_CHOICES[choice])
    return {name: seconds for name, seconds in shared.items() if name not in others} | own
