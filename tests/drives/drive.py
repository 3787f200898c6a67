"""The main job on a library as a person has it: analysed, written, read back by other programs, killed, undone.

``make drive FOLDER=~/Music KILLS=50`` does it at full size, on a copy; the test suite does it with the shipped clips.
Files get tags of all the kinds that libraries hold: none, ID3v2.3, ID3v2.4, ID3v1, APEv2, covers, much or no padding.
"""

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import taglib
from mutagen import PaddingInfo
from mutagen.apev2 import APEv2
from mutagen.id3 import APIC, COMM, ID3, TCON, TIT2, TPE1, TXXX

KINDS = ("bare", "v24", "v23", "v24-cover", "v23-id3v1", "v24-apev2", "v23-padded", "v24-tight", "v24-all")


def prepare(sources: Iterable[Path], library: Path) -> list[Path]:
    """Copy mp3 files into ``library``, each with another kind of tag in front, behind or both."""
    copies = []
    for number, source in enumerate(sources):
        kind = KINDS[number % len(KINDS)]
        folder = library / f"{kind} album"
        folder.mkdir(parents=True, exist_ok=True)
        copy = folder / f"{number:04} {source.name}"
        shutil.copyfile(source, copy)
        dress(copy, kind, number)
        copies.append(copy)
    return copies


def dress(path: Path, kind: str, number: int) -> None:
    """Give one file the tags of its kind, instead of those it has."""
    ID3().delete(path)
    if kind.startswith("v2"):
        tags = ID3()
        tags.add(TIT2(encoding=3, text=f"Title {number} – ünïcödé 日本"))
        tags.add(TPE1(encoding=1, text=["An Artist"]))
        tags.add(TXXX(encoding=3, desc="replaygain_track_gain", text="-3.00 dB"))
        tags.add(COMM(encoding=3, lang="eng", desc="", text=["a comment"]))
        if number % 2:
            tags.add(TCON(encoding=3, text=["wild west"]))
        if "cover" in kind or "all" in kind:
            tags.add(APIC(encoding=0, mime="image/png", type=3, desc="", data=random.Random(number).randbytes(50_000)))
        tags.save(
            path, v2_version=int(kind[2]), v1=2 if "id3v1" in kind or "all" in kind else 0, padding=_padding(kind)
        )
    if "apev2" in kind or "all" in kind:
        ape = APEv2()
        ape["Catalog"] = "EAR-1"
        ape.save(path)


def _padding(kind: str) -> Any:
    sizes = {"v23-padded": 20_000, "v24-tight": 0}

    def choose(info: PaddingInfo) -> int:
        return int(sizes.get(kind, info.get_default_padding()))

    return choose


def snapshot(library: Path) -> dict[Path, str]:
    """SHA-256 of every file, hidden ones too: a left-over temporary would show."""
    return {
        path: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(library.rglob("*")) if path.is_file()
    }


@dataclass(frozen=True)
class Earmark:
    """The command as a person starts it, with folders of its own."""

    home: Path

    def command(self, *arguments: object) -> tuple[list[str], dict[str, str]]:
        environment = os.environ | {
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "XDG_DATA_HOME": str(self.home / "data"),
        }
        return [sys.executable, "-m", "tagger_core", *(str(argument) for argument in arguments)], environment

    def run(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        command, environment = self.command(*arguments)
        ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if ran.returncode not in (0, 1):
            raise AssertionError(f"earmark ended with {ran.returncode}: {ran.stdout}{ran.stderr}")
        return ran

    def start(self, *arguments: object) -> subprocess.Popen[str]:
        command, environment = self.command(*arguments)
        return subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True
        )

    def rows(self, report: Path) -> list[dict[str, Any]]:
        return [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]


