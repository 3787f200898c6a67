r"""Paths as people type them, as systems want them, and whether two of them name the same file.

Conventions
-----------
Windows refuses paths of more than 259 characters unless they are absolute and begin with ``\\?\``. A folder that a
person names gets this prefix, and so everything found in it; it is never shown.
macOS and Windows do not distinguish the case of names, and on macOS "é" may be stored as two characters, so a typed
name may differ from the stored one. The file itself decides; replacing it under another spelling would rename it.

Contents
--------
``typed_path``, ``long_path``, ``shown_path``, ``known_as``
"""

import os
import sys
import unicodedata
from collections.abc import Iterable
from pathlib import Path

_LONG = "\\\\?\\"
_LONG_SHARE = "\\\\?\\UNC\\"


def typed_path(text: str) -> Path:
    """The absolute path that a person means, its last part spelled as the folder spells it."""
    path = _as_stored(Path(text).expanduser().absolute())
    return Path(long_path(str(path))) if sys.platform == "win32" else path


def long_path(path: str) -> str:
    r"""An absolute Windows path in the form that may have any length: ``\\?\C:\a``, ``\\?\UNC\server\share\a``."""
    if path.startswith((_LONG, "\\\\.\\")):
        return path
    return _LONG_SHARE + path[2:] if path.startswith("\\\\") else _LONG + path


def shown_path(path: str) -> str:
    """A path as people know it, without what ``long_path`` adds."""
    if path.startswith(_LONG_SHARE):
        return "\\\\" + path.removeprefix(_LONG_SHARE)
    return path.removeprefix(_LONG)


def known_as(path: Path, stored: Iterable[Path]) -> Path:
    """The one of the stored paths that is this file, though it may be spelled otherwise; else the resolved path."""
    resolved = path.resolve()
    alike = [other for other in stored if _folded(other) == _folded(resolved)]
    if resolved in alike:
        return resolved
    return next((other for other in alike if _same_file(other, resolved)), resolved)


def _as_stored(path: Path) -> Path:
    try:
        names = os.listdir(path.parent)  # noqa: PTH208 - names only, and no entry is looked at
    except OSError:  # whoever opens the path will say what is wrong with it
        return path
    if path.name in names:
        return path
    alike = (path.with_name(name) for name in names if _folded(Path(name)) == _folded(path))
    return next((other for other in alike if _same_file(other, path)), path)


def _folded(path: Path) -> str:
    return unicodedata.normalize("NFC", path.name).casefold()


def _same_file(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:  # one of them is gone
        return False
