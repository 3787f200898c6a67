"""Real processes that are killed: nothing is lost, nothing is heard wrongly, one bad file is one bad file."""

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from tagger_core.analysis import Outcome, analyse_with
from tagger_core.crew import Gate
from tagger_core.domain import Track, TrackFailure, TrackResult
from tagger_core.model_card import ModelFolder
from tests.sounds import noise, write
from tests.tagger_core.cluster.coordinator import Coordinator

ROOT = Path(__file__).resolve().parents[3]
MURDEROUS = Path(__file__).with_name("murderous_worker.py")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are killed with POSIX signals")


@dataclass
class Processes:
    """A scheduler and a nanny with its worker processes, as ``dask scheduler`` and ``dask worker`` start them."""

    cache: Path
    port: int
    scheduler: "subprocess.Popen[bytes] | None" = None
    nannies: "list[subprocess.Popen[bytes]]" = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def start_scheduler(self) -> None:
        self.scheduler = self._start("scheduler", "--port", str(self.port), "--dashboard-address", "127.0.0.1:0")
        deadline = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
            else:
                return

    def start_workers(self, *options: str) -> None:
        self.nannies.append(self._start("worker", self.address, "--nworkers", "2", "--nthreads", "1", *options))

    def wait_for_workers(self, number: int) -> None:
        deadline = time.monotonic() + 60
        while len(self.workers()) < number:
            assert time.monotonic() < deadline
            time.sleep(0.1)

    def workers(self) -> list[psutil.Process]:
        found = []
        for nanny in self.nannies:
            with contextlib.suppress(psutil.NoSuchProcess):
                found += [
                    child for child in psutil.Process(nanny.pid).children() if "spawn_main" in str(child.cmdline())
                ]
        return found

    def end(self) -> None:
        family = [psutil.Process(process.pid) for process in (*self.nannies, self.scheduler) if process]
        for member in [below for one in family for below in one.children(recursive=True)] + family:
            with contextlib.suppress(psutil.NoSuchProcess):
                member.kill()
        for process in (*self.nannies, self.scheduler):
            if process:
                process.wait()

    def _start(self, *command: str) -> "subprocess.Popen[bytes]":
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "XDG_CACHE_HOME": str(self.cache),
            "DASK_DISTRIBUTED__WORKER__DAEMON": "False",
            # What a worker had in hand when it died is suspected at once, the innocent as well.
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0",
        }
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *command, "--host", "127.0.0.1"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        started = Processes(tmp_path / "cache", unused.getsockname()[1])
    started.start_scheduler()
    yield started
    started.end()


def run(
    processes: Processes, folder: ModelFolder, tracks: list[Track], happenings: dict[int, Callable[[], None]]
) -> list[Outcome]:
    """All outcomes; something happens after so many of them."""
    outcomes = []
    with Coordinator(processes.address, folder).crew() as crew:
        for outcome in analyse_with(crew, tracks, None, Gate(threading.Event())):
            outcomes.append(outcome)
            if len(outcomes) in happenings:
                happenings[len(outcomes)]()
    return outcomes


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine takes its time to start processes."""
    monkeypatch.setattr("tagger_core.cluster.connection.CONNECT_SECONDS", 60.0)
    monkeypatch.setattr("tagger_core.cluster.remote_crew.CONNECT_SECONDS", 60.0)


def test_a_killed_worker_costs_nothing_and_a_deadly_file_costs_itself(
    processes: Processes, folder: ModelFolder, tmp_path: Path
) -> None:
    """The deadly one comes when those that the killed worker had in hand have been heard by others."""
    processes.start_workers("--preload", str(MURDEROUS))
    processes.wait_for_workers(2)
    tracks = [write(tmp_path / f"{number}.wav", noise(20, seed=number)) for number in range(4)]
    deadly = write(tmp_path / "deadly.wav", noise(1))
    killed: list[psutil.Process] = []

    def kill_one() -> None:
        killed.append(processes.workers()[0])
        killed[0].kill()

    outcomes = run(processes, folder, [*tracks * 12, deadly, *tracks], {1: kill_one})
    assert killed[0] not in processes.workers()
    heard = [outcome for outcome in outcomes if isinstance(outcome, TrackResult)]
    (failed,) = [outcome for outcome in outcomes if isinstance(outcome, TrackFailure)]
    assert failed.track == deadly
    assert "worker after worker died while listening to it" in failed.reason
    assert [outcome.track for outcome in heard] == tracks * 13
    for number, track in enumerate(tracks):
        assert len({str(outcome.analyses) for outcome in heard[number::4]}) == 1, track


def test_a_scheduler_that_comes_back_goes_on_with_what_was_handed_out(
    processes: Processes, folder: ModelFolder, tmp_path: Path
) -> None:
    processes.start_workers()
    tracks = [write(tmp_path / f"{number}.wav", noise(20, seed=number)) for number in range(4)] * 4

    def restart() -> None:
        assert processes.scheduler is not None
        processes.scheduler.kill()
        processes.scheduler.wait()
        processes.start_scheduler()
        processes.start_workers()  # those of the old one end with it; a service manager starts others

    outcomes = run(processes, folder, tracks, {1: restart})
    assert [type(outcome) for outcome in outcomes] == [TrackResult] * len(tracks)
    assert [outcome.track for outcome in outcomes] == tracks
