"""The list of tags as Tags mode uses it: it follows the tag that all modes are about, and its keys move the threshold.

Contents: ``TagListView``
"""

from PySide6.QtCore import QEvent, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QFrame, QListView, QWidget

from gui.focus import Focus
from gui.look import theme
from gui.tracks.count_delegate import CountDelegate
from gui.tracks.tag_list import COLUMN_ROLE, TagList

_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_LONGEST = "Progressive Rock"
"""A name that has room beside its histogram and its count."""
_BESIDE_NAME = 150


class TagListView(QListView):
    """Up and down choose the tag, left and right move its threshold, Enter accepts."""

    moved = Signal(int)
    """The threshold, by so many steps."""
    entered = Signal()

    def __init__(self, tags: TagList, focus: Focus, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tags = tags
        self._focus = focus
        self.setModel(tags)
        self._delegate = CountDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(self.tr("Tags by number of tracks"))
        self.setMinimumWidth(QFontMetrics(self.font()).horizontalAdvance(_LONGEST) + _BESIDE_NAME)
        self.selectionModel().currentChanged.connect(self._tell)
        tags.modelReset.connect(self.follow)
        focus.tag_changed.connect(self.follow)
        theme.notifier().changed.connect(self.viewport().update)

    def follow(self) -> None:
        """Show which tag all modes are about."""
        position = self._tags.position(self._focus.tag)
        if position is not None and position != self.currentIndex().row():
            self.setCurrentIndex(self._tags.index(position))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(self.minimumWidth(), super().sizeHint().height())

    def event(self, event: QEvent) -> bool:
        # The arrows move the threshold here, whatever they are elsewhere.
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _STEPS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in _STEPS:
            self.moved.emit(_STEPS[Qt.Key(event.key())])
        elif event.key() in _ENTER:
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def _tell(self, current: QModelIndex) -> None:
        if current.isValid():
            self._focus.set_tag(current.data(COLUMN_ROLE))
