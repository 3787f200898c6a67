"""Make ``tagger_core/data/selftest.json``: what the shipped networks say about the selftest clips, the plain way.

Nothing of Earmark's own listening is used: librosa loads, resamples and transforms, ONNX Runtime computes, NumPy
averages. Run ``python -m tests.golden.selftest_scores`` after a shipped network has changed.
"""

import json
import tempfile
from pathlib import Path

import av
import librosa
import numpy as np
import numpy.typing as npt
import onnxruntime as ort
import soundfile

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tagger_core" / "data"
MODELS = ("magnatagatune", "million-song", "earmark-fast")


def plain_scores(clip: Path, model: Path, labels: list[str]) -> dict[str, float]:
    """Mean of the patch scores, the last patch aligned with the end and weighted by what it adds."""
    samples, rate = librosa.load(_readable(clip), sr=16_000, mono=True)
    mel = librosa.feature.melspectrogram(y=samples, sr=rate, n_fft=512, hop_length=256, n_mels=96)
    frames = np.log10(1 + 10_000 * mel).T.astype(np.float32)
    starts = list(range(0, len(frames) - 186, 187))
    weights = [1.0] * len(starts)
    if len(frames) % 187:
        starts.append(len(frames) - 187)
        weights.append(len(frames) % 187 / 187)
    patches = np.stack([frames[start : start + 187] for start in starts])
    scores: npt.NDArray[np.float32] = ort.InferenceSession(model).run(None, {"patches": patches})[0]
    return dict(zip(labels, np.average(scores, axis=0, weights=weights).round(7).tolist(), strict=True))


def _readable(clip: Path) -> Path:
    """A WAV of what libsndfile cannot read."""
    if clip.suffix != ".m4a":
        return clip
    with av.open(str(clip)) as container:
        rate = container.streams.audio[0].rate
        blocks = [frame.to_ndarray() for frame in container.decode(audio=0)]
    wav = Path(tempfile.mkdtemp()) / "clip.wav"
    soundfile.write(wav, np.concatenate(blocks, axis=1).T, rate, subtype="FLOAT")
    return wav


def main() -> None:
    scores = {}
    for name in MODELS:
        card = json.loads((ROOT / "models" / name / "card.json").read_text(encoding="utf-8"))
        labels = [label["name"] for label in card["labels"]]
        scores[card["sha256"]] = {
            clip.name: plain_scores(clip, ROOT / "models" / name / "model.onnx", labels)
            for clip in sorted(DATA.glob("selftest.*"))
            if clip.suffix != ".json"
        }
    origin = (
        f"python -m tests.golden.selftest_scores: librosa {librosa.__version__}, ONNX Runtime {ort.__version__} on CPU"
    )
    content = json.dumps({"origin": origin, "scores": scores}, indent=1) + "\n"
    (DATA / "selftest.json").write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
