"""The memory of the whole program, with two workers: for tracks of three hours, and for libraries of any size.

Run: ``python -m tests.benchmarks.memory [--sizes 1000,100000] [--hours 3] [--place FOLDER]``. Linux only.

The window's processes are not measured here (``make bench-gui`` does that), but all of the command line's: the program
itself and a process beside each worker that decodes. Every tenth of a second their memory is added up in three ways,
and the largest sums count:

PSS   a page that several processes share is divided among them: what the program really takes
RSS   such a page is counted for each of them, and so are the system's own libraries: what ``top`` shows
USS   such a page is not counted: what would be free if the program ended

The long tracks are two loops of real music, coded as 128 kbit/s mp3. The libraries are those of ``scale``: in the first
run every file is read and recognised by its sound, the second one finds them unchanged.
"""

import argparse
import contextlib
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, fields
from pathlib import Path

import av
import psutil

from tests.benchmarks.saying import say
from tests.benchmarks.scale import Home, prepared

CLIPS = Path(__file__).resolve().parents[1] / "data" / "music"
TARGET_MB = 500
INTERVAL = 0.1


@dataclass(slots=True)
class Peak:
    """The largest sums over all processes of a family, in bytes."""

    pss: int = 0
    rss: int = 0
    uss: int = 0

    def look(self, pid: int) -> None:
        """At a process and all that it has started."""
        found, family = Peak(), []
        with contextlib.suppress(psutil.Error):
            family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
        for member in family:
            with contextlib.suppress(psutil.Error):  # it ended between two looks
                memory = member.memory_full_info()
                found = Peak(found.pss + memory.pss, found.rss + memory.rss, found.uss + memory.uss)
        for kind in fields(Peak):
            setattr(self, kind.name, max(getattr(self, kind.name), getattr(found, kind.name)))

    def line(self) -> str:
        told = "  ".join(f"{kind.name.upper()} {getattr(self, kind.name) / 1e6:6,.0f} MB" for kind in fields(Peak))
        return f"{told}   {'within' if self.pss < TARGET_MB * 1e6 else 'ABOVE'} {TARGET_MB} MB"


def watched(process: "subprocess.Popen[bytes]") -> Peak:
    """The peak of a process and all that it starts, until it ends. Raises ``SystemExit`` if it fails."""
    peak = Peak()
    while process.poll() is None:
        peak.look(process.pid)
        time.sleep(INTERVAL)
    if process.returncode:
        raise SystemExit(f"{process.args} ended with code {process.returncode}")
    return peak


def long_track(path: Path, clip: Path, hours: float) -> None:
    """A clip again and again, without coding it anew; without the frame that tells decoders how long it is."""
    with av.open(str(clip)) as source, av.open(str(path), "w", format="mp3", options={"write_xing": "0"}) as target:
        coded = source.streams.audio[0]
        stream = target.add_stream_from_template(coded)
        packets = [(bytes(packet), packet.duration) for packet in source.demux(coded) if packet.size]
        time_of_next, end = 0, hours * 3600 / coded.time_base
        while time_of_next < end:
            for content, duration in packets:
                packet = av.Packet(content)
                packet.stream, packet.time_base = stream, coded.time_base
                packet.pts = packet.dts = time_of_next
                packet.duration = duration
                target.mux(packet)
                time_of_next += duration


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="1000,100000", help="tracks of each library, separated by commas")
    parser.add_argument("--hours", type=float, default=3, help="length of the two long tracks")
    parser.add_argument("--place", help="a folder for the made files (default: that of temporary files)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.place) as folder:
        home = Home(Path(folder, "long"))
        home.music.mkdir(parents=True)
        for clip in sorted(CLIPS.glob("*.mp3"))[:2]:
            long_track(home.music / clip.name, clip, options.hours)
        for model in ("fast", "accurate"):
            peak = watched(home.start("--batch", home.music, "--model", model, "--jobs", 2))
            say(f"two tracks of {options.hours:g} h at a time, {model:<12}{peak.line()}")
        for size in map(int, options.sizes.split(",")):
            home = prepared(Path(folder, str(size)), size)
            for run in ("first", "second"):
                peak = watched(home.start("--batch", home.music, "--jobs", 2, "--quiet"))
                say(f"{size:>9,} tracks, {run + ' run':<24}{peak.line()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
