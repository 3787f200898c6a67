"""Golden numbers: what the authors' own graphs say of a generated signal and of the shipped clips.

Run as ``python -m training.golden_outputs`` to make ``tests/data/golden_scores.json`` again; the tests hold
the shipped models against it without TensorFlow and without the published checkpoints.

Contents
--------
``golden_signal``   a signal that is the same everywhere, rich enough to move every part of the networks
``whole_patches``   samples -> the patches musicnn cuts: side by side, the incomplete last one dropped
``clip_samples``    a clip as the program hears it
"""

import argparse
import json
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tagger_core.audio import open_audio
from tagger_core.domain import FeatureSpec
from tagger_core.features import log_mel

Floats = npt.NDArray[np.float32]

REPOSITORY = Path(__file__).resolve().parent.parent
CLIPS = REPOSITORY / "tests" / "data" / "music"
GOLDEN_FILE = REPOSITORY / "tests" / "data" / "golden_scores.json"
SPEC = FeatureSpec()
_DIGITS = 8


def golden_signal() -> Floats:
    """Twelve seconds at 16 kHz: a chord with vibrato, a beat, a rising tone in noise, silence."""
    seconds = np.arange(3 * SPEC.sample_rate) / SPEC.sample_rate
    vibrato = 0.004 * np.sin(2 * np.pi * 5.5 * seconds)
    notes = (220.0, 277.18, 329.63, 440.0, 880.0)
    chord = sum(np.sin(2 * np.pi * note * (seconds + vibrato / 5)) / (1 + number) for number, note in enumerate(notes))
    beat = np.sin(2 * np.pi * 60 * seconds) * np.exp(-25 * (seconds % 0.5))
    # A linear congruential generator, so that the noise does not depend on any library's version.
    states = np.empty(len(seconds), np.uint32)
    state = 1
    for index in range(len(seconds)):
        state = (1_664_525 * state + 1_013_904_223) % 2**32
        states[index] = state
    noise = states / 2**31 - 1
    hiss = np.where(seconds % 0.25 < 0.03, noise, 0)
    rising = np.sin(2 * np.pi * (100 * seconds + 600 * seconds**2))
    parts = [0.2 * chord, 0.6 * beat + 0.3 * hiss, 0.4 * rising + 0.1 * noise, np.zeros_like(seconds)]
    return np.concatenate(parts).astype(np.float32)


def whole_patches(samples: Floats) -> Floats:
    """Patches (n, 187, 96) of ``samples`` at 16 kHz."""
    frames = log_mel(samples, SPEC)
    count = len(frames) // SPEC.patch_frames
    return frames[: count * SPEC.patch_frames].reshape(count, SPEC.patch_frames, SPEC.bands)


def clip_samples(path: Path) -> Floats:
    """Mono at 16 kHz. Raises ``AudioError``."""
    with open_audio(path, SPEC.sample_rate) as stream:
        return np.concatenate(list(stream.blocks()))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.golden_outputs", description=__doc__)
    parser.add_argument("--wheel", type=Path, help="the wheel of musicnn 0.1.0, instead of downloading it")
    options = parser.parse_args()

    # Here, because they take TensorFlow and the tests that use this module do not.
    from training.original_graph import original_scores
    from training.published_musicnn import CHECKPOINTS, fetch_wheel, open_wheel

    signal = whole_patches(golden_signal())
    clips = {path.name: whole_patches(clip_samples(path)) for path in sorted(CLIPS.glob("*.mp3"))}
    of_signal = {}
    of_clips: dict[str, dict[str, list[float]]] = {name: {} for name in clips}
    with open_wheel(options.wheel or fetch_wheel()) as wheel:
        for checkpoint in CHECKPOINTS:
            scores = original_scores(wheel, checkpoint, signal)
            of_signal[checkpoint] = np.round(scores.astype(float), _DIGITS).tolist()
        for checkpoint in ("MTT_musicnn", "MSD_musicnn"):
            for name, patches in clips.items():
                means = original_scores(wheel, checkpoint, patches).astype(float).mean(axis=0)
                of_clips[name][checkpoint] = np.round(means, _DIGITS).tolist()
    golden = {"signal": of_signal, "clips": of_clips}
    GOLDEN_FILE.write_text(json.dumps(golden, indent=1) + "\n", encoding="utf-8")
    print(f"{GOLDEN_FILE}: {len(signal)} patches of the signal, {len(clips)} clips")


if __name__ == "__main__":
    main()
