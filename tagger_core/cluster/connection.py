"""The way to a scheduler and its workers. The only module that knows Dask, which it imports when it is used.

Contents
--------
``connected``    a client of a scheduler, or of processes that it starts here
``own_address``  in a worker: its address
``dask``         the library
"""

import asyncio
import contextlib
import logging
import os
import urllib.parse
import warnings
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache
from typing import Any

from tagger_core.cluster.place import ClusterPlace
from tagger_core.errors import ClusterError

log = logging.getLogger(__name__)

CONNECT_SECONDS = 10.0
"""So long a scheduler may take to answer at first."""

RECONNECT_SECONDS = 60.0
"""So long a scheduler that went away may take to come back."""

_QUIET = {"distributed": "critical", "distributed.client": "critical", "distributed.gc": "critical"}
"""What goes wrong reaches a person as Earmark's own sentence."""

STARTS = 3
"""So often the first processes of a cluster of this machine are tried, if one dies while it starts."""

_LOOK_SECONDS = 1.0

_LOCAL = {
    "distributed.worker.daemon": False,  # a daemon may not start processes, such as decoders
    # Dask gives up on a process that has not come back after this time, or dies again at that moment, however hard its
    # nanny is trying; on a busy machine, starting takes longer than the usual 15 s.
    "distributed.deploy.lost-worker-timeout": "1000 weeks",
    "distributed.nanny.pre-spawn-environ.DASK_LOGGING__DISTRIBUTED": "critical",
}


@cache
def dask() -> Any:
    """The module ``distributed``. Raises ``ClusterError`` if it is not installed."""
    try:
        import dask

        with dask.config.set(logging=_QUIET):  # read once, when the following is imported first
            import distributed
    except ImportError as error:
        raise ClusterError(
            f'--cluster needs Dask, which is not installed here ({error}): pip install "earmark[cluster]"'
        ) from error
    return distributed


@asynccontextmanager
async def connected(place: ClusterPlace) -> AsyncIterator[Any]:
    """A ``distributed.Client`` for the running event loop. Raises ``ClusterError``.

    When it loses its scheduler, all its futures are cancelled at once, and what is submitted then waits until the
    scheduler is back, for ``RECONNECT_SECONDS``; after that the client is ``closed``.
    """
    distributed = dask()
    # Versions that matter are compared by ``worker.inspect``, with a sentence.
    warnings.filterwarnings("ignore", category=distributed.versions.VersionMismatchWarning)
    async with AsyncExitStack() as stack:
        if place.local_workers:
            scheduler = await stack.enter_async_context(_processes_here(place.local_workers))
        else:
            scheduler = place.address
            await _look_for_scheduler(scheduler)
        try:
            client = await stack.enter_async_context(
                distributed.Client(scheduler, asynchronous=True, set_as_default=False, timeout=RECONNECT_SECONDS)
            )
        except (OSError, ImportError) as error:
            raise _unreachable(place.address, error) from error
        yield client


def own_address() -> str:
    """Of the worker on one of whose threads this is called."""
    return str(dask().get_worker().address)


@asynccontextmanager
async def _processes_here(number: int) -> AsyncIterator[Any]:
    """A cluster of this machine alone. Nobody else on it can talk to it: keys are made for it and kept in memory.

    A process that dies is started again, by its nanny or by us.
    """
    distributed = dask()
    import dask as configuration

    with configuration.config.set(_LOCAL):
        try:
            security = distributed.security.Security.temporary()
        except ImportError as error:
            raise ClusterError(f'--cluster local:N needs more ({error}): pip install "earmark[cluster]"') from error
        cluster = distributed.LocalCluster(
            n_workers=number,
            threads_per_worker=1,
            processes=True,
            asynchronous=True,
            dashboard_address="127.0.0.1:0",
            silence_logs=False,  # it would silence the handlers of the whole program; see ``_LOCAL``
            security=security,
        )
        try:
            await _start(cluster)
            over = asyncio.Event()
            keeper = asyncio.create_task(_replace_lost_workers(cluster, over))
            try:
                yield cluster
            finally:
                over.set()  # a cluster whose workers were cancelled while they started cannot be closed
                await keeper
        finally:  # also when it was cancelled while it started
            await cluster.close()


async def _start(cluster: Any) -> None:
    """Raises ``ClusterError`` if that fails again and again."""
    for _ in range(STARTS):
        try:
            await cluster
        except RuntimeError as error:
            reason = error.__cause__ or error
            if not _forget_lost_workers(cluster):
                break  # the scheduler did not start
        else:
            return
    raise ClusterError(f"worker processes do not start on this machine ({reason}); without --cluster, none are needed")


async def _replace_lost_workers(cluster: Any, over: asyncio.Event) -> None:
    """Nannies restart workers, but one that fails to do so closes, and is missed by nobody else."""
    while not over.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), _LOOK_SECONDS)
        if _forget_lost_workers(cluster) and not over.is_set():
            with contextlib.suppress(RuntimeError):  # it died while it started: once more
                await cluster


def _forget_lost_workers(cluster: Any) -> bool:
    """Plan others for workers whose nannies have ended; awaiting the cluster makes it what is planned."""
    ended = (dask().core.Status.failed, dask().core.Status.closed)
    lost = [name for name, nanny in cluster.workers.items() if nanny.status in ended and name in cluster.worker_spec]
    for name in lost:
        cluster.worker_spec |= cluster.new_worker_spec()  # first, for it takes a name that is free
        del cluster.worker_spec[name]
    return bool(lost)


async def _look_for_scheduler(address: str) -> None:
    """A client would try for as long as it may wait for one that comes back."""
    distributed = dask()
    security = distributed.security.Security().get_connection_args("client")
    where = urllib.parse.urlsplit(address)
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            _, writer = await asyncio.open_connection(where.hostname, where.port)
            writer.close()  # somebody is there; is it a scheduler?
            comm = await distributed.comm.connect(address, timeout=CONNECT_SECONDS, **security)
            await comm.close()
    except (OSError, ValueError, RuntimeError, TypeError) as error:
        raise _unreachable(address, error) from error


def _unreachable(address: str, error: Exception) -> ClusterError:
    if isinstance(error, OSError) and error.errno and error.errno > 0:
        reason = os.strerror(error.errno)  # asyncio's own words for it show its internals
    else:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else "it says nothing"
    return ClusterError(
        f"there is no scheduler that answers at {address} ({reason}); is it running, and reachable from here?"
    )
