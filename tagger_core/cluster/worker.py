"""What runs in the worker processes: a job is prepared once, tracks are heard, the job is ended.

One worker process has one session for each model and device, whatever number of runs and threads uses it, and for each
thread a process that decodes, as at home. It keeps a few runs at most: one whose coordinator went away without
a word is forgotten when others come.

Contents: ``inspect``, ``prepare``, ``hear``, ``end``; all take and return the bytes of ``messages``.
"""

import asyncio
import multiprocessing
import os
import socket
import threading
import traceback
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from tagger_core import __version__
from tagger_core.audio import decoder_names
from tagger_core.classifier import Classifier, runtime_version
from tagger_core.cluster.connection import own_address
from tagger_core.cluster.messages import (
    Failed,
    Heard,
    Identity,
    Job,
    NotReady,
    Readiness,
    Ready,
    Refused,
    Stopped,
    decode_job,
    decode_known_audio,
    decode_track,
    encode,
)
from tagger_core.cluster.model_parcels import ModelShelf, decode_parcels
from tagger_core.crew import listen_unless_known
from tagger_core.domain import FileStamp, Track
from tagger_core.errors import AudioError, DeviceError, EarmarkError, FileError
from tagger_core.isolated_decoding import Decoders
from tagger_core.priority import lower_process_priority
from tagger_core.track_inference import CancelledError

_MOST_RUNS = 4


@dataclass(frozen=True)
class _Run:
    """A job that this process is prepared for."""

    job: Job
    classifiers: Sequence[Classifier]
    known_audio: frozenset[bytes]
    decoders: Decoders
    cancelled: threading.Event = field(default_factory=threading.Event)

    def end(self) -> None:
        self.cancelled.set()
        self.decoders.close()


# A worker process is entered anew with every call: what it knows can only be kept in the module.
_runs: OrderedDict[str, _Run] = OrderedDict()
_preparing = threading.Lock()


def own_identity() -> Identity:
    return Identity(earmark=__version__, decoders=tuple(sorted(decoder_names())), onnxruntime=runtime_version())


async def inspect(job: bytes) -> bytes:
    """Whether this process could do the job: ``Ready`` or ``Refused``."""
    return encode(await asyncio.to_thread(_inspect, decode_job(job)))


async def prepare(job: bytes, known_audio: bytes, parcels: bytes) -> bytes:
    """Prepare for a job with models that are here or in the parcels: ``Ready``, also if some are lacking, or
    ``Refused``. Not on the thread that answers the scheduler: loading takes its time.
    """
    return encode(await asyncio.to_thread(_prepare, decode_job(job), known_audio, parcels))


def hear(run: str, content: bytes) -> bytes:
    """One track: ``Heard``, ``Failed``, ``NotReady`` or ``Stopped``."""
    worker = own_address()
    known = _runs.get(run)
    if known is None:
        return encode(NotReady(worker))
    track = decode_track(content)
    answer = _unseen(track) or _hear(known, track)
    if known.cancelled.is_set():
        known.decoders.close()
    return encode(answer)


def end(run: str) -> None:
    """Stop what is still done for a run, and forget it."""
    if known := _runs.pop(run, None):
        known.end()


def _inspect(job: Job) -> Readiness:
    if multiprocessing.current_process().daemon:
        return Refused(
            "Dask started it so that it may not start processes, which decode the music; start it with "
            "DASK_DISTRIBUTED__WORKER__DAEMON=False in the environment"
        )
    difference = job.identity.difference(own_identity())
    return Refused(f"{difference}; install the same versions everywhere") if difference else Ready()


def _prepare(job: Job, known_audio: bytes, parcels: bytes) -> Readiness:
    with _preparing:
        readiness = _inspect(job)
        if isinstance(readiness, Refused):
            return readiness
        shelf = ModelShelf()
        try:
            for parcel in decode_parcels(parcels):
                shelf.put(parcel)
            folders = {name: shelf.find(name) for name in job.models}
            lacking = tuple(name for name, folder in folders.items() if folder is None)
            if lacking:
                return Ready(lacking=lacking)
            classifiers = [
                _loaded(name, job.device) or Classifier(folder, job.device)
                for name, folder in folders.items()
                if folder
            ]
        except EarmarkError as error:
            return Refused(str(error))
        lower_process_priority(job.niceness)
        _runs[job.run] = _Run(job, classifiers, decode_known_audio(known_audio), Decoders(niceness=job.niceness))
        while len(_runs) > _MOST_RUNS:
            _runs.popitem(last=False)[1].end()
        return Ready(devices=tuple(dict.fromkeys(classifier.device for classifier in classifiers)))


def _loaded(name: str, device: str) -> Classifier | None:
    """A model that another run has loaded on that device."""
    for run in _runs.values():
        if run.job.device == device and name in run.job.models:
            return run.classifiers[run.job.models.index(name)]
    return None


def _unseen(track: Track) -> Failed | None:
    """The file must be the one that the coordinator saw. It is opened: that makes network file systems look again."""
    try:
        with track.path.open("rb") as file:
            stamp = FileStamp.of(os.fstat(file.fileno()))
    except OSError as error:
        return Failed("unseen", _own_name(), f"cannot open it ({error.strerror})")
    # Inodes and devices are numbered by each machine for itself.
    if (stamp.size, stamp.mtime_ns) != (track.stamp.size, track.stamp.mtime_ns):
        return Failed("unseen", _own_name(), "sees another file there")
    return None


def _hear(run: _Run, track: Track) -> Heard | Failed | Stopped:
    try:
        return Heard.of(
            listen_unless_known(
                track, run.classifiers, run.known_audio, run.cancelled, run.decoders.open, run.job.effort
            )
        )
    except FileError as error:
        return Failed("audio" if isinstance(error, AudioError) else "file", _own_name(), error.reason)
    except DeviceError as error:
        return Failed("device", _own_name(), str(error))
    except CancelledError:
        return Stopped()
    except Exception as error:  # noqa: BLE001 - told to the coordinator, which treats it as the bug it is
        return Failed("bug", _own_name(), f"{type(error).__name__}: {error}", traceback.format_exc())


def _own_name() -> str:
    """For a person: which machine, which process."""
    return f"{own_address()} on {socket.gethostname()}"
