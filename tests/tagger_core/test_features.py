"""The values are librosa's, whole or as a stream; no frame is lost or counted twice."""

import subprocess
import sys
import tracemalloc
from collections.abc import Iterator

import hypothesis.strategies as st
import librosa
import numpy as np
import pytest
from hypothesis import given, settings

from tagger_core.domain import FeatureSpec
from tagger_core.features import log_mel, mel_filters, mfcc, patch_batches, stream_frames, window

MUSICNN = FeatureSpec()
SMALL = FeatureSpec(sample_rate=8_000, n_fft=64, hop_length=32, n_mels=8, patch_frames=5, patch_hop=5)
OVERLAPPING = FeatureSpec(sample_rate=8_000, n_fft=64, hop_length=20, n_mels=8, patch_frames=5, patch_hop=2)
SMALL_MFCC = FeatureSpec(
    kind="mfcc", sample_rate=8_000, n_fft=63, hop_length=32, n_mels=8, n_mfcc=6, patch_frames=5, patch_hop=5
)


def music(seconds: float, rate: int = 16_000) -> np.ndarray:
    """Loud tones, near silence, true silence and noise: where rounding shows and where it hides."""
    generator = np.random.default_rng(3)
    samples = generator.standard_normal(int(seconds * rate)).astype(np.float32) * 0.1
    quarter = len(samples) // 4
    samples[:quarter] *= 1e-4
    samples[quarter : quarter + quarter // 2] = 0
    samples[2 * quarter : 3 * quarter] = np.sin(0.3 * np.arange(quarter))
    return samples


TIMES = np.arange(6 * 16_000) / 16_000
NOISE = np.random.default_rng(4).standard_normal(len(TIMES))
LOUD_AND_QUIET = {
    "a tone of full scale": np.sin(2 * np.pi * 1_000.5 * TIMES),
    "the same over noise of -100 dB": np.sin(2 * np.pi * 1_000.5 * TIMES) + 1e-5 * NOISE,
    "a tone that goes up": np.sin(2 * np.pi * 600 * TIMES * TIMES),
    "clipped": np.clip(50 * NOISE, -1, 1),
    "120 dB over full scale": 1e6 * NOISE,
    "one sample": np.where(TIMES == 3, 1.0, 0.0),
    "half silent": np.where(TIMES > 3, NOISE, 0.0),
    "silent": np.zeros(len(TIMES)),
    "nearly silent": 1e-7 * NOISE,
    "off centre": 0.9 + 1e-4 * NOISE,
}


def streamed(blocks: list[np.ndarray], spec: FeatureSpec, batch_size: int = 16) -> tuple[np.ndarray, np.ndarray]:
    batches = list(patch_batches(blocks, spec, batch_size))
    assert all(len(batch.patches) == len(batch.weights) == batch_size for batch in batches[:-1])
    return np.concatenate([batch.patches for batch in batches]), np.concatenate([batch.weights for batch in batches])


def whole(samples: np.ndarray, spec: FeatureSpec) -> np.ndarray:
    return mfcc(samples, spec) if spec.kind == "mfcc" else log_mel(samples, spec)


def starts(frames: int, spec: FeatureSpec) -> list[int]:
    """First frame of every patch of a track of at least one patch, as the documentation tells it."""
    on_grid = list(range(0, frames - spec.patch_frames + 1, spec.patch_hop))
    at_end = frames - spec.patch_frames
    return on_grid if on_grid[-1] == at_end else [*on_grid, at_end]


class TestWholeClip:
    def test_log_mel_is_the_published_front_end(self) -> None:
        samples = music(8)
        mel = librosa.feature.melspectrogram(y=samples, sr=16_000, n_fft=512, hop_length=256, n_mels=96)
        np.testing.assert_allclose(log_mel(samples, MUSICNN), np.log10(1 + 10_000 * mel).T, atol=1e-6)

    def test_mfcc_is_librosas_without_a_floor(self) -> None:
        samples = music(4)
        spec = FeatureSpec(kind="mfcc", n_mfcc=13)
        mel = librosa.feature.melspectrogram(y=samples, sr=16_000, n_fft=512, hop_length=256, n_mels=96)
        decibels = 10 * np.log10(np.maximum(mel, 1e-10))
        wanted = librosa.feature.mfcc(S=decibels, n_mfcc=13).T
        np.testing.assert_allclose(mfcc(samples, spec), wanted, rtol=1e-5, atol=1e-3)

    def test_the_loudest_moment_does_not_change_the_quiet_ones(self) -> None:
        samples = music(4)
        louder = samples.copy()
        louder[-8_000:] *= 100
        spec = FeatureSpec(kind="mfcc")
        np.testing.assert_array_equal(mfcc(samples, spec)[:200], mfcc(louder, spec)[:200])


class TestFilters:
    """They are worked out here, to spare the import of librosa; to the same bits."""

    @settings(max_examples=60, deadline=None)
    @given(
        sample_rate=st.sampled_from([1_000, 2_000, 8_000, 16_000, 22_050, 44_100, 48_000]),
        n_fft=st.sampled_from([64, 65, 256, 512, 1_024, 2_048]),
        n_mels=st.integers(8, 128),
    )
    @pytest.mark.filterwarnings("ignore:Empty filters detected:UserWarning")
    def test_are_librosas(self, sample_rate: int, n_fft: int, n_mels: int) -> None:
        spec = FeatureSpec(sample_rate=sample_rate, n_fft=n_fft, hop_length=32, n_mels=n_mels, patch_hop=1)
        wanted = librosa.filters.mel(sr=sample_rate, n_fft=n_fft, n_mels=n_mels)
        np.testing.assert_array_equal(mel_filters(spec).toarray(), wanted)
        np.testing.assert_array_equal(window(spec), librosa.filters.get_window("hann", n_fft))

    def test_listening_does_without_librosa(self) -> None:
        script = "import sys, tagger_core.analysis; sys.exit('librosa' in sys.modules or 'numba' in sys.modules)"
        assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


class TestStream:
    def test_patches_have_librosas_values(self) -> None:
        samples = music(20)
        frames = log_mel(samples, MUSICNN)
        patches, weights = streamed(np.array_split(samples, 13), MUSICNN)
        assert patches.dtype == np.float32
        assert patches.flags.c_contiguous
        for patch, start in zip(patches, starts(len(frames), MUSICNN), strict=True):
            np.testing.assert_allclose(patch, frames[start : start + 187], atol=1e-5)
        assert weights.sum() * 187 == pytest.approx(len(frames))

    @pytest.mark.parametrize("name", LOUD_AND_QUIET)
    def test_loud_and_quiet_side_by_side_have_librosas_values(self, name: str) -> None:
        """Where float32 is not enough: errors of the loud part would show in the logarithm of the quiet one."""
        samples = LOUD_AND_QUIET[name].astype(np.float32)
        frames = np.concatenate(list(stream_frames(np.array_split(samples, 7), MUSICNN)))
        np.testing.assert_allclose(frames, log_mel(samples, MUSICNN), rtol=0, atol=1e-5)

    @pytest.mark.parametrize(
        "length", [1, 255, 256, 257, 511, 512, 513, *(192 * 256 + n for n in (-257, -256, 0, 255, 256))]
    )
    @pytest.mark.filterwarnings("ignore:n_fft=512 is too large for input signal:UserWarning")
    def test_odd_lengths_give_every_frame(self, length: int) -> None:
        samples = music(4)[:length]
        frames = np.concatenate(list(stream_frames([samples], MUSICNN)))
        assert frames.shape == (1 + length // 256, 96)
        np.testing.assert_allclose(frames, log_mel(samples, MUSICNN), rtol=0, atol=1e-5)

    def test_mfcc_patches_have_librosas_values(self) -> None:
        samples = music(10)
        spec = FeatureSpec(kind="mfcc")
        frames = mfcc(samples, spec)
        patches, _ = streamed(np.array_split(samples, 7), spec)
        for patch, start in zip(patches, starts(len(frames), spec), strict=True):
            np.testing.assert_allclose(patch, frames[start : start + 187], rtol=1e-5, atol=1e-3)

    @settings(max_examples=60, deadline=None)
    @given(
        spec=st.sampled_from([SMALL, OVERLAPPING, SMALL_MFCC]),
        length=st.integers(1, 6_000),
        cuts=st.lists(st.integers(0, 6_000), max_size=8),
        batch_size=st.integers(1, 5),
    )
    def test_any_cut_into_blocks_gives_the_same_patches(
        self, spec: FeatureSpec, length: int, cuts: list[int], batch_size: int
    ) -> None:
        samples = music(1, 6_000)[:length]
        patches, weights = streamed([samples], spec, 1_000_000)
        again, weights_again = streamed(np.split(samples, sorted(cuts)), spec, batch_size)
        np.testing.assert_allclose(again, patches, rtol=1e-5, atol=1e-3 if spec.kind == "mfcc" else 1e-5)
        np.testing.assert_array_equal(weights_again, weights)

    @settings(max_examples=60, deadline=None)
    @given(spec=st.sampled_from([SMALL, OVERLAPPING, SMALL_MFCC]), length=st.integers(64, 6_000))
    def test_every_frame_is_covered_and_counted_once(self, spec: FeatureSpec, length: int) -> None:
        samples = music(1, 6_000)[:length]
        frames = whole(samples, spec)
        patches, weights = streamed([samples], spec)
        if len(frames) < spec.patch_frames:
            wanted = [np.concatenate([frames] * spec.patch_frames)[: spec.patch_frames]]
            assert weights.tolist() == [1]
        else:
            wanted = [frames[start : start + spec.patch_frames] for start in starts(len(frames), spec)]
            assert weights.sum() == pytest.approx(1 + (len(frames) - spec.patch_frames) / spec.patch_hop)
            assert (weights[:-1] == 1).all()
        np.testing.assert_allclose(patches, wanted, rtol=1e-5, atol=1e-3 if spec.kind == "mfcc" else 1e-5)

    def test_no_samples_give_no_batches(self) -> None:
        assert list(patch_batches([], MUSICNN, 16)) == []
        assert list(patch_batches([np.empty(0, np.float32)], MUSICNN, 16)) == []

    def test_memory_does_not_grow_with_the_track(self) -> None:
        block = music(4)

        def long_track(minutes: int) -> Iterator[np.ndarray]:
            return (block for _ in range(15 * minutes))

        def peak(minutes: int) -> int:
            tracemalloc.start()
            for _ in patch_batches(long_track(minutes), MUSICNN, 4):
                pass
            highest = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            return highest

        peak(1)  # fills the caches of windows and filters
        assert peak(8) < 1.2 * peak(1)
