"""``earmark --batch``: the main job with its progress, its lines and its summary."""

import logging
import os
import signal
import threading
import time
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.text import Text

from tagger_core.analysis import analyse
from tagger_core.batch import Batch, Row, Status
from tagger_core.classifier import Classifier
from tagger_core.cli import INTERRUPTED, OK, SOME_FAILED
from tagger_core.cli.console import (
    joined,
    messages,
    native_chatter_hidden,
    output,
    set_up_logging,
    track_progress,
)
from tagger_core.cli.options import settings_changes
from tagger_core.cli.report import Report
from tagger_core.cli.words import check_words
from tagger_core.display_text import printable
from tagger_core.domain import Track
from tagger_core.errors import StoreError
from tagger_core.file_paths import typed_path
from tagger_core.library_scan import scan
from tagger_core.settings import Places, Settings, load_settings
from tagger_core.suggestions import suggested
from tagger_core.tagging import RunWriter
from tagger_core.workplace import open_classifiers, open_store

log = logging.getLogger(__name__)


def run_batch(options: Namespace) -> int:
    """Analyse what was named, and write if asked; returns the exit code."""
    places = Places.of_platform()
    settings = load_settings(places.settings_file).overridden(**settings_changes(options))
    out, err = output(), messages()
    bar = out if out.is_terminal else err
    set_up_logging(options, bar)
    roots = [typed_path(name) for name in options.batch]
    with ExitStack() as stack:
        report = stack.enter_context(Report(Path(options.report).expanduser())) if "report" in options else None
        classifiers = open_classifiers(settings, places)
        check_words(settings, [classifier.card for classifier in classifiers])
        store = stack.enter_context(open_store(places.analyses))
        writer = stack.enter_context(RunWriter.open(places.journal, roots, settings)) if "write" in options else None
        batch = Batch([classifier.card for classifier in classifiers], settings, store, writer)
        summary = Summary(settings, classifiers)
        printer = Printer(out, roots, options)
        tracks = _scanned(roots, settings, summary, printer)
        stack.enter_context(native_chatter_hidden())
        stack.enter_context(_summary_of_what_was_done(out, summary, tracks, writer))
        with _cancelled_by_ctrl_c() as cancelled, track_progress(bar, len(tracks)) as progress:
            results = analyse(tracks, classifiers, store, workers=settings.workers, cancelled=cancelled)
            for row in batch.rows(results):
                summary.add(row)
                printer.print(row)
                if report:
                    report.add(row)
                progress.advance(failed=row.status is Status.FAILED)
        for line in summary.lines(len(tracks), writer, interrupted=cancelled.is_set()):
            out.print(Text(line))
    if cancelled.is_set():
        return INTERRUPTED
    return SOME_FAILED if summary.counts[Status.FAILED] else OK


@dataclass
class Summary:
    """Counts of a run, and the sentences at its end."""

    settings: Settings
    classifiers: list[Classifier]
    counts: Counter[Status] = field(default_factory=Counter)
    tags: int = 0
    known: int = 0
    start: float = field(default_factory=time.monotonic)

    def add(self, row: Row) -> None:
        self.counts[row.status] += 1
        self.known += row.cached
        if row.status in (Status.PLANNED, Status.WRITTEN):
            self.tags += sum(len(set(edit.new) - set(edit.old)) for edit in row.edits)

    def lines(self, total: int, writer: RunWriter | None, *, interrupted: bool) -> Iterator[str]:
        done = self.counts.total()
        if not done and not interrupted:
            yield "No music was found there."
            return
        seconds = time.monotonic() - self.start
        counts = ", ".join(f"{self.counts[status]} {status}" for status in Status if self.counts[status])
        yield ""
        yield f"{_count(done, 'track')}{f': {counts}' if counts else ''}" + (
            f" ({self.known} known)" if self.known else ""
        )
        models = ", ".join(classifier.card.name for classifier in self.classifiers)
        devices = ", ".join(dict.fromkeys(classifier.device for classifier in self.classifiers))
        jobs = _count(self.settings.workers, "job")
        yield f"{seconds:.1f} s, {done / seconds:.1f} tracks/s with {models} on {devices}, {jobs}"
        if interrupted:
            yield f"Interrupted: {total - done} tracks are left; the same command goes on where it stopped."
        yield from self._what_was_written(writer)

    def _what_was_written(self, writer: RunWriter | None) -> Iterator[str]:
        if self.counts[Status.WRITTEN] and writer is not None:
            files = _count(self.counts[Status.WRITTEN], "file")
            yield f"Wrote {_count(self.tags, 'tag')} into {files}. Take it back with: earmark --undo {writer.run}"
        elif self.counts[Status.PLANNED]:
            files = _count(self.counts[Status.PLANNED], "file")
            yield f"Nothing was written. --write would put {_count(self.tags, 'tag')} into {files}."


