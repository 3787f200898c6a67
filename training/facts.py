"""``facts``: models judged on music whose labels are facts: General MIDI pieces, in programs and sounds unheard.

Each clip is a random piece (``composition``) of held-out programs; what plays, whether there are drums, how fast and
how loud it is, is known. A label of a model is judged where it names one of these tags: ROC-AUC over the clips. With
several models of the same labels, as teachers are, their mean in the logit domain is judged.
"""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tagger_core.errors import SettingsError

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    from tagger_core.classifier import Classifier
    from training.soft_targets import Floats

SECONDS = 9.2
"""Three patches, and a little for the last frame."""


def add_parser(commands: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("facts", help="judge models on rendered music whose labels are facts")
    parser.add_argument("models", type=Path, nargs="+", metavar="MODEL", help="a model folder, or teachers to average")
    parser.add_argument("--clips", type=int, default=160, help="%(default)s")
    parser.add_argument("--seed", type=int, default=77, help="%(default)s")
    parser.add_argument("--soundfont", type=Path, help="not one that a model was trained on (default: FluidR3)")


def run(options: argparse.Namespace) -> int:
    if options.clips < 20:
        raise SettingsError("fewer than 20 clips tell nothing")

    from tagger_core.classifier import Classifier
    from tagger_core.model_card import ModelFolder

    classifiers = [Classifier(ModelFolder.load(path), "cpu") for path in options.models]
    values = judged(classifiers, options.clips, options.seed, options.soundfont)
    for label, value in values.items():
        print(f"{value:.3f}  {label}")
    print(f"{sum(values.values()) / len(values):.4f}  mean over {len(values)} labels, {options.clips} clips")
    return 0


def judged(
    classifiers: Sequence["Classifier"], clips: int, seed: int, soundfont: Path | None = None
) -> dict[str, float]:
    """ROC-AUC by label; labels of models with equal label names are averaged. Raises ``RenderError``."""
    import numpy as np
    from sklearn.metrics import roc_auc_score

    from tagger_core.features import log_mel
    from training.composition import compose
    from training.rendering import SOUNDFONT, RenderError, fluidsynth_renderer

    render = fluidsynth_renderer(soundfont or SOUNDFONT)
    if not render:
        raise RenderError("FluidSynth or its sounds are missing; install them (Debian: fluidsynth, fluid-soundfont-gm)")
    spec = classifiers[0].card.features
    pieces = [compose(np.random.default_rng([seed, clip]), SECONDS, held_out=True) for clip in range(clips)]
    size = int(SECONDS / spec.patch_seconds)
    patches = [
        log_mel(render(piece), spec)[: size * spec.patch_frames].reshape(size, spec.patch_frames, spec.bands)
        for piece in pieces
    ]
    values = {}
    for label, scores in _scores(classifiers, patches).items():
        truth = [label.split(" (")[0] in piece.tags for piece in pieces]
        if any(truth) and not all(truth):
            values[label] = float(roc_auc_score(truth, scores))
    if not values:
        raise SettingsError("no label of these models names anything that the pieces have")
    return values


def _scores(classifiers: Sequence["Classifier"], patches: Sequence["Floats"]) -> "Mapping[str, Floats]":
    """Label -> its mean score in each clip."""
    import numpy as np

    from training.soft_targets import averaged

    sets: dict[tuple[str, ...], list[Classifier]] = {}
    for classifier in classifiers:
        sets.setdefault(classifier.card.label_names, []).append(classifier)
    found: dict[str, Floats] = {}
    for names, members in sets.items():
        heard = averaged([np.stack([member.scores(clip) for clip in patches]) for member in members]).mean(axis=1)
        for index, name in enumerate(names):
            shared = sum(name in others for others in sets) > 1
            found[f"{name} ({members[0].card.name})" if shared else name] = heard[:, index]
    return found
