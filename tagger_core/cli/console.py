"""How Earmark looks in a terminal and in a pipe.

Rows and lists go to standard output, progress and messages to standard error. Everything that comes from a
file (names, tags) passes ``printable`` first, so that it cannot move the cursor, ring the bell or turn the text
around. Colours, and their absence under ``NO_COLOR`` or in a pipe, are rich's business.
"""

import logging
import os
import sys
import threading
import time
from argparse import Namespace
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from tagger_core.display_text import printable
from tagger_core.errors import EarmarkError

Line = Sequence[tuple[str, str]]
"""Pieces of text, each with its style. One that begins with a space belongs to the line above it, and its first piece
says what it is about."""

_MOMENT = 0.1
"""Seconds that a line may wait for others, and a progress bar for news."""


def output() -> Console:
    """Standard output, one line for each line whatever the width when it is no terminal."""
    return Console(highlight=False, soft_wrap=True, emoji=False, markup=False)


def messages() -> Console:
    """Standard error."""
    return Console(stderr=True, highlight=False, soft_wrap=True, emoji=False, markup=False)


def set_up_logging(options: Namespace, console: Console) -> None:
    """Messages to the console as the options want them, and to the log file if there is one."""
    root = logging.getLogger("tagger_core")
    root.setLevel(logging.DEBUG)
    for handler in list(root.handlers):
        root.removeHandler(handler)
        handler.close()
    level = logging.INFO if "verbose" in options else logging.WARNING
    debug = "debug" in options
    root.addHandler(_ConsoleMessages(logging.DEBUG if debug else level, console, tracebacks=debug))
    if "log_file" in options:
        root.addHandler(_log_file(Path(options.log_file).expanduser()))


def _log_file(path: Path) -> logging.Handler:
    try:
        handler = logging.FileHandler(path, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise EarmarkError(f"the log file {path} cannot be written: {error.strerror}; choose another place") from error
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    return handler


class _ConsoleMessages(logging.Handler):
    """One line for each message, above the progress bar; with the traceback if that was asked for."""

    def __init__(self, level: int, console: Console, *, tracebacks: bool) -> None:
        super().__init__(level)
        self._console = console
        self._tracebacks = tracebacks

    def emit(self, record: logging.LogRecord) -> None:
        style = "yellow" if record.levelno >= logging.WARNING else "dim"
        self._console.print(Text(f"{record.levelname.lower()}: {printable(record.getMessage())}", style=style))
        if self._tracebacks and record.exc_info:
            self._console.print(Text(logging.Formatter().formatException(record.exc_info)))


@contextmanager
def native_chatter_hidden() -> Iterator[None]:
    """Let nothing that C libraries print reach the terminal.

    libmpg123, inside libsndfile, complains on standard error about every odd mp3 frame, without saying in
    which file, and right through the progress bar. What matters of it arrives as warnings of our own. So file
    descriptor 2 leads nowhere for a while, and Python's standard error goes on through a copy of it.
    """
    python_stderr = sys.stderr
    real = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        if _descriptor(python_stderr) == 2:
            sys.stderr = open(real, "w", buffering=1, errors="backslashreplace", closefd=False)  # noqa: SIM115
        yield
    finally:
        sys.stderr.flush()
        sys.stderr = python_stderr
        os.dup2(real, 2)
        os.close(real)
        os.close(nowhere)


def _descriptor(stream: TextIO) -> int | None:
    try:
        return stream.fileno()
    except (OSError, ValueError, AttributeError):  # replaced by something that is no file, or closed
        return None


class GatheredLines:
    """Lines on a console: each at once or, inside a ``with`` block on a terminal, those of a moment together.

    Each time that anything is printed over a progress bar, rich draws the bar anew, which takes longer than most lines
    are worth when there are 100,000 of them. Where nobody looks, in a pipe or a file, lines are plain text and rich is
    not asked at all.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._gathering = False
        self._waiting: list[Line] = []
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def add(self, lines: Iterable[Line]) -> None:
        """Print some lines, which stay together."""
        if not self._console.is_terminal:
            self._console.file.writelines("".join(text for text, _ in line) + "\n" for line in lines)
            self._console.file.flush()
            return
        with self._lock:
            self._waiting.extend(lines)
            if self._gathering and self._timer is None:
                self._timer = threading.Timer(_MOMENT, self._print)
                self._timer.daemon = True
                self._timer.start()
        if not self._gathering:
            self._print()

    def __enter__(self) -> "GatheredLines":
        self._gathering = self._console.is_terminal
        return self

    def __exit__(self, *_: object) -> None:
        self._gathering = False
        self._print()

    def _print(self) -> None:
        with self._lock:
            lines, self._waiting, self._timer = self._waiting, [], None
            if lines:
                fitted = (part for line in lines for part in fit(line, self._console.width))
                self._console.print(Text("\n").join(Text.assemble(*part) for part in fitted))


class _Speed(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.1f} tracks/s" if task.speed else "", style="progress.data.speed")


class TrackProgress:
    """n/N, tracks a second, time left and failures; nothing at all where there is no terminal."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress = progress
        self._total = total
        self._task = progress.add_task("", total=total, failures="")
        self._failures = self._advanced = 0
        self._told_at = 0.0

    def advance(self, *, failed: bool) -> None:
        """One more track is done; the bar hears of it within a moment, and at the end."""
        self._failures += failed
        self._advanced += 1
        now = time.monotonic()
        if now - self._told_at > _MOMENT or self._advanced == self._total:
            self._told_at = now
            told = f"{self._failures} failed" if self._failures else ""
            self._progress.update(self._task, completed=self._advanced, failures=told)


@contextmanager
def track_progress(console: Console, total: int) -> Iterator[TrackProgress]:
    """A progress bar under what is printed meanwhile."""
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        _Speed(),
        TimeRemainingColumn(),
        TextColumn("left"),
        TextColumn("[red]{task.fields[failures]}"),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield TrackProgress(progress, total)


def fit(line: Line, width: int) -> Iterator[Line]:
    """A line for a terminal of that many columns: details that are too long go on below where they began.

    It is broken between pieces only. A line that says what became of a file stays whole, for its path to be copied.
    """
    (label, style), *pieces = line
    if not label.startswith(" "):
        yield line
        return
    first = "".join(text for text, _ in pieces[:1])
    start = place = cell_len(label) + len(first) - len(first.lstrip(" "))
    part = [(label, style)]
    for text, text_style in pieces:
        if place > start and place + cell_len(text) > width:
            yield part
            text, place = text.lstrip(), start
            part = [(" " * start, "")]
        part.append((text, text_style))
        place = sum(cell_len(piece) for piece, _ in part)
    yield part


def columns(rows: Sequence[Sequence[str]], right: Collection[int] = ()) -> Iterator[str]:
    """Rows of as many texts each, as lines; every column is as wide as its widest text, the last one as it comes.

    ``right``: the columns that are flush right. Not cut to the width of the terminal, which may hide what counts.
    """
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    for *firsts, last in rows:
        cells = [
            " " * (width - cell_len(text)) + text if place in right else set_cell_size(text, width)
            for place, (text, width) in enumerate(zip(firsts, widths, strict=False))
        ]
        yield "  ".join([*cells, last]).rstrip()


def joined(values: Iterable[str]) -> str:
    """Values of a field in one line."""
    return "; ".join(printable(value) for value in values)
