"""``earmark --watch``: what --batch does, and then the same for whatever arrives, until it is stopped.

What is complete at the same time is dealt with together, as one run of the journal, and other Earmarks may write
between two of them. Of files that were known before, only what was written or could not be is told: a service that is
started every day shall not tell its whole library every day.
"""

import logging
import signal
import time
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from threading import Event

from rich.console import Console
from rich.text import Text

from tagger_core.analysis import analyse
from tagger_core.analysis_store import AnalysisStore
from tagger_core.batch import Batch, Row, Status
from tagger_core.classifier import Classifier
from tagger_core.cli import INTERRUPTED, OK
from tagger_core.cli.console import messages, native_chatter_hidden, output, set_up_logging, track_progress
from tagger_core.cli.options import settings_changes
from tagger_core.cli.report import Report
from tagger_core.cli.stopping import Stop, stopped_by_signals
from tagger_core.cli.track_lines import Printer, count
from tagger_core.cli.words import check_words
from tagger_core.display_text import printable
from tagger_core.domain import Track
from tagger_core.errors import StoreError
from tagger_core.file_paths import typed_path
from tagger_core.power import paused_on_battery
from tagger_core.settings import Places, Settings, load_settings
from tagger_core.tagging import RunWriter
from tagger_core.watching.watched_folder import NETWORK_SETTLE_SECONDS, Rhythm, WatchedFolder
from tagger_core.workplace import open_classifiers, open_store

NICENESS = 10
"""Unless a person says otherwise: another program gets about nine times as much of a core that both want."""

TURN_SECONDS = 1.0
"""How long to sleep while there is nothing to do; also how long Ctrl-C may take then."""

RETRY_SECONDS = 60.0
"""So long after the journal could not be used (another Earmark writes, a full disk) it is tried again."""

_PATIENCE = (
    f"A new file has its turn {Rhythm().settle_seconds:.0f} s after its last change"
    f" ({NETWORK_SETTLE_SECONDS:.0f} s on a network share)"
)
"""Said at the start: whoever tries it out shall not wonder why nothing happens."""

Arrived = tuple[WatchedFolder, Track]

log = logging.getLogger(__name__)


def run_watch(options: Namespace) -> int:
    """Watch what was named until a signal comes; returns the exit code."""
    places = Places.of_platform()
    settings = load_settings(places.settings_file).overridden(**settings_changes(options))
    out, err = output(), messages()
    bar = out if out.is_terminal else err
    set_up_logging(options, bar)
    roots = _outermost([typed_path(name) for name in options.watch], settings)
    with ExitStack() as stack:
        stop = stack.enter_context(stopped_by_signals())
        report = None
        if "report" in options:
            report = stack.enter_context(Report(Path(options.report).expanduser(), append=True))
        classifiers = open_classifiers(settings, places)
        check_words(settings, [classifier.card for classifier in classifiers])
        store = stack.enter_context(open_store(places.analyses))
        say = _Voice(out)
        printer = Printer(out, [*roots, *(root.resolve() for root in roots)], options)
        folders = [_watched(root, settings, say, printer) for root in roots]
        pauses = settings.pause_on_battery is not False
        may_go_on = stack.enter_context(paused_on_battery(say) if pauses else nullcontext(_always()))
        stack.enter_context(native_chatter_hidden())
        journal = places.journal if "write" in options else None
        desk = Desk(settings, classifiers, store, journal, roots, report, printer, bar, say, may_go_on, stop)
        say(f"Watching {', '.join(map(str, roots))}. {_PATIENCE}. Ctrl-C ends it.")
        watch(folders, desk, verbose="verbose" in options or "debug" in options)
        say(desk.farewell())
    return OK if stop.signal == signal.SIGTERM else INTERRUPTED


def watch(folders: Sequence[WatchedFolder], desk: "Desk", *, verbose: bool) -> None:
    """Deal with what arrives, until a stop is asked for."""
    while desk.stop.signal is None:
        for folder in folders:
            folder.look()
        arrived = [(folder, track) for folder in folders for track in folder.take()] if desk.is_ready() else []
        if arrived:
            desk.deal_with(arrived, verbose=verbose)
        else:
            time.sleep(TURN_SECONDS)


@dataclass
class _Voice:
    """Sentences about the watching itself, with the time: nobody may have looked for days."""

    console: Console

    def __call__(self, sentence: str) -> None:
        now = datetime.now().astimezone()
        self.console.print(Text(f"{now:%Y-%m-%d %H:%M}  {printable(sentence)}", style="dim"))


