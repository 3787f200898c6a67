"""Everything at the fingertips: type a few letters of an action, a tag or a folder, and press Enter.

Contents: ``Command``, ``misfit`` (the fuzzy comparison), ``CommandPalette``
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QLineEdit, QListView, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from gui.look import theme
from gui.shell.overlay import Overlay

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_SHOWN = 200
_PAGE = 8
_HINT_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Command:
    """One line of the palette. ``hint``: its key, or what kind of thing it is."""

    title: str
    hint: str
    icon: str
    run: Callable[[], object]


def misfit(typed: str, title: str) -> int | None:
    """How well a title fits what was typed, smaller is better; ``None`` if its letters are not there in order.

    A letter right after the one before it costs nothing, one that begins a word costs 1, any other costs 3.
    """
    folded = title.casefold()
    costs = {-1: 0}  # where the last letter was found -> the least that this costs
    for letter in typed.casefold().replace(" ", ""):
        further: dict[int, int] = {}
        for place in (place for place, other in enumerate(folded) if other == letter):
            ways = [cost + _step(folded, before, place) for before, cost in costs.items() if before < place]
            if ways:
                further[place] = min(ways)
        costs = further
    return min(costs.values(), default=None)


def _step(text: str, before: int, place: int) -> int:
    if place == before + 1:
        return 0
    return 1 if _begins_word(text, place) else 3


def _begins_word(text: str, place: int) -> bool:
    return place == 0 or not text[place - 1].isalnum()


class CommandPalette(Overlay):
    """A field, and what fits its text."""

    def __init__(self, window: QWidget, commands: Sequence[Command]) -> None:
        super().__init__(window, 620, 460)
        self._model = _CommandModel(commands, self)
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Type an action, a tag or a folder"))
        self.field.setAccessibleName(self.tr("Find a command"))
        self.field.textChanged.connect(self._find)
        self.field.returnPressed.connect(self.run_current)
        self.field.installEventFilter(self)
        self.list = QListView()
        self.list.setModel(self._model)
        self.list.setItemDelegate(_HintDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setAccessibleName(self.tr("Commands"))
        self.list.setIconSize(QSize(16, 16))
        self.list.clicked.connect(self.run_current)
        column = QVBoxLayout(self.card)
        column.addWidget(self.field)
        column.addWidget(self.list)
        self.card.setMinimumHeight(360)
        self._find("")

    def open(self) -> None:
        super().open()
        self.field.setFocus()

    def titles(self) -> list[str]:
        """What is listed now."""
        return [command.title for command in self._model.found]

    def run_current(self) -> None:
        """Close the palette and carry the chosen command out."""
        position = self.list.currentIndex().row()
        if 0 <= position < len(self._model.found):
            command = self._model.found[position]
            self.dismiss()
            command.run()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: _PAGE, Qt.Key.Key_PageUp: -_PAGE}
            step = steps.get(Qt.Key(event.key()))
            if step is not None:
                self._choose(self.list.currentIndex().row() + step)
                return True
        return super().eventFilter(watched, event)

    def _find(self, typed: str) -> None:
        self._model.find(typed)
        self._choose(0)

    def _choose(self, position: int) -> None:
        last = self._model.rowCount() - 1
        self.list.setCurrentIndex(self._model.index(min(max(position, 0), last)))


class _CommandModel(QAbstractListModel):
    def __init__(self, commands: Sequence[Command], parent: QObject) -> None:
        super().__init__(parent)
        self._commands = commands
        self.found: list[Command] = []

    def find(self, typed: str) -> None:
        costs = [
            (cost, place) for place, one in enumerate(self._commands) if (cost := misfit(typed, one.title)) is not None
        ]
        self.beginResetModel()
        self.found = [self._commands[place] for _, place in sorted(costs)[:_SHOWN]]
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        return 0 if parent.isValid() else len(self.found)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        command = self.found[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return command.title
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{command.title} {command.hint}"
            case Qt.ItemDataRole.DecorationRole:
                return theme.icon(command.icon) if command.icon else None
            case _ if role == _HINT_ROLE:
                return command.hint
        return None


class _HintDelegate(QStyledItemDelegate):
    """The title on the left, the hint muted on the right."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        painter.save()
        painter.setPen(theme.current().text_muted)
        area = option.rect.adjusted(0, 0, -theme.SPACE, 0)
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, index.data(_HINT_ROLE))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - Qt's name
        return super().sizeHint(option, index).expandedTo(QSize(0, option.fontMetrics.height() + 2 * theme.GAP))
