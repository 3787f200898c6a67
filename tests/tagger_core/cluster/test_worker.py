"""One worker, without a cluster around it: what it says to which message."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from tagger_core.cluster import worker
from tagger_core.cluster.messages import (
    Answer,
    Failed,
    Heard,
    Job,
    NotReady,
    Readiness,
    Ready,
    Refused,
    decode_answer,
    decode_readiness,
    encode,
    encode_known_audio,
    encode_track,
)
from tagger_core.cluster.model_parcels import ModelShelf, Parcel, encode_parcels, pack
from tagger_core.domain import Effort, FileStamp, Track
from tagger_core.errors import ClusterError
from tagger_core.model_card import ModelFolder
from tests.sounds import noise, write


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(worker, "own_address", lambda: "tcp://here:1")
    yield
    for run in list(worker._runs):
        worker.end(run)


@dataclass(frozen=True)
class Run:
    parcel: Parcel
    job: Job

    def prepare(self, *parcels: Parcel, known: frozenset[bytes] = frozenset()) -> Readiness:
        return decode_readiness(
            asyncio.run(worker.prepare(encode(self.job), encode_known_audio(known), encode_parcels(parcels)))
        )

    def hear(self, track: Track) -> Answer:
        return decode_answer(worker.hear(self.job.run, encode_track(track)))


@pytest.fixture
def run(folder: ModelFolder) -> Run:
    parcel = pack(folder)
    job = Job(
        run="1", identity=worker.own_identity(), models=(parcel.name,), device="cpu", effort=Effort.FULL, niceness=0
    )
    return Run(parcel, job)


def test_models_are_sent_once_and_tracks_are_heard_after_that(run: Run, tmp_path: Path) -> None:
    track = write(tmp_path / "a.wav", noise(2))
    assert run.hear(track) == NotReady("tcp://here:1")
    assert run.prepare() == Ready(lacking=(run.parcel.name,))
    assert run.hear(track) == NotReady("tcp://here:1")
    assert run.prepare(run.parcel) == Ready(devices=("cpu",))
    heard = run.hear(track)
    assert isinstance(heard, Heard)
    assert [analysis.model for analysis in heard.analyses] == ["small"]
    worker.end("1")
    assert run.hear(track) == NotReady("tcp://here:1")
    assert run.prepare() == Ready(devices=("cpu",))  # the model has stayed


def test_known_audio_is_recognised_only(run: Run, tmp_path: Path) -> None:
    track = write(tmp_path / "a.wav", noise(2))
    run.prepare(run.parcel)
    first = run.hear(track)
    assert isinstance(first, Heard)
    run.prepare(known=frozenset({first.audio}))
    again = run.hear(track)
    assert isinstance(again, Heard)
    assert (again.audio, again.analyses) == (first.audio, ())


def test_failures_say_of_what_kind_they_are(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run.prepare(run.parcel)
    good = write(tmp_path / "good.wav", noise(2))
    (tmp_path / "bad.mp3").write_bytes(b"this is a text, not music" * 50)
    bad = Track(tmp_path / "bad.mp3", FileStamp.of((tmp_path / "bad.mp3").stat()))
    gone = Track(tmp_path / "gone.mp3", FileStamp(1, 2, 3, 4))
    other = Track(good.path, FileStamp(good.stamp.size, good.stamp.mtime_ns + 1, 0, 0))
    elsewhere = Track(good.path, FileStamp(good.stamp.size, good.stamp.mtime_ns, 123, 456))
    found = {track.path.name: run.hear(track) for track in (bad, gone)}
    assert {name: answer.kind for name, answer in found.items() if isinstance(answer, Failed)} == {
        "bad.mp3": "audio",
        "gone.mp3": "unseen",
    }
    assert isinstance(run.hear(elsewhere), Heard)  # each machine numbers inodes and devices for itself
    unseen = run.hear(other)
    assert isinstance(unseen, Failed)
    assert (unseen.kind, unseen.reason) == ("unseen", "sees another file there")
    monkeypatch.setattr(worker, "listen_unless_known", lambda *_: 1 / 0)
    bug = run.hear(good)
    assert isinstance(bug, Failed)
    assert (bug.kind, bug.reason) == ("bug", "ZeroDivisionError: division by zero")
    assert "Traceback" in bug.details


@pytest.mark.parametrize("inspects", [True, False])
def test_another_version_is_refused(run: Run, inspects: bool) -> None:
    job = msgspec.structs.replace(run.job, identity=msgspec.structs.replace(run.job.identity, earmark="0.0.1"))
    answer = decode_readiness(asyncio.run(worker.inspect(encode(job)))) if inspects else Run(run.parcel, job).prepare()
    assert isinstance(answer, Refused)
    assert answer.reason.endswith("here is 0.0.1; install the same versions everywhere")


def test_a_daemon_is_refused_for_it_cannot_start_decoders(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("multiprocessing.process._current_process._config", {"daemon": True})
    answer = decode_readiness(asyncio.run(worker.inspect(encode(run.job))))
    assert isinstance(answer, Refused)
    assert "DASK_DISTRIBUTED__WORKER__DAEMON=False" in answer.reason


def test_a_model_that_does_not_load_is_refused(run: Run) -> None:
    answer = Run(run.parcel, msgspec.structs.replace(run.job, device="directml")).prepare(run.parcel)
    assert isinstance(answer, Refused)
    assert "directml" in answer.reason


def test_runs_share_their_models_and_forgotten_ones_make_room(run: Run, tmp_path: Path) -> None:
    jobs = [Run(run.parcel, msgspec.structs.replace(run.job, run=str(number))) for number in range(6)]
    for job in jobs:
        job.prepare(run.parcel)
    assert list(worker._runs) == ["2", "3", "4", "5"]
    assert len({id(classifier) for held in worker._runs.values() for classifier in held.classifiers}) == 1
    assert jobs[0].hear(write(tmp_path / "a.wav", noise(1))) == NotReady("tcp://here:1")


def test_a_damaged_model_on_the_shelf_is_replaced(run: Run, cache: Path) -> None:
    shelf = ModelShelf()
    shelf.put(run.parcel)
    (network,) = cache.glob("*/model.onnx")
    for damage in (b"", run.parcel.network[:-1] + b"x"):
        network.write_bytes(damage)
        assert shelf.find(run.parcel.name) is None
        assert run.prepare() == Ready(lacking=(run.parcel.name,))
        assert run.prepare(run.parcel) == Ready(devices=("cpu",))
    assert sorted(path.name for path in network.parent.iterdir()) == ["card.json", "model.onnx"]


def test_a_shelf_that_cannot_be_written_says_what_to_do(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ClusterError, match="set XDG_CACHE_HOME"):
        ModelShelf(tmp_path / "file" / "models").put(run.parcel)
