"""Fetches what takes time of the track that is looked at: its overview, its tags over time, and why they are suggested.

Somebody who runs down the table with the arrow keys is not followed: a request goes out once a track was looked at for
a moment, and an answer about another track than the present one is dropped. The latest overviews are kept, so that
going back decodes nothing again.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from gui.focus import NO_ROW

if TYPE_CHECKING:
    from tagger_core.suggestions import Suggestion
    from tagger_core.track_preview import TrackOverview

REST_MS = 120
"""Long enough that a held arrow key asks for nothing, short enough not to be noticed."""

_KEPT = 24
"""Overviews; 400 kB each."""


class Source(Protocol):
    """``gui.library.library.Library``, as it is used here."""

    def preview(self, row: int, done: Callable[[object], None]) -> None: ...

    def taggram(self, row: int, done: Callable[[object], None]) -> None: ...

    def evidence(self, row: int, done: "Callable[[Sequence[Suggestion]], None]") -> None: ...


class TrackDetails(QObject):
    """Asks for one row at a time."""

    overview_ready = Signal(object)
    """``TrackOverview``; or a sentence that says why there is none."""
    taggram_ready = Signal(object)
    evidence_ready = Signal(object)
    """A sequence of ``Suggestion``."""

    def __init__(self, source: Source, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._row = NO_ROW
        self._overviews: OrderedDict[int, TrackOverview] = OrderedDict()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._ask)

    def look_at(self, row: int) -> None:
        """Another row, or ``NO_ROW``."""
        self._row = row
        if row == NO_ROW:
            self._rest.stop()
        else:
            self._rest.start()

    def look_again(self) -> None:
        """The row was heard since: ask for its tags again, not for its overview."""
        if self._row != NO_ROW and not self._rest.isActive():
            self._ask_for_tags(self._row)

    def forget(self) -> None:
        """The rows stand for other tracks now."""
        self._overviews.clear()
        self.look_at(NO_ROW)

    def _ask(self) -> None:
        row = self._row
        self._ask_for_tags(row)
        kept = self._overviews.get(row)
        if kept is not None:
            self._overviews.move_to_end(row)
            self.overview_ready.emit(kept)
        else:
            self._source.preview(row, lambda answer: self._take_overview(row, answer))

    def _ask_for_tags(self, row: int) -> None:
        self._source.taggram(row, lambda answer: self._pass_on(row, self.taggram_ready, answer))
        self._source.evidence(row, lambda answer: self._pass_on(row, self.evidence_ready, answer))

    def _take_overview(self, row: int, answer: object) -> None:
        if answer is not None and not isinstance(answer, str):
            self._overviews[row] = answer  # type: ignore[assignment]
            while len(self._overviews) > _KEPT:
                self._overviews.popitem(last=False)
        self._pass_on(row, self.overview_ready, answer)

    def _pass_on(self, row: int, signal: SignalInstance, answer: object) -> None:
        if row == self._row:
            signal.emit(answer)
