"""The pipeline: ordered, bounded, cached, cancellable, stopped by no failure."""

import logging
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import librosa
import numpy as np
import psutil
import pytest
import soundfile

from tagger_core import crew, track_inference
from tagger_core.analysis import WINDOW_PER_WORKER, analyse
from tagger_core.analysis_store import AnalysisStore
from tagger_core.audio import decoder_names
from tagger_core.audio_payload import payload_digest
from tagger_core.classifier import Classifier
from tagger_core.domain import Effort, FeatureSpec, FileStamp, Track, TrackFailure, TrackResult
from tagger_core.errors import DeviceError, StoreError
from tagger_core.model_card import ModelFolder
from tests.small_models import label, write_model
from tests.sounds import RATE, noise, silence, write

LABELS = [label("rock"), label("pop")]


@pytest.fixture
def classifier(tmp_path: Path) -> Classifier:
    return Classifier(ModelFolder.load(write_model(tmp_path / "models", LABELS, (1, -2), (0, 1))), "cpu")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[AnalysisStore]:
    opened = AnalysisStore(tmp_path / "analyses.sqlite3", decoder_names())
    yield opened
    opened.close()


def run(
    tracks: list[Track],
    classifiers: list[Classifier],
    store: AnalysisStore | None = None,
    workers: int = 2,
    cancelled: threading.Event | None = None,
) -> list[TrackResult | TrackFailure]:
    return list(analyse(tracks, classifiers, store, workers=workers, cancelled=cancelled or threading.Event()))


def result(outcome: TrackResult | TrackFailure) -> TrackResult:
    assert isinstance(outcome, TrackResult), outcome
    return outcome


def test_scores_are_those_of_the_plain_way(tmp_path: Path, classifier: Classifier, store: AnalysisStore) -> None:
    track = write(tmp_path / "a.wav", np.concatenate([noise(7), silence(3)]))
    (outcome,) = run([track], [classifier], store)
    samples, _ = soundfile.read(track.path, dtype="float32")
    mel = librosa.feature.melspectrogram(y=samples, sr=RATE, n_fft=512, hop_length=256, n_mels=96)
    frames = np.log10(1 + 10_000 * mel).T.astype(np.float32)
    starts = [0, 187, 374, len(frames) - 187]
    plain = classifier.scores(np.stack([frames[start : start + 187] for start in starts]))
    weights = [1, 1, 1, (len(frames) % 187) / 187]
    heard = result(outcome).analyses[0]
    assert list(heard.scores) == ["rock", "pop"]
    np.testing.assert_allclose(list(heard.scores.values()), np.average(plain, axis=0, weights=weights), atol=1e-5)
    assert heard.duration == pytest.approx(10)
    taggram = store.taggram(result(outcome).audio, classifier.card)
    assert taggram is not None
    np.testing.assert_allclose(taggram, plain, atol=1e-3)


def test_results_come_in_the_order_of_the_tracks_whatever_takes_longer(tmp_path: Path, classifier: Classifier) -> None:
    tracks = [write(tmp_path / f"{i:02}.wav", noise(30 if i % 5 == 0 else 1, seed=i)) for i in range(20)]
    assert [outcome.track for outcome in run(tracks, [classifier], workers=3)] == tracks


def test_what_the_caller_knows_passes_in_its_place(tmp_path: Path, classifier: Classifier) -> None:
    tracks = [write(tmp_path / f"{number}.wav", noise(seconds)) for number, seconds in enumerate((6, 3))]
    known = ["first", tracks[0], "second", "third", tracks[1], "fourth"]
    results = list(analyse(known, [classifier], None, workers=2, cancelled=threading.Event()))
    assert [item if isinstance(item, str) else item.track for item in results] == known


def test_one_failure_stops_nothing_and_names_its_reason(
    tmp_path: Path, classifier: Classifier, store: AnalysisStore
) -> None:
    good = write(tmp_path / "good.mp3", noise(2))
    (tmp_path / "bad.mp3").write_bytes(b"this is a text, not music" * 50)
    bad = Track(tmp_path / "bad.mp3", FileStamp.of((tmp_path / "bad.mp3").stat()))
    gone = Track(tmp_path / "gone.mp3", FileStamp(1, 2, 3, 4))
    first = run([bad, gone, good], [classifier], store)
    assert isinstance(first[0], TrackFailure)
    assert "not audio" in first[0].reason
    assert isinstance(first[1], TrackFailure)
    result(first[2])
    again = run([bad, gone, good], [classifier], store)
    assert [getattr(outcome, "cached", None) for outcome in again] == [True, False, True]
    assert again[0].reason == first[0].reason  # type: ignore[union-attr]


