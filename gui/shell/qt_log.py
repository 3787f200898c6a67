"""What Qt has to say goes into the log; what it cannot go on after ends the program with one sentence.

Qt aborts the process where there is no display or a library of the system is missing. Its last messages are heard
first, so a person reads a sentence and gets an exit code instead of a core dump.
"""

import logging
import os
import sys
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

log = logging.getLogger("gui.qt")

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
}


def install_qt_log(when_fatal: Callable[[str], int]) -> None:
    """``when_fatal`` is given Qt's reason and returns the exit code."""
    said_before: deque[str] = deque(maxlen=2)  # the fatal message is general, those before it name the cause

    def tell(kind: QtMsgType, _: QMessageLogContext, text: str) -> None:
        text = " ".join(text.split()).rstrip(".")
        if kind is QtMsgType.QtFatalMsg:
            code = when_fatal("; ".join(said_before) or text)
            sys.stderr.flush()
            os._exit(code)
        log.log(_LEVELS[kind], "%s", text)
        if kind is QtMsgType.QtWarningMsg:
            said_before.append(text)

    qInstallMessageHandler(tell)
