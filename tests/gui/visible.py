"""What a person can read and press on a widget.

Contents: ``visible_text``, ``button``
"""

from PySide6.QtWidgets import QLabel, QPushButton, QWidget


def visible_text(page: QWidget) -> str:
    """All texts of labels and buttons that a person sees, a line each."""
    labels = [one.text() for one in page.findChildren(QLabel) if one.isVisibleTo(page)]
    buttons = [one.text() for one in page.findChildren(QPushButton) if one.isVisibleTo(page)]
    return "\n".join(labels + buttons)


def button(page: QWidget, text: str) -> QPushButton:
    """The button with this text. Raises ``StopIteration`` where a person sees none."""
    return next(one for one in page.findChildren(QPushButton) if one.text() == text and one.isVisibleTo(page))
