"""The suggestions of the track, to tick, to understand and to adjust.

One line is open: below it stands why, and its threshold. The list is as high as its lines; the inspector scrolls.
"""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QSizePolicy

from gui.inspector.suggestion_delegate import Part, SuggestionDelegate
from gui.inspector.suggestion_lines import SuggestionLine
from gui.inspector.suggestion_model import LINE_ROLE, SuggestionModel
from gui.inspector.tag_detail import TagDetail
from gui.look import theme

Index = QModelIndex | QPersistentModelIndex


class SuggestionList(QListView):
    """Names of tags go in and out; who decides is somebody else."""

    toggled = Signal(str)
    threshold_chosen = Signal(str, float)
    threshold_reset = Signal(str)
    opened = Signal(str)
    """The person has gone to a tag; "": to none."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = SuggestionModel(self)
        self._delegate = SuggestionDelegate(self.font())
        self._open = ""
        self._laid_out: tuple[object, ...] = ()
        """What the places of the lines follow from."""
        self.detail = TagDetail(self.viewport())
        self.detail.hide()
        self.setModel(self.lines)
        self.lines.modelReset.connect(self._forget_places)
        self.setItemDelegate(self._delegate)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAutoScroll(False)
        self.viewport().setAutoFillBackground(False)
        self.setAccessibleName(self.tr("Suggested tags"))
        self.detail.threshold_chosen.connect(lambda value: self.threshold_chosen.emit(self._open, value))
        self.detail.threshold_reset.connect(lambda: self.threshold_reset.emit(self._open))
        theme.notifier().changed.connect(self.viewport().update)

    @property
    def open_tag(self) -> str:
        """The tag whose line is open, or ""."""
        return self._open

    def show_lines(self, lines: Sequence[SuggestionLine], first: int) -> None:
        """The ``first`` of these lines, or all where all were asked for."""
        self.lines.set_lines(lines, first)
        self._lay_out()

    def show_all(self, wanted: bool) -> None:
        self.lines.show_all(wanted)
        self._lay_out()

    def open_line(self, name: str) -> None:
        """Open the line of a tag, if it is shown; "" closes what is open."""
        self._open = name
        row = self.lines.row_of(name)
        self.setCurrentIndex(self.lines.index(row) if row is not None else QModelIndex())
        self._lay_out()

    def explain(self, why: str, *, own_threshold: bool) -> None:
        """Say why, below the open line."""
        row = self.lines.row_of(self._open)
        if row is not None:
            self.detail.show_tag(self.lines.line(row), why, own_threshold=own_threshold)
            self._lay_out()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        rows = range(self.lines.rowCount())
        height = sum(self._delegate.line_height(self.lines.line(row)) for row in rows)
        return QSize(200, max(1, height + self._delegate.open_height))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(120, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        index = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            self.toggled.emit(index.data())
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self.lines.rowCount():
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            row = min(max(index.row() + step, 0), self.lines.rowCount() - 1)
            self._go_to(str(self.lines.index(row).data()))
        else:
            event.ignore()  # letters are keys of the window here, not a search

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        index, part = self._hit(event)
        if event.button() != Qt.MouseButton.LeftButton or not index.isValid():
            return
        if part is Part.TICK:
            self.toggled.emit(index.data())
        elif part is Part.MARK:
            self._delegate.dragged = (index.row(), index.data(LINE_ROLE).threshold)
        else:
            self._go_to("" if index.data() == self._open else str(index.data()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        if self._delegate.dragged is not None:
            row, _ = self._delegate.dragged
            rect = self.visualRect(self.lines.index(row))
            self._delegate.dragged = (row, self._delegate.value_at(rect, event.position().toPoint().x()))
            self.viewport().update()
            return
        index, part = self._hit(event)
        shapes = {Part.TICK: Qt.CursorShape.PointingHandCursor, Part.MARK: Qt.CursorShape.SplitHCursor}
        self.viewport().setCursor(
            shapes.get(part, Qt.CursorShape.ArrowCursor) if index.isValid() else Qt.CursorShape.ArrowCursor
        )
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        dragged, self._delegate.dragged = self._delegate.dragged, None
        if dragged is not None:
            row, value = dragged
            line = self.lines.line(row)
            if value != round(line.threshold, 2):
                self.threshold_chosen.emit(line.name, value)
            self.viewport().update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        self.mousePressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.lines.rowCount():
            self.setCurrentIndex(self.lines.index(0))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._lay_out()

    def _go_to(self, name: str) -> None:
        self.open_line(name)
        self.opened.emit(name)

    def _hit(self, event: QMouseEvent) -> tuple[QModelIndex, Part]:
        place = event.position().toPoint()
        index = self.indexAt(place)
        if not index.isValid():
            return index, Part.NAME
        return index, self._delegate.part_at(self.visualRect(index), place, index.data(LINE_ROLE))

    def _forget_places(self) -> None:
        self._laid_out = ()

    def _lay_out(self) -> None:
        """Give the open line the room that its detail needs, and put the detail there."""
        row = self.lines.row_of(self._open)
        width = self._delegate.width = self.viewport().width()
        if row is None:
            self._delegate.open_row, self._delegate.open_height = -1, 0
            self.detail.hide()
        else:
            self._delegate.open_row = row
            self._delegate.open_height = max(self.detail.heightForWidth(width), self.detail.minimumSizeHint().height())
        heights = [self._delegate.line_height(self.lines.line(place)) for place in range(self.lines.rowCount())]
        needed = (heights, self._delegate.open_row, self._delegate.open_height, width)
        if needed != self._laid_out:
            self._laid_out = needed
            self.scheduleDelayedItemsLayout()
            self.executeDelayedItemsLayout()
            self.updateGeometry()
        if row is not None:
            whole = self.visualRect(self.lines.index(row))
            height = self._delegate.open_height
            self.detail.setGeometry(QRect(whole.left(), whole.bottom() + 1 - height, whole.width(), height))
            self.detail.show()
