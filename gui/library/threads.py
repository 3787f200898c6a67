"""The threads that work for the window, and what belongs to them: begun together, ended together.

Contents: ``Threads``
"""

import time
from collections.abc import Callable

from gui.library.background import GuiHop, StepThread
from gui.library.ears import NICENESS, Ears
from gui.library.previews import Previews
from tagger_core.settings import Places

_SECONDS_TO_SAVE = 60.0
"""A hundred thousand decisions that were just made take a second or two."""


class Threads:
    """``desk`` is the library thread: it reads, saves and writes. ``listener`` analyses with its ``ears``."""

    def __init__(self, places: Places, hop: GuiHop, failed: Callable[[Exception], None]) -> None:
        """``failed`` is called, on the thread that it concerns, with whatever a job raises."""
        self.hop = hop
        self.desk = StepThread("library", failed)
        self.listener = StepThread("analysis", failed, niceness=NICENESS)
        self.ears = Ears(places)
        self.previews = Previews(hop, failed)

    def end(self, seconds: float) -> None:
        """Drop everything but what must not be lost, and wait so long at most, or until that is saved."""
        until = time.monotonic() + seconds
        self.previews.close()
        self.desk.end()
        self.listener.end()
        self.desk.join(seconds, _SECONDS_TO_SAVE)
        for thread in (self.listener, self.previews):
            thread.join(max(0.0, until - time.monotonic()))
        self.hop.close()
