"""The crew of a cluster, seen from the coordinator.

Every track is a coroutine on an event loop of its own thread: hand it out, wait, and hand it out again if the answer
was lost. That is all there is to failures of machines, for listening is pure work:

- a worker that dies: Dask gives its tracks to others;
- a scheduler that goes away: Dask cancels everything, the coroutines hand it out again, and Dask keeps that until the
  scheduler is back (``connection.RECONNECT_SECONDS``);
- a worker that is new: it answers that it is not ready, is prepared, and the track is handed out again;
- no workers at all: they are waited for (``WORKERLESS_SECONDS``).

A track during which workers die again and again is suspected of killing them, but so is everything that they had in
hand. Suspects are therefore heard once more, one at a time; one that fails then is a bad file.

Contents: ``ClusterCrew``.
"""

import asyncio
import contextlib
import logging
import signal
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Collection, Coroutine, Sequence
from concurrent.futures import Future
from multiprocessing import resource_tracker
from typing import Any, TypeVar

from tagger_core.cluster import worker
from tagger_core.cluster.connection import CONNECT_SECONDS, RECONNECT_SECONDS, connected, dask
from tagger_core.cluster.messages import (
    Answer,
    Failed,
    Heard,
    Job,
    NotReady,
    Readiness,
    Ready,
    Refused,
    Stopped,
    decode_answer,
    encode,
    encode_known_audio,
    encode_track,
)
from tagger_core.cluster.model_parcels import encode_parcels, pack
from tagger_core.cluster.place import ClusterPlace
from tagger_core.cluster.replies import error_of, readiness_of, refused
from tagger_core.domain import Effort, Track
from tagger_core.errors import ClusterError, FileError
from tagger_core.model_card import ModelFolder
from tagger_core.track_inference import Listening

log = logging.getLogger(__name__)

WORKERLESS_SECONDS = 300.0
"""So long a run waits when all its workers are gone: machines may be restarting."""

_LOOK_SECONDS = 1.0
_GOODBYE_SECONDS = 5.0
_PAUSE_SECONDS = 0.5

_Result = TypeVar("_Result")


