"""Writing and undoing are killed at random moments, in every format: a file is the old one or the new one.

``EARMARK_KILLS`` is the number of kills for each format: few in an ordinary run, 200 and more in the long one. How many
hit a process at work is logged (``--log-cli-level=INFO``).
"""

import logging
import multiprocessing
import os
import random
import shutil
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from tests.faults.writing import check_after_fault, digest, files, undo_all, write_all
from tests.music_files import KINDS, make, suffix

KILLS = int(os.environ.get("EARMARK_KILLS", "4"))
FILES = 4

log = logging.getLogger(__name__)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")


def _announced(ready: Connection, job: Callable[[Path, Path], None], journal: Path, folder: Path) -> None:
    ready.send(True)
    job(journal, folder)


def _kill(job: Callable[[Path, Path], None], journal: Path, folder: Path, delay: float) -> bool:
    """Start a process at a job and kill it so many seconds later; whether it was still at it."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.writing"])
    ready, theirs = context.Pipe()
    process = context.Process(target=_announced, args=(theirs, job, journal, folder))
    process.start()
    theirs.close()
    ready.recv()
    process.join(delay)
    at_work = process.is_alive()
    process.kill()
    process.join()
    process.close()
    ready.close()
    return at_work


def _seconds(job: Callable[[Path, Path], None], journal: Path, folder: Path) -> float:
    start = time.monotonic()
    job(journal, folder)
    return time.monotonic() - start


@pytest.mark.parametrize("kind", KINDS)
def test_killed_at_any_moment_a_file_is_old_or_new_and_the_journal_knows(tmp_path: Path, kind: str) -> None:
    folder, journal = tmp_path / "music", tmp_path / "data" / "journal.sqlite3"
    folder.mkdir()
    first = make(folder / f"0{suffix(kind)}", kind, seconds=5)
    for number in range(1, FILES):
        shutil.copy2(first, folder / f"{number}{suffix(kind)}")
    old = digest(first)
    write_all(journal, folder)  # once before the time is taken: what is needed is loaded then
    new = digest(first)
    assert new != old
    undo_all(journal, folder)
    times = {job: _seconds(job, journal, folder) for job in (write_all, undo_all)}

    moments, at_work, partly = random.Random(20), 0, 0
    for trial in range(KILLS):
        job, wanted = (undo_all, old) if trial % 2 else (write_all, new)
        at_work += _kill(job, journal, folder, moments.uniform(0, times[job]))
        partly += 0 < len(check_after_fault(journal, folder, old, new)) < FILES
        job(journal, folder)
        assert {digest(path) for path in files(folder)} == {wanted}, "the next run did not finish the job"
    log.info(
        "%s: %d kills, %d hit a process at work, %d left some files old and some new", kind, KILLS, at_work, partly
    )
    assert at_work
