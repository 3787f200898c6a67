"""Chips: what is painted and kept, what fits, and what a click or the pointer on one of them does."""

import html
import math
from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from gui.focus import Focus
from gui.library.library import Library
from gui.look import theme
from gui.tracks.chip_delegate import ChipLine
from gui.tracks.chips import ChipArtist
from gui.tracks.columns import Column
from gui.tracks.track_table import TrackTable
from gui.tracks.track_view import TrackView
from tagger_core.domain import Category, TrackFailure
from tagger_core.review import Reason, ReviewTag

HEIGHT = 19


def tag(
    name: str = "Rock",
    probability: float = 0.9,
    ticked: bool = True,
    by_hand: bool = False,
    reason: Reason | None = None,
) -> ReviewTag:
    return ReviewTag(
        name=name,
        category=Category.GENRE,
        probability=probability,
        threshold=0.5,
        margin=1.0,
        ticked=ticked,
        by_hand=by_hand,
        sure=True,
        new=not reason,
        reason=reason,
    )


@pytest.fixture
def artist(qapp: QApplication) -> ChipArtist:
    return ChipArtist(theme.font_small(), HEIGHT, 1.0)


def picture(artist: ChipArtist, of: ReviewTag) -> QImage:
    return artist.chip(of).toImage()


def test_the_same_chip_is_painted_once(artist: ChipArtist) -> None:
    assert artist.chip(tag()).cacheKey() == artist.chip(tag()).cacheKey()
    assert len(artist) == 1


@pytest.mark.parametrize(
    "other",
    [tag("Folk"), tag(probability=0.1), tag(ticked=False), tag(ticked=False, by_hand=True), tag(probability=math.nan)],
    ids=["name", "probability", "near miss", "unticked", "no model knows it"],
)
def test_what_differs_looks_different(artist: ChipArtist, other: ReviewTag) -> None:
    assert picture(artist, tag()) != picture(artist, other)


def test_what_differs_looks_different_without_colour(artist: ChipArtist) -> None:
    grey = QImage.Format.Format_Grayscale8
    ticked, near, unticked = (
        picture(artist, one).convertToFormat(grey)
        for one in (tag(), tag(ticked=False), tag(ticked=False, by_hand=True))
    )
    assert ticked.size() != near.size()  # it has a check mark
    assert near != unticked  # it is struck through


def test_a_tag_that_the_preset_has_no_field_for_is_not_shown_as_if_it_were_written(artist: ChipArtist) -> None:
    grey = QImage.Format.Format_Grayscale8
    nowhere, near, in_file, ticked = (
        picture(artist, one).convertToFormat(grey)
        for one in (tag(reason=Reason.NO_FIELD), tag(ticked=False), tag(reason=Reason.IN_FILE), tag())
    )
    assert nowhere.size() == near.size()  # no check mark
    assert nowhere != near
    assert in_file == ticked


def test_pictures_are_as_fine_as_the_screen(qapp: QApplication) -> None:
    fine = ChipArtist(theme.font_small(), HEIGHT, 2.0)
    chip = fine.chip(tag())
    assert chip.devicePixelRatio() == 2.0
    assert chip.deviceIndependentSize().height() == HEIGHT
    assert chip.width() == 2 * fine.width(tag())


def test_no_more_pictures_are_kept_than_were_asked_for(qapp: QApplication) -> None:
    artist = ChipArtist(theme.font_small(), HEIGHT, 1.0, capacity=3)
    first = artist.chip(tag("a")).cacheKey()
    for name in ("b", "c", "a", "d"):
        artist.chip(tag(name))
    assert len(artist) == 3
    assert artist.chip(tag("a")).cacheKey() == first  # the one unused for longest went


def test_a_name_has_all_the_room_that_it_needs(artist: ChipArtist) -> None:
    for name in ("Rock", "Female Vocals", "夜想曲", "Progressive Rock", "🎸"):
        assert artist.width(tag(name)) > QFontMetrics(theme.font_small()).horizontalAdvance(name)


