"""What a file system keeps about a file beside its content: mode, times, extended attributes.

On Linux ``shutil.copystat`` copies all of it, access control lists included. On macOS Python copies no extended
attributes, and those hold Finder tags, comments and resource forks; the system's own ``copyfile`` does.
On Windows, alternate streams and access rights of a single file are not copied: a new file has its folder's rights.

Contents
--------
``copy_metadata``
"""

import ctypes
import os
import shutil
import sys
from pathlib import Path

_COPYFILE_ACL, _COPYFILE_XATTR = 1 << 0, 1 << 2
"""https://github.com/apple-oss-distributions/copyfile/blob/main/copyfile.h"""


def copy_metadata(source: Path, target: Path) -> None:
    """Give a file the mode, times, flags and extended attributes of another. Raises ``OSError``."""
    if sys.platform == "darwin":
        _copy_attributes(source, target)
    shutil.copystat(source, target)


def _copy_attributes(source: Path, target: Path) -> None:
    """Extended attributes and access control list, as macOS copies them. Raises ``OSError``."""
    library = ctypes.CDLL(None, use_errno=True)
    if library.copyfile(os.fsencode(source), os.fsencode(target), None, _COPYFILE_ACL | _COPYFILE_XATTR):
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error), str(target))
