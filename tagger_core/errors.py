"""What Earmark tells a person when the world is not as it should be.

Every exception here carries one plain sentence: what is wrong, with which file, and what to do.
Anything else that escapes (``AssertionError``, ``KeyError`` ...) is a bug of ours and is reported as
one, so a person is never told to fix something that only we can fix.
"""

from pathlib import Path


class EarmarkError(Exception):
    """Root of all environment errors: the message is meant for a person and is complete."""


class SettingsError(EarmarkError):
    """The settings file or an option does not make sense."""


class ModelError(EarmarkError):
    """A model folder is missing, damaged, or not what its card says."""


class DeviceError(EarmarkError):
    """The requested compute device cannot be used."""


class ClusterError(EarmarkError):
    """A cluster cannot be reached, cannot do the work, or has gone away."""


class StoreError(EarmarkError):
    """A database is locked, damaged, read-only or full."""


class FileError(EarmarkError):
    """One music file cannot be analysed, read or written; the batch goes on without it.

    ``reason`` is the sentence without the path, fit to be shown beside the file's name.
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class AudioError(FileError):
    """A file's content is not audio that can be analysed; it stays so until the file changes."""


class WriteRefusedError(FileError):
    """A file is left exactly as it is, because writing it could not be shown to be safe."""


class UnknownFormatError(WriteRefusedError):
    """Nothing is wrong with the file, but Earmark cannot write its format yet."""
