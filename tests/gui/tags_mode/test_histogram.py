"""The histogram on its own: keys, pointer, and what it draws."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from gui.look import theme
from gui.tags_mode.histogram import BINS, Histogram


@pytest.fixture
def histogram(qtbot: QtBot) -> Histogram:
    histogram = Histogram()
    qtbot.addWidget(histogram)
    histogram.resize(500, 200)
    with qtbot.waitExposed(histogram):
        histogram.show()
    return histogram


def shades(histogram: Histogram, colour: QColor) -> int:
    """Pixels of exactly that colour."""
    image = histogram.grab().toImage()
    return sum(
        image.pixelColor(x, y).rgb() == colour.rgb() for x in range(image.width()) for y in range(0, image.height(), 4)
    )


def test_what_is_at_or_above_the_cut_is_filled(histogram: Histogram) -> None:
    counts, hue = np.full(BINS, 10), theme.current().good
    histogram.show_counts(counts, hue)
    filled = []
    for cut in (0.0, 0.5, 0.95):
        histogram.set_cut(cut)
        filled.append(shades(histogram, hue))
    assert filled[0] > filled[1] > filled[2] > 0


def test_a_click_moves_the_cut_and_says_so_once(histogram: Histogram, qtbot: QtBot) -> None:
    moves: list[float] = []
    histogram.cut_moved.connect(moves.append)
    qtbot.mouseClick(histogram, Qt.MouseButton.LeftButton, pos=QPoint(400, 100))
    assert moves == [histogram.cut]
    assert histogram.cut == round(histogram.cut, 2)
    qtbot.mouseMove(histogram, QPoint(100, 100))
    assert len(moves) == 1


def test_the_cut_stays_between_0_and_1(histogram: Histogram, qtbot: QtBot) -> None:
    for x, end in ((-50, 0.0), (2000, 1.0)):
        qtbot.mousePress(histogram, Qt.MouseButton.LeftButton, pos=QPoint(250, 100))
        qtbot.mouseMove(histogram, QPoint(x, 100))
        qtbot.mouseRelease(histogram, Qt.MouseButton.LeftButton, pos=QPoint(x, 100))
        assert histogram.cut == end
    qtbot.keyClick(histogram, Qt.Key.Key_Right)
    assert histogram.cut == 1.0


def test_setting_the_cut_says_nothing(histogram: Histogram) -> None:
    moves: list[float] = []
    histogram.cut_moved.connect(moves.append)
    histogram.set_cut(0.3)
    assert moves == []
    assert "0.30" in histogram.accessibleDescription()


@pytest.mark.parametrize("logarithmic", [True, False])
@pytest.mark.parametrize("counts", [np.zeros(BINS, int), np.ones(BINS, int), np.arange(BINS) * 10**6])
def test_any_counts_are_drawn(histogram: Histogram, counts: np.ndarray, logarithmic: bool) -> None:
    histogram.set_logarithmic(logarithmic)
    histogram.show_counts(counts, theme.current().good, (0.2, 0.4))
    assert not histogram.grab().isNull()


def test_few_beside_many_can_be_seen_on_the_logarithmic_scale(histogram: Histogram) -> None:
    counts, hue = np.zeros(BINS, int), theme.current().good
    counts[0], counts[-1] = 100_000, 10
    histogram.set_cut(0.9)
    histogram.show_counts(counts, hue)
    many = shades(histogram, hue)
    histogram.set_logarithmic(False)
    assert many > 3 * shades(histogram, hue)
