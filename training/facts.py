"""``facts``: models judged on music whose tags are facts: General MIDI pieces, in programs and sounds unheard.

Each clip is a random piece (``composition``) of held-out programs; what plays, how fast and how loud it is, is known. A
tag of a model is judged where the pieces have it or not, several models side by side.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tagger_core.errors import SettingsError

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    from training.judging import Judgement
    from training.known_tags import KnownTags
    from training.listeners import Listener

SECONDS = 9.2
"""Three patches, and a little for the last frame."""


def add_parser(commands: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("facts", help="judge models on rendered music whose labels are facts")
    parser.add_argument(
        "models",
        nargs="+",
        metavar="MODEL",
        help="fast, accurate, a name or a folder; A+B: together, teachers with the same labels as their mean",
    )
    parser.add_argument("--clips", type=int, default=160, help="%(default)s")
    parser.add_argument("--seed", type=int, default=77, help="%(default)s")
    parser.add_argument("--soundfont", type=Path, help="not one that a model was trained on (default: FluidR3)")
    parser.add_argument("--resamples", type=int, default=0, metavar="N", help="bootstrap samples (%(default)s: none)")


def run(options: argparse.Namespace) -> int:
    if options.clips < 20:
        raise SettingsError("fewer than 20 clips tell nothing")

    from training.judging import table_lines
    from training.listeners import listeners

    judges = listeners(options.models)
    known, judgements = judged_on_facts(judges, options.clips, options.seed, options.soundfont, options.resamples)
    print(f"{options.clips} pieces, {len(known.tags)} tags\n")
    for line in table_lines(known.tags, known.truth, judgements):
        print(line)
    return 0


def judged_on_facts(
    judges: Sequence["Listener"], clips: int, seed: int, soundfont: Path | None = None, resamples: int = 0
) -> "tuple[KnownTags, list[Judgement]]":
    """The truth about the pieces and a judgement of each listener. Raises ``RenderError``, ``SettingsError``."""
    import numpy as np

    from tagger_core.features import log_mel
    from training.composition import TAGS, compose
    from training.judging import judged
    from training.known_tags import known_tags
    from training.listeners import tag_scores
    from training.rendering import SOUNDFONT, RenderError, fluidsynth_renderer

    render = fluidsynth_renderer(soundfont or SOUNDFONT)
    if not render:
        raise RenderError("FluidSynth or its sounds are missing; install them (Debian: fluidsynth, fluid-soundfont-gm)")
    specs = {models[0].card.features for judge in judges for models in judge.sets}
    if len(specs) > 1:
        raise SettingsError("these models listen with different feature settings; judge them one after the other")
    (spec,) = specs
    pieces = [compose(np.random.default_rng([seed, clip]), SECONDS, held_out=True) for clip in range(clips)]
    size = int(SECONDS / spec.patch_seconds)
    scores = []
    for piece in pieces:
        frames = log_mel(render(piece), spec)[: size * spec.patch_frames]
        scores.append(tag_scores(frames.reshape(size, spec.patch_frames, spec.bands), judges))
    known = known_tags([piece.tags for piece in pieces], TAGS, judges, scores)
    return known, judged(known.truth, np.arange(clips).astype(str), known.heard, resamples)
