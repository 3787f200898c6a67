"""Let work in the background give way to what a person is waiting for, where the system can do that.

Niceness goes from 0 (as everybody) to 19 (only when nobody else wants the processor).

Contents
--------
``lower_thread_priority``, ``lower_process_priority``
"""

import os
import sys
import threading


def lower_thread_priority(niceness: int) -> None:
    """Of the calling thread. Only Linux gives threads a niceness of their own; elsewhere nothing happens."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        if os.getpriority(os.PRIO_PROCESS, thread) < niceness:  # to go back is forbidden
            os.setpriority(os.PRIO_PROCESS, thread, niceness)


def lower_process_priority(niceness: int) -> None:
    """Of the calling process. Not on Windows."""
    if sys.platform != "win32" and os.getpriority(os.PRIO_PROCESS, 0) < niceness:
        os.setpriority(os.PRIO_PROCESS, 0, niceness)
