"""The tracks of one tag, the most probable first, and where the threshold cuts them in two.

A track is known by its row in the review, never by its position here. Only tracks that were heard are listed.

Contents: ``CutList``, ``Column``, ``column_name``, ``Mark``
"""

from enum import Enum, IntEnum, auto
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from gui.focus import NO_TAG
from gui.library.library import Library
from gui.look.groups import group_hint, group_name
from tagger_core.review import Group
from tagger_core.review.values import Rows

if TYPE_CHECKING:
    from tagger_core.review import Review

UNDECIDED = (Group.READY, Group.UNSURE, Group.SILENT)
"""Groups of tracks that were heard and that nobody has decided about."""
_IS_UNDECIDED = np.array([group in UNDECIDED for group in Group])

_AnyIndex = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()


class Column(IntEnum):
    """What stands in the columns."""

    TICK = 0
    PROBABILITY = 1
    TITLE = 2
    ARTIST = 3
    STATE = 4


_COLUMNS = len(Column)  # an enumeration counts its members anew each time, and Qt asks for each cell


def column_name(column: Column) -> str:
    return {
        Column.TICK: QCoreApplication.translate("CutList", "Tag"),
        Column.PROBABILITY: QCoreApplication.translate("CutList", "Probability"),
        Column.TITLE: QCoreApplication.translate("CutList", "Title"),
        Column.ARTIST: QCoreApplication.translate("CutList", "Artist"),
        Column.STATE: QCoreApplication.translate("CutList", "State"),
    }[column]


class Mark(Enum):
    """What became of the tag on a track."""

    TICKED = auto()
    TICKED_BY_HAND = auto()
    UNTICKED_BY_HAND = auto()
    NOTHING = auto()


def mark_name(mark: Mark) -> str:
    return {
        Mark.TICKED: QCoreApplication.translate("CutList", "ticked"),
        Mark.TICKED_BY_HAND: QCoreApplication.translate("CutList", "ticked by you"),
        Mark.UNTICKED_BY_HAND: QCoreApplication.translate("CutList", "unticked by you"),
        Mark.NOTHING: "",
    }[mark]


class CutList(QAbstractTableModel):
    """Every heard track, by falling probability of one tag."""

    def __init__(self, library: Library, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._tag = NO_TAG
        self._rows: Rows = np.empty(0, np.intp)
        self._positions: Rows = np.empty(0, np.intp)
        self._probabilities = np.empty(0, np.float32)
        self._seen = np.empty(0, np.float32)
        self._cut = 0

    @property
    def review(self) -> "Review":
        return self._library.review

    @property
    def rows(self) -> Rows:
        """The rows of the review in the order in which they are listed."""
        return self._rows

    @property
    def cut(self) -> int:
        """So many tracks, those that come first, are at or above the threshold."""
        return self._cut

    @property
    def above(self) -> Rows:
        return self._rows[: self._cut]

    @property
    def below(self) -> Rows:
        return self._rows[self._cut :]

    def undecided(self, rows: Rows) -> Rows:
        """Those of the rows that nobody has decided about."""
        undecided: Rows = rows[_IS_UNDECIDED[self.review.groups[rows]]]
        return undecided

    def show_tag(self, tag: int) -> None:
        """List the tracks for another tag."""
        self._tag = tag
        self._arrange()

    def refresh(self) -> bool:
        """The review has changed: look again where the cut is, and sort again if tracks were heard since (True)."""
        if self._tag != NO_TAG and not np.array_equal(self._heard(), self._seen, equal_nan=True):
            self._arrange()
            return True
        if len(self._rows):
            self._cut = self._found_cut()
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(Column) - 1))
        return False

    def row_at(self, position: int) -> int:
        return int(self._rows[position])

    def probability_at(self, position: int) -> float:
        return float(self._probabilities[position])

    def mark_at(self, position: int) -> Mark:
        row = self.row_at(position)
        ticked, by_hand = self.review.ticked[row, self._tag], self.review.by_hand[row, self._tag]
        if ticked:
            return Mark.TICKED_BY_HAND if by_hand else Mark.TICKED
        return Mark.UNTICKED_BY_HAND if by_hand else Mark.NOTHING

    def positions(self, rows: Rows) -> Rows:
        """Where rows of the review are listed, ascending; those that are not are left out."""
        found = self._positions[rows[rows < len(self._positions)]]
        return np.sort(found[found >= 0])

    # what Qt asks

    def rowCount(self, parent: _AnyIndex = _NO_INDEX) -> int:  # noqa: N802 - Qt's name
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _AnyIndex = _NO_INDEX) -> int:  # noqa: N802
        return 0 if parent.isValid() else _COLUMNS

    def data(self, index: _AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.text(index.row(), Column(index.column()))
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._explained(index.row(), Column(index.column()))
        return None

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Vertical or not 0 <= section < len(Column):
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return column_name(Column(section))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def text(self, position: int, column: Column) -> str:
        """What stands in a cell."""
        row = self.row_at(position)
        match column:
            case Column.TICK:
                return mark_name(self.mark_at(position))
            case Column.PROBABILITY:
                return QLocale().toString(self.probability_at(position), "f", 2)
            case Column.TITLE:
                return self.review.name(row).title or self.review.path(row).name
            case Column.ARTIST:
                return self.review.name(row).artist
            case Column.STATE:
                return group_name(self.review.group(row))

    def _explained(self, position: int, column: Column) -> str:
        row = self.row_at(position)
        if column is Column.STATE:
            return group_hint(self.review.group(row))
        if column is Column.TITLE:
            return f"{self.text(position, column)}\n{self.review.path(row)}"
        return self.text(position, column)

    # arranging

    def _heard(self) -> npt.NDArray[np.float32]:
        return self.review.probabilities[:, self._tag]

    def _arrange(self) -> None:
        self.beginResetModel()
        self._seen = self._heard().copy() if self._tag != NO_TAG else np.empty(0, np.float32)
        heard = np.flatnonzero(~np.isnan(self._seen))
        self._rows = heard[np.argsort(-self._seen[heard], kind="stable")]
        self._probabilities = self._seen[self._rows]
        self._positions = np.full(len(self._seen), -1, np.intp)
        self._positions[self._rows] = np.arange(len(self._rows))
        self._cut = self._found_cut()
        self.endResetModel()

    def _found_cut(self) -> int:
        if self._tag == NO_TAG:
            return 0
        return int(np.count_nonzero(self._probabilities >= self.review.thresholds[self._tag]))
