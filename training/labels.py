"""``labels``: the tags that people gave, made into labels to train on.

Words for one thing are merged (``data/merge_map.toml``: every decision with its reason), then the most popular tags
are kept, 50 by default. Both steps are functions of a ``Labels`` table; all clips stay in it, also those that
have none of the tags left, because that they lack the tags is what a network must learn too.

Contents: the command (``add_parser``, ``run``), ``read_merge_map``, ``merged``, ``most_popular``.
"""

import argparse
import csv
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from tagger_core.errors import SettingsError
from training.dataset import Dataset, Labels, replacing
from training.magnatagatune import TOP, popular

if TYPE_CHECKING:
    from argparse import _SubParsersAction

MERGE_MAP = Path(__file__).parent / "data" / "merge_map.toml"

MergeMap = Mapping[str, tuple[str, ...]]
"""Merged tag -> the other words for it."""


class _MergeFile(msgspec.Struct, forbid_unknown_fields=True):
    merged: dict[str, tuple[str, ...]]


def add_parser(commands: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("labels", help="merge words for the same thing, keep the most popular tags")
    parser.add_argument("dataset", type=Path, metavar="DATASET")
    parser.add_argument("--top", type=int, default=TOP, metavar="N", help="tags to keep (%(default)s)")
    merging = parser.add_mutually_exclusive_group()
    merging.add_argument("--map", type=Path, default=MERGE_MAP, metavar="TOML", help="another map of words")
    merging.add_argument("--no-merge", action="store_true", help="keep the words apart, as most papers do")


def run(options: argparse.Namespace) -> int:
    from training.figures import plot_distribution

    if options.top < 1:
        raise SettingsError("--top must be at least 1")
    dataset = Dataset.open(options.dataset)
    words = {} if options.no_merge else read_merge_map(options.map)
    all_tags = merged(dataset.annotations, words)
    labels = most_popular(all_tags, options.top)
    _print_distribution(dataset.annotations, all_tags, options.top)
    _write_table(dataset.folder / "labels.tsv", dataset.annotations, all_tags, labels, words)
    plot_distribution(dataset.annotations.counts(), labels.counts(), dataset.folder / "labels.png")
    labels.save(dataset.folder / "labels.npz")
    print(f"{len(labels.names)} of {len(all_tags.names)} tags kept; written: labels.npz, labels.tsv, labels.png")
    return 0


def read_merge_map(path: Path = MERGE_MAP) -> MergeMap:
    """Raises ``SettingsError`` if the file cannot be read or has a word twice."""
    try:
        words = msgspec.toml.decode(path.read_bytes(), type=_MergeFile).merged
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.DecodeError) as error:
        raise SettingsError(f"{path} is not a map of words: {error}") from error
    seen: set[str] = set()
    for word in (word for name, others in words.items() for word in (name, *others)):
        if word in seen:
            raise SettingsError(f'{path} has the word "{word}" twice; each belongs to one tag')
        seen.add(word)
    return words


def merged(labels: Labels, words: MergeMap) -> Labels:
    """A clip has a merged tag if it has one of its words; tags that the map does not know stay.

    The tags are in the order in which their first word stands in the table.
    """
    tag_of = _tag_of(words)
    columns: dict[str, list[int]] = {}
    for column, word in enumerate(labels.names):
        columns.setdefault(tag_of.get(word, word), []).append(column)
    matrix = np.stack([labels.matrix[:, same].max(axis=1) for same in columns.values()], axis=1)
    return Labels(labels.clip_ids, tuple(columns), matrix)


def most_popular(labels: Labels, number: int) -> Labels:
    """The tags of most clips, the most popular first; all there are if there are fewer, without those of no clip."""
    counts = list(labels.counts().values())
    columns = [column for column in popular(labels, number) if counts[column]]
    return Labels(labels.clip_ids, tuple(labels.names[column] for column in columns), labels.matrix[:, columns])


def _tag_of(words: MergeMap) -> dict[str, str]:
    return {word: name for name, others in words.items() for word in (name, *others)}


def _print_distribution(before: Labels, after: Labels, top: int) -> None:
    left, right = most_popular(before, top).counts(), most_popular(after, top).counts()
    print(f"{'':>4} {'as annotated':<20} {'clips':>6}   {'merged':<20} {'clips':>6}")
    for rank, ((word, clips), (tag, merged_clips)) in enumerate(zip(left.items(), right.items(), strict=False), 1):
        print(f"{rank:>4} {word:<20} {clips:>6}   {tag:<20} {merged_clips:>6}")


def _write_table(path: Path, before: Labels, after: Labels, kept: Labels, words: MergeMap) -> None:
    tag_of, merged_clips = _tag_of(words), after.counts()
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter="\t", lineterminator="\n")
        table.writerow(["word", "clips", "tag", "clips_of_tag", "kept"])
        for word, clips in sorted(before.counts().items(), key=lambda item: -item[1]):
            tag = tag_of.get(word, word)
            table.writerow([word, clips, tag, merged_clips[tag], "yes" if tag in kept.names else "no"])
