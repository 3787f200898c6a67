"""The header of the table: which columns are shown, how wide, in which order; a person changes all of that.

Contents: ``ColumnHeader``
"""

from PySide6.QtCore import QByteArray, QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QHeaderView, QMenu, QWidget

from gui.tracks.columns import Column, column_name

_WIDTHS = {
    Column.STATE: 32,
    Column.TITLE: 170,
    Column.ARTIST: 100,
    Column.SUGGESTED: 300,
    Column.CONFIDENCE: 90,
    Column.ALBUM: 140,
    Column.FILE: 180,
    Column.FOLDER: 220,
}
"""Device-independent pixels; the suggestions take what is left."""
_HIDDEN = (Column.CONFIDENCE, Column.ALBUM, Column.FILE, Column.FOLDER)
_FIXED = (Column.STATE, Column.TITLE, Column.SUGGESTED)
"""Without these the table is no use, so they cannot be hidden."""
_NARROWEST = 32
_SETTLED = 300
"""Milliseconds after the last movement of the pointer that moves a column."""


class ColumnHeader(QHeaderView):
    """Click: sort (a third click: the order in which tracks were found). Drag: move. Right click: show or hide."""

    changed = Signal()
    """There is something new to be saved."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setAccessibleName(self.tr("Columns"))
        self.setSectionsMovable(True)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSortIndicatorShown(True)
        self.setSortIndicatorClearable(True)
        self.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setMinimumSectionSize(_NARROWEST)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._offer_columns)
        self._settled = QTimer(self, interval=_SETTLED, singleShot=True)
        self._settled.timeout.connect(self.changed)
        for moved in (self.sectionResized, self.sectionMoved, self.sortIndicatorChanged):
            moved.connect(lambda *_: self._settled.start())

    def show_usual(self) -> None:
        """The columns as they are before a person changes them; the header belongs to its view by then."""
        for column in Column:
            self.resizeSection(column, _WIDTHS[column])
            self.setSectionHidden(column, column in _HIDDEN)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.setSectionResizeMode(Column.STATE, QHeaderView.ResizeMode.Fixed)
        self.setSectionResizeMode(Column.SUGGESTED, QHeaderView.ResizeMode.Stretch)

    def saved(self) -> str:
        """All of it, in letters and digits."""
        return bytes(self.saveState().toBase64().data()).decode("ascii")

    def restore(self, saved: str) -> None:
        """Back to what was saved; what another version has saved is left alone."""
        self.restoreState(QByteArray.fromBase64(saved.encode("ascii", "replace")))

    def _offer_columns(self, point: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for column in Column:
            action = menu.addAction(column_name(column))
            action.setCheckable(True)
            action.setChecked(not self.isSectionHidden(column))
            action.setEnabled(column not in _FIXED)
            action.toggled.connect(lambda shown, column=column: self._show(column, shown))
        menu.popup(self.mapToGlobal(point))

    def _show(self, column: Column, shown: bool) -> None:
        self.setSectionHidden(column, not shown)
        self._settled.start()
