"""What was heard is remembered: for this sound, this decoder, these features, this network."""

import os
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from tagger_core import analysis_store
from tagger_core.analysis_store import AnalysisStore
from tagger_core.database import open_database
from tagger_core.domain import Analysis, Effort, FeatureSpec, FileStamp, Track
from tagger_core.errors import StoreError
from tests.small_models import card, label

CARD = card([label("rock"), label("pop")])
AUDIO = bytes(range(32))
HEARD = Analysis("small", CARD.sha256, {"rock": 0.25, "pop": 0.75}, "decoder 1", "cpu", 12.5, ("cut off",))
TAGGRAM = np.array([[0.5, 0.25], [0.125, 1.0]], np.float16)
TRACK = Track(Path("/music/a.mp3"), FileStamp(10, 20, 30, 40))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[AnalysisStore]:
    opened = AnalysisStore(tmp_path / "deep" / "analyses.sqlite3", {"decoder 1", "decoder 2"})
    yield opened
    opened.close()


def test_what_was_heard_comes_back(store: AnalysisStore) -> None:
    assert store.analysis(AUDIO, CARD) is None
    store.add(AUDIO, CARD, HEARD, TAGGRAM)
    assert store.analysis(AUDIO, CARD) == HEARD
    taggram = store.taggram(AUDIO, CARD)
    assert taggram is not None
    np.testing.assert_array_equal(taggram, TAGGRAM)
    assert store.known_audio([CARD]) == {AUDIO}


@pytest.mark.parametrize(
    "other",
    [
        msgspec.structs.replace(CARD, sha256="f" * 64),
        card([label("rock"), label("pop")], spec=FeatureSpec(hop_length=128)),
    ],
)
def test_another_network_or_other_features_do_not_get_these_scores(store: AnalysisStore, other: object) -> None:
    store.add(AUDIO, CARD, HEARD, TAGGRAM)
    assert store.analysis(AUDIO, other) is None  # type: ignore[arg-type]
    assert store.taggram(AUDIO, other) is None  # type: ignore[arg-type]
    assert store.known_audio([CARD, other]) == set()  # type: ignore[list-item]


def test_scores_of_a_decoder_that_is_not_installed_do_not_count(store: AnalysisStore) -> None:
    store.add(AUDIO, CARD, replace(HEARD, decoder="decoder 0"), TAGGRAM)
    assert store.analysis(AUDIO, CARD) is None
    assert store.known_audio([CARD]) == set()


def test_a_file_is_recognised_until_anything_about_it_changes(store: AnalysisStore) -> None:
    store.remember_audio(TRACK, AUDIO)
    assert store.audio_of(TRACK) == AUDIO
    for changed in (
        replace(TRACK, path=Path("/music/b.mp3")),
        *(replace(TRACK, stamp=replace(TRACK.stamp, **{name: 99})) for name in ("size", "mtime_ns", "inode")),
    ):
        assert store.audio_of(changed) is None
    mounted_again = replace(TRACK, stamp=replace(TRACK.stamp, device=99))
    assert store.audio_of(mounted_again) == AUDIO
    store.remember_audio(replace(TRACK, stamp=replace(TRACK.stamp, size=11)), bytes(32))
    assert store.audio_of(TRACK) is None


def test_failures_are_remembered_until_the_file_or_the_decoders_change(store: AnalysisStore, tmp_path: Path) -> None:
    store.add_failure(TRACK, "not audio")
    assert store.failure_of(TRACK) == "not audio"
    assert store.failure_of(replace(TRACK, stamp=replace(TRACK.stamp, mtime_ns=21))) is None
    store.close()
    newer = AnalysisStore(tmp_path / "deep" / "analyses.sqlite3", {"decoder 2", "decoder 3"})
    assert newer.failure_of(TRACK) is None
    newer.close()


def test_names_that_are_no_text_and_huge_inodes(store: AnalysisStore) -> None:
    odd = Track(Path(os.fsdecode(b"/music/\xff\n.mp3")), FileStamp(1, 2, 2**64 - 1, 2**63))
    store.remember_audio(odd, AUDIO)
    assert store.audio_of(odd) == AUDIO


def test_it_survives_being_closed(store: AnalysisStore, tmp_path: Path) -> None:
    store.add(AUDIO, CARD, HEARD, TAGGRAM)
    store.close()
    again = AnalysisStore(tmp_path / "deep" / "analyses.sqlite3", {"decoder 1"})
    assert again.analysis(AUDIO, CARD) == HEARD
    again.close()


def test_a_damaged_database_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "analyses.sqlite3"
    path.write_bytes(b"this is no database" * 100)
    with pytest.raises(StoreError, match="damaged"):
        AnalysisStore(path, {"decoder 1"})


def heard(effort: Effort, share: float, rock: float) -> Analysis:
    return replace(HEARD, effort=effort, share=share, scores={"rock": rock, "pop": 0.75})


def test_less_effort_is_never_taken_for_more_and_more_serves_for_less(store: AnalysisStore) -> None:
    quick, full = heard(Effort.QUICK, 0.25, 0.5), heard(Effort.FULL, 1.0, 0.25)
    in_places = np.array([[0.5, 0.25], [np.nan, np.nan]], np.float16)
    store.add(AUDIO, CARD, quick, in_places)
    assert store.analysis(AUDIO, CARD, Effort.QUICK) == quick
    assert store.known_audio([CARD], Effort.QUICK) == {AUDIO}
    np.testing.assert_array_equal(store.taggram(AUDIO, CARD, Effort.QUICK), in_places)  # type: ignore[arg-type]
    for more in (Effort.BALANCED, Effort.FULL):
        assert store.analysis(AUDIO, CARD, more) is None
        assert store.taggram(AUDIO, CARD, more) is None
        assert store.known_audio([CARD], more) == set()
    store.add(AUDIO, CARD, full, TAGGRAM)
    for effort in Effort:
        assert store.analysis(AUDIO, CARD, effort) == full
        assert store.known_audio([CARD], effort) == {AUDIO}
    store.add(AUDIO, CARD, quick, in_places)  # another Earmark, at the same time, heard less
    assert store.analysis(AUDIO, CARD, Effort.QUICK) == full


def test_of_two_decoders_the_one_that_heard_more_counts(store: AnalysisStore) -> None:
    store.add(AUDIO, CARD, replace(heard(Effort.FULL, 1.0, 0.25), decoder="decoder 2"), TAGGRAM)
    store.add(AUDIO, CARD, heard(Effort.QUICK, 0.25, 0.5), TAGGRAM)
    found = store.analysis(AUDIO, CARD, Effort.QUICK)
    assert found is not None
    assert (found.decoder, found.effort) == ("decoder 2", Effort.FULL)


def test_analyses_from_before_there_was_a_choice_were_made_in_full(tmp_path: Path) -> None:
    path = tmp_path / "analyses.sqlite3"
    old = open_database(path, analysis_store._MIGRATIONS[:1], durable=False)
    scores = np.array([0.25, 0.75], np.float32).tobytes()
    old.execute(
        "INSERT INTO analyses VALUES (?, ?, ?, 'decoder 1', 'small', 'cpu', 12.5, '[\"cut off\"]', ?, ?)",
        (AUDIO, CARD.sha256, CARD.features.digest(), scores, zlib.compress(TAGGRAM.tobytes())),
    )
    old.close()
    store = AnalysisStore(path, {"decoder 1"})
    assert store.analysis(AUDIO, CARD) == HEARD
    store.close()
