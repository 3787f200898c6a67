"""Decoding in processes of their own: a crash, a hang or a memory bomb in a decoder costs one file, not the run.

Which file will crash a C library cannot be told beforehand, so no file is trusted: every one is decoded by a helper
process, one for each thread that listens, used again for file after file. What a helper sends is small (mono samples at
the model's rate, 64 kB for a second of sound, where decoding that second takes thousands of times longer than sending
it), so the healthy path pays little; ``make bench`` measures it. Helpers are forked from a server that has the
decoders loaded already, where the system can do that (not on Windows), so a new one costs milliseconds.

Conventions
-----------
What a helper may use, and how one talks to it, is said in ``decoding_helper``.

What crashes a decoder does so again: such a file raises ``AudioError``, which is remembered until it changes. A helper
that somebody killed, or that waited too long for a disk, says nothing about the file: ``FileError``.

Contents
--------
``Decoders``        the helpers of one run
``IsolatedStream``  one pass over the sound of a file, as ``audio.AudioStream``
"""

import contextlib
import multiprocessing
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext
from multiprocessing.process import BaseProcess
from pathlib import Path

import numpy as np

from tagger_core.audio import OpenStream, open_audio
from tagger_core.audio_decoders import Samples
from tagger_core.decoding_helper import End, Failure, Length, Limits, Wanted, serve
from tagger_core.errors import AudioError, FileError

if sys.platform == "linux":
    import fcntl

if sys.platform == "win32":
    _Context = SpawnContext
else:
    from multiprocessing.context import ForkServerContext

    _Context = ForkServerContext | SpawnContext

_CRASHES = ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGTRAP", "SIGSYS")
_GOODBYE_SECONDS = 5.0

_AHEAD_BYTES = 1 << 20
"""A helper decodes so much ahead, 16 s at 16 kHz: the most that Linux lets a pipe hold. Where a core goes to and fro
between decoding and listening after each second of sound, as with the usual 64 kB, either finds the processor's cache
full of the other's: that costs 5 % more processor time (``make bench`` with another number here)."""


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
            stream.leave()
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
    """One pass over the sound of a file, or excerpts of it.

    ``decoder``, ``warnings`` and ``seconds`` are complete at the end of ``blocks``, or after ``leave``.
    """

    def __init__(self, helper: "_Helper", path: Path, sample_rate: int, start: float) -> None:
        self._helper = helper
        self._path = path
        self._sample_rate = sample_rate
        self._start = start
        self._delivered = 0
        self.decoder = ""
        self.warnings: tuple[str, ...] = ()
        self._jumping = False
        self.finished = False
        """The helper has said all there is to say about the file, and may be given another one."""

    @property
    def seconds(self) -> float:
        """Seconds delivered so far."""
        return self._delivered / self._sample_rate

    def blocks(self) -> Iterator[Samples]:
        """Yield the samples, shape (n,); only once. Raises ``AudioError`` and ``FileError``."""
        self._helper.ask(Wanted(self._path, self._sample_rate, self._start, excerpts=False))
        while not isinstance(message := self._answer(), End):
            assert not isinstance(message, Length)
            yield message

    def length(self) -> float:
        """Seconds that the file promises; 0 where no excerpts can be had of it.

        Raises ``AudioError`` and ``FileError``.
        """
        self._helper.ask(Wanted(self._path, self._sample_rate, 0.0, excerpts=True))
        self._jumping = True
        message = self._answer()
        assert isinstance(message, Length)
        return message.seconds

    def excerpt(self, start: float, seconds: float) -> Samples:
        """So many ``seconds`` of samples from ``start`` on, once ``length`` is known. Raises as ``AudioStream``'s."""
        self._helper.ask((start, seconds))
        message = self._answer()
        assert isinstance(message, np.ndarray)
        return message

    def leave(self) -> None:
        """No more excerpts are wanted."""
        if self._jumping and not self.finished:
            self._helper.ask(None)
            with contextlib.suppress(FileError):  # the helper has died; another one will take its place
                self._answer()

    def _answer(self) -> "Samples | Length | End":
        message = self._helper.answer(self._path)
        if isinstance(message, Failure):
            self.finished = True
            raise message.error(self._path)
        if isinstance(message, End):
            self.finished = True
            self.decoder, self.warnings = message.decoder, message.warnings
        elif isinstance(message, np.ndarray):
            self._delivered += message.size
        return message


class _Helper:
    """One process and the way to talk to it."""

    def __init__(self, context: _Context, open_stream: OpenStream, limits: Limits, niceness: int) -> None:
        self._limits = limits
        requests, self._requests = context.Pipe(duplex=False)
        self._answers, answers = context.Pipe(duplex=False)
        _enlarge(answers)
        self._process: BaseProcess = context.Process(
            target=serve, args=(requests, answers, open_stream, limits, niceness), name="earmark-decoder", daemon=True
        )
        try:
            self._process.start()
        except BaseException:
            self._hang_up()
            raise
        finally:
            requests.close()
            answers.close()

    def ask(self, wanted: "Wanted | tuple[float, float] | None") -> None:
        """Ask for a file, for one excerpt of the file that is open, or for no more of those."""
        with contextlib.suppress(OSError):  # it died while it was idle: the answer will tell
            self._requests.send(wanted)

    def answer(self, path: Path) -> "Samples | Length | End | Failure":
        """The next message. Raises ``AudioError`` or ``FileError`` if there is none."""
        try:
            if not self._answers.poll(self._limits.wall_seconds):
                waited = f"{self._limits.wall_seconds:.0f} s"
                raise FileError(path, f"decoding it got stuck for {waited}; look whether its disk answers")
            if sound := self._answers.recv_bytes():
                return np.frombuffer(sound, np.float32)
            word: Length | End | Failure = self._answers.recv()
        except (EOFError, OSError):
            raise self._obituary(path) from None
        return word

    def end(self) -> None:
        self._hang_up()
        self._process.kill()
        self._process.join()
        self._process.close()

    def _hang_up(self) -> None:
        self._requests.close()
        self._answers.close()

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


def _enlarge(answers: Connection) -> None:
    """Let a helper decode ahead, where the system can do that."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # the administrator has set a lower limit
            fcntl.fcntl(answers.fileno(), fcntl.F_SETPIPE_SZ, _AHEAD_BYTES)


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
