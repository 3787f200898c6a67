"""The coordinator's side: the same results as at home, and every failure has its sentence.

The workers are threads here; ``test_killed.py`` has processes that die.
"""

import shutil
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tagger_core.analysis import analyse, analyse_with
from tagger_core.analysis_store import AnalysisStore
from tagger_core.classifier import Classifier
from tagger_core.cluster import connection, remote_crew, worker
from tagger_core.crew import Gate
from tagger_core.domain import FileStamp, Track, TrackFailure, TrackResult
from tagger_core.errors import ClusterError, DeviceError
from tagger_core.model_card import ModelFolder
from tagger_core.workplace import open_store
from tests.sounds import noise, write
from tests.tagger_core.cluster.coordinator import Coordinator, cluster_of_threads


@pytest.fixture(scope="module")
def threads() -> Iterator[Any]:
    with cluster_of_threads(2) as cluster:
        yield cluster


@pytest.fixture
def coordinator(threads: Any, folder: ModelFolder) -> Coordinator:
    return Coordinator(threads.scheduler_address, folder)


def at_home(tracks: list[Track], coordinator: Coordinator, store: AnalysisStore | None = None) -> list[Any]:
    classifiers = [Classifier(coordinator.folder, "cpu")]
    return list(analyse(tracks, classifiers, store, workers=1, cancelled=threading.Event()))


def test_results_are_those_of_this_machine_to_the_last_bit(
    tmp_path: Path, coordinator: Coordinator, cache: Path
) -> None:
    tracks = [write(tmp_path / f"{i}.wav", noise(1 + i, seed=i)) for i in range(7)]
    with (
        open_store(tmp_path / "far") as far,
        open_store(tmp_path / "near") as near,
    ):
        results, expected = coordinator.run(tracks, far), at_home(tracks, coordinator, near)
        for result, same in zip(results, expected, strict=True):
            assert isinstance(result, TrackResult)
            assert (result.track, result.audio, result.analyses) == (same.track, same.audio, same.analyses)
            over_time = [store.taggram(result.audio, coordinator.folder.card) for store in (far, near)]
            assert over_time[0] is not None
            assert over_time[1] is not None
            assert over_time[0].tobytes() == over_time[1].tobytes()
        assert [getattr(result, "cached", None) for result in coordinator.run(tracks, far)] == [True] * len(tracks)
    assert len(list(cache.iterdir())) == 1


def test_every_failure_is_a_row_with_its_reason(tmp_path: Path, coordinator: Coordinator) -> None:
    good = write(tmp_path / "good.wav", noise(2))
    (tmp_path / "bad.mp3").write_bytes(b"this is a text, not music" * 50)
    bad = Track(tmp_path / "bad.mp3", FileStamp.of((tmp_path / "bad.mp3").stat()))
    gone = Track(tmp_path / "gone.mp3", FileStamp(1, 2, 3, 4))
    with open_store(tmp_path / "store") as store:
        first = coordinator.run([bad, gone, good], store)
        again = coordinator.run([bad, gone, good], store)
    assert [type(outcome) for outcome in first] == [TrackFailure, TrackFailure, TrackResult]
    assert [getattr(outcome, "cached", None) for outcome in again] == [True, False, True]
    assert "not audio" in first[0].reason  # type: ignore[union-attr]
    assert first[1].reason == "it was changed or taken away since it was found; run again"  # type: ignore[union-attr]


def test_a_worker_that_looks_at_another_place_is_told_apart(
    tmp_path: Path, coordinator: Coordinator, monkeypatch: pytest.MonkeyPatch
) -> None:
    track = write(tmp_path / "a.wav", noise(2))
    monkeypatch.setattr(worker, "decode_track", lambda _: Track(tmp_path / "mnt" / "a.wav", track.stamp))
    (outcome,) = coordinator.run([track])
    assert isinstance(outcome, TrackFailure)
    assert "cannot open it (No such file or directory); workers must see the same files" in outcome.reason


