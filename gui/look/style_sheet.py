"""What a palette cannot say: the shape of buttons, fields, scroll bars, menus and splitters.

Widgets choose a shape by a dynamic property, never by colours of their own:

- ``QPushButton[look="primary"]`` the one thing to do; ``[look="flat"]`` beside it
- ``QToolButton[look="segment"]`` one of several that exclude each other
- ``QLabel[look="title"|"muted"|"good"|"warn"|"bad"]``, ``QFrame[look="card"|"bar"]``
"""

from pathlib import Path
from string import Template

from gui.look.palettes import Tokens

_DRAWINGS = Path(__file__).parent / "icons" / "style"
"""Files, because a style sheet cannot tint; the grey of the arrows is visible on both palettes."""

RADIUS = 6
"""Of buttons and fields, in device-independent pixels."""


def style_sheet(tokens: Tokens) -> str:
    """The style sheet of the application."""
    colours = {
        name: getattr(tokens, name).name()
        for name in (
            "window", "surface", "raised", "border", "outline", "text", "text_muted", "accent", "accent_hover",
            "accent_text", "selection", "focus_ring", "good", "warn", "bad",
        )
    }  # fmt: skip
    palette = "dark" if tokens.dark else "light"
    return _TEMPLATE.substitute(colours, radius=RADIUS, drawings=_DRAWINGS.as_posix(), palette=palette)


_TEMPLATE = Template("""
QPushButton {
    background: $surface; border: 1px solid $outline; border-radius: ${radius}px; padding: 4px 12px; min-height: 18px;
}
QPushButton:hover { background: $raised; }
QPushButton:pressed { background: $border; }
QPushButton:disabled { border-color: $border; background: $window; }
QPushButton:focus { border: 2px solid $focus_ring; padding: 3px 11px; }
QPushButton[look="primary"] { background: $accent; color: $accent_text; border: 1px solid $accent; }
QPushButton[look="primary"]:hover { background: $accent_hover; }
QPushButton[look="primary"]:focus { border: 2px solid $text; }
QPushButton[look="primary"]:disabled { background: $raised; color: $text_muted; border-color: $border; }
QPushButton[look="flat"] { background: transparent; border-color: transparent; }
QPushButton[look="flat"]:hover { background: $raised; }
QPushButton[look="flat"]:focus { border: 2px solid $focus_ring; }
QPushButton[look="link"] {
    background: transparent; border: 2px solid transparent; color: $accent; padding: 1px 2px; text-align: left;
}
QPushButton[look="link"]:hover { text-decoration: underline; }
QPushButton[look="link"]:focus { border-color: $focus_ring; }

QToolButton { background: transparent; border: 2px solid transparent; border-radius: ${radius}px; padding: 3px 6px; }
QToolButton:hover { background: $raised; }
QToolButton:pressed, QToolButton:checked { background: $border; }
QToolButton:focus { border-color: $focus_ring; }
QToolButton[look="segment"] { padding: 3px 14px; color: $text_muted; }
QToolButton[look="segment"]:checked { background: $surface; color: $text; }
QToolButton[look="segment"]:focus { border-color: $focus_ring; }
QFrame[look="segments"] { background: $raised; border-radius: 8px; }
QFrame[look="card"] { background: $surface; border: 1px solid $border; border-radius: 8px; }
QFrame[look="bar"] { background: $raised; }
QFrame[look="strip"] { border: none; border-top: 1px solid $border; }
QFrame[look="line"] { background: $border; border: none; max-height: 1px; min-height: 1px; }
QFrame[look="drop"] { background: $surface; border: 2px dashed $outline; border-radius: 12px; }
QFrame[look="drop"][over="true"] { border-color: $accent; background: $selection; }
QFrame[look="overlay"] { background: $surface; border: 1px solid $outline; border-radius: 10px; }

QLabel[look="muted"], QCheckBox[look="muted"] { color: $text_muted; }
QLabel[look="good"] { color: $good; }
QLabel[look="warn"] { color: $warn; }
QLabel[look="bad"] { color: $bad; }
QLabel[look="key"] {
    background: $raised; border: 1px solid $outline; border-radius: 4px; padding: 1px 6px; color: $text;
}

QLineEdit, QPlainTextEdit, QSpinBox, QDoubleSpinBox, QComboBox {
    background: $surface; border: 1px solid $outline; border-radius: ${radius}px; padding: 3px 6px; min-height: 18px;
    selection-background-color: $accent; selection-color: $accent_text;
}
QLineEdit:focus, QPlainTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus {
    border: 2px solid $focus_ring; padding: 2px 5px;
}
QLineEdit[wrong="true"], QSpinBox[wrong="true"] { border: 2px solid $bad; padding: 2px 5px; }
QComboBox::drop-down { border: none; width: 22px; }
QComboBox::down-arrow, QAbstractSpinBox::down-arrow, QAbstractSpinBox::up-arrow { width: 12px; height: 12px; }
QComboBox::down-arrow, QAbstractSpinBox::down-arrow { image: url("$drawings/arrow-down.svg"); }
QAbstractSpinBox::up-arrow { image: url("$drawings/arrow-up.svg"); }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
    subcontrol-origin: border; width: 20px; border: none; background: transparent;
}
QAbstractSpinBox::up-button { subcontrol-position: top right; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: $raised; border-radius: 4px; }
QComboBox QAbstractItemView { background: $surface; border: 1px solid $outline; padding: 4px; outline: none; }

QCheckBox { spacing: 6px; border: 2px solid transparent; border-radius: 4px; padding: 1px; }
QCheckBox:focus { border-color: $focus_ring; }
QCheckBox::indicator, QMenu::indicator {
    width: 14px; height: 14px; border: 1px solid $outline; border-radius: 3px; background: $surface;
}
QCheckBox::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked, QMenu::indicator:checked {
    background: $accent; border-color: $accent; image: url("$drawings/check-$palette.svg");
}
QCheckBox::indicator:disabled { border-color: $border; }
QMenu::indicator { margin-left: 8px; }

QMenuBar { background: $window; padding: 1px 4px; }
QMenuBar::item { padding: 4px 8px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: $raised; }
QMenu { background: $surface; border: 1px solid $outline; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 10px; border-radius: 4px; }
QMenu::item:selected { background: $selection; }
QMenu::item:disabled { color: $text_muted; }
QMenu::separator { height: 1px; background: $border; margin: 4px 6px; }
QMenu::icon { padding-left: 8px; }
QToolTip { background: $raised; color: $text; border: 1px solid $outline; padding: 4px 6px; }

QSplitter::handle { background: $border; }
QSplitter::handle:hover { background: $accent; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: $outline; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $text_muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QHeaderView { background: $window; }
QHeaderView::section {
    background: $window; color: $text_muted; border: none; border-bottom: 1px solid $border; padding: 4px 8px;
}
QAbstractItemView { border: none; outline: none; }
QAbstractItemView[look="list"] { border: 1px solid $border; background: $surface; }
QAbstractItemView[look="list"]:focus { border-color: $focus_ring; }
QAbstractItemView[look="list"]::item { padding: 0 5px; }
QAbstractItemView[look="list"]::item:selected { background: $selection; color: $text; }
QListView[look="list"]::item { padding: 4px 8px; }
QScrollArea, QScrollArea > QWidget > QWidget { border: none; background: transparent; }

QProgressBar { background: $raised; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
""")
