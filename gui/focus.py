"""What the person looks at, shared by all modes: one row, a selection, one tag, and the rows of the filter.

Rows are row numbers of ``tagger_core.review.Review``, tags are its columns.
"""

import numpy as np
from PySide6.QtCore import QObject, Signal

from tagger_core.review.values import Rows

NO_ROW = -1
NO_TAG = -1


class Focus(QObject):
    """The shared state; setting what is set already emits nothing."""

    row_changed = Signal(int)
    rows_changed = Signal(object)
    tag_changed = Signal(int)
    visible_changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._row = NO_ROW
        self._rows: Rows = np.empty(0, np.intp)
        self._tag = NO_TAG
        self._visible: Rows = np.empty(0, np.intp)

    @property
    def row(self) -> int:
        """The row that the inspector shows, or ``NO_ROW``."""
        return self._row

    @property
    def rows(self) -> Rows:
        """The selection, shape (n,), in the order of the table."""
        return self._rows

    @property
    def concerned(self) -> Rows:
        """What a decision concerns: the selection; without one, the row that is looked at."""
        if self._rows.size or self._row == NO_ROW:
            return self._rows
        return np.array([self._row], np.intp)

    @property
    def tag(self) -> int:
        """The column of the tag that threshold and Tags mode are about, or ``NO_TAG``."""
        return self._tag

    @property
    def visible(self) -> Rows:
        """The rows that the filter lets through, in the order in which they are shown."""
        return self._visible

    def set_row(self, row: int) -> None:
        """Look at one row; the selection stays what it is."""
        if row != self._row:
            self._row = row
            self.row_changed.emit(row)

    def select(self, rows: Rows) -> None:
        """Make these rows the selection."""
        if not np.array_equal(rows, self._rows):
            self._rows = rows
            self.rows_changed.emit(rows)

    def set_tag(self, column: int) -> None:
        if column != self._tag:
            self._tag = column
            self.tag_changed.emit(column)

    def forget(self) -> None:
        """Row numbers mean other tracks from now on: look at nothing. Who listens finds no old number here."""
        self._row, self._rows, self._tag = NO_ROW, np.empty(0, np.intp), NO_TAG
        self._visible = np.empty(0, np.intp)
        self.row_changed.emit(self._row)
        self.rows_changed.emit(self._rows)
        self.tag_changed.emit(self._tag)
        self.visible_changed.emit(self._visible)

    def show_rows(self, rows: Rows) -> None:
        """The filter or the order has changed."""
        self._visible = rows
        self.visible_changed.emit(rows)
