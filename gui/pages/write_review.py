"""The write review: exactly what would be written into which file, before anything is touched."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QTableView,
)

from gui.actions.actions import Actions
from gui.library.events import Progress, RunState, WriteReview
from gui.look import theme
from gui.look.wording import Words, filled, number
from gui.pages.change_delegate import ChangeDelegate
from gui.pages.page import Page, button, muted
from gui.pages.write_review_model import CHANGE, FIELD, FILE, WriteReviewModel, review_lines
from tagger_core.domain import Category
from tagger_core.settings import Settings


class WriteReviewPage(Page):
    """Lists the edits; writes nothing itself."""

    confirmed = Signal(object)
    """``WriteReview``: the person has pressed Write."""

    def __init__(self, actions: Actions) -> None:
        super().__init__(QCoreApplication.translate("WriteReviewPage", "Write review"), actions)
        self._words = Words(self)
        self._review: WriteReview | None = None
        self._writing = False
        self._paths: Sequence[Path] = ()
        self.model = WriteReviewModel(self)
        self._summary = QLabel()
        self._summary.setFont(theme.font_bold())
        self._how = muted()
        self._problems_only = QCheckBox()
        self._problems_only.toggled.connect(self._fill)
        self.table = self._made_table()
        self._waiting = QLabel(self.tr("Reading the files to see exactly what would change…"))
        self._waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._waiting.setProperty("look", "muted")
        self._middle = QStackedWidget()
        self._middle.addWidget(self._waiting)
        self._middle.addWidget(self.table)
        self.body.addWidget(self._summary)
        self.body.addLayout(self._how_line(actions))
        self.body.addWidget(self._problems_only)
        self.body.addWidget(self._middle, 1)
        self.body.addWidget(self._foot(actions))
        self.write_button.clicked.connect(self.confirm)

    def wait(self) -> None:
        """The plan is being worked out."""
        self._review = None
        self._middle.setCurrentWidget(self._waiting)
        self._summary.setText(self.tr("Working out the changes…"))
        self._how.clear()
        self._problems_only.hide()
        self.write_button.setEnabled(False)
        self.write_button.setText(self.tr("Write"))
        self._show_writing(False)

    def show_review(self, review: WriteReview, paths: Sequence[Path], settings: Settings) -> None:
        """``paths`` belong to ``review.files``."""
        self._review, self._paths = review, paths
        self._how.setText(self._how_text(settings))
        files = len(review.to_write)
        self._summary.setText(self._summary_text(review))
        problems = len(review.problems)
        self._problems_only.setText(self.tr("Show only the %Ln file(s) that cannot be written", "", problems))
        self._problems_only.setVisible(problems > 0)
        self._problems_only.setChecked(False)
        text = filled(self.tr("Write %1 to %2"), self._words.tags(review.tags), self._words.files(files))
        self.write_button.setText(text)
        self.write_button.setAccessibleName(text)
        self.write_button.setEnabled(files > 0)
        self._middle.setCurrentWidget(self.table)
        self._show_writing(False)
        self._fill()
        (self.write_button if files else self.table).setFocus()

    def confirm(self) -> None:
        """Write what is listed, if anything can be."""
        if self._review is not None and self._review.to_write and not self._writing:
            self._bar.setRange(0, 0)
            self._show_writing(True)
            self.confirmed.emit(self._review)

    def show_progress(self, progress: Progress) -> None:
        """Files written so far, while that goes on."""
        writing = progress.state is RunState.WRITING
        self._show_writing(writing)
        if writing:
            self._bar.setRange(0, progress.total)
            self._bar.setValue(progress.done)
            self._written.setText(
                filled(self.tr("Writing file %1 of %2"), number(progress.done), number(progress.total))
            )

    def _summary_text(self, review: WriteReview) -> str:
        files = len(review.to_write)
        if not files and review.problems:
            return self.tr("Nothing can be written: the list says why.")
        if not files:
            return self.tr("Nothing would change: the files say all of it already.")
        fields = len({edit.field for file in review.to_write if file.plan for edit in file.plan.edits})
        return filled(
            self.tr("%1 will be written to %2, in %3."),
            self._words.tags(review.tags),
            self._words.files(files),
            self.tr("%Ln field(s)", "", fields),
        )

    def _how_text(self, settings: Settings) -> str:
        preset = settings.written_preset
        places: dict[str, list[str]] = {}
        for category in Category:
            if category in preset.fields:
                places.setdefault(preset.fields[category], []).append(self._words.category(category))
        goes = "; ".join(f"{', '.join(names)} → {field}" for field, names in places.items())
        return filled(
            self.tr("Preset “%1”: %2. %3"), self._words.preset(preset.name), goes, self._words.mode(settings.mode)
        )

    def _how_line(self, actions: Actions) -> QHBoxLayout:
        line = QHBoxLayout()
        line.addWidget(self._how, 1)
        line.addWidget(button(actions["settings"], self.tr("Change in the settings"), look="link"))
        return line

    def _made_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setAccessibleName(self.tr("What would be written, file by file"))
        table.setItemDelegateForColumn(CHANGE, ChangeDelegate(table))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setProperty("look", "list")
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + theme.SPACE)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        header.setHighlightSections(False)
        header.setSectionResizeMode(CHANGE, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(FILE, 380)
        header.resizeSection(FIELD, 130)
        return table

    def _foot(self, actions: Actions) -> QFrame:
        foot = QFrame()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Files written"))
        self._written = QLabel()
        self._written.setFont(theme.font_numbers())
        self._note = muted(self.tr("Nothing has been touched yet. Every write can be undone."))
        self._cancel = button(actions["cancel"], self.tr("Cancel"))
        self.write_button = QPushButton()
        self.write_button.setProperty("look", "primary")
        self.write_button.setToolTip(self.tr("Ctrl+Enter"))
        line = QHBoxLayout(foot)
        line.setContentsMargins(0, theme.GAP, 0, 0)
        line.setSpacing(theme.SPACE)
        line.addWidget(self._note, 1)
        line.addWidget(self._bar, 1)
        line.addWidget(self._written)
        line.addWidget(self._cancel)
        line.addWidget(self.write_button)
        return foot

    def _show_writing(self, writing: bool) -> None:
        self._writing = writing
        had_focus = self.focusWidget() is self.write_button
        for widget in (self._bar, self._written, self._cancel):
            widget.setVisible(writing)
        if writing and had_focus:
            self._cancel.setFocus()
        for widget in (self._note, self.write_button):
            widget.setVisible(not writing)

    def _fill(self) -> None:
        if self._review is None:
            return
        lines, problems = review_lines(self._review, self._paths)
        self.model.show_lines(problems if self._problems_only.isChecked() else lines)