class ClusterCrew:
    """Worker processes of a Dask cluster. A context manager that connects and leaves; the cluster stays as it was.

    Entering it raises ``ClusterError`` if there is no scheduler, no worker, or one that must not take part. Futures
    raise it when the cluster is lost. ``niceness``: of processes started here; others belong to who started them.
    """

    def __init__(
        self, place: ClusterPlace, folders: Sequence[ModelFolder], *, device: str, effort: Effort, niceness: int = 0
    ) -> None:
        """Raises ``ModelError``."""
        self.cards = [folder.card for folder in folders]
        self.effort = effort
        self._place = place
        self._parcels = {parcel.name: parcel for parcel in map(pack, folders)}
        self._job = Job(
            run=uuid.uuid4().hex,
            identity=worker.own_identity(),
            models=tuple(self._parcels),
            device=device,
            effort=effort,
            niceness=niceness if place.local_workers else 0,
        )
        self._cards_by_network = {card.sha256: card for card in self.cards}
        self._known_audio = b""
        self._threads: dict[str, int] = {}
        self._most = (0, 0)
        self._devices: dict[str, None] = {}
        self._prepared: dict[str, float] = {}
        self._preparing: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._suspects = asyncio.Lock()
        self._failure: Exception | None = None
        self._stack = contextlib.AsyncExitStack()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._client: Any = None

    @property
    def workers(self) -> int:
        return max(1, sum(self._threads.values()))

    @property
    def devices(self) -> tuple[str, ...]:
        """Where the models of the workers run, as far as they have begun."""
        return tuple(self._devices)

    def __str__(self) -> str:
        """How many listen at best, in words: one that dies now is replaced, or it is told."""
        processes, most_threads = self._most
        threads = f", {most_threads} threads" if most_threads > processes else ""
        return f"{processes} worker{'s' * (processes != 1)}{threads} ({self._place.address or 'this machine'})"

    def submit(self, track: Track, known_audio: Collection[bytes]) -> Future[Listening]:
        if not self._known_audio:  # what this run adds to it is not sent again: it would only save hearing a copy twice
            self._known_audio = encode_known_audio(known_audio)
        return asyncio.run_coroutine_threadsafe(self._listen(track), self._loop)

    def __enter__(self) -> "ClusterCrew":
        dask()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run_loop, name="cluster", daemon=True)
        self._thread.start()
        try:
            self._wait(self._open())
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._leave()

    def _run_loop(self) -> None:
        if hasattr(signal, "pthread_sigmask"):  # processes started from here do not see Ctrl-C: the run tells them
            resource_tracker.ensure_running()  # it would let Ctrl-C in again when the first process starts
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    def _wait(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def _leave(self) -> None:
        self._wait(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    # On the event loop

    async def _open(self) -> None:
        self._note_task()  # Ctrl-C may end it
        self._client = await self._stack.enter_async_context(connected(self._place))
        deadline = time.monotonic() + CONNECT_SECONDS
        while not (threads := await self._client.nthreads()):
            if time.monotonic() > deadline:
                raise ClusterError(f"no worker has joined the scheduler {self._place.address}; start some: dask worker")
            await asyncio.sleep(_PAUSE_SECONDS)
        self._count(threads)
        await self._inspect()
        log.info("listening on %s", self)
        self._tasks.add(asyncio.create_task(self._watch()))

    async def _inspect(self) -> None:
        """See that all who are there have what it takes. Raises ``ClusterError``."""
        job = encode(self._job)
        try:  # to hand out a track, the scheduler must find our functions as well
            await self._client.run_on_scheduler(worker.inspect, job)
        except Exception as error:
            raise refused(f"scheduler {self._place.address}", error) from error
        for address, answer in (await self._client.run(worker.inspect, job, on_error="return")).items():
            readiness = readiness_of(address, answer)
            if isinstance(readiness, Refused):
                raise refused(f"worker {address}", readiness.reason)

    async def _close(self) -> None:
        """Tell the workers to stop, and leave. Nothing here may take long, or fail: the work is done or given up."""
        self._failure = self._failure or ClusterError("the run has ended")
        at_work = tuple(self._tasks)
        for task in at_work:
            task.cancel()
        await asyncio.gather(*at_work, return_exceptions=True)
        if self._client and self._client.status == "running":
            with contextlib.suppress(OSError):
                goodbye = self._client.run(worker.end, self._job.run, on_error="ignore")
                await asyncio.wait_for(goodbye, _GOODBYE_SECONDS)
        await self._stack.aclose()

    async def _watch(self) -> None:
        """Count the workers, now and then; give up when there are none for long."""
        seen = time.monotonic()
        while self._client.status != "closed":
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                threads = await asyncio.wait_for(self._client.nthreads(), CONNECT_SECONDS)
            except OSError:  # also when it takes too long: the client looks after its connection itself
                seen = time.monotonic()
                continue
            if threads:
                seen = time.monotonic()
            elif self._threads:
                log.warning("all workers are gone; waiting %.0f s for others", WORKERLESS_SECONDS)
            elif time.monotonic() - seen > WORKERLESS_SECONDS:
                self._failure = ClusterError(
                    f"no worker came back within {WORKERLESS_SECONDS:.0f} s; what was heard is kept, "
                    "the same command goes on"
                )
                await self._client.close()  # ends the waiting of all tracks
                return
            self._count(threads)

    def _count(self, threads: dict[str, int]) -> None:
        """``threads``: of each worker, by its address."""
        self._threads = threads
        self._most = max(self._most, (len(threads), sum(threads.values())))

    async def _listen(self, track: Track) -> Listening:
        self._note_task()
        killed = dask().KilledWorker
        try:
            answer = await self._answer(track)
        except killed:
            async with self._suspects:
                try:
                    answer = await self._answer(track)
                except killed as error:
                    raise FileError(
                        track.path,
                        f"worker after worker died while listening to it (the last was {error.last_worker.address}); "
                        "look at what the workers say",
                    ) from error
        if isinstance(answer, Heard):
            return answer.listening(self._cards_by_network)
        raise error_of(track, answer)

    def _note_task(self) -> None:
        """Whoever closes the crew cancels what is at work."""
        if task := asyncio.current_task():
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _answer(self, track: Track) -> Heard | Failed:
        """Hand a track out until there is an answer about it."""
        while True:
            handed_out = time.monotonic()
            answer = await self._hand_out(track)
            match answer:
                case Heard() | Failed():
                    return answer
                case NotReady():
                    await self._prepare(answer.worker, handed_out)
                case Stopped() | None:
                    await asyncio.sleep(_PAUSE_SECONDS)

    async def _hand_out(self, track: Track) -> Answer | None:
        """``None`` if the answer was lost. Raises ``ClusterError``."""
        if self._failure:
            raise self._failure
        if self._client.status == "closed":
            raise ClusterError(
                f"the scheduler {self._place.address} went away and did not come back within "
                f"{RECONNECT_SECONDS:.0f} s; what was heard is kept, the same command goes on"
            )
        future = self._client.submit(worker.hear, self._job.run, encode_track(track), pure=False)
        try:
            answer = await future
        except (dask().client.FutureCancelledError, OSError):  # of the scheduler, or on the way
            return None
        except dask().KilledWorker:
            raise
        except Exception as error:  # ``worker.hear`` answers; it has not even been called
            raise refused("cluster", error) from error
        finally:
            future.release()
        return decode_answer(answer)

    async def _prepare(self, address: str, since: float) -> None:
        """Make a worker ready for the job, unless that was done ``since`` it said that it is not.

        Raises ``ClusterError`` if it must not take part.
        """
        async with self._preparing[address]:
            if self._prepared.get(address, -1.0) > since:
                return
            readiness = await self._ask_to_prepare(address, ())
            if isinstance(readiness, Ready) and readiness.lacking:
                readiness = await self._ask_to_prepare(address, readiness.lacking)
            if isinstance(readiness, Refused):
                raise refused(f"worker {address}", readiness.reason)
            if readiness:
                self._prepared[address] = time.monotonic()
                self._devices |= dict.fromkeys(readiness.devices)

    async def _ask_to_prepare(self, address: str, models: Sequence[str]) -> Readiness | None:
        """``None`` if it went away. Raises ``ClusterError``."""
        parcels = encode_parcels([self._parcels[name] for name in models])
        try:
            answers = await self._client.run(
                worker.prepare, encode(self._job), self._known_audio, parcels, workers=[address], on_error="return"
            )
        except OSError:
            await asyncio.sleep(_PAUSE_SECONDS)
            return None
        return readiness_of(address, answers.get(address))
