"""Copies of music as bad recordings and files have it, for the teachers to hear anew.

Each copy is an excerpt with one to three of: another level, mp3 at a low rate, a narrower band, noise, another track
mixed in; all begin at a random place, so that patches are cut elsewhere. The labels are not copied: what is heard in a
copy is for the teachers to say.

Conventions: sound is float32, mono, 16 kHz, shape (n,). Contents: ``augmented``, ``write_copy``.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy.signal
import soundfile
import soxr

from tagger_core.errors import AudioError
from training.dataset import disk_errors

Samples = npt.NDArray[np.float32]

RATE = 16_000
EXCERPT_SECONDS = 36
"""Twelve patches."""
_LOUDEST = 0.98
_PEAK = np.float32(1e-6)


def write_copy(source: Path, other: Path, target: Path, seed: int) -> None:
    """An augmented excerpt of ``source``, perhaps with ``other`` mixed in, as FLAC.

    Raises ``AudioError`` where a source is no audio, ``DatasetError`` where the target cannot be written.
    """
    generator = np.random.default_rng(seed)
    sound = augmented(_excerpt(source, generator), _excerpt(other, generator), generator)
    with disk_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(target, sound, RATE, format="FLAC")


def augmented(sound: Samples, other: Samples, generator: np.random.Generator) -> Samples:
    """One to three changes of ``sound``, in a fixed order."""
    changes: list[Callable[[Samples, np.random.Generator], Samples]] = [
        lambda x, chance: _mixed(x, other, chance),
        _quieter,
        _with_noise,
        _narrower,
        _through_mp3,
    ]
    chosen = generator.choice(len(changes), int(generator.integers(1, 4)), replace=False)
    for index in sorted(chosen):
        sound = changes[index](sound, generator)
    peak = max(np.abs(sound).max(initial=0), _PEAK)
    fitting: Samples = (sound * min(1.0, _LOUDEST / peak)).astype(np.float32)
    return fitting


def _excerpt(path: Path, generator: np.random.Generator) -> Samples:
    """From a random place. Raises ``AudioError``."""
    try:
        with soundfile.SoundFile(path) as file:
            wanted = EXCERPT_SECONDS * file.samplerate
            file.seek(int(generator.integers(0, max(1, file.frames - wanted))))
            sound = file.read(wanted, dtype="float32", always_2d=True).mean(axis=1)
            excerpt: Samples = soxr.resample(sound, file.samplerate, RATE)
    except soundfile.LibsndfileError as error:
        raise AudioError(path, str(error)) from error
    return excerpt


def _level(sound: Samples) -> float:
    return float(np.sqrt(np.mean(np.square(sound, dtype=np.float64)))) + 1e-9


def _mixed(sound: Samples, other: Samples, generator: np.random.Generator) -> Samples:
    """The other track at 0 to 12 dB below this one."""
    length = min(len(sound), len(other))
    share = _level(sound) / _level(other) * 10 ** (-generator.uniform(0, 12) / 20)
    mixed: Samples = sound[:length] + np.float32(share) * other[:length]
    return mixed


def _quieter(sound: Samples, generator: np.random.Generator) -> Samples:
    """By up to 26 dB, or louder by up to 6."""
    return sound * np.float32(10 ** (generator.uniform(-26, 6) / 20))


def _with_noise(sound: Samples, generator: np.random.Generator) -> Samples:
    """White or brown noise, 15 to 40 dB below the music."""
    noise = generator.standard_normal(len(sound))
    if generator.random() < 0.5:
        noise = scipy.signal.lfilter([1.0], [1.0, -0.98], noise)
    noise *= _level(sound) / np.std(noise) * 10 ** (-generator.uniform(15, 40) / 20)
    noisy: Samples = sound + noise.astype(np.float32)
    return noisy


def _narrower(sound: Samples, generator: np.random.Generator) -> Samples:
    """Nothing above 4 to 7.5 kHz; sometimes nothing below 200 Hz either, as from a small loudspeaker."""
    highest = generator.uniform(4_000, 7_500)
    band = [200, highest] if generator.random() < 0.3 else highest
    kind = "bandpass" if isinstance(band, list) else "lowpass"
    filtered: Samples = scipy.signal.sosfilt(scipy.signal.butter(6, band, kind, fs=RATE, output="sos"), sound).astype(
        np.float32
    )
    return filtered


def _through_mp3(sound: Samples, generator: np.random.Generator) -> Samples:
    """Coded and decoded; low rates at 16 kHz mono sound as 32 to 128 kbps do in stereo."""
    with tempfile.TemporaryDirectory(prefix="earmark-") as folder:
        path = Path(folder) / "copy.mp3"
        soundfile.write(
            path, np.clip(sound, -1, 1), RATE, format="MP3", compression_level=float(generator.uniform(0.6, 1.0))
        )
        decoded, _ = soundfile.read(path, dtype="float32")
    coded: Samples = decoded
    return coded