class Shown:
    def __init__(self, library: Library, qtbot: QtBot) -> None:
        self.library = library
        self.table = TrackTable(library)
        self.focus = Focus()
        self.view = TrackView(self.table, self.focus)
        qtbot.addWidget(self.view)
        self.view.resize(800, 300)
        self.view.show()
        self.delegate = self.view.itemDelegateForColumn(Column.SUGGESTED)

    def line(self, position: int) -> ChipLine:
        return self.delegate.line(position, self.view.columnWidth(Column.SUGGESTED))

    def rect(self, position: int) -> QRect:
        return self.view.visualRect(self.table.index(position, Column.SUGGESTED))

    def middle(self, position: int, chip: int) -> QPoint:
        """Of a chip, in the viewport."""
        placed = self.line(position).chips[chip]
        rect = self.rect(position)
        return QPoint(rect.left() + (placed.left + placed.end) // 2, rect.center().y())

    def explained(self, point: QPoint) -> str:
        event = QHelpEvent(QEvent.Type.ToolTip, point, self.view.viewport().mapToGlobal(point))
        QApplication.sendEvent(self.view.viewport(), event)
        return QToolTip.text()


@pytest.fixture
def shown(filled_library: Callable[[int], Library], qtbot: QtBot) -> Shown:
    return Shown(filled_library(20), qtbot)


def crowded(shown: Shown) -> int:
    """A row with more chips than its cell has room for."""
    return next(position for position in range(20) if shown.line(position).hidden)


def test_chips_lie_side_by_side_and_what_does_not_fit_is_counted(shown: Shown) -> None:
    position = crowded(shown)
    width = shown.view.columnWidth(Column.SUGGESTED)
    line = shown.line(position)
    assert [one.tag for one in line.chips] + list(line.hidden) == shown.table.chips(position)
    assert all(one.end < other.left for one, other in zip(line.chips, line.chips[1:], strict=False))
    assert line.end < width
    everything = shown.delegate.line(position, 5000)
    assert everything.hidden == ()
    nothing = shown.delegate.line(position, 20)
    assert nothing.chips == ()


def test_a_click_on_a_chip_toggles_that_tag_on_that_row(shown: Shown, qtbot: QtBot) -> None:
    wanted = shown.line(3).chips[0].tag.name
    with qtbot.waitSignal(shown.view.chip_clicked) as clicked:
        QTest.mouseClick(shown.view.viewport(), Qt.MouseButton.LeftButton, pos=shown.middle(3, 0))
    assert clicked.args == [3, wanted]
    assert shown.focus.rows.tolist() == [0]  # the selection stays


def test_a_click_beside_the_chips_selects_the_row(shown: Shown, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(shown.view.chip_clicked):
        rect = shown.rect(3)
        QTest.mouseClick(shown.view.viewport(), Qt.MouseButton.LeftButton, pos=rect.topLeft() + QPoint(2, 3))
        QTest.mouseClick(shown.view.viewport(), Qt.MouseButton.LeftButton, pos=rect.topRight() + QPoint(-1, 3))
    assert shown.focus.rows.tolist() == [3]


def test_a_press_that_ends_elsewhere_does_nothing(shown: Shown, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(shown.view.chip_clicked):
        QTest.mousePress(shown.view.viewport(), Qt.MouseButton.LeftButton, pos=shown.middle(3, 0))
        elsewhere = shown.middle(3, 0) + QPoint(0, 3 * shown.view.rowHeight(3))
        QTest.mouseRelease(shown.view.viewport(), Qt.MouseButton.LeftButton, pos=elsewhere)


def test_with_a_modifier_a_click_selects(shown: Shown, qtbot: QtBot) -> None:
    control = Qt.KeyboardModifier.ControlModifier
    with qtbot.assertNotEmitted(shown.view.chip_clicked):
        QTest.mouseClick(shown.view.viewport(), Qt.MouseButton.LeftButton, control, shown.middle(3, 0))
    assert shown.focus.rows.tolist() == [0, 3]


def test_the_pointer_on_a_chip_tells_its_numbers(shown: Shown) -> None:
    shown.library.do("set_threshold", 0, 0.01)
    place, chip = next((place, chip.tag) for place, chip in enumerate(shown.line(2).chips) if chip.tag.ticked)
    explained = shown.explained(shown.middle(2, place))
    assert f"{chip.name}, ticked: probability {chip.probability:.2f}, threshold {chip.threshold:.2f}" in explained


def test_the_pointer_on_the_rest_tells_which_tags_those_are(shown: Shown) -> None:
    position = crowded(shown)
    line, rect = shown.line(position), shown.rect(position)
    explained = shown.explained(QPoint(rect.left() + line.end + 6, rect.center().y()))
    assert all(html.escape(hidden.name) in explained for hidden in line.hidden)


def test_a_failed_row_has_no_chips_to_click(shown: Shown, qtbot: QtBot) -> None:
    point = shown.middle(2, 0)
    shown.library.rows_changed.emit(shown.library.review.fail([TrackFailure(shown.library.review.track(2), "broken")]))
    with qtbot.assertNotEmitted(shown.view.chip_clicked):
        QTest.mouseClick(shown.view.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert "broken" in shown.explained(point)


def test_painting_every_kind_of_row_and_both_palettes(shown: Shown, qapp: QApplication) -> None:
    shown.library.do("accept", shown.table.rows[:2])
    shown.library.do("reject", shown.table.rows[2:4])
    shown.library.review.fail([TrackFailure(shown.library.review.track(5), "broken")])
    theme.apply(qapp, theme.Scheme.LIGHT)
    light = shown.view.grab().toImage()
    theme.apply(qapp, theme.Scheme.DARK)
    dark = shown.view.grab().toImage()
    theme.apply(qapp, theme.Scheme.LIGHT)
    assert light != dark
    assert shown.view.grab().toImage() == light
