"""The model of the tag panel: every tag, how many tracks have it ticked, and how its probabilities are spread.

The most frequent comes first.

Contents: ``TagList``, ``COLUMN_ROLE``
"""

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from gui.library.library import Library
from gui.look import theme
from gui.look.wording import Words
from gui.tracks.count_delegate import COUNT_ROLE, HUE_ROLE, SPARK_ROLE
from gui.tracks.spread import Spread
from tagger_core.review.values import Rows

COLUMN_ROLE = Qt.ItemDataRole.UserRole + 10
"""The tag's column in the review."""

_BARS = 12

_AnyIndex = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()


class TagList(QAbstractListModel):
    """The tags whose names hold the searched text."""

    def __init__(self, library: Library, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._words = Words(self)
        self._wanted = ""
        self._counts: Rows = np.empty(0, np.intp)
        self._columns: list[int] = []
        """Position in the list -> column."""
        self._spread = Spread(_BARS)
        self.refresh()

    def search(self, text: str) -> None:
        self._wanted = text.casefold().strip()
        self.refresh()

    def refresh(self, *, keep_order: bool = False) -> None:
        """Count again; ``keep_order`` where lines must not move away from under the pointer."""
        review = self._library.review
        counts = review.ticked_counts()
        self._spread.look_again(review)
        matching = [column for column, tag in enumerate(review.tags) if self._wanted in tag.name.casefold()]
        ordered = sorted(matching, key=lambda column: (-counts[column], column))
        kept = keep_order and set(ordered) == set(self._columns)
        if len(counts) == len(self._counts) and (kept or ordered == self._columns):
            self._recount(counts)
            return
        self._counts = counts
        self._arrange(ordered)

    def position(self, column: int) -> int | None:
        """Where a tag stands, if it is shown."""
        return self._columns.index(column) if column in self._columns else None

    def rowCount(self, parent: _AnyIndex = _NO_INDEX) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: _AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column = self._columns[index.row()]
        tag = self._library.review.tags[column]
        count = int(self._counts[column])
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return tag.name
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._explained(tag.name, self._words.category(tag.category), count)
            case _:
                return self._own_role(role, column, count)

    def _own_role(self, role: int, column: int, count: int) -> Any:
        if role == COUNT_ROLE:
            return count
        if role == COLUMN_ROLE:
            return column
        if role == SPARK_ROLE:
            return self._spread.heights(self._library.review, column)
        return theme.category_hue(self._library.review.tags[column].category) if role == HUE_ROLE else None

    def _explained(self, name: str, category: str, count: int) -> str:
        return self.tr("{0} ({1}): ticked on {2}").format(name, category, self._words.tracks(count))

    def _recount(self, counts: Rows) -> None:
        """Other counts in the same lines: only those lines are painted again."""
        before, self._counts = self._counts, counts
        shown = np.array(self._columns, np.intp)
        places = np.flatnonzero(before[shown] != counts[shown]).tolist()
        if places:
            self.dataChanged.emit(self.index(places[0]), self.index(places[-1]))

    def _arrange(self, columns: list[int]) -> None:
        """The same lines in another order keep who is current; other lines are a new list."""
        if set(columns) != set(self._columns):
            self.beginResetModel()
            self._columns = columns
            self.endResetModel()
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        held = [self._columns[index.row()] for index in before]
        self._columns = columns
        self.changePersistentIndexList(before, [self.index(columns.index(column)) for column in held])
        self.layoutChanged.emit()
