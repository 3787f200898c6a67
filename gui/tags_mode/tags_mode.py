"""Tags mode: which tags there are, how sure the models are of one, where it is cut, and on which tracks.

While it is seen, "next track" and the like go by its order, that of probability; the other modes get back the
rows of their filter when it is left.

Contents: ``TagsMode``
"""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from gui.focus import NO_TAG, Focus
from gui.library.library import Library
from gui.tags_mode.tag_list_view import TagListView
from gui.tags_mode.tag_page import TagPage
from gui.tracks.tag_list import COLUMN_ROLE, TagList
from tagger_core.review.values import Rows


class TagsMode(QWidget):
    """The list of tags beside the page of the one that is looked at."""

    def __init__(self, library: Library, focus: Focus) -> None:
        super().__init__()
        self._focus = focus
        self._filtered: Rows = focus.visible
        self._tags = TagList(library, self)
        self.tag_view = TagListView(self._tags, focus, self)
        self.page = TagPage(library, focus, self)
        self.tag_view.moved.connect(self.page.move_cut)
        self.tag_view.entered.connect(self.page.accept_above)
        self.page.listed.modelReset.connect(self._show_order)
        self._lay_out()
        self.setFocusProxy(self.tag_view)
        library.review_changed.connect(self._refresh)
        library.reset.connect(self._start_again)
        focus.visible_changed.connect(self._note_filtered)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        super().showEvent(event)
        self._filtered = self._focus.visible
        self._start_again()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        super().hideEvent(event)
        self._focus.show_rows(self._filtered)

    def _start_again(self) -> None:
        if not self.isVisible():
            return
        self._tags.refresh()
        if self._focus.tag == NO_TAG and self._tags.rowCount():
            self._focus.set_tag(self._tags.index(0).data(COLUMN_ROLE))
        self.tag_view.follow()
        self.page.show_tag()

    def _refresh(self) -> None:
        """Nothing is worked out for a mode that nobody sees."""
        if self.isVisible():
            # A tag does not jump away while its own threshold is being moved.
            heard_more = self.page.refresh()
            self._tags.refresh(keep_order=not heard_more)

    def _show_order(self) -> None:
        if self.isVisible():
            self._focus.show_rows(self.page.listed.rows)

    def _note_filtered(self, rows: Rows) -> None:
        """The filter of Tracks lets other rows through, while its table is not seen."""
        if self.isVisible() and not np.array_equal(rows, self.page.listed.rows):
            self._filtered = rows
            self._show_order()

    def _lay_out(self) -> None:
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.addWidget(self.tag_view)
        splitter.addWidget(self.page)
        splitter.setStretchFactor(1, 1)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)
