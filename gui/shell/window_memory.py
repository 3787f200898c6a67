"""What the window looks like and where it stood, known before the first paint: a small file beside the settings.

Where the person was in the library is another matter and is kept by ``Library.remember``.
"""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from gui.look.languages import Language
from gui.look.theme import Scheme

RECENT = 8
"""So many folders are offered again."""


class WindowMemory:
    """``window.ini``. Nothing in it matters enough to fail: what cannot be read or kept is forgotten."""

    def __init__(self, file: Path) -> None:
        self._values = QSettings(str(file), QSettings.Format.IniFormat)

    @property
    def scheme(self) -> Scheme:
        kept = self._text("scheme")
        return Scheme(kept) if kept in list(Scheme) else Scheme.SYSTEM

    @scheme.setter
    def scheme(self, scheme: Scheme) -> None:
        self._values.setValue("scheme", scheme.value)

    @property
    def language(self) -> Language:
        kept = self._text("language")
        return Language(kept) if kept in list(Language) else Language.SYSTEM

    @language.setter
    def language(self, language: Language) -> None:
        self._values.setValue("language", language.value)

    @property
    def recent_folders(self) -> list[Path]:
        """Those that are still there, the latest first."""
        return [folder for folder in map(Path, self._text("recent").splitlines()) if folder.is_dir()]

    def note_folder(self, folder: Path) -> None:
        others = [other for other in self.recent_folders if other != folder]
        self._values.setValue("recent", "\n".join(map(str, [folder, *others][:RECENT])))

    def geometry(self, name: str) -> QByteArray:
        """Place or splitter positions of a part of the window; empty if they were never kept."""
        kept = self._values.value(f"geometry/{name}")
        return kept if isinstance(kept, QByteArray) else QByteArray()

    def keep_geometry(self, name: str, state: QByteArray) -> None:
        self._values.setValue(f"geometry/{name}", state)

    def save(self) -> None:
        """Write it down now."""
        self._values.sync()

    def _text(self, key: str) -> str:
        kept = self._values.value(key, "")
        return kept if isinstance(kept, str) else ""
