"""End-to-end time of Earmark against the plain way, on the same files, in one run; and where the time goes.

The plain way is what one writes first: for each track, one after the other, ``librosa.load``,
``librosa.feature.melspectrogram``, and one ONNX Runtime session per model with its default options, which use all
cores, for all patches of the track in one call. It is measured twice: with the very model files that Earmark ships, and
with the published networks as tf2onnx exports them, which is what one has without the work of ``training.slimming``
(same scores to 1e-5; needs the ``training`` extra, and downloads the published wheel once).

Run: ``make bench`` or ``python -m tests.benchmarks [FOLDER]``. Without a folder the shipped clips are
repeated to tracks of two minutes. Rounds alternate, so that a machine that changes its speed slows both sides; what
counts is the ratio of medians.
"""

import argparse
import contextlib
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import librosa
import numpy as np
import onnxruntime as ort
import soundfile

from tagger_core.analysis import analyse
from tagger_core.audio import open_audio
from tagger_core.batch import Batch
from tagger_core.classifier import Classifier
from tagger_core.domain import Track
from tagger_core.errors import ModelError
from tagger_core.features import patch_batches
from tagger_core.library_scan import scan
from tagger_core.model_card import ModelFolder, shipped_models
from tagger_core.settings import Settings
from tagger_core.track_inference import BATCH_PATCHES

CLIPS = Path(__file__).resolve().parents[1] / "data" / "music"
MODELS = ("magnatagatune", "million-song")


def main() -> int:
    parser = argparse.ArgumentParser(description="Earmark's time against the plain way's, on the same files.")
    parser.add_argument(
        "folder", nargs="?", type=Path, help="music to measure with (default: the shipped clips, repeated)"
    )
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each way; medians are compared (default 3)")
    options = parser.parse_args()
    with music(options.folder) as folder:
        tracks = [found for found in scan([folder]) if isinstance(found, Track)]
        folders = [ModelFolder.load(shipped_models() / name) for name in MODELS]
        measure(tracks, folders, options.rounds)
    return 0


@contextlib.contextmanager
def music(folder: Path | None, seconds: float = 120.0) -> Iterator[Path]:
    """The folder, or a temporary one with every shipped clip repeated to ``seconds``."""
    if folder:
        yield folder
        return
    with tempfile.TemporaryDirectory() as place:
        for clip in sorted(CLIPS.glob("*.mp3")):
            samples, rate = soundfile.read(clip, dtype="float32")
            repeated = np.resize(samples, (int(seconds * rate), *samples.shape[1:]))
            soundfile.write(Path(place) / clip.name, repeated, rate, format="MP3")
        yield Path(place)


def measure(tracks: Sequence[Track], folders: Sequence[ModelFolder], rounds: int) -> None:
    settings = Settings()
    classifiers = [Classifier(folder) for folder in folders]
    shipped = [ort.InferenceSession(folder.path / "model.onnx") for folder in folders]
    ways: dict[str, Callable[[], float]] = {
        "earmark": lambda: earmark(tracks, classifiers, settings),
        "plain, shipped models": lambda: plain(tracks, shipped),
    }
    published = published_sessions()
    if published:
        ways["plain, as published"] = lambda: plain(tracks, published)
    heard = earmark(tracks[:2], classifiers, settings)  # warm caches, libraries and the clock of the processor
    plain(tracks[:2], shipped)
    times: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds):
        for name, way in ways.items():
            start = time.perf_counter()
            heard = way()
            times[name].append(time.perf_counter() - start)
            say(f"round {number + 1}: {name} {times[name][-1]:.1f} s")
    say(
        f"\n{len(tracks)} tracks, {heard / 60:.0f} minutes of music, {settings.workers} workers, "
        f"models {', '.join(MODELS)}, ONNX Runtime {ort.__version__} on {classifiers[0].device}"
    )
    ours = statistics.median(times["earmark"])
    for name, values in times.items():
        median = statistics.median(values)
        say(
            f"{name:<22} {median:7.1f} s  (min {min(values):.1f}, max {max(values):.1f})  "
            f"{1000 * median / heard * 240:6.0f} ms for 240 s of music  {median / ours:5.2f} x earmark"
        )
    say(f"\nwhere Earmark's time goes (one thread, ms for 240 s of music)\n{stages(tracks, classifiers)}")


def earmark(tracks: Sequence[Track], classifiers: Sequence[Classifier], settings: Settings) -> float:
    """The main job without a store, a dry run; returns seconds of music."""
    batch = Batch([classifier.card for classifier in classifiers], settings)
    results = analyse(tracks, classifiers, None, workers=settings.workers, cancelled=threading.Event())
    rows = list(batch.rows(results))
    return sum(row.analyses[0].duration for row in rows if row.analyses)


def published_sessions() -> list[ort.InferenceSession]:
    """The published networks, exported plainly; none, with a message, where they cannot be had."""
    try:
        from training.import_musicnn import SHIPPED, plain_network
        from training.published_musicnn import fetch_wheel, open_wheel, read_labels, read_weights

        with open_wheel(fetch_wheel()) as wheel:
            return [
                ort.InferenceSession(
                    plain_network(read_weights(wheel, SHIPPED[name]), len(read_labels(wheel, SHIPPED[name])))
                )
                for name in MODELS
            ]
    except (ImportError, ModelError) as error:
        say(f"without the published networks as they are: {error}")
        return []


def plain(tracks: Sequence[Track], sessions: Sequence[ort.InferenceSession]) -> float:
    """The plain way; returns seconds of music."""
    seconds = 0.0
    for track in tracks:
        samples, rate = librosa.load(track.path, sr=16_000, mono=True)
        seconds += len(samples) / rate
        mel = librosa.feature.melspectrogram(y=samples, sr=rate, n_fft=512, hop_length=256, n_mels=96)
        frames = np.log10(1 + 10_000 * mel).T.astype(np.float32)
        patches = frames[: len(frames) // 187 * 187].reshape(-1, 187, 96)
        for session in sessions:
            session.run(None, {"patches": patches})[0].mean(axis=0)
    return seconds


def stages(tracks: Sequence[Track], classifiers: Sequence[Classifier]) -> str:
    """Time of each step alone, on one thread, over all tracks."""
    spec = classifiers[0].card.features
    seconds, times = 0.0, dict.fromkeys(("decode and resample", "features", *MODELS), 0.0)

    @contextlib.contextmanager
    def timed(stage: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        times[stage] += time.perf_counter() - start

    for track in tracks:
        with open_audio(track.path, spec.sample_rate) as stream:
            with timed("decode and resample"):
                blocks = list(stream.blocks())
            seconds += stream.seconds
        with timed("features"):
            batches = list(patch_batches(blocks, spec, BATCH_PATCHES))
        for classifier in classifiers:
            with timed(classifier.card.name):
                for batch in batches:
                    classifier.scores(batch.patches)
    total = sum(times.values())
    return "\n".join(
        f"  {stage:<22} {1000 * spent / seconds * 240:6.0f}  {100 * spent / total:4.1f} %"
        for stage, spent in times.items()
    )


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
