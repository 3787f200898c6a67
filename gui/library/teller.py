"""What went wrong, or should be known, as one sentence for a person, from whatever thread it comes.

What the world did is told as the core says it; our own bugs are told as such and stand in the log with all details.
"""

import logging
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from gui.library.background import GuiHop
from gui.library.events import Message
from gui.library.interrupted import Interrupted
from gui.library.logs import LogToWindow, log_path
from tagger_core.errors import DeviceError, EarmarkError, ModelError, SettingsError
from tagger_core.library_scan import ScanProblem
from tagger_core.settings import Places

log = logging.getLogger(__name__)


class Teller(QObject):
    """Belongs to the GUI thread; ``report`` and ``warn`` may be called from any."""

    message = Signal(object)

    def __init__(self, places: Places, hop: GuiHop) -> None:
        super().__init__()
        self._places = places
        self._hop = hop
        self._log = LogToWindow(self.warn)
        self._log.attach()

    def report(self, error: Exception) -> None:
        """Tell of what was raised."""
        if isinstance(error, EarmarkError):
            about_settings = isinstance(error, ModelError | SettingsError | DeviceError)
            message = Message("error", str(error), "settings" if about_settings else "")
        else:
            log.error("internal error", exc_info=error)
            text = self.tr("internal error: {error} (details in {file})")
            message = Message("error", text.format(error=error, file=log_path(self._places)))
        self._hop.post(lambda: self.message.emit(message))

    def warn(self, text: str) -> None:
        """Pass on a warning of the core."""
        self._hop.post(lambda: self.message.emit(Message("warning", text)))

    def busy(self) -> None:
        """Something was asked for that has to wait."""
        self.message.emit(Message("info", self.tr("Earmark is at work on your files; wait for it, or cancel it.")))

    def scan_stopped(self) -> None:
        """Tracks may be missing, and nobody would see it."""
        text = self.tr("Looking for music was stopped; add the folder again to find the rest.")
        self.message.emit(Message("info", text, "add_folder"))

    def not_looked_into(self, problems: Sequence[ScanProblem]) -> None:
        """Places that a scan had to leave out."""
        if not problems:
            return
        first = f"{problems[0].path}: {problems[0].reason}"
        more = self.tr("; and %n other place(s)", "", len(problems) - 1) if len(problems) > 1 else ""
        self.message.emit(Message("warning", first + more))

    def interrupted(self, found: Interrupted) -> None:
        """An earlier session was killed while it wrote."""
        text = self.tr("Earmark was ended while it was writing.")
        written = self.tr("%n file(s) had been written, each whole.", "", found.written)
        unclear = self.tr("Changed or moved since (%n file(s)):", "", len(found.unclear))
        names = f" {unclear} {', '.join(path.name for path in found.unclear)}" if found.unclear else ""
        self.message.emit(Message("warning", f"{text} {written}{names}", "history"))

    def close(self) -> None:
        """Listen to the log no more."""
        self._log.detach()
