"""Which track this is: its name, where it stands, and what is wrong with it.

Contents: ``TrackHeader``, ``TrackFacts``
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui.inspector.elided_label import ElidedLabel
from gui.inspector.words import clock, tooltip
from gui.look import theme
from gui.look.groups import group_hint, group_name, group_pixmap
from tagger_core.review import Group, TrackName

_STATE_ICON = 16


@dataclass(frozen=True, slots=True)
class TrackFacts:
    """What the header says of one track. ``duration`` is NaN while it is not known."""

    path: Path
    name: TrackName
    duration: float
    group: Group
    problem: str
    warnings: Sequence[str]


class TrackHeader(QWidget):
    """Of one track, or of several that are selected."""

    retry = Signal()
    show_in_folder = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.title = ElidedLabel()
        self.title.setFont(theme.font_bold())
        self.subtitle = ElidedLabel()
        self.file = ElidedLabel(Qt.TextElideMode.ElideMiddle)
        self.file.setProperty("look", "muted")
        self.file.setFont(theme.font_small())
        self.state = QLabel()
        self._state_icon = QLabel()
        self.problem = QLabel()
        self.problem.setProperty("look", "bad")
        self.problem.setWordWrap(True)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.warnings = QLabel()
        self.warnings.setProperty("look", "warn")
        self.warnings.setWordWrap(True)
        self.warnings.setTextFormat(Qt.TextFormat.PlainText)
        self.retry_button = QPushButton(self.tr("Retry"))
        self.folder_button = QPushButton(self.tr("Show in folder"))
        for button in (self.retry_button, self.folder_button):
            button.setProperty("look", "link")
        self.retry_button.clicked.connect(self.retry)
        self.folder_button.clicked.connect(self.show_in_folder)
        self._facts: TrackFacts | None = None
        self._set_up()
        theme.notifier().changed.connect(self._refresh_icon)

    def show_track(self, facts: TrackFacts) -> None:
        self._facts = facts
        name = facts.name
        self.title.setText(name.title or facts.path.stem)
        self.subtitle.setText(" — ".join(part for part in (name.artist, name.album) if part))
        self.subtitle.setVisible(bool(self.subtitle.text()))
        self.file.setText(facts.path.name)
        self.file.setToolTip(tooltip(str(facts.path)))
        self.file.show()
        length = clock(facts.duration)
        state = group_name(facts.group)
        self.state.setText(state if length == "–" else f"{state} · {length}")
        self.state.setToolTip(group_hint(facts.group))
        self._show_trouble(facts)
        self._refresh_icon()

    def show_several(self, title: str, explanation: str) -> None:
        """Several tracks are selected."""
        self._facts = None
        self.title.setText(title)
        self.subtitle.hide()
        self.file.hide()
        self.state.setText(explanation)
        self.state.setToolTip("")
        self._state_icon.hide()
        for widget in (self.problem, self.warnings, self.retry_button, self.folder_button):
            widget.hide()

    def _set_up(self) -> None:
        state = QHBoxLayout()
        state.setSpacing(theme.GAP + 2)
        state.addWidget(self._state_icon)
        state.addWidget(self.state, 1)
        remedies = QHBoxLayout()
        remedies.addWidget(self.retry_button)
        remedies.addWidget(self.folder_button)
        remedies.addStretch()
        self.state.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for part in (self.title, self.subtitle, self.file, state, self.problem, remedies, self.warnings):
            if isinstance(part, QWidget):
                column.addWidget(part)
            else:
                column.addLayout(part)

    def _show_trouble(self, facts: TrackFacts) -> None:
        self.problem.setText(facts.problem)
        for widget in (self.problem, self.folder_button):
            widget.setVisible(bool(facts.problem))
        # A file that only cannot be written was heard all right.
        self.retry_button.setVisible(facts.group is Group.FAILED)
        self.warnings.setText("\n".join(facts.warnings))
        self.warnings.setVisible(bool(facts.warnings))

    def _refresh_icon(self) -> None:
        if self._facts is not None:
            self._state_icon.setPixmap(group_pixmap(self._facts.group, _STATE_ICON, self.devicePixelRatioF()))
            self._state_icon.show()
