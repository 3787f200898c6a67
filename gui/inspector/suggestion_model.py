"""The lines of the suggestion list as a Qt model.

Contents: ``SuggestionModel``, ``LINE_ROLE``, ``NUMBER_KEYS``
"""

import math
from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from gui.inspector.suggestion_lines import SuggestionLine
from gui.inspector.words import probability_text, tooltip
from gui.look.wording import Words, filled

LINE_ROLE = Qt.ItemDataRole.UserRole

NUMBER_KEYS = 9
"""The first lines have the keys 1 to 9."""

Index = QModelIndex | QPersistentModelIndex


class SuggestionModel(QAbstractListModel):
    """The lines that are shown: the first few, or all."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: Sequence[SuggestionLine] = ()
        self._first = 0
        self._all = False

    @property
    def hidden(self) -> int:
        """Lines that are there but not shown."""
        return len(self._lines) - self.rowCount()

    @property
    def total(self) -> int:
        return len(self._lines)

    @property
    def shows_all(self) -> bool:
        return self._all

    def set_lines(self, lines: Sequence[SuggestionLine], first: int) -> None:
        """Show the ``first`` lines (all, if all are wanted)."""
        old = [line.name for line in self._shown()]
        count = len(lines) if self._all else first
        if old == [line.name for line in lines[:count]]:
            self._lines, self._first = lines, first
            if count:
                self.dataChanged.emit(self.index(0), self.index(count - 1))
            return
        self.beginResetModel()
        self._lines, self._first = lines, first
        self.endResetModel()

    def show_all(self, wanted: bool) -> None:
        if wanted != self._all:
            self.beginResetModel()
            self._all = wanted
            self.endResetModel()

    def line(self, row: int) -> SuggestionLine:
        return self._lines[row]

    def row_of(self, name: str) -> int | None:
        """Where a tag is shown."""
        return next((row for row, line in enumerate(self._shown()) if line.name == name), None)

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        if parent is not None and parent.isValid():
            return 0
        return len(self._shown())

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= self.rowCount():
            return None
        line = self._lines[index.row()]
        if role == LINE_ROLE:
            return line
        if role == Qt.ItemDataRole.DisplayRole:
            return line.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._described(index.row(), line)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(self._described(index.row(), line))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def _shown(self) -> Sequence[SuggestionLine]:
        return self._lines if self._all else self._lines[: self._first]

    def _described(self, row: int, line: SuggestionLine) -> str:
        parts = [f"{line.name} ({Words().category(line.category)})"]
        if math.isnan(line.probability):
            parts.append(self.tr("no model knows this tag"))
        else:
            heard = self.tr("heard with %1, needed %2")
            parts.append(filled(heard, probability_text(line.probability), probability_text(line.threshold)))
        parts.append(self._state(line))
        if line.by_hand:
            parts.append(self.tr("by hand"))
        if line.note:
            parts.append(line.note)
        if row < NUMBER_KEYS:
            parts.append(filled(self.tr("key %1"), str(row + 1)))
        return ", ".join(parts)

    def _state(self, line: SuggestionLine) -> str:
        if line.ticked is None:
            return self.tr("ticked on some")
        return self.tr("ticked") if line.ticked else self.tr("not ticked")
