"""The whole job at 1,000, 10,000 and 100,000 tracks: does the time per track stay what it is?

Run: ``python -m tests.benchmarks.scale [--sizes 1000,10000,100000] [--writes 10000] [--place FOLDER]``.

A library of short real files is made (``made_library``), and the store is filled with what the models
might have heard, for decoding and inference are linear anyway and are measured elsewhere. Everything else is real: each
stage is the command line, as a process of its own, on real files. Reported on, written to and undone are only libraries
of up to ``--writes`` tracks: a write flushes three times to the disk, and 100,000 of them take a quarter of an hour.

For each stage: seconds of computing (user and system, all threads) and on the clock, starting the program and loading
the models included, and the peak memory of the process (VmHWM, which counts pages that it shares with others too;
``memory`` tells more). *A track more* is what each track costs that one size has and the size before has not, so that
starting falls out; *growth* is that of the last step against that of the first: 1 where time is linear. The last lines
compare a run over an unchanged library with walking through the same folders and asking for the state of every file,
in Python, and nothing else.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from tagger_core.analysis_store import AnalysisStore
from tagger_core.audio import decoder_names
from tagger_core.decision_memory import SETTLED_NS
from tagger_core.library_scan import scan
from tagger_core.model_card import find_model, shipped_models
from tagger_core.settings import Settings
from tests.benchmarks.made_library import bare_walk, fill_store, make_library
from tests.benchmarks.saying import say

UNCHANGED = "second run, unchanged"
WALK = "bare walk, every file's state"


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one stage at one size, in seconds."""

    computing: float
    clock: float
    megabytes: float


@dataclass(frozen=True, slots=True)
class Home:
    """A person's folders, all in one."""

    folder: Path

    @property
    def music(self) -> Path:
        return self.folder / "music"

    @property
    def data(self) -> Path:
        return self.folder / "data" / "earmark"

    def start(self, *arguments: object) -> "subprocess.Popen[bytes]":
        """Start a command line; what it prints goes into a file."""
        environment = os.environ | {
            "XDG_DATA_HOME": str(self.folder / "data"),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
        }
        command = [sys.executable, "-m", "tagger_core", *map(str, arguments)]
        with (self.folder / "printed.txt").open("wb") as printed:
            return subprocess.Popen(command, stdout=printed, env=environment)

    def earmark(self, *arguments: object) -> Cost:
        """Run a command line to its end."""
        start = time.perf_counter()
        process = self.start(*arguments)
        _, status, usage = os.wait4(process.pid, 0)
        clock = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{process.args} ended with code {process.returncode}")
        return Cost(usage.ru_utime + usage.ru_stime, clock, usage.ru_maxrss / 1024)


def prepared(folder: Path, tracks: int) -> Home:
    """A library and a store that has heard it."""
    home = Home(folder)
    home.music.mkdir(parents=True)
    make_library(home.music, tracks)
    cards = [find_model(name, [shipped_models()]).card for name in Settings().models]
    store = AnalysisStore(home.data / "analyses.sqlite3", decoder_names())
    fill_store(store, cards, home.music, sorted(decoder_names())[0])
    store.close()
    time.sleep(SETTLED_NS / 1e9 + 1)  # files that were made this moment are not trusted yet
    return home


def stages(home: Home, *, write: bool) -> Iterator[tuple[str, Callable[[], Cost]]]:
    """What is measured, in the order of a person's days."""
    batch = ("--batch", home.music)
    yield WALK, lambda: _here(lambda: bare_walk(home.music))
    yield "scan", lambda: _here(lambda: sum(1 for _ in scan([home.music])))
    yield "first run (files read, known by sound)", lambda: home.earmark(*batch, "--quiet")
    yield UNCHANGED, lambda: home.earmark(*batch, "--quiet")
    yield "the same, every file printed", lambda: home.earmark(*batch)
    if write:
        yield "the same, with a report", lambda: home.earmark(*batch, "--quiet", "--report", home.folder / "r.jsonl")
        yield "writing", lambda: home.earmark(*batch, "--quiet", "--write")
        yield "run after writing", lambda: home.earmark(*batch, "--quiet", "--write")
        yield "run after that", lambda: home.earmark(*batch, "--quiet", "--write")
        yield "list of runs", lambda: home.earmark("--list-runs")
        yield "history of a file", lambda: home.earmark("--history", next(home.music.rglob("*.mp3")))
        yield "undo", lambda: home.earmark("--undo", "--quiet")


def _here(work: Callable[[], object]) -> Cost:
    clock, computing = time.perf_counter(), time.process_time()
    work()
    return Cost(time.process_time() - computing, time.perf_counter() - clock, 0.0)


def _sizes(home: Home) -> str:
    found = {path.name: path.stat().st_size / 1e6 for path in sorted(home.data.glob("*.sqlite3"))}
    return ", ".join(f"{name} {size:,.1f} MB" for name, size in found.items())


def _growth(found: dict[str, dict[int, Cost]]) -> Iterator[str]:
    """What a track more costs, for each stage and each step from one size to the next."""
    for name, costs in found.items():
        steps = list(pairwise(costs.items()))
        each = [(more.computing - less.computing) * 1e6 / (many - few) for (few, less), (many, more) in steps]
        growth = f"   growth {each[-1] / each[0]:.2f}" if len(each) > 1 else ""
        yield f"  {name:<40}" + "".join(f"{value:12,.1f}" for value in each) + growth


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="1000,10000,100000", help="tracks of each library, separated by commas")
    parser.add_argument(
        "--writes", type=int, default=10_000, help="report on and write to libraries of up to so many tracks"
    )
    parser.add_argument("--place", help="a folder on the disk to measure (default: that of temporary files)")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    found: dict[str, dict[int, Cost]] = {}
    with tempfile.TemporaryDirectory(dir=options.place) as folder:
        for size in sizes:
            home = prepared(Path(folder, str(size)), size)
            say(f"{size:,} tracks")
            for name, work in stages(home, write=size <= options.writes):
                cost = found.setdefault(name, {})[size] = work()
                memory = f"{cost.megabytes:8,.0f} MB" if cost.megabytes else ""
                say(f"  {name:<40}{cost.computing:10,.2f} s computing{cost.clock:10,.1f} s{memory}")
            say(f"  {_sizes(home)}")
    say("microseconds of computing for a track more")
    for line in _growth(found):
        say(line)
    for size in sizes:
        unchanged, walk = found[UNCHANGED][size], found[WALK][size]
        more = (unchanged.computing - walk.computing) * 1e6 / size
        ratio = unchanged.computing / walk.computing
        say(f"{size:,} unchanged tracks: {ratio:.1f} times the bare walk, {more:,.0f} µs a track more")
    return 0


if __name__ == "__main__":
    sys.exit(main())
