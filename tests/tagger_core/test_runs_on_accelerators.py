"""A whole run on an accelerator gives what the CPU gives, whatever happens to the accelerator on the way."""

import logging
import threading
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import pytest

from tagger_core.analysis import Outcome, analyse
from tagger_core.classifier import Classifier
from tagger_core.domain import Track, TrackResult
from tagger_core.errors import DeviceError
from tagger_core.library_scan import scan
from tagger_core.model_card import ModelFolder, shipped_models
from tests.fake_accelerator import FakeSession, fake_accelerator

MUSIC = Path(__file__).resolve().parents[1] / "data" / "music"
TRACKS = [found for found in scan([MUSIC]) if isinstance(found, Track)]
TOLERANCE = 1e-5
"""Of a score: other sizes of batches round differently."""


@pytest.fixture(scope="module")
def folder() -> ModelFolder:
    return ModelFolder.load(shipped_models() / "earmark-fast")


@pytest.fixture(scope="module")
def on_the_cpu(folder: ModelFolder) -> list[dict[str, float]]:
    return scores(run(Classifier(folder, "cpu")))


@pytest.fixture
def card() -> Iterator[type[FakeSession]]:
    with fake_accelerator(forbids_threads=True) as session:
        yield session


def run(classifier: Classifier) -> list[Outcome]:
    return list(analyse(TRACKS, [classifier], None, workers=4, cancelled=threading.Event()))


def scores(outcomes: Sequence[Outcome]) -> list[dict[str, float]]:
    found = []
    for outcome in outcomes:
        assert isinstance(outcome, TrackResult), outcome
        found.append(dict(outcome.analyses[0].scores))
    return found


def listening_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("listen")]


def test_the_scores_are_those_of_the_cpu(
    folder: ModelFolder, card: type[FakeSession], on_the_cpu: list[dict[str, float]]
) -> None:
    outcomes = run(Classifier(folder, "cuda"))
    assert scores(outcomes) == [pytest.approx(expected, abs=TOLERANCE) for expected in on_the_cpu]
    assert {outcome.analyses[0].device for outcome in outcomes if isinstance(outcome, TrackResult)} == {"cuda"}
    assert not listening_threads()


def test_memory_that_runs_out_costs_no_track(
    folder: ModelFolder, card: type[FakeSession], on_the_cpu: list[dict[str, float]]
) -> None:
    card.memory = 4
    classifier = Classifier(folder, "cuda")
    assert scores(run(classifier)) == [pytest.approx(expected, abs=TOLERANCE) for expected in on_the_cpu]
    assert classifier.device == "cuda"


def test_a_card_that_is_lost_in_the_middle_costs_no_track(
    folder: ModelFolder, card: type[FakeSession], on_the_cpu: list[dict[str, float]], caplog: pytest.LogCaptureFixture
) -> None:
    card.works_for = 3
    classifier = Classifier(folder, "auto")
    with caplog.at_level(logging.WARNING):
        assert scores(run(classifier)) == [pytest.approx(expected, abs=TOLERANCE) for expected in on_the_cpu]
    assert classifier.device == "cpu"
    assert len([record for record in caplog.records if record.levelno >= logging.WARNING]) == 1, caplog.text


def test_a_named_card_that_is_lost_ends_the_run_and_its_threads(folder: ModelFolder, card: type[FakeSession]) -> None:
    card.works_for = 3
    with pytest.raises(DeviceError, match="cuda failed on earmark-fast"):
        run(Classifier(folder, "cuda"))
    assert not listening_threads()


def test_cancelling_ends_the_run_while_calls_are_waiting(folder: ModelFolder, card: type[FakeSession]) -> None:
    card.call_seconds = 0.05
    cancelled = threading.Event()
    outcomes = analyse(TRACKS * 3, [Classifier(folder, "cuda")], None, workers=4, cancelled=cancelled)
    assert len(list(islice(outcomes, 2))) == 2
    cancelled.set()
    assert len(list(outcomes)) < 20
    assert not listening_threads()
