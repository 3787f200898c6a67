"""Values in words: what a person reads where the program holds numbers, durations and states.

Contents: ``number``, ``filled``, ``Words``
"""

from PySide6.QtCore import QLocale, QObject

from tagger_core.domain import Category
from tagger_core.settings import Mode


def number(value: float, decimals: int = 0) -> str:
    """A number as the person's language writes it: 1,204 or 4.2."""
    return QLocale().toString(float(value), "f", decimals) if decimals else QLocale().toString(round(value))


def filled(text: str, *parts: str) -> str:
    """A translated text with its places %1, %2 ... filled, so that a translation may change their order."""
    for place, part in enumerate(parts, start=1):
        text = text.replace(f"%{place}", part)
    return text


class Words(QObject):
    """Sentences about amounts, in the language of the window."""

    def duration(self, seconds: float) -> str:
        """Roughly how long something will take."""
        if seconds < 60:
            return self.tr("less than a minute")
        minutes = round(seconds / 60)
        if minutes < 60:
            return self.tr("%Ln min", "", minutes)
        return filled(self.tr("%1 h %2 min"), number(minutes // 60), number(minutes % 60))

    def tracks(self, count: int) -> str:
        return self.tr("%Ln track(s)", "", count)

    def files(self, count: int) -> str:
        return self.tr("%Ln file(s)", "", count)

    def tags(self, count: int) -> str:
        return self.tr("%Ln tag(s)", "", count)

    def category(self, category: Category) -> str:
        """What a category is called."""
        return {
            Category.GENRE: self.tr("genre"),
            Category.INSTRUMENT: self.tr("instruments"),
            Category.MOOD: self.tr("mood"),
            Category.VOCALS: self.tr("vocals"),
            Category.TEMPO: self.tr("tempo"),
            Category.ERA: self.tr("era"),
            Category.OTHER: self.tr("other"),
        }[category]

    def preset(self, name: str) -> str:
        return {
            "standard": self.tr("Standard"),
            "compatible": self.tr("Compatible"),
            "dj": self.tr("DJ"),
            "genre-only": self.tr("Genre only"),
            "custom": self.tr("Custom"),
        }[name]

    def mode(self, mode: Mode) -> str:
        """What a mode does to values that are in a file already."""
        return {
            "merge": self.tr("Present values stay, new ones are added."),
            "replace": self.tr("Present values make way for new ones, except protected values."),
            "fill": self.tr("Only empty fields are written."),
        }[mode]
