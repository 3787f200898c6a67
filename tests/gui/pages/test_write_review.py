"""The write review shows every edit and every problem, and is confirmed once."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QCheckBox, QPushButton
from pytestqt.qtbot import QtBot

from gui.actions.actions import Actions
from gui.library.events import PlannedFile, Progress, RunState, WriteReview
from gui.pages.write_review import WriteReviewPage
from gui.pages.write_review_model import PARTS_ROLE, Part, WriteReviewModel, parts_of, review_lines
from tagger_core.domain import FilePlan, FileStamp, TagEdit, Track
from tagger_core.settings import Settings
from tests.gui.visible import button, visible_text


def track(name: str) -> Track:
    return Track(Path("/music") / name, FileStamp(1, 2, 3, 4))


def planned() -> WriteReview:
    """Three files: two edits, one edit, and one that is read-only."""
    rock = TagEdit("GENRE", ("Pop", "Old"), ("Pop", "Rock", "Indie"))
    sad = TagEdit("MOOD", (), ("Sad",))
    return WriteReview(
        (
            PlannedFile(4, FilePlan(track("a.mp3"), (rock, sad))),
            PlannedFile(7, None, "it is read-only"),
            PlannedFile(9, FilePlan(track("c.mp3"), (sad,))),
        )
    )


PATHS = [Path("/music/a.mp3"), Path("/music/b.mp3"), Path("/music/c.mp3")]


def test_parts_show_what_stays_goes_and_comes() -> None:
    edit = TagEdit("GENRE", ("Pop", "Old"), ("Pop", "Rock"))
    assert parts_of(edit) == (Part("", "Pop"), Part("−", "Old"), Part("+", "Rock"))
    assert parts_of(TagEdit("MOOD", (), ("Sad",))) == (Part("+", "Sad"),)
    assert parts_of(TagEdit("MOOD", ("Sad",), ())) == (Part("−", "Sad"),)


def test_review_model_is_a_proper_model(qtbot: QtBot) -> None:
    model = WriteReviewModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    lines, problems = review_lines(planned(), PATHS)
    model.show_lines(lines)
    model.show_lines(problems)
    model.show_lines([])
    assert tester.model() is model


def test_review_lists_every_edit_with_old_and_new(qtbot: QtBot, actions: Actions) -> None:
    page = WriteReviewPage(actions)
    qtbot.addWidget(page)
    page.show_review(planned(), PATHS, Settings())
    rows = [[page.model.index(row, column).data() for column in range(3)] for row in range(page.model.rowCount())]
    assert rows == [
        ["b.mp3", "", "not written: it is read-only"],
        ["a.mp3", "GENRE", "Pop  − Old  + Rock  + Indie"],
        ["", "MOOD", "+ Sad"],
        ["c.mp3", "MOOD", "+ Sad"],
    ]
    assert page.model.index(1, 2).data(PARTS_ROLE) == parts_of(planned().files[0].plan.edits[0])  # type: ignore[union-attr]
    assert page.model.index(1, 0).data(Qt.ItemDataRole.ToolTipRole) == str(PATHS[0])


def test_review_counts_agree_everywhere(qtbot: QtBot, actions: Actions) -> None:
    page = WriteReviewPage(actions)
    qtbot.addWidget(page)
    page.show_review(planned(), PATHS, Settings())
    assert "4 tags will be written to 2 files, in 2 fields." in visible_text(page)
    assert page.write_button.text() == "Write 4 tags to 2 files"
    assert "genre → GENRE" in visible_text(page)
    assert "Present values stay" in visible_text(page)


def test_review_can_show_the_problems_alone(qtbot: QtBot, actions: Actions) -> None:
    page = WriteReviewPage(actions)
    qtbot.addWidget(page)
    page.show_review(planned(), PATHS, Settings())
    only = page.findChildren(QCheckBox)[0]
    assert only.text() == "Show only the 1 file that cannot be written"
    only.setChecked(True)
    assert page.model.rowCount() == 1
    only.setChecked(False)
    assert page.model.rowCount() == 4


def test_nothing_is_confirmed_before_the_plan_is_known_and_only_once_after(qtbot: QtBot, actions: Actions) -> None:
    page = WriteReviewPage(actions)
    qtbot.addWidget(page)
    confirmed: list[WriteReview] = []
    page.confirmed.connect(confirmed.append)
    page.wait()
    page.confirm()
    assert confirmed == []
    review = planned()
    page.show_review(review, PATHS, Settings())
    page.write_button.click()
    page.confirm()
    assert confirmed == [review]


def test_review_of_nothing_offers_no_write(qtbot: QtBot, actions: Actions) -> None:
    page = WriteReviewPage(actions)
    qtbot.addWidget(page)
    page.show_review(WriteReview((PlannedFile(0, None, "it is read-only"),)), PATHS[:1], Settings())
    assert "Nothing can be written: the list says why." in visible_text(page)
    assert not page.write_button.isEnabled()
    page.show_review(WriteReview(()), [], Settings())
    assert "Nothing would change: the files say all of it already." in visible_text(page)
    assert not page.write_button.isEnabled()


def test_writing_shows_progress_and_cancel_instead_of_write(qtbot: QtBot, actions: Actions) -> None:
    page = WriteReviewPage(actions)
    qtbot.addWidget(page)
    page.show_review(planned(), PATHS, Settings())
    page.show_progress(Progress(RunState.WRITING, 1, 2))
    assert "Writing file 1 of 2" in visible_text(page)
    assert not page.write_button.isVisibleTo(page)
    with qtbot.waitSignal(actions["cancel"].triggered):
        button(page, "Cancel").click()
    page.show_progress(Progress(RunState.IDLE))
    assert page.write_button.isVisibleTo(page)


def test_keys_reach_the_write_button(qtbot: QtBot, actions: Actions) -> None:
    page = WriteReviewPage(actions)
    qtbot.addWidget(page)
    page.show()
    page.show_review(planned(), PATHS, Settings())
    with qtbot.waitSignal(page.confirmed):
        QTest.keyClick(page.write_button, Qt.Key.Key_Space)


def test_while_writing_the_focus_is_on_cancel(qtbot: QtBot, actions: Actions) -> None:
    page = WriteReviewPage(actions)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitActive(page)
    page.show_review(planned(), PATHS, Settings())
    assert page.focusWidget() is page.write_button
    page.confirm()
    focused = page.focusWidget()
    assert isinstance(focused, QPushButton)
    assert focused.text() == "Cancel"
