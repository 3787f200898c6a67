"""The two palettes: every colour of the window, light and dark.

Text on any of the surfaces, on a selection and on a chip has a contrast of at least 4.5:1 (WCAG 2.1 AA).

Contents: ``Tokens``, ``LIGHT``, ``DARK``, ``qt_palette``
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from PySide6.QtGui import QColor, QPalette

from tagger_core.domain import Category


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a colour is for. Nothing else in the window names a colour."""

    dark: bool
    window: QColor
    """Behind everything: bars, panels."""
    surface: QColor
    """Where content stands: lists, fields."""
    raised: QColor
    """What the pointer is on, tracks of bars, quiet buttons."""
    border: QColor
    """Hairlines between areas; never the only sign of something."""
    outline: QColor
    """Edges of what can be operated: 3:1 against the surfaces."""
    text: QColor
    text_muted: QColor
    accent: QColor
    accent_hover: QColor
    accent_text: QColor
    """On ``accent``."""
    selection: QColor
    focus_ring: QColor
    good: QColor
    warn: QColor
    bad: QColor
    added: QColor
    removed: QColor
    chip: Mapping[Category, QColor]
    """Background of a chip; ``text`` stands on it."""
    hue: Mapping[Category, QColor]
    """A category's colour as text, line or bar on a surface or on its chip."""


def _colours(**names: str) -> Mapping[Category, QColor]:
    return MappingProxyType({Category(name): QColor(value) for name, value in names.items()})


LIGHT = Tokens(
    dark=False,
    window=QColor("#f3f4f6"),
    surface=QColor("#ffffff"),
    raised=QColor("#e9ebef"),
    border=QColor("#d9dce2"),
    outline=QColor("#858d99"),
    text=QColor("#1b1f26"),
    text_muted=QColor("#565e6b"),
    accent=QColor("#4a43c9"),
    accent_hover=QColor("#3c35b3"),
    accent_text=QColor("#ffffff"),
    selection=QColor("#dddcf9"),
    focus_ring=QColor("#5a53e0"),
    good=QColor("#1a6b3c"),
    warn=QColor("#7d5000"),
    bad=QColor("#b3261e"),
    added=QColor("#1a6b3c"),
    removed=QColor("#b3261e"),
    chip=_colours(
        genre="#d9e6fb",
        instrument="#d3eddd",
        mood="#fce3c9",
        vocals="#f9d9e8",
        tempo="#cdebf0",
        era="#efe8bd",
        other="#e2e5ea",
    ),
    hue=_colours(
        genre="#1f4f9c",
        instrument="#17603c",
        mood="#85450a",
        vocals="#98235f",
        tempo="#0b5b69",
        era="#625109",
        other="#4a525d",
    ),
)

DARK = Tokens(
    dark=True,
    window=QColor("#1a1c20"),
    surface=QColor("#212429"),
    raised=QColor("#2d3138"),
    border=QColor("#363b43"),
    outline=QColor("#79818d"),
    text=QColor("#e7e9ec"),
    text_muted=QColor("#a7aeb9"),
    accent=QColor("#aaa4ff"),
    accent_hover=QColor("#bfbaff"),
    accent_text=QColor("#15132e"),
    selection=QColor("#3a3869"),
    focus_ring=QColor("#aaa4ff"),
    good=QColor("#74d09b"),
    warn=QColor("#f0c05a"),
    bad=QColor("#ff9389"),
    added=QColor("#74d09b"),
    removed=QColor("#ff9389"),
    chip=_colours(
        genre="#233b60",
        instrument="#1f4534",
        mood="#523719",
        vocals="#522540",
        tempo="#1a444c",
        era="#453e16",
        other="#3a3f48",
    ),
    hue=_colours(
        genre="#9cc1f7",
        instrument="#84d4a9",
        mood="#f3b880",
        vocals="#f4a5ca",
        tempo="#80d1de",
        era="#dccb6c",
        other="#b9c0ca",
    ),
)


def qt_palette(tokens: Tokens) -> QPalette:
    """The palette from which Qt's own drawing takes its colours."""
    palette = QPalette()
    role = QPalette.ColorRole
    colours = {
        role.Window: tokens.window,
        role.WindowText: tokens.text,
        role.Base: tokens.surface,
        role.AlternateBase: tokens.window,
        role.Text: tokens.text,
        role.PlaceholderText: tokens.text_muted,
        role.Button: tokens.raised,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.bad,
        role.Highlight: tokens.selection,
        role.HighlightedText: tokens.text,
        role.Accent: tokens.accent,
        role.Link: tokens.accent,
        role.LinkVisited: tokens.accent,
        role.ToolTipBase: tokens.raised,
        role.ToolTipText: tokens.text,
        role.Light: tokens.surface,
        role.Midlight: tokens.raised,
        role.Mid: tokens.border,
        role.Dark: tokens.outline,
        role.Shadow: tokens.border,
    }
    for name, colour in colours.items():
        palette.setColor(name, colour)
    faded = QColor(tokens.text_muted)
    faded.setAlphaF(0.6)
    for name in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, faded)
    return palette
