"""Everything Earmark ever wrote, run by run, each of which can be taken back or done again."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QModelIndex, QStringListModel, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QListView, QPushButton, QTableView

from gui.actions.actions import Actions
from gui.look import theme
from gui.pages.history_model import FOLDER, STATE, WHAT, WHEN, HistoryModel
from gui.pages.page import Page, muted
from gui.pages.write_review_model import parts_of
from tagger_core.journal_entries import Entry, EntryState, Run, RunKind


class HistoryPage(Page):
    """The runs, and the files of the one that is looked at."""

    undo_wanted = Signal(int)
    """Number of the run to take back; taking back an undo is to do again what it undid."""
    files_wanted = Signal(int)
    """Number of the run whose files shall be shown (``show_files``)."""

    def __init__(self, actions: Actions) -> None:
        super().__init__(QCoreApplication.translate("HistoryPage", "History of writes"), actions)
        self.model = HistoryModel(self)
        self._explanation = muted()
        self.table = self._made_table()
        self.undo_button = QPushButton()
        self.undo_button.clicked.connect(self._undo)
        self._files = QStringListModel(self)
        self.files = QListView()
        self.files.setModel(self._files)
        self.files.setProperty("look", "list")
        self.files.setUniformItemSizes(True)
        self.files.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.files.setAccessibleName(self.tr("Files of the run"))
        line = QHBoxLayout()
        line.addWidget(self._explanation, 1)
        line.addWidget(self.undo_button)
        self.body.addLayout(line)
        self.body.addWidget(self.table, 3)
        self.body.addWidget(muted(self.tr("Files of the run")))
        self.body.addWidget(self.files, 2)
        self.setFocusProxy(self.table)
        self.show_runs([])

    def show_runs(self, runs: list[Run]) -> None:
        """All runs, the latest first; the one that was looked at stays."""
        before = self._current()
        self.model.show_runs(runs)
        rows = [row for row, run in enumerate(runs) if before and run.id == before.id]
        if runs:
            self.table.selectRow(rows[0] if rows else 0)
        self._explanation.setText(
            self.tr("Each run can be taken back, byte for byte as long as its files were not changed since.")
            if runs
            else self.tr("Nothing was written yet. Every write will be listed here and can be taken back.")
        )
        self._show_current()

    def show_files(self, run: int, entries: Sequence[Entry]) -> None:
        """The files of a run; an answer that comes too late is for another run and is dropped."""
        current = self._current()
        if current is not None and current.id == run:
            self._files.setStringList([self._told(entry) for entry in entries])

    def _current(self) -> Run | None:
        return self.model.run(self.table.currentIndex().row())

    def _show_current(self, _: QModelIndex | None = None) -> None:
        run = self._current()
        text = self.tr("Do it again") if run and run.kind is RunKind.UNDO else self.tr("Undo this run")
        self.undo_button.setText(text)
        self.undo_button.setAccessibleName(text)
        self.undo_button.setEnabled(run is not None and run.written > 0)
        self._files.setStringList([])
        if run is not None:
            self.files_wanted.emit(run.id)

    def _undo(self) -> None:
        run = self._current()
        if run is not None:
            self.undo_button.setEnabled(False)
            self.undo_wanted.emit(run.id)

    def _told(self, entry: Entry) -> str:
        states = {
            EntryState.PREPARED: self.tr("going on"),
            EntryState.WRITTEN: self.tr("written"),
            EntryState.ABORTED: self.tr("not written"),
            EntryState.UNKNOWN: self.tr("unknown state"),
            EntryState.PARTLY_UNDONE: self.tr("partly taken back"),
            EntryState.UNDONE: self.tr("taken back"),
        }
        edits = []
        for edit in entry.change.edits:
            changed = "  ".join(f"{part.sign}{part.value}" for part in parts_of(edit) if part.sign)
            edits.append(f"{edit.field}: {changed}")
        return f"{entry.change.path.name} ({states[entry.state]}): {'; '.join(edits)}"

    def _made_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setAccessibleName(self.tr("Runs, the latest first"))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setProperty("look", "list")
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + theme.SPACE)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        header.setHighlightSections(False)
        header.resizeSection(WHEN, 150)
        header.resizeSection(WHAT, 260)
        header.resizeSection(STATE, 300)
        header.setSectionResizeMode(FOLDER, QHeaderView.ResizeMode.Stretch)
        table.selectionModel().currentRowChanged.connect(self._show_current)
        return table
