"""What the analysis thread does: load the models once, then listen to the tracks of one run after the other.

Nothing of Qt is here. ONNX Runtime and the decoders are imported by the thread, when it first listens.

Contents
--------
``Feed``      tracks on their way to the thread
``Run``       one go at listening: what it is given, and where its results go
``Ears``      the thread's own things
"""

import threading
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gui.library.findings import Findings, Listened, Loaded, RunEnded
from tagger_core.domain import Track, TrackFailure
from tagger_core.settings import Places, Settings

if TYPE_CHECKING:
    from tagger_core.classifier import Classifier


NICENESS = 15
"""Of everything that listens: two threads at work then left 887 of 888 frames of the window under 50 ms."""


class Feed:
    """Tracks in the order in which they shall be heard. Iterating takes them out, and waits while more may come."""

    def __init__(self) -> None:
        self._tracks: deque[Track] = deque()
        self._changed = threading.Condition()
        self._complete = True

    def put(self, tracks: Iterable[Track]) -> None:
        """Add tracks at the end."""
        with self._changed:
            self._tracks.extend(tracks)
            self._changed.notify_all()

    def expect_more(self, more: bool) -> None:
        """Say whether whoever takes from an empty feed shall wait."""
        with self._changed:
            self._complete = not more
            self._changed.notify_all()

    def clear(self) -> None:
        with self._changed:
            self._tracks.clear()

    def __bool__(self) -> bool:
        return bool(self._tracks)

    def until(self, cancelled: threading.Event) -> Iterator[Track]:
        """The tracks, until there are no more, or until ``cancelled`` is set and ``wake`` called."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._tracks or self._complete or cancelled.is_set())
                if not self._tracks or cancelled.is_set():
                    return
                track = self._tracks.popleft()
            yield track

    def wake(self) -> None:
        """Let those who wait look around."""
        with self._changed:
            self._changed.notify_all()


@dataclass(frozen=True, slots=True)
class Run:
    """One go at listening. ``results`` are given ``Loaded`` once, ``Listened`` for each track, and ``RunEnded``."""

    settings: Settings
    feed: Feed
    results: Findings
    cancelled: threading.Event = field(default_factory=threading.Event)
    may_go_on: threading.Event = field(default_factory=threading.Event)
    """Not set while paused."""


class Ears:
    """The loaded models. Belongs to the analysis thread."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._classifiers: list[Classifier] = []
        self._loaded_for: tuple[object, ...] = ()

    def listen(self, run: Run) -> None:
        """Work through the feed. Raises ``ModelError``, ``DeviceError``."""
        broken = True
        try:
            self._load(run.settings)
            run.results.put(Loaded(tuple(dict.fromkeys(classifier.device for classifier in self._classifiers))))
            self._listen(run)
            broken = False
        finally:
            run.results.put(RunEnded(broken))

    def _load(self, settings: Settings) -> None:
        wanted = (settings.models, settings.model_folders, settings.device)
        if wanted == self._loaded_for:
            return
        from tagger_core.workplace import open_classifiers

        self._loaded_for = ()
        self._classifiers = open_classifiers(settings, self._places)
        self._loaded_for = wanted

    def _listen(self, run: Run) -> None:
        from tagger_core.analysis import analyse
        from tagger_core.listening import Listener
        from tagger_core.workplace import open_store

        listener = Listener([classifier.card for classifier in self._classifiers], run.settings)
        with open_store(self._places.analyses) as store:
            for result in analyse(
                run.feed.until(run.cancelled),
                self._classifiers,
                store,
                workers=workers_beside_window(run.settings),
                cancelled=run.cancelled,
                may_go_on=run.may_go_on,
                in_order=False,
                niceness=NICENESS,
                effort=run.settings.effort,
            ):
                outcome = result if isinstance(result, TrackFailure) else listener.heard(result)
                run.results.put(Listened(outcome, result.cached))


def workers_beside_window(settings: Settings) -> int:
    """As many tracks at a time as the person chose, or one core less than there are: that one is the window's."""
    return settings.jobs or max(1, settings.workers - 1)
