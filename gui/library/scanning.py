"""What the library thread does to find music: tracks are handed over in chunks, the first ones at once.

Nothing of Qt is here. A job of several steps is a generator, as ``background`` wants it.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from gui.library.findings import Findings, Found, FoundAgain, Listened, ScanEnded
from tagger_core.domain import FileStamp, Track, TrackFailure
from tagger_core.errors import FileError
from tagger_core.library_scan import ScanProblem, scan
from tagger_core.review import Record
from tagger_core.settings import Settings

_CHUNK_TRACKS = 1_000
_CHUNK_SECONDS = 0.05


def scan_in_chunks(
    paths: Sequence[Path],
    settings: Settings,
    findings: Findings,
    cancelled: threading.Event,
    records_of: Callable[[Sequence[Path]], Sequence[Record]],
) -> Iterator[None]:
    """Scan folders and files; one that does not exist is a problem and stops nothing.

    ``records_of`` knows what was decided about tracks before.
    """
    problems: list[ScanProblem] = []

    def hand_over(chunk: Sequence[Track]) -> None:
        findings.put(Found(tuple(chunk), records_of([track.path for track in chunk])))

    try:
        roots = list(_existing(paths, problems))
        chunk: list[Track] = []
        since = time.monotonic()
        for found in scan(roots, recursive=settings.recursive, follow_symlinks=settings.follow_symlinks):
            if cancelled.is_set():
                break
            if isinstance(found, ScanProblem):
                problems.append(found)
                continue
            chunk.append(found)
            if len(chunk) == _CHUNK_TRACKS or time.monotonic() - since > _CHUNK_SECONDS:
                hand_over(chunk)
                chunk.clear()
                yield
                since = time.monotonic()
        hand_over(chunk)
    finally:
        findings.put(ScanEnded(tuple(problems)))


def look_again(paths: Sequence[Path], findings: Findings) -> Iterator[None]:
    """Look at the files of rows that failed: they may have changed, or come back."""
    try:
        for path in paths:
            findings.put(_as_it_is(path))
            yield
    finally:
        findings.put(ScanEnded(()))


def _as_it_is(path: Path) -> FoundAgain | Listened:
    reason = "it is no longer a file"
    try:
        for found in scan([path], recursive=False):
            if isinstance(found, Track) and found.path == path:
                return FoundAgain(found)
            if isinstance(found, ScanProblem):
                reason = found.reason
    except FileError as error:
        reason = error.reason
    return Listened(TrackFailure(Track(path, FileStamp(0, 0, 0, 0)), reason), known=True)


def _existing(paths: Sequence[Path], problems: list[ScanProblem]) -> Iterator[Path]:
    for path in paths:
        try:
            scan([path])  # looks at the root at once, and into it only when it is iterated
        except FileError as error:
            problems.append(ScanProblem(error.path, error.reason))
        else:
            yield path
