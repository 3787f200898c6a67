"""The table of actions as ``QAction`` objects, by id.

Whoever carries an action out says so: ``actions.carry_out({"accept": self._accept})``.
"""

from collections.abc import Callable, Iterator, Mapping

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from gui.actions.action_table import TABLE, Entry, Group, text_of
from gui.actions.key_guard import KeyGuard
from gui.look import theme


class Actions(QObject):
    """The actions of one window, by id."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._actions = {entry.id: self._made(entry) for entry in TABLE}
        window.addActions([action for id_, action in self._actions.items() if not _ENTRIES[id_].on_page])
        self._guard = KeyGuard(self)
        theme.notifier().changed.connect(self._tint)

    def __getitem__(self, id_: str) -> QAction:
        return self._actions[id_]

    def __contains__(self, id_: str) -> bool:
        return id_ in self._actions

    def in_group(self, group: Group) -> Iterator[tuple[Entry, QAction]]:
        return ((entry, self._actions[entry.id]) for entry in TABLE if entry.group is group)

    def carry_out(self, handlers: Mapping[str, Callable[[], object]]) -> None:
        """Call these when their actions are triggered."""
        for id_, handler in handlers.items():
            # ``triggered`` carries ``checked``, which is no argument of theirs.
            self._actions[id_].triggered.connect(lambda _=False, handler=handler: handler())

    def set_reviewing(self, reviewing: bool) -> None:
        """Switch what concerns tracks on or off: it must not act on what a page hides."""
        for entry in TABLE:
            if entry.about_tracks:
                self._actions[entry.id].setEnabled(reviewing)

    def serve_page(self, page: QWidget) -> None:
        """Give a page the actions that work only there."""
        page.addActions([self._actions[entry.id] for entry in TABLE if entry.on_page])

    def _made(self, entry: Entry) -> QAction:
        action = QAction(text_of(entry), self)
        action.setObjectName(entry.id)
        action.setShortcuts([QKeySequence(key) for key in entry.keys])
        action.setCheckable(entry.checkable)
        action.setAutoRepeat(entry.id in _REPEATING)
        if entry.on_page:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.setIconVisibleInMenu(not entry.checkable)  # there, a mark shows which one is checked
        if entry.icon:
            action.setIcon(theme.icon(entry.icon))
        return action

    def _tint(self) -> None:
        for entry in TABLE:
            if entry.icon:
                self._actions[entry.id].setIcon(theme.icon(entry.icon))


_ENTRIES = {entry.id: entry for entry in TABLE}
_REPEATING = frozenset(
    {"next", "previous", "threshold_down", "threshold_up", "seek_back", "seek_forward", "undo", "redo"}
)
"""What goes on while its key is held down; a decision never does."""
