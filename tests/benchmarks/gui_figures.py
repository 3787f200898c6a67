"""What the window's benchmark prints: figures beside their targets.

Contents: ``Figure``, ``table``, ``Spread``
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number; ``limit`` is its target, in the same unit."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    note: str = ""
    picard: float | None = None
    """What Picard took for the same, if it was measured."""

    @property
    def met(self) -> str:
        if self.limit is None:
            return ""
        return "ok" if self.value <= self.limit else "MISSED"


@dataclass(frozen=True, slots=True)
class Spread:
    """Many times of the same thing."""

    p50: float
    p95: float
    p99: float
    largest: float
    count: int

    @classmethod
    def of(cls, times: Sequence[float]) -> "Spread":
        ordered = sorted(times)

        def at(share: float) -> float:
            return ordered[min(int(share * len(ordered)), len(ordered) - 1)]

        return cls(statistics.median(ordered), at(0.95), at(0.99), ordered[-1], len(ordered))


def table(figures: Sequence[Figure]) -> str:
    """One line for each figure: value, target, how much of the target it takes, and Picard's where there is one."""
    header = ("figure", "measured", "target", "of target", "", "Picard", "ratio", "")
    lines = [header, *(_cells(figure) for figure in figures)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(header))]
    rows = [
        "  ".join(_aligned(cell, width, n) for n, (cell, width) in enumerate(zip(line, widths, strict=True)))
        for line in lines
    ]
    return "\n".join(row.rstrip() for row in rows)


def _cells(figure: Figure) -> tuple[str, ...]:
    limit, picard = figure.limit, figure.picard
    return (
        figure.name,
        f"{_number(figure.value)} {figure.unit}",
        "" if limit is None else f"<= {_number(limit)} {figure.unit}",
        "" if limit is None else f"{figure.value / limit:.2f}",
        figure.met,
        "" if picard is None else f"{_number(picard)} {figure.unit}",
        "" if picard is None else f"{figure.value / picard:.2f}",
        figure.note,
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _aligned(cell: str, width: int, place: int) -> str:
    return cell.ljust(width) if place in (0, 7) else cell.rjust(width)
