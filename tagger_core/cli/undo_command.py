"""``earmark --undo``, ``earmark --list-runs`` and ``earmark --history``."""

from argparse import Namespace
from collections import Counter
from collections.abc import Iterator

from rich.text import Text

from tagger_core.cli import OK, SOME_FAILED
from tagger_core.cli.console import columns, joined, messages, output, set_up_logging
from tagger_core.cli.options import undo_fields
from tagger_core.display_text import printable
from tagger_core.errors import FileError
from tagger_core.file_paths import typed_path
from tagger_core.settings import Places
from tagger_core.tagging import UndoStatus, undo_run
from tagger_core.undo_journal import EntryState, Run, RunKind, UndoJournal
from tagger_core.write_history import PastWrite, file_history

_NUMBERS = ("run", "files", "taken back")
_STYLES = {UndoStatus.REVERTED: "yellow", UndoStatus.FAILED: "bold red"}


def run_undo(options: Namespace) -> int:
    """Take back a run, the last one if none is named; returns the exit code."""
    out = output()
    set_up_logging(options, messages())
    counts: Counter[UndoStatus] = Counter()
    files = [typed_path(name) for name in vars(options).get("file", [])]
    with UndoJournal(Places.of_platform().journal) as journal:
        for outcome in undo_run(journal, options.undo or None, files=files, fields=undo_fields(options)):
            counts[outcome.status] += 1
            if "quiet" in options and outcome.status is not UndoStatus.FAILED:
                continue
            line = Text(f"{outcome.status:<9} ", _STYLES.get(outcome.status, "")).append(printable(outcome.path))
            out.print(line.append(f": {printable(outcome.reason)}") if outcome.reason else line)
        latest = journal.runs()[0]
    told = ", ".join(f"{counts[status]} {status}" for status in UndoStatus if counts[status])
    number = "1 file" if counts.total() == 1 else f"{counts.total():,} files"
    out.print(f"\n{number}: {told}" if told else "There was nothing left to take back in this run.")
    if latest.kind is RunKind.UNDO and counts[UndoStatus.RESTORED] + counts[UndoStatus.REVERTED] and latest.written:
        out.print(f"Do it again with: earmark --undo {latest.id}")
    return SOME_FAILED if counts[UndoStatus.FAILED] else OK


def list_runs() -> int:
    """Every run that wrote, the latest first."""
    out = output()
    with UndoJournal(Places.of_platform().journal) as journal:
        runs = journal.runs()
    if not runs:
        out.print("Nothing has been written yet.")
        return OK
    titles = ("run", "started", "what", "files", "taken back", "undo", "folders")
    head, *lines = columns([titles, *map(_cells, runs)], right=[titles.index(title) for title in _NUMBERS])
    out.print(Text(head, style="dim"))
    for line in lines:
        out.print(line)
    return OK


def _cells(run: Run) -> tuple[str, ...]:
    state = "" if run.state == "finished" else f" ({run.state})"
    total = run.written + run.undone
    files = str(total) + (f" + {run.unknown} unclear" if run.unknown else "")
    undo = f"{run.without_bytes} by field only" if run.without_bytes else "byte for byte"
    folders = ", ".join(printable(folder) for folder in run.folders)
    return (str(run.id), _time(run), _what(run) + state, files, str(run.undone or ""), undo, folders)


def show_history(options: Namespace) -> int:
    """Every write and undo of one file, the latest first."""
    out = output()
    path = typed_path(options.history)
    with UndoJournal(Places.of_platform().journal) as journal:
        past = file_history(journal, path)
    if not past and not path.exists():
        raise FileError(path, "there is no such file, and Earmark has written none there")
    out.print(Text(printable(path), style="bold"))
    if not past:
        out.print("Earmark has written nothing into this file.")
    for write in past:
        for line in _told(write):
            out.print(line)
    return OK


def _told(write: PastWrite) -> Iterator[Text]:
    undo = "can be restored byte for byte" if write.restorable else _why_not(write)
    place = f" as {printable(write.entry.change.path)}" if write.renamed else ""
    line = Text(f"run {write.run.id}  {_time(write.run)}  {_what(write.run)}{place}: ")
    yield line.append(f"{write.entry.state}", style="bold").append(f"; {undo}" if undo else "")
    for edit in write.entry.change.edits:
        yield Text(f"    {edit.field:<12} ", "dim").append(f"{_values(edit.old)}  →  {_values(edit.new)}")


def _why_not(write: PastWrite) -> str:
    if write.entry.state in (EntryState.ABORTED, EntryState.UNDONE, EntryState.PREPARED):
        return ""
    if not write.entry.change.restore:
        return "its old bytes are not kept any more, only its fields can be taken back"
    return "its fields can be taken back, but not its bytes: the file was changed, written or moved since"


def _what(run: Run) -> str:
    return f"undo of {run.undoes}" if run.undoes else str(run.kind)


def _time(run: Run) -> str:
    return run.started.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _values(values: tuple[str, ...]) -> str:
    return joined(values) or "(nothing)"
