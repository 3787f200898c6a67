"""Tracks mode: the table, what narrows it down, and what is shown where there is nothing to list.

Contents: ``TracksMode``
"""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from gui.actions.actions import Actions
from gui.focus import NO_TAG, Focus
from gui.library.library import Library
from gui.look import theme
from gui.look.groups import group_name
from gui.look.wording import filled
from gui.tracks.place_memory import PlaceMemory
from gui.tracks.tag_filter_panel import TagFilterPanel
from gui.tracks.track_table import Filter, TrackTable
from gui.tracks.track_view import TrackView
from gui.tracks.triage_panel import TriagePanel
from tagger_core.review import Group

_MENU = (
    "accept", "reject", "skip", "reopen", "",
    "accept_tag_on_selection", "edit_tag", "similar", "",
    "play", "retry", "show_in_folder",
)  # fmt: skip
"""Actions of a row's menu; "" is a line."""


class TracksMode(QWidget):
    """The table of tracks with its filter, of which the panels and the search field each set a part."""

    filter_changed = Signal(object)
    """``Filter``: who sets a part of it shows what it is now."""

    def __init__(self, library: Library, focus: Focus) -> None:
        super().__init__()
        self._library = library
        self.focus = focus
        library.reset.connect(self._forget_focus)  # row numbers mean other tracks; before the table looks again
        self.table = TrackTable(library, self)
        self.view = TrackView(self.table, focus)
        self._memory = PlaceMemory(library, focus, self)
        self._nothing = _Nothing()
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._nothing)
        self.setFocusProxy(self.view)
        self.view.chip_clicked.connect(self._toggle)
        self.view.on_screen.connect(library.look_at)
        self.view.columns.changed.connect(self._note_columns)
        self.table.arranged.connect(self._show_what_there_is)
        self._nothing.clear.clicked.connect(self.clear_filter)
        self._memory.filter_found.connect(self._set_filter)
        self._memory.row_found.connect(self._return_to)
        library.reset.connect(self._start_again)
        self._start_again()
        self._show_what_there_is()

    @property
    def filter(self) -> Filter:
        return self.table.filter

    def use_panels(self, triage: TriagePanel, tags: TagFilterPanel) -> None:
        """Let the panels set the filter, and show it."""
        triage.group_chosen.connect(self.show_group)
        tags.tag_chosen.connect(self.set_tag)
        self.filter_changed.connect(lambda now: triage.show_group(now.group))
        self.filter_changed.connect(lambda now: tags.show_tag(now.tag))
        triage.show_group(self.filter.group)
        tags.show_tag(self.filter.tag)

    def use_actions(self, actions: Actions) -> None:
        """Offer what can be done with a track in the context menu."""
        self.view.set_menu([actions[id_] if id_ else None for id_ in _MENU])

    def show_group(self, group: Group | None) -> None:
        self._set_filter(replace(self.filter, group=group))

    def set_tag(self, column: int) -> None:
        self._set_filter(replace(self.filter, tag=column))

    def set_search(self, text: str) -> None:
        """Show only tracks whose title, artist, album or file name holds the text."""
        self._set_filter(replace(self.filter, text=text.strip()))

    def clear_filter(self) -> None:
        """Show all tracks again."""
        self._set_filter(Filter())

    def _set_filter(self, wanted: Filter) -> None:
        if wanted != self.filter:
            self._memory.keep_filter(wanted)
            self.table.set_filter(wanted)
            self._show_what_there_is()
            self.filter_changed.emit(wanted)

    def _toggle(self, row: int, name: str) -> None:
        self._library.do("toggle", np.array([row], np.intp), name)

    def _forget_focus(self) -> None:
        self.focus.forget()

    def _start_again(self) -> None:
        if self._memory.columns:
            self.view.columns.restore(self._memory.columns)
        self.filter_changed.emit(self.filter)
        self._show_what_there_is()
        self._memory.seek_row()

    def _return_to(self, row: int) -> None:
        """Where the last session ended."""
        self.focus.set_row(row)
        self.focus.select(np.array([row], np.intp))

    def _note_columns(self) -> None:
        self._memory.columns = self.view.columns.saved()

    def _show_what_there_is(self) -> None:
        if len(self.table.rows):
            self._stack.setCurrentWidget(self.view)
            return
        had_focus = self.view.hasFocus()
        self._nothing.explain(self._why_nothing(), clearable=not self.filter.shows_all)
        self._stack.setCurrentWidget(self._nothing)
        if had_focus and not self.filter.shows_all:
            self._nothing.clear.setFocus()

    def _why_nothing(self) -> str:
        wanted = self.filter
        if wanted.shows_all:
            return self.tr("The tracks appear here as soon as the first one is found.")
        parts = []
        if wanted.text:
            parts.append(filled(self.tr("with “%1” in its name"), wanted.text))
        if wanted.tag != NO_TAG:
            parts.append(filled(self.tr("with the tag %1"), self._library.review.tags[wanted.tag].name))
        if wanted.group is not None:
            parts.append(filled(self.tr("in the group %1"), group_name(wanted.group)))
        return filled(self.tr("No track %1."), self.tr(" and ").join(parts))


class _Nothing(QWidget):
    """Says why the table is empty, and helps."""

    def __init__(self) -> None:
        super().__init__()
        self._says = QLabel()
        self._says.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._says.setWordWrap(True)
        self._says.setTextFormat(Qt.TextFormat.PlainText)
        self.clear = QPushButton(self.tr("Clear filter"))
        box = QVBoxLayout(self)
        box.setSpacing(2 * theme.SPACE)
        box.addStretch(2)
        box.addWidget(self._says)
        box.addWidget(self.clear, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(3)

    def explain(self, why: str, clearable: bool) -> None:
        self._says.setText(why)
        self.clear.setVisible(clearable)
