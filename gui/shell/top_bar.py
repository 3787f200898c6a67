"""The bar at the top: folders and listening, the three modes, finding, and Write with what it would do."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from gui.actions.actions import Actions
from gui.library.events import RunState
from gui.look import theme
from gui.look.wording import Words, filled

MODES = ("mode_tracks", "mode_tags", "mode_map")


class TopBar(QWidget):
    """Buttons of actions, and the search field."""

    searched = Signal(str)
    """The text in the search field, with every keystroke."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._actions = actions
        self._words = Words(self)
        self._listen = self._button("analyse")
        self.search = self._search_field()
        self.write = QPushButton()
        self.write.setProperty("look", "primary")
        self.write.setToolTip(self.tr("See exactly what would be written, then write it (Ctrl+S)"))
        self.write.clicked.connect(actions["write"].trigger)
        left, right = QHBoxLayout(), QHBoxLayout()
        left.setSpacing(theme.GAP)
        right.setSpacing(theme.SPACE)
        left.addWidget(self._button("add_folder"))
        left.addWidget(self._listen)
        left.addSpacing(theme.SPACE)
        left.addWidget(self._button("undo", text=False))
        left.addWidget(self._button("redo", text=False))
        left.addStretch()
        right.addStretch()
        right.addWidget(self.search)
        right.addWidget(self.write)
        grid = QGridLayout(self)  # equal columns beside them keep the modes in the middle, whatever the texts are
        grid.setContentsMargins(theme.SPACE, theme.GAP, theme.SPACE, theme.SPACE)
        grid.addLayout(left, 0, 0)
        grid.addWidget(self._segments(), 0, 1)
        grid.addLayout(right, 0, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(2, 1)
        theme.notifier().changed.connect(self._tint)
        self._tint()
        self.show_accepted(0, 0)
        self.show_state(RunState.IDLE, waiting=False)

    def show_search(self, text: str) -> None:
        """The text that is searched for, if it was changed elsewhere."""
        if self.search.text().strip() != text:
            self.search.setText(text)

    def show_accepted(self, tags: int, tracks: int) -> None:
        """What Write would write."""
        if tags:
            self.write.setText(filled(self.tr("Write %1…"), self._words.tags(tags)))
            self.write.setAccessibleName(
                filled(self.tr("Write %1 to %2"), self._words.tags(tags), self._words.files(tracks))
            )
        else:
            self.write.setText(self.tr("Write…"))
            self.write.setAccessibleName(self.tr("Write: nothing is accepted yet"))
        self._actions["write"].setEnabled(tags > 0)
        self.write.setEnabled(tags > 0)

    def show_state(self, state: RunState, *, waiting: bool) -> None:
        """``waiting``: there are tracks that were not analysed yet."""
        paused = state is RunState.PAUSED
        busy = state in (RunState.ANALYSING, RunState.PAUSED)
        pause = self._actions["pause"]
        pause.setText(self.tr("Go on") if paused else self.tr("Pause"))
        pause.setIcon(theme.icon("play" if paused else "pause"))
        pause.setEnabled(busy)
        self._actions["analyse"].setEnabled(waiting and state is RunState.IDLE)
        self._actions["cancel"].setEnabled(state not in (RunState.IDLE, RunState.CANCELLING, RunState.UNDOING))
        action = pause if busy else self._actions["analyse"]
        if self._listen.defaultAction() is not action:
            self._listen.removeAction(self._listen.defaultAction())  # a button with two actions is a menu
            self._listen.setDefaultAction(action)

    def _button(self, id_: str, *, text: bool = True) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(self._actions[id_])
        if text:
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button

    def _segments(self) -> QWidget:
        frame = QFrame()
        frame.setProperty("look", "segments")
        frame.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        line = QHBoxLayout(frame)
        line.setContentsMargins(2, 2, 2, 2)
        line.setSpacing(2)
        one_of = QActionGroup(self)
        for id_ in MODES:
            one_of.addAction(self._actions[id_])
            button = self._button(id_)
            button.setProperty("look", "segment")
            line.addWidget(button)
        return frame

    def _search_field(self) -> QLineEdit:
        field = QLineEdit()
        field.setPlaceholderText(self.tr("Find title, artist or file"))
        field.setAccessibleName(self.tr("Find tracks"))
        field.setToolTip(self.tr("Shows only tracks with this in their title, artist, album or file name (Ctrl+F)"))
        field.setClearButtonEnabled(True)
        field.setFixedWidth(240)
        self._magnifier = QAction(self)
        field.addAction(self._magnifier, QLineEdit.ActionPosition.LeadingPosition)
        field.textChanged.connect(self.searched)
        return field

    def _tint(self) -> None:
        self._magnifier.setIcon(theme.icon("search", theme.current().text_muted))
