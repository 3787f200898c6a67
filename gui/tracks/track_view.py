"""The table of tracks on the screen: its looks, what the pointer and the keys do, its context menu.

Contents: ``TrackView``
"""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView

from gui.focus import Focus
from gui.look import theme
from gui.tracks.chip_delegate import ChipDelegate
from gui.tracks.column_header import ColumnHeader
from gui.tracks.columns import Column
from gui.tracks.selection_sync import SelectionSync
from gui.tracks.text_delegate import TextDelegate
from gui.tracks.track_table import TrackTable
from tagger_core.review.values import Rows

_LEADING = 6
"""Room above and below the text of a row, together: a chip with its edge fits in."""
_SETTLED = 60
"""Milliseconds without scrolling after which the rows on the screen are told."""


class TrackView(QTableView):
    """A table of tracks."""

    chip_clicked = Signal(int, str)
    """Row of the review, name of the tag."""
    on_screen = Signal(object)
    """Rows of the review that are to be seen, once scrolling has settled."""

    def __init__(self, table: TrackTable, focus: Focus) -> None:
        super().__init__()
        self._table = table
        self._pressed: tuple[int, str] | None = None
        self._menu_actions: Sequence[QAction | None] = ()
        self.columns = ColumnHeader(self)
        self.setHorizontalHeader(self.columns)
        self.setModel(table)
        # The header asks for each column whether all of its cells are selected, which takes a look at every row; whole
        # rows are selected here, so it gets a selection of its own, which stays empty.
        self.columns.setSelectionModel(QItemSelectionModel(table, self.columns))
        self.setSortingEnabled(True)
        self._set_up_looks()
        self._chips = ChipDelegate(table, self)
        self._text = TextDelegate(table, self)
        self.setItemDelegate(self._text)
        self.setItemDelegateForColumn(Column.SUGGESTED, self._chips)
        self.columns.show_usual()
        self._sync = SelectionSync(self, table, focus)
        self._settled = QTimer(self, interval=_SETTLED, singleShot=True)
        self._settled.timeout.connect(lambda: self.on_screen.emit(self.rows_on_screen()))
        self.verticalScrollBar().valueChanged.connect(lambda: self._settled.start())
        table.arranged.connect(lambda: self._settled.start())
        theme.notifier().changed.connect(self._forget)
        self.selectionModel().currentRowChanged.connect(self._move_mark)
        self.installEventFilter(self)

    def set_menu(self, actions: Sequence[QAction | None]) -> None:
        """What the context menu of a row offers; ``None`` is a line."""
        self._menu_actions = actions

    def rows_on_screen(self) -> Rows:
        """Rows of the review that are to be seen."""
        first = self.rowAt(0)
        if first < 0:
            return np.empty(0, np.intp)
        last = self.rowAt(self.viewport().height() - 1)
        return self._table.rows[first : last + 1 if last >= 0 else None]

    # pointer and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """A chip takes the click for itself: the selection stays."""
        self._pressed = self._chip_at(event.position().toPoint()) if _is_plain_click(event) else None
        if self._pressed is None:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        pressed, self._pressed = self._pressed, None
        if pressed is None:
            super().mouseReleaseEvent(event)
        elif pressed == self._chip_at(event.position().toPoint()):
            self.chip_clicked.emit(*pressed)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Two quick clicks on a chip are two clicks."""
        self.mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if self._pressed is None:
            super().mouseMoveEvent(event)
        over = self._chip_at(event.position().toPoint()) is not None
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        by_pointer = event.reason() is QContextMenuEvent.Reason.Mouse
        if not self._menu_actions or (by_pointer and not self.indexAt(event.pos()).isValid()):
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action in self._menu_actions:
            if action is None:
                menu.addSeparator()
            else:
                menu.addAction(action)
        below = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
        menu.popup(event.globalPos() if by_pointer else below)

    def keyboardSearch(self, search: str) -> None:  # noqa: N802
        """Letters are commands here; searching has its own field."""

    def moveCursor(  # noqa: N802
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Home and End go to the first and the last track, as there are no cells to move between."""
        ends = {
            QAbstractItemView.CursorAction.MoveHome: 0,
            QAbstractItemView.CursorAction.MoveEnd: len(self._table.rows) - 1,
        }
        if action in ends and len(self._table.rows):
            return self._table.index(ends[action], Column.TITLE)
        return super().moveCursor(action, modifiers)

    def _chip_at(self, point: QPoint) -> tuple[int, str] | None:
        """Row of the review and name of the tag under the pointer."""
        index = self.indexAt(point)
        if not index.isValid() or index.column() != Column.SUGGESTED:
            return None
        tag = self._chips.tag_at(index, self.visualRect(index), point)
        return (self._table.row_at(index.row()), tag.name) if tag else None

    # looks

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme.current().surface)
        painter.end()
        super().paintEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.DevicePixelRatioChange):
            self._forget()
        elif event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.viewport().update()
        elif event.type() is QEvent.Type.Resize:
            self._settled.start()
        return super().eventFilter(watched, event)

    def _move_mark(self, current: QModelIndex, previous: QModelIndex) -> None:
        for index in (current, previous):
            self.update(index.siblingAtColumn(Column.STATE))

    def _set_up_looks(self) -> None:
        self.setAccessibleName(self.tr("Tracks"))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setCornerButtonEnabled(False)
        # Only what covers its own ground is moved by scrolling instead of painted again, and a style sheet takes that
        # from a view; so ``paintEvent`` covers it.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._fit_rows()

    def _fit_rows(self) -> None:
        height = QFontMetrics(self.font()).height() + _LEADING
        self.verticalHeader().setMinimumSectionSize(height)
        self.verticalHeader().setDefaultSectionSize(height)
        self.verticalScrollBar().setSingleStep(height)

    def _forget(self) -> None:
        self._fit_rows()
        self._chips.forget()
        self._text.forget()
        self.viewport().update()


def _is_plain_click(event: QMouseEvent) -> bool:
    return event.button() is Qt.MouseButton.LeftButton and event.modifiers() == Qt.KeyboardModifier.NoModifier
