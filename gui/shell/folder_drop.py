"""Folders and files dropped anywhere on the window."""

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget


class FolderDrop(QObject):
    """Watches a window for drops of local folders and files; anything else is not for us."""

    dropped = Signal(object)
    """``list[Path]``."""
    hovered = Signal(bool)
    """Something that can be dropped came over the window, or left it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, _: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if isinstance(event, QDragEnterEvent):
            if _paths(event.mimeData()):
                event.acceptProposedAction()
                self.hovered.emit(True)
            return True
        if event.type() is QEvent.Type.DragLeave:
            self.hovered.emit(False)
        elif isinstance(event, QDropEvent) and event.type() is QEvent.Type.Drop:
            self.hovered.emit(False)
            event.acceptProposedAction()
            self.dropped.emit(_paths(event.mimeData()))
            return True
        return False


def _paths(data: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
