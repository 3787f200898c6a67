"""Logs: a file in the data folder that a person can send along, and what the core warns of, shown in the window.

Contents
--------
``start_log``, ``log_path``, ``LogToWindow``
"""

import logging
import sys
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from tagger_core.settings import Places

log = logging.getLogger(__name__)

_BYTES = 1_000_000
_TOLD = ("tagger_core", __name__)
"""Loggers of which the window tells."""


def log_path(places: Places) -> Path:
    """Where the log is: beside the databases."""
    return places.journal.with_name("earmark.log")


def start_log(places: Places) -> None:
    """Write warnings, errors and what nobody caught into the log file; on standard error where it cannot be opened."""
    path = log_path(places)
    handler: logging.Handler
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=_BYTES, backupCount=1, encoding="utf-8")
    except OSError:
        handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.setLevel(logging.WARNING)
    logging.getLogger().addHandler(handler)

    def log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """A slot that raises ends up here, and the window goes on."""
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            log.error("internal error: %s (details in %s)", error, path, exc_info=(kind, error, trace))

    sys.excepthook = log_uncaught


class LogToWindow(logging.Handler):
    """Tells what the core warns of while it works (a device that gave up, say), and what nobody caught; once each."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        """``tell`` is called on the thread on which it happened."""
        super().__init__(logging.WARNING)
        self._tell = tell
        self._told: set[str] = set()

    def attach(self) -> None:
        """Listen from now on."""
        for logger in _TOLD:
            logging.getLogger(logger).addHandler(self)

    def detach(self) -> None:
        for logger in _TOLD:
            logging.getLogger(logger).removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        # What is worse than a warning in the core becomes the reason of a file or an exception, and is told as such.
        if (record.levelno == logging.WARNING or record.name == __name__) and text not in self._told:
            self._told.add(text)
            self._tell(text)
