"""The list of suggestions: which lines, in which order, and what clicks and keys on them ask for."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from gui.inspector.suggestion_lines import SuggestionLine, in_order, lines_of, shared_lines
from gui.inspector.suggestion_list import SuggestionList
from gui.inspector.suggestion_model import LINE_ROLE, SuggestionModel
from gui.inspector.tag_detail import why_text
from gui.look.wording import number
from tagger_core.domain import Category
from tagger_core.review import Reason, ReviewTag
from tagger_core.suggestions import Evidence
from tagger_core.vocabulary import Tag

LONG = "A tag with a name that is much longer than any column of any window could ever be " * 3


def tag(name: str, margin: float, *, ticked: bool | None = None, by_hand: bool = False, **more: object) -> ReviewTag:
    return ReviewTag(
        name=name,
        category=Category.GENRE,
        probability=math.nan if math.isnan(margin) else 0.5,
        threshold=math.nan if math.isnan(margin) else 0.4,
        margin=margin,
        ticked=margin >= 0 if ticked is None else ticked,
        by_hand=by_hand,
        sure=False,
        new=True,
        **more,
    )


def line(name: str, *, ticked: bool | None = True, probability: float = 0.5, threshold: float = 0.4) -> SuggestionLine:
    return SuggestionLine(name, Category.MOOD, probability, threshold, ticked, False, "")


def names(lines: Sequence[SuggestionLine]) -> list[str]:
    return [one.name for one in lines]


class TestLines:
    def test_the_order_does_not_depend_on_what_is_ticked(self) -> None:
        tags = [tag("A", 1.0), tag("B", 2.0), tag("C", -0.5), tag("By hand", math.nan, ticked=True, by_hand=True)]
        before = [one.name for one in in_order(tags)]
        assert before == ["By hand", "B", "A", "C"]
        other = [tag("A", 1.0, ticked=False, by_hand=True), *tags[1:]]
        assert [one.name for one in in_order(other)] == before

    def test_what_is_ticked_and_what_is_near_is_shown_first(self) -> None:
        tags = [tag(f"T{number}", 0.5 - number / 4) for number in range(20)]
        lines, first = lines_of(tags)
        assert len(lines) == 20
        assert names(lines[:first]) == [f"T{number}" for number in range(7)]  # down to a margin of -1

    def test_a_few_are_shown_even_if_none_is_near_and_everything_that_is_ticked_is(self) -> None:
        assert lines_of([tag(f"T{number}", -5.0 - number) for number in range(20)])[1] == 5
        assert lines_of([tag(f"T{number}", 5.0) for number in range(20)])[1] == 20
        assert lines_of([tag("A", -9.0)])[1] == 1
        assert lines_of([]) == ([], 0)

    def test_a_note_says_why_not(self) -> None:
        lines, _ = lines_of([tag("A", 1.0, ticked=False, reason=Reason.CONTRADICTED, other="Female Vocals")])
        assert lines[0].note == "contradicts Female Vocals in the file"

    def test_several_tracks_show_what_most_of_them_share(self) -> None:
        tags = [Tag(name, Category.GENRE) for name in "ABC"]
        lines, first = shared_lines(
            tags, np.array([0, 12, 1_204]), np.array([0.1, 0.2, 0.3]), np.array([0.5, 0.5, 0.5]), 1_204
        )
        assert [(one.name, one.ticked, one.note) for one in lines] == [
            ("C", True, ""),
            ("B", None, f"on 12 of {number(1_204)}"),
            ("A", False, ""),
        ]
        assert first == 3


class TestModel:
    @pytest.fixture
    def model(self, qtbot: QtBot) -> SuggestionModel:
        model = SuggestionModel()
        self.tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
        return model

    def test_it_is_a_proper_model_whatever_happens_to_it(self, model: SuggestionModel) -> None:
        model.set_lines([line("A"), line("B"), line("C")], 2)
        assert (model.rowCount(), model.hidden) == (2, 1)
        model.show_all(True)
        assert (model.rowCount(), model.hidden) == (3, 0)
        model.set_lines([line("A", ticked=False), line("B"), line("C")], 2)
        assert model.index(0).data(LINE_ROLE).ticked is False
        model.set_lines([], 0)
        assert model.rowCount() == 0

    def test_the_same_tags_with_other_values_are_no_new_lines(self, model: SuggestionModel, qtbot: QtBot) -> None:
        model.set_lines([line("A"), line("B")], 2)
        with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.dataChanged):
            model.set_lines([line("A", ticked=False), line("B")], 2)

    def test_a_line_in_words(self, model: SuggestionModel) -> None:
        nobody_knows = SuggestionLine("<i>夜 🎧</i>", Category.OTHER, math.nan, math.nan, True, True, "")
        model.set_lines([line("Rock", probability=0.93), nobody_knows], 2)
        spoken = [model.index(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(2)]
        assert spoken[0] == "Rock (mood), heard with .93, needed .40, ticked, key 1"
        assert spoken[1] == "<i>夜 🎧</i> (other), no model knows this tag, ticked, by hand, key 2"
        assert "<i>" not in model.index(1).data(Qt.ItemDataRole.ToolTipRole)


@pytest.fixture
def view(qtbot: QtBot) -> SuggestionList:
    view = SuggestionList()
    qtbot.addWidget(view)
    view.resize(360, 400)
    view.show_lines([line("A"), line("B", ticked=None), line("C", ticked=False), line(LONG)], 3)
    view.resize(360, view.sizeHint().height())
    view.show()
    return view


def centre(view: SuggestionList, row: int) -> QPoint:
    return view.visualRect(view.lines.index(row)).center()


def place_of_mark(view: SuggestionList, row: int, value: float) -> QPoint:
    bar = view.itemDelegate().bar(view.visualRect(view.lines.index(row)))
    return QPoint(round(bar.left() + bar.width() * value), round(bar.center().y()))


class TestList:
    def test_a_click_on_the_box_toggles_and_opens_nothing(self, view: SuggestionList, qtbot: QtBot) -> None:
        with qtbot.waitSignal(view.toggled) as toggled, qtbot.assertNotEmitted(view.opened):
            QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(22, centre(view, 1).y()))
        assert toggled.args == ["B"]

    def test_a_click_on_the_name_opens_and_another_closes(self, view: SuggestionList, qtbot: QtBot) -> None:
        opened: list[str] = []
        view.opened.connect(opened.append)
        place = QPoint(80, view.visualRect(view.lines.index(2)).top() + 8)
        with qtbot.assertNotEmitted(view.toggled):
            QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
            assert view.open_tag == "C"
            assert view.detail.isVisible()
            QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert opened == ["C", ""]
        assert not view.detail.isVisible()

    def test_up_and_down_go_from_line_to_line_and_enter_toggles(self, view: SuggestionList) -> None:
        toggled: list[str] = []
        view.toggled.connect(toggled.append)
        view.setFocus()
        for key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Enter):
            QTest.keyClick(view, key)
        QTest.keyClick(view, Qt.Key.Key_Up)
        assert toggled == ["B", "C"]
        assert view.open_tag == "B"

    def test_letters_are_left_to_the_window(self, view: SuggestionList) -> None:
        view.setFocus()
        before = view.currentIndex().row()
        QTest.keyClick(view, Qt.Key.Key_C)
        assert view.currentIndex().row() == before

    def test_the_threshold_can_be_dragged_on_the_bar(self, view: SuggestionList) -> None:
        chosen: list[tuple[str, float]] = []
        view.threshold_chosen.connect(lambda name, value: chosen.append((name, value)))
        viewport = view.viewport()
        QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=place_of_mark(view, 0, 0.4))
        QTest.mouseMove(viewport, place_of_mark(view, 0, 0.6))
        assert chosen == []  # one threshold for one drag
        QTest.mouseMove(viewport, place_of_mark(view, 0, 0.7))
        QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=place_of_mark(view, 0, 0.7))
        assert chosen == [("A", pytest.approx(0.7, abs=0.02))]

    def test_a_click_on_the_mark_changes_nothing(self, view: SuggestionList, qtbot: QtBot) -> None:
        with qtbot.assertNotEmitted(view.threshold_chosen):
            QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place_of_mark(view, 0, 0.4))

    def test_the_threshold_can_be_typed(self, view: SuggestionList, qtbot: QtBot) -> None:
        view.open_line("A")
        view.explain("why", own_threshold=True)
        assert view.detail.threshold.value() == pytest.approx(0.4)
        with qtbot.waitSignal(view.threshold_chosen) as chosen:
            view.detail.threshold.setValue(0.55)
        assert chosen.args == ["A", 0.55]
        with qtbot.waitSignal(view.threshold_reset) as reset:
            view.detail.reset_button.click()
        assert reset.args == ["A"]

    def test_showing_a_tag_asks_for_no_threshold(self, view: SuggestionList, qtbot: QtBot) -> None:
        view.open_line("A")
        with qtbot.assertNotEmitted(view.threshold_chosen):
            view.explain("why", own_threshold=False)
        assert not view.detail.reset_button.isVisible()

    def test_it_is_as_high_as_its_lines_and_the_detail_of_the_open_one(self, view: SuggestionList) -> None:
        rows = [view.visualRect(view.lines.index(row)) for row in range(3)]
        assert view.sizeHint().height() == rows[-1].bottom() + 1
        closed = view.sizeHint().height()
        view.open_line("B")
        view.explain("line one\nline two", own_threshold=False)
        assert view.sizeHint().height() == closed + view.detail.height()
        assert view.detail.geometry().bottom() == view.visualRect(view.lines.index(1)).bottom()

    def test_all_lines_on_demand_and_a_long_name_takes_no_room_from_the_bar(self, view: SuggestionList) -> None:
        view.show_all(True)
        assert view.lines.rowCount() == 4
        picture = view.grab()
        assert picture.height() == view.height()
        assert view.viewport().width() == 360

    def test_everything_in_it_has_an_accessible_name(self, view: SuggestionList) -> None:
        view.open_line("A")
        view.explain("why", own_threshold=True)
        assert view.accessibleName()
        assert view.detail.threshold.accessibleName() == "Threshold of A"
        assert view.detail.reset_button.accessibleName() == "Threshold of A back to the profile"


def test_why() -> None:
    evidence = [Evidence("million-song", "rock", 0.91, 0.32), Evidence("magnatagatune", "rock", 0.6, 0.3)]
    assert why_text(line("Rock"), 0.412, evidence) == (
        "mood · fires on 41 % of your library\n"
        "million-song: rock .91 (threshold .32)\n"
        "magnatagatune: rock .60 (threshold .30)"
    )
    assert why_text(line("Rock"), 0.001, ()) == "mood · fires on < 1 % of your library"
    assert why_text(line("Rock"), math.nan, ()) == "mood"
