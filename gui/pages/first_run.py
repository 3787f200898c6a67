"""The first page: what Earmark does, where to drop a folder, and that nothing happens by accident."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui.actions.actions import Actions
from gui.look import theme
from gui.pages.page import button, muted

_WIDTH = 620
_ZONE_HEIGHT = 168


class FirstRun(QWidget):
    """Shown while no folder is open."""

    folder_chosen = Signal(object)
    """``Path``: one of the recent folders."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._picture = QLabel()
        title = QLabel(self.tr("Tag your music by listening to it"))
        title.setFont(theme.font_title())
        what = muted(
            self.tr(
                "Earmark listens to every track, suggests genre, instruments, mood and vocals,"
                " and writes those you accept into your files."
            )
        )
        for label in (self._picture, title, what):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._zone = self._drop_zone(actions)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(2)
        inner = QVBoxLayout()
        inner.setSpacing(2 * theme.SPACE)
        for widget in (self._picture, title, what):
            inner.addWidget(widget)
        inner.addSpacing(theme.SPACE)
        inner.addWidget(self._zone)
        inner.addLayout(self._promise())
        inner.addLayout(self._recent)
        column = QVBoxLayout(self)
        column.addStretch(2)
        column.addLayout(_centred(inner))
        column.addStretch(3)
        theme.notifier().changed.connect(self._tint)
        self._tint()

    def show_recent(self, folders: Sequence[Path]) -> None:
        """Offer folders that were open before."""
        while (item := self._recent.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        if folders:
            self._recent.addWidget(muted(self.tr("Opened before")))
        for folder in folders:
            link = QPushButton(str(folder))
            link.setIcon(theme.icon("folder", theme.current().text_muted))
            link.setProperty("look", "link")
            link.setAccessibleName(self.tr("Open %1").replace("%1", str(folder)))
            link.clicked.connect(lambda _=False, chosen=folder: self.folder_chosen.emit(chosen))
            self._recent.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)

    def set_hovered(self, hovered: bool) -> None:
        """Something that can be dropped is over the window."""
        self._zone.setProperty("over", "true" if hovered else "false")
        self._zone.style().polish(self._zone)

    def _drop_zone(self, actions: Actions) -> QFrame:
        zone = QFrame()
        zone.setProperty("look", "drop")
        zone.setFixedHeight(_ZONE_HEIGHT)
        zone.setObjectName("drop zone")
        self._arrow = QLabel()
        call = QLabel(self.tr("Drop a music folder here"))
        font = theme.font_bold()
        font.setPointSizeF(font.pointSizeF() * 1.2)
        call.setFont(font)
        choose = button(actions["open_folder"], self.tr("Choose a folder…"), look="primary")
        self.setFocusProxy(choose)
        column = QVBoxLayout(zone)
        column.setSpacing(theme.SPACE + theme.GAP)
        column.addStretch()
        for widget in (self._arrow, call, choose):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch()
        return zone

    def _promise(self) -> QHBoxLayout:
        self._lock = QLabel()
        line = QHBoxLayout()
        line.setSpacing(theme.SPACE)
        line.addStretch()
        line.addWidget(self._lock)
        line.addWidget(QLabel(self.tr("Nothing is written until you press Write, and every write can be undone.")))
        line.addStretch()
        return line

    def _tint(self) -> None:
        tokens, ratio = theme.current(), self.devicePixelRatioF()
        self._picture.setPixmap(theme.pixmap("app/earmark", 72, ratio=ratio))
        self._arrow.setPixmap(theme.pixmap("drop", 32, tokens.accent, ratio))
        self._lock.setPixmap(theme.pixmap("lock", 16, tokens.good, ratio))


def _centred(inner: QVBoxLayout) -> QHBoxLayout:
    holder = QWidget()
    holder.setFixedWidth(_WIDTH)
    holder.setLayout(inner)
    line = QHBoxLayout()
    line.addStretch()
    line.addWidget(holder)
    line.addStretch()
    return line
