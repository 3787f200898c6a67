"""What is printed about a file: what became of it, what was heard, what changes.

Contents
--------
``Printer``, ``difference``, ``count``
"""

import os
import re
from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console

from tagger_core.batch import Row, Status
from tagger_core.cli.console import GatheredLines, Line, joined
from tagger_core.display_text import printable
from tagger_core.file_paths import shown_path

_STYLES = {Status.FAILED: "bold red", Status.SKIPPED: "yellow", Status.WRITTEN: "bold green"}


class Printer(GatheredLines):
    """The lines of one file. Paths are shown from the folder that was named."""

    def __init__(self, console: Console, roots: list[Path], options: Namespace) -> None:
        super().__init__(console)
        self._folders = [os.path.join(root, "") for root in roots]  # noqa: PTH118 - with its last separator
        self._quiet = "quiet" in options
        self._verbose = "verbose" in options or "debug" in options

    def print(self, row: Row) -> None:
        if not self._quiet or row.status is Status.FAILED:
            self.add(self._lines(row))

    def folder_problem(self, path: Path, reason: str) -> None:
        self.add([[(f"failed    {printable(path)}: {printable(reason)}", "bold red")]])

    def _lines(self, row: Row) -> Iterator[Line]:
        line = [(f"{row.status:<9} ", _STYLES.get(row.status, "bold")), (printable(self._short(row.path)), "bold")]
        if row.reason:
            line.append((f": {printable(row.reason)}", ""))
        yield line
        if self._quiet:
            return
        if row.hears:
            heard = [(f"  {hearing.tag} {_percent(hearing.probability)}", "") for hearing in row.hears]
            yield [("          hears", "dim"), *heard]
        for edit in row.edits:
            yield [(f"          {edit.field:<12} ", "dim"), *_pieces(difference(edit.old, edit.new), after=";")]
        if self._verbose:
            for warning in row.warnings:
                yield [("          note: ", "yellow"), *_pieces(printable(warning), "yellow")]

    def _short(self, path: Path) -> Path | str:
        whole = str(path)
        folder = next((folder for folder in self._folders if whole.startswith(folder)), None)
        return shown_path(whole[len(folder) :]) if folder else path


def _pieces(text: str, style: str = "", *, after: str = "") -> Line:
    """A text that may be broken at its spaces, or only at those after some character."""
    return [(piece, style) for piece in re.split(f"(?<={after})(?= )", text)]


def difference(old: Sequence[str], new: Sequence[str]) -> str:
    """What changes in a field: "metal  + Rock; Drums", or "metal  →  Rock" where not all of the old values stay."""
    if new[: len(old)] == old:
        kept = f"{joined(old)}  " if old else ""
        return f"{kept}+ {joined(new[len(old) :])}"
    return f"{joined(old)}  →  {joined(new)}"


def _percent(probability: float) -> str:
    return f"{probability:.2f}".lstrip("0") if probability < 0.995 else "1.0"


def count(number: int, thing: str) -> str:
    """ "1 track", "2,000 tracks"."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
