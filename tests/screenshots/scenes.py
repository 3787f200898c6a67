"""What is on the pictures: one way through the program, from the empty window to the finished write.

Contents: ``scenes``
"""

from collections.abc import Iterator

import numpy as np
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication

from gui.look import theme
from gui.look.theme import Scheme
from gui.map_mode.map_canvas import MapCanvas
from gui.shell.shortcut_sheet import ShortcutSheet
from gui.tracks.tracks_mode import TracksMode
from tagger_core.review import Group
from tests.screenshots.made_up import fill
from tests.screenshots.stage import Stage

Picture = tuple[str, QPixmap]

_TRACK = "Megtört Álom"
_TAG = "Guitar"
_NEAR = "Violin"
"""The tag near which tracks are selected on the map."""


def scenes(stage: Stage) -> Iterator[Picture]:
    """Every picture with its name; each goes on where the one before has ended."""
    _use(stage, Scheme.LIGHT)
    yield "first-run", stage.picture()
    yield from _tracks(stage)
    yield from _pages(stage)
    yield from _errors(stage)
    yield from _modes(stage)
    yield from _writing(stage)


def _tracks(stage: Stage) -> Iterator[Picture]:
    stage.open(stage.music())
    yield "analysing", stage.catch(lambda: stage.library.progress.done >= 4, "four tracks are analysed")
    stage.wait_until_heard()
    stage.look_at(_TRACK)
    yield "tracks-light", stage.picture()
    _use(stage, Scheme.DARK)
    yield "tracks-dark", stage.picture()
    _use(stage, Scheme.LIGHT)


def _pages(stage: Stage) -> Iterator[Picture]:
    stage.trigger("settings")
    yield "settings", stage.picture()
    stage.trigger("back")
    sheet = ShortcutSheet(stage.window)
    sheet.open()
    yield "shortcuts", stage.picture()
    sheet.dismiss()
    stage.settle()


def _errors(stage: Stage) -> Iterator[Picture]:
    odd = stage.folder / "Odd files"
    odd.mkdir()
    (odd / "not music at all.mp3").write_text("This is a text.\n")
    (odd / "empty.flac").touch()
    (odd / "cut in the middle of nowhere.ogg").write_bytes(b"OggS" + bytes(range(256)))
    stage.window.add_paths([odd])
    stage.wait(lambda: len(stage.library.review) == 13, "the odd files are listed")
    stage.wait_until_heard()
    failed = np.flatnonzero(stage.library.review.groups == Group.FAILED)
    tracks = stage.window.findChild(TracksMode)
    assert tracks is not None
    tracks.show_group(Group.FAILED)
    stage.window.focused.select(failed[:1])
    stage.window.focused.set_row(int(failed[0]))
    yield "errors", stage.picture()
    tracks.clear_filter()


def _modes(stage: Stage) -> Iterator[Picture]:
    fill(stage.library)
    stage.settle()
    stage.trigger("mode_tags")
    stage.look_at(_TRACK)
    stage.window.focused.set_tag(stage.library.review.column(_TAG))
    yield "tags", stage.picture()
    stage.trigger("mode_map")
    canvas = stage.window.findChild(MapCanvas)
    assert canvas is not None
    canvas.tag_entered.emit(stage.library.review.column(_NEAR))
    yield "map", stage.picture()
    _use(stage, Scheme.DARK)
    yield "map-dark", stage.picture()
    _use(stage, Scheme.LIGHT)
    stage.trigger("mode_tracks")


def _writing(stage: Stage) -> Iterator[Picture]:
    stage.open(stage.folder / "Music")
    stage.wait_until_heard()
    stage.library.do("accept", np.arange(len(stage.library.review)))
    stage.trigger("write")
    stage.settle(2)
    yield "write-review", stage.picture()
    stage.trigger("write_now")
    stage.settle(4)
    yield "finished", stage.picture()


def _use(stage: Stage, scheme: Scheme) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme.apply(application, scheme)
    stage.settle()
