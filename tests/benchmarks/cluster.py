"""``python -m tests.benchmarks.cluster [FOLDER]``: workers of a cluster against threads of one process; an estimate.

The same tracks are heard by 1 and 2 threads of one process and by clusters of 1 and 2 processes of this machine, in
rounds that alternate. Told are tracks a second, and the processor time of the whole family of processes for a track,
which depends less on what else the machine does. Then what a track costs beside listening is measured alone:

hand-over    processor time of this process, in which client and scheduler are, for a track that is handed out and only
             recognised by its digest
store        time for what one result costs in the store
bytes        of an encoded result

The estimate for many nodes is the smallest of three rates, in tracks a second:

    nodes * cores / listening       listening: processor seconds of a track on one thread here
    1 / (hand-over + store)         one coordinator, with the scheduler in the same process (apart they overlap)
    storage / bytes of a file       where the bandwidth of the storage is given (``--storage``, MB/s)

It leaves out what this machine cannot show: a network with its delays (a few tracks are in flight for each thread, so
delay costs little), and other kinds of processors. Writing is not in it; ``make bench-write`` measures what a file
costs, and the coordinator writes one after the other.
"""

import argparse
import contextlib
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from tagger_core.analysis import analyse_with
from tagger_core.analysis_store import AnalysisStore
from tagger_core.audio import decoder_names
from tagger_core.audio_payload import payload_digest
from tagger_core.classifier import Classifier
from tagger_core.cluster.messages import Heard, encode
from tagger_core.cluster.place import ClusterPlace
from tagger_core.cluster.remote_crew import ClusterCrew
from tagger_core.crew import Crew, Gate, LocalCrew
from tagger_core.domain import Effort, Track
from tagger_core.library_scan import scan
from tagger_core.model_card import ModelFolder, find_model, shipped_models
from tagger_core.settings import MODEL_CHOICES
from tagger_core.track_inference import Listening
from tests.benchmarks.end_to_end import music
from tests.benchmarks.saying import say
from tests.benchmarks.ways import processor_seconds

HAND_OVERS = 1000
NODES = (1, 4, 16, 64)


@dataclass(frozen=True, slots=True)
class Measured:
    """What some tracks took: seconds on the clock, and of the processors (every process of the family)."""

    wall: float
    cpu: float


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.cluster", description=__doc__.splitlines()[0])
    parser.add_argument(
        "folder", type=Path, nargs="?", help="music (default: the shipped clips, repeated to 2 minutes)"
    )
    parser.add_argument("--model", choices=tuple(MODEL_CHOICES), default="fast")
    parser.add_argument("--rounds", type=int, default=3, help="medians are told (%(default)s)")
    parser.add_argument("--cores", type=int, default=16, help="of a node in the estimate (%(default)s)")
    parser.add_argument("--storage", type=float, help="MB/s that the storage gives to all nodes together")
    options = parser.parse_args()
    folders = [find_model(name, [shipped_models()]) for name in MODEL_CHOICES[options.model]]
    with music(options.folder) as folder:
        tracks = [found for found in scan([folder]) if isinstance(found, Track)]
        say(f"{len(tracks)} tracks, model {options.model}")
        listening = throughput(tracks, folders, options.rounds)
        hand_over = handing_over(tracks[0], folders)
        result, store = one_result(tracks, folders)
        file_bytes = statistics.mean(track.stamp.size for track in tracks)
    say("\nbeside listening, for a track")
    say(f"  hand-over (client and scheduler)  {1000 * hand_over:7.2f} ms of a processor")
    say(f"  store                             {1000 * store:7.2f} ms")
    say(f"  a result                          {result / 1000:7.1f} kB")
    estimate(options.cores, listening, hand_over + store, result, file_bytes, options.storage)


