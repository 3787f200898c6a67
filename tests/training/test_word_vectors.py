"""Word vectors: every format that tables come in, tags of several words, misspellings, and files that are no table."""

import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from training.make_tag_vectors import known_tags
from training.word_vectors import TagVectors, WordVectorsError, cosines, tag_words

WORDS = {"guitar": (1.0, 0.0, 0.5), "acoustic": (0.0, 2.0, 0.5), "Indian": (-1.0, 0.25, 0.0)}


def text_rows() -> str:
    return "".join(f"{word} {' '.join(map(str, vector))}\n" for word, vector in WORDS.items())


def binary() -> bytes:
    rows = (word.encode() + b" " + np.array(vector, np.float32).tobytes() + b"\n" for word, vector in WORDS.items())
    return b"3 3\n" + b"".join(rows)


FORMATS = {
    "word2vec.txt": lambda: ("3 3\n" + text_rows()).encode(),
    "glove.txt": lambda: text_rows().encode(),
    "word2vec.bin": binary,
    "word2vec.txt.gz": lambda: gzip.compress(("3 3\n" + text_rows()).encode()),
    "glove.txt.gz": lambda: gzip.compress(text_rows().encode()),
    "word2vec.bin.gz": lambda: gzip.compress(binary()),
    "any-name": binary,
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_recognised_by_its_content(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(FORMATS[name]())

    table = TagVectors.load(tmp_path / name)

    assert table.dimensions == 3
    np.testing.assert_allclose(table.vector("Acoustic Guitar"), (0.5, 1.0, 0.5))
    np.testing.assert_allclose(table.vector("indian"), WORDS["Indian"])
    assert table.vector("acoustic zither") is None
    assert table.similarity("guitar", "zither") is None
    assert table.similarity("guitar", "acoustic") == pytest.approx(0.25 / np.sqrt(1.25 * 4.25))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "neither a header nor a vector"),
        (b"<html>not found</html>\n", "neither a header nor a vector"),
        (b"3 99999999999\nguitar 1 2 3\n", "vectors of 99999999999 numbers"),
        (b"3 0\n", "vectors of 0 numbers"),
        (binary()[:-20], "unexpected end of input"),
        (("3 3\n" + text_rows()).encode()[:-30], "unexpected end of input"),
        ((text_rows() + "drums 1 2\n").encode(), "could not broadcast"),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(content: bytes, told: str, tmp_path: Path) -> None:
    path = tmp_path / "table"
    path.write_bytes(content)

    with pytest.raises(WordVectorsError, match=told) as raised:
        TagVectors.load(path)

    assert str(path) in str(raised.value)
    assert "word2vec" in str(raised.value)


@pytest.mark.parametrize("damage", [lambda packed: packed[:-30], lambda packed: packed[:20] + b"?" * 30])
def test_a_damaged_archive_is_refused(damage: Callable[[bytes], bytes], tmp_path: Path) -> None:
    path = tmp_path / "table.bin.gz"
    path.write_bytes(damage(gzip.compress(binary())))

    with pytest.raises(WordVectorsError, match="cannot be read"):
        TagVectors.load(path)


def test_a_missing_table_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(WordVectorsError, match="do not exist"):
        TagVectors.load(tmp_path / "table.txt")
    with pytest.raises(WordVectorsError, match="are not a file"):
        TagVectors.load(tmp_path)


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("Hip-Hop", ("hip", "hop")),
        ("no vocals", ("no", "vocals")),
        ("harpsicord", ("harpsichord",)),
        ("clasical", ("classical",)),
        ("80s", ("eighties",)),
        ("R&B", ("rhythm", "blues")),
        ("...", ()),
    ],
)
def test_words_of_a_tag(tag: str, words: tuple[str, ...]) -> None:
    assert tag_words(tag) == words


def test_a_vector_of_zeros_is_like_nothing() -> None:
    np.testing.assert_array_equal(cosines(np.array([[0, 0], [3, 4]], np.float32)), [[0, 0], [0, 1]])


@pytest.fixture(scope="module")
def shipped() -> TagVectors:
    return TagVectors.load()


def test_the_shipped_table_knows_every_tag_and_label(shipped: TagVectors) -> None:
    words = set(known_tags())

    assert len(words) > 188
    assert [word for word in words if shipped.vector(word) is None] == ["r and b"]  # the label of "R&B", which it knows
    assert shipped.vector("R&B") is not None


def test_the_shipped_table_says_what_a_listener_would(shipped: TagVectors) -> None:
    def similarity(one: str, other: str) -> float:
        found = shipped.similarity(one, other)
        assert found is not None
        return found

    assert similarity("guitar", "violin") > 0.6 > similarity("guitar", "techno")
    assert similarity("clasical", "classic") == similarity("classical", "classic")
    assert similarity("female vocals", "male vocals") > 0.9
