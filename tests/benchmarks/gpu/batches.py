"""What it brings an accelerator to get the calls of all threads in shared batches, against each call on its own.

First the device alone: so many threads hand over patches without pause. Then whole runs over the same music, decoded on
the CPU, with so many workers, beside runs whose scores cost nothing: the limit that decoding sets. The best of the
rounds counts. The last lines say how many cores can decode before the device is what they wait for.

Where this machine has no accelerator, one is simulated, and said to be: it takes ``--call-ms`` for each call and
``--patch-ms`` for each patch in it, one call after the other, without using the processor. Its scores mean nothing.
"""

import argparse
import os
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort

from tagger_core.analysis import analyse
from tagger_core.classifier import Classifier, Floats, _Engine, available_devices
from tagger_core.domain import Track, TrackFailure
from tagger_core.library_scan import scan
from tagger_core.model_card import ModelFolder, find_model, shipped_models
from tagger_core.settings import MODEL_CHOICES
from tests.fake_accelerator import fake_accelerator

CLIPS = Path(__file__).resolve().parents[2] / "data" / "music"
SIZES = (1, 2, 4, 8, 16, 32, 64)
SECONDS_ALONE = 1.0
"""Of each measurement of the device alone."""


@dataclass(frozen=True)
class Way:
    """How the calls of the threads reach the device. ``patches``: what a thread hands over at once."""

    name: str
    patches: int
    shared: bool = False
    free: bool = False
    """The device is not asked at all."""


WAYS = (Way("own calls of 4", 4), Way("own calls of 16", 16), Way("shared batches", 16, shared=True))
LIMIT = Way("scores cost nothing", 16, free=True)


