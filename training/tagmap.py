"""The command ``tagmap``: tags as word vectors, brought to a map by t-SNE.

It writes pictures (``tagmap-light.png``, ``.svg``, ``tagmap-dark`` ...), files for TensorBoard's projector, and
``tagmap.json`` for the Map of the window: each tag's name, place and cluster; x to the right, y upwards, both in
[-1, 1]. And it says in numbers whether the tags come near that the research project saw together.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tagger_core.cli.console import messages
from tagger_core.errors import SettingsError
from tagger_core.model_card import ModelCard, ModelFolder, find_model, model_folders, shipped_models
from tagger_core.vocabulary import Vocabulary, key_of

if TYPE_CHECKING:  # --help needs none of what these import
    from training.tag_layout import Cohesion, TagMap
    from training.word_vectors import Floats, TagVectors

ORIGINAL_CLUSTERS = (
    ("jazz", "slow", "soft", "quiet", "piano", "string"),
    ("drum", "synth", "dance", "modern", "electro"),
    ("orchestra", "ambient", "harpsichord", "harp", "violin", "flute"),
)
"""What the research project saw together on its map of the Google News vectors."""

MOST_CLUSTERS = 10
"""As many can be told apart by colour."""

MAP_FORMAT = 1


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``tagmap`` to the commands of ``earmark-train``."""
    parser = subparsers.add_parser(
        "tagmap",
        help="draw a map of the tags from word vectors",
        description="Place tags by what their words mean, with word vectors and t-SNE. Writes pictures, tagmap.json "
        "for the Map of Earmark's window, and files for the projector of TensorBoard.",
    )
    parser.add_argument("output", type=Path, metavar="FOLDER", help="where the files go")
    tags = parser.add_mutually_exclusive_group()
    tags.add_argument("--model", metavar="MODEL", help="the tags of this model, a name or a folder")
    tags.add_argument("--dataset", type=Path, metavar="DATASET", help="the labels of a prepared data set")
    tags.add_argument("--tags", type=Path, metavar="FILE", help="the tags of a text file, one a line")
    parser.add_argument(
        "--vectors",
        type=Path,
        metavar="FILE",
        help="word vectors: word2vec (binary or text) or GloVe, gzipped or not, such as "
        "GoogleNews-vectors-negative300.bin.gz (default: a small table with the words of the known tags)",
    )
    parser.add_argument(
        "--clusters",
        type=int,
        choices=range(2, MOST_CLUSTERS + 1),
        default=MOST_CLUSTERS,
        metavar="N",
        help=f"number of clusters, 2 to {MOST_CLUSTERS} (default: %(default)s)",
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="seed of t-SNE (default: %(default)s)")
    parser.epilog = "Without --model, --dataset and --tags, the map holds the tags of all shipped models."


def run(options: argparse.Namespace) -> int:
    """Make the map and write it. Raises ``EarmarkError``."""
    from training.dataset import disk_errors
    from training.tag_layout import TagMap
    from training.word_vectors import SHIPPED_TABLE, TagVectors

    console = messages()
    tags = _chosen_tags(options)
    with console.status("reading the word vectors"):
        table = TagVectors.load(options.vectors or SHIPPED_TABLE)
    placed, unplaced = _by_vector(table, tags)
    with console.status("placing the tags"):
        tagmap = TagMap.make(placed, options.clusters, options.seed)
    with disk_errors(options.output), console.status("drawing"):
        options.output.mkdir(parents=True, exist_ok=True)
        write_all(options.output, tagmap, options.seed)
    print(report(tagmap, unplaced, table, options.seed))
    print(f"written: {options.output}")
    return 0


def model_tags(cards: Sequence[ModelCard]) -> list[str]:
    """The tags that a person sees with these models, synonyms merged, in the order of their labels."""
    vocabulary = Vocabulary(cards)
    found = (vocabulary.tag_of(label) for card in cards for label in card.label_names)
    return list(dict.fromkeys(tag.name for tag in found if tag))


def write_all(folder: Path, tagmap: "TagMap", seed: int) -> None:
    """Write the map in all its forms. Raises ``OSError``."""
    from training.projector import write_projector
    from training.tagmap_plot import draw

    write_map(folder / "tagmap.json", tagmap)
    write_projector(folder, tagmap, seed)
    draw(folder, tagmap)


def write_map(path: Path, tagmap: "TagMap") -> None:
    """Write ``tagmap.json``, one line a tag. Raises ``OSError``."""
    rows = zip(tagmap.tags, tagmap.places.astype(float).round(4).tolist(), tagmap.groups.tolist(), strict=True)
    lines = [json.dumps({"name": tag, "x": x, "y": y, "cluster": group}) for tag, (x, y), group in rows]
    tags = ",\n  ".join(lines)
    path.write_text(f'{{\n "format": {MAP_FORMAT},\n "tags": [\n  {tags}\n ]\n}}\n', encoding="utf-8")


def report(tagmap: "TagMap", unplaced: Sequence[str], table: "TagVectors", seed: int) -> str:
    """What is on the map, and how well its clusters and the original ones hold together."""
    from training.tag_layout import cohesion

    lines = [f"{len(tagmap.tags)} tags in {tagmap.groups.max() + 1} clusters:"]
    for group in range(tagmap.groups.max() + 1):
        members = (tag for tag, of in zip(tagmap.tags, tagmap.groups, strict=True) if of == group)
        lines.append(f"  {group}  {', '.join(members)}")
    if unplaced:
        lines.append(f"no word vectors, and so no place: {', '.join(unplaced)}")
    lines += ["", "mean cosine            within  between  as good by chance"]
    lines.append(_cohesion_row("this map's clusters", cohesion(tagmap.vectors, tagmap.groups, seed)))
    original = [(tag, group) for group, tags in enumerate(ORIGINAL_CLUSTERS) for tag in tags]
    known, missing = _by_vector(table, [tag for tag, _ in original])
    if missing:
        lines.append(f"original clusters      not measured, no word vectors for: {', '.join(missing)}")
    else:
        measured = cohesion(np.stack([*known.values()]), [group for _, group in original], seed)
        lines.append(_cohesion_row("original clusters", measured))
    return "\n".join(lines)


def _cohesion_row(name: str, found: "Cohesion") -> str:
    return f"{name:21}  {found.within:6.3f}  {found.between:7.3f}  {found.chance:17.2%}"


def _chosen_tags(options: argparse.Namespace) -> list[str]:
    """The tags that were asked for, one of each meaning."""
    if options.dataset:
        from training.dataset import Dataset

        tags = list(Dataset.open(options.dataset).labels.names)
    elif options.tags:
        try:
            tags = options.tags.read_text(encoding="utf-8").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"the tags {options.tags} cannot be read as a text file: {error}") from error
    elif options.model:
        tags = model_tags([find_model(options.model, [shipped_models()]).card])
    else:
        tags = model_tags([ModelFolder.load(folder).card for folder in model_folders([shipped_models()])])
    return list({key_of(tag): tag.strip() for tag in tags if key_of(tag)}.values())


def _by_vector(table: "TagVectors", tags: Sequence[str]) -> tuple[dict[str, "Floats"], list[str]]:
    """The tags with their vectors, and the tags that have none."""
    found = {tag: table.vector(tag) for tag in tags}
    placed = {tag: vector for tag, vector in found.items() if vector is not None}
    return placed, [tag for tag in tags if tag not in placed]
