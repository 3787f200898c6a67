"""Each page shows exactly what it is given, tells what the person wants, and touches nothing itself."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QMainWindow, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from gui import languages, theme
from gui.actions import Actions
from gui.events import Message, PlannedFile, Progress, RunState, UndoReport, WriteReport, WriteReview
from gui.languages import Language
from gui.message_bar import MessageBar
from gui.pages.finished import FinishedPage
from gui.pages.first_run import FirstRun
from gui.pages.history import HistoryPage
from gui.pages.settings_page import SettingsPage
from gui.pages.write_review import WriteReviewPage
from gui.pages.write_review_model import PARTS_ROLE, Part, WriteReviewModel, parts_of, review_lines
from gui.progress_strip import ProgressStrip
from gui.theme import Scheme
from tagger_core import undo_journal
from tagger_core.domain import FileChange, FilePlan, FileStamp, TagEdit, Track
from tagger_core.model_card import ModelFolder, model_folders, shipped_models
from tagger_core.settings import CustomPreset, Settings
from tagger_core.undo_journal import Entry, EntryState, Run, RunKind


@pytest.fixture(autouse=True)
def english(qapp: QApplication) -> None:
    """Plural forms and numbers as in English, whatever the machine's language is."""
    languages.install(qapp, Language.ENGLISH)
    theme.apply(qapp, Scheme.LIGHT)


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    window = QMainWindow()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def actions(window: QMainWindow) -> Actions:
    return Actions(window)


def shown(page: QWidget) -> str:
    """All texts of labels and buttons that a person sees."""
    labels = [one.text() for one in page.findChildren(QLabel) if one.isVisibleTo(page)]
    buttons = [one.text() for one in page.findChildren(QPushButton) if one.isVisibleTo(page)]
    return "\n".join(labels + buttons)


def button(page: QWidget, text: str) -> QPushButton:
    return next(one for one in page.findChildren(QPushButton) if one.text() == text and one.isVisibleTo(page))


# first run


def test_first_run_says_what_to_do_and_that_nothing_happens(qtbot: QtBot, actions: Actions) -> None:
    page = FirstRun(actions)
    qtbot.addWidget(page)
    text = shown(page)
    assert "Drop a music folder here" in text
    assert "Nothing is written until you press Write" in text
    with qtbot.waitSignal(actions["open_folder"].triggered):
        button(page, "Choose a folder…").click()


def test_recent_folders_are_offered(qtbot: QtBot, actions: Actions, tmp_path: Path) -> None:
    page = FirstRun(actions)
    qtbot.addWidget(page)
    assert "Opened before" not in shown(page)
    page.show_recent([tmp_path / "one"])
    page.show_recent([tmp_path / "jazz", tmp_path / "日本"])
    with qtbot.waitSignal(page.folder_chosen) as chosen:
        button(page, str(tmp_path / "日本")).click()
    assert chosen.args == [tmp_path / "日本"]


# write review


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
    assert "4 tags will be written to 2 files, in 2 fields." in shown(page)
    assert page.write_button.text() == "Write 4 tags to 2 files"
    assert "genre → GENRE" in shown(page)
    assert "Present values stay" in shown(page)


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
    assert "Nothing would change" in shown(page)
    assert not page.write_button.isEnabled()


def test_writing_shows_progress_and_cancel_instead_of_write(qtbot: QtBot, actions: Actions) -> None:
    page = WriteReviewPage(actions)
    qtbot.addWidget(page)
    page.show_review(planned(), PATHS, Settings())
    page.show_progress(Progress(RunState.WRITING, 1, 2))
    assert "Writing file 1 of 2" in shown(page)
    assert not page.write_button.isVisibleTo(page)
    with qtbot.waitSignal(actions["cancel"].triggered):
        button(page, "Cancel").click()
    page.show_progress(Progress(RunState.IDLE))
    assert page.write_button.isVisibleTo(page)


# finished


