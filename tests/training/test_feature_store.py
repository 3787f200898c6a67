"""Features on disk: the app's own numbers, and nothing lost when a run is killed or the disk is full."""

import os
import signal
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tagger_core.audio import open_audio
from tagger_core.domain import FeatureSpec
from tagger_core.errors import SettingsError
from tagger_core.features import Floats, log_mel, mfcc
from training import feature_store
from training.dataset import Clip, Dataset, DatasetError, Features, shard_path
from training.feature_store import add_spec_options, make_features, run, spec_of
from training.golden_outputs import REPOSITORY

LOG_MEL, MFCC = FeatureSpec(), FeatureSpec(kind="mfcc")


@pytest.fixture(autouse=True)
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    """48 clips in 5 shards."""
    monkeypatch.setattr(feature_store, "CLIPS_IN_SHARD", 10)


def options(dataset: Dataset, kind: str = "log_mel", **changed: int) -> Namespace:
    parser = ArgumentParser()
    add_spec_options(parser)
    return Namespace(
        **{**vars(parser.parse_args(["--kind", kind])), "dataset": dataset.folder, "workers": 2, **changed}
    )


@pytest.mark.parametrize(("spec", "transform"), [(LOG_MEL, log_mel), (MFCC, mfcc)])
def test_the_features_are_the_apps_own(
    dataset: Dataset, spec: FeatureSpec, transform: Callable[[Floats, FeatureSpec], Floats]
) -> None:
    assert run(options(dataset, spec.kind)) == 0
    store = dataset.features(spec)
    assert store.clip_ids == tuple(clip.clip_id for clip in dataset.clips)
    for clip in dataset.clips[::9]:
        with open_audio(dataset.audio_path(clip), spec.sample_rate) as stream:
            samples = np.concatenate(list(stream.blocks()))
        wanted = transform(samples, spec)
        frames = store.frames(clip.clip_id)
        assert isinstance(frames, np.memmap)
        assert frames.dtype == np.float16
        np.testing.assert_allclose(frames, wanted, rtol=1e-3, atol=1e-3)


def test_patches_are_cut_later_so_their_settings_share_the_features(dataset: Dataset) -> None:
    make_features(dataset, LOG_MEL)
    assert dataset.features(FeatureSpec(patch_frames=64, patch_hop=32)).clip_ids
    with pytest.raises(DatasetError, match="no finished log_mel features"):
        dataset.features(FeatureSpec(hop_length=512))


def test_a_second_run_computes_nothing(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    make_features(dataset, LOG_MEL)
    monkeypatch.setattr(feature_store, "_features", lambda *_: pytest.fail("computed again"))
    assert make_features(dataset, LOG_MEL) == {}


def test_a_killed_run_goes_on_where_it_was(dataset: Dataset, tmp_path: Path) -> None:
    program = (
        "import os, signal\n"
        "from pathlib import Path\n"
        "from tagger_core.domain import FeatureSpec\n"
        "from training import feature_store\n"
        "from training.dataset import Dataset\n"
        "feature_store.CLIPS_IN_SHARD = 10\n"
        "compute = feature_store._features\n"
        "def killed(dataset, spec, clip):\n"
        "    if clip.clip_id == '26': os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return compute(dataset, spec, clip)\n"
        "feature_store._features = killed\n"
        f"feature_store.make_features(Dataset.open(Path({str(dataset.folder)!r})), FeatureSpec(), 1)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, env=os.environ, check=False)
    assert done.returncode == -signal.SIGKILL
    folder = dataset.features_folder(LOG_MEL)
    finished = {path: path.stat().st_mtime_ns for path in folder.glob("shard-*.npy")}
    assert sorted(finished) == [shard_path(folder, 0), shard_path(folder, 1)]
    with pytest.raises(DatasetError, match="no finished log_mel features"):
        dataset.features(LOG_MEL)

    make_features(dataset, LOG_MEL)
    assert {path: path.stat().st_mtime_ns for path in finished} == finished
    assert len(dataset.features(LOG_MEL).clip_ids) == 48


def test_a_full_disk_is_told_and_finished_shards_stay(dataset: Dataset) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full, a disk that is always full")
    folder = dataset.features_folder(LOG_MEL)
    folder.mkdir(parents=True)
    third = shard_path(folder, 2)
    trap = third.with_name(f"{third.name}.{os.getpid()}.tmp")
    trap.symlink_to(full)
    with pytest.raises(DatasetError, match=r"shard-00002\.npy cannot be written: the disk is full; make room"):
        make_features(dataset, LOG_MEL)
    assert sorted(folder.glob("shard-*.npy")) == [shard_path(folder, 0), shard_path(folder, 1)]
    make_features(dataset, LOG_MEL)
    assert len(dataset.features(LOG_MEL).clip_ids) == 48


def test_an_interrupted_run_keeps_its_shards(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    compute = feature_store._features

    def interrupted(dataset: Dataset, spec: FeatureSpec, clip: Clip) -> tuple[Features, str]:
        if clip.clip_id == "15":
            raise KeyboardInterrupt
        return compute(dataset, spec, clip)

    monkeypatch.setattr(feature_store, "_features", interrupted)
    with pytest.raises(KeyboardInterrupt):
        make_features(dataset, LOG_MEL)
    folder = dataset.features_folder(LOG_MEL)
    assert [path.name for path in folder.glob("shard-*.npy")] == ["shard-00000.npy"]
    assert not list(folder.glob("*.tmp"))


def test_a_clip_that_went_bad_is_left_out_and_told(
    dataset: Dataset, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    clips = dataset.clips
    moved = Dataset(dataset.folder, tmp_path / "audio", clips)
    for clip in clips:
        path = moved.audio_path(clip)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"bad" if clip.clip_id in ("7", "30") else dataset.audio_path(clip).read_bytes())
    problems = make_features(moved, LOG_MEL)
    assert sorted(problems) == sorted(clip.path for clip in clips if clip.clip_id in ("7", "30"))
    assert make_features(moved, LOG_MEL) == problems
    store = moved.features(LOG_MEL)
    assert len(store.clip_ids) == 46
    after = next(clip for clip in clips if clip.clip_id == "31")
    with open_audio(dataset.audio_path(after), 16_000) as stream:
        wanted = log_mel(np.concatenate(list(stream.blocks())), LOG_MEL)
    np.testing.assert_allclose(store.frames("31"), wanted, atol=1e-2)


def test_a_damaged_shard_is_told(dataset: Dataset) -> None:
    make_features(dataset, LOG_MEL)
    shard = shard_path(dataset.features_folder(LOG_MEL), 1)
    shard.write_bytes(b"\x93NUMPY nothing")
    with pytest.raises(DatasetError, match=r"shard-00001\.npy is missing or damaged"):
        dataset.features(LOG_MEL).frames("11")


def test_settings_that_make_no_sense_are_told(dataset: Dataset) -> None:
    with pytest.raises(SettingsError, match="hop_length must not be larger than n_fft"):
        spec_of(options(dataset, hop_length=4096))
    with pytest.raises(SettingsError, match="sample_rate"):
        spec_of(options(dataset, sample_rate=5))
