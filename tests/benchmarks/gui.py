"""The window's speed against its targets, and against Picard's where the target says so, in one run.

Run: ``make bench-gui`` or ``python -m tests.benchmarks.gui [FOLDER]``. ``FOLDER`` holds music to listen to while the
main loop is watched; without one the shipped clips are repeated to tracks of one minute. Everything runs offscreen, in
processes and homes of its own. Rounds of both programs alternate, so that a machine that changes its speed slows both.

Picard is measured where ``EARMARK_PICARD`` (or ``--picard``) names a Python in which it is installed:
``python -m venv DIR && DIR/bin/pip install picard==3.0.2``; without it those columns stay empty.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.end_to_end import music
from tests.benchmarks.gui_figures import Figure, Spread, table
from tests.benchmarks.gui_files import make_files

PICARD_PROBE = Path(__file__).with_name("gui_picard_probe.py")
MEASURED_PICARD = "3.0.2"
MILLISECOND = 1e-3
SLOW = 0.050
LONGEST = 1800

Found = dict[str, Any]


def main() -> int:
    parser = argparse.ArgumentParser(description="The window's speed against its targets and against Picard.")
    parser.add_argument(
        "folder", nargs="?", type=Path, help="music to listen to (default: the shipped clips, repeated)"
    )
    parser.add_argument("--picard", default=os.environ.get("EARMARK_PICARD", ""), help="a Python that has Picard")
    parser.add_argument("--files", type=int, default=5000, help="files to list (default 5000)")
    parser.add_argument("--rows", type=int, default=100_000, help="tracks in the large review (default 100000)")
    parser.add_argument("--rounds", type=int, default=5, help="starts of each program; medians count (default 5)")
    options = parser.parse_args()
    picard = options.picard if has_picard(options.picard) else ""
    figures = first_paint(picard, options.rounds)
    figures += listing(picard, options.files)
    figures += listening(options.folder)
    figures += large_review(options.rows)
    say(f"\n{len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f}\n\n{table(figures)}")
    return 0


def has_picard(python: str) -> bool:
    """Whether there is one to compare with; says what is missing otherwise."""
    if not python:
        say("without Picard: EARMARK_PICARD=/path/to/python names a Python that has it")
        return False
    command = [python, "-c", "import picard; print(picard.PICARD_VERSION.short_str())"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode:
        say(f"without Picard: {python} cannot import it")
        return False
    say(f"Picard {answer.stdout.strip()} (the targets were set by {MEASURED_PICARD})")
    return True


def first_paint(picard: str, rounds: int) -> list[Figure]:
    """From the start of the process to its first paint; the first round only warms the disk's cache."""
    ours, theirs = [], []
    for number in range(rounds + 1):
        say(f"first paint, round {number}")
        ours.append(ask_earmark("paint"))
        if picard:
            theirs.append(ask_picard(picard, "", 0))

    def median(found: Sequence[Found], key: str) -> float | None:
        return statistics.median(one[key] for one in found[1:]) if found else None

    figures = []
    for name, key in (("first paint, warm", "first_paint_s"), ("  processor time of it", "first_paint_cpu_s")):
        other = median(theirs, key)
        value = median(ours, key)
        assert value is not None
        figures.append(Figure(name, value, "s", None if other is None else 0.8 * other, "", other))
    return figures


def listing(picard: str, count: int) -> list[Figure]:
    """Files that are there but were never heard, until the list is complete."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "music"
        folder.mkdir()
        make_files(folder, count)
        say(f"listing {count} files")
        ours = ask_earmark("list", folder)
        theirs = ask_picard(picard, str(folder), count) if picard else {}
    cpu = theirs.get("cpu_s")
    note = "titles of the rows on the screen are read; Picard reads all of every file"
    gaps = Spread.of(ours["gaps_s"])
    other_largest = in_ms(Spread.of(theirs["gaps_s"]).largest)[0] if theirs else None
    return [
        Figure(f"{count:,} files listed, processor", ours["cpu_s"], "s", cpu and 0.25 * cpu, note, cpu),
        Figure(f"{count:,} files listed, wall", ours["wall_s"], "s", None, "", theirs.get("wall_s")),
        Figure("first rows after", ours["first_rows_s"] / MILLISECOND, "ms", 300),
        Figure("main-loop gap while listing, max", *in_ms(gaps.largest), None, "", other_largest),
    ]


def listening(folder: Path | None) -> list[Figure]:
    """The main loop while all cores but one listen."""
    with music(folder, seconds=60.0) as place:
        say("listening to music")
        found = ask_earmark("analyse", place)
    gaps = Spread.of(found["gaps_s"])
    slow = sum(gap > SLOW for gap in found["gaps_s"])
    note = f"{slow} of {gaps.count} probes over 50 ms, in {found['wall_s']:.0f} s"
    return [
        Figure("main-loop gap while analysing, p50", *in_ms(gaps.p50), None, "a probe every 10 ms"),
        Figure("main-loop gap while analysing, p99", *in_ms(gaps.p99), 50, note),
        Figure("main-loop gap while analysing, max", *in_ms(gaps.largest)),
    ]


def large_review(rows: int) -> list[Figure]:
    """Frames of the window over many tracks."""
    say(f"a review of {rows:,} tracks")
    found = ask([sys.executable, "-m", "tests.benchmarks.gui_scale", str(rows)])
    spreads = {name: Spread.of(times) for name, times in found.items() if isinstance(times, list)}
    targets = {
        "scroll": ("scroll frame", 12),
        "keystroke": ("filter keystroke", 50),
        "threshold": ("threshold move", 16),
        "threshold_of_all": ("threshold move, all tags at once", None),
        "accept_and_advance": ("accept and advance", 16),
        "bulk_accept": ("bulk accept of all tracks", 200),
        "bulk_undo": ("undo of that", 200),
    }
    figures = [
        Figure(f"{label}, p50", *in_ms(spreads[name].p50), limit, f"p95 {spreads[name].p95 / MILLISECOND:.0f} ms")
        for name, (label, limit) in targets.items()
    ]
    return [*figures, Figure("memory per listed and heard track", found["bytes_per_track"] / 1000, "kB", 3)]


def ask_earmark(task: str, folder: Path | None = None) -> Found:
    module = "tests.benchmarks.gui_window_probe"
    return ask([sys.executable, "-m", module, str(time.monotonic()), task, *([str(folder)] if folder else [])])


def ask_picard(python: str, folder: str, count: int) -> Found:
    return ask([python, str(PICARD_PROBE), str(time.monotonic()), folder, str(count)])


def ask(command: Sequence[str]) -> Found:
    """Run a probe in a home of its own; what it found."""
    with tempfile.TemporaryDirectory() as home:
        kinds = {f"XDG_{kind}_HOME": home for kind in ("CONFIG", "DATA", "CACHE", "STATE")}
        environment = os.environ | kinds | {"HOME": home, "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": home}
        answer = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=LONGEST, check=False)
    if answer.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{answer.stderr}")
    found: Found = json.loads(answer.stdout.splitlines()[-1])
    return found


def in_ms(seconds: float) -> tuple[float, str]:
    return seconds / MILLISECOND, "ms"


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
