"""The line at the bottom: what goes on in the background, how far it is, and how to hold it."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QToolButton, QWidget

from gui.actions.actions import Actions
from gui.library.events import Progress, RunState
from gui.look import theme
from gui.look.wording import Words, filled, number

_AT_WORK = (RunState.SCANNING, RunState.LOADING_MODELS, RunState.ANALYSING, RunState.PAUSED)


class ProgressStrip(QFrame):
    """Draws a ``Progress``; hidden while there is nothing to say."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setProperty("look", "strip")
        self._words = Words(self)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(220)
        self._bar.setAccessibleName(self.tr("Progress"))
        self._text = QLabel()
        self._text.setFont(theme.font_numbers())
        self._text.setAccessibleName(self.tr("What is going on"))
        self._note = QLabel()
        self._note.setProperty("look", "muted")
        self._pause = self._button(actions, "pause")
        self._cancel = self._button(actions, "cancel")
        line = QHBoxLayout(self)
        line.setContentsMargins(theme.SPACE + theme.GAP, 2, theme.SPACE, 2)
        line.setSpacing(theme.SPACE + theme.GAP)
        line.addWidget(self._bar)
        line.addWidget(self._text)
        line.addStretch()
        line.addWidget(self._note)
        line.addWidget(self._pause)
        line.addWidget(self._cancel)
        self.setMinimumHeight(self._cancel.sizeHint().height() + 4)
        self.show_progress(Progress())

    @property
    def text(self) -> str:
        return self._text.text()

    def stand_last(self) -> None:
        """Tab comes here after everything else: parts of the window are made later, but stand above."""
        last = self.window().previousInFocusChain()
        while last and (last.focusPolicy() is Qt.FocusPolicy.NoFocus or self.isAncestorOf(last)):
            last = last.previousInFocusChain()
        if last:
            QWidget.setTabOrder(last, self._pause)
            QWidget.setTabOrder(self._pause, self._cancel)

    def set_note(self, text: str) -> None:
        """What stands at the end of the line: the device, or what is open."""
        self._note.setText(text)

    @Slot(object)
    def show_progress(self, progress: Progress) -> None:
        busy = progress.state is not RunState.IDLE
        self.setVisible(busy or progress.total > 0)
        self._bar.setVisible(busy)
        counted = progress.total > 0 and progress.state not in (RunState.SCANNING, RunState.LOADING_MODELS)
        self._bar.setRange(0, progress.total if counted else 0)
        if counted:
            self._bar.setValue(progress.done)
        self._text.setText(self.sentence(progress))
        self._pause.setVisible(progress.state in (RunState.ANALYSING, RunState.PAUSED))
        self._cancel.setVisible(progress.state in (*_AT_WORK, RunState.WRITING))

    def sentence(self, progress: Progress) -> str:
        """ "Analysing 3,411 / 5,000 · 4.2 per second · 6 min left · 3 failed"."""
        parts = [self._doing(progress)]
        if progress.state is RunState.ANALYSING and progress.rate > 0:
            parts.append(filled(self.tr("%1 per second"), number(progress.rate, 1)))
        if progress.state is RunState.ANALYSING and progress.seconds_left is not None:
            parts.append(filled(self.tr("%1 left"), self._words.duration(progress.seconds_left)))
        if progress.failed:
            parts.append(self.tr("%Ln failed", "", progress.failed))
        return " · ".join(part for part in parts if part)

    def _doing(self, progress: Progress) -> str:
        of = f"{number(progress.done)} / {number(progress.total)}"
        match progress.state:
            case RunState.IDLE:
                return self._rest(progress)
            case RunState.SCANNING:
                return self.tr("Looking for music: %Ln track(s) so far", "", progress.total)
            case RunState.LOADING_MODELS:
                return self.tr("Loading the models…")
            case RunState.ANALYSING:
                return filled(self.tr("Analysing %1"), of)
            case RunState.PAUSED:
                return filled(self.tr("Paused at %1"), of)
            case RunState.CANCELLING:
                return self.tr("Stopping; what was done is kept…")
            case RunState.WRITING:
                return filled(self.tr("Writing %1"), of)
            case RunState.UNDOING:
                return filled(self.tr("Taking back %1"), of)

    def _rest(self, progress: Progress) -> str:
        if not progress.total:
            return ""
        if progress.done < progress.total:
            return filled(self.tr("%1 of %2 tracks analysed"), number(progress.done), number(progress.total))
        return self.tr("%Ln track(s) analysed", "", progress.done)

    def _button(self, actions: Actions, id_: str) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(actions[id_])
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setAccessibleName(actions[id_].text())
        return button