class Printer:
    """The lines of one file. Paths are shown from the folder that was named."""

    def __init__(self, console: Console, roots: list[Path], options: Namespace) -> None:
        self._console = console
        self._roots = roots
        self._quiet = "quiet" in options
        self._verbose = "verbose" in options or "debug" in options

    def print(self, row: Row) -> None:
        if self._quiet and row.status is not Status.FAILED:
            return
        style = {Status.FAILED: "bold red", Status.SKIPPED: "yellow", Status.WRITTEN: "bold green"}.get(
            row.status, "bold"
        )
        line = Text(f"{row.status:<9} ", style=style).append(printable(self._short(row.path)), style="bold")
        if row.reason:
            line.append(f": {printable(row.reason)}", style="default")
        self._console.print(line)
        if self._quiet:
            return
        tags = suggested(row.tags)
        if tags:
            self._console.print(
                Text("          hears  ", "dim").append("  ".join(f"{t.tag} {_percent(t.probability)}" for t in tags))
            )
        for edit in row.edits:
            self._console.print(Text(f"          {edit.field:<12} ", "dim").append(_difference(edit.old, edit.new)))
        if self._verbose:
            for warning in row.warnings:
                self._console.print(Text(f"          note: {printable(warning)}", "yellow"))

    def folder_problem(self, path: Path, reason: str) -> None:
        self._console.print(Text(f"failed    {printable(path)}: {printable(reason)}", style="bold red"))

    def _short(self, path: Path) -> Path:
        root = next((root for root in self._roots if path.is_relative_to(root)), None)
        return path.relative_to(root) if root and path != root else path


def _difference(old: tuple[str, ...], new: tuple[str, ...]) -> str:
    if new[: len(old)] == old:
        kept = f"{joined(old)}  " if old else ""
        return f"{kept}+ {joined(new[len(old) :])}"
    return f"{joined(old)}  →  {joined(new)}"


def _percent(probability: float) -> str:
    return f"{probability:.2f}".lstrip("0") if probability < 0.995 else "1.0"


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


@contextmanager
def _summary_of_what_was_done(
    out: Console, summary: Summary, tracks: list[Track], writer: RunWriter | None
) -> Iterator[None]:
    """The journal stops a run that it cannot record any more; what was written before is told all the same."""
    try:
        yield
    except StoreError:
        for line in summary.lines(len(tracks), writer, interrupted=True):
            out.print(Text(line))
        raise


def _scanned(roots: list[Path], settings: Settings, summary: Summary, printer: Printer) -> list[Track]:
    """All tracks, so that progress knows their number; what cannot be looked into is told and counted."""
    tracks = []
    for found in scan(roots, recursive=settings.recursive, follow_symlinks=settings.follow_symlinks):
        if isinstance(found, Track):
            tracks.append(found)
        else:
            printer.folder_problem(found.path, found.reason)
            summary.counts[Status.FAILED] += 1
    return tracks


@contextmanager
def _cancelled_by_ctrl_c() -> Iterator[threading.Event]:
    """Ctrl-C (and a polite kill) sets the event: what is being written is finished, then the run ends.

    A second Ctrl-C leaves at once; the journal makes even that safe.
    """
    cancelled = threading.Event()

    def stop(*_: object) -> None:
        if cancelled.is_set():
            os._exit(INTERRUPTED)
        cancelled.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield cancelled
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
