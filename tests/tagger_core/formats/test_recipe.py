"""Recipes: whatever the parts, following one and then its inverse gives the source."""

import io
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger_core.domain import Span
from tagger_core.tag_files.recipe import (
    RecipeFile,
    blocks_of,
    follows,
    inverse,
    merged,
    origin,
    recipe_length,
    replaced,
)

SOURCE = random.Random(1).randbytes(4_000)


def made(recipe: tuple[bytes | Span, ...], source: bytes = SOURCE) -> bytes:
    target = io.BytesIO()
    target.writelines(blocks_of(recipe, io.BytesIO(source)))
    assert follows(recipe, io.BytesIO(source), target)
    return target.getvalue()


parts = st.lists(
    st.one_of(
        st.binary(max_size=200),
        st.builds(Span, st.integers(0, 3_000), st.integers(0, 1_000)),
        st.builds(lambda offset: SOURCE[offset : offset + 300], st.integers(0, 3_999)),
    ),
    max_size=12,
)  # fmt: skip


@given(parts)
def test_the_inverse_gives_the_source_back(found: list[bytes | Span]) -> None:
    recipe = tuple(found)
    new = made(recipe)
    assert len(new) == recipe_length(recipe)
    back = inverse(recipe, io.BytesIO(SOURCE))
    assert made(back, new) == SOURCE


def test_bytes_that_moved_inside_a_rewritten_part_are_not_stored() -> None:
    picture = SOURCE[100:3_900]
    recipe = (b"another head, longer than before" + picture + b"more", Span(3_950, 50))
    back = inverse(recipe, io.BytesIO(SOURCE))
    assert sum(len(part) for part in back if isinstance(part, bytes)) <= 100 + 50
    assert made(back, made(recipe)) == SOURCE


def test_replaced_leaves_no_empty_parts() -> None:
    recipe = replaced(10, (Span(0, 2), b"abc"), (Span(2, 0), b""), (Span(8, 2), b""))
    assert recipe == (b"abc", Span(2, 6))


def test_origin_tells_where_spans_come_from() -> None:
    recipe = (b"head", Span(10, 20), b"xy", Span(30, 5))
    assert origin(recipe, [Span(4, 20), Span(26, 5)]) == (Span(10, 25),)
    assert origin(recipe, [Span(6, 3), Span(9, 2)]) == (Span(12, 5),)
    assert origin(recipe, [Span(20, 10)]) is None
    assert origin(recipe, [Span(0, 5)]) is None
    assert origin(recipe, [Span(29, 10)]) is None


def test_merged_joins_neighbours_only() -> None:
    assert merged([Span(0, 5), Span(5, 1), Span(7, 0), Span(8, 2)]) == (Span(0, 6), Span(8, 2))


def test_a_copy_with_anything_else_in_it_does_not_follow() -> None:
    recipe = (b"ab", Span(0, 3))
    for wrong in (b"ab" + SOURCE[:3] + b"x", b"ab" + SOURCE[:2], b"aX" + SOURCE[:3], b""):
        assert not follows(recipe, io.BytesIO(SOURCE), io.BytesIO(wrong))


def test_a_source_that_became_shorter_is_told() -> None:
    with pytest.raises(EOFError, match="became shorter"):
        list(blocks_of((Span(0, 5_000),), io.BytesIO(SOURCE)))


@given(parts, st.lists(st.tuples(st.integers(0, 3_000), st.integers(0, 900)), max_size=8))
def test_a_recipe_can_be_read_as_if_it_were_a_file(found: list[bytes | Span], reads: list[tuple[int, int]]) -> None:
    whole = made(tuple(found))
    with io.BufferedReader(RecipeFile(tuple(found), io.BytesIO(SOURCE)), buffer_size=64) as file:
        assert file.seek(0, io.SEEK_END) == len(whole)
        for offset, length in reads:
            file.seek(offset)
            assert file.read(length) == whole[offset : offset + length]
            assert file.seek(0, io.SEEK_CUR) == offset + len(whole[offset : offset + length])
        file.seek(0)
        assert file.read() == whole
