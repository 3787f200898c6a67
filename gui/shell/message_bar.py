"""One sentence above the work, with one thing to do about it: the window's only way of speaking up.

It never takes the focus and never blocks. Later messages come first; the others wait behind them.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton

from gui.actions.actions import Actions
from gui.library.events import Message
from gui.look import theme

_ICONS = {"info": "info", "warning": "group-failed", "error": "error"}


class MessageBar(QFrame):
    """Shows the latest message until it is dismissed or acted upon."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._actions = actions
        self._messages: list[Message] = []
        self.setProperty("look", "bar")
        self._icon = QLabel()
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._more = QLabel()
        self._more.setProperty("look", "muted")
        self._act = QPushButton()
        self._act.setAccessibleName(self.tr("What helps"))
        self._act.clicked.connect(self._acted)
        self._dismiss = QToolButton()
        self._dismiss.setAccessibleName(self.tr("Dismiss the message"))
        self._dismiss.setToolTip(self.tr("Dismiss"))
        self._dismiss.clicked.connect(self.dismiss)
        line = QHBoxLayout(self)
        line.setContentsMargins(theme.SPACE + theme.GAP, theme.GAP, theme.GAP, theme.GAP)
        line.setSpacing(theme.SPACE)
        for widget in (self._icon, self._text, self._more, self._act, self._dismiss):
            line.addWidget(widget)
        theme.notifier().changed.connect(self._show_latest)
        self._show_latest()

    @property
    def text(self) -> str:
        """The sentence that is shown; empty if there is none."""
        return self._messages[-1].text if self._messages else ""

    def show_message(self, message: Message) -> None:
        """Put a message in front; said twice, it is shown once."""
        self._messages = [*(kept for kept in self._messages if kept.text != message.text), message]
        self._show_latest()

    def dismiss(self) -> None:
        """Drop the message that is shown."""
        self._messages.pop()
        self._show_latest()

    def _acted(self) -> None:
        action = self._actions[self._messages[-1].action_id]
        self.dismiss()
        action.trigger()

    def _show_latest(self) -> None:
        self.setVisible(bool(self._messages))
        if not self._messages:
            return
        message = self._messages[-1]
        tokens = theme.current()
        colour = {"info": tokens.accent, "warning": tokens.warn, "error": tokens.bad}[message.kind]
        self._icon.setPixmap(theme.pixmap(_ICONS[message.kind], 20, colour, self.devicePixelRatioF()))
        self._text.setText(message.text)
        self._text.setAccessibleName(message.text)
        others = len(self._messages) - 1
        self._more.setText(self.tr("%Ln more", "", others) if others else "")
        self._dismiss.setIcon(theme.icon("close"))
        known = message.action_id in self._actions
        self._act.setVisible(known)
        if known:
            text = self._actions[message.action_id].text()
            self._act.setText(text)
            self._act.setAccessibleName(text)
