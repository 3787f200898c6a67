"""The tags that were suggested, the most frequent first; choosing one shows the tracks on which it is ticked.

Contents: ``TagFilterPanel``
"""

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QListView, QToolButton, QVBoxLayout, QWidget

from gui.focus import NO_TAG, Focus
from gui.library.library import Library
from gui.look import theme
from gui.tracks.count_delegate import CountDelegate
from gui.tracks.tag_list import COLUMN_ROLE, TagList

_Select = QItemSelectionModel.SelectionFlag.ClearAndSelect


class TagFilterPanel(QWidget):
    """Chooses the tag whose tracks are shown, and that the threshold bar is about."""

    tag_chosen = Signal(int)
    """A column of the review, or ``NO_TAG`` for all tracks."""

    def __init__(self, library: Library, focus: Focus) -> None:
        super().__init__()
        self.focus = focus
        self._chosen = NO_TAG
        self._list = TagList(library, self)
        self._view = _TagView(self)
        self._view.setModel(self._list)
        self._search = self._search_field()
        self._clear = QToolButton()
        self._clear.setText(self.tr("All tracks"))
        self._clear.setToolTip(self.tr("Show tracks whatever their tags"))
        self._clear.clicked.connect(lambda: self._choose(NO_TAG))
        self._lay_out()
        self._view.activated.connect(self._toggle)
        self._view.clicked.connect(self._toggle)
        self._search.textChanged.connect(self._searched)
        library.review_changed.connect(self._refresh)
        library.reset.connect(self._start_again)
        theme.notifier().changed.connect(self._view.viewport().update)
        self.show_tag(NO_TAG)

    def show_tag(self, column: int) -> None:
        """Show as chosen what was chosen elsewhere."""
        self._chosen = column
        self._clear.setVisible(column != NO_TAG)
        self._mark()

    def _search_field(self) -> QLineEdit:
        field = QLineEdit()
        field.setPlaceholderText(self.tr("Find a tag"))
        field.setAccessibleName(self.tr("Find a tag"))
        field.setClearButtonEnabled(True)
        return field

    def _lay_out(self) -> None:
        heading = QLabel(self.tr("Tags"))
        heading.setFont(theme.font_bold())
        top = QHBoxLayout()
        top.setContentsMargins(theme.SPACE, theme.SPACE, theme.SPACE, theme.GAP)
        top.addWidget(heading)
        top.addStretch(1)
        top.addWidget(self._clear)
        field = QHBoxLayout()
        field.setContentsMargins(theme.SPACE, 0, theme.SPACE, theme.GAP)
        field.addWidget(self._search)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(top)
        box.addLayout(field)
        box.addWidget(self._view, 1)

    def _toggle(self, index: QModelIndex) -> None:
        """Choosing what is chosen already shows all tracks again."""
        column = index.data(COLUMN_ROLE)
        self._choose(NO_TAG if column == self._chosen else column)

    def _choose(self, column: int) -> None:
        self.show_tag(column)
        self.focus.set_tag(column)
        self.tag_chosen.emit(column)

    def _mark(self) -> None:
        position = self._list.position(self._chosen)
        selection = self._view.selectionModel()
        if position is None:
            selection.clearSelection()
        else:
            selection.setCurrentIndex(self._list.index(position), _Select)

    def _searched(self, text: str) -> None:
        self._list.search(text)
        self._mark()

    def _refresh(self) -> None:
        self._list.refresh(keep_order=self._view.underMouse())
        self._mark()

    def _start_again(self) -> None:
        self._list.refresh()
        self.show_tag(NO_TAG)


class _TagView(QListView):
    """Selection shows what is chosen, so that keys and clicks do not change it by themselves."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Tags"))
        self.setItemDelegate(CountDelegate(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)

    def selectionCommand(  # noqa: N802
        self, index: QModelIndex | QPersistentModelIndex, event: QEvent | None = None
    ) -> QItemSelectionModel.SelectionFlag:
        return QItemSelectionModel.SelectionFlag.NoUpdate
