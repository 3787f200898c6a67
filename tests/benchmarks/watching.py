"""What ``--watch`` costs while nothing happens: looking through a folder, a turn in peace, and the memory of it all.

Run: ``python -m tests.benchmarks.watching [--sizes 1000,10000,100000] [--place FOLDER]``. Linux only.

The folders hold empty files, 20 in each of their subfolders: what is measured is the looking, not the listening. A
look through all is compared with the least that could tell of changes: ``os.walk`` and one ``os.stat`` for each file.
Processor time, in seconds of one core; memory is what the process holds (RSS) beyond what it held before. Then the
program itself watches ten clips, one at a time, with each choice of models: the memory (PSS) of all its processes at
its peak, and when it has nothing to do any more.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import psutil

from tagger_core.watching.watched_folder import Rhythm, WatchedFolder
from tests.benchmarks.made_library import bare_walk
from tests.benchmarks.memory import Peak
from tests.benchmarks.saying import say

CLIPS = Path(__file__).resolve().parents[1] / "data" / "music"
FILES_PER_FOLDER = 20
TURNS = 100
PATIENCE_SECONDS = 180


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--place", type=Path)
    options = parser.parse_args()
    say(f"{'files':>8}  first look  again   os.walk+stat  ratio   a turn in peace   memory")
    for size in map(int, options.sizes.split(",")):
        with tempfile.TemporaryDirectory(dir=options.place) as place:
            _looking(Path(place), size)
    for models in ("fast", "accurate"):
        with tempfile.TemporaryDirectory(dir=options.place) as place:
            _watching(Path(place), models)


def _looking(place: Path, size: int) -> None:
    for number in range(size):
        folder = place / f"{number // FILES_PER_FOLDER // 10:05}" / f"{number // FILES_PER_FOLDER:06}"
        if number % FILES_PER_FOLDER == 0:
            folder.mkdir(parents=True)
        (folder / f"{number % FILES_PER_FOLDER:02} A title of usual length.mp3").touch()
    now, before, later = 0.0, psutil.Process().memory_info().rss, time.time_ns() + int(2 * 3600e9)
    folder = WatchedFolder(
        place,
        recursive=True,
        follow_symlinks=False,
        tell=say,
        on_problem=lambda problem: say(str(problem)),
        clock=lambda: now,
    )
    with patch("time.time_ns", lambda: later):  # old files are complete at once
        first = _cost(folder.look)
    for track in folder.take():
        folder.dealt_with(track, written=False)
    memory = psutil.Process().memory_info().rss - before

    def turns() -> None:
        nonlocal now
        for _ in range(TURNS):
            now += 1
            folder.look()

    turn = _cost(turns) / TURNS
    now += Rhythm().rescan_seconds
    again = _cost(folder.look)
    floor = _cost(lambda: bare_walk(place))
    say(
        f"{size:8,}  {first:8.2f} s  {again:5.2f} s  {floor:10.2f} s  {again / floor:5.1f} x"
        f"  {turn * 1e3:12.2f} ms  {memory / 1e6:6.0f} MB"
    )


def _cost(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


def _watching(place: Path, models: str) -> None:
    music = place / "music"
    music.mkdir()
    for clip in CLIPS.glob("*.mp3"):
        (music / clip.name).write_bytes(clip.read_bytes())
    command = [sys.executable, "-m", "tagger_core", "--watch", str(music), "--model", models, "--jobs", "1"]
    places = {"XDG_DATA_HOME": str(place / "data"), "XDG_CONFIG_HOME": str(place / "config")}
    environment = {**os.environ, **places, "PYTHONUNBUFFERED": "1"}
    told = place / "told.txt"
    with told.open("w") as output, subprocess.Popen([*command, "--quiet"], env=environment, stdout=output) as running:
        peak, idle, deadline = Peak(), Peak(), time.monotonic() + PATIENCE_SECONDS
        while "planned" not in told.read_text() and running.poll() is None and time.monotonic() < deadline:
            peak.look(running.pid)
            time.sleep(0.05)
        time.sleep(2)
        idle.look(running.pid)
        running.terminate()
    if "planned" not in told.read_text():
        raise SystemExit(f"it did not get through ten clips: {told.read_text()}")
    memory = f"{peak.pss / 1e6:.0f} MB at the peak, {idle.pss / 1e6:.0f} MB afterwards (PSS)"
    say(f"watching ten clips, {models}, 1 job: {memory}")


if __name__ == "__main__":
    main()
