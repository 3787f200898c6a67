"""Which places of a track are heard, and when that is enough."""

import math
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagger_core.classifier import Classifier
from tagger_core.domain import Analysis, Effort, FeatureSpec, Track
from tagger_core.errors import AudioError
from tagger_core.isolated_decoding import Decoders
from tagger_core.model_card import ModelFolder
from tagger_core.sampling import (
    FIRST_PLACES,
    MORE_PLACES,
    PRICES,
    Excerpts,
    Sampling,
    spread_order,
    standard_errors,
    worth_sampling,
)
from tagger_core.track_inference import CancelledError, listen
from tests.hostile_decoders import open_hostile
from tests.small_models import card, label, write_model
from tests.sounds import RATE, noise, silence, write

CARDS = (card([label("rock"), label("pop")]), card([label("rock"), label("techno")], name="other"))
EFFORTS = st.sampled_from(sorted(PRICES))


@given(st.integers(1, 3_000))
def test_every_place_comes_once(places: int) -> None:
    assert sorted(spread_order(places)) == list(range(places))


@given(st.integers(1, 3_000), st.data())
def test_any_beginning_is_spread_over_the_track(places: int, data: st.DataObject) -> None:
    """Between two neighbours, or before the first or after the last, never lie much more than what an even grid leaves:
    the discrepancy of the sequence is below that of a grid of half as many places.
    """
    order = spread_order(places)
    first = data.draw(st.integers(1, places))
    edges = np.array([-1, *sorted(order[:first]), places])
    assert np.diff(edges).max() <= 2 * places / 2 ** math.floor(math.log2(first)) + 1


@settings(max_examples=25, deadline=None)
@given(EFFORTS, st.integers(1, 200), st.floats(0, 1), st.integers(0, 2**32 - 1))
def test_sampling_ends_and_tells_what_was_heard(effort: Effort, places: int, wild: float, seed: int) -> None:
    """Whatever the scores, each place is heard at most once, and the scores come back in the order of the places."""
    random = np.random.default_rng(seed)
    scores = [np.clip(0.5 + wild * random.normal(size=(places, 2)), 0, 1).astype(np.float32) for _ in CARDS]
    sampling = Sampling(CARDS, places, PRICES[effort])
    rounds = []
    while now := sampling.next_places():
        rounds.append(now)
        sampling.hear([rows[now] for rows in scores])
    assert sampling.heard == [place for now in rounds for place in now]
    assert len(set(sampling.heard)) == len(sampling.heard)
    assert len(rounds[0]) == min(places, FIRST_PLACES)
    assert all(len(now) == MORE_PLACES for now in rounds[1:-1])
    for rows, back in zip(scores, sampling.scores(), strict=True):
        np.testing.assert_array_equal(back, rows[sampling.heard])
    if len(sampling.heard) == places:
        assert sampling.doubt() == 0


def heard_places(rock: float, sway: float, effort: Effort = Effort.QUICK, places: int = 80) -> int:
    """How many places are heard of a track whose rock goes up and down, while everything else is clear."""
    sampling = Sampling(CARDS[:1], places, PRICES[effort])
    over_time = rock + sway * np.random.default_rng(7).choice([-1, 1], places)
    while now := sampling.next_places():
        sampling.hear([np.array([[value, 0.9] for value in over_time[now]], np.float32)])
    return len(sampling.heard)


def test_clear_tracks_are_settled_at_once_and_others_are_listened_to_for_longer() -> None:
    assert heard_places(rock=0.05, sway=0.02) == FIRST_PLACES
    assert heard_places(rock=0.95, sway=0.02) == FIRST_PLACES
    close = heard_places(rock=0.45, sway=0.45)
    assert close > FIRST_PLACES
    assert heard_places(rock=0.45, sway=0.45, effort=Effort.BALANCED) > close


def test_standard_errors_are_those_of_a_mean_without_replacement() -> None:
    """Of 2,000 samples of 16 out of 40 places, the means scatter as the standard errors say."""
    random = np.random.default_rng(1)
    track = random.beta(2, 3, size=40)
    samples = np.array([random.choice(track, 16, replace=False) for _ in range(2_000)])
    said = np.sqrt(np.mean(standard_errors(samples.mean(axis=1), samples.var(axis=1), 16, 40) ** 2))
    assert said == pytest.approx(samples.mean(axis=1).std(), rel=0.1)
    assert standard_errors(track.mean(keepdims=True), track.var(keepdims=True), 40, 40) == 0


