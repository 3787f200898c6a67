"""``earmark --undo`` and ``earmark --list-runs``."""

from argparse import Namespace
from collections import Counter

from rich.table import Table
from rich.text import Text

from tagger_core.cli import OK, SOME_FAILED
from tagger_core.cli.console import messages, output, printable, set_up_logging
from tagger_core.settings import Places
from tagger_core.tagging import UndoStatus, undo_run
from tagger_core.undo_journal import Run, UndoJournal

_STYLES = {UndoStatus.REVERTED: "yellow", UndoStatus.FAILED: "bold red"}


def run_undo(options: Namespace) -> int:
    """Take back a run, the last one if none is named; returns the exit code."""
    out = output()
    set_up_logging(options, messages())
    counts: Counter[UndoStatus] = Counter()
    with UndoJournal(Places.of_platform().journal) as journal:
        for outcome in undo_run(journal, options.undo or None):
            counts[outcome.status] += 1
            if "quiet" in options and outcome.status is not UndoStatus.FAILED:
                continue
            line = Text(f"{outcome.status:<9} ", _STYLES.get(outcome.status, "")).append(printable(outcome.path))
            out.print(line.append(f": {printable(outcome.reason)}") if outcome.reason else line)
    told = ", ".join(f"{counts[status]} {status}" for status in UndoStatus if counts[status])
    out.print(f"\n{counts.total()} files: {told}" if told else "There was nothing left to take back in this run.")
    return SOME_FAILED if counts[UndoStatus.FAILED] else OK


def list_runs() -> int:
    """Every run that wrote, the latest first."""
    out = output()
    with UndoJournal(Places.of_platform().journal) as journal:
        runs = journal.runs()
    if not runs:
        out.print("Nothing has been written yet.")
        return OK
    table = Table(box=None, pad_edge=False, header_style="dim")
    for title in ("run", "started", "what", "files", "taken back", "folders"):
        table.add_column(title, justify="right" if title in ("run", "files", "taken back") else "left", no_wrap=True)
    for run in runs:
        table.add_row(*_cells(run))
    out.print(table)
    return OK


def _cells(run: Run) -> tuple[str, ...]:
    what = f"undo of {run.undoes}" if run.undoes else str(run.kind)
    if run.state != "finished":
        what += f" ({run.state})"
    started = run.started.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    files = str(run.written + run.undone) + (f" + {run.unknown} unclear" if run.unknown else "")
    return (str(run.id), started, what, files, str(run.undone or ""), ", ".join(printable(f) for f in run.folders))
