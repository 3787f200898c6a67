"""Decoding in processes of their own: a crash, a hang or a memory bomb in a decoder costs one file, not the run.

Which file will crash a C library cannot be told beforehand, so no file is trusted: every one is decoded by a helper
process, one for each thread that listens, used again for file after file. What a helper sends is small (mono samples at
the model's rate, 64 kB for a second of sound, where decoding that second takes thousands of times longer than sending
it), so the healthy path pays next to nothing; ``make bench`` measures it. Helpers are forked from a server that has the
decoders loaded already, where the system can do that (not on Windows), so a new one costs milliseconds.

Conventions
-----------
Limits hold between two blocks of sound, so they do not depend on the length of a track: ``Limits.cpu_seconds`` of
computing (a loop), ``Limits.wall_seconds`` of waiting (a hang), ``Limits.memory_bytes`` above what a helper needs at
rest. The system enforces CPU and memory, on Linux and macOS only; everywhere else the waiting ends a loop too.

What crashes a decoder does so again: such a file raises ``AudioError``, which is remembered until it changes. A helper
that somebody killed, or that waited too long for a disk, says nothing about the file: ``FileError``.

Contents
--------
``Decoders``        the helpers of one run
``IsolatedStream``  one pass over the sound of a file, as ``audio.AudioStream``
``Limits``
"""

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Protocol

import numpy as np

from tagger_core.audio import SampleStream, open_audio
from tagger_core.audio_decoders import Samples
from tagger_core.errors import AudioError, FileError
from tagger_core.priority import lower_process_priority

if sys.platform == "win32":
    _Context = SpawnContext
else:
    import resource
    from multiprocessing.context import ForkServerContext

    _Context = ForkServerContext | SpawnContext

_CRASHES = ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGTRAP", "SIGSYS")
_GOODBYE_SECONDS = 5.0
_NO_MEMORY = "decoding it asks for more memory than any sound needs; it is damaged"


class OpenStream(Protocol):
    """A way to open a file: ``audio.open_audio``, ``Decoders.open``."""

    def __call__(self, path: Path, sample_rate: int, start: float = 0.0) -> AbstractContextManager[SampleStream]: ...


@dataclass(frozen=True, slots=True)
class Limits:
    """What a helper may use until the next block of sound (of at least a fraction of a second) is there."""

    cpu_seconds: int = 60
    wall_seconds: float = 120.0
    memory_bytes: int = 2 << 30


@dataclass(frozen=True, slots=True)
class _End:
    """The last message about a file that was decoded to its end."""

    decoder: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Failure:
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


class Decoders:
    """Helper processes, started as they are needed; ``open`` may be called from several threads at once.

    A context manager that ends them. ``open_stream`` is what a helper calls; it must be importable there.
    ``niceness``: how much the helpers give way to other processes, see ``priority``.
    """

    def __init__(
        self, open_stream: OpenStream = open_audio, limits: Limits | None = None, *, niceness: int = 0
    ) -> None:
        self._open_stream = open_stream
        self._limits = limits or Limits()
        self._niceness = niceness
        self._idle: list[_Helper] = []
        self._lock = threading.Lock()  # multiprocessing's own list of children is not made for threads
        self._context = _context()

    @contextmanager
    def open(self, path: Path, sample_rate: int, start: float = 0.0) -> Iterator["IsolatedStream"]:
        """Open a music file for decoding to mono at ``sample_rate`` Hz, from ``start`` seconds on.

        Errors come from ``blocks``.

        Raises ``FileError`` if no helper can be started.
        """
        helper = self._helper(path)
        stream = IsolatedStream(helper, path, sample_rate, start)
        try:
            yield stream
        finally:
            with self._lock:
                if stream.finished:
                    self._idle.append(helper)
                else:  # it crashed, or is in the middle of a file that nobody wants any more
                    helper.end()

    def close(self) -> None:
        """End all helpers that are not at work."""
        with self._lock:
            while self._idle:
                self._idle.pop().end()

    def __enter__(self) -> "Decoders":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _helper(self, path: Path) -> "_Helper":
        with self._lock:
            if self._idle:
                return self._idle.pop()
            try:
                with _ctrl_c_held_back():
                    return _Helper(self._context, self._open_stream, self._limits, self._niceness)
            except (OSError, EOFError) as error:
                raise FileError(path, f"no process could be started to decode it ({error})") from error


