"""The picture is that of the samples, in flat memory; the sound begins where it was asked for."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import librosa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagger_core.audio import open_audio
from tagger_core.errors import AudioError, FileError
from tagger_core.isolated_decoding import Decoders
from tagger_core.track_preview import (
    AHEAD_SECONDS,
    MOST_COLUMNS,
    PLAY_RATE,
    PreviewCancelledError,
    SampleFeed,
    TrackOverview,
    draw_overview,
)
from tests.hostile_decoders import open_hostile
from tests.sounds import RATE, noise, write

CLIPS = sorted((Path(__file__).parents[1] / "data" / "music").glob("*.mp3"))
HOP = 256


class Blocks:
    """A stream that delivers given blocks, and counts them."""

    decoder = "fake"
    warnings = ()

    def __init__(self, blocks: list[np.ndarray], rate: int) -> None:
        self._blocks = blocks
        self._rate = rate
        self.delivered = 0
        self.closed = False

    @property
    def seconds(self) -> float:
        return sum(map(len, self._blocks[: self.delivered])) / self._rate

    def blocks(self) -> Iterator[np.ndarray]:
        for block in self._blocks:
            self.delivered += 1
            yield block

    @contextmanager
    def open(self, path: Path, sample_rate: int, start: float = 0.0) -> Iterator["Blocks"]:
        yield self
        self.closed = True


def overview_of(blocks: list[np.ndarray]) -> TrackOverview:
    return draw_overview(Path("x.mp3"), Blocks(blocks, RATE).open, threading.Event())


def decoded(path: Path, rate: int, start: float = 0.0) -> np.ndarray:
    with open_audio(path, rate, start) as stream:
        return np.concatenate(list(stream.blocks()))


def grouped(values: np.ndarray, per_column: int) -> list[np.ndarray]:
    return [values[first : first + per_column] for first in range(0, len(values), per_column)]


def wait_until(condition: Callable[[], bool]) -> None:
    for _ in range(2_000):
        if condition():
            return
        time.sleep(0.005)
    pytest.fail("it never came to pass")


@pytest.mark.parametrize("clip", CLIPS[:2], ids=lambda clip: clip.stem)
def test_the_spectrogram_is_that_of_librosa(clip: Path) -> None:
    overview = draw_overview(clip, open_audio, threading.Event())
    mel = librosa.feature.melspectrogram(y=decoded(clip, RATE), sr=RATE, n_fft=512, hop_length=HOP, n_mels=96)
    expected = [column.mean(axis=0) for column in grouped(np.log10(1 + 10_000 * mel.T), 2)]
    np.testing.assert_allclose(overview.log_mel, expected[: len(overview.log_mel)], atol=1e-4)
    assert overview.column_seconds == 2 * HOP / RATE


@pytest.mark.parametrize("clip", CLIPS[:2], ids=lambda clip: clip.stem)
def test_the_waveform_has_the_extremes_of_the_samples(clip: Path) -> None:
    overview = draw_overview(clip, open_audio, threading.Event())
    samples = decoded(clip, RATE)
    expected = [(part.min(), part.max()) for part in grouped(samples, 2 * HOP)]
    np.testing.assert_array_equal(overview.waveform, np.array(expected, np.float32))
    assert overview.duration == len(samples) / RATE


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 70_000), min_size=1, max_size=12))
def test_the_lengths_of_the_blocks_do_not_matter(lengths: list[int]) -> None:
    samples = noise(60)[: sum(lengths)]
    blocks = [block for block in np.split(samples, np.cumsum(lengths)[:-1]) if len(block)]
    pieces, whole = overview_of(blocks), overview_of([samples])
    np.testing.assert_array_equal(pieces.waveform, whole.waveform)
    np.testing.assert_allclose(pieces.log_mel, whole.log_mel, atol=1e-5)
    assert (pieces.column_seconds, pieces.duration) == (whole.column_seconds, whole.duration)


@pytest.mark.parametrize("seconds", [0.5, 16.37, 16.384, 16.4, 300])
def test_columns_are_bounded_and_cover_the_whole_track(seconds: float) -> None:
    overview = overview_of(np.array_split(noise(seconds), 7))
    columns = len(overview.waveform)
    assert overview.log_mel.shape == (columns, 96)
    assert min(MOST_COLUMNS / 2, seconds * RATE / HOP) <= columns <= MOST_COLUMNS
    assert (columns - 1) * overview.column_seconds < seconds <= columns * overview.column_seconds


def test_an_overview_that_nobody_wants_is_given_up_at_the_next_block() -> None:
    stream, cancelled = Blocks([noise(1)] * 100, RATE), threading.Event()
    cancelled.set()
    with pytest.raises(PreviewCancelledError):
        draw_overview(Path("x.mp3"), stream.open, cancelled)
    assert stream.delivered == 1


def test_a_crash_of_the_decoder_costs_the_overview_only(tmp_path: Path) -> None:
    bad, good = write(tmp_path / "segfault.wav", noise(9)).path, write(tmp_path / "good.wav", noise(9)).path
    with Decoders(open_hostile) as decoders:
        with pytest.raises(AudioError, match="crashed"):
            draw_overview(bad, decoders.open, threading.Event())
        assert draw_overview(good, decoders.open, threading.Event()).duration == 9


def read_all(feed: SampleFeed, at_once: int = 10_000) -> np.ndarray:
    parts = []
    deadline = time.monotonic() + 30
    while not feed.finished and time.monotonic() < deadline:
        parts.append(feed.read(at_once))
        if not len(parts[-1]):
            time.sleep(0.002)
    return np.concatenate(parts) if parts else np.empty(0, np.int16)


@pytest.mark.parametrize("start", [0.0, 12.345])
def test_the_sound_is_what_the_decoder_gives_from_that_moment_on(start: float) -> None:
    with Decoders() as decoders:
        feed = SampleFeed(CLIPS[0], decoders.open, start)
        assert feed.position == start
        played = read_all(feed)
    expected = np.round(np.clip(decoded(CLIPS[0], PLAY_RATE, start), -1, 1) * 32_767)
    np.testing.assert_array_equal(played, expected.astype(np.int16))
    assert feed.position == pytest.approx(start + len(played) / PLAY_RATE)
    assert feed.problem == ""


def test_only_a_few_seconds_are_decoded_ahead() -> None:
    stream = Blocks([np.zeros(PLAY_RATE, np.float32)] * 1_000, PLAY_RATE)
    feed = SampleFeed(Path("long.mp3"), stream.open)
    wait_until(lambda: stream.delivered >= AHEAD_SECONDS)
    time.sleep(0.05)  # it would go on now, if it did not wait
    assert stream.delivered <= AHEAD_SECONDS + 1
    feed.read(PLAY_RATE)
    wait_until(lambda: stream.delivered > AHEAD_SECONDS)
    feed.close()
    wait_until(lambda: stream.closed)


def test_reading_never_waits_and_never_gives_more_than_was_asked_for() -> None:
    stream = Blocks([np.zeros(100, np.float32)] * 3, PLAY_RATE)
    feed = SampleFeed(Path("x.mp3"), stream.open)
    wait_until(lambda: stream.closed)
    assert [len(feed.read(count)) for count in (50, 120, 1_000, 1)] == [50, 120, 130, 0]
    assert feed.finished


def test_what_is_wrong_with_a_file_is_told_by_the_feed(tmp_path: Path) -> None:
    feed = SampleFeed(tmp_path / "gone.mp3", open_audio)
    wait_until(lambda: feed.finished)
    assert feed.problem == "the file is no longer there"
    with pytest.raises(FileError):
        draw_overview(tmp_path / "gone.mp3", open_audio, threading.Event())
