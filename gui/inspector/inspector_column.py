"""The parts of the inspector, one below the other, and which of them are seen when."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui.inspector.metadata_diff import MetadataDiff
from gui.inspector.player import Player
from gui.inspector.sound_panel import SoundPanel
from gui.inspector.suggestion_list import SuggestionList
from gui.inspector.tag_editor import TagEditor
from gui.inspector.track_header import TrackHeader
from gui.look import theme
from gui.look.wording import filled, number

_MARGIN = 12


class InspectorColumn(QWidget):
    """What is shown in them is the inspector's business."""

    def __init__(self, player: Player) -> None:
        super().__init__()
        self.hint = QLabel()
        self.header = TrackHeader()
        self.sound = SoundPanel(player)
        self.remark = QLabel()
        self.suggestions = SuggestionList()
        self.more_button = QPushButton()
        self.add_button = QPushButton(self.tr("Add a tag (E)"))
        self.editor = TagEditor()
        self.diff = MetadataDiff()
        self._line = QFrame()
        self._line.setProperty("look", "line")
        self.hint.setText(
            self.tr(
                "The inspector shows the track you select: its sound, its tags over time, the suggestions with their "
                "reasons, and what would change in the file.\n\n"
                "J and K move between tracks, 1 to 9 tick suggestions, A accepts and X rejects, Space plays, "
                "? lists all keys."
            )
        )
        for label in (self.hint, self.remark):
            label.setProperty("look", "muted")
            label.setWordWrap(True)
        for button in (self.more_button, self.add_button):
            button.setProperty("look", "link")
        self.more_button.clicked.connect(self._toggle_all)
        self._lay_out()

    def show_nothing(self) -> None:
        """No track is looked at."""
        self._show({self.hint})

    def show_several(self) -> None:
        self._show({self.header, self.suggestions})

    def show_track(self, *, sounds: bool, heard: bool, remark: str) -> None:
        """``sounds``: it can be decoded, as far as is known. ``remark`` says why there is nothing to decide, or ""."""
        self.remark.setText(remark)
        self._show(
            {self.header}
            | ({self.sound} if sounds else set())
            | ({self.suggestions, self.diff} if heard else set())
            | ({self.remark} if remark else set())
        )

    def show_more_button(self) -> None:
        """As the lines of the suggestions are now."""
        lines = self.suggestions.lines
        self.more_button.setVisible(self.suggestions.isVisibleTo(self) and (lines.shows_all or lines.hidden > 0))
        everything = filled(self.tr("Show all %1"), number(lines.total))
        self.more_button.setText(self.tr("Show fewer") if lines.shows_all else everything)

    def _show(self, parts: set[QWidget]) -> None:
        if not self.suggestions.lines.total:
            parts = parts - {self.suggestions}
        for part in (self.hint, self.header, self.sound, self.remark, self.suggestions, self.diff):
            part.setVisible(part in parts)
        self.add_button.setVisible(self.suggestions in parts)
        self._line.setVisible(self.diff in parts)
        if self.suggestions not in parts:
            self.editor.hide()
        self.show_more_button()

    def _toggle_all(self) -> None:
        self.suggestions.show_all(not self.suggestions.lines.shows_all)
        self.show_more_button()

    def _lay_out(self) -> None:
        below = QHBoxLayout()
        below.addWidget(self.more_button)
        below.addStretch()
        below.addWidget(self.add_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, theme.GAP)
        column.setSpacing(theme.SPACE)
        above_buttons: tuple[QWidget, ...] = (self.hint, self.header, self.sound, self.remark, self.suggestions)
        below_buttons: tuple[QWidget, ...] = (self.editor, self._line, self.diff)
        for part in above_buttons:
            column.addWidget(part)
        column.addLayout(below)
        for part in below_buttons:
            column.addWidget(part)
        column.addStretch()