def test_finished_says_what_was_done_and_what_failed(qtbot: QtBot, actions: Actions) -> None:
    page = FinishedPage(actions)
    qtbot.addWidget(page)
    page.show_written(WriteReport(3, 380, 1204, ((Path("/music/x.mp3"), "the disk is full"),)))
    text = shown(page)
    assert "1,204 tags on 380 files written" in text
    assert "1 file failed" in text
    assert page.failures() == ["x.mp3: the disk is full"]
    with qtbot.waitSignal(page.failed_wanted):
        button(page, "Show failed").click()
    with qtbot.waitSignal(actions["undo_write"].triggered):
        button(page, "Undo write").click()


def test_finished_without_failure_or_change_offers_no_more_than_there_is(qtbot: QtBot, actions: Actions) -> None:
    page = FinishedPage(actions)
    qtbot.addWidget(page)
    page.show_written(WriteReport(None, 0, 0, cancelled=True))
    text = shown(page)
    assert "Cancelled" in text
    assert "Undo write" not in text
    assert "Show failed" not in text


def test_undone_says_which_files_are_as_before(qtbot: QtBot, actions: Actions) -> None:
    page = FinishedPage(actions)
    qtbot.addWidget(page)
    page.show_undone(UndoReport(3, restored=9, reverted=0))
    assert "9 files put back as before" in shown(page)
    page.show_undone(UndoReport(3, restored=8, reverted=1, failed=((Path("y.mp3"), "it was moved or deleted"),)))
    assert "1 file had changed since" in shown(page)
    assert page.failures() == ["y.mp3: it was moved or deleted"]


# history


def run(number: int, kind: RunKind = RunKind.WRITE, **states: int) -> Run:
    counts = {"written": 0, "undone": 0, "unknown": 0, "without_bytes": 0} | states
    started = datetime(2025, 5, 4, 12, 30, tzinfo=UTC)
    return Run(number, kind, undo_journal.RunState.FINISHED, (Path("/music"),), started, None, 1, **counts)


def entry(number: int) -> Entry:
    change = FileChange(Path("/music/a.mp3"), (TagEdit("GENRE", ("Pop",), ("Rock",)),), b"", b"", b"", (), 0)
    return Entry(number, number, EntryState.WRITTEN, None, change)


def test_history_names_runs_and_offers_to_take_them_back(qtbot: QtBot, actions: Actions) -> None:
    page = HistoryPage(actions)
    qtbot.addWidget(page)
    with qtbot.waitSignal(page.files_wanted) as wanted:
        page.show_runs([run(2, RunKind.UNDO, written=3), run(1, undone=3)])
    assert wanted.args == [2]
    texts = [[page.model.index(row, column).data() for column in (1, 2, 3)] for row in range(2)]
    assert texts == [
        ["Run 2: took back run 1 in 3 files", "in force", "/music"],
        ["Run 1: wrote 3 files", "taken back", "/music"],
    ]
    assert page.undo_button.text() == "Do it again"
    page.table.selectRow(1)
    assert page.undo_button.text() == "Undo this run"
    assert not page.undo_button.isEnabled(), "nothing of it is in the files"
    page.table.selectRow(0)
    with qtbot.waitSignal(page.undo_wanted) as undo:
        page.undo_button.click()
    assert undo.args == [2]


def test_history_shows_the_files_of_the_run_that_is_looked_at(qtbot: QtBot, actions: Actions) -> None:
    page = HistoryPage(actions)
    qtbot.addWidget(page)
    page.show_runs([run(2, written=1), run(1, written=1)])
    page.show_files(1, [entry(1)])
    assert page.files.model().rowCount() == 0, "a late answer is for another run"
    page.show_files(2, [entry(2)])
    assert page.files.model().index(0, 0).data() == "a.mp3 (written): GENRE: −Pop  +Rock"


def test_history_without_runs_says_so(qtbot: QtBot, actions: Actions) -> None:
    page = HistoryPage(actions)
    qtbot.addWidget(page)
    assert "Nothing was written yet" in shown(page)
    assert not page.undo_button.isEnabled()


