"""``python -m tests.benchmarks.models [FOLDER]``: what each choice of models costs and suggests, side by side.

Cost is the time of one processor core in the networks for 240 s of music (80 patches, in the program's batches), the
best of several rounds, so that other work on the machine counts as little as it can. Suggestions are those of the
balanced profile on the tracks of FOLDER (the clips of the tests); ``accurate`` is what the others are compared with.
"""

import argparse
import sys
import time
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tagger_core.audio import open_audio
from tagger_core.classifier import Classifier
from tagger_core.domain import FeatureSpec, Track
from tagger_core.features import PatchBatch, patch_batches
from tagger_core.library_scan import scan
from tagger_core.model_card import find_model, shipped_models
from tagger_core.settings import MODEL_CHOICES, Settings
from tagger_core.suggestions import Suggester, suggested
from tagger_core.track_inference import BATCH_PATCHES
from tagger_core.vocabulary import Vocabulary

CLIPS = Path(__file__).resolve().parents[1] / "data" / "music"
SPEC = FeatureSpec()
PATCHES = 80
ROUNDS = 5
REFERENCE = "accurate"


def core_milliseconds(classifiers: list[Classifier], patches: npt.NDArray[np.float32]) -> float:
    """For ``PATCHES`` patches, all networks together."""
    repeated = np.resize(patches, (PATCHES, *patches.shape[1:]))
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.thread_time()
        for classifier in classifiers:
            for place in range(0, PATCHES, BATCH_PATCHES):
                classifier.scores(repeated[place : place + BATCH_PATCHES])
        best = min(best, time.thread_time() - start)
    return 1000 * best


def suggestions(classifiers: list[Classifier], tracks: list[list[PatchBatch]]) -> list[frozenset[str]]:
    cards = [classifier.card for classifier in classifiers]
    suggester = Suggester(cards, Settings(), Vocabulary(cards))
    found = []
    for batches in tracks:
        weights = np.concatenate([batch.weights for batch in batches])
        heard = []
        for classifier in classifiers:
            scores = np.concatenate([classifier.scores(batch.patches) for batch in batches])
            means = np.average(scores, axis=0, weights=weights)
            heard.append(dict(zip(classifier.card.label_names, means.tolist(), strict=True)))
        found.append(frozenset(tag.tag for tag in suggested(suggester.suggest(heard))))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.models", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=CLIPS)
    parser.add_argument("--tracks", type=int, default=100, help="at most so many (%(default)s)")
    options = parser.parse_args()

    paths = [found.path for found in islice(scan([options.folder]), options.tracks) if isinstance(found, Track)]
    tracks = []
    for path in paths:
        with open_audio(path, SPEC.sample_rate) as stream:
            tracks.append(list(patch_batches(stream.blocks(), SPEC, BATCH_PATCHES)))
    patches = np.concatenate([batch.patches for batches in tracks[:10] for batch in batches])[:PATCHES]

    choices = {
        name: [Classifier(find_model(model, [shipped_models()]), "cpu") for model in models]
        for name, models in MODEL_CHOICES.items()
    }
    of_choice = {name: suggestions(classifiers, tracks) for name, classifiers in choices.items()}
    sys.stdout.write(
        f"| choice | size, MB | ms of a core for 240 s | tags a track, of {len(tracks)} | shared with {REFERENCE} |\n"
    )
    sys.stdout.write("|---|---|---|---|---|\n")
    for name, classifiers in choices.items():
        size = sum((classifier.folder / "model.onnx").stat().st_size for classifier in classifiers) / 1e6
        cost = core_milliseconds(classifiers, patches)
        pairs = list(zip(of_choice[name], of_choice[REFERENCE], strict=True))
        shared = sum(len(own & other) for own, other in pairs) / max(1, sum(len(own | other) for own, other in pairs))
        count = np.mean([len(own) for own in of_choice[name]])
        sys.stdout.write(f"| `{name}` | {size:.1f} | {cost:.0f} | {count:.1f} | {shared:.2f} |\n")


if __name__ == "__main__":
    main()
