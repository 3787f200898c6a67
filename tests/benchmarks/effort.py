"""What ``--effort quick`` and ``balanced`` cost, and how much of what ``full`` suggests they find.

Real files: each track is listened to with every effort, one after the other, in one thread that decodes by itself, so
that the processor's time is all of the time that it takes. Agreement is the mean Jaccard index of the suggested sets of
tags with those of ``full`` (1 where both are empty), at the default settings; and the mean absolute difference of the
tags' probabilities.

With patch scores of whole tracks (``--scores FILE``, an archive of NumPy with ``offsets`` and, for each published
network, scores of all patches of all tracks), the rules are tried on many more tracks, without sound, against plain
ways to choose places: cost is then the share of all patches that are heard.

Run: ``make bench-effort [FOLDER=...]`` or ``python -m tests.benchmarks.effort [FOLDER] [--scores FILE]``. Without a
folder the shipped clips are repeated to tracks of two minutes, which says something about cost, but not about music.
"""

import argparse
import itertools
import statistics
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tagger_core import sampling
from tagger_core.classifier import Classifier
from tagger_core.domain import Effort, Track
from tagger_core.errors import EarmarkError
from tagger_core.library_scan import scan
from tagger_core.model_card import ModelCard, ModelFolder, shipped_models
from tagger_core.sampling import Sampling, spread_order
from tagger_core.settings import MODEL_CHOICES, Settings
from tagger_core.suggestions import Suggester
from tagger_core.track_inference import Listening, listen
from tagger_core.vocabulary import Vocabulary
from tests.benchmarks.end_to_end import music
from tests.benchmarks.ways import jaccard

EFFORTS = (Effort.FULL, Effort.BALANCED, Effort.QUICK)
LONG_SECONDS = 180.0

NETWORKS = {"magnatagatune": "MTT_musicnn", "million-song": "MSD_musicnn"}
"""Model -> its name in a file of patch scores."""

Floats = npt.NDArray[np.float32]


