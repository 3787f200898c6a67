"""``corpus``: fetch, render and change free music for ``distill``; ``models/earmark-fast`` learned the first two parts.

    FOLDER/music/       Debian packages, one folder each
    FOLDER/rendered/    scores and tracker modules out of them, and scores with other instruments
    FOLDER/scores/      scores of music21's corpus with instruments as written and others, one folder a composer
    FOLDER/augmented/   excerpts of all of it as worse recordings

They go to ``distill --music`` and ``--copies``. Folders of the same name are one group. Every part can be interrupted
or limited by ``--minutes``; the same command again goes on.
"""

import argparse
import json
import random
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from tagger_core.errors import EarmarkError

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    from training.corpora.scores import Work

Item = TypeVar("Item")

SOURCES = ("music", "rendered", "scores")
PARTS = (*SOURCES, "augmented")
ARRANGEMENTS = 3
"""Copies of each score with other instruments."""
WORKS_OF_A_COMPOSER = 24
"""At most, so that none drowns the others: of 6,400 works, most are dance tunes or by Palestrina."""


def add_parser(commands: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("corpus", help="fetch and render free music for distill")
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--parts", nargs="+", choices=PARTS, help="default: all, in this order")
    parser.add_argument("--minutes", type=float, default=0.0, help="stop after so long (0: never)")
    parser.add_argument("--copies", type=int, default=1, help="augmented excerpts of each track (%(default)s)")
    parser.add_argument("--seed", type=int, default=1)


class Job(NamedTuple):
    """A piece of work that makes ``target``; ``work`` may return what to say."""

    target: Path
    work: Callable[[], str]


def run(options: argparse.Namespace) -> int:
    end = time.monotonic() + 60 * options.minutes if options.minutes else float("inf")
    done = failed = 0
    for part in options.parts or _possible_parts():
        for job in _JOBS[part](options.folder, options):
            if time.monotonic() > end:
                print("the minutes are over; the same command again goes on")
                return 0
            if job.target.exists():
                continue
            try:
                told = job.work()
                done += 1
            except EarmarkError as error:
                told, failed = str(error), failed + 1
            print(f"{part}: {told or job.target.name}", flush=True)
    print(f"{done} made, {failed} failed")
    return 1 if failed else 0


def _possible_parts() -> list[str]:
    """All, if what ``scores`` needs and nothing else does is installed; who asks for that part is refused instead."""
    from training.corpora.scores import version

    if version():
        return list(PARTS)
    print("scores: left out, because music21 is missing: pip install 'earmark[corpus]'", flush=True)
    return [part for part in PARTS if part != "scores"]


def _fetching(folder: Path, _options: argparse.Namespace) -> Iterator[Job]:
    from training.corpora.debian import Package, fetch, packages

    seen = folder / "files.json"

    def work(package: Package) -> str:
        known = set(json.loads(seen.read_text())) if seen.exists() else set()
        kept = fetch(package, folder / "music", known)
        seen.write_text(json.dumps(sorted(known)))
        return f"{package.name} {package.version}: {kept} files"

    for package in packages():
        yield Job(folder / "music" / package.name, lambda package=package: work(package))  # type: ignore[misc]


def _rendering(folder: Path, options: argparse.Namespace) -> Iterator[Job]:
    from training.corpora.debian import MIDI, MODULES
    from training.corpora.rendered import play, render_module

    def work(source: Path, target: Path, number: int) -> str:
        if source.suffix.lower() in MODULES:
            render_module(source, target)
        else:
            play(source, target, _seed(options.seed, f"{source.name}/{number}") if number else None)
        return target.name

    sources = sorted(path for path in (folder / "music").rglob("*") if path.suffix.lower() in MIDI | MODULES)
    jobs = [
        (source, number)
        for source in sources
        for number in range(1 + ARRANGEMENTS if source.suffix.lower() in MIDI else 1)
    ]
    for source, number in _shuffled(jobs, options.seed):
        place = source.relative_to(folder / "music")
        target = folder / "rendered" / place.parts[0] / f"{place.stem}.{number}.flac"
        yield Job(target, lambda s=source, t=target, n=number: work(s, t, n))  # type: ignore[misc]


def _scoring(folder: Path, options: argparse.Namespace) -> Iterator[Job]:
    from training.corpora.rendered import play
    from training.corpora.scores import version, works, write_midi

    def work(score: "Work", targets: list[Path]) -> str:
        with tempfile.TemporaryDirectory() as place:
            midi = Path(place) / f"{score.name}.mid"
            as_written = write_midi(score, midi)
            for number, target in enumerate(targets):
                seed = _seed(options.seed, f"{score.composer}/{target.name}") if number or not as_written else None
                if not target.exists():
                    play(midi, target, seed)
        return f"{score.composer}/{score.name}"

    composers = works()
    chosen = [
        score
        for all_of_one in composers.values()
        for score in sorted(all_of_one, key=lambda score: _seed(options.seed, score.name))[:WORKS_OF_A_COMPOSER]
    ]
    print(f"scores: {len(chosen)} works of {len(composers)} composers in music21 {version()}", flush=True)
    for score in _shuffled(chosen, options.seed):
        place = folder / "scores" / score.composer
        targets = [place / f"{score.name}.{number}.flac" for number in range(1 + ARRANGEMENTS)]
        yield Job(targets[-1], lambda s=score, t=targets: work(s, t))  # type: ignore[misc]


def _augmenting(folder: Path, options: argparse.Namespace) -> Iterator[Job]:
    from tagger_core.domain import Track
    from tagger_core.library_scan import scan
    from training.corpora.augment import write_copy

    roots = [folder / part for part in SOURCES if (folder / part).is_dir()]
    tracks = sorted(
        (found.path.relative_to(root.resolve()), found.path)
        for root in roots
        for found in scan([root])
        if isinstance(found, Track)
    )

    def work(place: Path, path: Path, target: Path, number: int) -> str:
        seed = _seed(options.seed, f"{place}/{number}")
        # The other track is of the same group, so that no group hears what belongs to another part of a split.
        mates = [other for name, other in tracks if name.parts[0] == place.parts[0]]
        write_copy(path, random.Random(seed).choice(mates), target, seed)
        return target.name

    for number in range(options.copies):
        for place, path in _shuffled(tracks, options.seed):
            target = folder / "augmented" / place.parts[0] / f"{place.stem}.copy{number}.flac"
            yield Job(target, lambda p=place, s=path, t=target, n=number: work(p, s, t, n))  # type: ignore[misc]


def _shuffled(items: Sequence[Item], seed: int) -> list[Item]:
    """In a random order, so that a limit of minutes leaves no kind of music out."""
    order = list(items)
    random.Random(seed).shuffle(order)
    return order


def _seed(seed: int, name: str) -> int:
    return zlib.crc32(f"{seed}/{name}".encode())


_JOBS = {"music": _fetching, "rendered": _rendering, "scores": _scoring, "augmented": _augmenting}
