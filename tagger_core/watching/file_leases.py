"""Whether somebody has a file open for writing, as far as the system tells.

Linux grants a read lease only on a file that nobody has open, or mapped into memory, for writing (``F_SETLEASE`` in
fcntl(2)). It tells of one's own files on local file systems. NFS and SMB refuse leases for reasons of their own, so
there the answer means nothing.

Contents
--------
``is_open_for_writing``
"""

import errno
import os
import signal
import sys
from pathlib import Path

if sys.platform == "linux":
    import fcntl

    def is_open_for_writing(path: Path) -> bool:
        """Some process, this one included, has the file open for writing. False where the system does not tell."""
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:  # gone, or not to be read: whoever opens it next will say so
            return False
        try:
            # Who opens the file for writing meanwhile waits until the lease is given back, and we are told by a
            # signal: by default one that would end the program, so one that is ignored.
            fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
            fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
            fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        except OSError as error:
            return error.errno == errno.EAGAIN
        finally:
            os.close(descriptor)
        return False

else:

    def is_open_for_writing(path: Path) -> bool:  # noqa: ARG001
        """This system does not tell."""
        return False
