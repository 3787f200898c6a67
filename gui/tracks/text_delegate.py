"""Paints the cells that hold one line of text, or the picture of a state.

Contents: ``TextDelegate``
"""

from functools import lru_cache

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemDelegate, QStyleOptionViewItem, QTableView

from gui.look import theme
from gui.look.groups import group_pixmap
from gui.tracks import row_text
from gui.tracks.cell_painting import AnyIndex, LinePainter, paint_background
from gui.tracks.columns import Column
from gui.tracks.track_table import TrackTable
from tagger_core.review import Group

ICON = 16
_MARK = 3
"""Width of the mark of the current row."""


class TextDelegate(QAbstractItemDelegate):
    """All columns but the chips."""

    def __init__(self, table: TrackTable, view: QTableView) -> None:
        super().__init__(view)
        self._table = table
        self._view = view
        self._icon = lru_cache(64)(group_pixmap)
        self.forget()

    def forget(self) -> None:
        """The font, the palette or the screen has changed."""
        self._line = LinePainter(self._view.font())
        self._icon.cache_clear()

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:  # noqa: N802
        return option.rect.size()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        paint_background(painter, option)
        row, column = self._table.row_at(index.row()), Column(index.column())
        if column is Column.STATE:
            self._paint_state(painter, option.rect, self._table.review.group(row), index.row())
        elif text := row_text.shown(self._table, row, column):
            tokens = theme.current()
            self._line.paint(painter, option.rect, text, tokens.text if column is Column.TITLE else tokens.text_muted)

    def _paint_state(self, painter: QPainter, rect: QRect, group: Group, position: int) -> None:
        if position == self._view.currentIndex().row():
            tokens = theme.current()
            mark = tokens.focus_ring if self._view.hasFocus() else tokens.outline
            painter.fillRect(QRect(rect.left(), rect.top(), _MARK, rect.height()), mark)
        top = rect.top() + (rect.height() - ICON) // 2
        picture = self._icon(group, ICON, self._view.devicePixelRatioF())
        painter.drawPixmap(QPoint(rect.left() + theme.SPACE, top), picture)
