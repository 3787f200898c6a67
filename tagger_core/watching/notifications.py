"""The system's notifications of what happens in a folder; the only import of watchfiles.

They say where to look, and no more: they may be lost, stop, or come twice.

Contents
--------
``FolderNotifications``, ``NotificationsError``, ``limit_is_reached``
"""

from collections.abc import Iterator
from pathlib import Path

WATCH_LIMIT = (
    "the system's limit of watched folders is reached (raise it: sudo sysctl fs.inotify.max_user_watches=1048576)"
)


class NotificationsError(Exception):
    """There are none, or no more; says why. The folder has to be looked through instead."""


class FolderNotifications:
    """What happens in a folder and, if ``recursive``, in all below it, from now on."""

    def __init__(self, folder: Path, *, recursive: bool) -> None:
        """Raises ``NotificationsError``, and ``FileNotFoundError`` if there is no such folder."""
        from watchfiles import watch

        self._changes = watch(
            folder,
            watch_filter=None,
            debounce=1,
            step=1,
            rust_timeout=1,
            yield_on_timeout=True,
            raise_interrupt=False,
            recursive=recursive,
            ignore_permission_denied=False,  # True lets one folder that may not be read end it silently for all
        )
        try:
            next(self._changes)  # it is opened by this
        except FileNotFoundError:
            raise
        except PermissionError:
            raise NotificationsError("not every folder in it may be read") from None
        except OSError:  # without a number: that is how watchfiles tells of the limit
            raise NotificationsError(WATCH_LIMIT) from None
        except RuntimeError as error:
            raise NotificationsError(f"the system gives no notifications ({error})") from error

    def paths(self) -> Iterator[Path]:
        """Where something has happened since the last call, at once. Raises ``NotificationsError``, then for ever.

        A file whose name is not UTF-8 is enough for that, if only somebody reads it.
        """
        try:
            yield from [Path(path) for _, path in next(self._changes)]
        except (RuntimeError, OSError, StopIteration) as error:
            raise NotificationsError(f"the system's notifications broke ({error})") from error


def limit_is_reached(folder: Path) -> bool:
    """No more folders can be watched now. Of folders that were added since it began, watchfiles does not say so."""
    try:
        FolderNotifications(folder, recursive=False)
    except FileNotFoundError:
        return False
    except NotificationsError as error:
        return str(error) == WATCH_LIMIT
    return False
