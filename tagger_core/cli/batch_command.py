"""``earmark --batch``: the main job with its progress, its lines and its summary."""

import logging
import time
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.text import Text

from tagger_core.analysis import analyse_with
from tagger_core.batch import Batch, Row, Status
from tagger_core.cli import INTERRUPTED, OK, SOME_FAILED
from tagger_core.cli.console import (
    messages,
    native_chatter_hidden,
    output,
    set_up_logging,
    track_progress,
)
from tagger_core.cli.options import settings_changes
from tagger_core.cli.report import Report
from tagger_core.cli.stopping import Stop, stopped_by_signals
from tagger_core.cli.track_lines import Printer, count
from tagger_core.cli.words import check_words
from tagger_core.cluster.place import ClusterPlace
from tagger_core.crew import Crew, Gate
from tagger_core.domain import Effort
from tagger_core.errors import StoreError
from tagger_core.file_paths import typed_path
from tagger_core.library_scan import ScanProblem, TrackList
from tagger_core.power import paused_on_battery
from tagger_core.settings import Places, Settings, load_settings
from tagger_core.tagging import RunWriter
from tagger_core.workplace import open_crew, open_store

log = logging.getLogger(__name__)


def run_batch(options: Namespace) -> int:
    """Analyse what was named, and write if asked; returns the exit code."""
    places = Places.of_platform()
    settings = load_settings(places.settings_file).overridden(**settings_changes(options))
    out, err = output(), messages()
    bar = out if out.is_terminal else err
    set_up_logging(options, bar)
    roots = [typed_path(name) for name in options.batch]
    cluster = ClusterPlace.parse(options.cluster) if "cluster" in options else None
    stop = Stop()
    with ExitStack() as stack:
        may_go_on = stack.enter_context(paused_on_battery(log.warning)) if settings.pause_on_battery else None
        gate = Gate(stop.cancelled, may_go_on)
        report = stack.enter_context(Report(Path(options.report).expanduser())) if "report" in options else None
        crew = stack.enter_context(open_crew(settings, places, gate, niceness=settings.nice or 0, cluster=cluster))
        check_words(settings, crew.cards)
        store = stack.enter_context(open_store(places.analyses))
        writer = stack.enter_context(RunWriter.open(places.journal, roots, settings)) if "write" in options else None
        batch = Batch(crew.cards, settings, store, writer)
        summary = Summary(crew)
        printer = Printer(out, roots, options)
        tracks = _scanned(roots, settings, summary, printer)
        stack.enter_context(native_chatter_hidden())
        stack.enter_context(_summary_of_what_was_done(out, summary, tracks, writer))
        with stopped_by_signals(stop), track_progress(bar, len(tracks)) as progress, printer:
            undecided = tracks if report else batch.undecided(tracks)  # a report has every score
            for row in batch.rows(analyse_with(crew, undecided, store, gate)):
                summary.add(row)
                printer.print(row)
                if report:
                    report.add(row)
                progress.advance(failed=row.status is Status.FAILED)
        for line in summary.lines(len(tracks), writer, interrupted=stop.cancelled.is_set()):
            out.print(Text(line))
    if stop.cancelled.is_set():
        return INTERRUPTED
    return SOME_FAILED if summary.counts[Status.FAILED] else OK


@dataclass
class Summary:
    """Counts of a run, and the sentences at its end."""

    crew: Crew
    counts: Counter[Status] = field(default_factory=Counter)
    tags: int = 0
    known: int = 0
    music: float = 0.0
    heard: float = 0.0
    """Seconds of the tracks that were listened to now, and how much of them was."""
    start: float = field(default_factory=time.monotonic)

    def add(self, row: Row) -> None:
        self.counts[row.status] += 1
        self.known += row.cached
        for analysis in row.analyses[:1] if not row.cached else ():
            self.music += analysis.duration
            self.heard += analysis.share * analysis.duration
        self.tags += row.new_tags

    def lines(self, total: int, writer: RunWriter | None, *, interrupted: bool) -> Iterator[str]:
        done = self.counts.total()
        if not done and not interrupted:
            yield "No music was found there."
            return
        seconds = time.monotonic() - self.start
        counts = ", ".join(f"{self.counts[status]} {status}" for status in Status if self.counts[status])
        yield ""
        yield f"{count(done, 'track')}{f': {counts}' if counts else ''}" + (
            f" ({self.known} known)" if self.known else ""
        )
        models = ", ".join(card.name for card in self.crew.cards)
        devices = f" on {', '.join(self.crew.devices)}" if self.crew.devices else ""
        speed = done / seconds
        yield f"{seconds:.1f} s, {speed:,.{0 if speed >= 100 else 1}f} tracks/s with {models}{devices}, {self.crew}"
        if self.crew.effort is not Effort.FULL and self.music:
            yield f"Listened to {self.heard / self.music:.0%} of the sound (effort {self.crew.effort})."
        if interrupted:
            yield f"Interrupted: {total - done} tracks are left; the same command goes on where it stopped."
        yield from self._what_was_written(writer)

    def _what_was_written(self, writer: RunWriter | None) -> Iterator[str]:
        if self.counts[Status.WRITTEN] and writer is not None:
            files = count(self.counts[Status.WRITTEN], "file")
            yield f"Wrote {count(self.tags, 'tag')} into {files}. Take it back with: earmark --undo {writer.run}"
        elif self.counts[Status.PLANNED]:
            files = count(self.counts[Status.PLANNED], "file")
            yield f"Nothing was written. --write would put {count(self.tags, 'tag')} into {files}."


@contextmanager
def _summary_of_what_was_done(
    out: Console, summary: Summary, tracks: TrackList, writer: RunWriter | None
) -> Iterator[None]:
    """The journal stops a run that it cannot record any more; what was written before is told all the same."""
    try:
        yield
    except StoreError:
        for line in summary.lines(len(tracks), writer, interrupted=True):
            out.print(Text(line))
        raise


def _scanned(roots: list[Path], settings: Settings, summary: Summary, printer: Printer) -> TrackList:
    """All tracks, so that progress knows their number; what cannot be looked into is told and counted."""

    def tell(problem: ScanProblem) -> None:
        printer.folder_problem(problem.path, problem.reason)
        summary.counts[Status.FAILED] += 1

    return TrackList.found_in(
        roots, recursive=settings.recursive, follow_symlinks=settings.follow_symlinks, on_problem=tell
    )