def main() -> int:
    parser = argparse.ArgumentParser(description="Cost and agreement of --effort.")
    parser.add_argument("folder", nargs="?", type=Path, help="music to measure with")
    parser.add_argument("--tracks", type=int, default=60, help="at most so many, evenly from the folder (default 60)")
    parser.add_argument("--models", choices=[*MODEL_CHOICES], help="only this choice of models")
    parser.add_argument("--scores", type=Path, help="patch scores of whole tracks, to try the rules on")
    options = parser.parse_args()
    if options.scores:
        try_rules(options.scores)
    if options.folder or not options.scores:
        with music(options.folder) as folder:
            found = [track for track in scan([folder]) if isinstance(track, Track)]
            tracks = found[:: max(1, len(found) // options.tracks)][: options.tracks]
            for choice in [options.models] if options.models else MODEL_CHOICES:
                measure(choice, tracks)
    return 0


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class Judge:
    """From scores of some models to suggested tags, at the default settings."""

    def __init__(self, cards: Sequence[ModelCard]) -> None:
        self._names = [card.label_names for card in cards]
        self._suggester = Suggester(cards, Settings(), Vocabulary(cards))

    def probabilities(self, scores: Sequence[Floats]) -> Floats:
        """Of each tag; ``scores`` are those of the labels, shapes (labels,)."""
        named = [dict(zip(names, row.tolist(), strict=True)) for names, row in zip(self._names, scores, strict=True)]
        return self._suggester.probabilities(named)

    def suggested(self, probabilities: Floats) -> frozenset[str]:
        tags = self._suggester.judge(probabilities)
        return frozenset(tag.tag for tag in tags if tag.state == "suggested")


# real files


@dataclass
class Tally:
    """What one effort came to."""

    music: float = 0.0
    heard: float = 0.0
    wall: float = 0.0
    cpu: float = 0.0
    in_places: int = 0
    agreement: list[float] = field(default_factory=list)
    difference: list[float] = field(default_factory=list)


def measure(choice: str, tracks: Sequence[Track]) -> None:
    classifiers = [Classifier(ModelFolder.load(shipped_models() / name), "cpu") for name in MODEL_CHOICES[choice]]
    judge = Judge([classifier.card for classifier in classifiers])
    tallies: dict[tuple[bool, Effort], Tally] = defaultdict(Tally)
    failed = 0
    for track in tracks:
        try:
            costs = {effort: timed(track, classifiers, effort) for effort in EFFORTS}
        except EarmarkError:
            failed += 1
            continue
        add(tallies, costs, judge)
    left_out = f", {failed} that do not decode left out" if failed else ""
    tell(f"\n{choice}: {len(tracks) - failed} tracks{left_out}")
    for is_long, words in ((None, "all"), (False, f"shorter than {LONG_SECONDS:.0f} s"), (True, "the others")):
        show(words, {effort: merged(tallies, is_long, effort) for effort in EFFORTS})


def timed(track: Track, classifiers: Sequence[Classifier], effort: Effort) -> tuple[Listening, float, float]:
    """With the seconds that it took on the clock and on the processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    listening = listen(track, classifiers, threading.Event(), effort=effort)
    return listening, time.perf_counter() - wall, time.process_time() - cpu


def add(
    tallies: dict[tuple[bool, Effort], Tally], costs: dict[Effort, tuple[Listening, float, float]], judge: Judge
) -> None:
    probabilities = {}
    for effort, (listening, wall, cpu) in costs.items():
        analyses = [analysis for _, analysis, _ in listening.heard]
        scores = [np.array([*analysis.scores.values()], np.float32) for analysis in analyses]
        probabilities[effort] = judge.probabilities(scores)
        full = probabilities[Effort.FULL]
        duration = costs[Effort.FULL][0].heard[0][1].duration
        tally = tallies[duration >= LONG_SECONDS, effort]
        tally.music += duration
        tally.heard += analyses[0].share * duration
        tally.in_places += analyses[0].effort is not Effort.FULL
        tally.wall += wall
        tally.cpu += cpu
        tally.agreement.append(jaccard(judge.suggested(probabilities[effort]), judge.suggested(full)))
        tally.difference.append(float(np.abs(probabilities[effort] - full).mean()))


def merged(tallies: dict[tuple[bool, Effort], Tally], is_long: bool | None, effort: Effort) -> Tally:
    chosen = [tally for (long, one), tally in tallies.items() if one is effort and is_long in (None, long)]
    total = Tally()
    for tally in chosen:
        for name in ("music", "heard", "wall", "cpu", "in_places"):
            setattr(total, name, getattr(total, name) + getattr(tally, name))
        total.agreement += tally.agreement
        total.difference += tally.difference
    return total


def show(words: str, tallies: dict[Effort, Tally]) -> None:
    full = tallies[Effort.FULL]
    if not full.agreement:
        return
    tell(f"  {words}: {len(full.agreement)} tracks, {full.music / 60:.0f} min")
    tell("    effort     heard   CPU time        of full  clock of full  in places  Jaccard  same tags  difference")
    for effort, tally in tallies.items():
        same = sum(agreement == 1.0 for agreement in tally.agreement) / len(tally.agreement)
        tell(
            f"    {effort:9}  {tally.heard / tally.music:5.2f}  {1000 * tally.cpu / tally.music * 240:6.0f} ms/240 s"
            f"  {tally.cpu / full.cpu:7.2f}  {tally.wall / full.wall:13.2f}  {tally.in_places:9}"
            f"  {statistics.fmean(tally.agreement):7.3f}  {same:9.2f}  {statistics.fmean(tally.difference):10.4f}"
        )


# patch scores

Choose = Callable[[Sequence[Floats]], list[int]]
"""Patch scores of one track, shapes (patches, labels) -> the places that are heard."""


def try_rules(path: Path) -> None:
    cards = [ModelFolder.load(shipped_models() / name).card for name in NETWORKS]
    with np.load(path) as archive:
        scores = [archive[NETWORKS[card.name]].astype(np.float32) for card in cards]
        edges = archive["offsets"]
    tracks = [[rows[begin:end] for rows in scores] for begin, end in itertools.pairwise(edges)]
    judge = Judge(cards)
    full = [judge.suggested(judge.probabilities([rows.mean(axis=0) for rows in track])) for track in tracks]
    counts = np.array([len(track[0]) for track in tracks])
    is_long = counts * cards[0].features.patch_seconds >= LONG_SECONDS
    tell(f"{len(tracks)} tracks, {is_long.sum()} of them long ({LONG_SECONDS:.0f} s or more), {' and '.join(NETWORKS)}")
    tell("  places                 all heard  Jaccard    long heard  Jaccard")
    for name, choose in rules(cards):
        heard, agreement = np.zeros(len(tracks)), np.zeros(len(tracks))
        for number, (track, expected) in enumerate(zip(tracks, full, strict=True)):
            places = choose(track)
            heard[number] = len(places)
            found = judge.suggested(judge.probabilities([rows[places].mean(axis=0) for rows in track]))
            agreement[number] = jaccard(found, expected)
        figures = (
            f"{heard[chosen].sum() / counts[chosen].sum():10.2f}  {agreement[chosen].mean():7.3f}"
            for chosen in (counts > 0, is_long)
        )
        tell(f"  {name:20}  {'    '.join(figures)}")


def rules(cards: Sequence[ModelCard]) -> Iterator[tuple[str, Choose]]:
    for share in (0.125, 0.25, 0.33, 0.5):
        yield f"an even share of {share}", lambda track, share=share: even(len(track[0]), share)
    for count in (8, 12, 16, 24):
        yield f"{count} places", lambda track, count=count: spread_order(len(track[0]))[:count]
    for price in (0.1, 0.075, 0.05, 0.03, 0.02, 0.01):
        effort = next((effort for effort, own in sampling.PRICES.items() if own == price), "")
        yield f"price {price} {effort}", lambda track, price=price: settled(track, cards, price)


def even(count: int, share: float) -> list[int]:
    chosen = max(1, round(share * count))
    return [int((number + 0.5) * count / chosen) for number in range(chosen)]


def settled(track: Sequence[Floats], cards: Sequence[ModelCard], price: float) -> list[int]:
    """As ``track_inference`` does, but for the sound."""
    count = len(track[0])
    spec = cards[0].features
    if not sampling.worth_sampling(count * spec.patch_seconds, spec):
        return list(range(count))
    one = Sampling(cards, count, price)
    while places := one.next_places():
        one.hear([rows[places] for rows in track])
    return one.heard


if __name__ == "__main__":
    sys.exit(main())
