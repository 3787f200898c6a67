"""Paints the suggestions of a track as chips in one line, and knows which chip is under the pointer.

A tag's name is never cut: the chips that do not fit become "+3".

Contents: ``ChipDelegate``, ``ChipLine``, ``PlacedChip``
"""

from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QPoint, QRect, QSize
from PySide6.QtGui import QHelpEvent, QPainter
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QStyleOptionViewItem, QTableView, QToolTip

from gui.look import theme
from gui.tracks import row_text
from gui.tracks.cell_painting import AnyIndex, LinePainter, paint_background
from gui.tracks.chips import ChipArtist
from gui.tracks.track_table import TrackTable
from tagger_core.review import Group, ReviewTag

MARGIN = 2
"""Above and below a chip, in its row."""
_LINES_KEPT = 1024
_SET_ASIDE = 0.45
"""Opacity of chips that will not be written."""
_ICON = 16


class PlacedChip(NamedTuple):
    """A chip, and where it begins and ends, from the left edge of its cell."""

    left: int
    end: int
    tag: ReviewTag


class ChipLine(NamedTuple):
    """The chips of a row that fit, and the tags that do not; "+3" begins at ``end``."""

    chips: tuple[PlacedChip, ...]
    hidden: tuple[ReviewTag, ...]
    end: int

    def tag_at(self, x: int) -> ReviewTag | None:
        return next((chip.tag for chip in self.chips if chip.left <= x < chip.end), None)


_NO_LINE: tuple[list[ReviewTag] | None, ChipLine] = (None, ChipLine((), (), 0))


class ChipDelegate(QAbstractItemDelegate):
    """The column of suggestions."""

    def __init__(self, table: TrackTable, view: QTableView) -> None:
        super().__init__(view)
        self._table = table
        self._view = view
        self._lines: dict[tuple[int, int], tuple[list[ReviewTag], ChipLine]] = {}
        self.forget()

    def forget(self) -> None:
        """The font, the palette or the screen has changed."""
        height = self._view.verticalHeader().defaultSectionSize() - 2 * MARGIN
        self._artist = ChipArtist(theme.font_small(), height, self._view.devicePixelRatioF())
        self._line = LinePainter(self._view.font())
        self._lines.clear()

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:  # noqa: N802
        return option.rect.size()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        paint_background(painter, option)
        row, rect = self._table.row_at(index.row()), option.rect
        group, problem = self._table.review.group(row), self._table.review.problem(row)
        if group is Group.FAILED:
            self._line.paint(painter, rect, problem, theme.current().bad)
            return
        if problem:
            rect = self._paint_warning(painter, rect)
        line = self.line(row, rect.width())
        if group is Group.SILENT and not line.chips:
            words = QCoreApplication.translate("ChipDelegate", "no tag reached its threshold")
            self._line.paint(painter, rect, words, theme.current().text_muted)
            return
        self._paint_chips(painter, rect, line, _SET_ASIDE if group is Group.SET_ASIDE else 1.0)

    def line(self, row: int, width: int) -> ChipLine:
        """What a cell of that width shows of a row."""
        tags = self._table.chips(row)
        known, line = self._lines.get((row, width), _NO_LINE)
        if known is not tags:
            if len(self._lines) >= _LINES_KEPT:
                self._lines.clear()
            line = self._placed(tags, width)
            self._lines[row, width] = (tags, line)
        return line

    def tag_at(self, index: AnyIndex, rect: QRect, point: QPoint) -> ReviewTag | None:
        """The tag whose chip is painted at ``point``; both ``rect`` (of the cell) and ``point`` in the viewport."""
        row = self._table.row_at(index.row())
        if self._table.review.group(row) is Group.FAILED:
            return None
        middle = abs(point.y() - rect.center().y())
        width = self._width(rect, row)
        return self.line(row, width).tag_at(point.x() - rect.left()) if middle <= self._artist.height / 2 else None

    def helpEvent(  # noqa: N802
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: AnyIndex
    ) -> bool:
        """What a tooltip says of the chip under the pointer; of "+3", which tags those are."""
        if not index.isValid():
            return False
        row, rect = self._table.row_at(index.row()), view.visualRect(index)
        tag = self.tag_at(index, rect, event.pos())
        text = row_text.tag_explained(tag) if tag else self._rest_explained(row, rect, event.pos())
        QToolTip.showText(event.globalPos(), row_text.plain(text), view, rect)
        return True

    def _rest_explained(self, row: int, rect: QRect, point: QPoint) -> str:
        problem = self._table.review.problem(row)
        line = self.line(row, self._width(rect, row))
        beyond = point.x() - rect.left() >= line.end
        hidden = "\n".join(row_text.tag_explained(tag) for tag in line.hidden)
        return problem or (hidden if beyond else "")

    def _width(self, rect: QRect, row: int) -> int:
        """For chips: without the place of the warning."""
        return rect.width() - (_ICON + theme.SPACE if self._table.review.problem(row) else 0)

    def _placed(self, tags: list[ReviewTag], width: int) -> ChipLine:
        chips: list[PlacedChip] = []
        left = theme.SPACE
        for position, tag in enumerate(tags):
            end = left + self._artist.width(tag)
            after = len(tags) - position - 1
            if end + (self._artist.more_width(after) if after else 0) > width:
                return ChipLine(tuple(chips), tuple(tags[position:]), left)
            chips.append(PlacedChip(left, end, tag))
            left = end + theme.GAP
        return ChipLine(tuple(chips), (), left)

    def _paint_chips(self, painter: QPainter, rect: QRect, line: ChipLine, opacity: float) -> None:
        painter.setOpacity(opacity)
        top = rect.top() + (rect.height() - self._artist.height) // 2
        for chip in line.chips:
            painter.drawPixmap(QPoint(rect.left() + chip.left, top), self._artist.chip(chip.tag))
        if line.hidden:
            painter.drawPixmap(QPoint(rect.left() + line.end, top), self._artist.more(len(line.hidden)))
        painter.setOpacity(1.0)

    def _paint_warning(self, painter: QPainter, rect: QRect) -> QRect:
        """The sign that a file cannot be written; what is left of the cell."""
        picture = theme.pixmap("group-failed", _ICON, theme.current().warn, self._view.devicePixelRatioF())
        left = rect.right() - _ICON
        painter.drawPixmap(QPoint(left, rect.top() + (rect.height() - _ICON) // 2), picture)
        return rect.adjusted(0, 0, -(_ICON + theme.SPACE), 0)
