"""A person's machine for the window: a home of its own, the shipped models, real clips, or a library made by hand.

Contents
--------
``places``          an empty home
``music_folder``    copies of the ten clips
``library``         a real ``Library`` in that home; what it shall know of the clips was heard once, for all tests
``filled_library``  a ``Library`` over rows that no disk holds
``actions``         the actions of ``empty_window``
"""

import gc
import os
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before Qt is loaded; a real display can be asked for

from gui.actions.actions import Actions
from gui.library.library import Library
from gui.look import languages, theme
from gui.look.languages import Language
from gui.look.theme import Scheme
from tagger_core.analysis import analyse
from tagger_core.domain import FileStamp, Track, TrackResult
from tagger_core.review import Heard, TrackName
from tagger_core.settings import Places, Settings
from tagger_core.tag_fields import Field
from tagger_core.workplace import open_classifiers, open_store

CLIPS = Path(__file__).resolve().parents[1] / "data" / "music"

FilledLibrary = Callable[[int], Library]


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    """Where this test's Earmark keeps its things; nothing is there yet."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for kind in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / "home" / kind.lower()))
    return Places.of_platform()


@pytest.fixture(autouse=True, scope="module")
def garbage() -> Iterator[None]:
    """As in the window (``gui.shell.garbage``), Qt objects in reference cycles die in this thread and in no other."""
    gc.disable()
    yield
    gc.collect()
    gc.enable()


@pytest.fixture(autouse=True)
def deleted_widgets() -> Iterator[None]:
    """Widgets do not live on in the next test, where a change of theme would paint them all."""
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def music_folder(tmp_path: Path) -> Path:
    """Ten clips of thirteen seconds, free to be written into."""
    folder = tmp_path / "music"
    folder.mkdir()
    for clip in sorted(CLIPS.glob("*.mp3")):
        shutil.copy2(clip, folder / clip.name)
    return folder


@pytest.fixture(scope="session")
def analyses(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the shipped models say about the clips: a database, made once."""
    home = tmp_path_factory.mktemp("heard")
    places = Places(home / "settings.toml", home / "models", home / "analyses.sqlite3", home / "j", home / "r")
    tracks = [Track(clip, FileStamp.of(clip.stat())) for clip in sorted(CLIPS.glob("*.mp3"))]
    with open_store(places.analyses) as store:
        classifiers = open_classifiers(Settings(device="cpu"), places)
        results = analyse(tracks, classifiers, store, workers=Settings().workers, cancelled=threading.Event())
        assert all(isinstance(result, TrackResult) for result in results)
    return places.analyses


@pytest.fixture
def library(qtbot: QtBot, places: Places, analyses: Path) -> Iterator[Library]:
    """Nothing is open in it yet; it knows the clips by their sound, as if it had heard them under other names."""
    places.analyses.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(analyses, places.analyses)
    library = Library(places)
    yield library
    library.close()


@pytest.fixture
def filled_library(qtbot: QtBot, places: Places) -> Iterator[FilledLibrary]:
    """Makes a library of so many rows, all heard, their probabilities random but the same each time."""
    made: list[Library] = []

    def fill(count: int) -> Library:
        library = Library(places)
        made.append(library)
        tracks = synthetic_tracks(count)
        library.review.add(tracks)
        library.review.hear(list(synthetic_results(tracks, len(library.review.tags))))
        return library

    yield fill
    for library in made:
        library.close()


@pytest.fixture(autouse=True)
def english(qapp: QApplication) -> None:
    """Texts, plural forms and colours are the same for each test, whatever the machine and the last test had chosen."""
    languages.install(qapp, Language.ENGLISH)
    theme.apply(qapp, Scheme.LIGHT)


@pytest.fixture
def empty_window(qtbot: QtBot) -> QMainWindow:
    window = QMainWindow()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def actions(empty_window: QMainWindow) -> Actions:
    return Actions(empty_window)


def synthetic_tracks(count: int) -> list[Track]:
    """Tracks of albums of twelve; the files do not exist."""
    return [
        Track(Path(f"/music/Artist {n // 36}/Album {n // 12}/{n % 12 + 1:02} Song {n}.mp3"), FileStamp(n, n, n, 1))
        for n in range(count)
    ]


def synthetic_results(tracks: list[Track], tags: int) -> Iterator[Heard]:
    """Most tags improbable, a few probable, and some tracks richer than others: every group of the review has some."""
    generator = np.random.default_rng(7)
    for number, track in enumerate(tracks):
        odds = np.exp(generator.normal(-3.5, 1.0, tags) + generator.normal(0.0, 0.7))
        probabilities: npt.NDArray[np.float32] = (odds / (1 + odds)).astype(np.float32)
        present: Mapping[Field, tuple[str, ...]] = {Field.GENRE: ("Pop",)} if number % 3 == 0 else {}
        yield Heard(
            track=track,
            audio=number.to_bytes(32, "big"),
            probabilities=probabilities,
            duration=180.0 + number % 60,
            name=TrackName(f"Song {number}", f"Artist {number // 36}", f"Album {number // 12}"),
            present=present,
        )
