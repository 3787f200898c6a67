"""Generated sounds in real files."""

from pathlib import Path

import numpy as np
import soundfile

from tagger_core.domain import FileStamp, Track

RATE = 16_000


def noise(seconds: float, *, level: float = 0.5, seed: int = 1) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """White noise, so that every mel band has something to say."""
    generator = np.random.default_rng(seed)
    return (level * generator.uniform(-1, 1, int(seconds * RATE))).astype(np.float32)


def silence(seconds: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.zeros(int(seconds * RATE), np.float32)


def write(path: Path, samples: np.ndarray[tuple[int], np.dtype[np.float32]]) -> Track:
    """A file of the kind that its name says (mp3, wav, flac, ogg) as a track."""
    soundfile.write(path, samples, RATE, format=path.suffix[1:].upper())
    return Track(path, FileStamp.of(path.stat()))
