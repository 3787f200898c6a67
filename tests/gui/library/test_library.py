"""The library behind the window: opening folders, listening, deciding, remembering, on real clips and real models."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gui.library.events import RunState
from gui.library.library import Library
from tagger_core.review import Group
from tagger_core.settings import Places
from tests.gui.witness import WAIT_MS, Witness


@pytest.fixture
def witness(library: Library, qtbot: QtBot) -> Witness:
    return Witness(library, qtbot)


def test_rows_come_then_results_with_one_signal_for_many(witness: Witness, music_folder: Path) -> None:
    library = witness.library
    library.open([music_folder])
    witness.wait_until_all_is_heard(10)
    assert sum(count for _, count in witness.rows_added) == 10
    assert sum(witness.rows_changed) == 10
    assert len(library.review) == 10
    assert library.review.counts()[Group.WAITING] == 0
    assert not np.isnan(library.review.probabilities).any()
    assert library.review.name(0).title
    assert library.devices == ["cpu"]
    assert witness.states[0] is RunState.SCANNING
    assert witness.states[-1] is RunState.IDLE
    progress = library.progress
    assert (progress.done, progress.total, progress.failed) == (10, 10, 0)
    assert witness.messages == []


def test_another_folder_is_added_and_heard_too(witness: Witness, music_folder: Path) -> None:
    library = witness.library
    more = music_folder.with_name("more")
    more.mkdir()
    moved = sorted(music_folder.iterdir())[0]
    moved.rename(more / moved.name)
    library.open([music_folder])
    witness.wait_until_all_is_heard(9)
    library.add([more, music_folder])
    witness.wait_until_all_is_heard(10)
    assert len(library.review) == 10
    assert library.folders == [music_folder, more]
    assert library.review.counts()[Group.WAITING] == 0


def test_opening_other_folders_begins_another_review(witness: Witness, music_folder: Path, qtbot: QtBot) -> None:
    library = witness.library
    library.open([music_folder])
    witness.wait_for(lambda: len(library.review) == 10)
    clip = sorted(music_folder.iterdir())[3]
    with qtbot.waitSignal(library.reset, timeout=WAIT_MS):
        library.open([clip])
    witness.wait_until_all_is_heard(1)
    assert len(library.review) == 1
    assert library.review.path(0) == clip
    assert library.folders == [clip]


def test_without_listening_rows_wait_until_they_are_started(witness: Witness, music_folder: Path) -> None:
    library = witness.library
    library.open([music_folder], listen=False)
    witness.wait_for(lambda: len(library.review) == 10 and library.progress.state is RunState.IDLE)
    assert library.review.counts()[Group.WAITING] == 10
    library.start()
    witness.wait_until_all_is_heard(10)
    assert library.review.counts()[Group.WAITING] == 0


def test_titles_on_the_screen_are_read_ahead_of_the_analysis(witness: Witness, music_folder: Path) -> None:
    library = witness.library
    library.open([music_folder], listen=False)
    witness.wait_for(lambda: len(library.review) == 10)
    library.look_at(np.array([2, 5]))
    witness.wait_for(lambda: bool(library.review.name(5).title))
    assert library.review.name(2).artist == "Obsidian Shell"
    assert library.review.name(0).title == ""
    assert library.review.group(2) is Group.WAITING


@pytest.fixture
def few_clips(music_folder: Path) -> Path:
    """Five of them, for what has to be listened to in earnest."""
    for clip in sorted(music_folder.iterdir())[5:]:
        clip.unlink()
    return music_folder


def test_pausing_begins_no_other_track_and_resuming_goes_on(places: Places, few_clips: Path, qtbot: QtBot) -> None:
    places.settings_file.parent.mkdir(parents=True)
    places.settings_file.write_text("jobs = 1\n", encoding="utf-8")  # or many cores would begin with all at once
    library = Library(places)  # which has heard nothing yet
    witness = Witness(library, qtbot)
    library.open([few_clips])
    witness.wait_for(lambda: library.progress.state is RunState.ANALYSING)
    library.pause()
    assert library.progress.state is RunState.PAUSED
    qtbot.wait(1_500)  # time enough to finish what was begun, and to begin and finish others if that were allowed
    assert library.progress.done < 5
    library.resume()
    witness.wait_until_all_is_heard(5)
    assert RunState.PAUSED in witness.states
    library.close()


def test_cancelling_keeps_what_was_heard_and_starting_hears_the_rest(
    places: Places, few_clips: Path, qtbot: QtBot
) -> None:
    library = Library(places)
    witness = Witness(library, qtbot)
    library.open([few_clips])
    witness.wait_for(lambda: library.progress.done > 0)
    library.cancel()
    witness.wait_for(lambda: library.progress.state is RunState.IDLE)
    heard = 5 - library.review.counts()[Group.WAITING]
    assert 0 < heard < 5
    library.start()
    witness.wait_until_all_is_heard(5)
    assert library.review.counts()[Group.WAITING] == 0
    assert library.progress.done == 5
    library.close()


def test_cancelling_a_scan_says_that_tracks_may_be_missing(witness: Witness, music_folder: Path) -> None:
    library = witness.library
    library.open([music_folder])
    witness.wait_for(lambda: library.progress.state is RunState.SCANNING)
    library.cancel()
    witness.wait_for(lambda: library.progress.state is RunState.IDLE)
    assert [message.action_id for message in witness.messages] == ["add_folder"]
    library.add([music_folder])
    witness.wait_until_all_is_heard(10)


def test_places_that_cannot_be_looked_into_are_told(witness: Witness, music_folder: Path) -> None:
    witness.library.open([music_folder.with_name("gone"), music_folder])
    witness.wait_until_all_is_heard(10)
    (message,) = witness.messages
    assert message.kind == "warning"
    assert "gone" in message.text
    assert "there is no such file or folder" in message.text


def test_a_file_that_does_not_decode_fails_alone_and_can_be_tried_again(witness: Witness, music_folder: Path) -> None:
    library = witness.library
    clip = sorted(music_folder.iterdir())[0]
    whole = clip.read_bytes()
    clip.write_bytes(b"this is no music")
    library.open([music_folder])
    witness.wait_until_all_is_heard(10)
    row = library.review.row_of(clip)
    assert row is not None
    assert library.review.group(row) is Group.FAILED
    assert library.review.problem(row)
    assert library.progress.failed == 1
    clip.write_bytes(whole)
    library.retry(np.array([row]))
    assert library.review.group(row) is Group.WAITING
    witness.wait_for(lambda: library.review.group(row) not in (Group.WAITING, Group.FAILED))
    witness.wait_until_all_is_heard(10)
    assert library.progress.failed == 0


def test_a_file_that_is_gone_fails_and_stays_failed_when_it_is_tried_again(
    witness: Witness, music_folder: Path
) -> None:
    library = witness.library
    library.open([music_folder], listen=False)
    witness.wait_for(lambda: len(library.review) == 10)
    clip = library.review.path(4)
    clip.unlink()
    library.start()
    witness.wait_until_all_is_heard(10)
    assert library.review.group(4) is Group.FAILED
    library.retry(np.array([4]))
    witness.wait_for(lambda: library.review.group(4) is Group.FAILED and library.progress.state is RunState.IDLE)
    assert "no such file" in library.review.problem(4)
    assert library.progress.done == 10


def test_decisions_thresholds_and_places_are_there_after_a_restart(
    witness: Witness, music_folder: Path, places: Places, qtbot: QtBot
) -> None:
    library = witness.library
    library.open([music_folder])
    witness.wait_until_all_is_heard(10)
    library.do("accept", np.array([1]))
    library.do("reject", np.array([2]))
    library.do("toggle", np.array([3]), library.review.tags_of(3)[0].name)
    library.do("set_threshold", 7, 0.77)
    library.do("accept", np.array([4]))
    library.undo()
    library.remember("row", "5")
    before = library.review.ticked.copy()
    library.close()

    again = Library(places)
    later = Witness(again, qtbot)
    assert again.recall("row") == "5"
    again.open_last()
    later.wait_until_all_is_heard(10)
    assert again.folders == [music_folder]
    assert again.review.group(1) is Group.ACCEPTED
    assert again.review.group(2) is Group.SET_ASIDE
    assert again.review.group(4) is not Group.ACCEPTED
    assert again.review.thresholds[7] == pytest.approx(0.77)
    assert np.array_equal(again.review.ticked, before)
    assert again.progress.rate == 0.0  # everything was known: nothing was decoded again
    again.close()


def test_nothing_was_open_last(witness: Witness) -> None:
    witness.library.open_last()
    answers: list[object] = []
    witness.library.runs(answers.append)  # which is looked up after it
    witness.wait_for(lambda: bool(answers))
    assert len(witness.library.review) == 0
    assert witness.messages == []


def test_evidence_and_the_tags_over_time_of_a_track(witness: Witness, music_folder: Path) -> None:
    library = witness.library
    library.open([music_folder])
    witness.wait_until_all_is_heard(10)
    answers: list[object] = []
    library.evidence(0, answers.append)
    library.taggram(0, answers.append)
    witness.wait_for(lambda: len(answers) == 2)
    evidence, over_time = answers
    review = library.review
    assert {one.tag: one.probability for one in evidence} == pytest.approx(  # type: ignore[attr-defined]
        {tag.name: float(review.probabilities[0, column]) for column, tag in enumerate(review.tags)}, abs=1e-6
    )
    assert over_time.values.shape[1] == len(review.tags)  # type: ignore[attr-defined]


def test_of_a_track_that_was_not_heard_there_is_no_evidence(witness: Witness, music_folder: Path) -> None:
    library = witness.library
    library.open([music_folder], listen=False)
    witness.wait_for(lambda: len(library.review) == 10)
    answers: list[object] = []
    library.evidence(0, answers.append)
    library.taggram(0, answers.append)
    witness.wait_for(lambda: len(answers) == 2)
    assert answers == [[], None]


def test_closing_in_the_middle_of_everything_is_quick_and_quiet(
    places: Places, music_folder: Path, qtbot: QtBot
) -> None:
    library = Library(places)
    witness = Witness(library, qtbot)
    library.open([music_folder])
    witness.wait_for(lambda: library.progress.state is RunState.ANALYSING)
    library.close()
    said = len(witness.states)
    qtbot.wait(300)
    assert len(witness.states) == said


@pytest.mark.skipif(os.name != "posix", reason="permissions are others elsewhere")
def test_a_data_folder_that_cannot_be_written_is_told_and_work_goes_on(
    places: Places, music_folder: Path, qtbot: QtBot
) -> None:
    places.journal.parent.parent.mkdir(parents=True, exist_ok=True)
    places.journal.parent.write_text("a file where the folder should be", encoding="utf-8")
    library = Library(places)
    witness = Witness(library, qtbot)
    library.open([sorted(music_folder.iterdir())[0]])
    witness.wait_until_all_is_heard(1)
    assert any("what you decide is not remembered" in message.text for message in witness.messages)
    library.do("accept", np.array([0]))
    assert library.review.group(0) is Group.ACCEPTED
    library.close()


def test_without_a_model_the_rows_are_shown_and_the_settings_offered(
    places: Places, music_folder: Path, qtbot: QtBot
) -> None:
    places.settings_file.parent.mkdir(parents=True)
    places.settings_file.write_text('models = ["nonsense"]\n', encoding="utf-8")
    library = Library(places)
    witness = Witness(library, qtbot)
    library.open([music_folder])
    witness.wait_for(lambda: len(library.review) == 10 and library.progress.state is RunState.IDLE)
    assert library.review.tags == ()
    assert any("nonsense" in message.text and message.action_id == "settings" for message in witness.messages)
    library.close()


def test_settings_that_are_wrong_are_told_and_the_defaults_used(places: Places, qtbot: QtBot) -> None:
    places.settings_file.parent.mkdir(parents=True)
    places.settings_file.write_text("jobs = -1\n", encoding="utf-8")
    library = Library(places)
    witness = Witness(library, qtbot)
    witness.wait_for(lambda: bool(witness.messages))
    assert "jobs" in witness.messages[0].text
    assert library.review.tags
    library.close()


def test_a_bug_in_a_thread_is_a_message_and_stands_in_the_log(
    witness: Witness, music_folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("a bug")

    monkeypatch.setattr("gui.library.listening.scan_in_chunks", broken)
    witness.library.open([music_folder])
    witness.wait_for(lambda: bool(witness.messages))
    assert "internal error" in witness.messages[0].text
    assert "earmark.log" in witness.messages[0].text
    assert "Traceback" in caplog.text


def test_copies_of_a_track_are_two_rows(witness: Witness, music_folder: Path) -> None:
    clip = sorted(music_folder.iterdir())[0]
    shutil.copy(clip, music_folder / "copy.mp3")
    witness.library.open([music_folder])
    witness.wait_until_all_is_heard(11)
    assert len(witness.library.review) == 11
