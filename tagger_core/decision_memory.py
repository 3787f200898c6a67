"""What was decided about a file is remembered, so that an unchanged library costs little more than walking through it.

Conventions
-----------
A *decision* is what a run found to do with a file: which tags it suggests, which fields it would change, or that there
is nothing to do. It follows from three things, and is forgotten with each of them: what is in the file, what the models
heard in it (``AnalysisStore.add`` forgets the decisions about that audio), and the *circumstances*: cards, settings,
decoders and this program's own rules.

Whether a file is unchanged is told by its path, size, inode, time of modification and time of change. Programs put
the time of modification back, and padding keeps the size, but the time of change (ctime) is the system's own. Where it
is not known (Windows) or not kept (FAT, exFAT, most of FUSE), nothing is remembered. Times have a granularity, of two
seconds at worst (FAT): a file that changed so lately when it was read may change again within the same tick, and look
the same. So a decision is remembered only about a file that had been left alone for longer; git calls others "racily
clean" (https://git-scm.com/docs/racy-git).

Decisions about files are never what is written: a write reads the file itself, and the writer checks it again.

Contents
--------
``DecisionMemory``, ``Decision``, ``circumstances_of``
"""

import hashlib
import logging
import os
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import msgspec

from tagger_core.analysis_store import AnalysisStore
from tagger_core.database import Database, signed
from tagger_core.domain import TagEdit, Track
from tagger_core.errors import StoreError
from tagger_core.model_card import ModelCard
from tagger_core.mounts import keeps_time_of_change
from tagger_core.settings import Settings

SETTLED_NS = 3_000_000_000
"""So long a file must have been left alone before it was read: the coarsest granularity, and a second for clocks that
do not agree."""

TOGETHER = 500
"""Decisions looked up in one query, or stored in one transaction; those that a crash loses are made again."""

_WITHOUT_EFFECT = {
    name: getattr(Settings(), name)
    for name in (
        *("jobs", "device", "nice", "pause_on_battery", "poll", "model_folders", "recursive", "follow_symlinks"),
        *("preserve_mtime", "journal_limit_mb"),
    )
}
"""Settings that decide nothing about a file that was analysed: whatever they are, they count as their defaults."""

log = logging.getLogger(__name__)


class Decision(msgspec.Struct, frozen=True, array_like=True):
    """What became of a file. ``hears``: the suggested tags and their probabilities, in their order."""

    status: str
    reason: str
    hears: tuple[tuple[str, float], ...]
    fields: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]
    warnings: tuple[str, ...]

    @property
    def edits(self) -> tuple[TagEdit, ...]:
        return tuple(TagEdit(*field) for field in self.fields)


def circumstances_of(cards: Sequence[ModelCard], settings: Settings, decoders: Sequence[str]) -> bytes:
    """A digest (32 bytes) of everything but the file and its analyses that a decision depends on."""
    deciding = msgspec.structs.replace(settings, **_WITHOUT_EFFECT)
    parts = [msgspec.json.encode(part, order="deterministic") for part in (*cards, deciding, tuple(decoders))]
    return hashlib.sha256(_own_rules() + b"\0".join(parts)).digest()


class DecisionMemory:
    """The decisions under some circumstances. A database that fails is given up: then nothing is remembered."""

    def __init__(self, store: AnalysisStore, circumstances: bytes, *, clock: Callable[[], int] = time.time_ns) -> None:
        """``clock``: nanoseconds since 1970."""
        self._database: Database | None = store.database
        self._circumstances = circumstances
        self._clock = clock
        self._kept_back: dict[bytes, tuple[object, ...]] = {}
        self._tells: dict[int, bool] = {}
        """Device -> whether its file system has a time of change."""
        self._decoder = msgspec.msgpack.Decoder(Decision)

    def now(self) -> int:
        """To be asked before a file is read, see ``remember``."""
        return self._clock()

    def can_tell_changes(self, track: Track) -> bool:
        """Whether every change of this file will show in its stamp, once it is settled."""
        if not track.stamp.changed_ns:
            return False
        device = track.stamp.device
        if device not in self._tells:
            self._tells[device] = keeps_time_of_change(track.path)
        return self._tells[device]

    def is_settled(self, track: Track, read_at: int | None = None) -> bool:
        """Whether what is read from the file now (or was, at that time) can be told from what it may hold later."""
        return (self.now() if read_at is None else read_at) - track.stamp.changed_ns > SETTLED_NS

    def recall(self, tracks: Sequence[Track]) -> list[Decision | None]:
        """For each track (at most ``TOGETHER``) what was decided, if nothing has changed since."""
        if self._database is None:
            return [None] * len(tracks)
        paths = [os.fsencode(track.path) for track in tracks]
        try:
            rows = self._database.execute(
                "SELECT path, size, mtime_ns, inode, changed_ns, decision FROM decisions"
                f" WHERE circumstances = ? AND path IN ({', '.join('?' * len(paths))})",
                (self._circumstances, *paths),
            )
        except StoreError as error:
            self._give_up(error)
            return [None] * len(tracks)
        found = {
            path: ((size, mtime, inode, changed), decision) for path, size, mtime, inode, changed, decision in rows
        }
        return [self._matching(track, found.get(path)) for track, path in zip(tracks, paths, strict=True)]

    def remember(self, track: Track, audio: bytes, decision: Decision, read_at: int) -> None:
        """What was decided about a file that was read at the time ``read_at`` of ``now``, or later."""
        if not (self.is_settled(track, read_at) and self.can_tell_changes(track)):
            return
        try:
            encoded = msgspec.msgpack.encode(decision)
        except UnicodeEncodeError:  # a name in it is no text
            return
        path = os.fsencode(track.path)
        self._kept_back[path] = (path, *_stamp(track), audio, self._circumstances, encoded)
        if len(self._kept_back) >= TOGETHER:
            self.store()

    def store(self) -> None:
        """Store what was kept back."""
        rows, self._kept_back = list(self._kept_back.values()), {}
        if rows and self._database:
            try:
                self._database.executemany("INSERT OR REPLACE INTO decisions VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
            except StoreError as error:
                self._give_up(error)

    def _matching(self, track: Track, row: tuple[tuple[int, ...], bytes] | None) -> Decision | None:
        if row is None or row[0] != _stamp(track) or not track.stamp.changed_ns:
            return None
        try:
            return self._decoder.decode(row[1])
        except msgspec.DecodeError:  # a damaged row is one that is not there
            return None

    def _give_up(self, error: StoreError) -> None:
        log.info("what was decided is not remembered: %s", error)
        self._database = None


def _stamp(track: Track) -> tuple[int, ...]:
    stamp = track.stamp
    return (stamp.size, stamp.mtime_ns, signed(stamp.inode), stamp.changed_ns)


@cache
def _own_rules() -> bytes:
    """A digest of this program: a version in development has no number of its own."""
    digest = hashlib.sha256()
    package = Path(__file__).parent
    for path in sorted(path for path in package.rglob("*") if path.suffix in (".py", ".toml")):
        digest.update(path.read_bytes())
    return digest.digest()
