"""Every action has its text, place and key; keys are unique, complete, and silent while somebody types."""

from collections import Counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMainWindow, QPushButton, QSlider, QSpinBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gui.actions.action_table import GROUP_TITLES, TABLE, Group
from gui.actions.actions import Actions
from gui.look import theme
from gui.shell.menus import fill_menu_bar

PLAIN = [entry for entry in TABLE if any("+" not in key and key != "Esc" for key in entry.keys)]


class Window(QMainWindow):
    """A window with the actions, one widget of each kind, and a list of what was triggered."""

    def __init__(self) -> None:
        super().__init__()
        self.table = Actions(self)
        self.page = QWidget()
        self.field, self.button, self.slider, self.number = QLineEdit(), QPushButton("b"), QSlider(), QSpinBox()
        self.slider.setOrientation(Qt.Orientation.Horizontal)
        self.nothing = QWidget()
        self.nothing.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        column = QVBoxLayout(self.page)
        for widget in (self.field, self.button, self.slider, self.number, self.nothing):
            column.addWidget(widget)
        self.setCentralWidget(self.page)
        self.triggered: list[str] = []
        for entry in TABLE:
            self.table[entry.id].triggered.connect(lambda _=False, id_=entry.id: self.triggered.append(id_))


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    window = Window()
    qtbot.addWidget(window)
    window.show()
    qtbot.waitActive(window)
    return window


def test_ids_and_keys_are_unique() -> None:
    assert [id_ for id_, count in Counter(entry.id for entry in TABLE).items() if count > 1] == []
    keys = Counter(QKeySequence(key).toString() for entry in TABLE for key in entry.keys)
    assert [key for key, count in keys.items() if count > 1] == []
    assert "" not in keys, "every key is one that Qt knows"


@pytest.mark.parametrize(
    ("key", "id_"),
    {
        "J": "next", "K": "previous", "A": "accept", "X": "reject", "S": "skip", "E": "edit_tag", "U": "next_unsure",
        "G": "similar", "D": "expand_diff", "Space": "play", "Left": "seek_back", "Right": "seek_forward",
        "[": "threshold_down", "]": "threshold_up", "Shift+A": "accept_tag_on_selection", "Ctrl+Z": "undo",
        "Ctrl+Shift+Z": "redo", "Ctrl+S": "write", "?": "shortcuts", "Ctrl+F": "find", "Ctrl+K": "palette",
        "1": "toggle_1", "9": "toggle_9", "Ctrl+Return": "write_now", "Esc": "back",
    }.items(),
)  # fmt: skip
def test_keys_are_those_of_the_design(key: str, id_: str) -> None:
    assert [entry.id for entry in TABLE if key in entry.keys] == [id_]


def test_every_action_is_in_a_menu(window: Window) -> None:
    fill_menu_bar(window.menuBar(), window.table)
    top = [action.menu() for action in window.menuBar().actions()]
    assert len(top) == len(Group) == len(GROUP_TITLES)
    below = [action for menu in top for action in menu.actions()]
    listed = {action.objectName() for one in below for action in ([one] if not one.menu() else one.menu().actions())}
    assert {entry.id for entry in TABLE} <= listed


@pytest.mark.parametrize("entry", PLAIN, ids=lambda entry: entry.id)
def test_single_key_acts_where_nobody_types(window: Window, entry: object, qtbot: QtBot) -> None:
    window.nothing.setFocus()
    for entry_ in PLAIN:
        if entry_ is entry:
            QTest.keySequence(window.nothing, QKeySequence(entry_.keys[0]))
            assert window.triggered == [entry_.id]


@pytest.mark.parametrize("name", ["field", "number"])
def test_no_single_key_acts_while_somebody_types(window: Window, name: str) -> None:
    widget = getattr(window, name)
    widget.setFocus()
    for entry in PLAIN:
        QTest.keySequence(widget, QKeySequence(entry.keys[0]))
    assert window.triggered == []


def test_typed_letters_arrive_in_the_field(window: Window) -> None:
    window.field.setFocus()
    QTest.keyClicks(window.field, "axs?u 1[]")
    assert window.field.text() == "axs?u 1[]"
    assert window.triggered == []


def test_commands_with_control_act_while_somebody_types(window: Window) -> None:
    window.field.setFocus()
    QTest.keySequence(window.field, QKeySequence("Ctrl+S"))
    QTest.keySequence(window.field, QKeySequence("Ctrl+K"))
    assert window.triggered == ["write", "palette"]


def test_space_presses_the_focused_button_and_arrows_move_the_slider(window: Window, qtbot: QtBot) -> None:
    window.button.setFocus()
    with qtbot.waitSignal(window.button.clicked):
        QTest.keyClick(window.button, Qt.Key.Key_Space)
    window.slider.setFocus()
    QTest.keyClick(window.slider, Qt.Key.Key_Right)
    assert window.slider.value() == 1
    assert window.triggered == []
    QTest.keyClick(window.slider, Qt.Key.Key_J)
    assert window.triggered == ["next"], "what the slider has no use for still acts"


def test_what_concerns_tracks_is_off_while_a_page_hides_them(window: Window) -> None:
    window.table.set_reviewing(False)
    assert not window.table["accept"].isEnabled()
    assert not window.table["play"].isEnabled()
    assert window.table["settings"].isEnabled()
    window.table.set_reviewing(True)
    assert window.table["accept"].isEnabled()


def test_actions_of_pages_work_on_the_page_only(window: Window) -> None:
    window.nothing.setFocus()
    QTest.keyClick(window.nothing, Qt.Key.Key_Escape)
    assert window.triggered == []
    window.table.serve_page(window.page)
    QTest.keyClick(window.nothing, Qt.Key.Key_Escape)
    QTest.keyClick(window.nothing, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert window.triggered == ["back", "write_now"]


def test_a_decision_does_not_repeat_while_its_key_is_held(window: Window) -> None:
    assert not window.table["accept"].autoRepeat()
    assert window.table["next"].autoRepeat()


def test_icons_follow_the_theme(window: Window, qapp: object) -> None:
    theme.apply(qapp, theme.Scheme.LIGHT)  # type: ignore[arg-type]
    before = window.table["accept"].icon().cacheKey()
    theme.apply(qapp, theme.Scheme.DARK)  # type: ignore[arg-type]
    assert window.table["accept"].icon().cacheKey() != before
    theme.apply(qapp, theme.Scheme.LIGHT)  # type: ignore[arg-type]
