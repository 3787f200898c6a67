"""The tools behind ``make screenshots``."""

from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtGui import QColor, QPainter, QPixmap
from pytestqt.qtbot import QtBot

from gui.library.library import Library
from tagger_core.domain import FileStamp, Track
from tagger_core.review import Group
from tests.screenshots.made_up import TRACKS, fill
from tests.screenshots.stage import save_small


def test_a_saved_picture_looks_as_it_was(qtbot: QtBot, tmp_path: Path) -> None:
    picture = QPixmap(300, 200)
    picture.fill(QColor("#212429"))
    painter = QPainter(picture)
    painter.setPen(QColor("#e7e9ec"))
    painter.drawText(20, 60, "Megtört Álom")
    painter.fillRect(100, 100, 50, 50, QColor("#4a43c9"))
    painter.end()
    save_small(picture, tmp_path / "deep" / "picture.png")
    saved = Image.open(tmp_path / "deep" / "picture.png")
    assert saved.mode == "P"
    pixels = np.asarray(saved.convert("RGB")).astype(int)
    before = picture.toImage()
    for x, y in ((1, 1), (120, 120)):
        wanted = before.pixelColor(x, y).getRgb()
        assert np.abs(pixels[y, x] - np.array(wanted[:3])).max() <= 1


def test_the_made_up_library_sounds_like_music(filled_library) -> None:
    library: Library = filled_library(10)
    failed = Track(Path("/music/broken.mp3"), FileStamp(1, 1, 10**6, 1))
    library.review.add([failed])
    fill(library)
    review = library.review
    assert len(review) == 11 + TRACKS
    counts = review.counts()
    assert counts[Group.ACCEPTED] > 0
    assert counts[Group.SET_ASIDE] > 0
    assert counts[Group.WAITING] == 1
    assert not np.isnan(review.probabilities[11:]).any()
