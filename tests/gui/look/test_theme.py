"""Colours are legible in both schemes, icons take their colour from the theme, and a change reaches who listens."""

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.look import theme
from gui.look.palettes import DARK, LIGHT, Tokens

SURFACES = ("window", "surface", "raised", "selection")
TEXTS = ("text", "text_muted", "accent", "good", "warn", "bad", "added", "removed")
PALETTES = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])


def contrast(one: QColor, other: QColor) -> float:
    """The ratio of two opaque colours, 1 to 21. W3C, WCAG 2.1, "contrast ratio" and "relative luminance"."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: QColor) -> float:
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (colour.redF(), colour.greenF(), colour.blueF())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_contrast_is_the_ratio_of_wcag() -> None:
    assert contrast(QColor("black"), QColor("white")) == pytest.approx(21)
    assert contrast(QColor("#777777"), QColor("white")) == pytest.approx(4.48, abs=0.01)


@PALETTES
@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("text", TEXTS)
def test_text_is_legible_on_every_surface(tokens: Tokens, text: str, surface: str) -> None:
    assert contrast(getattr(tokens, text), getattr(tokens, surface)) >= 4.5


@PALETTES
def test_text_is_legible_on_buttons_and_chips(tokens: Tokens) -> None:
    assert contrast(tokens.accent_text, tokens.accent) >= 4.5
    assert contrast(tokens.accent_text, tokens.accent_hover) >= 4.5
    for category, chip in tokens.chip.items():
        assert contrast(tokens.text, chip) >= 4.5, category
        for background in (chip, tokens.surface, tokens.window, tokens.selection):
            assert contrast(tokens.hue[category], background) >= 4.5, category


@PALETTES
def test_edges_of_what_can_be_operated_are_visible(tokens: Tokens) -> None:
    for surface in ("window", "surface"):
        assert contrast(tokens.outline, getattr(tokens, surface)) >= 3
        assert contrast(tokens.focus_ring, getattr(tokens, surface)) >= 3


def test_change_of_scheme_reaches_palette_and_listeners(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, theme.Scheme.LIGHT)
    with qtbot.waitSignal(theme.notifier().changed):
        theme.apply(qapp, theme.Scheme.DARK)
    assert theme.current() is DARK
    assert qapp.palette().window().color() == DARK.window
    theme.apply(qapp, theme.Scheme.LIGHT)
    assert qapp.palette().window().color() == LIGHT.window


def test_system_scheme_follows_the_system(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    hints = qapp.styleHints()
    theme.apply(qapp, theme.Scheme.SYSTEM)
    assert theme.current().dark is (hints.colorScheme() is Qt.ColorScheme.Dark)
    told = []
    theme.notifier().changed.connect(lambda: told.append(theme.current()))
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert len(told) == 1
    theme.apply(qapp, theme.Scheme.LIGHT)
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert told[-1] is LIGHT
    assert len(told) == 2, "what a person chose stays"


@pytest.mark.parametrize("name", sorted(file.stem for file in theme.ICON_FOLDER.glob("*.svg")))
def test_icon_is_drawn_in_the_colour_asked_for(qapp: QApplication, name: str) -> None:
    image = theme.pixmap(name, 16, QColor("#ff0000"), ratio=2).toImage()
    assert image.size() == QSize(32, 32)
    colours = {
        image.pixelColor(x, y).name() for x in range(32) for y in range(32) if image.pixelColor(x, y).alpha() > 200
    }
    assert colours == {"#ff0000"}


def test_icon_follows_the_theme_and_fades_when_disabled(qapp: QApplication) -> None:
    def middle(mode: QIcon.Mode) -> str:
        return theme.icon("stop").pixmap(QSize(16, 16), 1.0, mode).toImage().pixelColor(8, 8).name()

    theme.apply(qapp, theme.Scheme.LIGHT)
    assert middle(QIcon.Mode.Normal) == LIGHT.text.name()
    assert middle(QIcon.Mode.Disabled) != LIGHT.text.name()
    theme.apply(qapp, theme.Scheme.DARK)
    assert middle(QIcon.Mode.Normal) == DARK.text.name()
    theme.apply(qapp, theme.Scheme.LIGHT)


def test_an_icon_that_does_not_exist_is_a_bug(qapp: QApplication) -> None:
    with pytest.raises(FileNotFoundError):
        theme.icon("no-such-icon")
