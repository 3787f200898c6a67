"""The ways from a folder of music to scores that ``end_to_end`` compares, each over all tracks.

Contents
--------
``decode_only``       what no program can do without: soundfile, as many threads as Earmark has workers, nothing else
``earmark``           the main job: a dry run with a new store; what it ``Heard``
``plain``             what one writes first: librosa, ONNX Runtime on all cores, one track after the other
``audiomuse``         the published recipe of AudioMuse-AI, as far as it does the same
``processor_seconds`` processor time until now of this process and all that it started
``jaccard``           how far two sets of tags are the same
"""

import contextlib
import statistics
import tempfile
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import librosa
import numpy as np
import numpy.typing as npt
import onnxruntime as ort
import psutil
import soundfile

from tagger_core.analysis import analyse
from tagger_core.analysis_store import AnalysisStore
from tagger_core.audio import decoder_names
from tagger_core.batch import Batch
from tagger_core.classifier import Classifier
from tagger_core.domain import Track
from tagger_core.settings import Settings

RATE = 16_000
PATCH_FRAMES = 187
DECODED_AT_ONCE = 1 << 18
"""Frames: new memory for whole tracks would take a tenth more time."""
AUDIOMUSE_SECONDS = 600
AUDIOMUSE_BATCH = 8


@dataclass(frozen=True)
class Heard:
    """What a run of Earmark came to."""

    seconds: float
    """Of music, all of it."""
    listened: float
    """Seconds of it that were listened to."""
    tags: tuple[frozenset[str], ...]
    """What is suggested for each track."""

    def agreement(self, other: "Heard") -> float:
        """Mean Jaccard index of the suggested tags, over tracks."""
        return statistics.fmean(map(jaccard, self.tags, other.tags))


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """Of what is in either set, the share that is in both; 1 where both are empty."""
    return len(one & other) / len(one | other) if one | other else 1.0


def processor_seconds() -> float:
    """Of this process and its descendants, living or waited for; in steps of 10 ms."""
    own = psutil.Process()
    seconds = 0.0
    for process in (own, *own.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):  # it has ended just now
            seconds += sum(process.cpu_times()[:4])
    return seconds


def decode_only(tracks: Sequence[Track], workers: int) -> None:
    def decode(track: Track) -> None:
        with soundfile.SoundFile(track.path) as sound:
            buffer = np.empty((DECODED_AT_ONCE, sound.channels), np.float32)
            while len(sound.read(out=buffer)):
                pass

    with ThreadPoolExecutor(workers) as pool:
        for _ in pool.map(decode, tracks):
            pass


def earmark(tracks: Sequence[Track], classifiers: Sequence[Classifier], settings: Settings) -> Heard:
    with tempfile.TemporaryDirectory() as folder:
        store = AnalysisStore(Path(folder) / "analyses.db", decoder_names())
        batch = Batch([classifier.card for classifier in classifiers], settings, store)
        results = analyse(
            tracks,
            classifiers,
            store,
            workers=settings.workers,
            cancelled=threading.Event(),
            effort=settings.effort,
        )
        rows = [row for row in batch.rows(results) if row.analyses]
        store.close()
    return Heard(
        sum(row.analyses[0].duration for row in rows),
        sum(row.analyses[0].duration * row.analyses[0].share for row in rows),
        tuple(frozenset(hearing.tag for hearing in row.hears) for row in rows),
    )


def plain(tracks: Sequence[Track], sessions: Sequence[ort.InferenceSession]) -> None:
    """``librosa.load``, ``librosa.feature.melspectrogram``, and all patches of a track in one call of each session."""
    for track in tracks:
        samples, _ = librosa.load(track.path, sr=RATE, mono=True)
        patches = _patches(librosa.feature.melspectrogram(y=samples, sr=RATE, n_fft=512, hop_length=256, n_mels=96))
        for session in sessions:
            session.run(None, {"patches": patches})[0].mean(axis=0)


def audiomuse(tracks: Sequence[Track], sessions: Sequence[ort.InferenceSession]) -> None:
    """At most ten minutes of each track, frames without centring, patches side by side, eight at a time.

    Re-implemented from the description at https://github.com/NeptuneHub/AudioMuse-AI (docs/ALGORITHM.md,
    "Song Analysis", read in November 2026). It runs one musicnn network; here it runs those of the choice that is
    measured, in sessions with its options (``audiomuse_session``). Its tempo, key, CLAP and lyrics are left out.
    """
    for track in tracks:
        samples, _ = librosa.load(track.path, sr=RATE, mono=True, duration=AUDIOMUSE_SECONDS)
        patches = _patches(
            librosa.feature.melspectrogram(y=samples, sr=RATE, n_fft=512, hop_length=256, n_mels=96, center=False)
        )
        batches = [patches[start : start + AUDIOMUSE_BATCH] for start in range(0, len(patches), AUDIOMUSE_BATCH)]
        for session in sessions:
            np.concatenate([session.run(None, {"patches": batch})[0] for batch in batches]).mean(axis=0)


def plain_session(network: Path) -> ort.InferenceSession:
    """With ONNX Runtime's default options: all cores at one track."""
    return ort.InferenceSession(network)


def audiomuse_session(network: Path) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False
    return ort.InferenceSession(network, options)


def _patches(mel: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Whole patches of log-compressed frames, side by side; what is left at the end is dropped."""
    frames = np.log10(1 + 10_000 * mel).T.astype(np.float32)
    return frames[: len(frames) // PATCH_FRAMES * PATCH_FRAMES].reshape(-1, PATCH_FRAMES, frames.shape[1])