def test_a_retagged_file_is_recognised_by_its_sound(
    tmp_path: Path, coordinator: Coordinator, monkeypatch: pytest.MonkeyPatch
) -> None:
    track = write(tmp_path / "a.mp3", noise(2))
    with open_store(tmp_path / "store") as store:
        coordinator.run([track], store)
        copy = tmp_path / "b.mp3"
        shutil.copy(track.path, copy)
        monkeypatch.setattr("tagger_core.crew.listen", lambda *_: pytest.fail("it was decoded"))
        (outcome,) = coordinator.run([Track(copy, FileStamp.of(copy.stat()))], store)
    assert isinstance(outcome, TrackResult)
    assert outcome.cached


def test_a_bug_costs_one_file(
    tmp_path: Path, coordinator: Coordinator, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tracks = [write(tmp_path / f"{name}.wav", noise(1)) for name in "ab"]
    listen = worker.listen_unless_known

    def fails_for_a(track: Track, *others: Any) -> Any:
        if track.path.name == "a.wav":
            raise ZeroDivisionError("division by zero")
        return listen(track, *others)

    monkeypatch.setattr(worker, "listen_unless_known", fails_for_a)
    first, second = coordinator.run(tracks)
    assert isinstance(first, TrackFailure)
    assert first.reason == "internal error: RuntimeError: ZeroDivisionError: division by zero"
    assert "Traceback" in caplog.text
    assert isinstance(second, TrackResult)


def test_cancelling_leaves_at_once_and_the_cluster_works_on(tmp_path: Path, coordinator: Coordinator) -> None:
    long = write(tmp_path / "long.wav", noise(600))
    cancelled = threading.Event()
    with coordinator.crew() as crew:
        threading.Timer(0.5, cancelled.set).start()
        assert len(list(analyse_with(crew, [long] * 50, None, Gate(cancelled)))) < 50
    deadline = time.monotonic() + 30
    while len(worker._runs) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not worker._runs
    (outcome,) = coordinator.run([write(tmp_path / "a.wav", noise(1))])
    assert isinstance(outcome, TrackResult)


def test_work_in_flight_is_bounded(tmp_path: Path, coordinator: Coordinator) -> None:
    track = write(tmp_path / "a.wav", noise(1))
    taken = 0

    def endless() -> Any:
        nonlocal taken
        while True:
            taken += 1
            yield track

    with coordinator.crew() as crew:
        assert crew.workers == 2
        results = analyse_with(crew, endless(), None, Gate(threading.Event()))
        for _ in range(5):
            next(results)
        results.close()  # type: ignore[attr-defined]
    assert taken <= 5 + 2 * 8 + 2


def test_a_worker_that_forgot_the_run_is_prepared_again(tmp_path: Path, coordinator: Coordinator) -> None:
    tracks = [write(tmp_path / f"{i}.wav", noise(1, seed=i)) for i in range(8)]
    with coordinator.crew() as crew:
        outcomes = analyse_with(crew, tracks, None, Gate(threading.Event()))
        results = [next(outcomes)]
        worker._runs.clear()
        results += outcomes
    assert [type(outcome) for outcome in results] == [TrackResult] * 8


def test_another_version_is_refused_before_the_work_starts(
    coordinator: Coordinator, monkeypatch: pytest.MonkeyPatch
) -> None:
    crew = coordinator.crew()
    monkeypatch.setattr(worker, "__version__", "0.0.1")
    with pytest.raises(ClusterError, match=r"worker tcp://127.* cannot take part: it has Earmark 0.0.1, here is"), crew:
        pass


def test_a_worker_of_another_version_that_joins_later_ends_the_run_not_the_tracks(
    tmp_path: Path, coordinator: Coordinator, monkeypatch: pytest.MonkeyPatch
) -> None:
    with coordinator.crew() as crew:
        monkeypatch.setattr(worker, "__version__", "0.0.1")
        with pytest.raises(ClusterError, match=r"cannot take part: it has Earmark 0\.0\.1"):
            list(analyse_with(crew, [write(tmp_path / "a.wav", noise(1))], None, Gate(threading.Event())))


def test_a_device_that_the_workers_lack_ends_the_run(tmp_path: Path, coordinator: Coordinator) -> None:
    with coordinator.crew("directml") as crew, pytest.raises(ClusterError, match="directml was asked for"):
        list(analyse_with(crew, [write(tmp_path / "a.wav", noise(1))], None, Gate(threading.Event())))


def test_a_device_that_dies_ends_the_run(
    tmp_path: Path, coordinator: Coordinator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object) -> None:
        raise DeviceError("the device cuda failed on small")

    monkeypatch.setattr(worker, "listen_unless_known", dies)
    with pytest.raises(DeviceError, match=r"tcp://127.* on .*: the device cuda failed on small"):
        coordinator.run([write(tmp_path / "a.wav", noise(1))])


def refuses_connections() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return int(unused.getsockname()[1])


def listens_and_says_nothing(stack: list[socket.socket]) -> int:
    silent = socket.create_server(("127.0.0.1", 0))
    stack.append(silent)
    return int(silent.getsockname()[1])


@pytest.mark.parametrize(
    ("port", "words"),
    [(lambda _: refuses_connections(), "Connection refused"), (listens_and_says_nothing, "127.0.0.1")],
)
def test_no_scheduler_is_one_sentence(
    coordinator: Coordinator,
    port: Callable[[list[socket.socket]], int],
    words: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connection, "CONNECT_SECONDS", 0.5)
    sockets: list[socket.socket] = []
    address = f"tcp://127.0.0.1:{port(sockets)}"
    with pytest.raises(ClusterError, match="there is no scheduler that answers") as caught:
        Coordinator(address, coordinator.folder).run([])
    assert words in str(caught.value)
    for silent in sockets:
        silent.close()


def test_a_scheduler_without_workers_is_one_sentence(coordinator: Coordinator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_crew, "CONNECT_SECONDS", 0.1)
    with (
        cluster_of_threads(0) as empty,
        pytest.raises(ClusterError, match="no worker has joined the scheduler"),
    ):
        Coordinator(empty.scheduler_address, coordinator.folder).run([])


def test_a_scheduler_or_workers_that_do_not_come_back_end_the_run_with_a_sentence(
    tmp_path: Path, coordinator: Coordinator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "RECONNECT_SECONDS", 1.0)
    monkeypatch.setattr(remote_crew, "WORKERLESS_SECONDS", 0.5)
    tracks = [write(tmp_path / f"{i}.wav", noise(60, seed=i)) for i in range(3)] * 20
    configuration = pytest.importorskip("dask.config")
    with configuration.set({"distributed.comm.timeouts.connect": "1s"}):  # a worker looks for its scheduler so long
        for what, words in (("workers", "no worker came back"), ("scheduler", "went away and did not come back")):
            with (
                cluster_of_threads(1) as lost,
                Coordinator(lost.scheduler_address, coordinator.folder).crew() as crew,
            ):
                outcomes = analyse_with(crew, tracks, None, Gate(threading.Event()))
                next(outcomes)
                if what == "workers":
                    lost.scale(0)
                else:
                    lost.sync(lost.scheduler.close)
                with pytest.raises(ClusterError, match=words):
                    list(outcomes)


def test_without_dask_there_is_a_sentence(coordinator: Coordinator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    connection.dask.cache_clear()
    with pytest.raises(ClusterError, match=r'not installed here .*: pip install "earmark\[cluster\]"'):
        coordinator.run([])


def test_what_a_scheduler_cannot_import_is_one_sentence(
    coordinator: Coordinator, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def missing(_: bytes) -> bytes:
        raise ModuleNotFoundError("No module named 'tagger_core'")

    monkeypatch.setattr(worker, "inspect", missing)
    missing.__qualname__ = missing.__name__ = "inspect"
    missing.__module__ = worker.__name__
    with pytest.raises(ClusterError, match=r"the scheduler .* cannot run this Earmark .*No module named 'tagger_core'"):
        coordinator.run([])
