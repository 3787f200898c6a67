"""A lock that says "somebody alive is using this file": the system drops it when its process ends, however.

Contents
--------
``try_lock``
"""

import sys
from typing import IO

if sys.platform == "win32":
    import msvcrt

    _LOCKED_BYTE = 1 << 30
    """Windows forbids access to the locked bytes, so one far beyond the end of the file is taken."""

    def try_lock(file: IO[bytes]) -> bool:
        """Lock a file open for writing until it is closed; False if another process has it locked."""
        position = file.tell()
        file.seek(_LOCKED_BYTE)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            file.seek(position)
        return True

else:
    import fcntl

    def try_lock(file: IO[bytes]) -> bool:
        """Lock a file open for writing until it is closed; False if another process has it locked."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
