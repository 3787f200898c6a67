"""A tiny prepared data set with features that a network can learn, written through ``training.dataset``'s layout."""

from pathlib import Path

import numpy as np

from tagger_core.domain import FeatureSpec
from training.dataset import Clip, Dataset, Labels, replacing, shard_path, write_dataset

SPEC = FeatureSpec(n_mels=24, patch_frames=40, patch_hop=40)
NAMES = ("low", "high", "fast")
CLIPS = 60
_FRAMES = 100
_PARTS = ("train", "train", "train", "valid", "test")


def small_dataset(folder: Path, spec: FeatureSpec = SPEC, seed: int = 0) -> Dataset:
    """60 clips of 12 artists: energy in low or in high bands, and slow or fast changes, are their labels."""
    generator = np.random.default_rng(seed)
    matrix = generator.integers(0, 2, (CLIPS, len(NAMES)), dtype=np.uint8)
    ids = tuple(str(number) for number in range(CLIPS))
    clips = []
    for number in range(CLIPS):
        artist = number // 5
        part = _PARTS[artist % len(_PARTS)]
        clips.append(Clip(ids[number], f"0/{number}.mp3", f"artist {artist}", "album", 1.6, part, part, part))
    folder.mkdir(parents=True)
    labels = Labels(ids, NAMES, matrix)
    write_dataset(folder, Path("audio"), clips, labels)
    labels.save(folder / "labels.npz")
    dataset = Dataset.open(folder)
    _write_features(dataset.features_folder(spec), spec, labels, generator)
    return dataset


def _write_features(folder: Path, spec: FeatureSpec, labels: Labels, generator: np.random.Generator) -> None:
    folder.mkdir(parents=True)
    half = spec.bands // 2
    frames = generator.normal(0, 0.3, (len(labels.clip_ids), _FRAMES, spec.bands))
    for clip, (low, high, fast) in enumerate(labels.matrix):
        frames[clip, :, :half] += low
        frames[clip, :, half:] += high
        frames[clip] += np.sin(np.arange(_FRAMES) * (1.5 if fast else 0.2))[:, np.newaxis]
    np.save(shard_path(folder, 0), frames.reshape(-1, spec.bands).astype(np.float16))
    count = len(labels.clip_ids)
    with replacing(folder / "index.npz") as temporary, temporary.open("wb") as file:
        np.savez(
            file,
            clip_ids=np.array(labels.clip_ids),
            shard=np.zeros(count, int),
            start=np.arange(count) * _FRAMES,
            frames=np.full(count, _FRAMES),
        )
