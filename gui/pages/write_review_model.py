"""The lines of the write review: for each file its edits, or why it cannot be written; a flat, virtual list.

A line is a file's edit of one field. The file's name stands on the first of its lines.

Contents: ``Line``, ``Part``, ``lines_of``, ``WriteReviewModel``
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from gui.library.events import PlannedFile, WriteReview
from tagger_core.domain import TagEdit

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()

FILE, FIELD, CHANGE = range(3)
PARTS_ROLE = Qt.ItemDataRole.UserRole
"""``tuple[Part, ...]`` of the cell ``CHANGE``."""
PROBLEM_ROLE = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class Part:
    """One value of a field. ``sign``: "+" it comes, "−" it goes, "" it stays."""

    sign: str
    value: str


@dataclass(frozen=True, slots=True)
class Line:
    """``path`` is ``None`` on the lines after a file's first."""

    path: Path | None
    field: str
    parts: tuple[Part, ...]
    problem: str = ""


def parts_of(edit: TagEdit) -> tuple[Part, ...]:
    """What stays, what goes, what comes, in this order."""
    stays = [Part("", value) for value in edit.old if value in edit.new]
    goes = [Part("−", value) for value in edit.old if value not in edit.new]
    comes = [Part("+", value) for value in edit.new if value not in edit.old]
    return tuple(stays + goes + comes)


def lines_of(files: Sequence[PlannedFile], paths: Sequence[Path]) -> list[Line]:
    """One line for each edit, and one for each file that cannot be written."""
    lines = []
    for file, path in zip(files, paths, strict=True):
        if file.problem:
            lines.append(Line(path, "", (), file.problem))
        elif file.plan:
            for position, edit in enumerate(file.plan.edits):
                lines.append(Line(path if position == 0 else None, edit.field, parts_of(edit)))
    return lines


class WriteReviewModel(QAbstractTableModel):
    """Files, fields and their changes."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: list[Line] = []

    def show_lines(self, lines: list[Line]) -> None:
        self.beginResetModel()
        self._lines = lines
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        return 0 if parent.isValid() else 3

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("File"), self.tr("Field"), self.tr("What changes"))[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        line = self._lines[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._text(line, index.column())
            case Qt.ItemDataRole.ToolTipRole:
                return str(line.path) if line.path and index.column() == FILE else self._text(line, index.column())
            case _ if role == PARTS_ROLE:
                return line.parts
            case _ if role == PROBLEM_ROLE:
                return line.problem
        return None

    def _text(self, line: Line, column: int) -> str:
        if column == FILE:
            return line.path.name if line.path else ""
        if column == FIELD:
            return line.field
        if line.problem:
            return self.tr("not written: %1").replace("%1", line.problem)
        return "  ".join(f"{part.sign} {part.value}" if part.sign else part.value for part in line.parts)


def review_lines(review: WriteReview, paths: Sequence[Path]) -> tuple[list[Line], list[Line]]:
    """All lines, those of problems first; and those of problems alone. ``paths`` belong to ``review.files``."""
    both = list(zip(review.files, paths, strict=True))
    bad = [(file, path) for file, path in both if file.problem]
    good = [(file, path) for file, path in both if not file.problem]
    problems = lines_of([file for file, _ in bad], [path for _, path in bad])
    return problems + lines_of([file for file, _ in good], [path for _, path in good]), problems