def test_a_bug_costs_one_file_and_is_logged(
    tmp_path: Path, classifier: Classifier, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tracks = [write(tmp_path / name, noise(1, seed=i)) for i, name in enumerate(("a.wav", "b.wav"))]
    digest = crew.payload_digest

    def fails_for_a(path: Path) -> bytes:
        if path.name == "a.wav":
            raise ZeroDivisionError("division by zero")
        return digest(path)

    monkeypatch.setattr(crew, "payload_digest", fails_for_a)
    first, second = run(tracks, [classifier])
    assert isinstance(first, TrackFailure)
    assert "internal error: ZeroDivisionError" in first.reason
    result(second)
    assert "a.wav" in caplog.text


def test_an_unchanged_file_is_not_even_opened(
    tmp_path: Path, classifier: Classifier, store: AnalysisStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    track = write(tmp_path / "a.wav", noise(4))
    (before,) = run([track], [classifier], store)
    monkeypatch.setattr(crew, "payload_digest", lambda path: pytest.fail("the file was read"))
    (after,) = run([track], [classifier], store)
    assert result(after).cached
    assert result(after).analyses[0].scores == pytest.approx(result(before).analyses[0].scores, abs=1e-6)


def test_a_renamed_or_retagged_file_is_recognised_by_its_sound(
    tmp_path: Path, classifier: Classifier, store: AnalysisStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    track = write(tmp_path / "a.mp3", noise(4))
    run([track], [classifier], store)
    renamed = tmp_path / "b.mp3"
    shutil.copy(track.path, renamed)
    with renamed.open("ab") as file:
        file.write(b"TAG" + b"\0" * 125)  # an ID3v1 tag
    monkeypatch.setattr(crew, "listen", lambda *arguments: pytest.fail("the file was decoded"))
    (outcome,) = run([Track(renamed, FileStamp.of(renamed.stat()))], [classifier], store)
    assert result(outcome).cached


def test_a_second_model_decodes_again_and_both_stay_known(
    tmp_path: Path, classifier: Classifier, store: AnalysisStore
) -> None:
    other = Classifier(ModelFolder.load(write_model(tmp_path / "models", LABELS, (3, 3), (0, 0), "other")), "cpu")
    track = write(tmp_path / "a.wav", noise(4))
    assert not result(run([track], [classifier], store)[0]).cached
    both = result(run([track], [classifier, other], store)[0])
    assert [analysis.model for analysis in both.analyses] == ["small", "other"]
    assert not both.cached
    assert result(run([track], [other], store)[0]).cached


def test_a_quick_analysis_does_not_do_for_a_full_one(
    tmp_path: Path, classifier: Classifier, store: AnalysisStore
) -> None:
    tracks = [write(tmp_path / "a.wav", noise(60))]
    heard = []
    for effort in (Effort.QUICK, Effort.BALANCED, Effort.FULL, Effort.BALANCED, Effort.QUICK):
        outcomes = analyse(tracks, [classifier], store, workers=1, cancelled=threading.Event(), effort=effort)
        (one,) = map(result, outcomes)
        heard.append((one.analyses[0].effort, one.cached))
    assert heard == [
        (Effort.QUICK, False),
        (Effort.BALANCED, False),
        (Effort.FULL, False),
        (Effort.FULL, True),
        (Effort.FULL, True),
    ]


def test_models_with_different_features_hear_the_same_track(tmp_path: Path, classifier: Classifier) -> None:
    spec = FeatureSpec(sample_rate=8_000, n_mels=40, patch_frames=100, patch_hop=50)
    other = Classifier(ModelFolder.load(write_model(tmp_path / "models", LABELS, (1, 1), (0, 0), "other", spec)), "cpu")
    track = write(tmp_path / "a.wav", noise(4))
    heard = result(run([track], [other, classifier])[0]).analyses
    assert [analysis.model for analysis in heard] == ["other", "small"]


def test_cancelling_ends_the_work_and_keeps_what_is_done(
    tmp_path: Path, classifier: Classifier, store: AnalysisStore
) -> None:
    tracks = [write(tmp_path / f"{i:03}.wav", noise(5, seed=i)) for i in range(60)]
    cancelled = threading.Event()
    done = []
    for outcome in analyse(tracks, [classifier], store, workers=2, cancelled=cancelled):
        done.append(outcome)
        cancelled.set()
    assert 1 <= len(done) < len(tracks)
    again = run(tracks, [classifier], store)
    assert [result(outcome).cached for outcome in again[: len(done)]] == [True] * len(done)
    assert len(again) == len(tracks)


def test_a_store_that_breaks_costs_the_memory_not_the_work(
    tmp_path: Path,
    classifier: Classifier,
    store: AnalysisStore,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    tracks = [write(tmp_path / f"{i}.wav", noise(1, seed=i)) for i in range(6)]

    def full(*arguments: object) -> None:
        raise StoreError("analyses.sqlite3 cannot grow because the disk is full")

    monkeypatch.setattr(store, "add", full)
    with caplog.at_level(logging.WARNING):
        outcomes = run(tracks, [classifier], store)
    assert [result(outcome).track for outcome in outcomes] == tracks
    assert [record.getMessage() for record in caplog.records if "disk is full" in record.getMessage()] == [
        "analyses.sqlite3 cannot grow because the disk is full; "
        "going on, but this run's analyses will not be remembered"
    ]


def test_a_named_device_that_dies_ends_the_run(
    tmp_path: Path, classifier: Classifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(patches: object) -> None:
        raise DeviceError("the device cuda failed on small")

    monkeypatch.setattr(classifier, "scores", dies)
    with pytest.raises(DeviceError):
        run([write(tmp_path / "a.wav", noise(1))], [classifier])


def test_work_in_flight_is_bounded(tmp_path: Path, classifier: Classifier) -> None:
    taken = 0
    track = write(tmp_path / "a.wav", noise(1))

    def endless() -> Iterator[Track]:
        nonlocal taken
        while True:
            taken += 1
            yield track

    results = analyse(endless(), [classifier], None, workers=2, cancelled=threading.Event())
    for _ in range(5):
        next(results)
    results.close()  # type: ignore[attr-defined]
    assert taken <= 5 + 2 * WINDOW_PER_WORKER + 2


def test_every_file_is_read_once_for_its_digest(
    tmp_path: Path, classifier: Classifier, store: AnalysisStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracks = [write(tmp_path / f"{i}.wav", noise(1, seed=i)) for i in range(3)]
    read: list[Path] = []

    def noted(path: Path) -> bytes:
        read.append(path)
        return payload_digest(path)

    for module in (crew, track_inference):
        monkeypatch.setattr(module, "payload_digest", noted)
    run(tracks, [classifier], store)
    assert sorted(read) == [track.path for track in tracks]


def test_without_order_a_short_track_does_not_wait_for_a_long_one(
    tmp_path: Path, classifier: Classifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracks = [write(tmp_path / f"{i}.wav", noise(1, seed=i)) for i in range(4)]
    others_are_out = threading.Event()
    digest = crew.payload_digest

    def waits(path: Path) -> bytes:
        if path.name == "0.wav":
            assert others_are_out.wait(60)
        return digest(path)

    monkeypatch.setattr(crew, "payload_digest", waits)
    came = []
    for outcome in analyse(tracks, [classifier], None, workers=2, cancelled=threading.Event(), in_order=False):
        came.append(outcome.track)
        if len(came) == 3:
            others_are_out.set()
    assert came[-1] == tracks[0]
    assert sorted(came, key=tracks.index) == tracks


@pytest.mark.parametrize("in_order", [True, False])
def test_pausing_begins_no_track_and_goes_on_where_it_was(
    tmp_path: Path, classifier: Classifier, monkeypatch: pytest.MonkeyPatch, in_order: bool
) -> None:
    tracks = [write(tmp_path / f"{i:02}.wav", noise(1, seed=i)) for i in range(20)]
    may_go_on = threading.Event()
    may_go_on.set()
    begun_while_paused: list[Path] = []
    digest = crew.payload_digest

    def noted(path: Path) -> bytes:
        if not may_go_on.is_set():
            begun_while_paused.append(path)
        return digest(path)

    monkeypatch.setattr(track_inference, "payload_digest", noted)
    done: list[Track] = []
    resumed = threading.Timer(0.5, may_go_on.set)
    options = {"workers": 2, "cancelled": threading.Event(), "may_go_on": may_go_on, "in_order": in_order}
    for outcome in analyse(tracks, [classifier], None, **options):  # type: ignore[arg-type]
        done.append(result(outcome).track)
        if len(done) == 3:
            may_go_on.clear()
            resumed.start()
    resumed.join()
    assert sorted(done, key=tracks.index) == tracks
    assert len(begun_while_paused) <= 2  # both workers may just have been let through


def test_cancelling_ends_a_pause(tmp_path: Path, classifier: Classifier) -> None:
    tracks = [write(tmp_path / f"{i:02}.wav", noise(1, seed=i)) for i in range(20)]
    cancelled = threading.Event()
    threading.Timer(0.3, cancelled.set).start()
    assert list(analyse(tracks, [classifier], None, workers=2, cancelled=cancelled, may_go_on=threading.Event())) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux gives threads a niceness")
def test_workers_and_decoders_give_way(tmp_path: Path, classifier: Classifier, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    listen = crew.listen

    def noted(*arguments: Any) -> track_inference.Listening:
        open_stream = arguments[3]
        seen.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        with open_stream(tracks[0].path, 16_000) as stream:
            list(stream.blocks())
            seen.extend(process.nice() for process in decoders_of(psutil.Process()))
        return listen(*arguments)

    monkeypatch.setattr(crew, "listen", noted)
    tracks = [write(tmp_path / "a.wav", noise(1))]
    before = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    outcomes = analyse(tracks, [classifier], None, workers=1, cancelled=threading.Event(), niceness=before + 3)
    result(next(outcomes))
    outcomes.close()  # type: ignore[attr-defined]
    assert set(seen) == {before + 3}
    assert len(seen) >= 2
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == before


def decoders_of(process: psutil.Process) -> list[psutil.Process]:
    """The helpers, which a server has forked."""
    below = process.children(recursive=True)
    return [child for child in below if child.parent() != process and not child.children()]
