"""From a folder to written files and back again, on real clips: nothing is touched before Write, and undo is exact."""

from pathlib import Path

import numpy as np
import pytest
from mutagen.id3 import ID3
from pytestqt.qtbot import QtBot

from gui.library.events import RunState
from gui.library.library import Library
from tagger_core.review import Group
from tagger_core.settings import Places
from tests.gui.witness import WAIT_MS, Witness, digests, planned, undo, write


def times(folder: Path) -> dict[str, int]:
    return {file.name: file.stat().st_mtime_ns for file in sorted(folder.iterdir())}


def genres_of(path: Path) -> tuple[str, ...]:
    """As another program reads them; ID3v2.3 has no lists, so there the values are joined."""
    return tuple(genre for text in ID3(path).getall("TCON")[0].text for genre in text.split("; "))


@pytest.fixture
def heard(library: Library, music_folder: Path, qtbot: QtBot) -> Witness:
    witness = Witness(library, qtbot)
    library.open([music_folder])
    witness.wait_until_all_is_heard(10)
    return witness


def test_from_folder_to_files_and_back(heard: Witness, music_folder: Path, qtbot: QtBot) -> None:
    library, before, touched = heard.library, digests(music_folder), times(music_folder)
    rows = np.arange(10)
    library.do("accept", rows)
    tags, tracks = library.review.accepted()
    assert tracks == 10

    review = planned(library, qtbot)
    assert (review.tags, len(review.to_write), review.problems) == (tags, tracks, ())
    assert (digests(music_folder), times(music_folder)) == (before, touched)

    report = write(library, review, qtbot)
    assert (report.files, report.tags, report.failed, report.cancelled) == (tracks, tags, (), False)
    assert library.review.counts()[Group.WRITTEN] == 10
    assert library.review.accepted() == (0, 0)
    genres = {
        library.review.path(file.row): edit.new
        for file in review.to_write
        if file.plan is not None
        for edit in file.plan.edits
        if edit.field == "GENRE"
    }
    assert genres
    assert {path: genres_of(path) for path in genres} == genres

    undone = undo(library, qtbot, report.run)
    assert (undone.restored, undone.reverted, undone.failed) == (10, 0, ())
    assert digests(music_folder) == before
    assert library.review.counts()[Group.ACCEPTED] == 10
    assert library.review.accepted() == (tags, tracks)
    assert RunState.WRITING in heard.states
    assert RunState.UNDOING in heard.states
    assert heard.messages == []


def test_undoing_works_after_a_restart_and_can_be_undone(
    heard: Witness, music_folder: Path, places: Places, qtbot: QtBot
) -> None:
    before = digests(music_folder)
    heard.library.do("accept", np.array([0, 1]))
    write(heard.library, planned(heard.library, qtbot), qtbot)
    written = digests(music_folder)
    assert written != before
    heard.library.close()

    library = Library(places)
    later = Witness(library, qtbot)
    library.open_last()
    later.wait_until_all_is_heard(10)
    assert library.review.counts()[Group.WRITTEN] == 2
    assert undo(library, qtbot).restored == 2
    assert digests(music_folder) == before
    assert library.review.counts()[Group.ACCEPTED] == 2
    runs: list[list[object]] = []
    library.runs(runs.append)  # type: ignore[arg-type]
    later.wait_for(lambda: bool(runs))
    latest = runs[0][0]
    assert undo(library, qtbot, latest.id).restored == 2  # type: ignore[attr-defined]
    assert digests(music_folder) == written
    assert library.review.counts()[Group.WRITTEN] == 2
    library.close()


def test_only_what_is_accepted_is_written(heard: Witness, music_folder: Path, qtbot: QtBot) -> None:
    before = digests(music_folder)
    heard.library.do("accept", np.array([0, 1, 2]))
    heard.library.do("reject", np.array([1]))
    heard.library.do("skip", np.array([3]))
    review = planned(heard.library, qtbot)
    assert [file.row for file in review.files] == [0, 2]
    write(heard.library, review, qtbot)
    changed = {name for name, digest in digests(music_folder).items() if digest != before[name]}
    assert changed == {heard.library.review.path(row).name for row in (0, 2)}


