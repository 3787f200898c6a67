"""``evaluate``: how good models are, in figures, charts and examples, on clips that they were not trained on.

With ``--data`` or ``--annotations`` one source on a data set; with ``--labels`` any models, side by side, on a person's
own labelled music.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tagger_core.errors import SettingsError
from training.dataset import PARTS, SPLITS, Dataset, disk_errors

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    from training.metrics import Decisions, Floats
    from training.predictions import Predictions

FIXED_THRESHOLD = 0.5


def add_parser(commands: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("evaluate", help="measure a run, models or a table of predictions")
    parser.add_argument(
        "source",
        nargs="+",
        metavar="SOURCE",
        help="folder of a run or model, or a file of predictions; with --labels models: fast, accurate, a name or a "
        "folder, A+B for models that listen together",
    )
    parser.add_argument(
        "--labels", type=Path, metavar="CSV", help="your own labelled music: path, and tags or a 0/1 column for each"
    )
    parser.add_argument("--data", type=Path, metavar="DATASET", help="data set to measure a run or model on")
    parser.add_argument("--split", choices=SPLITS, help="which split (default: that of the run, else artist)")
    parser.add_argument("--part", choices=PARTS, default="test", help="which part of it (default: test)")
    parser.add_argument("--annotations", type=Path, metavar="CSV", help="for a file: annotations_final.csv")
    parser.add_argument("--clips", type=Path, metavar="CSV", help="for a file: clip_info_final.csv")
    parser.add_argument("--output", type=Path, metavar="FOLDER", help="write tables, charts and examples there")
    parser.add_argument(
        "--resamples", type=int, default=200, metavar="N", help="bootstrap samples for the intervals; 0: none (200)"
    )


def run(options: argparse.Namespace) -> int:
    if options.labels:
        from training.own_labels import judge_labelled

        return judge_labelled(options.source, options.labels, options.output, options.resamples)
    predictions = _predictions(options)
    summary = summarise(predictions, options.resamples)
    for line in summary_lines(summary):
        print(line)
    if options.output:
        write_report(options.output, predictions, summary)
        print(f"written: {options.output}")
    return 0


def summarise(predictions: "Predictions", resamples: int) -> dict[str, object]:
    """The macro figures, ready for JSON."""
    import numpy as np

    from training.metrics import decisions, intervals, ranking

    ranked = ranking(predictions.scores, predictions.truth)
    fixed = np.full(len(predictions.labels), FIXED_THRESHOLD)
    summary: dict[str, object] = {
        "clips": len(predictions.clip_ids),
        "artists": len(set(predictions.artists.tolist())),
        "labels": len(predictions.labels),
        "ROC-AUC": ranked.macro_roc_auc,
        "PR-AUC": ranked.macro_pr_auc,
        "at 0.5": _macro(decisions(predictions.scores, predictions.truth, fixed)),
        "at fitted thresholds": _macro(decisions(predictions.scores, predictions.truth, predictions.thresholds)),
        "thresholds": predictions.thresholds_source,
    }
    if resamples > 0:
        arguments = (predictions.scores, predictions.truth, predictions.artists, resamples)
        summary["95 % intervals over artists"] = intervals(*arguments)
    return summary


def summary_lines(summary: dict[str, object]) -> Iterator[str]:
    for name, value in summary.items():
        if isinstance(value, dict):
            parts = (f"{key} {_shown(figure)}" for key, figure in value.items())
            yield f"{name}: {', '.join(parts)}"
        else:
            yield f"{name}: {_shown(value)}"


def write_report(folder: Path, predictions: "Predictions", summary: dict[str, object]) -> None:
    """``summary.json``, ``labels.tsv``, ``accuracy.png``, ``recall.png``, ``examples.md``. Raises ``DatasetError``."""
    from training.charts import per_label_chart
    from training.examples import examples_table
    from training.metrics import decisions, ranking

    ranked = ranking(predictions.scores, predictions.truth)
    decided = decisions(predictions.scores, predictions.truth, predictions.thresholds)
    columns = {
        "clips": predictions.truth.sum(axis=0).astype(float),
        "roc_auc": ranked.roc_auc,
        "pr_auc": ranked.pr_auc,
        "accuracy": decided.accuracy,
        "recall": decided.recall,
        "precision": decided.precision,
        "f1": decided.f1,
    }
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "summary.json").write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
        (folder / "labels.tsv").write_text(_table(predictions.labels, columns), encoding="utf-8")
        (folder / "examples.md").write_text(examples_table(predictions), encoding="utf-8")
        for name in ("accuracy", "recall"):
            per_label_chart(folder / f"{name}.png", predictions.labels, columns[name], name)


def _predictions(options: argparse.Namespace) -> "Predictions":
    from training.predictions import of_file, of_folder

    if len(options.source) > 1:
        raise SettingsError("several models are measured side by side with --labels CSV")
    source = Path(options.source[0])
    if source.is_dir():
        if not options.data:
            raise SettingsError(f"say with --data DATASET, or --labels CSV, what {source} is to be measured on")
        return of_folder(source, Dataset.open(options.data), options.split, options.part)
    if not (options.annotations and options.clips):
        raise SettingsError(f"the file {source} needs --annotations and --clips, MagnaTagATune's two tables")
    return of_file(source, options.annotations, options.clips)


def _macro(decided: "Decisions") -> dict[str, float]:
    return {
        "accuracy": float(decided.accuracy.mean()),
        "recall": float(decided.recall.mean()),
        "precision": float(decided.precision.mean()),
        "F1": float(decided.f1.mean()),
    }


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return " to ".join(_shown(part) for part in value)
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def _table(labels: tuple[str, ...], columns: "dict[str, Floats]") -> str:
    lines = ["\t".join(("label", *columns))]
    for index, label in enumerate(labels):
        lines.append("\t".join((label, *(f"{column[index]:.4g}" for column in columns.values()))))
    return "\n".join(lines) + "\n"
