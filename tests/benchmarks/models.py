"""``python -m tests.benchmarks.models [FOLDER]``: what each choice of models costs and is worth, side by side.

Cost is the time of one processor core in the networks for 240 s of music (80 patches), the best of several rounds that
go round among the choices, so that other work on the machine counts as little as it can. The rest is over the tracks
of FOLDER (the clips of the tests). Where FOLDER has subfolders that a model's card says it never heard, only those are
used. ``--teachers`` are what the choices are compared with, else ``accurate`` is:

    python -m tests.benchmarks.models corpus/music --teachers A+B+C+D --soundfont OTHER.sf2

*tags* are those of the balanced profile on a track; *r* and *difference* compare the probabilities of tags over tracks
(mean over tags), *Jaccard* what is suggested. *facts* is the macro ROC-AUC of ``earmark-train facts``. The second table
asks whether the profiles behave as named: of the tags that a choice suggests with each profile, how many does the
reference suggest (precision), and how many of those of the reference are among them (recall).
"""

import argparse
import re
import sys
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from tagger_core.audio import open_audio
from tagger_core.domain import FeatureSpec, Track
from tagger_core.features import patch_batches
from tagger_core.library_scan import scan
from tagger_core.model_card import PROFILES
from tagger_core.settings import MODEL_CHOICES
from training.agreement import agreement
from training.facts import judged_on_facts
from training.listeners import Floats, Listener, listeners, track_tag_scores
from training.progress import tracked
from training.rendering import RenderError

CLIPS = Path(__file__).resolve().parents[1] / "data" / "music"
SPEC = FeatureSpec()
PATCHES = 80
ROUNDS = 5
REFERENCE = "accurate"
FACTS_CLIPS, FACTS_SEED = 160, 77


def core_milliseconds(choices: Sequence[Listener], patches: Floats) -> dict[str, float]:
    """For ``PATCHES`` patches, all networks of a choice together."""
    repeated = np.resize(patches, (PATCHES, *patches.shape[1:]))
    best = dict.fromkeys((choice.name for choice in choices), float("inf"))
    for _ in range(ROUNDS):
        for choice in choices:
            start = time.thread_time()
            for models in choice.sets:
                for model in models:
                    model.scores(repeated)
            best[choice.name] = min(best[choice.name], time.thread_time() - start)
    return {name: 1000 * seconds for name, seconds in best.items()}


def never_heard(choices: Sequence[Listener], folder: Path) -> list[Path]:
    """The subfolders that the cards name as never heard; ``folder`` itself where there are none."""
    cards = [models[0].card for choice in choices for models in choice.sets]
    lines = [found[1] for card in cards for source in card.datasets if (found := re.match("Never heard: (.*)", source))]
    named = dict.fromkeys(name for line in lines for name in line.split(", "))
    return [folder / name for name in named if (folder / name).is_dir()] or [folder]


def first_patches(paths: Sequence[Path]) -> Floats:
    found: list[Floats] = []
    for path in paths:
        with open_audio(path, SPEC.sample_rate) as stream:
            found += [batch.patches for batch in patch_batches(stream.blocks(), SPEC, 8)]
        if sum(map(len, found)) >= PATCHES:
            break
    return np.concatenate(found)[:PATCHES]


def on_tags(listener: Listener, scores: Floats, tags: Sequence[str]) -> Floats:
    places = [listener.tags.index(tag) for tag in tags]
    return scores[..., places]


def suggested(listener: Listener, scores: Floats, profile: str) -> list[set[str]]:
    tags = np.array(listener.tags)
    return [set(tags[row >= listener.thresholds[profile]].tolist()) for row in scores]


def likeness(own: Listener, mine: Floats, other: Listener, theirs: Floats) -> str:
    """Cells of the table: r, difference, Jaccard."""
    tags = [tag for tag in own.tags if tag in other.tags]
    found = agreement(
        own.name,
        on_tags(own, mine, tags),
        on_tags(other, theirs, tags),
        on_tags(own, own.thresholds["balanced"], tags),
        on_tags(other, other.thresholds["balanced"], tags),
    )
    return f"{found.correlation:.4f} | {found.difference:.4f} | {found.jaccard:.3f}"


def shares(found: Sequence[set[str]], wanted: Sequence[set[str]]) -> str:
    """Precision and recall over all tracks together."""
    both = sum(len(one & other) for one, other in zip(found, wanted, strict=True))
    return f"{both / max(1, sum(map(len, found))):.2f} / {both / max(1, sum(map(len, wanted))):.2f}"


def facts(choices: Sequence[Listener], soundfont: Path | None) -> dict[str, str]:
    try:
        _, judgements = judged_on_facts(choices, FACTS_CLIPS, FACTS_SEED, soundfont)
    except RenderError as error:
        sys.stderr.write(f"no facts: {error}\n")
        return {choice.name: "" for choice in choices}
    return {judgement.name: f"{judgement.macro_roc_auc:.4f}" for judgement in judgements}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.models", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?", default=CLIPS)
    parser.add_argument("--models", nargs="*", default=[], metavar="MODEL", help="more choices, A+B for a pair")
    parser.add_argument(
        "--teachers", default=REFERENCE, metavar="A+B", help="what they are compared with (%(default)s)"
    )
    parser.add_argument("--tracks", type=int, default=100, help="at most so many (%(default)s)")
    parser.add_argument("--soundfont", type=Path, help="for the facts, one that no model was trained on")
    options = parser.parse_args()

    choices = listeners([*MODEL_CHOICES, *options.models, options.teachers])
    reference = (
        choices[-1] if options.teachers not in MODEL_CHOICES else choices[[*MODEL_CHOICES].index(options.teachers)]
    )
    folders = never_heard(choices, options.folder)
    paths = [found.path for found in islice(scan(folders), options.tracks) if isinstance(found, Track)]
    heard = [track_tag_scores(path, choices) for path in tracked(paths, "listening", len(paths))]
    scores = {choice.name: np.stack([track[row] for track in heard]) for row, choice in enumerate(choices)}
    wanted = suggested(reference, scores[reference.name], "balanced")
    costs = core_milliseconds(choices, first_patches(paths))
    known = facts(choices, options.soundfont)

    where = "music that was never heard" if folders != [options.folder] else options.folder.name
    lines = [
        f"{len(paths)} tracks of {where}; compared with {reference.name}",
        "",
        f"| choice | labels | MB | ms of a core for 240 s | ratio to {REFERENCE} | tags a track | r | difference "
        "| Jaccard | facts |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for choice in choices:
        own = scores[choice.name]
        models = [model for members in choice.sets for model in members]
        size = sum((model.folder / "model.onnx").stat().st_size for model in models) / 1e6
        count = np.mean([len(tags) for tags in suggested(choice, own, "balanced")])
        labels = sum(len(members[0].card.labels) for members in choice.sets)
        cost = costs[choice.name]
        lines.append(
            f"| `{choice.name}` | {labels} | {size:.1f} | {cost:.0f} | {cost / costs[REFERENCE]:.2f} | {count:.1f} "
            f"| {likeness(choice, own, reference, scores[reference.name])} | {known[choice.name]} |"
        )
    lines += ["", f"| precision / recall | {' | '.join(PROFILES)} |", "|---|---|---|---|"]
    for choice in choices:
        cells = [shares(suggested(choice, scores[choice.name], profile), wanted) for profile in PROFILES]
        lines.append(f"| `{choice.name}` | {' | '.join(cells)} |")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
