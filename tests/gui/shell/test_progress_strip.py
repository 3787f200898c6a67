"""How far the work is, in words, and the buttons that can be used now."""

import pytest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from gui.actions.actions import Actions
from gui.library.events import Progress, RunState
from gui.shell.progress_strip import ProgressStrip


@pytest.mark.parametrize(
    ("progress", "sentence"),
    [
        (Progress(), ""),
        (Progress(RunState.SCANNING, 0, 1200), "Looking for music: 1,200 tracks so far"),
        (Progress(RunState.LOADING_MODELS), "Loading the models…"),
        (
            Progress(RunState.ANALYSING, 3411, 5000, 3, 4.2, 370),
            "Analysing 3,411 / 5,000 · 4.2 per second · 6 min left · 3 failed",
        ),
        (Progress(RunState.ANALYSING, 1, 9000, 0, 1.0, 8000), "Analysing 1 / 9,000 · 1.0 per second · 2 h 13 min left"),
        (Progress(RunState.PAUSED, 1, 2), "Paused at 1 / 2"),
        (Progress(RunState.WRITING, 1, 2), "Writing 1 / 2"),
        (Progress(RunState.UNDOING, 1, 2), "Taking back 1 / 2"),
        (Progress(RunState.IDLE, 5, 5, 1), "5 tracks analysed · 1 failed"),
        (Progress(RunState.IDLE, 3, 5), "3 of 5 tracks analysed"),
    ],
)
def test_progress_in_words(qtbot: QtBot, actions: Actions, progress: Progress, sentence: str) -> None:
    strip = ProgressStrip(actions)
    qtbot.addWidget(strip)
    strip.show_progress(progress)
    assert strip.text == sentence


def test_pause_and_cancel_are_there_only_while_they_can_be_used(qtbot: QtBot, actions: Actions) -> None:
    strip = ProgressStrip(actions)
    qtbot.addWidget(strip)

    def visible() -> list[str]:
        tools = [one for one in strip.findChildren(QToolButton) if one.isVisibleTo(strip)]
        return [one.accessibleName() for one in tools]

    assert visible() == []
    strip.show_progress(Progress(RunState.ANALYSING, 1, 2))
    assert visible() == ["Pause", "Cancel"]
    strip.show_progress(Progress(RunState.WRITING, 1, 2))
    assert visible() == ["Cancel"]
