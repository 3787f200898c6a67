"""Keeps the table's selection and current row, and those that all modes share, the same.

Both are kept by row of the review, over filtering, sorting and rows that come in. A selected row that the filter hides
is no longer selected, so that no key decides about what cannot be seen; where the row that is looked at is hidden,
the next one takes its place.

Contents: ``SelectionSync``
"""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QObject
from PySide6.QtWidgets import QTableView

from gui.focus import NO_ROW, Focus
from gui.tracks.columns import Column
from gui.tracks.track_table import TrackTable
from tagger_core.review.values import Rows

_Flag = QItemSelectionModel.SelectionFlag


class SelectionSync(QObject):
    """Between a view of ``TrackTable`` and ``Focus``."""

    def __init__(self, view: QTableView, table: TrackTable, focus: Focus) -> None:
        super().__init__(view)
        self._view = view
        self._table = table
        self._focus = focus
        self._answering = False
        """What happens now comes from the focus, or from rows that move: it is not told to the focus."""
        self._before: Rows | None = None
        """The rows as they were, while they move."""
        self._anchor: tuple[int, int] | None = None
        """Row and top edge of what shall stay where it is on the screen."""
        self._current_on_screen = False
        table.rearranging.connect(self._rows_will_move)
        table.arranged.connect(self._rows_have_moved)
        focus.row_changed.connect(self._look_at)
        focus.rows_changed.connect(self._select)
        view.selectionModel().currentRowChanged.connect(self._current_changed)
        view.selectionModel().selectionChanged.connect(self._selection_changed)
        self._rows_have_moved(by_person=False)

    @contextmanager
    def _following(self) -> Iterator[None]:
        before, self._answering = self._answering, True
        try:
            yield
        finally:
            self._answering = before

    # from the view to the focus

    def _current_changed(self, current: QModelIndex) -> None:
        if not self._answering and current.isValid():
            with self._following():
                self._focus.set_row(self._table.row_at(current.row()))

    def _selection_changed(self) -> None:
        if not self._answering:
            with self._following():
                self._focus.select(self._selected())

    def _selected(self) -> Rows:
        """In the order of the table."""
        selection = self._view.selectionModel().selection()
        spans = sorted((span.top(), span.bottom()) for span in map(selection.at, range(selection.count())))
        parts = [self._table.rows[top : bottom + 1] for top, bottom in spans]
        return np.concatenate(parts) if parts else np.empty(0, np.intp)

    # from the focus to the view

    def _look_at(self, row: int) -> None:
        if self._answering:
            return
        position = self._position(row)
        index = self._table.index(position, Column.TITLE) if position is not None else QModelIndex()
        with self._following():
            self._view.selectionModel().setCurrentIndex(index, _Flag.NoUpdate)
            if index.isValid():
                self._view.scrollTo(index)

    def _select(self, rows: Rows) -> None:
        if self._answering:
            return
        positions = self._table.positions(rows)
        wanted = QItemSelection()
        for first, last in _spans(positions):
            wanted.append(self._table.cells(first, last))
        with self._following():
            # Qt compares the old selection with the new one in quadratic time, so the old one goes first.
            self._view.selectionModel().clearSelection()
            self._view.selectionModel().select(wanted, _Flag.Select)

    # rows come, go and change places

    def _rows_will_move(self) -> None:
        self._answering = True
        self._before = self._table.rows
        current = self._view.currentIndex()
        rect = self._view.visualRect(current)
        self._current_on_screen = current.isValid() and self._view.viewport().rect().intersects(rect)
        position = current.row() if self._current_on_screen else self._view.rowAt(0)
        top = self._view.rowViewportPosition(position)
        self._anchor = (self._table.row_at(position), top) if position >= 0 else None

    def _rows_have_moved(self, by_person: bool) -> None:
        before, self._before, self._answering = self._before, None, False
        self._focus.show_rows(self._table.rows)
        if before is None and self._focus.row != NO_ROW:
            return
        shown = np.zeros(len(self._table.review), bool)
        shown[self._table.rows] = True
        row = self._surviving(shown, self._table.rows if before is None else before[before < len(shown)])
        kept = self._focus.rows[shown[self._focus.rows]]
        self._focus.set_row(row)
        self._focus.select(kept if len(kept) or row == NO_ROW else np.array([row], np.intp))
        self._select(self._focus.rows)
        self._look_at(row)
        self._return_to_place(by_person)

    def _surviving(self, shown: npt.NDArray[np.bool_], before: Rows) -> int:
        """The row that is looked at; if it is hidden now, the next one that is not, or else the one before."""
        row = self._focus.row
        if row != NO_ROW and shown[row]:
            return row
        place = int(np.argmax(before == row)) if row != NO_ROW and len(before) else 0
        left = before[shown[before]]
        if len(left):
            after = int(np.count_nonzero(shown[before[:place]]))
            return int(left[min(after, len(left) - 1)])
        return self._table.row_at(0) if len(self._table.rows) else NO_ROW

    def _return_to_place(self, by_person: bool) -> None:
        if by_person and not self._current_on_screen:
            self._view.scrollToTop()
        elif self._anchor and (position := self._position(self._anchor[0])) is not None:
            height = self._view.verticalHeader().defaultSectionSize()
            self._view.verticalScrollBar().setValue(position * height - self._anchor[1])

    def _position(self, row: int) -> int | None:
        positions = self._table.positions(np.array([row] if row != NO_ROW else [], np.intp))
        return int(positions[0]) if positions.size else None


def _spans(positions: Rows) -> list[tuple[int, int]]:
    """Runs (first, last) of neighbours in ascending positions."""
    if not len(positions):
        return []
    breaks = np.flatnonzero(np.diff(positions) != 1)
    firsts = positions[np.concatenate(([0], breaks + 1))]
    lasts = positions[np.concatenate((breaks, [len(positions) - 1]))]
    return list(zip(firsts.tolist(), lasts.tolist(), strict=True))
