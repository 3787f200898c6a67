"""``genres``: the genres that are in a folder's files already, as a table for ``evaluate --labels``.

A genre is a name, and its head comes last: "Death Metal" is a kind of Metal, "Romantic Classical" of Classical. So of a
genre that the vocabulary does not know the longest ending that it knows is taken. Files whose genres say nothing that
way ("Soundtrack", "Other") are left out: that they do not say Rock does not mean that they are not.
"""

import argparse
import csv
import io
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tagger_core.display_text import printable

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    from tagger_core.vocabulary import Vocabulary

_SEVERAL = re.compile(r"[;/,|]")


def add_parser(commands: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("genres", help="the genres in your files, as a table for evaluate --labels")
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER", help="music, or single files")


def run(options: argparse.Namespace) -> int:
    from tagger_core.vocabulary import Vocabulary
    from training.dataset import DatasetError

    vocabulary = Vocabulary()
    rows, without = [], 0
    for path, values in _files(options.folders):
        genres = genres_of(values, vocabulary)
        rows += [(str(path), ";".join(genres))] if genres else []
        without += not genres
    sys.stderr.write(f"{len(rows)} files with a genre that Earmark knows, {without} without\n")
    if not rows:
        raise DatasetError("no file says a genre that Earmark knows")
    table = io.StringIO()
    csv.writer(table, lineterminator="\n").writerows([("path", "tags"), *rows])
    print(table.getvalue(), end="")
    return 0


def genres_of(values: Iterable[str], vocabulary: "Vocabulary") -> tuple[str, ...]:
    """The tags that genres in a file mean, each once, in their order."""
    words = (word.strip() for value in values for word in _SEVERAL.split(value))
    return tuple(dict.fromkeys(tag for word in words if (tag := _genre_of(word, vocabulary))))


def _genre_of(word: str, vocabulary: "Vocabulary") -> str | None:
    from tagger_core.domain import Category

    parts = word.split()
    for start in range(len(parts)):
        tag = vocabulary.tag_of(" ".join(parts[start:]))
        if tag and tag.category is Category.GENRE:
            return tag.name
    return None


def _files(folders: Sequence[Path]) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Yield each music file whose tags can be read, and its genres; the others are told."""
    from tagger_core.domain import Track
    from tagger_core.errors import FileError
    from tagger_core.library_scan import scan
    from tagger_core.tag_fields import Field
    from tagger_core.tag_files import read_fields

    for found in scan(folders):
        if not isinstance(found, Track):
            continue
        try:
            yield found.path, read_fields(found.path).values.get(Field.GENRE, ())
        except FileError as error:
            sys.stderr.write(f"left out: {printable(error)}\n")
