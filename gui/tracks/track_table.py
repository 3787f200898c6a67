"""The model of the table: which rows of the review are shown, in which order, and what stands in them.

There is no proxy: the model owns an index array, position in the table -> row of the review, which ``Review.find`` and
``Review.order`` make. A row is known by its number in the review, never by its position.

A row whose value changes stays where it is, also where the table is sorted by that value, until other rows come in
or a person sorts again: nothing jumps away from under the pointer.

Contents: ``Filter``, ``TrackTable``, ``ROW_ROLE``
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionRange,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from gui.focus import NO_TAG
from gui.library.library import Library
from gui.tracks import row_text
from gui.tracks.columns import ORDERS, Column, column_hint, column_name
from tagger_core.review import Group, ReviewTag
from tagger_core.review.values import Rows

if TYPE_CHECKING:
    from tagger_core.review import Review

ROW_ROLE = Qt.ItemDataRole.UserRole
"""The row of the review."""

_AnyIndex = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()
_COLUMNS = len(Column)  # an enumeration counts its members anew each time, and Qt asks for each cell
_MANY = 16
"""More chips than any column has room for."""
_CHIPS_KEPT = 1024
_SETTLED = 120
"""Milliseconds without another threshold."""
_FEW = 8
"""Up to so many gaps, rows are taken out of the view one gap after the other; above, it is told to look again."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which tracks are shown: those of a group, with a ticked tag, whose names hold a text; all at first."""

    group: Group | None = None
    tag: int = NO_TAG
    text: str = ""

    @property
    def shows_all(self) -> bool:
        return self == Filter()


