"""The review: groups and tags on the left, one of three modes in the middle, the inspector, the threshold below.

The panels are made by ``build``, after the first paint; Tags and Map when they are first wanted.
"""

from functools import cached_property, partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from gui.actions.actions import Actions
from gui.focus import Focus
from gui.library.library import Library
from gui.shell.top_bar import MODES
from gui.shell.window_memory import WindowMemory
from tagger_core.review import Group

if TYPE_CHECKING:
    from gui.map_mode.map_mode import MapMode
    from gui.tags_mode.tags_mode import TagsMode
    from gui.tracks.tracks_mode import TracksMode

_W = TypeVar("_W", bound=QWidget)
_LEFT, _INSPECTOR = (160, 210), (320, 400)
"""Widths at the beginning: on a narrow window, and from ``_WIDE`` on."""
_WIDE = 1280


class ReviewArea(QWidget):
    """Puts the panels side by side and switches between the modes."""

    searching = Signal(str)
    """The text that tracks are filtered by, also when it was changed elsewhere than in the search field."""

    def __init__(self, library: Library, focus: Focus, actions: Actions, memory: WindowMemory) -> None:
        super().__init__()
        self._library, self._focus, self._actions, self._memory = library, focus, actions, memory
        self._placed = False
        self._modes = QStackedWidget()
        self._across = QSplitter(Qt.Orientation.Horizontal)
        self._down = QSplitter(Qt.Orientation.Vertical)
        for splitter in (self._across, self._down):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        actions.carry_out({mode: partial(self.show_mode, mode) for mode in MODES})
        library.reset.connect(self._restore_mode)

    def build(self) -> None:
        """Make what is seen first."""
        from gui.inspector.inspector import Inspector
        from gui.tracks.tag_filter_panel import TagFilterPanel
        from gui.tracks.threshold_bar import ThresholdBar
        from gui.tracks.triage_panel import TriagePanel

        triage, tag_filter = TriagePanel(self._library), TagFilterPanel(self._library, self._focus)
        self._down.addWidget(triage)
        self._down.addWidget(tag_filter)
        self._down.setStretchFactor(1, 1)
        tracks = self._tracks
        tracks.use_panels(triage, tag_filter)
        tracks.use_actions(self._actions)
        tracks.filter_changed.connect(lambda now: self.searching.emit(now.text))
        inspector = Inspector(self._library, self._focus)
        inspector.use_actions(self._actions)
        for widget in (self._down, self._modes, inspector):
            self._across.addWidget(widget)
        self._across.setStretchFactor(1, 1)
        line = QFrame()
        line.setProperty("look", "line")
        self._column.addWidget(self._across, 1)
        self._column.addWidget(line)
        self._column.addWidget(ThresholdBar(self._library, self._focus))
        self._switch(MODES[0])
        self._restore_mode()
        self._place_splitters()

    def show_mode(self, mode: str) -> None:
        """Switch to ``mode_tracks``, ``mode_tags`` or ``mode_map``, also for the next start."""
        self._switch(mode)
        self._library.remember("mode", mode)

    def _switch(self, mode: str) -> None:
        self._modes.setCurrentWidget(self._mode(mode))
        self._down.setVisible(mode != "mode_tags")  # it has a list of tags of its own
        self._actions[mode].setChecked(True)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        super().showEvent(event)
        self._place_splitters()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Keys go to the mode. A focus proxy would do that too, but Tab would then pass over the panels before it."""
        mode = self._modes.currentWidget()
        if mode is not None:
            mode.setFocus(event.reason())

    def _place_splitters(self) -> None:
        """Once, as soon as the size is known: a splitter scales what it is told to the size that it has."""
        if self._placed or not self.isVisible() or not self._column.count():
            return
        self._placed = True
        self._column.activate()
        self._down.setMinimumWidth(_LEFT[0])
        left, inspector = (
            min(widest, max(narrowest, widest * self.width() // _WIDE)) for narrowest, widest in (_LEFT, _INSPECTOR)
        )
        self._across.setSizes([left, self.width() - left - inspector, inspector])
        for splitter, name in ((self._across, "across"), (self._down, "down")):
            splitter.restoreState(self._memory.geometry(name))

    def _restore_mode(self) -> None:
        remembered = self._library.recall("mode")
        if remembered in MODES and self._modes.count():
            self._switch(remembered)

    def search(self, text: str) -> None:
        """Only tracks with this text in their names."""
        self._tracks.set_search(text)

    def show_group(self, group: Group) -> None:
        """The tracks of one group, in Tracks."""
        self.show_mode(MODES[0])
        self._tracks.show_group(group)

    def keep_geometry(self) -> None:
        """Note where the splitters are, if they were ever seen."""
        if not self._placed:
            return
        for splitter, name in ((self._across, "across"), (self._down, "down")):
            self._memory.keep_geometry(name, splitter.saveState())

    @cached_property
    def _tracks(self) -> "TracksMode":
        from gui.tracks.tracks_mode import TracksMode

        return self._kept(TracksMode(self._library, self._focus))

    @cached_property
    def _tags(self) -> "TagsMode":
        from gui.tags_mode.tags_mode import TagsMode

        return self._kept(TagsMode(self._library, self._focus))

    @cached_property
    def _map(self) -> "MapMode":
        from gui.map_mode.map_mode import MapMode

        return self._kept(MapMode(self._library, self._focus))

    def _mode(self, mode: str) -> QWidget:
        if mode == "mode_tags":
            return self._tags
        return self._map if mode == "mode_map" else self._tracks

    def _kept(self, mode: _W) -> _W:
        self._modes.addWidget(mode)
        return mode
