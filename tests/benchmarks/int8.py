"""``python -m tests.benchmarks.int8 [MODEL ...]``: what networks in whole numbers gain and lose, side by side.

Each model as it is, quantised as ONNX Runtime does by itself (static, per channel, everything it can; weights of 8 bits
and of 7) and as ``training.int8`` does. Ranges are measured on every other track of ``--music`` (the clips of the
tests), scores compared on the others. Time is that of one core for 240 s, best of several rounds; *equal* is the share
of (track, label) decisions at the balanced thresholds that stay the same, *Jaccard* that of the suggestions.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnxruntime as ort
from onnxruntime.quantization import QuantFormat, QuantType, quant_pre_process, quantize_static

from tagger_core.audio import open_audio
from tagger_core.domain import Track
from tagger_core.features import patch_batches
from tagger_core.library_scan import scan
from tagger_core.model_card import ModelFolder, find_model, shipped_models
from training.agreement import agreement
from training.int8 import CalibrationPatches, Floats, quantized

CLIPS = Path(__file__).resolve().parents[1] / "data" / "music"
MODELS = ("earmark-fast", "magnatagatune", "million-song")
BATCHES = (1, 2, 8)
PATCHES = 80
ROUNDS = 3
PATCHES_OF_A_TRACK = 20


def plainly_quantised(network: bytes, patches: Floats, reduce_range: bool) -> bytes:
    """As ONNX Runtime's documentation says."""
    with TemporaryDirectory() as folder:
        given, prepared, made = (Path(folder) / name for name in ("given.onnx", "prepared.onnx", "made.onnx"))
        given.write_bytes(network)
        quant_pre_process(given, prepared, skip_symbolic_shape=True)
        quantize_static(
            prepared,
            made,
            CalibrationPatches("patches", patches),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            reduce_range=reduce_range,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
        )
        return made.read_bytes()


def tracks_of(folder: Path, most: int, model: ModelFolder) -> list[Floats]:
    """Patches (n, frames, bands) from the beginning of each track."""
    spec, found = model.card.features, []
    for track in islice((each for each in scan([folder]) if isinstance(each, Track)), most):
        with open_audio(track.path, spec.sample_rate) as stream:
            batches = islice(patch_batches(stream.blocks(), spec, 1), PATCHES_OF_A_TRACK)
            found.append(np.concatenate([batch.patches for batch in batches]))
    return found


def session_of(network: bytes) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return ort.InferenceSession(network, options, providers=["CPUExecutionProvider"])


def track_scores(network: bytes, tracks: Sequence[Floats]) -> Floats:
    session = session_of(network)
    return np.stack(
        [np.mean([session.run(None, {"patches": one[None]})[0][0] for one in track], 0) for track in tracks]
    )


def milliseconds(networks: Sequence[bytes], patches: Floats) -> list[str]:
    """Of each, for ``BATCHES``; the rounds go round among the networks."""
    sessions = [session_of(network) for network in networks]
    best = np.full((len(networks), len(BATCHES)), np.inf)
    for _ in range(ROUNDS):
        for row, session in enumerate(sessions):
            for column, size in enumerate(BATCHES):
                start = time.thread_time()
                for place in range(0, PATCHES, size):
                    session.run(None, {"patches": patches[place : place + size]})
                best[row, column] = min(best[row, column], time.thread_time() - start)
    return [" / ".join(f"{1000 * value:.0f}" for value in row) for row in best]


def rows(model: ModelFolder, calibration: Sequence[Floats], judged: Sequence[Floats]) -> list[str]:
    network, patches = model.read_model(), np.concatenate(calibration)
    ways = {
        "float": network,
        "plain, 8 bits": plainly_quantised(network, patches, reduce_range=False),
        "plain, 7 bits": plainly_quantised(network, patches, reduce_range=True),
        "training.int8": quantized(network, patches),
    }
    times = milliseconds(list(ways.values()), np.resize(patches, (PATCHES, *patches.shape[1:])))
    thresholds = np.array([label.threshold("balanced") for label in model.card.labels], np.float32)
    wanted, lines = track_scores(network, judged), []
    for (way, made), cost in zip(ways.items(), times, strict=True):
        heard = track_scores(made, judged)
        like = agreement(way, heard, wanted, thresholds, thresholds)
        equal = float(np.mean((heard >= thresholds) == (wanted >= thresholds)))
        lines.append(
            f"| {model.card.name} | {way} | {len(made) / 1000:.0f} | {cost} | {like.difference:.4f} | "
            f"{like.correlation:.4f} | {100 * equal:.2f} % | {like.jaccard:.3f} |"
        )
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.int8", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "models", nargs="*", default=MODELS, metavar="MODEL", help="names or folders; not in whole numbers"
    )
    parser.add_argument("--music", type=Path, default=CLIPS, metavar="FOLDER")
    parser.add_argument("--tracks", type=int, default=100, help="at most so many (%(default)s)")
    options = parser.parse_args()
    cost = f"ms for 240 s, batches of {' / '.join(map(str, BATCHES))}"
    sys.stdout.write(
        f"| model | way | kB | {cost} | difference | r | equal | Jaccard |\n|---|---|---|---|---|---|---|---|\n"
    )
    for name in options.models:
        model = find_model(name, [shipped_models()])
        tracks = tracks_of(options.music, options.tracks, model)
        for line in rows(model, tracks[::2], tracks[1::2]):
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
