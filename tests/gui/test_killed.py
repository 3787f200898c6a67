"""Killed at any moment and opened again: at most the last decision is lost, every file is whole."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gui.library.library import Library
from tagger_core.review import Group
from tagger_core.settings import Places
from tests.gui.killed import WRITTEN_BEFORE_DEATH
from tests.gui.witness import Witness, digests, planned, undo, write

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")


def kill_while(task: str, folder: Path) -> None:
    """Have a library do something in another process and kill it in the middle."""
    with victim(task, folder) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.kill()
        assert process.wait() == -signal.SIGKILL


@contextmanager
def victim(task: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.gui.killed", task, str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def known(places: Places, analyses: Path) -> Places:
    """A home in which the clips were heard already."""
    places.analyses.parent.mkdir(parents=True)
    shutil.copy(analyses, places.analyses)
    return places


def reopened(places: Places, qtbot: QtBot, tracks: int = 10) -> tuple[Library, Witness]:
    library = Library(places)
    witness = Witness(library, qtbot)
    library.open_last()
    witness.wait_until_all_is_heard(tracks)
    return library, witness


def test_killed_while_listening_it_goes_on_where_it_was(places: Places, music_folder: Path, qtbot: QtBot) -> None:
    for clip in sorted(music_folder.iterdir())[3:]:
        clip.unlink()
    kill_while("listen", music_folder)
    library, witness = reopened(places, qtbot, 3)
    assert library.folders == [music_folder]
    assert library.review.counts()[Group.WAITING] == 0
    assert witness.messages == []
    library.close()


def test_killed_after_a_decision_at_most_that_one_is_lost(known: Places, music_folder: Path, qtbot: QtBot) -> None:
    kill_while("decide", music_folder)
    library, _ = reopened(known, qtbot)
    assert library.review.group(0) is Group.ACCEPTED
    assert library.review.group(1) is Group.SET_ASIDE
    library.close()


def test_killed_while_writing_every_file_is_whole_and_all_can_be_taken_back(
    known: Places, music_folder: Path, qtbot: QtBot
) -> None:
    before = digests(music_folder)
    kill_while("write", music_folder)
    library, witness = reopened(known, qtbot)
    changed = {name for name, digest in digests(music_folder).items() if digest != before.get(name)}
    assert len(changed) == WRITTEN_BEFORE_DEATH
    witness.wait_for(lambda: bool(witness.messages))
    assert "was ended while it was writing" in witness.messages[0].text
    assert str(len(changed)) in witness.messages[0].text
    assert set(digests(music_folder)) == set(before)  # no temporary file is left
    counts = library.review.counts()  # files whose end was not noted any more show as accepted
    assert counts[Group.ACCEPTED] + counts[Group.WRITTEN] == 10
    assert counts[Group.WRITTEN] <= len(changed)
    report = write(library, planned(library, qtbot), qtbot)  # goes on with the rest
    assert report.failed == ()
    assert report.files == 10 - len(changed)
    undo(library, qtbot)
    undo(library, qtbot)
    assert digests(music_folder) == before
    library.close()


def test_two_libraries_at_once_keep_both_their_decisions_and_one_writes_at_a_time(
    known: Places, music_folder: Path, qtbot: QtBot
) -> None:
    with victim("decide", music_folder) as other:
        library = Library(known)
        witness = Witness(library, qtbot)
        library.open([music_folder])
        witness.wait_until_all_is_heard(10)
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
        library.do("accept", np.array([5]))
        library.close()
    again, _ = reopened(known, qtbot)
    assert [again.review.group(row) for row in (0, 1, 5)] == [Group.ACCEPTED, Group.SET_ASIDE, Group.ACCEPTED]
    again.close()
