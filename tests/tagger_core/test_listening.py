"""From results to what a review takes in, on real files."""

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tagger_core.analysis import analyse
from tagger_core.analysis_store import AnalysisStore
from tagger_core.audio import decoder_names
from tagger_core.classifier import Classifier
from tagger_core.domain import Effort, FeatureSpec, TrackName, TrackResult
from tagger_core.listening import Listener
from tagger_core.model_card import ModelFolder
from tagger_core.review import Group, Review
from tagger_core.settings import Settings
from tagger_core.suggestions import State
from tagger_core.tag_fields import Field
from tests.mp3_files import audio, tag, text, track, user_text, write
from tests.small_models import label, write_model
from tests.sounds import noise
from tests.sounds import write as write_sound

LABELS = [label("rock"), label("vocals"), label("voice"), label("no vocals")]
OFFSETS = (2, 0.2, 0, 1)
"""Rock 0.88; Vocals by two labels 0.77, Instrumental 0.73."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[AnalysisStore]:
    opened = AnalysisStore(tmp_path / "analyses.sqlite3", decoder_names())
    yield opened
    opened.close()


@pytest.fixture
def song(tmp_path: Path) -> Path:
    frames = (
        text(4, "TIT2", "A Song"),
        text(4, "TPE1", "Somebody"),
        text(4, "TCON", "Rock"),
        user_text(4, "VOCALS", "Opera"),
    )
    return write(tmp_path / "song.mp3", tag(4, *frames), audio() * 12)


def classifiers(folder: Path, *specs: FeatureSpec) -> list[Classifier]:
    names = [f"model{number}" for number in range(len(specs))]
    folders = [
        write_model(folder, LABELS, [0] * len(LABELS), OFFSETS, name, spec)
        for name, spec in zip(names, specs, strict=True)
    ]
    return [Classifier(ModelFolder.load(one), "cpu") for one in folders]


def result_of(path: Path, heard_by: list[Classifier], store: AnalysisStore) -> TrackResult:
    (result,) = analyse([track(path)], heard_by, store, workers=1, cancelled=threading.Event())
    assert isinstance(result, TrackResult)
    return result


def test_a_result_becomes_a_row(tmp_path: Path, song: Path, store: AnalysisStore) -> None:
    heard_by = classifiers(tmp_path / "models", FeatureSpec())
    cards = [classifier.card for classifier in heard_by]
    heard = Listener(cards, Settings()).heard(result_of(song, heard_by, store))
    assert heard.name == TrackName("A Song", "Somebody")
    assert heard.present == {Field.GENRE: ("Rock",), Field.VOCALS: ("Opera",)}
    assert heard.unwritable == ""
    review = Review(cards, Settings())
    review.add([heard.track])
    review.hear([heard])
    assert [(one.name, round(one.probability, 2)) for one in review.tags_of(0) if one.ticked] == [
        ("Rock", 0.88),
        ("Vocals", 0.77),
    ]
    assert review.group(0) is Group.UNSURE  # Rock is there already, and Vocals below its strict threshold
    review.set_threshold(None, 0.6)
    assert review.accept(np.arange(1)).tags == 1


@pytest.mark.parametrize(
    ("name", "mode", "reason"), [("a.mka", 0o644, "cannot write mka files"), ("a.mp3", 0o444, "write-protected")]
)
def test_what_cannot_be_written_says_why(
    tmp_path: Path, song: Path, store: AnalysisStore, name: str, mode: int, reason: str
) -> None:
    other = tmp_path / name
    other.write_bytes(song.read_bytes())
    other.chmod(mode)
    heard_by = classifiers(tmp_path / "models", FeatureSpec())
    heard = Listener([one.card for one in heard_by], Settings()).heard(result_of(other, heard_by, store))
    assert reason in heard.unwritable
    assert heard.probabilities.shape == (3,)


def test_a_file_that_is_gone_since_is_a_row_with_a_reason(tmp_path: Path, song: Path, store: AnalysisStore) -> None:
    heard_by = classifiers(tmp_path / "models", FeatureSpec())
    result = result_of(song, heard_by, store)
    song.unlink()
    heard = Listener([one.card for one in heard_by], Settings()).heard(result)
    assert "cannot be read" in heard.unwritable
    assert heard.name == TrackName()


def test_evidence_is_what_the_labels_said(tmp_path: Path, song: Path, store: AnalysisStore) -> None:
    heard_by = classifiers(tmp_path / "models", FeatureSpec())
    listener = Listener([one.card for one in heard_by], Settings())
    result = result_of(song, heard_by, store)
    tags = {one.tag: one for one in listener.evidence(store, result.audio, {Field.VOCALS: ("Opera",)})}
    assert [witness.label for witness in tags["Vocals"].evidence] == ["vocals", "voice"]
    assert (tags["Instrumental"].state, tags["Instrumental"].note) == (State.CONTRADICTED, "Opera")
    assert listener.evidence(store, b"never heard", {}) == []


def test_tags_over_time_are_what_the_labels_said_over_time(tmp_path: Path, song: Path, store: AnalysisStore) -> None:
    """Two models with patches of different lengths come together on the finer ones."""
    heard_by = classifiers(tmp_path / "models", FeatureSpec(), FeatureSpec(patch_frames=100, patch_hop=50))
    listener = Listener([one.card for one in heard_by], Settings())
    result = result_of(song, heard_by, store)
    found = listener.over_time(store, result.audio)
    assert found is not None
    fine = store.taggram(result.audio, heard_by[1].card)
    assert fine is not None
    assert found.values.shape == (len(fine), 3)
    assert found.values.dtype == np.float16
    assert found.patch_seconds == pytest.approx(50 * 256 / 16_000)
    scores = listener.heard(result).probabilities
    np.testing.assert_allclose(found.values, np.tile(scores, (len(fine), 1)), atol=2e-3)  # this network hears no time
    assert listener.over_time(store, b"never heard") is None


def test_tags_over_time_have_gaps_where_a_model_did_not_listen(tmp_path: Path, store: AnalysisStore) -> None:
    song = write_sound(tmp_path / "long.wav", noise(60)).path
    heard_by = classifiers(tmp_path / "models", FeatureSpec())
    (result,) = analyse([track(song)], heard_by, store, workers=1, cancelled=threading.Event(), effort=Effort.QUICK)
    assert isinstance(result, TrackResult)
    cards = [one.card for one in heard_by]
    found = Listener(cards, Settings(effort=Effort.QUICK)).over_time(store, result.audio)
    assert found is not None
    gaps = np.isnan(found.values).all(axis=1)
    assert np.array_equal(gaps, np.isnan(found.values).any(axis=1))
    assert 1 - gaps.mean() == pytest.approx(result.analyses[0].share)
    assert 0 < gaps.mean() < 1
    assert Listener(cards, Settings()).over_time(store, result.audio) is None
