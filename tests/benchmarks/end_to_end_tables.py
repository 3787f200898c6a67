"""What ``end_to_end`` measures of one way, and how it is shown.

Contents: ``Way``, ``times_table``, ``stages_table``; ``UNIT_SECONDS`` of music are what times are told for.
"""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tagger_core.domain import Track
from tests.benchmarks.stages import Stages
from tests.benchmarks.ways import Heard, processor_seconds

UNIT_SECONDS = 240
"""A track."""

LEGEND = """
x decoding  time as a multiple of decoding alone
x Earmark   as a multiple of that of Earmark --effort full with the same models; above 1 is slower than Earmark
hears       how much of the music Earmark listened to
agrees      how far it suggests the same tags as with full effort (mean Jaccard index; make bench-effort tells more)
files       "Earmark's": the model files that come with Earmark, of which all that changes nothing was cut away.
            "as published": the same networks as tf2onnx, or TensorFlow, exports them from the published weights"""


@dataclass(frozen=True)
class Way:
    """One way, and how long it took in each round, in seconds."""

    name: str
    run: Callable[[Sequence[Track]], Any]
    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    """What came of it, where Earmark listened."""

    def measure(self, tracks: Sequence[Track]) -> None:
        before, start = processor_seconds(), time.perf_counter()
        result = self.run(tracks)
        self.wall.append(time.perf_counter() - start)
        self.processor.append(processor_seconds() - before)
        if isinstance(result, Heard):
            self.heard.append(result)

    @property
    def median(self) -> float:
        return statistics.median(self.wall)


def times_table(floor: Way, ways: Mapping[str, Sequence[Way]], per_unit: float) -> str:
    """Wall time with its ratio to the floor and to Earmark's, and processor time.

    ``ways``: those with the same models, under what these are called; the first of them is Earmark's with full effort.
    """
    header = f"ms for {UNIT_SECONDS} s of music"
    lines = [
        f"{header:<38}{'wall':>6} {'min':>6} {'max':>6} {'processor':>10} {'x decoding':>11} {'x Earmark':>10}"
        f" {'hears':>6} {'agrees':>7}",
        _times(floor, floor, None, per_unit),
    ]
    for models, some in ways.items():
        lines += ["", models, *(_times(way, floor, some[0], per_unit) for way in some)]
    return "\n".join(lines) + "\n" + LEGEND


def _times(way: Way, floor: Way, ours: Way | None, per_unit: float) -> str:
    middle, least, most = (per_unit * value for value in (way.median, min(way.wall), max(way.wall)))
    processor = per_unit * statistics.median(way.processor)
    name = f"  {way.name}" if ours else way.name
    line = f"{name:<38}{middle:6.0f} {least:6.0f} {most:6.0f} {processor:10.0f} {way.median / floor.median:11.2f}"
    if ours:
        line += f" {way.median / ours.median:10.2f}"
        if way.heard:
            heard, full = way.heard[-1], ours.heard[-1]
            line += f" {100 * heard.listened / heard.seconds:4.0f} % {heard.agreement(full):7.2f}"
    return line


def stages_table(stages: Stages, whole: float, floor: Way, per_unit: float) -> str:
    """``whole``: seconds of processor time of the main job, in which the steps run side by side."""
    decoding = statistics.median(floor.processor)
    rest = whole - sum(stages.values())
    rows = {
        **stages,
        "all else, and what runs slower side by side": rest,
        "whole": whole,
        "decoding alone, for comparison": decoding,
    }
    return "\n".join(
        f"  {name:<44}{per_unit * seconds:7.0f} {100 * seconds / whole:6.1f} %{seconds / decoding:7.2f} x decoding"
        for name, seconds in rows.items()
    )
