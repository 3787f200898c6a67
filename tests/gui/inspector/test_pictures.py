"""Pictures over time: the same moment at the same place in all, the values as they are, clicks as seconds."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.inspector.colour_scale import ColourScale
from gui.inspector.spectrogram_view import SpectrogramView
from gui.inspector.taggram_view import TaggramView, TagOverTime, strong_moments
from gui.inspector.time_picture import TimeAxis, TimePicture
from gui.inspector.waveform_view import WaveformView
from gui.look import theme
from gui.look.palettes import DARK, LIGHT, Tokens
from tagger_core.domain import Category

GUTTER, WIDTH = 80, 280  # 200 pixels of time
DURATION = 100.0


def shown(qtbot: QtBot, picture: TimePicture, height: int = 64) -> TimePicture:
    qtbot.addWidget(picture)
    picture.set_gutter(GUTTER)
    picture.set_duration(DURATION)
    picture.resize(WIDTH, height)
    picture.show()
    return picture


def pixels(widget: QWidget) -> QImage:
    return widget.grab().toImage()


def lightness(colour: QColor) -> float:
    """CIE L*, 0 to 100."""
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 116 * luminance ** (1 / 3) - 16 if luminance > 0.008856 else 903.3 * luminance


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_more_is_darker_in_light_and_lighter_in_dark_all_the_way(tokens: Tokens) -> None:
    scale = ColourScale(tokens)
    steps = np.diff([lightness(scale.colour(value)) for value in np.linspace(0, 1, 65)])
    assert (steps > 0).all() if tokens.dark else (steps < 0).all()
    assert abs(steps.sum()) > 50


def test_an_image_has_the_colour_of_each_value_and_outlives_the_array() -> None:
    scale = ColourScale(LIGHT)
    values = np.array([[0.0, 0.5, 1.0], [0.25, -1, 2]])
    image = scale.image(values)
    del values
    assert (image.width(), image.height()) == (3, 2)
    expected = [[0.0, 0.5, 1.0], [0.25, 0.0, 1.0]]
    assert [[image.pixelColor(x, y) for x in range(3)] for y in range(2)] == [
        [scale.colour(value) for value in row] for row in expected
    ]


def test_of_what_is_not_known_nothing_is_painted() -> None:
    image = ColourScale(DARK).image(np.array([[0.0, np.nan]]))
    assert [image.pixelColor(x, 0).alpha() for x in range(2)] == [255, 0]


def taggram(*rows: list[float]) -> list[TagOverTime]:
    return [
        TagOverTime(f"Tag {number}", Category.GENRE, number == 0, np.array(values, np.float32))
        for number, values in enumerate(rows)
    ]


def with_content(name: str) -> TimePicture:
    if name == "waveform":
        waveform = WaveformView()
        waveform.show_waveform(np.array([[-0.5, 0.5]] * 40, np.float32), DURATION)
        return waveform
    if name == "spectrogram":
        spectrogram = SpectrogramView()
        spectrogram.show_log_mel(np.ones((40, 96), np.float32), DURATION)
        return spectrogram
    if name == "taggram":
        tags = TaggramView()
        tags.show_tags(taggram([0.1, 0.9], [0.2, 0.3]), 50.0)
        return tags
    return TimeAxis()


@pytest.mark.parametrize("name", ["waveform", "spectrogram", "taggram", "axis"])
class TestEveryPicture:
    def test_a_click_asks_for_the_moment_below_it(self, qtbot: QtBot, name: str) -> None:
        picture = shown(qtbot, with_content(name))
        for x, seconds in ((GUTTER, 0.0), (GUTTER + 50, 25.0), (GUTTER + 150, 75.0)):
            with qtbot.waitSignal(picture.sought) as asked:
                QTest.mouseClick(picture, Qt.MouseButton.LeftButton, pos=QPoint(x, 5))
            assert asked.args == [pytest.approx(seconds)]

    def test_a_click_on_the_names_or_without_a_track_asks_for_nothing(self, qtbot: QtBot, name: str) -> None:
        picture = shown(qtbot, with_content(name))
        with qtbot.assertNotEmitted(picture.sought):
            QTest.mouseClick(picture, Qt.MouseButton.LeftButton, pos=QPoint(GUTTER - 5, 5))
            QTest.mouseClick(picture, Qt.MouseButton.RightButton, pos=QPoint(GUTTER + 5, 5))
            picture.set_duration(0.0)
            QTest.mouseClick(picture, Qt.MouseButton.LeftButton, pos=QPoint(GUTTER + 50, 5))

    def test_a_drag_asks_where_it_begins_and_where_it_ends_inside_the_track(self, qtbot: QtBot, name: str) -> None:
        picture = shown(qtbot, with_content(name))
        asked: list[float] = []
        picture.sought.connect(asked.append)
        QTest.mousePress(picture, Qt.MouseButton.LeftButton, pos=QPoint(GUTTER + 100, 5))
        picture.set_position(50.0)
        for x in (GUTTER + 120, GUTTER + 160, WIDTH + 500):
            QTest.mouseMove(picture, QPoint(x, 5))
        QTest.mouseRelease(picture, Qt.MouseButton.LeftButton, pos=QPoint(WIDTH + 500, 5))
        assert asked == [pytest.approx(50.0), DURATION]

    def test_it_has_an_accessible_name(self, qtbot: QtBot, name: str) -> None:
        assert shown(qtbot, with_content(name)).accessibleName()

    def test_it_is_painted_in_the_colours_in_force(self, qtbot: QtBot, qapp, name: str) -> None:
        picture = shown(qtbot, with_content(name))
        theme.apply(qapp, theme.Scheme.LIGHT)
        light = pixels(picture)
        theme.apply(qapp, theme.Scheme.DARK)
        assert pixels(picture) != light
        theme.apply(qapp, theme.Scheme.LIGHT)
        assert pixels(picture) == light


@pytest.mark.parametrize("name", ["waveform", "spectrogram", "taggram"])
def test_the_line_stands_where_the_sound_is(qtbot: QtBot, name: str) -> None:
    picture = shown(qtbot, with_content(name))
    for seconds in (0.0, 50.0, 100.0):
        picture.set_position(seconds)
        x = round(GUTTER + (WIDTH - GUTTER - 1) * seconds / DURATION)
        near = [pixels(picture).pixelColor(min(column, WIDTH - 1), 20) for column in (x - 1, x, x + 1)]
        assert theme.current().bad in near


def test_a_waveform_shows_every_extreme_however_narrow_it_is(qtbot: QtBot) -> None:
    view = WaveformView()
    extremes = np.zeros((1_000, 2), np.float32)
    extremes[417] = -0.9, 0.8
    view.show_waveform(extremes, DURATION)
    shown(qtbot, view)
    lines = view.lines(view.plot())
    assert len(lines) == WIDTH - GUTTER
    middle, half = view.plot().center().y(), view.plot().height() / 2 - 1
    highest = min(lines, key=lambda line: line.y1())
    assert highest.x1() == GUTTER + int(417 / 1_000 * (WIDTH - GUTTER))
    assert highest.y1() == pytest.approx(middle - 0.8 * half)
    assert highest.y2() == pytest.approx(middle + 0.9 * half + 1)


def test_columns_that_reach_beyond_the_track_are_cut_off(qtbot: QtBot) -> None:
    view = WaveformView()
    extremes = np.zeros((10, 2), np.float32)
    extremes[9] = -1, 1
    view.show_waveform(extremes, 2 * DURATION)
    shown(qtbot, view)
    assert all(line.y2() - line.y1() < 3 for line in view.lines(view.plot()))


def test_low_bands_are_at_the_bottom_and_time_runs_to_the_right(qtbot: QtBot) -> None:
    view = SpectrogramView()
    log_mel = np.zeros((100, 96), np.float32)
    log_mel[50:, :48] = 5.0
    view.show_log_mel(log_mel, DURATION)
    image = pixels(shown(qtbot, view))
    scale = ColourScale(theme.current())
    places = {(140, 55): 0.0, (260, 55): 1.0, (140, 8): 0.0, (260, 8): 0.0}
    for (x, y), value in places.items():
        assert image.pixelColor(x, y) == scale.colour(value)


class TestTaggram:
    def test_a_cell_has_the_colour_of_its_value(self, qtbot: QtBot) -> None:
        view = TaggramView()
        view.show_tags(taggram([0.1, 0.8], [0.2, 0.3]), 50.0)
        image = pixels(shown(qtbot, view))
        scale, middle = ColourScale(theme.current()), view.row_height // 2
        for row, column, value in ((0, 0, 0.1), (0, 1, 0.8), (1, 0, 0.2), (1, 1, 0.3)):
            x, y = GUTTER + 50 + 100 * column, row * view.row_height + middle
            assert image.pixelColor(x, y) == scale.colour(value)

    def test_the_last_patch_stands_for_all_that_is_left(self, qtbot: QtBot) -> None:
        view = TaggramView()
        view.show_tags(taggram([0.0, 0.0, 1.0]), 30.0)  # two patches of 30 s, and 40 s are left
        image = pixels(shown(qtbot, view))
        scale = ColourScale(theme.current())
        assert image.pixelColor(GUTTER + 115, 5) == scale.colour(0.0)
        assert image.pixelColor(GUTTER + 125, 5) == scale.colour(1.0)
        assert image.pixelColor(WIDTH - 2, 5) == scale.colour(1.0)

    def test_the_pointer_tells_tag_probability_and_moment(self, qtbot: QtBot) -> None:
        view = TaggramView()
        view.show_tags([TagOverTime("Guitar", Category.INSTRUMENT, True, np.array([0.1, 0.82, 0.3]))], 40.0)
        shown(qtbot, view)
        assert view.text_at(72.4, 3) == "Guitar .82 at 1:12"
        assert view.text_at(99.0, 3) == "Guitar .30 at 1:39"
        assert view.text_at(99.0, 300) == "1:39"

    def test_a_moment_that_was_not_listened_to_is_a_gap_and_says_so(self, qtbot: QtBot) -> None:
        view = TaggramView()
        view.show_tags(taggram([0.8, np.nan]), 50.0)
        image = pixels(shown(qtbot, view))
        heard, gap = ({image.pixelColor(x, 5).name() for x in range(GUTTER + x, GUTTER + x + 30)} for x in (50, 120))
        assert heard == {ColourScale(theme.current()).colour(0.8).name()}
        assert theme.current().border.name() in gap
        assert len(gap) == 2, "hatched"
        assert view.text_at(75.0, 3) == "not listened to at 1:15"

    def test_the_gutter_has_room_for_the_longest_name(self, qtbot: QtBot) -> None:
        view = TaggramView()
        qtbot.addWidget(view)
        assert view.gutter_needed() == 0
        view.show_tags(taggram([0.1]), 3.0)
        one = view.gutter_needed()
        view.show_tags([TagOverTime("Psychedelic Space Rock", Category.GENRE, True, np.array([0.1]))], 3.0)
        assert view.gutter_needed() > one > view.fontMetrics().horizontalAdvance("Tag 0")

    def test_the_names_are_told_to_screen_readers(self, qtbot: QtBot) -> None:
        view = TaggramView()
        qtbot.addWidget(view)
        view.show_tags(taggram([0.1], [0.2]), 3.0)
        assert view.accessibleDescription() == "Tag 0, Tag 1"


@pytest.mark.parametrize(
    ("values", "moments"),
    [
        ([], []),
        ([0.3], [1.5]),
        ([0.1, 0.9, 0.1, 0.88, 0.2], [4.5, 10.5]),
        ([0.1, 0.9, 0.1, 0.5, 0.2], [4.5]),
        ([0.9, 0.9, 0.1], [1.5]),
        ([0.1, 0.2, 0.3], [7.5]),
        ([np.nan, 0.85, np.nan, np.nan, 0.9, 0.3], [4.5, 13.5]),
    ],
)
def test_strong_moments_are_the_middles_of_the_highest_peaks(values: list[float], moments: list[float]) -> None:
    assert strong_moments(np.array(values), 3.0) == moments


@pytest.mark.parametrize("duration", [0.0, 0.4, 19.9, 200.0, 3_599.0, 10_800.0])
def test_the_axis_has_as_many_labels_as_there_is_room_for(qtbot: QtBot, duration: float) -> None:
    axis = shown(qtbot, TimeAxis())
    axis.set_duration(duration)
    ticks = axis.ticks()
    assert len(ticks) <= 5
    assert ticks[:1] == ([0.0] if duration else [])
    assert all(0 <= tick <= duration for tick in ticks)


@pytest.mark.parametrize("width", [320, 376])
def test_labels_of_long_tracks_do_not_run_into_each_other(qtbot: QtBot, width: int) -> None:
    axis = shown(qtbot, TimeAxis())
    axis.resize(width, axis.height())
    axis.set_duration(10_800.0)
    label = axis.fontMetrics().horizontalAdvance("3:00:00")
    places = [axis.plot().width() * tick / 10_800 for tick in axis.ticks()]
    assert places[-1] - label - places[-2] > label / 2


def test_without_a_picture_it_says_why(qtbot: QtBot) -> None:
    view = WaveformView()
    shown(qtbot, view)
    empty = pixels(view)
    view.set_hint("the file is no longer there")
    assert pixels(view) != empty
    assert view.plot().contains(QPointF(GUTTER + 10, 10))
