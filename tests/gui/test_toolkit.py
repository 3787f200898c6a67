"""What the program relies on in the version of Qt for Python that is installed."""

import sys

from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot


def test_calls_that_return_nothing_do_not_use_up_none(qtbot: QtBot) -> None:
    """PySide6 6.12.0 on Python 3.11 lost a reference to ``None`` with each of them, until Python aborted."""
    timer = QTimer()
    before = sys.getrefcount(None)
    for _ in range(20_000):
        timer.setInterval(10)
    assert abs(sys.getrefcount(None) - before) < 100