class IsolatedStream:
    """One pass over the sound of a file; ``decoder``, ``warnings`` and ``seconds`` are complete at its end."""

    def __init__(self, helper: "_Helper", path: Path, sample_rate: int, start: float) -> None:
        self._helper = helper
        self._path = path
        self._sample_rate = sample_rate
        self._start = start
        self._delivered = 0
        self.decoder = ""
        self.warnings: tuple[str, ...] = ()
        self.finished = False
        """The helper has said all there is to say about the file, and may be given another one."""

    @property
    def seconds(self) -> float:
        """Seconds delivered so far."""
        return self._delivered / self._sample_rate

    def blocks(self) -> Iterator[Samples]:
        """Yield the samples, shape (n,); only once. Raises ``AudioError`` and ``FileError``."""
        self._helper.ask(self._path, self._sample_rate, self._start)
        while not isinstance(message := self._helper.answer(self._path), _End | _Failure):
            self._delivered += message.size
            yield message
        self.finished = True
        if isinstance(message, _Failure):
            raise message.error(self._path)
        self.decoder, self.warnings = message.decoder, message.warnings


class _Helper:
    """One process and the way to talk to it."""

    def __init__(self, context: _Context, open_stream: OpenStream, limits: Limits, niceness: int) -> None:
        self._limits = limits
        self._connection, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(
            target=_serve, args=(theirs, open_stream, limits, niceness), name="earmark-decoder", daemon=True
        )
        try:
            self._process.start()
        except BaseException:
            self._connection.close()
            raise
        finally:
            theirs.close()

    def ask(self, path: Path, sample_rate: int, start: float) -> None:
        with contextlib.suppress(OSError):  # it died while it was idle: the answer will tell
            self._connection.send((path, sample_rate, start))

    def answer(self, path: Path) -> "Samples | _End | _Failure":
        """The next message. Raises ``AudioError`` or ``FileError`` if there is none."""
        try:
            if not self._connection.poll(self._limits.wall_seconds):
                waited = f"{self._limits.wall_seconds:.0f} s"
                raise FileError(path, f"decoding it got stuck for {waited}; look whether its disk answers")
            message: Samples | _End | _Failure = self._connection.recv()
        except (EOFError, OSError):
            raise self._obituary(path) from None
        return message

    def end(self) -> None:
        self._connection.close()
        self._process.kill()
        self._process.join()
        self._process.close()

    def _obituary(self, path: Path) -> FileError:
        self._process.join(_GOODBYE_SECONDS)
        code = self._process.exitcode or 0
        name = signal.Signals(-code).name if -code in set(signal.Signals) else f"exit code {code}"
        if name == "SIGXCPU":
            return AudioError(path, "decoding it does not come to an end; it is damaged")
        # Windows ends a crashed process with a status such as 0xC0000005 instead of a signal.
        if name in _CRASHES or code >= 0xC0000000:
            return AudioError(path, f"the decoder crashed on it ({name}); it is damaged")
        return FileError(path, f"its decoder was ended from outside ({name}); run again")


def _context() -> _Context:
    """Fork helpers from a server that has loaded the decoders, where there is such a thing."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tagger_core.audio"])
    return context


@contextmanager
def _ctrl_c_held_back() -> Iterator[None]:
    """Processes started in the block never see Ctrl-C, which a terminal sends to all of them; what comes for this
    thread is delivered at the end of the block. A helper that is still importing would answer with a traceback.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    resource_tracker.ensure_running()  # it would let Ctrl-C in again when the first process starts
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# In the helper


def _serve(connection: Connection, open_stream: OpenStream, limits: Limits, niceness: int) -> None:
    """Decode what the other end asks for, until it hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes; the run decides what it means
    _silence()
    lower_process_priority(niceness)
    _limit_memory(limits.memory_bytes)
    with contextlib.suppress(EOFError, OSError):
        while True:
            connection.send(_decode(connection, connection.recv(), open_stream, limits))


def _decode(
    connection: Connection, wanted: tuple[Path, int, float], open_stream: OpenStream, limits: Limits
) -> _End | _Failure:
    try:
        _limit_cpu(limits.cpu_seconds)
        with open_stream(*wanted) as stream:
            for block in stream.blocks():
                connection.send(np.ascontiguousarray(block))
                _limit_cpu(limits.cpu_seconds)
            return _End(stream.decoder, stream.warnings)
    except FileError as error:
        return _Failure("audio" if isinstance(error, AudioError) else "file", error.reason)
    except MemoryError:
        return _Failure("audio", _NO_MEMORY)
    except OSError:  # of the connection: the streams turn theirs into ``FileError``
        raise
    except Exception as error:  # noqa: BLE001 - told to the other end, which treats it as the bug it is
        return _Failure("bug", f"{type(error).__name__}: {error}", traceback.format_exc())


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
