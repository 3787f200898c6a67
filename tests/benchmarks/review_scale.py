"""A review of 100,000 tracks: memory for each, and the time of everything that a person waits for.

    python -m tests.benchmarks.review_scale [TRACKS]

The tracks are made up: names as in a tidy library, scores of both shipped models around their thresholds, genres in two
files of three. Each time is the best of some runs, as processor time, which other programs disturb least; targets are
those of the window's design.
"""

import gc
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import psutil

from tagger_core.domain import FileStamp, Track, TrackName
from tagger_core.model_card import find_model, shipped_models
from tagger_core.review import Group, Heard, Review
from tagger_core.review_store import ReviewStore
from tagger_core.settings import Settings
from tagger_core.tag_fields import Field

RUNS = 5
HEARD_AT_ONCE = 100
GENRES = ("Rock", "Pop", "Jazz", "Polka", "Soundtrack")


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the result. ``target`` is what the design asks for, in the same unit, if it asks for anything."""

    name: str
    value: float
    unit: str
    target: float | None = None

    def line(self) -> str:
        told = f"   target {self.target:g} {self.unit}" if self.target is not None else ""
        return f"{self.name:<44} {self.value:>10,.2f} {self.unit}{told}"


def made_up_tracks(count: int) -> Iterator[Track]:
    for number in range(count):
        folder = Path(f"/home/somebody/Music/Artist {number // 120}/Album {number // 12}")
        yield Track(folder / f"{number % 12 + 1:02} The song {number}.mp3", FileStamp(5_000_000, number, number, 1))


def made_up_results(review: Review, count: int) -> Iterator[list[Heard]]:
    random = np.random.default_rng(1)
    chunk = []
    for number, track in enumerate(made_up_tracks(count)):
        scores = review.thresholds * random.lognormal(-0.9, 0.6, len(review.tags))
        genre = {Field.GENRE: (GENRES[number % len(GENRES)],)} if number % 3 else {}
        name = TrackName(f"The song {number}", f"Artist {number // 120}", f"Album {number // 12}")
        probabilities = np.clip(scores, 0, 1).astype(np.float32)
        chunk.append(Heard(track, number.to_bytes(32, "big"), probabilities, 200.0, name, genre))
        if len(chunk) == HEARD_AT_ONCE or number == count - 1:
            yield chunk
            chunk = []


def measured(tracks: int) -> Iterator[Figure]:
    settings = Settings()
    review = Review([find_model(name, [shipped_models()]).card for name in settings.models], settings)
    process = psutil.Process()
    before = _resident(process)
    start = time.thread_time()
    left = made_up_tracks(tracks)
    while chunk := list(islice(left, 1000)):
        review.add(chunk)
    yield Figure("listing, each 1,000 tracks", (time.thread_time() - start) * 1e6 / tracks, "ms")
    yield Figure("memory of a listed track", (_resident(process) - before) / tracks / 1000, "kB", 3)
    hearing = 0.0
    for results in made_up_results(review, tracks):
        start = time.thread_time()
        review.hear(results)
        hearing += time.thread_time() - start
    yield Figure(f"taking in {HEARD_AT_ONCE} results", hearing * 1000 / (tracks / HEARD_AT_ONCE), "ms")
    yield Figure("memory of an analysed track", (_resident(process) - before) / tracks / 1000, "kB", 3)
    yield from _thresholds(review)
    yield from _finding(review)
    yield from _decisions(review)
    yield from _remembering(review)


def _thresholds(review: Review) -> Iterator[Figure]:
    values = iter(np.linspace(0.2, 0.6, 100).tolist())
    for name, target in (("Rock", 16), ("Instrumental", 16), (None, None)):
        column = None if name is None else review.column(name)
        told = f"threshold of {name or 'all tags'}"
        yield Figure(told, _best(lambda c=column: review.set_threshold(c, next(values))), "ms", target)
    review.set_threshold(None, None)
    yield Figure("another profile", _best(review.set_profile, "strict", "balanced"), "ms")


def _finding(review: Review) -> Iterator[Figure]:
    rows = np.arange(len(review))
    yield Figure("filter keystroke", _best(lambda: review.find(None, None, "song 123")), "ms", 50)
    yield Figure("filter by group and tag", _best(lambda: review.find(Group.READY, review.column("Rock"), "")), "ms")
    first = time.thread_time()
    review.order(rows, "title", descending=False)
    yield Figure("first order by title", (time.thread_time() - first) * 1000, "ms")
    for by in ("title", "confidence", "tag:Rock"):
        yield Figure(f"order by {by}", _best(lambda by=by: review.order(rows, by, descending=True)), "ms")
    yield Figure("100 most similar tracks", _best(lambda: review.similar(5, 100)), "ms")
    yield Figure("chips of 25 rows", _best(lambda: [review.chips_of(row, 8) for row in range(25)]), "ms")
    yield Figure("tags of a row, for the inspector", _best(lambda: review.tags_of(7)), "ms")
    yield Figure(
        "all counts of the panels", _best(lambda: (review.counts(), review.ticked_counts(), review.pending())), "ms"
    )


def _decisions(review: Review) -> Iterator[Figure]:
    rows = np.arange(len(review))
    one = rows[:1]
    yield Figure("accept one track", _best(lambda: review.accept(one), after=review.undo), "ms", 16)
    yield Figure("undo that", _best(review.undo, before=lambda: review.accept(one)), "ms", 16)
    commands: dict[str, Callable[[], object]] = {
        "accept all that is ready": lambda: review.accept_ready(rows),
        "accept everything": lambda: review.accept(rows),
        "accept one tag on every track": lambda: review.accept_tag(rows, "Rock"),
        "reject everything": lambda: review.reject(rows),
    }
    for name, command in commands.items():
        yield Figure(name, _best(command, after=review.undo), "ms", 200)
        yield Figure("   undo it", _best(review.undo, before=command), "ms", 200)


def _remembering(review: Review) -> Iterator[Figure]:
    rows = np.arange(len(review))
    review.accept(rows)
    yield Figure("copying all decisions for the store", _best(lambda: review.records(rows)), "ms")
    with tempfile.TemporaryDirectory() as folder:
        store = ReviewStore(Path(folder, "review.sqlite3"))
        records = review.records(rows)
        start = time.thread_time()
        store.save(records)
        yield Figure("saving them, on another thread", (time.thread_time() - start) * 1000, "ms")
        yield Figure("saving one decision", _best(lambda: store.save(review.records(rows[:1]))), "ms")
        start = time.thread_time()
        store.load([review.path(row) for row in rows.tolist()])
        yield Figure("loading them all", (time.thread_time() - start) * 1000, "ms")
        store.close()


def _best(
    work: Callable[..., object],
    *arguments: object,
    before: Callable[[], object] | None = None,
    after: Callable[[], object] | None = None,
) -> float:
    """Milliseconds of the fastest of some runs, each with the next of the arguments, if there are any."""
    best = float("inf")
    for run in range(RUNS):
        if before:
            before()
        given = (arguments[run % len(arguments)],) if arguments else ()
        start = time.thread_time()
        work(*given)
        best = min(best, time.thread_time() - start)
        if after:
            after()
    return best * 1000


def _resident(process: psutil.Process) -> int:
    gc.collect()
    return int(process.memory_info().rss)


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    sys.stdout.write(f"{wanted:,} tracks\n")
    for figure in measured(wanted):
        sys.stdout.write(f"{figure.line()}\n")
        sys.stdout.flush()
