"""Asking for a folder with the system's own dialog."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget


def ask_for_folder(parent: QWidget, title: str, chosen: Callable[[Path], None]) -> QFileDialog:
    """Open the dialog and return at once; ``chosen`` is called if the person picks a folder."""
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda folder: chosen(Path(folder)))
    dialog.open()
    return dialog