def test_history_model_is_a_proper_model(qtbot: QtBot, actions: Actions) -> None:
    page = HistoryPage(actions)
    qtbot.addWidget(page)
    tester = QAbstractItemModelTester(page.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    page.show_runs([run(1, written=2, undone=1, unknown=1, without_bytes=1)])
    state = page.model.index(0, 2).data()
    assert state == "partly taken back, 1 file in unknown state, old bytes not kept any more"
    assert tester.model() is page.model


# settings


@pytest.fixture
def settings_page(qtbot: QtBot, actions: Actions) -> SettingsPage:
    page = SettingsPage(actions, Settings(), Scheme.SYSTEM, Language.SYSTEM)
    qtbot.addWidget(page)
    return page


def choose(control: QWidget, text: str) -> None:
    position = control.findText(text)  # type: ignore[attr-defined]
    assert position >= 0, text
    control.setCurrentIndex(position)  # type: ignore[attr-defined]
    control.activated.emit(position)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("control", "text", "expected"),
    [
        ("profile", "Strict", {"profile": "strict"}),
        ("preset", "DJ", {"preset": "dj"}),
        ("mode", "Replace", {"mode": "replace"}),
    ],
)
def test_choice_makes_other_settings(
    qtbot: QtBot, settings_page: SettingsPage, control: str, text: str, expected: dict[str, str]
) -> None:
    with qtbot.waitSignal(settings_page.changed) as changed:
        choose(getattr(settings_page, control), text)
    assert changed.args == [Settings().overridden(**expected)]


def test_preset_says_what_goes_where(settings_page: SettingsPage) -> None:
    assert "genre → GENRE" in shown(settings_page)
    choose(settings_page.preset, "Genre only")
    assert "instruments → GENRE" in shown(settings_page)
    choose(settings_page.preset, "DJ")
    assert "moods are repeated in the comment" in shown(settings_page)


def test_own_preset_is_offered_where_there_is_one(qtbot: QtBot, actions: Actions, settings_page: SettingsPage) -> None:
    assert settings_page.preset.findText("Custom") < 0
    page = SettingsPage(actions, Settings(custom=CustomPreset()), Scheme.SYSTEM, Language.SYSTEM)
    qtbot.addWidget(page)
    assert page.preset.findText("Custom") >= 0


def test_numbers_words_and_ticks_make_other_settings(qtbot: QtBot, settings_page: SettingsPage) -> None:
    seen: list[Settings] = []
    settings_page.changed.connect(seen.append)
    settings_page.jobs.setValue(3)
    settings_page.journal_limit.setValue(512)
    settings_page.protected.setText(" Audiobook, , Christmas ")
    settings_page.protected.editingFinished.emit()
    next(box for box in settings_page.findChildren(QCheckBox) if "time of change" in box.accessibleName()).click()
    assert seen[-1] == Settings(jobs=3, journal_limit_mb=512, protected=("Audiobook", "Christmas"), preserve_mtime=True)
    assert len(seen) == 4
    settings_page.protected.editingFinished.emit()
    assert len(seen) == 4, "nothing else was said"


def test_what_is_refused_is_explained_beside_its_control(settings_page: SettingsPage) -> None:
    seen: list[Settings] = []
    settings_page.changed.connect(seen.append)
    settings_page.models.chosen.emit(())
    assert "At least one model has to listen" in shown(settings_page)
    settings_page.models.chosen.emit(("magnatagatune",))
    assert "At least one model" not in shown(settings_page)
    assert seen == [Settings(models=("magnatagatune",))]


def test_models_are_listed_with_what_their_cards_say(settings_page: SettingsPage) -> None:
    found = [ModelFolder.load(folder) for folder in model_folders([shipped_models()])]
    settings_page.show_models(found, ["/x is not a model folder: it has no card.json"])
    boxes = {box.text(): box for box in settings_page.models.findChildren(QCheckBox)}
    assert all(any(folder.card.title in text for text in boxes) for folder in found)
    ticked = [folder for folder in found if folder.path.name in Settings().models]
    assert sum(box.isChecked() for box in boxes.values()) == len(ticked)
    text = shown(settings_page)
    assert found[0].card.description in text
    assert "/x is not a model folder" in text


def test_device_says_what_is_really_used(settings_page: SettingsPage) -> None:
    assert "Not loaded yet" in shown(settings_page)
    settings_page.show_devices(["cpu", "cpu"], ["cpu", "cuda"])
    assert "In use now: CPU." in shown(settings_page)
    assert [settings_page.device.itemText(n) for n in range(3)] == ["Automatic", "CPU", "CUDA (NVIDIA)"]


