"""The groups of the triage with their counts; choosing one shows its tracks.

Contents: ``TriageList`` (the model), ``TriagePanel``
"""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtWidgets import QFrame, QLabel, QListView, QVBoxLayout, QWidget

from gui.library.library import Library
from gui.look import theme
from gui.look.groups import group_hint, group_icon, group_name
from gui.look.wording import Words
from gui.tracks.count_delegate import COUNT_ROLE, CountDelegate
from tagger_core.review import Group

_AnyIndex = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()
_LINES: tuple[Group | None, ...] = (None, *Group)
"""All tracks, then each group."""


class TriageList(QAbstractListModel):
    """All tracks and the groups, with their counts."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words = Words(self)
        self._counts: dict[Group | None, int] = dict.fromkeys(_LINES, 0)

    def show_counts(self, counts: Mapping[Group, int]) -> None:
        now: dict[Group | None, int] = {None: sum(counts.values())} | {group: counts.get(group, 0) for group in Group}
        before, self._counts = self._counts, now
        for line, group in enumerate(_LINES):
            if now[group] != before[group]:
                self.dataChanged.emit(self.index(line), self.index(line))

    def rowCount(self, parent: _AnyIndex = _NO_INDEX) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(_LINES)

    def data(self, index: _AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        group = _LINES[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._name(group)
            case Qt.ItemDataRole.DecorationRole:
                return theme.icon("tracks", theme.current().text_muted) if group is None else group_icon(group)
            case Qt.ItemDataRole.ToolTipRole:
                return self.tr("Every track of the open folders.") if group is None else group_hint(group)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{self._name(group)}: {self._words.tracks(self._counts[group])}"
            case _:
                return self._counts[group] if role == COUNT_ROLE else None

    def _name(self, group: Group | None) -> str:
        return self.tr("All") if group is None else group_name(group)


class TriagePanel(QWidget):
    """Chooses the group whose tracks are shown."""

    group_chosen = Signal(object)
    """``Group``, or ``None`` for all tracks."""

    def __init__(self, library: Library) -> None:
        super().__init__()
        self._library = library
        self._list = TriageList(self)
        self._view = QListView()
        self._view.setAccessibleName(self.tr("Groups of tracks"))
        self._view.setModel(self._list)
        self._view.setItemDelegate(CountDelegate(self._view))
        self._view.setUniformItemSizes(True)
        self._view.setMouseTracking(True)
        self._view.setFrameShape(QFrame.Shape.NoFrame)
        self._view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        heading = QLabel(self.tr("Triage"))
        heading.setFont(theme.font_bold())
        heading.setContentsMargins(theme.SPACE, theme.SPACE, theme.SPACE, theme.GAP)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(heading)
        box.addWidget(self._view)
        self.show_group(None)
        self._fit()
        self._view.selectionModel().currentChanged.connect(self._chosen)
        library.review_changed.connect(self._refresh)
        library.rows_added.connect(self._refresh)
        library.reset.connect(self._refresh)
        theme.notifier().changed.connect(self._view.viewport().update)
        self._refresh()

    def show_group(self, group: Group | None) -> None:
        """Show as chosen what was chosen elsewhere."""
        selection = self._view.selectionModel()
        blocked = selection.blockSignals(True)
        selection.setCurrentIndex(
            self._list.index(_LINES.index(group)), QItemSelectionModel.SelectionFlag.ClearAndSelect
        )
        selection.blockSignals(blocked)
        self._view.viewport().update()

    def _chosen(self, index: QModelIndex) -> None:
        self.group_chosen.emit(_LINES[index.row()])

    def _refresh(self) -> None:
        self._list.show_counts(self._library.review.counts())

    def _fit(self) -> None:
        """All lines, always."""
        self._view.setFixedHeight(self._view.sizeHintForRow(0) * len(_LINES))
