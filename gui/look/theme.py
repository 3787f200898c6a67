"""How the window looks now: the palette in force, spacing, fonts and icons.

Conventions
-----------
Lengths are device-independent pixels on a grid of 4. Everything that caches what it has painted listens to
``notifier().changed`` and forgets it.

Contents
--------
scheme   ``Scheme``, ``apply``, ``current``, ``notifier``
colours  ``Tokens`` (from ``palettes``), ``category``, ``category_hue``
spacing  ``GAP``, ``SPACE``, ``RADIUS``
fonts    ``font_small``, ``font_bold``, ``font_mono``, ``font_numbers``, ``font_title``
icons    ``icon``, ``pixmap``
"""

from enum import StrEnum
from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QStyleFactory

from gui.look.palettes import DARK, LIGHT, Tokens, qt_palette
from gui.look.style_sheet import RADIUS, style_sheet
from tagger_core.domain import Category

__all__ = [
    "GAP",
    "RADIUS",
    "SPACE",
    "Notifier",
    "Scheme",
    "Tokens",
    "apply",
    "category",
    "category_hue",
    "current",
    "font_bold",
    "font_mono",
    "font_numbers",
    "font_small",
    "font_title",
    "icon",
    "notifier",
    "pixmap",
]

GAP = 4
SPACE = 8

ICON_FOLDER = Path(__file__).parent / "icons"
_ICON_SIZES = (16, 20, 24, 32, 40, 48, 64)
"""Physical pixels: 16, 20 and 24 at scale 1 to 2, and those between."""
_TABULAR = QFont.Tag("tnum")


class Scheme(StrEnum):
    """What a person may choose."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Notifier(QObject):
    """Says when another palette is in force, and keeps to the system's where that is chosen."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.scheme = Scheme.SYSTEM
        self.tokens = LIGHT
        self._follows = False

    def choose(self, application: QApplication, scheme: Scheme) -> None:
        self.scheme = scheme
        if not self._follows:
            self._follows = True
            application.styleHints().colorSchemeChanged.connect(self._system_changed)
        dark = scheme is Scheme.DARK or (
            scheme is Scheme.SYSTEM and application.styleHints().colorScheme() is Qt.ColorScheme.Dark
        )
        self.tokens = DARK if dark else LIGHT
        application.setStyle(QStyleFactory.create("Fusion"))
        application.setPalette(qt_palette(self.tokens))
        application.setStyleSheet(style_sheet(self.tokens))
        self.changed.emit()

    def _system_changed(self) -> None:
        application = QApplication.instance()
        if self.scheme is Scheme.SYSTEM and isinstance(application, QApplication):
            self.choose(application, Scheme.SYSTEM)


@cache
def notifier() -> Notifier:
    """The one that all painters listen to."""
    return Notifier()


def apply(application: QApplication, scheme: Scheme = Scheme.SYSTEM) -> None:
    """Put a palette in force, now and in all open windows."""
    notifier().choose(application, scheme)


def current() -> Tokens:
    """The palette in force."""
    return notifier().tokens


def category(of: Category) -> QColor:
    """Background of a chip of that category; ``text`` is legible on it."""
    return current().chip[of]


def category_hue(of: Category) -> QColor:
    """The category's colour as text, line or bar."""
    return current().hue[of]


def font_small() -> QFont:
    """For what is said beside something else."""
    font = QGuiApplication.font()
    font.setPointSizeF(font.pointSizeF() * 0.9)
    return font


def font_bold() -> QFont:
    font = QGuiApplication.font()
    font.setWeight(QFont.Weight.DemiBold)
    return font


def font_numbers() -> QFont:
    """Digits of equal width, so that counts do not jump."""
    font = QGuiApplication.font()
    font.setFeature(_TABULAR, 1)
    return font


def font_title() -> QFont:
    """For the one heading of a page."""
    font = font_bold()
    font.setPointSizeF(font.pointSizeF() * 1.6)
    return font


def font_mono() -> QFont:
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSizeF(QGuiApplication.font().pointSizeF())
    return font


def icon(name: str, colour: QColor | None = None) -> QIcon:
    """A picture of the set in ``icons``, in the colour of text unless told otherwise; muted where disabled.

    It has the colours of now: what holds an icon takes a new one when the theme changes.
    """
    tokens = current()
    return _icon(name, (colour or tokens.text).name(), _faded(tokens).name())


def pixmap(name: str, size: int, colour: QColor | None = None, ratio: float = 1.0) -> QPixmap:
    """The same picture of ``size`` device-independent pixels, for painters."""
    image = _rendered(name, (colour or current().text).name(), round(size * ratio))
    image = QPixmap(image)
    image.setDevicePixelRatio(ratio)
    return image


def _faded(tokens: Tokens) -> QColor:
    return tokens.outline


@cache
def _icon(name: str, normal: str, disabled: str) -> QIcon:
    made = QIcon()
    for size in _ICON_SIZES:
        made.addPixmap(_rendered(name, normal, size), QIcon.Mode.Normal)
        made.addPixmap(_rendered(name, disabled, size), QIcon.Mode.Disabled)
    return made


@cache
def _rendered(name: str, colour: str, size: int) -> QPixmap:
    """The drawing with its ``currentColor`` replaced, as a square of physical pixels."""
    from PySide6.QtSvg import QSvgRenderer

    drawing = (ICON_FOLDER / f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    image = QPixmap(QSize(size, size))
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return image
