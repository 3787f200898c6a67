"""What all pages share: a heading with the way back, a column of readable width, and a page that says one thing.

Contents: ``Page``, ``StatePage``, ``muted``, ``button``
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui.actions.actions import Actions
from gui.look import theme

WIDTH = 880
"""A column of text is not wider than this."""
_MARGIN = 3 * theme.SPACE


def muted(text: str = "") -> QLabel:
    """An explanation beside something else."""
    label = QLabel(text)
    label.setProperty("look", "muted")
    label.setWordWrap(True)
    return label


def button(action: QAction, text: str = "", *, look: str = "") -> QPushButton:
    """A button of an action, with the action's text unless another fits better here."""
    made = QPushButton(text or action.text())
    made.setAccessibleName(made.text())
    if look:
        made.setProperty("look", look)
    made.setEnabled(action.isEnabled())
    made.clicked.connect(action.trigger)
    action.enabledChanged.connect(made.setEnabled)
    return made


class Page(QWidget):
    """A page in the place of the review: heading, way back, and what the subclass puts into ``body``."""

    def __init__(self, title: str, actions: Actions) -> None:
        super().__init__()
        self.title = QLabel(title)
        self.title.setFont(theme.font_title())
        back = button(actions["back"], self.tr("Back"), look="flat")
        back.setToolTip(self.tr("Back to the tracks (Esc)"))
        self.setFocusProxy(back)
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addStretch()
        head.addWidget(back)
        self.body = QVBoxLayout()
        self.body.setSpacing(theme.SPACE)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, 2 * theme.SPACE, _MARGIN, 2 * theme.SPACE)
        column.setSpacing(2 * theme.SPACE)
        column.addLayout(head)
        column.addLayout(self.body, 1)


class StatePage(QWidget):
    """One clear sentence in the middle of the window, and what to do about it."""

    def __init__(self, icon: str, title: str, text: str, buttons: list[QPushButton]) -> None:
        super().__init__()
        self._icon_name = icon
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.title = QLabel(title)
        self.title.setFont(theme.font_title())
        self.title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.text = muted(text)
        self.text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.text.setFixedWidth(WIDTH * 2 // 3)
        line = QHBoxLayout()
        line.setSpacing(theme.SPACE)
        line.addStretch()
        for one in buttons:
            line.addWidget(one)
        line.addStretch()
        column = QVBoxLayout(self)
        column.setSpacing(2 * theme.SPACE)
        column.addStretch(2)
        column.addWidget(self._picture)
        column.addWidget(self.title)
        column.addWidget(self.text, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(line)
        column.addStretch(3)
        theme.notifier().changed.connect(self._tint)
        self._tint()

    def _tint(self) -> None:
        picture = theme.pixmap(self._icon_name, 48, theme.current().text_muted, self.devicePixelRatioF())
        self._picture.setPixmap(picture)
