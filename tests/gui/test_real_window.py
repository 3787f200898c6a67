"""Earmark as a person starts it, in a real window on a real X server, driven by keys alone.

No fixture reaches into the program: what it did is seen on the screen, in the files, and in how it ended.
"""

import hashlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gui.look import theme
from tests.gui.real_screen import RealScreen, seen, what_is_missing

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or bool(what_is_missing()),
    reason=f"NO REAL WINDOW IS TESTED: {what_is_missing() or 'an X server'} is missing (make screen installs it)",
)


@pytest.fixture
def screen(tmp_path: Path, qtbot: QtBot) -> Iterator[RealScreen]:
    folder = tmp_path / "screen"
    folder.mkdir()
    screen = RealScreen(folder)
    yield screen
    screen.close()


class Earmark:
    """The program in a process of its own."""

    def __init__(self, screen: RealScreen, log: Path, *words: str) -> None:
        self._log = log
        with log.open("wb") as said:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "gui", *words], cwd=ROOT, env=screen.environment(), stdout=said, stderr=said
            )

    def end(self) -> tuple[int, str]:
        """Its exit code and everything that it said, once it has ended."""
        return self._process.wait(20), self._log.read_text(encoding="utf-8")

    def kill(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait(10)


Start = Callable[..., Earmark]


@pytest.fixture
def start(screen: RealScreen, tmp_path: Path) -> Iterator[Start]:
    """Starts the program; at the end of the test it is gone."""
    started: list[Earmark] = []

    def run(*words: str) -> Earmark:
        earmark = Earmark(screen, tmp_path / f"said-{len(started)}.txt", *words)
        started.append(earmark)
        return earmark

    yield run
    for earmark in started:
        earmark.kill()


def test_the_empty_window_says_what_to_do_and_closes_quietly(screen: RealScreen, start: Start) -> None:
    earmark = start()
    assert screen.wait_for("Tag your music by listening to it", theme.font_title())
    picture = screen.picture()
    assert seen("Nothing is written until you press Write", picture)
    assert not seen("This stands nowhere on the screen", picture)
    assert np.unique(picture.round(2)).size > 20
    screen.press("ctrl+q")
    assert earmark.end() == (0, "")


UNSURE = {"Heuchi1 - Alien Signal.mp3", "Zhelanov and Grenborgen - Founders.mp3"}
"""Of the ten clips: accepting all that are ready leaves them."""


def test_from_folder_to_written_and_undone_by_keys_alone(screen: RealScreen, start: Start, music_folder: Path) -> None:
    before = contents(music_folder)
    earmark = start(str(music_folder))
    assert screen.wait_for("10 tracks analysed")
    picture = screen.picture()
    assert seen("Obsidian Shell", picture)
    assert seen("Accept all ready", picture)
    assert [screen.run("getwindowname", window) for window in screen.windows()] == ["music — Earmark"]
    screen.press("ctrl+shift+a", "ctrl+s")
    assert screen.wait_for("Write review", theme.font_title())
    assert contents(music_folder) == before
    screen.press("ctrl+Return")
    assert screen.wait_for("Finished", theme.font_title())
    written = contents(music_folder)
    assert {name for name in before if written[name] == before[name]} == UNSURE
    screen.press("ctrl+alt+z")
    assert screen.wait_for("8 files put back as before", theme.font_title())
    assert contents(music_folder) == before
    screen.press("ctrl+q")
    assert earmark.end() == (0, "")


def contents(folder: Path) -> dict[str, str]:
    """The files of a folder, by what is in them."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}