def test_a_file_that_was_changed_or_is_gone_is_a_problem_and_stops_nothing(
    heard: Witness, music_folder: Path, qtbot: QtBot
) -> None:
    library = heard.library
    library.do("accept", np.arange(4))
    changed, gone, late = (library.review.path(row) for row in (0, 1, 2))
    with changed.open("ab") as file:
        file.write(b"more")
    gone.unlink()
    review = planned(library, qtbot)
    problems = {file.row: file.problem for file in review.problems}
    assert "changed since" in problems[0]
    assert "moved or deleted" in problems[1]
    late.rename(late.with_suffix(".renamed"))  # between the plan and the write
    report = write(library, review, qtbot)
    assert report.files == 1
    assert [path for path, _ in report.failed] == [changed, gone, late]
    assert library.review.group(2) is Group.FAILED
    assert library.review.group(3) is Group.WRITTEN
    assert library.review.problem(2)


def test_a_read_only_file_is_flagged_before_anything_is_written(
    heard: Witness, music_folder: Path, qtbot: QtBot
) -> None:
    library = heard.library
    library.review.path(0).chmod(0o444)
    library.do("accept", np.arange(2))
    review = planned(library, qtbot)
    assert [file.row for file in review.problems] == [0]
    assert "write-protected" in review.problems[0].problem
    report = write(library, review, qtbot)
    assert report.files == 1
    assert [path for path, _ in report.failed] == [library.review.path(0)], "what was left out is told at the end too"


def test_what_was_written_is_told_file_by_file(heard: Witness, qtbot: QtBot) -> None:
    library = heard.library
    library.do("accept", np.arange(3))
    review = planned(library, qtbot)
    report = write(library, review, qtbot)
    assert report.run is not None
    answers: list[list[object]] = []
    library.run_files(report.run, answers.append)  # type: ignore[arg-type]
    heard.wait_for(lambda: bool(answers))
    edits = {entry.change.path: entry.change.edits for entry in answers[0]}  # type: ignore[attr-defined]
    assert edits == {
        library.review.path(file.row): file.plan.edits for file in review.to_write if file.plan is not None
    }


def test_there_is_nothing_to_take_back(heard: Witness) -> None:
    heard.library.undo_write()
    heard.wait_for(lambda: bool(heard.messages))
    assert "nothing to take back" in heard.messages[0].text
    heard.wait_for(lambda: heard.library.progress.state is RunState.IDLE)


def test_while_files_are_written_nothing_else_is_done_to_them(heard: Witness, qtbot: QtBot) -> None:
    library = heard.library
    library.do("accept", np.arange(10))
    review = planned(library, qtbot)
    with qtbot.waitSignal(library.written, timeout=WAIT_MS):
        library.write(review)
        assert library.progress.state is RunState.WRITING
        library.undo_write()
    assert "at work on your files" in heard.messages[0].text
    assert library.review.counts()[Group.WRITTEN] == 10


def test_a_cancelled_write_keeps_what_was_written(heard: Witness, music_folder: Path, qtbot: QtBot) -> None:
    library, before = heard.library, digests(music_folder)
    library.do("accept", np.arange(10))
    review = planned(library, qtbot)
    with qtbot.waitSignal(library.written, timeout=WAIT_MS) as signal:
        library.write(review)
        library.cancel()
    report = signal.args[0]
    assert report.cancelled
    changed = {name for name, digest in digests(music_folder).items() if digest != before[name]}
    assert len(changed) == report.files < 10
    assert library.review.counts()[Group.WRITTEN] == report.files
    assert library.review.counts()[Group.ACCEPTED] == 10 - report.files


def test_closing_while_writing_finishes_the_file_and_remembers_it(
    heard: Witness, music_folder: Path, places: Places, qtbot: QtBot
) -> None:
    library, before = heard.library, digests(music_folder)
    library.do("accept", np.arange(10))
    library.write(planned(library, qtbot))
    library.close()
    changed = {name for name, digest in digests(music_folder).items() if digest != before[name]}
    again = Library(places)
    later = Witness(again, qtbot)
    again.open_last()
    later.wait_until_all_is_heard(10)
    written = {again.review.path(row).name for row in range(10) if again.review.group(row) is Group.WRITTEN}
    assert written == changed
    assert later.messages == []
    again.close()
