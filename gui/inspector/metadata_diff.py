"""What the file says now and what it will say: removed, added and unchanged values side by side.

Contents: ``MetadataDiff``, ``FieldDiff``, ``Sign``, ``field_diffs``
"""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui.look import theme
from tagger_core.domain import TagEdit
from tagger_core.tag_fields import Field


class Sign(StrEnum):
    """What becomes of a value."""

    REMOVED = "−"
    ADDED = "+"
    KEPT = ""


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """One field: its values in the order of the file, then the new ones."""

    field: str
    values: tuple[tuple[Sign, str], ...]

    @property
    def changed(self) -> bool:
        return any(sign is not Sign.KEPT for sign, _ in self.values)


def field_diffs(present: Mapping[Field, tuple[str, ...]], edits: Sequence[TagEdit]) -> list[FieldDiff]:
    """All fields that Earmark may write, with what the edits do to them."""
    new = {edit.field: edit.new for edit in edits}
    return [FieldDiff(str(field), _values(present.get(field, ()), new.get(field))) for field in Field]


def _values(old: tuple[str, ...], new: tuple[str, ...] | None) -> tuple[tuple[Sign, str], ...]:
    if new is None:
        return tuple((Sign.KEPT, value) for value in old)
    before = [(Sign.KEPT if value in new else Sign.REMOVED, value) for value in old]
    return (*before, *((Sign.ADDED, value) for value in new if value not in old))


class MetadataDiff(QWidget):
    """The fields that would change, or all of them."""

    def __init__(self) -> None:
        super().__init__()
        self._diffs: Sequence[FieldDiff] = ()
        self._all = False
        self._title = QLabel(self.tr("In the file"))
        self._title.setFont(theme.font_bold())
        self.all_button = QPushButton()
        self.all_button.setProperty("look", "link")
        self.all_button.clicked.connect(self.toggle_all)
        self.table = QLabel()
        self.table.setTextFormat(Qt.TextFormat.RichText)
        self.table.setWordWrap(True)
        self.table.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self.all_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        column.addLayout(head)
        column.addWidget(self.table)
        theme.notifier().changed.connect(self._refresh)
        self._refresh()

    @property
    def shows_all(self) -> bool:
        return self._all

    def show_diffs(self, diffs: Sequence[FieldDiff]) -> None:
        self._diffs = diffs
        self._refresh()

    def toggle_all(self) -> None:
        """Show all fields, or only those that would change."""
        self._all = not self._all
        self._refresh()

    def _refresh(self) -> None:
        self.all_button.setText(self.tr("Only changes (D)") if self._all else self.tr("All fields (D)"))
        shown = [diff for diff in self._diffs if self._all or diff.changed]
        if not shown:
            muted = theme.current().text_muted.name()
            nothing = html.escape(self.tr("Nothing would change in the file."))
            self.table.setText(f'<span style="color:{muted}">{nothing}</span>')
        else:
            rows = "".join(self._row(diff) for diff in shown)
            self.table.setText(f'<table cellspacing="0" cellpadding="2">{rows}</table>')
        self.table.setAccessibleName(self._in_words(shown))

    def _row(self, diff: FieldDiff) -> str:
        muted = theme.current().text_muted.name()
        values = "&nbsp;&nbsp; ".join(_marked(sign, value) for sign, value in diff.values)
        name = f'<td style="color:{muted}">{html.escape(diff.field)}&nbsp;&nbsp;</td>'
        return f"<tr>{name}<td>{values or f'<span style=color:{muted}>–</span>'}</td></tr>"

    def _in_words(self, shown: Sequence[FieldDiff]) -> str:
        words = {Sign.REMOVED: self.tr("removed"), Sign.ADDED: self.tr("added"), Sign.KEPT: self.tr("unchanged")}
        fields = [
            f"{diff.field}: " + ", ".join(f"{words[sign]} {value}" for sign, value in diff.values) for diff in shown
        ]
        return "; ".join(fields) or self.tr("Nothing would change in the file.")


def _marked(sign: Sign, value: str) -> str:
    tokens = theme.current()
    text = html.escape(value)
    if sign is Sign.ADDED:
        return f'<b style="color:{tokens.added.name()}">+&nbsp;{text}</b>'
    if sign is Sign.REMOVED:
        return f'<span style="color:{tokens.removed.name()}">−&nbsp;<s>{text}</s></span>'
    return f'<span style="color:{tokens.text_muted.name()}">{text}</span>'
