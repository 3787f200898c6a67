"""The processes that ``--cluster local:N`` starts: one that dies comes back, whatever it was doing."""

import asyncio
import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import psutil
import pytest

from tagger_core.cluster import connection
from tagger_core.cluster.connection import connected
from tagger_core.cluster.place import ClusterPlace
from tagger_core.errors import ClusterError
from tests.tagger_core.cluster.coordinator import distributed

assert distributed  # or all of this is skipped

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are killed with POSIX signals")


def worker_processes() -> list[int]:
    found = []
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.Error):
            if "spawn_main" in str(child.cmdline()):
                found.append(child.pid)
    return found


@contextlib.contextmanager
def killing(most: int) -> Iterator[list[int]]:
    """In the block, worker processes die as soon as they are there: at most so many, which the list names."""
    killed: list[int] = []
    over = threading.Event()

    def kill() -> None:
        while not over.wait(0.005):
            for process in set(worker_processes()).difference(killed):
                if len(killed) < most:
                    os.kill(process, signal.SIGKILL)
                    killed.append(process)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        yield killed
    finally:
        over.set()
        killer.join()


async def comes_true(what: Callable[[], Coroutine[Any, Any, bool]]) -> None:
    deadline = time.monotonic() + 60
    while not await what():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.1)


def with_one_worker(work: Callable[[Any], Coroutine[Any, Any, None]]) -> None:
    async def run() -> None:
        async with connected(ClusterPlace(local_workers=1)) as client:
            await work(client)

    asyncio.run(run())
    assert worker_processes() == []


async def answers(client: Any) -> None:
    """The worker process is there, is the only one, and works."""

    async def has_one() -> bool:
        return len(worker_processes()) == len(await client.nthreads()) == 1

    await comes_true(has_one)
    assert await client.submit(pow, 6, 2) == 36


def test_one_that_is_killed_during_the_first_start_is_started_again() -> None:
    with killing(2) as killed:
        with_one_worker(answers)
    assert len(killed) == 2


def test_if_none_ever_starts_that_is_one_sentence() -> None:
    with killing(100) as killed, pytest.raises(ClusterError, match="worker processes do not start on this machine"):
        with_one_worker(answers)
    assert len(killed) == connection.STARTS


def test_one_that_takes_long_to_come_back_is_waited_for() -> None:
    """Dask gives up on one that has not come back after ``lost-worker-timeout``; here, at once."""

    async def work(client: Any) -> None:
        with killing(3) as killed:
            await comes_true(lambda: _all_killed(killed))
        await answers(client)

    async def _all_killed(killed: list[int]) -> bool:
        return len(killed) == 3

    with pytest.importorskip("dask.config").set({"distributed.deploy.lost-worker-timeout": "10ms"}):
        with_one_worker(work)


def test_one_whose_nanny_gave_up_is_replaced() -> None:
    async def work(client: Any) -> None:
        (nanny,) = client.cluster.workers.values()
        await nanny.close()
        assert worker_processes() == []
        await answers(client)

    with_one_worker(work)