class TrackTable(QAbstractTableModel):
    """The tracks that the filter lets through."""

    rearranging = Signal()
    """Rows are about to go or change places; told before Qt's own signals, on which selections change."""
    arranged = Signal(bool)
    """Other rows are shown, or in another order; whether a person asked for it, and it was not rows that came in."""

    def __init__(self, library: Library, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._filter = Filter()
        self._sorted_by: Column | None = None
        self._descending = False
        self._rows: Rows = np.empty(0, np.intp)
        self._positions: Rows | None = None
        self._settings = library.review.settings
        self._chips: dict[int, list[ReviewTag]] = {}
        self._settled = QTimer(self, interval=_SETTLED, singleShot=True)
        self._settled.timeout.connect(self._show_near_misses)
        library.rows_added.connect(self.refresh)
        library.rows_changed.connect(self._repaint)
        library.review_changed.connect(self._judged)
        library.reset.connect(self._start_again)
        self.refresh()

    @property
    def review(self) -> "Review":
        return self._library.review

    @property
    def rows(self) -> Rows:
        """The rows of the review in the order in which they are shown."""
        return self._rows

    @property
    def filter(self) -> Filter:
        return self._filter

    def set_filter(self, wanted: Filter) -> None:
        if wanted != self._filter:
            self._filter = wanted
            self._chips.clear()
            self._show(self._in_order(self._found()), by_person=True)

    def refresh(self) -> None:
        """Look again which rows the filter lets through; those that stay keep their order."""
        found = self._found()
        if len(found) == len(self._rows) == len(self.review):
            return  # all are shown already
        kept = self._rows[_mask(found, len(self.review))[self._rows]]
        self._show(kept if len(kept) == len(found) else self._in_order(found))

    def row_at(self, position: int) -> int:
        """The row of the review at a position of the table."""
        return int(self._rows[position])

    def chips(self, row: int) -> list[ReviewTag]:
        """The tags to show of a row of the review, that of the filter first; remembered, as a frame asks for dozens."""
        chips = self._chips.get(row)
        if chips is None:
            if len(self._chips) >= _CHIPS_KEPT:
                self._chips.clear()
            chips = self._chips[row] = self._filtered_first(row)
        return chips

    def _filtered_first(self, row: int) -> list[ReviewTag]:
        if self._filter.tag == NO_TAG:
            return self.review.chips_of(row, _MANY)
        tags = self.review.tags
        name = tags[self._filter.tag].name
        return sorted(self.review.chips_of(row, len(tags)), key=lambda tag: tag.name != name)[:_MANY]

    def positions(self, rows: Rows) -> Rows:
        """Where rows of the review are shown, ascending; those that are not shown are left out."""
        return np.sort(self._places(rows))

    def cells(self, first: int, last: int) -> QItemSelectionRange:
        """All cells from one position to another, without Qt asking for each corner whether it is there."""
        return QItemSelectionRange(self.createIndex(first, 0), self.createIndex(last, _COLUMNS - 1))

    # what Qt asks

    def rowCount(self, parent: _AnyIndex = _NO_INDEX) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _AnyIndex = _NO_INDEX) -> int:  # noqa: N802
        return 0 if parent.isValid() else _COLUMNS

    def data(self, index: _AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self.row_at(index.row()), Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return row_text.shown(self, row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return row_text.explained(self, row, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row_text.spoken(self, row, column)
        return row if role == ROW_ROLE else None

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Vertical or not 0 <= section < len(Column):
            return None
        if role == Qt.ItemDataRole.DisplayRole and section == Column.STATE:
            return ""  # as narrow as its pictures
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return column_name(Column(section))
        if role == Qt.ItemDataRole.ToolTipRole:
            return column_hint(Column(section))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1: in the order in which the tracks were found."""
        self._sorted_by = Column(column) if column >= 0 else None
        self._descending = order is Qt.SortOrder.DescendingOrder
        self._show(self._in_order(self._found()), by_person=True)

    # how rows change

    def _found(self) -> Rows:
        tag = None if self._filter.tag == NO_TAG else self._filter.tag
        return self.review.find(self._filter.group, tag, self._filter.text)

    def _in_order(self, rows: Rows) -> Rows:
        if self._sorted_by is None:
            return rows
        return self.review.order(rows, ORDERS[self._sorted_by], self._descending)

    def _show(self, rows: Rows, by_person: bool = False) -> None:
        old = self._rows
        if np.array_equal(old, rows):
            return
        if len(old) < len(rows) and np.array_equal(old, rows[: len(old)]):
            self.beginInsertRows(_NO_INDEX, len(old), len(rows) - 1)
            self._set(rows)
            self.endInsertRows()
        else:
            self._rearrange(rows)
        self.arranged.emit(by_person)

    def _rearrange(self, rows: Rows) -> None:
        self.rearranging.emit()
        gaps = _gaps(self._rows, rows)
        if 0 < len(gaps) <= _FEW:
            for first, end in reversed(gaps):
                self.beginRemoveRows(_NO_INDEX, first, end - 1)
                self._set(np.delete(self._rows, slice(first, end)))
                self.endRemoveRows()
        else:
            self.beginResetModel()
            self._set(rows)
            self.endResetModel()

    def _set(self, rows: Rows) -> None:
        self._rows = rows
        self._positions = None

    def _start_again(self) -> None:
        self.rearranging.emit()
        self.beginResetModel()
        self._chips.clear()
        self._filter = Filter()
        self._set(self._in_order(self._found()))
        self.endResetModel()
        self.arranged.emit(True)

    def _judged(self) -> None:
        self.refresh()
        if self.review.settings is not self._settings:
            self._settings = self.review.settings
            self._settled.start()

    def _show_near_misses(self) -> None:
        """Thresholds are others, and with them what is a near miss, in rows that did not change otherwise.

        While a threshold is being dragged this can wait: a frame has no time for every row on the screen.
        """
        self._chips.clear()
        if len(self._rows):
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(Column) - 1))

    def _places(self, rows: Rows) -> Rows:
        if self._positions is None:
            self._positions = np.full(len(self.review), -1, np.intp)
            self._positions[self._rows] = np.arange(len(self._rows))
        found = self._positions[rows[rows < len(self._positions)]]
        return found[found >= 0]

    def _repaint(self, rows: Rows) -> None:
        known = np.fromiter(self._chips, np.intp, len(self._chips))
        for row in known[_mask(rows, len(self.review))[known]].tolist():
            del self._chips[row]
        positions = self._places(rows)
        if len(positions):
            first = self.index(int(positions.min()), 0)
            self.dataChanged.emit(first, self.index(int(positions.max()), len(Column) - 1))


def _mask(rows: Rows, length: int) -> npt.NDArray[np.bool_]:
    """Row -> whether it is one of ``rows``."""
    mask = np.zeros(length, bool)
    mask[rows] = True
    return mask


def _gaps(old: Rows, new: Rows) -> list[tuple[int, int]]:
    """Positions (first, end) of ``old`` that are left out in ``new``; none if that is not the only difference."""
    if not 0 < len(new) < len(old):
        return []
    stays = _mask(new, int(max(old.max(), new.max())) + 1)[old]
    if not np.array_equal(old[stays], new):
        return []
    edges = np.flatnonzero(np.diff(np.concatenate(([1], stays, [1]))))
    return [(int(first), int(end)) for first, end in edges.reshape(-1, 2)]
