"""What a verified atomic write costs, against a plain mutagen save in place, on the same files, in one run.

A 10 MB mp3 and a 30 MB FLAC are made of noise, each with a title and no room to spare, so that both ways must move the
sound. The plain way is what one writes first: open with mutagen, set the genre and the mood, save. Rounds alternate,
each on fresh copies; medians count. Earmark's time holds the flush to the disk, the plain way's does not: the time of a
bare copy with a flush is printed beside, as what the disk itself asks for a second copy. The computing time (of all
threads) is printed too: on a machine that is not quiet it tells more than the time on the clock.

Run: ``python -m tests.benchmarks.write_cost [--rounds 15] [--place /dev/shm] [--profile]``.
"""

import argparse
import cProfile
import os
import pstats
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import mutagen
import numpy as np
import soundfile
from mutagen.flac import FLAC
from mutagen.id3 import ID3, TCON, TIT2, TMOO

from tagger_core.domain import FilePlan, FileStamp, TagEdit, Track
from tagger_core.settings import Settings
from tagger_core.tag_files import read_fields
from tagger_core.tagging import RunWriter

RATE = 44_100
VALUES = {"GENRE": ("Jazz", "Ambient"), "MOOD": ("Calm",)}


def make(path: Path, megabytes: int) -> Path:
    """A file of about that size, tagged with a title, without padding."""
    mp3 = path.suffix == ".mp3"
    seconds = megabytes * 1_000_000 // (40_000 if mp3 else 2 * RATE)
    noise = (0.3 * np.random.default_rng(1).uniform(-1, 1, seconds * RATE)).astype(np.float32)
    soundfile.write(path, noise, RATE, **({"compression_level": 0.0, "bitrate_mode": "CONSTANT"} if mp3 else {}))
    if mp3:
        tags = ID3()
        tags.add(TIT2(encoding=3, text="Title"))
        tags.save(path, padding=lambda info: 0)
    else:
        file = FLAC(path)
        file["title"] = "Title"
        file.save(padding=lambda info: 0)
    return path


def plain(path: Path) -> None:
    """Save in place with mutagen."""
    if path.suffix == ".mp3":
        tags = ID3(path)
        tags.setall("TCON", [TCON(encoding=3, text=list(VALUES["GENRE"]))])
        tags.setall("TMOO", [TMOO(encoding=3, text=list(VALUES["MOOD"]))])
        tags.save(path)
        return
    file = mutagen.File(path)
    for field, values in VALUES.items():
        file[field] = list(values)
    file.save()


def copied(path: Path) -> None:
    """What the disk asks for a second copy that is really on it."""
    with path.open("rb") as source, path.with_suffix(".copy").open("wb") as target:
        shutil.copyfileobj(source, target, 1 << 20)
        target.flush()
        os.fsync(target.fileno())


def verified(writer: RunWriter) -> Callable[[Path], None]:
    """Earmark's write: read, plan, copy, verify, journal, replace."""

    def write(path: Path) -> None:
        present = {str(field): found for field, found in read_fields(path).values.items()}
        edits = (TagEdit(field, present.get(field, ()), new) for field, new in VALUES.items())
        writer.write(FilePlan(Track(path, FileStamp.of(path.stat())), tuple(edits)))

    return write


def measure(source: Path, place: Path, rounds: int, *, profile: bool) -> str:
    profiler = cProfile.Profile()
    with RunWriter.open(place / "journal.sqlite3", [place], Settings()) as writer:
        ways = {"plain": plain, "copy + fsync": copied, "verified": verified(writer)}
        times: dict[str, list[float]] = {name: [] for name in ways}
        computing: dict[str, list[float]] = {name: [] for name in ways}
        for number in range(rounds):
            for name, way in ways.items():
                path = place / f"{number} {name}{source.suffix}"
                shutil.copyfile(source, path)
                os.sync()  # what earlier rounds left is nobody's cost
                if profile and name == "verified":
                    profiler.enable()
                start, start_of_computing = time.perf_counter(), time.process_time()
                way(path)
                times[name].append(1000 * (time.perf_counter() - start))
                computing[name].append(1000 * (time.process_time() - start_of_computing))
                profiler.disable()
                for left in place.glob(f"{number} {name}*"):
                    left.unlink()
    if profile:
        pstats.Stats(profiler, stream=sys.stdout).sort_stats("tottime").print_stats(15)
    medians = {name: statistics.median(found) for name, found in times.items()}
    more = medians["verified"] - medians["plain"]
    told = ", ".join(
        f"{name} {median:.1f} ms (min {min(times[name]):.1f}, computing {statistics.median(computing[name]):.1f})"
        for name, median in medians.items()
    )
    return (
        f"{source.suffix[1:]} of {source.stat().st_size / 1e6:.1f} MB: {told}; verified costs {more:+.1f} ms,"
        f" {medians['verified'] / medians['plain']:.1f} times the plain way"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--profile", action="store_true", help="show where the time of a verified write goes")
    parser.add_argument("--place", help="a folder on the disk to measure (default: that of temporary files)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.place) as folder:
        place = Path(folder)
        for name, megabytes in (("mp3", 10), ("flac", 30)):
            source = make(place / f"source.{name}", megabytes)
            sys.stdout.write(measure(source, place, options.rounds, profile=options.profile) + "\n")
            source.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
