"""``settings.toml`` as a person keeps it: what the window changes in it leaves their comments, order and style alone.

Contents
--------
``save_settings``
"""

import os
import tempfile
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any

import msgspec
import tomlkit
from tomlkit.exceptions import TOMLKitError

from tagger_core.errors import SettingsError
from tagger_core.settings import Settings, load_settings


def save_settings(path: Path, settings: Settings) -> None:
    """Write what differs from the file, or from the defaults where the file says nothing, in one step.

    A file that does not make sense is left alone. Raises ``SettingsError``.
    """
    path = path.resolve()  # behind a symbolic link, the file itself
    load_settings(path)
    try:
        document = tomlkit.parse(path.read_text(encoding="utf-8") if path.exists() else "")
        _bring(document, _plain(settings), _plain(Settings()))
        _replace(path, tomlkit.dumps(document).encode("utf-8"))
    except OSError as error:
        raise SettingsError(f"the settings file {path} cannot be written: {error.strerror}") from error
    except (TOMLKitError, UnicodeError) as error:
        raise SettingsError(f"the settings cannot be written to {path}: {error}") from error


def _plain(settings: Settings) -> dict[str, Any]:
    """As TOML has it: no ``None``, lists for tuples."""
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(settings))
    return _without_none(plain)


def _without_none(table: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: _without_none(value) if isinstance(value, dict) else value
        for key, value in table.items()
        if value is not None
    }


def _bring(table: MutableMapping[str, Any], wanted: Mapping[str, Any], default: Mapping[str, Any]) -> None:
    """Make a table say what is wanted, touching only what differs."""
    for key in [key for key in table if key not in wanted]:
        del table[key]
    for key, value in wanted.items():
        if key not in table:
            if value != default.get(key):
                table[key] = value
        elif isinstance(value, dict) and isinstance(table[key], MutableMapping):
            _bring(table[key], value, {})
        elif table[key] != value:
            table[key] = value


def _replace(path: Path, content: bytes) -> None:
    """The new file takes the old one's place, or nothing changes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    handle, name = tempfile.mkstemp(prefix=".settings-", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(mode)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
