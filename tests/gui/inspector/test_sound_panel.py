"""What stands below the pictures of the sound."""

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gui.inspector.player import AudioDeviceError, OutputDevice, Player
from gui.inspector.sound_panel import SoundPanel
from gui.inspector.taggram_view import TagOverTime
from tagger_core.domain import Category
from tests.gui.visible import visible_text


def no_device() -> OutputDevice:
    raise AudioDeviceError("there is none")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ([0.1, np.nan, np.nan, 0.3], "50 % of the track was listened to; the hatched gaps were not."),
        ([0.1, 0.2, 0.3, 0.4], ""),
        ([], ""),
    ],
)
def test_gaps_in_what_was_heard_are_told(qtbot: QtBot, values: list[float], sentence: str) -> None:
    panel = SoundPanel(Player(no_device))
    qtbot.addWidget(panel)
    panel.show_track(12.0, None)
    panel.show()
    panel.show_tags([TagOverTime("Rock", Category.GENRE, True, np.array(values, np.float32))], 3.0)
    assert ("listened to" in visible_text(panel)) is bool(sentence)
    assert sentence in visible_text(panel)
    panel.show_tags([], 0.0)
    assert "listened to" not in visible_text(panel)
