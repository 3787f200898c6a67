"""``earmark``: the window, or with any option the command line.

Nothing heavy is imported before it is known which of them is wanted: ``earmark --help`` and ``earmark --batch`` need no
Qt, and the processes that decode import the main module again.
"""

import os
import sys
import threading
from collections.abc import Sequence

from tagger_core.cli import NOTHING_RAN
from tagger_core.cli import main as run_command
from tagger_core.file_paths import typed_path
from tagger_core.settings import Places

_INSTEAD = "earmark --batch FOLDER works without a window"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for; returns the exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    if any(word.startswith("-") for word in words):
        return run_command(words)
    return _open_window(words)


def _open_window(folders: Sequence[str]) -> int:
    from gui.library.logs import start_log

    start_log(Places.of_platform())
    try:
        from gui.shell.qt_log import install_qt_log

        install_qt_log(when_fatal=_no_window)
        from gui.app import run
    except ImportError as error:
        if not _is_about_qt(error):
            raise
        return _no_window(f"Qt cannot be loaded ({error}); install PySide6-Essentials and what it needs")
    if _has_no_screen():  # Qt would say so too, but only after advice about a library that need not be missing
        return _no_window("there is no screen (neither DISPLAY nor WAYLAND_DISPLAY is set)")
    return _left(run([typed_path(folder) for folder in folders]))


def _left(code: int) -> int:
    """Nothing is left to do; a thread that still waits for a disk that hangs shall not keep the program alive."""
    if any(thread.name.startswith("listen") for thread in threading.enumerate()):
        os._exit(code)
    return code


def _is_about_qt(error: ImportError) -> bool:
    """Qt is missing, or one of the system's libraries that it needs, as on a server without a screen."""
    return (error.name or "").partition(".")[0] in ("PySide6", "shiboken6") or ".so" in str(error)


def _has_no_screen() -> bool:
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return sys.platform == "linux" and not any(os.environ.get(name) for name in named)


def _no_window(reason: str) -> int:
    sys.stderr.write(f"earmark: the window cannot be opened: {reason}; {_INSTEAD}\n")
    return NOTHING_RAN