class Counting:
    """A session that counts what is asked of it."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self._lock = threading.Lock()
        self.calls = self.patches = 0

    def run(self, names: list[str], feeds: dict[str, Floats]) -> Any:
        with self._lock:
            self.calls += 1
            self.patches += sum(map(len, feeds.values()))
        return self._session.run(names, feeds)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)


class Observed(Classifier):
    """A classifier that hands its calls over in one of the ways."""

    def __init__(self, folder: ModelFolder, device: str, way: Way) -> None:
        super().__init__(folder, device)
        self.free_patches = 0
        if way.free:
            self._engine = _Engine(device, way.patches, self._nothing)
        elif not way.shared:
            self._engine = _Engine(device, way.patches, self._at_once)

    def _session(self, device: str) -> Counting:
        self.session = Counting(super()._session(device))
        return self.session

    def _at_once(self, patches: Floats) -> Floats:
        (scores,) = self.session.run([self.card.output.name], {self.card.input.name: patches})
        return np.asarray(scores)

    def _nothing(self, patches: Floats) -> Floats:
        with self._replacing:
            self.free_patches += len(patches)
        return np.zeros((len(patches), len(self.card.labels)), np.float32)


@dataclass(frozen=True)
class Figure:
    """``rate``: patches or tracks a second; ``batch``: patches in a call of the device; ``patches``: those of a track.
    The last two are means, and 0 where they do not apply.
    """

    rate: float
    batch: float = 0.0
    patches: float = 0.0

    def __str__(self) -> str:
        return f"{self.rate:9.1f} ({self.batch:.0f})" if self.batch else f"{self.rate:9.1f}"


def alone(folder: ModelFolder, device: str, way: Way, threads: int) -> Figure:
    """Threads that do nothing but hand over patches."""
    classifier = Observed(folder, device, way)
    shape = folder.card.features.patch_frames, folder.card.features.bands
    for size in SIZES:  # the device's plans for every size are made before the clock runs
        classifier.session.run([folder.card.output.name], {folder.card.input.name: np.ones((size, *shape), np.float32)})
    calls, patches = classifier.session.calls, classifier.session.patches
    some = np.random.default_rng(0).normal(1, 1, (way.patches, *shape)).astype(np.float32)
    start = time.perf_counter()

    def ask(_: int) -> int:
        count = 0
        while time.perf_counter() < start + SECONDS_ALONE:
            count += len(classifier.scores(some))
        return count

    with ThreadPoolExecutor(threads) as pool:
        heard = sum(pool.map(ask, range(threads)))
    seconds = time.perf_counter() - start
    return Figure(heard / seconds, (classifier.session.patches - patches) / (classifier.session.calls - calls))


def whole(tracks: Sequence[Track], folders: Sequence[ModelFolder], device: str, way: Way, workers: int) -> Figure:
    """A run of the pipeline, without a store."""
    classifiers = [Observed(folder, device, way) for folder in folders]
    start = time.perf_counter()
    outcomes = list(analyse(tracks, classifiers, None, workers=workers, cancelled=threading.Event()))
    seconds = time.perf_counter() - start
    failures = [outcome for outcome in outcomes if isinstance(outcome, TrackFailure)]
    if failures:
        raise SystemExit(f"{failures[0].track.path}: {failures[0].reason}")
    calls = sum(classifier.session.calls for classifier in classifiers)
    patches = sum(classifier.session.patches for classifier in classifiers)
    return Figure(len(tracks) / seconds, patches / max(1, calls), classifiers[0].free_patches / len(tracks))


def best(figures: Sequence[Figure]) -> Figure:
    return max(figures, key=lambda figure: figure.rate)


def table(title: str, ways: Sequence[Way], rows: dict[int, list[Figure]]) -> None:
    say(f"\n{title}\n{'':<6}" + "".join(f"{way.name:>21}" for way in ways))
    for count, figures in rows.items():
        say(f"{count:<6}" + "".join(f"{figure!s:>21}" for figure in figures))


def main() -> int:
    options = parsed()
    with ExitStack() as stack:
        devices = [device for device in available_devices() if device != "cpu"]
        if options.device and options.device not in devices:
            say(f"this installation of ONNX Runtime has no {options.device}")
            return 3
        if devices:
            device = options.device or devices[0]
            say(f"device: {device}, ONNX Runtime {ort.__version__}")
        else:
            device = "cuda"
            times = {"call_seconds": options.call_ms / 1000, "patch_seconds": options.patch_ms / 1000}
            stack.enter_context(fake_accelerator(device, **times))
            say(
                f"device: SIMULATED, {options.call_ms} ms for a call and {options.patch_ms} ms for a patch in it. "
                "There is no accelerator here; a real one has other costs."
            )
        report(options, device)
    return 0


def report(options: argparse.Namespace, device: str) -> None:
    folders = [find_model(name, [shipped_models()]) for name in MODEL_CHOICES[options.model]]
    found = [found for found in scan([options.folder]) if isinstance(found, Track)]
    tracks = list(islice(cycle(found), options.tracks))
    rounds = range(options.rounds)
    peaks: dict[Way, list[float]] = {way: [] for way in WAYS}
    for folder in folders:
        rows = {
            threads: [best([alone(folder, device, way, threads) for _ in rounds]) for way in WAYS]
            for threads in options.threads
        }
        table(f"{folder.card.name}: patches a second by threads (patches in a call)", WAYS, rows)
        for column, way in enumerate(WAYS):
            peaks[way].append(max(row[column].rate for row in rows.values()))
    whole(found[:2], folders, device, WAYS[-1], 2)  # warm caches and libraries
    runs = {
        workers: [best([whole(tracks, folders, device, way, workers) for _ in rounds]) for way in (*WAYS, LIMIT)]
        for workers in options.workers
    }
    title = f"{len(tracks)} tracks with {options.model}: tracks a second by workers (patches in a call)"
    table(title, (*WAYS, LIMIT), runs)
    cores = min(os.cpu_count() or 1, max(options.workers))
    of_core = max(row[-1].rate for row in runs.values()) / cores
    say(f"\none core decodes {of_core:.1f} of these tracks a second, so the device is enough for this many cores:")
    for way, rates in peaks.items():
        patches = next(iter(runs.values()))[-1].patches
        of_device = 1 / sum(patches / rate for rate in rates)
        say(f"  {way.name:<20} {of_device / of_core:6.1f}   ({of_device:.1f} tracks a second)")


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.gpu", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=CLIPS, help="music (default: the clips of the tests)")
    parser.add_argument("--device", choices=("cuda", "directml", "coreml"), help="default: the first there is")
    parser.add_argument("--model", choices=tuple(MODEL_CHOICES), default="accurate")
    parser.add_argument("--tracks", type=int, default=60, help="the music is repeated to so many (%(default)s)")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 4, 16], help="for the device alone")
    parser.add_argument("--workers", type=int, nargs="+", default=[os.cpu_count() or 1, 2 * (os.cpu_count() or 1)])
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--call-ms", type=float, default=1.0, help="of the simulated device (%(default)s)")
    parser.add_argument("--patch-ms", type=float, default=0.1, help="of the simulated device (%(default)s)")
    return parser.parse_args()


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
