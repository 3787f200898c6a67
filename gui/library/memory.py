"""What is remembered for the next start: decisions, thresholds, and where the person was.

Conventions
-----------
Belongs to the GUI thread, but for ``records_of``. The store belongs to the library thread, which saves before it does
anything else. A store that fails is given up with one message, and the work goes on without it.

What is noted holds for the folders that are open; others that are opened for the first time begin with it too.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from gui.library.background import GuiHop, StepThread, Urgency
from tagger_core.errors import StoreError
from tagger_core.review import Levels, Record
from tagger_core.review.records import Records
from tagger_core.review_store import ReviewStore

T = TypeVar("T")

_EVERYWHERE: tuple[Path, ...] = ()
_PATIENCE_SECONDS = 0.5
_AT_A_STRETCH, _PAUSE_SECONDS = 50, 0.001
"""Records made between two pauses, which take about as long: a bulk decision is saved in some seconds."""


class Memory:
    """The review store as the window uses it."""

    def __init__(self, path: Path, desk: StepThread, hop: GuiHop, failed: Callable[[Exception], None]) -> None:
        """``desk`` is the library thread; ``failed`` is told, on that thread, when the store is given up."""
        self._path = path
        self._desk = desk
        self._hop = hop
        self._failed = failed
        self._store: ReviewStore | None = None
        self._ready = threading.Event()
        self._patience = _PATIENCE_SECONDS
        self._folders: tuple[Path, ...] = ()
        self._here: dict[str, str] = {}
        self._everywhere: dict[str, str] = {}
        self._levels: Levels | None = None
        desk.submit(self._open, Urgency.SAVE)

    # folders

    def last_folders(self, done: Callable[[tuple[Path, ...]], None]) -> None:
        """The folders that were open last; none if there are none."""

        def look_up() -> None:
            sessions = self._use(lambda store: store.sessions(1)) or [()]
            self._hop.post(lambda: done(sessions[0]))

        self._desk.submit(look_up, Urgency.SAVE)

    def open_folders(self, folders: Sequence[Path], done: Callable[[Levels | None], None]) -> None:
        """These folders are open now, instead of others; ``done`` is given the thresholds that they had."""
        self._folders = tuple(folders)
        session = self._folders

        def look_up() -> None:
            self._use(lambda store: store.open_session(session))
            levels = self._use(lambda store: store.levels(session))
            here = self._use(lambda store: store.recall(session)) or {}
            self._hop.post(lambda: opened(levels, here))

        def opened(levels: Levels | None, here: dict[str, str]) -> None:
            if self._folders is session:
                self._here = here
                done(levels)

        self._desk.submit(look_up, Urgency.SAVE)

    def add_folders(self, folders: Sequence[Path], levels: Levels) -> None:
        """All these folders are open now; everything else stays as it is."""
        session = self._folders = tuple(folders)
        here = dict(self._here)

        def note() -> None:
            self._use(lambda store: store.open_session(session))
            self._use(lambda store: store.save_levels(session, levels))
            for key, value in here.items():
                self._remember(session, key, value)

        self._desk.submit(note, Urgency.SAVE)

    # decisions

    def save(self, records: Records) -> None:
        """Have what was decided written down, before anything else is done."""
        if len(records):
            self._desk.submit(lambda: self._use(lambda store: store.save(_unhurried(records))), Urgency.SAVE)

    def save_levels(self, levels: Levels) -> None:
        """Have the thresholds written down: of a slider that is dragged only the last ones."""
        waiting, self._levels = self._levels is not None, levels
        session = self._folders

        def note() -> None:
            levels, self._levels = self._levels, None
            if levels is not None:
                self._use(lambda store: store.save_levels(session, levels))

        if not waiting:
            self._desk.submit(note, Urgency.SAVE)

    def records_of(self, paths: Sequence[Path]) -> list[Record]:
        """What was decided about these paths; called on the library thread."""
        return self._use(lambda store: store.load(paths)) or []

    # where the person was

    def remember(self, key: str, value: str) -> None:
        """Note something, for these folders and as a beginning for others."""
        if self._here.get(key) == value:
            return
        self._here[key] = self._everywhere[key] = value
        session = self._folders
        self._desk.submit(lambda: self._remember(session, key, value), Urgency.SAVE)

    def recall(self, key: str) -> str | None:
        """What was noted with these folders, else with any. Waits, once, a moment for the store to be read."""
        if not self._ready.wait(self._patience):
            self._patience = 0.0
        return self._here.get(key, self._everywhere.get(key))

    def close(self) -> None:
        """Have everything written down and the store closed, as the last job of the library thread."""
        self._desk.submit(lambda: self._use(lambda store: store.close()), Urgency.SAVE)

    # on the library thread

    def _open(self) -> None:
        try:
            self._store = ReviewStore(self._path)
        except StoreError as error:
            self._give_up(error)
        found = self._use(lambda store: store.recall(_EVERYWHERE)) or {}
        self._everywhere = {**found, **self._everywhere}
        self._ready.set()

    def _remember(self, session: tuple[Path, ...], key: str, value: str) -> None:
        self._use(lambda store: store.remember(session, key, value))
        self._use(lambda store: store.remember(_EVERYWHERE, key, value))

    def _use(self, action: Callable[[ReviewStore], T]) -> T | None:
        if self._store is None:
            return None
        try:
            return action(self._store)
        except StoreError as error:
            self._give_up(error)
            return None

    def _give_up(self, error: StoreError) -> None:
        self._store = None
        self._failed(StoreError(f"{error}; going on, but what you decide is not remembered"))


def _unhurried(records: Records) -> Iterator[Record]:
    """With pauses, in which the window comes to its turn: who waits for a busy thread waits 5 ms, each time."""
    for number, record in enumerate(records, 1):
        yield record
        if number % _AT_A_STRETCH == 0:
            time.sleep(_PAUSE_SECONDS)