def write_read_back_undo(earmark: Earmark, library: Path) -> Counter[str]:
    """Write, read with TagLib (and ffprobe, if installed), undo; any difference is an ``AssertionError``."""
    before = snapshot(library)
    dry, wet = earmark.home / "dry.jsonl", earmark.home / "wet.jsonl"
    earmark.run("--batch", library, "--report", dry)
    assert snapshot(library) == before, "a dry run changed a file"
    earmark.run("--batch", library, "--write", "--report", wet)
    planned = {row["path"]: row["edits"] for row in earmark.rows(dry) if row["status"] == "planned"}
    rows = earmark.rows(wet)
    written = {row["path"]: row["edits"] for row in rows if row["status"] == "written"}
    assert written == planned, "what was written is not what was planned"
    after = snapshot(library)
    changed = {str(path) for path in after if after[path] != before.get(path)}
    assert changed == set(written), "other files changed than those reported"
    for path, edits in written.items():
        read_back(Path(path), edits)
    assert Counter(row["status"] for row in rows)["failed"] == sum("not audio" in row["reason"] for row in rows)
    earmark.run("--undo")
    assert snapshot(library) == before, "undo did not give back every byte"
    return Counter(row["status"] for row in rows)


def read_back(path: Path, edits: Iterable[Mapping[str, Any]]) -> None:
    """TagLib, which Earmark does not use, must see exactly the planned values."""
    with taglib.File(path) as file:
        for edit in edits:
            seen = "; ".join(file.tags.get(edit["field"], []))
            assert seen == "; ".join(edit["new"]), f"{path}: TagLib reads {edit['field']} as {seen!r}"
    ffprobe = shutil.which("ffprobe")
    genre = next((edit["new"] for edit in edits if edit["field"] == "GENRE"), None)
    if ffprobe and genre:
        command = [ffprobe, "-v", "error", "-show_entries", "format_tags=genre", "-of", "json", str(path)]
        shown = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        assert genre[0] in shown["format"]["tags"]["genre"], f"{path}: ffprobe reads the genre as {shown}"


def kill_at_random(earmark: Earmark, library: Path, kills: int, seed: int = 1) -> int:
    """Kill ``--write`` at random moments; every file must stay old or new, and a last run must finish the job.

    Returns how many of the kills hit a process that was at work.
    """
    chance = random.Random(seed)
    old = snapshot(library)
    started = time.monotonic()
    earmark.run("--batch", library, "--write")
    whole = time.monotonic() - started
    new = snapshot(library)
    assert new != old
    earmark.run("--undo")
    hits = 0
    for _ in range(kills):
        process = earmark.start("--batch", library, "--write")
        time.sleep(chance.uniform(0, whole))
        hits += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait()
        undo_all_if_finished(earmark, library, old, new)
    earmark.run("--batch", library, "--write")
    assert snapshot(library) == new, "the next run did not finish the job, or left something behind"
    return hits


def undo_all_if_finished(earmark: Earmark, library: Path, old: dict[Path, str], new: dict[Path, str]) -> None:
    """Check every file; when all are written, start again from the old ones so that later kills hit work too."""
    now = snapshot(library)
    for path, digest in now.items():
        if path in old:
            assert digest in (old[path], new[path]), f"{path} is damaged"
        else:
            assert path.name.startswith(".earmark-"), f"{path} was left behind"
    if {path: now[path] for path in old} == new:
        while snapshot(library) != old:
            assert "restored" in earmark.run("--undo").stdout


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="mp3 files to copy and work on")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--limit", type=int, default=1000, help="use at most so many files")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        library, earmark = Path(place) / "library", Earmark(Path(place) / "home")
        earmark.home.mkdir()
        files = prepare(sorted(options.folder.rglob("*.mp3"))[: options.limit], library)
        sys.stdout.write(f"{len(files)} files, {sum(file.stat().st_size for file in files) / 1e6:.0f} MB\n")
        counts = write_read_back_undo(earmark, library)
        told = ", ".join(f"{number} {status}" for status, number in counts.items())
        sys.stdout.write(f"{told}; all read back by TagLib, all undone to identical SHA-256\n")
        if options.kills:
            hits = kill_at_random(earmark, library, options.kills)
            sys.stdout.write(f"{options.kills} kills ({hits} of a process at work): no file damaged, job finished\n")


if __name__ == "__main__":
    main()
