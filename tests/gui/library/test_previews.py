"""Pictures and sound of the track that is looked at."""

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gui.library.library import Library
from tagger_core.track_preview import PLAY_RATE, TrackOverview
from tests.gui.witness import WAIT_MS, Witness


@pytest.fixture
def opened(library: Library, music_folder: Path, qtbot: QtBot) -> Library:
    witness = Witness(library, qtbot)
    library.open([music_folder], listen=False)
    witness.wait_for(lambda: len(library.review) == 10)
    return library


def test_only_the_track_that_was_wished_last_is_drawn(opened: Library, qtbot: QtBot) -> None:
    answers: list[tuple[int, TrackOverview | str]] = []
    for row in range(5):
        opened.preview(row, lambda answer, row=row: answers.append((row, answer)))  # type: ignore[misc]
    qtbot.waitUntil(lambda: bool(answers), timeout=WAIT_MS)
    ((row, overview),) = answers
    assert row == 4
    assert isinstance(overview, TrackOverview)
    assert overview.duration == pytest.approx(20, abs=1)


def test_a_file_that_cannot_be_decoded_says_why(opened: Library, qtbot: QtBot) -> None:
    opened.review.path(1).write_bytes(b"no music")
    answers: list[TrackOverview | str] = []
    opened.preview(1, answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=WAIT_MS)
    assert isinstance(answers[0], str)
    assert answers[0]


def test_sound_begins_at_any_moment(opened: Library, qtbot: QtBot) -> None:
    feed = opened.open_sound(2, 5.0)
    heard: list[np.ndarray[tuple[int], np.dtype[np.int16]]] = []

    def listened() -> bool:
        heard.append(feed.read(PLAY_RATE))
        return sum(map(len, heard)) >= PLAY_RATE

    qtbot.waitUntil(listened, timeout=WAIT_MS)
    assert feed.position >= 6.0
    assert np.concatenate(heard).any()
    feed.close()
