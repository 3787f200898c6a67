"""All keys at a glance, made from the table of actions; typing narrows them down."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from gui.actions.action_table import GROUP_TITLES, TABLE, Entry, Group, text_of
from gui.look import theme
from gui.shell.overlay import Overlay

_COLUMNS: tuple[tuple[Group, ...], ...] = (
    (Group.REVIEW,),
    (Group.FILE, Group.LISTEN),
    (Group.EDIT, Group.VIEW, Group.HELP),
)


_FIRST = "toggle_1"
_LIKE_FIRST = frozenset(f"toggle_{n}" for n in range(2, 10))
"""One line stands for the nine keys."""


class ShortcutSheet(Overlay):
    """Keys by menu, in columns."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, 1216, 640)
        self._lines: list[tuple[str, list[QWidget]]] = []
        title = QLabel(self.tr("Keyboard shortcuts"))
        title.setFont(theme.font_title())
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Search"))
        self.field.setAccessibleName(self.tr("Search the shortcuts"))
        self.field.setFixedWidth(200)
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(self._narrow)
        head = QHBoxLayout()
        head.addWidget(title)
        head.addStretch()
        head.addWidget(self.field)
        note = QLabel(self.tr("Single keys rest while you type into a field. Esc closes this sheet."))
        note.setProperty("look", "muted")
        column = QVBoxLayout(self.card)
        margin = 2 * theme.SPACE
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(theme.SPACE)
        column.addLayout(head)
        column.addWidget(note)
        column.addWidget(self._scrolled(), 1)

    def open(self) -> None:
        super().open()
        self.field.setFocus()

    def listed(self) -> list[str]:
        """The texts of the actions that are shown now."""
        return [text for text, widgets in self._lines if not widgets[0].isHidden()]

    def _scrolled(self) -> QScrollArea:
        inner = QWidget()
        line = QHBoxLayout(inner)
        line.setSpacing(3 * theme.SPACE)
        for groups in _COLUMNS:
            column = QVBoxLayout()
            column.setSpacing(theme.GAP)
            for group in groups:
                column.addWidget(self._heading(group))
                column.addLayout(self._keys_of(group))
                column.addSpacing(theme.SPACE)
            column.addStretch()
            line.addLayout(column, 1)
        area = QScrollArea()
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setAccessibleName(self.tr("Shortcuts"))
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return area

    def _heading(self, group: Group) -> QLabel:
        heading = QLabel(QCoreApplication.translate("Actions", GROUP_TITLES[group]).replace("&", ""))
        heading.setFont(theme.font_bold())
        return heading

    def _keys_of(self, group: Group) -> QGridLayout:
        grid = QGridLayout()
        grid.setColumnStretch(0, 1)
        grid.setVerticalSpacing(3)
        grid.setHorizontalSpacing(theme.SPACE)
        shown = [entry for entry in TABLE if entry.group is group and entry.keys and entry.id not in _LIKE_FIRST]
        for position, entry in enumerate(shown):
            text = QLabel(text_of(entry) if entry.id != _FIRST else self.tr("Toggle suggestion 1 to 9"))
            keys = _keys(entry)
            grid.addWidget(text, position, 0)
            grid.addWidget(keys, position, 1, Qt.AlignmentFlag.AlignRight)
            self._lines.append((text.text(), [text, keys]))
        return grid

    def _narrow(self, typed: str) -> None:
        for text, widgets in self._lines:
            for widget in widgets:
                widget.setVisible(typed.casefold() in text.casefold())


def _keys(entry: Entry) -> QWidget:
    """Each key as a small cap."""
    holder = QWidget()
    line = QHBoxLayout(holder)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(theme.GAP)
    native = QKeySequence.SequenceFormat.NativeText
    for key in (*(QKeySequence(key).toString(native) for key in entry.keys[:2]), *entry.also):
        cap = QLabel(key)
        cap.setProperty("look", "key")
        line.addWidget(cap)
    return holder
