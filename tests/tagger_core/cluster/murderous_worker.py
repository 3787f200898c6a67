"""For ``dask worker --preload``: a file whose name says so kills the process that listens to it."""

import os
from typing import Any

from tagger_core.cluster import worker

_hear = worker._hear


def hear(run: Any, track: Any) -> Any:
    if track.path.name.startswith("deadly"):
        os._exit(1)
    return _hear(run, track)


def dask_setup(_: Any) -> None:
    worker._hear = hear
