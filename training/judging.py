"""Several listeners judged on the same music with known tags: one table, side by side.

Conventions
-----------
``truth`` has shape (tracks, tags), booleans; probabilities (tracks, tags) and thresholds (tags,) are NaN where a
listener does not know a tag. Means are over the tags that every listener knows. Intervals are 95 % percentile bootstrap
intervals; what is drawn are the groups (artists, folders), since tracks of one are alike, and the same draws for all,
so that the interval of a difference is that of the difference.

Contents
--------
``Heard``           what one listener said
``Judgement``       of one listener: figures by tag and their means
``judged``          the judgements
``table_lines``, ``tags_table``   for a person, for a spreadsheet
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.metrics import (
    LOWER,
    UPPER,
    Booleans,
    Decisions,
    Floats,
    Names,
    Ranking,
    decisions,
    ranking,
    resampled,
)

Interval = tuple[float, float]
_WIDTH = 28
"""Of the figures of one listener: ROC-AUC, PR-AUC, precision and recall."""
_LONGEST_TITLE = "  below the first"


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """``thresholds`` by profile."""

    name: str
    probabilities: Floats
    thresholds: Mapping[str, Floats]


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """``shared`` are the places of the tags that all listeners know, over which means are taken. Of an ``interval`` and
    of ``behind`` (how far the macro ROC-AUC is below the first listener's) there is none without resamples.
    """

    name: str
    ranking: Ranking
    decided: Mapping[str, Decisions]
    shared: npt.NDArray[np.intp]
    interval: Interval | None = None
    behind: Interval | None = None

    def mean(self, values: Floats) -> float:
        finite = values[self.shared]
        return float(np.nanmean(finite)) if np.isfinite(finite).any() else float("nan")

    @property
    def macro_roc_auc(self) -> float:
        return self.mean(self.ranking.roc_auc)


def judged(truth: Booleans, groups: Names, heard: Sequence[Heard], resamples: int = 0) -> list[Judgement]:
    """One for each listener."""
    known = np.array([np.isfinite(one.probabilities).all(axis=0) for one in heard])
    shared = np.flatnonzero(known.all(axis=0))
    macros = _resampled_macros(truth[:, shared], groups, [one.probabilities[:, shared] for one in heard], resamples)
    found = []
    for row, one in enumerate(heard):
        columns = np.flatnonzero(known[row])
        ranked = ranking(one.probabilities[:, columns], truth[:, columns])
        decided = {
            profile: decisions(one.probabilities[:, columns], truth[:, columns], thresholds[columns])
            for profile, thresholds in one.thresholds.items()
        }
        size = truth.shape[1]
        found.append(
            Judgement(
                name=one.name,
                ranking=Ranking(*(_spread(values, columns, size) for values in (ranked.roc_auc, ranked.pr_auc))),
                decided={profile: _spread_decisions(each, columns, size) for profile, each in decided.items()},
                shared=shared,
                interval=_interval(macros[:, row]),
                behind=_interval(macros[:, 0] - macros[:, row]) if row else None,
            )
        )
    return found


def table_lines(tags: Sequence[str], truth: Booleans, judgements: Sequence[Judgement]) -> Iterator[str]:
    """For the terminal; decisions are those of the balanced profile, below the means of all three."""
    first = max(len(_LONGEST_TITLE), *(len(tag) for tag in tags))
    yield _line("", "", [judgement.name for judgement in judgements], first)
    yield _line("tag", "tracks", ["ROC-AUC PR-AUC prec. recall"] * len(judgements), first)
    for place, tag in enumerate(tags):
        cells = []
        for each in judgements:
            decided = each.decided["balanced"]
            figures = (each.ranking.roc_auc, each.ranking.pr_auc, decided.precision, decided.recall)
            cells.append(_figures([float(column[place]) for column in figures]))
        yield _line(tag, str(int(truth[:, place].sum())), cells, first)
    if len(judgements[0].shared):
        yield from _mean_lines(first, judgements)
    else:
        yield "no tag is known to all, so there are no means to compare"


def tags_table(tags: Sequence[str], truth: Booleans, judgements: Sequence[Judgement]) -> str:
    """Tab-separated, a row for each tag; a cell is empty where a listener does not know the tag."""
    names = ("roc_auc", "pr_auc", "precision", "recall", "f1")
    lines = ["\t".join(("tag", "tracks", *(f"{each.name} {name}" for each in judgements for name in names)))]
    for place, tag in enumerate(tags):
        cells = [tag, str(int(truth[:, place].sum()))]
        for each in judgements:
            decided = each.decided["balanced"]
            columns = (each.ranking.roc_auc, each.ranking.pr_auc, decided.precision, decided.recall, decided.f1)
            cells += [f"{column[place]:.4g}" if np.isfinite(column[place]) else "" for column in columns]
        lines.append("\t".join(cells))
    return "\n".join(lines) + "\n"


def summary_of(tags: Sequence[str], judgements: Sequence[Judgement]) -> dict[str, object]:
    """The means, ready for JSON."""
    return {
        each.name: {
            "tags": [tags[place] for place in each.shared],
            "ROC-AUC": each.macro_roc_auc,
            "PR-AUC": each.mean(each.ranking.pr_auc),
            "95 % interval of ROC-AUC": each.interval,
            "95 % interval of ROC-AUC of the first minus this": each.behind,
            **{
                profile: {name: each.mean(getattr(decided, name)) for name in ("precision", "recall", "f1")}
                for profile, decided in each.decided.items()
            },
        }
        for each in judgements
    }


def _mean_lines(first: int, judgements: Sequence[Judgement]) -> Iterator[str]:
    means = [f"{each.macro_roc_auc:7.4f} {each.mean(each.ranking.pr_auc):6.4f}" for each in judgements]
    yield _line(f"mean of {len(judgements[0].shared)}", "", means, first)
    if judgements[0].interval:
        yield _line("  95 % interval", "", [_shown(each.interval) for each in judgements], first)
        yield _line(_LONGEST_TITLE, "", [_shown(each.behind) for each in judgements], first)
    for profile in judgements[0].decided:
        decided = [each.decided[profile] for each in judgements]
        cells = [
            f"{'':14}{each.mean(made.precision):6.3f} {each.mean(made.recall):6.3f}"
            for each, made in zip(judgements, decided, strict=True)
        ]
        yield _line(f"  {profile}", "", cells, first)


def _line(title: str, count: str, cells: Sequence[str], first: int) -> str:
    return f"{title:<{first}} {count:>6}   {'   '.join(f'{cell[:_WIDTH]:<{_WIDTH}}' for cell in cells)}".rstrip()


def _figures(values: Sequence[float]) -> str:
    """ROC-AUC, PR-AUC, precision, recall; a dash where the listener does not know the tag."""
    if not np.isfinite(values[0]):
        return "      -"
    return "{:7.3f} {:6.3f} {:6.3f} {:6.3f}".format(*values)


def _shown(interval: Interval | None) -> str:
    return f"{interval[0]:7.3f} to {interval[1]:.3f}" if interval else ""


def _resampled_macros(truth: Booleans, groups: Names, scores: Sequence[Floats], resamples: int) -> Floats:
    """Macro ROC-AUC, shape (resamples, listeners); none where no tag is shared."""
    if not truth.shape[1]:
        return np.empty((0, len(scores)))
    draws = resampled(groups, resamples)
    rows = [[ranking(each, truth, weights).macro_roc_auc for each in scores] for weights in draws]
    return np.array(rows).reshape(-1, len(scores))


def _interval(values: Floats) -> Interval | None:
    finite = values[np.isfinite(values)]
    if not len(finite):
        return None
    low, high = np.percentile(finite, (LOWER, UPPER))
    return float(low), float(high)


def _spread(values: Floats, columns: npt.NDArray[np.intp], size: int) -> Floats:
    spread = np.full(size, np.nan)
    spread[columns] = values
    return spread


def _spread_decisions(decided: Decisions, columns: npt.NDArray[np.intp], size: int) -> Decisions:
    parts = (decided.accuracy, decided.recall, decided.precision, decided.f1)
    return Decisions(*(_spread(values, columns, size) for values in parts))
