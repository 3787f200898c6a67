"""One setting: its name, one plain line about it, its control, and what is wrong with it if something is.

Contents: ``SettingRow``, ``Choice`` (a combo box of values), ``Number``
"""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QSpinBox, QWidget

from gui.look import theme
from gui.pages.page import muted

_CONTROL_WIDTH = 240


class SettingRow(QWidget):
    """Name and explanation on the left, the control on the right, an error below."""

    def __init__(self, name: str, explanation: str, control: QWidget, *, below: bool = False) -> None:
        """``below``: the control needs the whole width."""
        super().__init__()
        title = QLabel(name)
        title.setFont(theme.font_bold())
        title.setBuddy(control)
        self.explanation = muted(explanation)
        self.error = QLabel()
        self.error.setProperty("look", "bad")
        self.error.setWordWrap(True)
        self.error.hide()
        if not control.accessibleName():
            control.setAccessibleName(name)
        control.setAccessibleDescription(explanation)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, theme.SPACE, 0, theme.SPACE)
        grid.setHorizontalSpacing(3 * theme.SPACE)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        grid.addWidget(title, 0, 0)
        grid.addWidget(self.explanation, 1, 0)
        if below:
            grid.addWidget(control, 2, 0)
        else:
            control.setMinimumWidth(_CONTROL_WIDTH)
            grid.addWidget(control, 0, 1, 2, 1, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self.error, 3, 0, 1, 2)

    def show_error(self, sentence: str) -> None:
        """Say what is wrong; an empty sentence: nothing is."""
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))


class Choice(QComboBox):
    """One of several values. The wheel scrolls the page, not the choice."""

    chosen = Signal(object)

    def __init__(self, choices: Sequence[tuple[Any, str]] = ()) -> None:
        """Pairs of a value and its name."""
        super().__init__()
        self.offer(choices)
        self.activated.connect(lambda position: self.chosen.emit(self.itemData(position)))

    def offer(self, choices: Sequence[tuple[Any, str]]) -> None:
        """Other values to choose from."""
        self.clear()
        for value, name in choices:
            self.addItem(name, value)

    def show_value(self, value: Any) -> None:
        self.setCurrentIndex(max(0, self.findData(value)))

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        event.ignore()


class Number(QSpinBox):
    """A whole number, told when it is typed to the end. The wheel scrolls the page."""

    chosen = Signal(int)

    def __init__(self, lowest: int, highest: int, *, zero: str = "", unit: str = "") -> None:
        super().__init__()
        self.lineEdit().setTextMargins(theme.GAP, 0, 0, 0)
        self.setRange(lowest, highest)
        self.setSpecialValueText(zero)
        self.setSuffix(unit)
        self.setGroupSeparatorShown(True)
        self.setKeyboardTracking(False)
        self.valueChanged.connect(self.chosen)

    def show_value(self, value: int) -> None:
        self.blockSignals(True)
        self.setValue(value)
        self.blockSignals(False)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        event.ignore()
