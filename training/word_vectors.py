"""Tags as word vectors: how near two tags are in what their words mean.

Conventions
-----------
A *table* maps words to vectors of shape (dimensions,), float32: word2vec (binary or text) or GloVe text, gzipped
or not. The vector of a tag is the mean of its words' vectors; similarity is the cosine, in [-1, 1]. A tag is placed
only if the table has all of its words, because "zydeco rock" without "zydeco" would pass for plain rock.

The table that ships holds just the words of the known tags (``make_tag_vectors`` says where it comes from), so
nothing needs to be downloaded; any larger table can take its place.

Contents
--------
``TagVectors``         ``load``, ``vector``, ``similarity``
``tag_words``          the words of a tag, common misspellings mended
``cosines``            similarity of many vectors at once
``WordVectorsError``   a table that cannot be used
"""

import re
import warnings
import zlib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
from gensim.models import KeyedVectors
from smart_open import open as open_unpacked  # gensim's own way to open a file, gzipped or not

from tagger_core.errors import EarmarkError

Floats = npt.NDArray[np.float32]

SHIPPED_TABLE = Path(__file__).parent / "data" / "tag_vectors.txt"

MAX_WORDS = 1_000_000
"""Tables are sorted by frequency and every tag is a frequent word: the first million of Google News' three are
enough, and take 1.2 GB of memory instead of 3.6."""

RESPELLED: Mapping[str, str] = MappingProxyType(
    {
        # Misspelt by the listeners of MagnaTagATune.
        "clasical": "classical",
        "harpsicord": "harpsichord",
        # Tables of words hold no figures.
        "60s": "sixties",
        "70s": "seventies",
        "80s": "eighties",
        "90s": "nineties",
        "00s": "noughties",
        # The abbreviation is rare in prose, and so its vector says little; and Google News has no "and".
        "r&b": "rhythm blues",
        "rnb": "rhythm blues",
    }
)

_MAX_DIMENSIONS = 10_000
_LONGEST_LINE = 1 << 18
_WORD = re.compile(r"[\w&]+(?:'\w+)?")


class WordVectorsError(EarmarkError):
    """A table of word vectors is missing, damaged or of another format."""


def tag_words(tag: str) -> tuple[str, ...]:
    """ "Hip-Hop" -> ("hip", "hop"), "harpsicord" -> ("harpsichord",)."""
    words = _WORD.findall(tag.casefold())
    return tuple(part for word in words for part in RESPELLED.get(word, word).split())


class TagVectors:
    """A table of word vectors, asked for tags."""

    def __init__(self, table: KeyedVectors) -> None:
        self._table = table

    @classmethod
    def load(cls, path: Path = SHIPPED_TABLE) -> "TagVectors":
        """Read a table; its format is told from its content. Raises ``WordVectorsError``."""
        if not path.is_file():
            raise WordVectorsError(f"the word vectors {path} do not exist, or are not a file")
        with warnings.catch_warnings(action="ignore", category=ResourceWarning):  # gensim leaves GloVe files open
            try:
                return cls(KeyedVectors.load_word2vec_format(path, limit=MAX_WORDS, **_format_of(path)))
            except (OSError, EOFError, ValueError, zlib.error) as error:
                problem = str(error)  # not the error itself, which would keep such a file open
        raise WordVectorsError(
            f"the word vectors {path} cannot be read ({problem}); "
            "what is needed is a word2vec file, binary or text, or a GloVe text file, and it may be gzipped"
        )

    @property
    def dimensions(self) -> int:
        return int(self._table.vector_size)

    def vector(self, tag: str) -> Floats | None:
        """The mean of the words' vectors, shape (dimensions,); ``None`` if a word is unknown."""
        words = [self._as_written(word) for word in tag_words(tag)]
        if not words or None in words:
            return None
        mean: Floats = np.mean([self._table[word] for word in words], axis=0, dtype=np.float32)
        return mean

    def similarity(self, one: str, other: str) -> float | None:
        """The cosine between two tags, in [-1, 1]; ``None`` if one of them has no vector."""
        first, second = self.vector(one), self.vector(other)
        if first is None or second is None:
            return None
        return float(cosines(np.stack([first, second]))[0, 1])

    def _as_written(self, word: str) -> str | None:
        """The word as the table has it: some tables keep capitals ("Indian"), GloVe's have none."""
        return next((form for form in (word, word.capitalize(), word.upper()) if form in self._table), None)


def cosines(vectors: Floats) -> Floats:
    """(n, dimensions) -> the cosines between all of them, (n, n). A vector of zeros is like nothing: 0."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    units = vectors / np.where(lengths == 0, 1, lengths)
    similar: Floats = np.clip(units @ units.T, -1, 1)
    return similar


def _format_of(path: Path) -> dict[str, bool]:
    """How gensim is to read a table, told from its first two lines. Raises ``ValueError`` if it is no table."""
    with open_unpacked(path, "rb") as file:
        first, second = file.readline(_LONGEST_LINE).split(), file.readline(_LONGEST_LINE).split()
    if _is_row(first):
        return {"no_header": True}
    if len(first) != 2 or not all(number.isdigit() for number in first):
        raise ValueError("it begins with neither a header nor a vector")
    if not 0 < int(first[1]) <= _MAX_DIMENSIONS:
        raise ValueError(f"vectors of {int(first[1])} numbers")
    return {"binary": not (_is_row(second) and len(second) == int(first[1]) + 1)}


def _is_row(fields: list[bytes]) -> bool:
    """Whether a line's fields are a word and the numbers of a vector."""
    try:
        return len(fields) > 2 and all(np.isfinite(float(field)) for field in fields[1:])
    except ValueError:
        return False
