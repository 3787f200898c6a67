"""The runs that wrote files, as a table; newest first."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QDateTime, QLocale, QModelIndex, QObject, QPersistentModelIndex, Qt

from gui.look.wording import Words, filled, number
from tagger_core.journal_entries import Run, RunKind, RunState

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()

WHEN, WHAT, STATE, FOLDER = range(4)


class HistoryModel(QAbstractTableModel):
    """One row for each run."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words = Words(self)
        self._runs: list[Run] = []

    def show_runs(self, runs: list[Run]) -> None:
        self.beginResetModel()
        self._runs = runs
        self.endResetModel()

    def run(self, row: int) -> Run | None:
        return self._runs[row] if 0 <= row < len(self._runs) else None

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        return 0 if parent.isValid() else len(self._runs)

    def columnCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        return 0 if parent.isValid() else 4

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("When"), self.tr("What"), self.tr("State"), self.tr("Folder"))[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        shown = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole)
        if not index.isValid() or role not in shown:
            return None
        run = self._runs[index.row()]
        match index.column():
            case 0:
                when = QDateTime.fromSecsSinceEpoch(int(run.started.timestamp()))
                return QLocale().toString(when, QLocale.FormatType.ShortFormat)
            case 1:
                return self.what(run)
            case 2:
                return self.state(run)
        return ", ".join(map(str, run.folders))

    def what(self, run: Run) -> str:
        """What the run did."""
        files = self._words.files(run.written + run.undone + run.unknown)
        if run.kind is RunKind.WRITE:
            return filled(self.tr("Run %1: wrote %2"), number(run.id), files)
        return filled(self.tr("Run %1: took back run %2 in %3"), number(run.id), number(run.undoes or 0), files)

    def state(self, run: Run) -> str:
        """What of it is in the files now."""
        if run.state is RunState.OPEN:
            return self.tr("going on")
        parts = []
        if run.state is RunState.INTERRUPTED:
            parts.append(self.tr("interrupted"))
        if run.written and run.undone:
            parts.append(self.tr("partly taken back"))
        elif run.undone:
            parts.append(self.tr("taken back"))
        elif run.written:
            parts.append(self.tr("in the files") if run.kind is RunKind.WRITE else self.tr("in force"))
        if run.unknown:
            parts.append(self.tr("%Ln file(s) in unknown state", "", run.unknown))
        if run.without_bytes:
            parts.append(self.tr("old bytes not kept any more"))
        return ", ".join(parts)
