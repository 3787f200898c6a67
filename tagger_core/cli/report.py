"""Reports: one row for every file, as JSON lines or as a table for spreadsheets.

A JSONL row has ``path``, ``status`` (planned, written, unchanged, skipped, failed), ``reason``, ``warnings``,
``scores`` (merged tag -> probability), ``raw_scores`` (model -> label -> probability), ``suggestions``, ``edits``
(field, old, new), ``models``, ``device``, ``decoder``, ``effort`` (quick, balanced, full: what was done, which may be
more than what was asked for), ``share`` (of the track that was listened to), ``seconds``, ``cached``. A CSV row has the
same columns, with lists joined by "; " and scores as ``name=probability``.
"""

import csv
import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from tagger_core.batch import Row
from tagger_core.cli.options import UsageError
from tagger_core.errors import EarmarkError
from tagger_core.suggestions import suggested


def as_record(row: Row) -> dict[str, Any]:
    """The row as plain values, ready for JSON."""
    return {
        "path": str(row.path),
        "status": str(row.status),
        "reason": row.reason,
        "warnings": list(row.warnings),
        "scores": {tag.tag: _rounded(tag.probability) for tag in row.tags},
        "raw_scores": {
            analysis.model: {label: _rounded(score) for label, score in analysis.scores.items()}
            for analysis in row.analyses
        },
        "suggestions": [tag.tag for tag in suggested(row.tags)],
        "edits": [{"field": edit.field, "old": list(edit.old), "new": list(edit.new)} for edit in row.edits],
        "models": [analysis.model for analysis in row.analyses],
        "device": _common(analysis.device for analysis in row.analyses),
        "decoder": _common(analysis.decoder for analysis in row.analyses),
        "effort": _common(analysis.effort for analysis in row.analyses),
        "share": _rounded(min((analysis.share for analysis in row.analyses), default=0.0)),
        "seconds": round(row.seconds, 3),
        "cached": row.cached,
    }


def _rounded(probability: float) -> float:
    return round(probability, 6)


def _common(values: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(values))


class Report:
    """A report file that grows row by row, so that an interrupted run keeps its rows; a context manager."""

    def __init__(self, path: Path, *, append: bool = False) -> None:
        """``append`` to what is there. Raises ``EarmarkError`` where that cannot be done, ``UsageError`` where the name
        says no kind.
        """
        kinds: dict[str, Callable[[TextIO, str], Callable[[dict[str, Any]], None]]] = {
            ".jsonl": _json_lines,
            ".csv": _table,
        }
        if path.suffix.lower() not in kinds:
            raise UsageError(f"the report {path} must end in .jsonl or .csv")
        self._path = path
        try:
            # Names of files may hold bytes that are no text: in CSV they are escaped, in JSON json does it.
            first_line = _first_line(path) if append else ""
            self._file = path.open("a" if append else "w", encoding="utf-8", errors="backslashreplace", newline="")
            self._write = kinds[path.suffix.lower()](self._file, first_line)
        except OSError as error:
            raise self._unwritable(error) from error

    def add(self, row: Row) -> None:
        """Write one row. Raises ``EarmarkError`` where the disk does not take it, or the table has other columns."""
        try:
            self._write(as_record(row))
            self._file.flush()
        except OSError as error:
            raise self._unwritable(error) from error

    def __enter__(self) -> "Report":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._file.close()
        except OSError as problem:
            raise self._unwritable(problem) from problem

    def _unwritable(self, error: OSError) -> EarmarkError:
        return EarmarkError(f"the report {self._path} cannot be written: {error.strerror}; choose another place")


def _first_line(path: Path) -> str:
    """Of a report that is there already; "" if there is none, or an empty one. Raises ``OSError``."""
    try:
        with path.open(encoding="utf-8", errors="backslashreplace", newline="") as file:
            return file.readline()
    except FileNotFoundError:
        return ""


def _json_lines(file: TextIO, _: str) -> Callable[[dict[str, Any]], None]:
    def write(record: dict[str, Any]) -> None:
        line = json.dumps(record, ensure_ascii=False)
        if not line.isprintable():  # lone surrogates and control characters travel as \u escapes
            line = json.dumps(record)
        file.write(line + "\n")

    return write


def _table(file: TextIO, first_line: str) -> Callable[[dict[str, Any]], None]:
    writer = csv.writer(file)
    header: list[str] = next(csv.reader([first_line]), [])

    def write(record: dict[str, Any]) -> None:
        if not header:
            header.extend(record)
            writer.writerow(header)
        if header != list(record):
            raise EarmarkError(
                f"the report {file.name} has other columns than this version writes; choose another file"
            )
        writer.writerow([_neutral(_cell(name, record[name])) for name in header])

    return write


def _cell(name: str, value: Any) -> str:
    if name == "edits":
        return "; ".join(f"{edit['field']}: {' | '.join(edit['old'])} -> {' | '.join(edit['new'])}" for edit in value)
    if name == "scores":
        return "; ".join(f"{tag}={score}" for tag, score in value.items())
    if name == "raw_scores":
        return "; ".join(f"{model}/{tag}={score}" for model, scores in value.items() for tag, score in scores.items())
    if isinstance(value, list):
        return "; ".join(value)
    return str(value)


def _neutral(cell: str) -> str:
    """A spreadsheet must not take a file's name for a formula, nor a line break in it for a new row."""
    shown = re.sub(r"[\x00-\x1f\x7f-\x9f]", lambda found: found[0].encode("unicode_escape").decode(), cell)
    return f"'{shown}" if shown.startswith(("=", "+", "-", "@")) else shown