@dataclass
class Desk:
    """Where what has arrived is dealt with: all that stays open while a folder is watched."""

    settings: Settings
    classifiers: Sequence[Classifier]
    store: AnalysisStore | None
    journal: Path | None
    """Where writes are recorded; ``None`` in a dry run."""
    roots: Sequence[Path]
    report: Report | None
    printer: Printer
    bar: Console
    say: "_Voice"
    may_go_on: Event
    stop: Stop
    total: Counter[str] = field(default_factory=Counter)
    start: datetime = field(default_factory=lambda: datetime.now().astimezone())
    _retry_at: float = 0.0
    _told: str = ""
    """What was last said of a journal that cannot be used; not said again every minute."""

    def is_ready(self) -> bool:
        """Neither paused, nor waiting for the journal."""
        return self.may_go_on.is_set() and time.monotonic() >= self._retry_at

    def deal_with(self, arrived: Sequence[Arrived], *, verbose: bool) -> None:
        """Analyse, plan and, if asked, write; what cannot be done now is put back."""
        self.stop.begin_again()
        counts: Counter[str] = Counter()
        tags = done = 0
        run = None
        try:
            with ExitStack() as stack:
                writer = None
                if self.journal:
                    writer = stack.enter_context(RunWriter.open(self.journal, self.roots, self.settings))
                progress = stack.enter_context(track_progress(self.bar, len(arrived)))
                stack.enter_context(self.printer)
                for row, (folder, track) in zip(self._rows(arrived, writer), arrived, strict=False):
                    folder.dealt_with(track, written=row.status is Status.WRITTEN)
                    done += 1
                    is_news = _is_news(row)
                    counts[row.status if is_news else "known"] += 1
                    if is_news:
                        tags += row.new_tags
                        if self.report:
                            self.report.add(row)
                    if is_news or verbose:
                        self.printer.print(row)
                    progress.advance(failed=row.status is Status.FAILED)
                    run = writer.run if writer else None
            self._told = ""
        except StoreError as error:
            self._wait_for_journal(error)
        for folder, track in arrived[done:]:
            folder.put_back([track])
        if done:
            self.say(_summary(counts, tags, run))
            self.total += counts

    def _rows(self, arrived: Sequence[Arrived], writer: RunWriter | None) -> Iterator[Row]:
        """One row for each track, in their order; fewer if a stop or a pause comes.

        A pause ends the run early rather than letting it hold the journal, which others may need, for hours.
        """
        batch = Batch([classifier.card for classifier in self.classifiers], self.settings, self.store, writer)
        tracks = takewhile(lambda _: self.may_go_on.is_set(), (track for _, track in arrived))
        results = analyse(
            batch.undecided(tracks),
            self.classifiers,
            self.store,
            workers=self.settings.workers,
            cancelled=self.stop.cancelled,
            effort=self.settings.effort,
            niceness=NICENESS if self.settings.nice is None else self.settings.nice,
        )
        return batch.rows(results)

    def _wait_for_journal(self, error: StoreError) -> None:
        self._retry_at = time.monotonic() + RETRY_SECONDS
        if str(error) != self._told:
            self._told = str(error)
            self.say(f"Waiting: {error}.")

    def farewell(self) -> str:
        """All that was done."""
        since = f"{self.start:%Y-%m-%d %H:%M}"
        return f"Stopped. Since {since}: {_counted(self.total) or 'no tracks'}."


def _watched(root: Path, settings: Settings, say: _Voice, printer: Printer) -> WatchedFolder:
    rhythm = Rhythm() if settings.poll is None else Rhythm(poll_seconds=settings.poll)
    return WatchedFolder(
        root,
        recursive=settings.recursive,
        follow_symlinks=settings.follow_symlinks,
        tell=say,
        on_problem=lambda problem: printer.folder_problem(problem.path, problem.reason),
        rhythm=rhythm,
        poll=settings.poll is not None,
    )


def _outermost(roots: Sequence[Path], settings: Settings) -> list[Path]:
    """Without folders that are watched anyway, as parts of others."""
    kept = list(dict.fromkeys(roots))
    if not settings.recursive:
        return kept
    return [root for root in kept if not any(root != other and root.is_relative_to(other) for other in kept)]


def _always() -> Event:
    event = Event()
    event.set()
    return event


def _is_news(row: Row) -> bool:
    """It was not known, or it was written, or what was heard of it could not be."""
    return not row.cached or row.status is Status.WRITTEN or (row.status is Status.FAILED and bool(row.analyses))


def _counted(counts: Counter[str]) -> str:
    """ "3 tracks: 1 written, 2 known"; "" if there are none."""
    if not counts.total():
        return ""
    each = ", ".join(f"{counts[status]:,} {status}" for status in (*Status, "known") if counts[status])
    return f"{count(counts.total(), 'track')}: {each}"


def _summary(counts: Counter[str], tags: int, run: int | None) -> str:
    sentence = f"{_counted(counts)}."
    if counts[Status.WRITTEN]:
        return f"{sentence} Wrote {count(tags, 'tag')}; take that back with: earmark --undo {run}"
    if counts[Status.PLANNED]:
        return f"{sentence} Nothing was written; --write would add {count(tags, 'tag')}."
    return sentence
