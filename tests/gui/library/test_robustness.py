"""What the world can do to the window: each time a sentence, never an exception, and the work goes on."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from gui.library.events import RunState
from gui.library.library import Library
from tagger_core.errors import SettingsError
from tagger_core.file_lock import try_lock
from tagger_core.review import Group
from tagger_core.settings import Places, Settings, load_settings
from tests.gui.witness import Witness, planned
from tests.small_models import label, write_model


def one_clip(folder: Path) -> Path:
    return sorted(folder.iterdir())[0]


def test_empty_corrupt_and_foreign_files_fail_alone(library: Library, music_folder: Path, qtbot: QtBot) -> None:
    bad = {
        "empty.mp3": b"",
        "text.flac": b"no music at all",
        "cut.mp3": one_clip(music_folder).read_bytes()[:60],
        "zeros.ogg": bytes(5_000),
    }
    for name, content in bad.items():
        (music_folder / name).write_bytes(content)
    witness = Witness(library, qtbot)
    library.open([music_folder])
    witness.wait_until_all_is_heard(14)
    failed = {library.review.path(row).name for row in np.flatnonzero(library.review.groups == Group.FAILED)}
    assert failed == set(bad)
    assert all(library.review.problem(int(row)) for row in np.flatnonzero(library.review.groups == Group.FAILED))
    assert library.progress.failed == 4
    assert witness.messages == []


def test_a_folder_that_is_renamed_meanwhile(library: Library, music_folder: Path, qtbot: QtBot) -> None:
    witness = Witness(library, qtbot)
    library.open([music_folder])
    witness.wait_until_all_is_heard(10)
    library.do("accept", np.arange(10))
    elsewhere = music_folder.rename(music_folder.with_name("elsewhere"))
    review = planned(library, qtbot)
    assert len(review.problems) == 10
    assert {file.problem for file in review.problems} == {"it was moved or deleted"}
    library.retry(np.arange(10))
    library.open([elsewhere])
    witness.wait_until_all_is_heard(10)
    assert library.review.counts()[Group.FAILED] == 0


def test_a_database_that_is_damaged_is_told_and_nothing_else_is_lost(
    places: Places, music_folder: Path, qtbot: QtBot
) -> None:
    places.review.parent.mkdir(parents=True)
    for database in (places.review, places.analyses, places.journal):
        database.write_bytes(b"this is no database " * 500)
    library = Library(places)
    witness = Witness(library, qtbot)
    library.open([one_clip(music_folder)])
    witness.wait_until_all_is_heard(1)
    library.do("accept", np.array([0]))
    review = planned(library, qtbot)
    library.write(review)
    witness.wait_for(lambda: any(places.journal.name in message.text for message in witness.messages))
    texts = " ".join(message.text for message in witness.messages)
    for database in (places.review, places.analyses, places.journal):
        assert f"{database} is damaged" in texts
    assert "internal error" not in texts
    assert library.review.group(0) is Group.ACCEPTED
    library.close()


def test_a_store_that_another_program_has_locked_is_told(
    places: Places, music_folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tagger_core.database.BUSY_SECONDS", 0.1)
    places.review.parent.mkdir(parents=True)
    with sqlite3.connect(places.review) as other:
        other.execute("CREATE TABLE x (y)")
        other.execute("BEGIN EXCLUSIVE")
        library = Library(places)
        witness = Witness(library, qtbot)
        library.open([one_clip(music_folder)])
        witness.wait_until_all_is_heard(1)
        library.close()
    other.close()
    assert any("locked by another program" in message.text for message in witness.messages)


def test_while_another_earmark_writes_this_one_says_so(library: Library, music_folder: Path, qtbot: QtBot) -> None:
    witness = Witness(library, qtbot)
    library.open([one_clip(music_folder)])
    witness.wait_until_all_is_heard(1)
    library.do("accept", np.array([0]))
    review = planned(library, qtbot)
    with Path(f"{library.places.journal}.lock").open("ab") as lock:
        assert try_lock(lock)
        library.write(review)
        witness.wait_for(lambda: bool(witness.messages))
    assert "another Earmark" in witness.messages[0].text
    witness.wait_for(lambda: library.progress.state is RunState.IDLE)
    assert library.review.group(0) is Group.ACCEPTED


def test_a_damaged_model_is_told_with_the_settings_as_remedy(places: Places, music_folder: Path, qtbot: QtBot) -> None:
    folder = write_model(places.models, [label("rock")], (2,), (-2,))
    (folder / "model.onnx").write_bytes(b"damaged")
    places.settings_file.write_text('models = ["small"]\n', encoding="utf-8")
    library = Library(places)
    witness = Witness(library, qtbot)
    library.open([music_folder])
    witness.wait_for(lambda: bool(witness.messages))
    assert "is damaged" in witness.messages[0].text
    assert witness.messages[0].action_id == "settings"
    witness.wait_for(lambda: library.progress.state is RunState.IDLE)
    assert library.review.counts()[Group.WAITING] == 10
    library.close()


def test_a_device_that_is_not_there_is_told_and_another_can_be_chosen(
    library: Library, music_folder: Path, qtbot: QtBot
) -> None:
    witness = Witness(library, qtbot)
    library.open([music_folder], listen=False)
    witness.wait_for(lambda: len(library.review) == 10)
    library.change_settings(library.settings.overridden(device="directml"))
    witness.wait_for(lambda: bool(witness.messages))
    assert "directml" in witness.messages[0].text
    assert witness.messages[0].action_id == "settings"
    library.change_settings(library.settings.overridden(device="cpu"))
    witness.wait_for(lambda: library.devices == ["cpu"])
    library.start()
    witness.wait_until_all_is_heard(10)


def test_settings_have_their_effect_at_once_and_are_kept_without_the_thresholds_of_the_review(
    library: Library, music_folder: Path, places: Places, qtbot: QtBot
) -> None:
    witness = Witness(library, qtbot)
    library.open([music_folder])
    witness.wait_until_all_is_heard(10)
    library.do("set_threshold", 3, 0.5)
    few = library.review.ticked.sum()
    library.change_settings(library.settings.overridden(profile="generous", preset="dj"))
    assert library.review.ticked.sum() > few
    assert library.review.thresholds[3] == pytest.approx(0.5)
    library.save_settings()
    library.close()
    assert load_settings(places.settings_file) == Settings(profile="generous", preset="dj")


def test_other_models_begin_a_new_review_and_decisions_stay(library: Library, music_folder: Path, qtbot: QtBot) -> None:
    witness = Witness(library, qtbot)
    library.open([music_folder])
    witness.wait_until_all_is_heard(10)
    library.do("reject", np.array([2]))
    tags = len(library.review.tags)
    with qtbot.waitSignal(library.reset):
        library.change_settings(library.settings.overridden(models=("magnatagatune",)))
    witness.wait_until_all_is_heard(10)
    assert 0 < len(library.review.tags) < tags
    assert library.review.group(2) is Group.SET_ASIDE
    assert library.folders == [music_folder]


def test_another_effort_begins_a_new_review_which_knows_what_was_heard_with_more(
    library: Library, music_folder: Path, qtbot: QtBot
) -> None:
    witness = Witness(library, qtbot)
    library.open([music_folder])
    witness.wait_until_all_is_heard(10)
    library.do("reject", np.array([2]))
    before = library.review.probabilities.copy()
    with qtbot.waitSignal(library.reset):
        library.change_settings(library.settings.overridden(effort="quick"))
    witness.wait_until_all_is_heard(10)
    np.testing.assert_array_equal(library.review.probabilities, before)
    assert library.review.group(2) is Group.SET_ASIDE


def test_settings_that_cannot_be_written_are_told(library: Library, places: Places, qtbot: QtBot) -> None:
    witness = Witness(library, qtbot)
    places.settings_file.mkdir(parents=True)  # a folder where the file should be
    library.change_settings(library.settings.overridden(preset="dj"))
    library.save_settings()
    witness.wait_for(lambda: bool(witness.messages))
    assert str(places.settings_file) in witness.messages[0].text
    with pytest.raises(SettingsError):
        load_settings(places.settings_file)


def test_the_window_goes_on_ticking_while_both_cores_work(places: Places, music_folder: Path, qtbot: QtBot) -> None:
    library = Library(places)
    witness = Witness(library, qtbot)
    ticks: list[RunState] = []
    timer = QTimer()
    timer.timeout.connect(lambda: ticks.append(library.progress.state))
    timer.start(1)
    library.open([one_clip(music_folder)])
    witness.wait_until_all_is_heard(1)
    assert ticks.count(RunState.ANALYSING) > 20  # hundreds; while the loop stands still there is none
    library.close()


@pytest.mark.skipif(os.name != "posix", reason="other systems know the person's folders without these")
def test_without_home_and_user_it_works_all_the_same(tmp_path: Path) -> None:
    code = (
        "from PySide6.QtCore import QCoreApplication; application = QCoreApplication([])\n"
        "from gui.library.library import Library; library = Library(); print(len(library.review.tags)); library.close()"
    )
    environment = {"PATH": os.environ["PATH"], "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout) > 0


def test_a_file_that_was_changed_meanwhile_can_be_tried_again(
    library: Library, music_folder: Path, qtbot: QtBot
) -> None:
    witness = Witness(library, qtbot)
    library.open([music_folder])
    witness.wait_until_all_is_heard(10)
    library.do("accept", np.arange(10))
    counted = library.review.accepted()
    changed = one_clip(music_folder)
    os.utime(changed, (1, 1))
    review = planned(library, qtbot)
    assert [file.problem for file in review.problems] == ["it was changed since it was analysed; analyse it again"]
    row = review.problems[0].row
    assert library.review.group(row) is Group.FAILED
    assert library.review.problem(row) == review.problems[0].problem
    assert library.review.accepted() == (review.tags, 9)
    library.retry(np.array([row]))
    witness.wait_until_all_is_heard(10)
    assert library.review.group(row) is Group.ACCEPTED
    assert library.review.accepted() == counted
    assert planned(library, qtbot).problems == ()
