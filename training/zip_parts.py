"""MagnaTagATune's sound as it is distributed: one zip archive cut into ``mp3.zip.001``, ``.002``, ``.003``.

The parts are read as one file, without joining them on the disk first.

Contents: ``find_parts``, ``open_archive``, ``JoinedFile``.
"""

import io
import os
import re
import zipfile
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import accumulate
from pathlib import Path

from training.dataset import DatasetError

_PART = re.compile(r"mp3\.zip\.(\d{3})")
_JOINED = "mp3.zip"


def find_parts(folder: Path) -> list[Path]:
    """The parts in order, or the archive that somebody joined already, or nothing.

    Raises ``DatasetError`` if one in between is missing.
    """
    numbered = {int(match[1]): path for path in folder.iterdir() if (match := _PART.fullmatch(path.name))}
    for number in range(1, max(numbered, default=0)):
        if number not in numbered:
            raise DatasetError(f"{folder / f'{_JOINED}.{number:03d}'} is missing; download it beside the other parts")
    if numbered:
        return [numbered[number] for number in sorted(numbered)]
    return [folder / _JOINED] if (folder / _JOINED).is_file() else []


@contextmanager
def open_archive(parts: Sequence[Path]) -> Iterator[zipfile.ZipFile]:
    """The archive in the parts. Raises ``DatasetError`` if they are not one, or one is short or missing at the end."""
    with ExitStack() as stack:
        try:
            joined = stack.enter_context(JoinedFile(parts))
            archive = stack.enter_context(zipfile.ZipFile(io.BufferedReader(joined)))
        except (OSError, zipfile.BadZipFile) as error:
            names = ", ".join(part.name for part in parts)
            raise DatasetError(
                f"{parts[0].parent}: {names} are not a whole zip archive ({error}); "
                "a part is missing or cut off: compare their sizes with those of the download page"
            ) from error
        yield archive


class JoinedFile(io.RawIOBase):
    """Several files, one after the other, as one that can be read and sought. Raises ``OSError``."""

    def __init__(self, paths: Sequence[Path]) -> None:
        super().__init__()
        with ExitStack() as stack:
            self._files = [stack.enter_context(path.open("rb", buffering=0)) for path in paths]
            self._starts = list(accumulate((path.stat().st_size for path in paths), initial=0))
            self._opened = stack.pop_all()
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._starts[-1]}[whence]
        if origin + offset < 0:
            raise OSError("the archive is shorter than it says")
        self._position = origin + offset
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        number = bisect_right(self._starts, self._position) - 1
        if number >= len(self._files):
            return 0
        file = self._files[number]
        file.seek(self._position - self._starts[number])
        count = file.readinto(buffer) or 0
        self._position += count
        return count

    def close(self) -> None:
        self._opened.close()
        super().close()
