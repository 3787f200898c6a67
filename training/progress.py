"""Progress bars on standard error, and work spread over the processor's cores.

Nothing is shown where there is no terminal. Contents: ``tracked``, ``in_parallel``.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from rich.progress import track

from tagger_core.cli.console import messages

Item = TypeVar("Item")
Result = TypeVar("Result")


def tracked(items: Iterable[Item], description: str, total: int) -> Iterator[Item]:
    """The items, under a bar that advances with each."""
    console = messages()
    yield from track(items, description, total=total, console=console, transient=True, disable=not console.is_terminal)


def in_parallel(
    function: Callable[[Item], Result], items: Sequence[Item], description: str, workers: int | None = None
) -> Iterator[Result]:
    """The results in the order of the items, from ``workers`` threads (one a core).

    For functions that leave Python's lock most of their time, as decoders and NumPy do, or wait for a program. When
    the caller stops or is interrupted, what has not begun is given up.
    """
    pool = ThreadPoolExecutor(workers or os.cpu_count())
    try:
        yield from tracked(pool.map(function, items), description, len(items))
    finally:
        pool.shutdown(cancel_futures=True)
