"""The page after a write, or after taking one back: what was done, what failed and why, and what can be done now."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QStringListModel, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListView, QPushButton, QWidget

from gui.actions.actions import Actions
from gui.library.events import UndoReport, WriteReport
from gui.look import theme
from gui.look.wording import Words, filled
from gui.pages.page import Page, button, muted


class FinishedPage(Page):
    """Shows a report until the person goes on."""

    failed_wanted = Signal()
    """Show the tracks that failed."""

    def __init__(self, actions: Actions) -> None:
        super().__init__(QCoreApplication.translate("FinishedPage", "Finished"), actions)
        self._words = Words(self)
        self._good = True
        self._picture = QLabel()
        self.headline = QLabel()
        self.headline.setFont(theme.font_title())
        self.headline.setWordWrap(True)
        self.detail = muted()
        self._failures = QStringListModel(self)
        self._list = QListView()
        self._list.setModel(self._failures)
        self._list.setAccessibleName(self.tr("Files that failed, with the reason"))
        self._list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self._list.setWordWrap(True)
        self._list.setProperty("look", "list")
        for label in (self._picture, self.headline, self.detail):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self.body.addWidget(label)
        self.body.insertStretch(0, 2)
        self.body.addSpacing(theme.SPACE)
        self.body.addLayout(self._buttons(actions))
        self.body.addSpacing(theme.SPACE)
        self.body.addWidget(self._list, 4)
        self._filler = QWidget()
        self.body.addWidget(self._filler, 4)
        self.setFocusProxy(self._back)
        theme.notifier().changed.connect(self._tint)

    def show_written(self, report: WriteReport) -> None:
        """What a write has done."""
        text = filled(self.tr("%1 on %2 written"), self._words.tags(report.tags), self._words.files(report.files))
        if report.cancelled:
            text = filled(self.tr("Cancelled: %1"), text)
        self.headline.setText(text)
        self.detail.setText(self.tr("The write can be undone now or at any later time, also after a restart."))
        self._undo.setVisible(report.run is not None)
        self._show_failures(report.failed)

    def show_undone(self, report: UndoReport) -> None:
        """What taking back a run has done."""
        self.headline.setText(
            filled(self.tr("%1 put back as before"), self._words.files(report.restored + report.reverted))
        )
        changed = self.tr("%Ln file(s) had changed since: only what Earmark wrote was taken out.", "", report.reverted)
        self.detail.setText(changed if report.reverted else self.tr("Every one of them is exactly what it was."))
        self._undo.hide()
        self._show_failures(report.failed)
        self._show_failed.hide()  # a file that could not be put back is written still, and in that group

    def failures(self) -> list[str]:
        """The files that failed, each with its reason."""
        return self._failures.stringList()

    def _show_failures(self, failed: Sequence[tuple[Path, str]]) -> None:
        self._good = not failed
        if failed:
            left = self.tr("Failed and left alone: %Ln file(s)", "", len(failed))
            self.detail.setText(f"{self.detail.text()}\n{left}")
        self._failures.setStringList([f"{path.name}: {reason}" for path, reason in failed])
        self._list.setVisible(bool(failed))
        self._filler.setVisible(not failed)
        self._show_failed.setVisible(bool(failed))
        self._tint()

    def _buttons(self, actions: Actions) -> QHBoxLayout:
        self._back = button(actions["back"], look="primary")
        self._undo = button(actions["undo_write"], self.tr("Undo write"))
        self._show_failed = QPushButton(self.tr("Show failed"))
        self._show_failed.setAccessibleName(self._show_failed.text())
        self._show_failed.clicked.connect(self.failed_wanted)
        line = QHBoxLayout()
        line.setSpacing(theme.SPACE)
        line.addStretch()
        for one in (self._back, self._undo, self._show_failed, button(actions["history"], look="flat")):
            line.addWidget(one)
        line.addStretch()
        return line

    def _tint(self) -> None:
        tokens = theme.current()
        name, colour = ("group-accepted", tokens.good) if self._good else ("group-failed", tokens.warn)
        self._picture.setPixmap(theme.pixmap(name, 56, colour, self.devicePixelRatioF()))
