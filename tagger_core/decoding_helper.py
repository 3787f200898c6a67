"""What runs in a decoding process: it decodes what it is asked for, within limits, and says how that went.

Conventions
-----------
Limits hold between two blocks of sound, so they do not depend on the length of a track: ``Limits.cpu_seconds`` of
computing (a loop), ``Limits.wall_seconds`` of waiting (a hang), ``Limits.memory_bytes`` above what a helper needs at
rest. The system enforces CPU and memory, on Linux and macOS only; everywhere else the waiting ends a loop too.

A helper answers with blocks of samples as bare bytes (pickled, they would be copied twice more), then with an empty
message, and then with its last word on the file. For excerpts it keeps the file open: it says how long the file is, and
answers each request with one block, until there are no more requests.

Contents
--------
``serve``                         what the process does
``Wanted``                        what it is asked for
``Length``, ``End``, ``Failure``  what it answers beside sound
``Limits``
"""

import contextlib
import os
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from tagger_core.audio import OpenStream, SampleStream
from tagger_core.audio_decoders import Samples
from tagger_core.errors import AudioError, FileError
from tagger_core.priority import lower_process_priority

if sys.platform != "win32":
    import resource

_NO_MEMORY = "decoding it asks for more memory than any sound needs; it is damaged"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a helper may use until the next block of sound (of at least a fraction of a second) is there."""

    cpu_seconds: int = 60
    wall_seconds: float = 120.0
    memory_bytes: int = 2 << 30


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a helper is asked for: all from ``start`` seconds on, or ``excerpts``, which are asked for one by one."""

    path: Path
    sample_rate: int
    start: float
    excerpts: bool


@dataclass(frozen=True, slots=True)
class Length:
    """How long a file is of which excerpts are wanted."""

    seconds: float


@dataclass(frozen=True, slots=True)
class End:
    """The last message about a file that was decoded to its end."""

    decoder: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """The last message about a file that was not. ``kind`` is ``audio``, ``file`` or, with a traceback, ``bug``."""

    kind: str
    reason: str
    details: str = ""

    def error(self, path: Path) -> Exception:
        if self.kind == "bug":
            error = RuntimeError(self.reason)
            error.add_note(self.details)
            return error
        return AudioError(path, self.reason) if self.kind == "audio" else FileError(path, self.reason)


def serve(requests: Connection, answers: Connection, open_stream: OpenStream, limits: Limits, niceness: int) -> None:
    """Decode what the other end asks for, until it hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes; the run decides what it means
    _silence()
    lower_process_priority(niceness)
    _limit_memory(limits.memory_bytes)
    with contextlib.suppress(EOFError, OSError):
        while True:
            _say(answers, _decode(requests.recv(), requests, answers, open_stream, limits))


def _say(answers: Connection, word: Length | End | Failure) -> None:
    answers.send_bytes(b"")  # no sound
    answers.send(word)


def _decode(
    wanted: Wanted, requests: Connection, answers: Connection, open_stream: OpenStream, limits: Limits
) -> End | Failure:
    try:
        _limit_cpu(limits.cpu_seconds)
        with open_stream(wanted.path, wanted.sample_rate, wanted.start) as stream:
            for block in _excerpts(stream, requests, answers) if wanted.excerpts else stream.blocks():
                answers.send_bytes(np.ascontiguousarray(block, np.float32).data.cast("B"))
                _limit_cpu(limits.cpu_seconds)
            return End(stream.decoder, stream.warnings)
    except FileError as error:
        return Failure("audio" if isinstance(error, AudioError) else "file", error.reason)
    except MemoryError:
        return Failure("audio", _NO_MEMORY)
    except (OSError, EOFError):  # of the connections: the streams turn theirs into ``FileError``
        raise
    except Exception as error:  # noqa: BLE001 - told to the other end, which treats it as the bug it is
        return Failure("bug", f"{type(error).__name__}: {error}", traceback.format_exc())


def _excerpts(stream: SampleStream, requests: Connection, answers: Connection) -> Iterator[Samples]:
    """One for each request, until ``None`` is asked for."""
    _say(answers, Length(stream.length()))
    while (wanted := requests.recv()) is not None:
        yield stream.excerpt(*wanted)


def _silence() -> None:
    """What C libraries print is not for the terminal."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


if sys.platform == "win32":

    def _limit_memory(more: int) -> None:
        """Windows limits memory of whole jobs only."""

    def _limit_cpu(more: int) -> None:
        """The waiting of the other end must do."""

else:

    def _limit_memory(more: int) -> None:
        """Allow so many bytes more than are in use, and no core dumps."""
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        try:
            pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        except OSError:  # not Linux; macOS would not enforce it either
            return
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        wanted = pages * resource.getpagesize() + more
        resource.setrlimit(resource.RLIMIT_AS, (wanted if hard < 0 else min(wanted, hard), hard))

    def _limit_cpu(more: int) -> None:
        """Allow so many seconds of computing from now on."""
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        wanted = int(time.process_time()) + 1 + more
        resource.setrlimit(resource.RLIMIT_CPU, (wanted if hard < 0 else min(wanted, hard), hard))
