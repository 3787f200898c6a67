"""Titles and artists of the rows on the screen, read ahead of their analysis; only the latest wish counts."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from gui.library.background import GuiHop, StepThread, Urgency
from tagger_core.review import TrackName
from tagger_core.review.values import Rows

if TYPE_CHECKING:
    from tagger_core.review import Review

Names = Sequence[tuple[int, TrackName]]

_AT_ONCE = 8
"""Files read before the window is told: a screenful comes in a few strokes, and no save waits for long."""


class NameReader:
    """Reads for one review. Belongs to the GUI thread."""

    def __init__(self, review: "Review", desk: StepThread, hop: GuiHop, named: Callable[[Rows], None]) -> None:
        """``named`` is told which rows are called otherwise now."""
        self._review = review
        self._desk = desk
        self._hop = hop
        self._named = named
        self._asked: set[int] = set()
        self._wish = 0

    def read(self, rows: Sequence[int]) -> None:
        """Read the names of those rows that were not heard and not read yet; forget what was wished before."""
        self._wish += 1
        wish = self._wish
        files = [(row, self._review.path(row)) for row in rows if row not in self._asked and not self._is_named(row)]
        if files:
            self._desk.submit(lambda: self._work(files, wish), Urgency.WORK)

    def stop(self) -> None:
        """The review is no longer looked at."""
        self._wish += 1
        self._named = _nobody

    def _is_named(self, row: int) -> bool:
        return self._review.audio(row) is not None or bool(self._review.name(row).title)

    def _work(self, files: Sequence[tuple[int, Path]], wish: int) -> Iterator[None]:
        """On the library thread."""
        from tagger_core.tag_files.names import read_name

        for first in range(0, len(files), _AT_ONCE):
            if wish != self._wish:
                return
            names = [(row, read_name(path)) for row, path in files[first : first + _AT_ONCE]]
            self._hop.post(partial(self._tell, names))
            yield

    def _tell(self, names: Names) -> None:
        self._asked.update(row for row, _ in names)
        self._named(self._review.name_tracks(names))


def _nobody(_: Rows) -> None:
    """Who is told when nobody looks."""
