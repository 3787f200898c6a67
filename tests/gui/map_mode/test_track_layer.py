"""Tracks as signs, and as a crowd."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from gui.look import theme
from gui.map_mode.track_layer import CROWD, TrackLayer, on_screen, paint_sign
from tagger_core.review import Group

SIZE = QSize(200, 100)
SHOWN = (Group.READY, Group.UNSURE, Group.SILENT, Group.ACCEPTED, Group.SET_ASIDE, Group.WRITTEN)


def painted(points: np.ndarray, groups: np.ndarray, selected: np.ndarray, ratio: float = 1.0) -> QImage:
    image = QImage(SIZE * ratio, QImage.Format.Format_ARGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    TrackLayer().paint(painter, SIZE, ratio, points.astype(np.float32), groups.astype(np.uint8), selected)
    painter.end()
    return image


def covered(image: QImage) -> np.ndarray:
    """Opacity, shape (height, width)."""
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return pixels[..., 3].copy()


NOBODY = np.empty(0, np.intp)


def test_every_group_has_a_shape_of_its_own(qtbot: QtBot) -> None:
    shapes = set()
    for group in SHOWN:
        image = QImage(SIZE, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        paint_sign(painter, QPointF(50, 50), group)
        painter.end()
        shapes.add((covered(image) > 100).tobytes())
    assert len(shapes) == len(SHOWN)


@pytest.mark.parametrize("group", SHOWN)
@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_a_track_is_where_its_point_is(qtbot: QtBot, group: Group, ratio: float) -> None:
    opacity = covered(painted(np.array([(60, 40)]), np.array([group]), NOBODY, ratio))
    lines, columns = np.nonzero(opacity)
    assert columns.mean() == pytest.approx(60 * ratio, abs=1.5 * ratio)
    assert lines.mean() == pytest.approx(40 * ratio, abs=1.5 * ratio)


def test_a_crowd_is_the_denser_the_more_opaque(qtbot: QtBot) -> None:
    points = np.concatenate([np.tile([(50, 50)], (CROWD, 1)), [(150, 50)]])
    opacity = covered(painted(points, np.full(len(points), Group.READY), NOBODY))
    assert opacity[50, 50] == 255
    assert 0 < opacity[50, 150] < 255
    assert np.count_nonzero(opacity) == 2 * 3 * 3


def test_in_a_crowd_the_selected_have_the_accent(qtbot: QtBot) -> None:
    points = np.tile([(50, 50), (150, 50)], (CROWD, 1))
    image = painted(points, np.full(len(points), Group.READY), np.arange(0, 2 * CROWD, 2))
    assert image.pixelColor(50, 50).name() == theme.current().accent.name()
    assert image.pixelColor(150, 50).name() == theme.current().good.name()


def test_a_selected_track_has_a_ring(qtbot: QtBot) -> None:
    one = np.array([(60, 40)]), np.array([Group.READY])
    plain, ringed = (np.count_nonzero(covered(painted(*one, selected))) for selected in (NOBODY, np.array([0])))
    assert ringed > 1.5 * plain


def test_what_is_beside_the_screen_or_has_no_place_is_not_painted(qtbot: QtBot) -> None:
    points = np.array([(-5, 5), (5, 500), (np.nan, np.nan), (5, 5)], np.float32)
    assert on_screen(points, SIZE).tolist() == [3]
    assert not covered(painted(points[:3], np.ones(3), np.arange(3))).any()
