"""Adding a tag by its name: one that the vocabulary knows, or a new word with a category."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from gui.look import theme
from gui.look.wording import Words, filled
from tagger_core.domain import Category
from tagger_core.vocabulary import Tag

_MOST_COMPLETIONS = 12
_LONGEST_NAME = 120


def completions(names: Sequence[str], typed: str) -> list[str]:
    """The names that hold what was typed: first those that begin with it, then those of which a word does."""
    wanted = typed.strip().casefold()
    if not wanted:
        return []

    def rank(name: str) -> int:
        folded = name.casefold()
        if folded.startswith(wanted):
            return 0
        return 1 if f" {wanted}" in folded.replace("-", " ").replace("/", " ") else 2

    return sorted((name for name in names if wanted in name.casefold()), key=lambda name: (rank(name), name.casefold()))


class TagEditor(QWidget):
    """A field that is hidden until it is asked for. Enter adds, Escape leaves."""

    added = Signal(str, object)
    """Name and ``Category``."""
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._tag_of: Callable[[str], Tag | None] = lambda _word: None
        self._names: Sequence[str] = ()
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Name of a tag"))
        self.field.setAccessibleName(self.tr("Name of the tag to add"))
        self.field.setMaxLength(_LONGEST_NAME)
        self._offered = QStringListModel(self)
        self._completer = QCompleter(self._offered, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._completer.setMaxVisibleItems(_MOST_COMPLETIONS)
        self.field.setCompleter(self._completer)
        self.category = QComboBox()
        self.category.setAccessibleName(self.tr("Category of the new tag"))
        for category in Category:
            self.category.addItem(Words().category(category), category)
        self.add_button = QPushButton(self.tr("Add"))
        self.question = QLabel()
        self.question.setProperty("look", "muted")
        self.question.setWordWrap(True)
        self.question.setTextFormat(Qt.TextFormat.PlainText)
        self._set_up()
        self.hide()

    def set_vocabulary(self, names: Sequence[str], tag_of: Callable[[str], Tag | None]) -> None:
        """``names`` are offered; ``tag_of`` knows other spellings too."""
        self._names = names
        self._tag_of = tag_of

    def start(self) -> None:
        """Show the empty field and go there."""
        self.field.clear()
        self._ask("")
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Escape leaves, from any of the parts; the window must not see it as its own."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self._leave()
                return True
        return False

    def _set_up(self) -> None:
        self.field.textEdited.connect(self._offer)
        self.field.returnPressed.connect(self._commit)
        self.add_button.clicked.connect(self._commit)
        for widget in (self.field, self.category, self.add_button):
            widget.installEventFilter(self)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE)
        row.addWidget(self.field, 1)
        row.addWidget(self.category)
        row.addWidget(self.add_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        column.addLayout(row)
        column.addWidget(self.question)

    def _offer(self, typed: str) -> None:
        self._offered.setStringList(completions(self._names, typed)[:_MOST_COMPLETIONS])
        self._completer.complete()
        self._ask("")

    def _ask(self, name: str) -> None:
        """Ask for the category of a new name; "" asks nothing."""
        self._asked = name
        self.category.setVisible(bool(name))
        self.question.setVisible(bool(name))
        self.question.setText(filled(self.tr("“%1” is new: what kind of tag is it? Enter adds it."), name))

    def _commit(self) -> None:
        name = " ".join(self.field.text().split())
        if not name:
            return
        known = self._tag_of(name)
        if known is not None:
            self._add(known.name, known.category)
        elif self._asked == name:
            self._add(name, self.category.currentData())
        else:
            self._ask(name)

    def _add(self, name: str, category: Category) -> None:
        self.field.clear()
        self._ask("")
        self.added.emit(name, Category(category))

    def _leave(self) -> None:
        self.hide()
        self.left.emit()
