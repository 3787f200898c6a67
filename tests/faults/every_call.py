"""Lets every single call fail by which a write changes a folder, and checks after each what is on the disk.

``fail_nth_call.c`` must be preloaded. A write is done once to count its calls; then, for every n, a fork does it while
the n-th call fails, and this process, which sees no faults, looks at what is left.

Run: ``LD_PRELOAD=fail_nth_call.so python -m tests.faults.every_call KIND [--all-codes]``. Prints the number of calls
and of outcomes; the exit code is 1 if anything was wrong, which is told.
"""

import argparse
import ctypes
import errno
import os
import shutil
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tagger_core.errors import StoreError, WriteRefusedError
from tests.faults.writing import check_after_fault, digest, undo_all, write_all
from tests.music_files import make, suffix

CODES = (errno.ENOSPC, errno.EIO, errno.EACCES)
WRITTEN, REFUSED, JOURNAL, BUG = range(4)
OUTCOMES = ("written all the same", "refused", "stopped by the journal", "BUG")

Job = Callable[[Path, Path], None]


class EveryCall:
    """One file of a kind, and a way to fail at it. ``place`` is an empty folder."""

    def __init__(self, place: Path, kind: str) -> None:
        self._faults = ctypes.CDLL(None)
        self._place = place
        self._folder = place / "music"
        self._folder.mkdir()
        self._file = make(self._folder / f"song{suffix(kind)}", kind)
        self._old = digest(self._file)
        self._empty_journal = place / "empty"
        undo_all(self._empty_journal / "journal.sqlite3", self._folder)  # a journal as it is after a first start
        self._journal = self._fresh_journal()
        write_all(self._journal, self._folder)
        self._new = digest(self._file)
        undo_all(self._journal, self._folder)

    def count(self) -> int:
        """How many calls a write takes."""
        self._journal = self._fresh_journal()
        self._faults.fault_arm(os.fsencode(self._place), 0, 0)
        write_all(self._journal, self._folder)
        calls = int(self._faults.fault_calls())
        self._faults.fault_arm(b"", 0, 0)
        undo_all(self._journal, self._folder)
        return calls

    def fail(self, nth: int, code: int) -> int:
        """Write with the n-th call failing; the outcome. Raises ``AssertionError`` if the disk is not as it must be."""
        self._journal = self._fresh_journal()
        outcome = self._forked(nth, code)
        new = check_after_fault(self._journal, self._folder, self._old, self._new)
        if outcome == BUG or (outcome == WRITTEN) > bool(new) or (outcome == REFUSED and new):
            raise AssertionError(f"{OUTCOMES[outcome]}, but the file is {'new' if new else 'old'}")
        undo_all(self._journal, self._folder)
        if digest(self._file) != self._old:
            raise AssertionError("undo did not give the old file")
        return outcome

    def _fresh_journal(self) -> Path:
        folder = self._place / "data"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self._empty_journal, folder)
        return folder / "journal.sqlite3"

    def _forked(self, nth: int, code: int) -> int:
        process = os.fork()
        if process == 0:
            outcome = BUG
            try:
                self._faults.fault_arm(os.fsencode(self._place), nth, code)
                outcome = _attempt(self._journal, self._folder)
            finally:
                os._exit(outcome)
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def _attempt(journal: Path, folder: Path) -> int:
    try:
        write_all(journal, folder)
    except WriteRefusedError:
        return REFUSED
    except StoreError:
        return JOURNAL
    except Exception:  # noqa: BLE001 - whatever else comes out is the finding of this drive
        traceback.print_exc()
        return BUG
    return WRITTEN


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind")
    parser.add_argument("--all-codes", action="store_true", help="every error at every call, instead of one by turns")
    options = parser.parse_args()
    outcomes: Counter[str] = Counter()
    wrong = 0
    with tempfile.TemporaryDirectory() as place:
        drive = EveryCall(Path(place).resolve(), options.kind)
        calls = drive.count()
        for nth in range(1, calls + 1):
            for code in CODES if options.all_codes else (CODES[nth % len(CODES)],):
                try:
                    outcomes[OUTCOMES[drive.fail(nth, code)]] += 1
                except AssertionError as error:
                    wrong += 1
                    sys.stdout.write(f"call {nth} fails with {errno.errorcode[code]}: {error}\n")
    told = ", ".join(f"{number} {outcome}" for outcome, number in sorted(outcomes.items()))
    sys.stdout.write(f"{options.kind}: {calls} calls; {told}; {wrong} wrong\n")
    return 1 if wrong or not calls else 0


if __name__ == "__main__":
    sys.exit(main())
