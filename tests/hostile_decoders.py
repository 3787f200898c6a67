"""What a decoder may do to its process, chosen by the name of the file; any other name is decoded as ever."""

import ctypes
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from tagger_core.audio import SampleStream, open_audio


@contextmanager
def open_hostile(path: Path, sample_rate: int, start: float = 0.0) -> Iterator[SampleStream]:
    """Takes the place of ``open_audio`` in a helper process."""
    misdeed = _MISDEEDS.get(path.stem)
    with open_audio(path, sample_rate, start) as stream:
        yield stream if misdeed is None else _Hostile(stream, misdeed)


class _Hostile:
    """Delivers one good block, and then does its misdeed in the middle of the file."""

    def __init__(self, stream: SampleStream, misdeed: object) -> None:
        self._stream = stream
        self._misdeed = misdeed
        self.decoder = "hostile"
        self.warnings = ()
        self.seconds = 0.0

    def length(self) -> float:
        return self._stream.length()

    def excerpt(self, start: float, seconds: float) -> np.ndarray:
        self._misdeed()
        return self._stream.excerpt(start, seconds)

    def blocks(self) -> Iterator[np.ndarray]:
        yield next(self._stream.blocks())
        self._misdeed()


def _loop() -> None:
    while True:
        pass


def _bomb() -> None:
    hoard = []
    while True:
        hoard.append(np.ones(1 << 24))


def _bug() -> None:
    raise KeyError("a bug")


_MISDEEDS = {
    "segfault": lambda: ctypes.string_at(0),
    "abort": os.abort,
    "loop": _loop,
    "hang": lambda: time.sleep(3_600),
    "bomb": _bomb,
    "bug": _bug,
    "exit": lambda: os._exit(3),
    "killed": lambda: os.kill(os.getpid(), 9),
}