def throughput(tracks: Sequence[Track], folders: Sequence[ModelFolder], rounds: int) -> float:
    """Told for every way; returns processor seconds of a track on one thread of this process."""
    ways: dict[str, Callable[[], AbstractContextManager[Crew]]] = {
        "1 thread": lambda: local_crew(folders, 1),
        "2 threads": lambda: local_crew(folders, 2),
        "cluster local:1": lambda: remote_crew(folders, 1),
        "cluster local:2": lambda: remote_crew(folders, 2),
    }
    found: dict[str, list[Measured]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, open_crew in ways.items():
            found[name].append(measured(open_crew, tracks))
    say(f"\n{'way':<18}{'tracks/s':>9}{'to 1 thread':>13}{'processor ms a track':>22}{'to 1 thread':>13}")
    walls = {name: statistics.median(one.wall for one in rows) for name, rows in found.items()}
    cpus = {name: statistics.median(one.cpu for one in rows) for name, rows in found.items()}
    for name in ways:
        say(
            f"{name:<18}{len(tracks) / walls[name]:9.2f}{walls['1 thread'] / walls[name]:13.2f}"
            f"{1000 * cpus[name] / len(tracks):22.0f}{cpus[name] / cpus['1 thread']:13.2f}"
        )
    return cpus["1 thread"] / len(tracks)


def measured(open_crew: Callable[[], AbstractContextManager[Crew]], tracks: Sequence[Track]) -> Measured:
    """All tracks, by a crew that has started its processes and loaded its models before."""
    with open_crew() as crew:
        warm = list(analyse_with(crew, tracks[: 4 * crew.workers], None, Gate(threading.Event())))
        if len(warm) < crew.workers:
            raise SystemExit("too few tracks for two workers")
        clock, cpu = time.perf_counter(), processor_seconds()
        for _ in analyse_with(crew, tracks, None, Gate(threading.Event())):
            pass
        return Measured(time.perf_counter() - clock, processor_seconds() - cpu)


@contextlib.contextmanager
def local_crew(folders: Sequence[ModelFolder], workers: int) -> Iterator[Crew]:
    classifiers = [Classifier(folder, "cpu") for folder in folders]
    with LocalCrew(classifiers, Gate(threading.Event()), workers=workers) as crew:
        yield crew


@contextlib.contextmanager
def remote_crew(folders: Sequence[ModelFolder], workers: int) -> Iterator[Crew]:
    with ClusterCrew(ClusterPlace(local_workers=workers), folders, device="cpu", effort=Effort.FULL) as crew:
        yield crew


def handing_over(track: Track, folders: Sequence[ModelFolder]) -> float:
    """Processor seconds of this process for a track of which the workers say only that its sound is known."""
    known = {payload_digest(track.path)}
    with remote_crew(folders, 2) as crew:
        crew.submit(track, known).result()
        start = time.process_time()
        for begun in range(0, HAND_OVERS, 16):  # as many in flight as the pipeline would have
            for future in [crew.submit(track, known) for _ in range(begun, min(begun + 16, HAND_OVERS))]:
                future.result()
        return (time.process_time() - start) / HAND_OVERS


def one_result(tracks: Sequence[Track], folders: Sequence[ModelFolder]) -> tuple[float, float]:
    """Bytes of an encoded result, and seconds in the store for one."""
    with local_crew(folders, 2) as crew:
        listenings: list[Listening] = [future.result() for future in [crew.submit(track, ()) for track in tracks]]
    with tempfile.TemporaryDirectory() as place:
        store = AnalysisStore(Path(place) / "store.sqlite3", decoder_names())
        start = time.perf_counter()
        for track, listening in zip(tracks, listenings, strict=True):
            for card, analysis, taggram in listening.heard:
                store.add(listening.audio, card, analysis, taggram)
            store.remember_audio(track, listening.audio)
        seconds = (time.perf_counter() - start) / len(tracks)
        store.close()
    return statistics.mean(len(encode(Heard.of(listening))) for listening in listenings), seconds


def estimate(
    cores: int, listening: float, coordinating: float, result_bytes: float, file_bytes: float, storage: float | None
) -> None:
    say(f"\nestimate: nodes of {cores} such cores, tracks as these ({file_bytes / 1e6:.1f} MB), nothing written")
    say(
        f"{'nodes':>6}{'workers':>10}{'coordinator':>13}{'tracks/s':>10}{'100,000 in':>12}"
        f"{'files MB/s':>12}{'results MB/s':>14}"
    )
    for nodes in NODES:
        workers, coordinator = nodes * cores / listening, 1 / coordinating
        rate = min(workers, coordinator, *([1e6 * storage / file_bytes] if storage else []))
        say(
            f"{nodes:>6}{workers:>10.0f}{coordinator:>13.0f}{rate:>10.0f}{100_000 / rate / 60:>8.1f} min"
            f"{rate * file_bytes / 1e6:>12.0f}{rate * result_bytes / 1e6:>14.1f}"
        )


if __name__ == "__main__":
    main()