def test_theme_and_language_are_told(qtbot: QtBot, settings_page: SettingsPage) -> None:
    with qtbot.waitSignal(settings_page.scheme_chosen) as scheme:
        choose(settings_page.scheme, "Dark")
    with qtbot.waitSignal(settings_page.language_chosen) as language:
        choose(settings_page.language, "Deutsch")
    assert scheme.args == [Scheme.DARK]
    assert language.args == [Language.GERMAN]


def test_showing_settings_tells_nothing(settings_page: SettingsPage) -> None:
    settings_page.changed.connect(lambda _: pytest.fail("nobody has chosen anything"))
    settings_page.show_settings(Settings(jobs=4, preset="dj", mode="fill", protected=("X",), allow_hard_links=True))
    assert settings_page.jobs.value() == 4
    assert settings_page.protected.text() == "X"


# bars


def test_message_stays_until_dismissed_and_others_wait_behind(qtbot: QtBot, actions: Actions) -> None:
    bar = MessageBar(actions)
    qtbot.addWidget(bar)
    assert not bar.isVisibleTo(None)
    bar.show_message(Message("warning", "the folder /x cannot be read"))
    bar.show_message(Message("error", "no model", "settings"))
    bar.show_message(Message("error", "no model", "settings"))
    assert bar.text == "no model"
    assert "1 more" in shown(bar)
    with qtbot.waitSignal(actions["settings"].triggered):
        button(bar, "Settings").click()
    assert bar.text == "the folder /x cannot be read"
    bar.dismiss()
    assert bar.text == ""
    assert bar.isHidden()


def test_message_is_plain_text(qtbot: QtBot, actions: Actions) -> None:
    bar = MessageBar(actions)
    qtbot.addWidget(bar)
    bar.show_message(Message("info", "<b>song</b>.mp3"))
    assert any(one.textFormat() is Qt.TextFormat.PlainText for one in bar.findChildren(QLabel) if "<b>" in one.text())


@pytest.mark.parametrize(
    ("progress", "sentence"),
    [
        (Progress(), ""),
        (Progress(RunState.SCANNING, 0, 1200), "Looking for music: 1,200 tracks so far"),
        (Progress(RunState.LOADING_MODELS), "Loading the models…"),
        (
            Progress(RunState.ANALYSING, 3411, 5000, 3, 4.2, 370),
            "Analysing 3,411 / 5,000 · 4.2 per second · 6 min left · 3 failed",
        ),
        (Progress(RunState.ANALYSING, 1, 9000, 0, 1.0, 8000), "Analysing 1 / 9,000 · 1.0 per second · 2 h 13 min left"),
        (Progress(RunState.PAUSED, 1, 2), "Paused at 1 / 2"),
        (Progress(RunState.WRITING, 1, 2), "Writing 1 / 2"),
        (Progress(RunState.UNDOING, 1, 2), "Taking back 1 / 2"),
        (Progress(RunState.IDLE, 5, 5, 1), "5 tracks analysed · 1 failed"),
        (Progress(RunState.IDLE, 3, 5), "3 of 5 tracks analysed"),
    ],
)
def test_progress_in_words(qtbot: QtBot, actions: Actions, progress: Progress, sentence: str) -> None:
    strip = ProgressStrip(actions)
    qtbot.addWidget(strip)
    strip.show_progress(progress)
    assert strip.text == sentence


def test_pause_and_cancel_are_there_only_while_they_can_be_used(qtbot: QtBot, actions: Actions) -> None:
    strip = ProgressStrip(actions)
    qtbot.addWidget(strip)

    def visible() -> list[str]:
        tools = [one for one in strip.findChildren(QToolButton) if one.isVisibleTo(strip)]
        return [one.accessibleName() for one in tools]

    assert visible() == []
    strip.show_progress(Progress(RunState.ANALYSING, 1, 2))
    assert visible() == ["Pause", "Cancel"]
    strip.show_progress(Progress(RunState.WRITING, 1, 2))
    assert visible() == ["Cancel"]


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
