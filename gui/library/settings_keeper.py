"""The settings file as the window uses it: read at the start, written when a person has chosen something.

A review may have thresholds of its own; they belong to it and do not get into the file by themselves.
"""

from collections.abc import Callable

import msgspec

from gui.library.background import StepThread, Urgency
from tagger_core.errors import SettingsError
from tagger_core.settings import Places, Settings, load_settings


class SettingsKeeper:
    """Belongs to the GUI thread; the file is written on the library thread."""

    def __init__(self, places: Places, desk: StepThread, failed: Callable[[Exception], None]) -> None:
        """``failed`` is told of a file that cannot be read; the defaults are used then."""
        self._file = places.settings_file
        self._desk = desk
        self.settings = Settings()
        """What the file says, or will say once ``save`` was called."""
        try:
            self.settings = load_settings(self._file)
        except SettingsError as error:
            failed(error)

    def note(self, before: Settings, after: Settings) -> None:
        """Take over what differs between the settings of a review and those that a person wants now."""
        names = [name for name in Settings.__struct_fields__ if getattr(before, name) != getattr(after, name)]
        self.settings = msgspec.structs.replace(self.settings, **{name: getattr(after, name) for name in names})

    def save(self) -> None:
        """Have it written."""
        settings = self.settings

        def write() -> None:
            from tagger_core.settings_file import save_settings

            save_settings(self._file, settings)

        self._desk.submit(write, Urgency.SAVE)
