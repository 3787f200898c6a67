"""The sound of one track: play button, waveform or spectrogram, and tags over time, on one time axis.

Contents: ``SoundPanel``, ``Picture``
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.inspector.player import OpenSound, Player
from gui.inspector.spectrogram_view import SpectrogramView
from gui.inspector.taggram_view import TaggramView, TagOverTime, strong_moments
from gui.inspector.time_picture import TimeAxis, TimePicture
from gui.inspector.waveform_view import WaveformView
from gui.inspector.words import clock
from gui.look import theme
from gui.look.wording import filled

if TYPE_CHECKING:  # importing it would import librosa before the first paint
    from tagger_core.track_preview import TrackOverview


class Picture(StrEnum):
    """What is shown of the sound itself."""

    WAVEFORM = "waveform"
    SPECTROGRAM = "spectrogram"


_LEAST_GUTTER = 56
_CHOICE = QSize(28, 22)
_BACK_STEP = 1.0
"""A strong moment that began less than this many seconds ago is the one that is heard, not an earlier one."""


class SoundPanel(QWidget):
    """Everything over time. Clicking a moment plays it."""

    picture_chosen = Signal(str)

    def __init__(self, player: Player) -> None:
        super().__init__()
        self._player = player
        self._patch_seconds = 0.0
        self._playable = False
        self.waveform = WaveformView()
        self.spectrogram = SpectrogramView()
        self.taggram = TaggramView()
        self.axis = TimeAxis()
        self.play_button = QToolButton()
        self._time = QLabel()
        self._problem = QLabel()
        self._gaps = QLabel()
        self._try_again = QPushButton(self.tr("Try again"))
        self._stack = QStackedWidget()
        self.picture_buttons = {picture: QToolButton() for picture in Picture}
        self._choices = QButtonGroup(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._set_up()
        self._connect()
        self._refresh()

    @property
    def picture(self) -> Picture:
        return Picture.SPECTROGRAM if self._stack.currentWidget() is self.spectrogram else Picture.WAVEFORM

    def choose(self, picture: Picture) -> None:
        """Show the waveform or the spectrogram."""
        self._stack.setCurrentWidget(self.spectrogram if picture is Picture.SPECTROGRAM else self.waveform)
        self.picture_buttons[picture].setChecked(True)

    def show_track(self, duration: float, open_sound: OpenSound | None) -> None:
        """Another track: its pictures come later. ``duration`` is 0 while it is not known."""
        self._player.set_track(open_sound, duration)
        self._set_duration(duration)
        self.waveform.clear()
        self.spectrogram.clear()
        self.taggram.clear()  # it stays where it is until ``show_tags``: hiding and showing it again costs a frame
        self._say(self.tr("Drawing the sound…") if open_sound else "")
        self._playable = open_sound is not None
        self._tell_play_button()

    def show_overview(self, overview: "TrackOverview") -> None:
        covered = overview.column_seconds * len(overview.waveform)
        self._set_duration(overview.duration)
        self.waveform.show_waveform(overview.waveform, covered)
        self.spectrogram.show_log_mel(overview.log_mel, covered)
        self._say("")

    def show_no_overview(self, reason: str) -> None:
        """There is no picture of the sound, and why."""
        self._say(reason)

    def show_tags(self, rows: Sequence[TagOverTime], patch_seconds: float) -> None:
        """Tags over time; no rows: nothing is known about them."""
        self._patch_seconds = patch_seconds
        self.taggram.show_tags(rows, patch_seconds)
        self.taggram.setVisible(bool(rows))
        self._tell_gaps(rows)
        gutter = max(_LEAST_GUTTER, self.taggram.gutter_needed())
        self.taggram.set_gutter(gutter)
        self._grid.setColumnMinimumWidth(0, gutter)

    def _tell_gaps(self, rows: Sequence[TagOverTime]) -> None:
        heard = 1.0 - float(np.isnan(rows[0].values).mean()) if rows and len(rows[0].values) else 1.0
        self._gaps.setText(
            filled(self.tr("%1 % of the track was listened to; the hatched gaps were not."), str(round(100 * heard)))
        )
        self._gaps.setVisible(heard < 1)

    def seek_strong(self, name: str, direction: int) -> None:
        """Go to the next (1) or previous (-1) strong moment of a tag; round the end."""
        values = next((row.values for row in self.taggram.rows if row.name == name), None)
        moments = strong_moments(values, self._patch_seconds) if values is not None else []
        if not moments:
            return
        here = self._player.position
        if direction > 0:
            chosen = next((moment for moment in moments if moment > here), moments[0])
        else:
            chosen = next((moment for moment in reversed(moments) if moment < here - _BACK_STEP), moments[-1])
        self._player.seek(chosen)

    def _set_up(self) -> None:
        self._stack.addWidget(self.waveform)
        self._stack.addWidget(self.spectrogram)
        self._stack.setFixedHeight(self.waveform.sizeHint().height())
        self.play_button.setIconSize(QSize(20, 20))
        self._time.setFont(theme.font_numbers())
        self._time.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._problem.setProperty("look", "muted")
        self._problem.setWordWrap(True)
        self._gaps.setProperty("look", "muted")
        self._gaps.setWordWrap(True)
        self._try_again.setProperty("look", "link")
        beside = QVBoxLayout()
        beside.setContentsMargins(0, 0, theme.SPACE, 0)
        beside.addWidget(self.play_button, 0, Qt.AlignmentFlag.AlignHCenter)
        beside.addWidget(self._time)
        beside.addStretch()
        self._grid = QGridLayout()
        self._grid.setSpacing(0)
        self._grid.setVerticalSpacing(theme.GAP)
        self._grid.addLayout(beside, 0, 0)
        self._grid.addWidget(self._stack, 0, 1)
        self._grid.addWidget(self.taggram, 1, 0, 1, 2)
        self._grid.addLayout(self._make_choice(), 2, 0)
        self._grid.addWidget(self.axis, 2, 1)
        self._grid.setColumnStretch(1, 1)
        trouble = QHBoxLayout()
        trouble.addWidget(self._problem, 1)
        trouble.addWidget(self._try_again)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._grid)
        column.addWidget(self._gaps)
        column.addLayout(trouble)

    def _make_choice(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(0)
        names = {
            Picture.WAVEFORM: self.tr("Show the waveform"),
            Picture.SPECTROGRAM: self.tr("Show the log-mel spectrogram"),
        }
        for picture, button in self.picture_buttons.items():
            button.setCheckable(True)
            button.setIconSize(QSize(14, 14))
            button.setFixedSize(_CHOICE)
            button.setToolTip(names[picture])
            button.setAccessibleName(names[picture])
            button.clicked.connect(lambda _=False, picture=picture: self._chosen(picture))
            self._choices.addButton(button)
            row.addWidget(button)
        row.addStretch()
        self.picture_buttons[Picture.WAVEFORM].setChecked(True)
        return row

    def _connect(self) -> None:
        self.play_button.clicked.connect(self._player.toggle)
        self._try_again.clicked.connect(self._player.look_for_device)
        for picture in self._pictures():
            picture.sought.connect(self._play_from)
        self._player.position_changed.connect(self._move_line)
        self._player.playing_changed.connect(self._refresh)
        self._player.problem_changed.connect(self._show_problem)
        theme.notifier().changed.connect(self._refresh)
        self._show_problem("")

    def _pictures(self) -> tuple[TimePicture, ...]:
        return self.waveform, self.spectrogram, self.taggram, self.axis

    def _chosen(self, picture: Picture) -> None:
        self.choose(picture)
        self.picture_chosen.emit(str(picture))

    def _play_from(self, seconds: float) -> None:
        self._player.seek(seconds)
        self._player.play()

    def _set_duration(self, seconds: float) -> None:
        for picture in self._pictures():
            picture.set_duration(seconds)
        self._player.set_duration(seconds)

    def _say(self, text: str) -> None:
        self.waveform.set_hint(text)
        self.spectrogram.set_hint(text)

    def _move_line(self, seconds: float) -> None:
        for picture in self._pictures():
            picture.set_position(seconds)
        self._time.setText(clock(seconds))

    def _refresh(self) -> None:
        playing = self._player.playing
        self.play_button.setIcon(theme.icon("pause" if playing else "play"))
        self.play_button.setAccessibleName(self.tr("Pause") if playing else self.tr("Play"))
        self._tell_play_button()
        for picture, button in self.picture_buttons.items():
            button.setIcon(theme.icon(picture))

    def _show_problem(self, text: str) -> None:
        self._problem.setText(text)
        self._problem.setVisible(bool(text))
        self._try_again.setVisible(not self._player.has_device)
        self._tell_play_button()

    def _tell_play_button(self) -> None:
        self.play_button.setEnabled(self._playable and self._player.has_device)
        self.play_button.setToolTip(self._problem.text() or self.tr("Play or pause (Space)"))