@given(
    st.floats(30, 400),
    st.sampled_from([FeatureSpec(), FeatureSpec(patch_frames=100, patch_hop=37), FeatureSpec(kind="mfcc", n_fft=2048)]),
)
def test_excerpts_lie_inside_the_track(length: float, spec: FeatureSpec) -> None:
    excerpts = Excerpts(spec, length)
    assert 1 <= excerpts.places <= excerpts.patches
    for place in (0, excerpts.places // 2, excerpts.places - 1):
        start, seconds = excerpts.span(place)
        assert start >= 0
        assert start + seconds <= length + 1e-6
        assert seconds >= spec.patch_seconds


@pytest.mark.parametrize(
    ("seconds", "spec", "worth"),
    [
        (0, FeatureSpec(), False),
        (29.9, FeatureSpec(), False),
        (30, FeatureSpec(), True),
        (10_800, FeatureSpec(), True),
        (1e12, FeatureSpec(), False),
        (100, FeatureSpec(patch_frames=1_000, patch_hop=1_000), False),
        (300, FeatureSpec(patch_frames=1_000, patch_hop=1_000), True),
    ],
)
def test_tracks_of_few_patches_or_beyond_belief_are_not_sampled(seconds: float, spec: FeatureSpec, worth: bool) -> None:
    assert worth_sampling(seconds, spec) is worth


def spiky(seconds: float) -> np.ndarray:
    """Loud and quiet by turns of five seconds, so that no patch sounds like the next one."""
    level = np.repeat(np.random.default_rng(3).uniform(0.001, 1, math.ceil(seconds / 5)), 5 * RATE)
    return noise(seconds) * level[: int(seconds * RATE)].astype(np.float32)


@pytest.fixture
def heard_by(tmp_path: Path) -> list[Classifier]:
    folder = write_model(tmp_path / "models", [label("rock"), label("pop")], (1, -1), (-2.2, 2))
    return [Classifier(ModelFolder.load(folder), "cpu")]


def analysis(
    track: Track, heard_by: list[Classifier], effort: Effort, decoders: Decoders
) -> tuple[Analysis, np.ndarray]:
    ((_, found, taggram),) = listen(track, heard_by, threading.Event(), decoders.open, effort).heard
    return found, taggram.astype(np.float32)


@pytest.mark.parametrize("kind", ["mp3", "flac", "ogg", "wav"])
def test_what_is_heard_in_places_is_what_the_whole_track_says_there(
    tmp_path: Path, heard_by: list[Classifier], kind: str
) -> None:
    track = write(tmp_path / f"a.{kind}", spiky(100))
    with Decoders() as decoders:
        whole, everything = analysis(track, heard_by, Effort.FULL, decoders)
        part, some = analysis(track, heard_by, Effort.QUICK, decoders)
    assert (whole.effort, whole.share) == (Effort.FULL, 1.0)
    assert part.effort is Effort.QUICK
    assert part.duration == pytest.approx(whole.duration, abs=0.1)
    assert (part.decoder, part.device, part.warnings) == (whole.decoder, whole.device, ())
    assert some.shape == everything.shape
    heard = ~np.isnan(some[:, 0])
    assert 0 < heard.mean() == part.share < 1
    np.testing.assert_allclose(some[heard], everything[heard], atol=2e-3)
    np.testing.assert_allclose(list(part.scores.values()), everything[heard].mean(axis=0), atol=2e-3)


def test_a_helper_is_used_again_after_excerpts(tmp_path: Path, heard_by: list[Classifier]) -> None:
    track = write(tmp_path / "a.mp3", spiky(60))
    with Decoders() as decoders:
        for _ in range(2):
            analysis(track, heard_by, Effort.QUICK, decoders)
        assert len(decoders._idle) == 1


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def damaged(path: Path) -> None:
    """Where one of the first places lies, at 7/16."""
    content = bytearray(path.read_bytes())
    begin, end = int(0.4 * len(content)), int(0.5 * len(content))
    content[begin:end] = bytes(end - begin)
    path.write_bytes(content)


def more_than_it_says(path: Path) -> None:
    """The VBR header of the first half speaks of that half only."""
    path.write_bytes(path.read_bytes() * 2)


@pytest.mark.parametrize(
    ("name", "seconds", "change"),
    [
        ("short.mp3", 25, None),
        ("half.flac", 80, cut_off),
        ("half.mp3", 80, cut_off),
        ("twice.mp3", 80, more_than_it_says),
        ("bad.flac", 80, damaged),
    ],
)
def test_what_is_short_or_not_as_it_should_be_is_heard_in_full(
    tmp_path: Path, heard_by: list[Classifier], name: str, seconds: float, change: object
) -> None:
    track = write(tmp_path / name, spiky(seconds))
    if callable(change):
        change(track.path)
    with Decoders() as decoders:
        whole, everything = analysis(track, heard_by, Effort.FULL, decoders)
        part, some = analysis(track, heard_by, Effort.QUICK, decoders)
    assert part == whole
    np.testing.assert_array_equal(some, everything)


def test_a_decoder_that_crashes_on_an_excerpt_costs_its_file_only(tmp_path: Path, heard_by: list[Classifier]) -> None:
    culprit, good = write(tmp_path / "segfault.wav", spiky(60)), write(tmp_path / "good.wav", spiky(60))
    with Decoders(open_hostile) as decoders:
        with pytest.raises(AudioError, match="crashed"):
            listen(culprit, heard_by, threading.Event(), decoders.open, Effort.QUICK)
        assert analysis(good, heard_by, Effort.QUICK, decoders)[0].effort is Effort.QUICK


def test_silence_is_settled_and_cancelling_is_heeded(tmp_path: Path, heard_by: list[Classifier]) -> None:
    track = write(tmp_path / "a.wav", silence(90))
    with Decoders() as decoders:
        assert analysis(track, heard_by, Effort.QUICK, decoders)[0].share < 0.5
        cancelled = threading.Event()
        cancelled.set()
        with pytest.raises(CancelledError):
            listen(track, heard_by, cancelled, decoders.open, Effort.QUICK)
