"""The inspector over real clips: heard, drawn and played by the real things, on a device made of nothing."""

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from pytestqt.qtbot import QtBot

from gui.focus import Focus
from gui.inspector.inspector import Inspector
from gui.inspector.player import Player
from gui.inspector.taggram_view import strong_moments
from gui.library.library import Library
from tagger_core.audio import open_audio
from tagger_core.domain import FeatureSpec
from tagger_core.review import Group
from tagger_core.track_preview import PLAY_RATE, draw_overview
from tests.gui.inspector.test_player import FakeDevice

CLIPS = 3
LONG = 60_000
PATCH_SECONDS = FeatureSpec().patch_seconds


class Rig:
    def __init__(self, qtbot: QtBot, library: Library) -> None:
        self.library, self.focus, self.device = library, Focus(), FakeDevice()
        self.inspector = Inspector(library, self.focus, Player(lambda: self.device))
        self.sound = self.inspector.parts.sound
        qtbot.addWidget(self.inspector)
        self.inspector.resize(400, 760)
        self.inspector.show()

    def look_at(self, row: int) -> None:
        self.focus.select(np.array([row], np.intp))
        self.focus.set_row(row)

    def has_picture(self) -> bool:
        return not self.sound.waveform.hint and self.sound.waveform.duration > 0 and self.has_values()

    def has_values(self) -> bool:
        rows = self.sound.taggram.rows
        return bool(rows) and len(rows[0].values) > 0


@pytest.fixture
def rig(qtbot: QtBot, library: Library, music_folder: Path) -> Iterator[Rig]:
    for clip in sorted(music_folder.iterdir())[CLIPS:]:
        clip.unlink()
    library.open([music_folder])
    qtbot.waitUntil(
        lambda: len(library.review) == CLIPS and not (library.review.groups == Group.WAITING).any(), timeout=LONG
    )
    rig = Rig(qtbot, library)
    yield rig
    rig.inspector.player.close()


def test_what_is_seen_and_heard_of_a_track(rig: Rig, qtbot: QtBot) -> None:
    review = rig.library.review
    rig.look_at(0)
    qtbot.waitUntil(rig.has_picture, timeout=LONG)

    overview = draw_overview(review.path(0), open_audio, threading.Event())
    assert rig.sound.waveform.duration == overview.duration == rig.sound.taggram.duration

    # The mean over time of a tag is about its probability for the track (labels are merged patch by patch).
    rows = rig.sound.taggram.rows
    ticked = {review.tags[column].name for column in np.flatnonzero(review.ticked[0])}
    assert {row.name for row in rows if row.ticked} <= ticked
    for row in rows:
        assert np.mean(row.values) == pytest.approx(review.probabilities[0, review.column(row.name)], abs=0.1)

    # Why: what the models said.
    name = rows[0].name
    rig.focus.set_tag(review.column(name))
    qtbot.waitUntil(lambda: "(threshold ." in rig.inspector.parts.suggestions.detail.why.text(), timeout=LONG)

    # The right arrow goes to the strongest moment, and playing begins there.
    rig.inspector.seek_strong(1)
    start = rig.inspector.player.position
    assert start == strong_moments(rows[0].values, PATCH_SECONDS)[0] > 0
    rig.inspector.player.play()
    with open_audio(review.path(0), PLAY_RATE, start) as stream:
        expected = np.round(np.clip(np.concatenate(list(stream.blocks())), -1, 1) * 32_767).astype(np.int16)
    qtbot.waitUntil(lambda: bool(rig.device.take(100).any()), timeout=LONG)
    heard = rig.device.take(1_000)
    beginning = np.lib.stride_tricks.sliding_window_view(expected[: 2 * PLAY_RATE], len(heard))
    assert (beginning == heard).all(axis=1).any()


def test_running_through_the_tracks_leaves_nothing_behind(rig: Rig, qtbot: QtBot) -> None:
    for _ in range(4):
        for row in range(CLIPS):
            rig.look_at(row)
            rig.inspector.player.play()
            qtbot.wait(20)
    rig.look_at(1)
    qtbot.waitUntil(rig.has_picture, timeout=LONG)
    assert rig.sound.waveform.duration == pytest.approx(rig.library.review.duration(1), abs=0.01)
    qtbot.waitUntil(
        lambda: not [thread for thread in threading.enumerate() if thread.name == "preview-sound"], timeout=LONG
    )


def test_closing_the_library_ends_every_helper(rig: Rig, qtbot: QtBot) -> None:
    rig.look_at(0)
    qtbot.waitUntil(rig.has_picture, timeout=LONG)
    rig.inspector.player.play()
    rig.inspector.player.close()
    rig.library.close()

    def decoders() -> int:
        """They are children of the server that forks them."""
        here = psutil.Process()
        return len(here.children(recursive=True)) - len(here.children())

    qtbot.waitUntil(lambda: decoders() == 0, timeout=LONG)
