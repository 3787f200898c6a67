"""The list of a tag's tracks on the screen: bars of probability, and the cut as a line between two rows.

Selection and current row are those of ``Focus``, so they are the same in all modes.

Contents: ``CutView``
"""

import numpy as np
from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    Qt,
)
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from gui.focus import NO_ROW, Focus
from gui.look import theme
from gui.look.groups import group_pixmap
from gui.tags_mode.cut_list import Column, CutList, Mark
from gui.tracks.cell_painting import LinePainter
from tagger_core.review.values import Rows

ICON = 16
_CUT_WIDTH = 2
_BAR = 7
_AnyIndex = QModelIndex | QPersistentModelIndex
_WIDTHS = {Column.TICK: 44, Column.PROBABILITY: 130, Column.ARTIST: 140, Column.STATE: 110}


class CutDelegate(QAbstractItemDelegate):
    """Paints all columns, cheaply: text, bar, icon and the cut."""

    def __init__(self, listed: CutList, view: QTableView) -> None:
        super().__init__(view)
        self._list = listed
        self._view = view
        self.hue = QColor()
        self.forget()

    def forget(self) -> None:
        """The font has changed."""
        self._line = LinePainter(self._view.font())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _AnyIndex) -> None:
        rect, position = option.rect, index.row()
        tokens = theme.current()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, tokens.selection)
        column = Column(index.column())
        text = "" if column is Column.TICK else self._list.text(position, column)
        match column:
            case Column.TICK:
                self._paint_mark(painter, rect, position)
            case Column.PROBABILITY:
                self._paint_bar(painter, rect, position, text)
            case Column.STATE:
                self._paint_state(painter, rect, position, text)
            case Column.TITLE:
                self._paint_text(painter, rect, text, tokens.text)
            case Column.ARTIST:
                self._paint_text(painter, rect, text, tokens.text_muted)
        self._paint_cut(painter, rect, position)

    def _paint_text(self, painter: QPainter, rect: QRect, text: str, colour: QColor) -> None:
        self._line.paint(painter, rect.adjusted(0, 0, -theme.GAP, 0), text, colour)

    def _paint_mark(self, painter: QPainter, rect: QRect, position: int) -> None:
        tokens = theme.current()
        if position == self._view.currentIndex().row():
            mark = tokens.focus_ring if self._view.hasFocus() else tokens.outline
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), mark)
        name, colour = {
            Mark.TICKED: ("check", self.hue),
            Mark.TICKED_BY_HAND: ("edit", self.hue),
            Mark.UNTICKED_BY_HAND: ("close", tokens.text_muted),
            Mark.NOTHING: ("", tokens.text_muted),
        }[self._list.mark_at(position)]
        if name:
            picture = theme.pixmap(name, ICON, colour, self._view.devicePixelRatioF())
            painter.drawPixmap(rect.left() + theme.SPACE + 2, rect.center().y() - ICON // 2 + 1, picture)

    def _paint_bar(self, painter: QPainter, rect: QRect, position: int, text: str) -> None:
        tokens = theme.current()
        number = QFontMetrics(painter.font()).horizontalAdvance("0.00")
        painter.setPen(tokens.text)
        inner = rect.adjusted(theme.SPACE, 0, -theme.SPACE, 0)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        left = inner.left() + number + theme.SPACE
        bar = QRectF(left, inner.center().y() - _BAR // 2, inner.right() - left, _BAR)
        painter.fillRect(bar, tokens.raised)
        full = QColor(self.hue)
        if position >= self._list.cut:
            full.setAlphaF(0.45)
        bar.setWidth(bar.width() * self._list.probability_at(position))
        painter.fillRect(bar, full)

    def _paint_state(self, painter: QPainter, rect: QRect, position: int, text: str) -> None:
        group = self._list.review.group(self._list.row_at(position))
        picture = group_pixmap(group, ICON, self._view.devicePixelRatioF())
        painter.drawPixmap(rect.left() + theme.GAP, rect.center().y() - ICON // 2 + 1, picture)
        self._paint_text(painter, rect.adjusted(ICON, 0, 0, 0), text, theme.current().text_muted)

    def _paint_cut(self, painter: QPainter, rect: QRect, position: int) -> None:
        """The line above the first track below the threshold; half of it is in the row before."""
        cut = self._list.cut
        painter.setPen(QPen(theme.current().accent, _CUT_WIDTH))
        if position == cut:
            painter.drawLine(rect.topLeft(), rect.topRight())
        elif position == cut - 1:
            painter.drawLine(rect.bottomLeft(), rect.bottomRight())


class CutView(QTableView):
    """A virtual list: nothing is kept for a row that is not on the screen."""

    def __init__(self, listed: CutList, focus: Focus, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._list = listed
        self._focus = focus
        self._following = False
        self._top = NO_ROW
        self.setModel(listed)
        self._delegate = CutDelegate(listed, self)
        self.setItemDelegate(self._delegate)
        self._arrange()
        self.setAccessibleName(self.tr("Tracks by probability of the tag"))
        self.selectionModel().selectionChanged.connect(self._tell_selection)
        self.selectionModel().currentRowChanged.connect(self._tell_current)
        listed.modelAboutToBeReset.connect(self._hold)
        listed.modelReset.connect(self._return)
        focus.rows_changed.connect(self.follow)
        focus.row_changed.connect(self.follow)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._delegate.forget()

    def set_hue(self, hue: QColor) -> None:
        self._delegate.hue = hue
        self.viewport().update()

    def show_cut(self) -> None:
        """Scroll until the cut is in the middle."""
        if self._list.rowCount():
            position = min(self._list.cut, self._list.rowCount() - 1)
            self.scrollTo(self._list.index(position, 0), QAbstractItemView.ScrollHint.PositionAtCenter)

    def follow(self) -> None:
        """Show the selection and the current row that all modes share."""
        if self._following or not self.isVisible():
            return
        self._following = True
        wanted = self._selection_of(self._list.positions(self._focus.rows))
        # Qt compares the old selection with the new one in quadratic time, so the old one goes first.
        self.selectionModel().clearSelection()
        self.selectionModel().select(wanted, QItemSelectionModel.SelectionFlag.Select)
        current = self._list.positions(np.array([row for row in (self._focus.row,) if row != NO_ROW], np.intp))
        index = self._list.index(int(current[0]), Column.TITLE) if len(current) else QModelIndex()
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        self._following = False

    def _hold(self) -> None:
        """Remember what is at the top of the screen, before other tracks come in between."""
        top = self.rowAt(0)
        self._top = self._list.row_at(top) if top >= 0 else NO_ROW

    def _return(self) -> None:
        self.follow()
        positions = self._list.positions(np.array([row for row in (self._top,) if row != NO_ROW], np.intp))
        if len(positions):
            self.verticalScrollBar().setValue(int(positions[0]))

    def _selection_of(self, positions: Rows) -> QItemSelection:
        """One range for each run of neighbours."""
        selection = QItemSelection()
        if len(positions):
            starts = np.flatnonzero(np.diff(positions, prepend=-2) != 1)
            ends = np.append(starts[1:], len(positions)) - 1
            last = len(Column) - 1
            for start, end in zip(positions[starts].tolist(), positions[ends].tolist(), strict=True):
                selection.select(self._list.index(start, 0), self._list.index(end, last))
        return selection

    def _tell_selection(self) -> None:
        if self._following:
            return
        self._following = True
        selection = self.selectionModel().selection()
        ranges = [selection.at(index) for index in range(selection.count())]
        parts = [self._list.rows[top:end] for top, end in sorted({(one.top(), one.bottom() + 1) for one in ranges})]
        self._focus.select(np.concatenate(parts) if parts else np.empty(0, np.intp))
        self._following = False

    def _tell_current(self, current: QModelIndex) -> None:
        if not self._following and current.isValid():
            self._following = True
            self._focus.set_row(self._list.row_at(current.row()))
            self._following = False

    def _arrange(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + theme.SPACE)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setMinimumSectionSize(40)
        for column, width in _WIDTHS.items():
            header.resizeSection(column, width)
        header.setSectionResizeMode(Column.TITLE, QHeaderView.ResizeMode.Stretch)
