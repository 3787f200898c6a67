"""Recipes: a file told as bytes of its own and runs of bytes of another file.

Conventions
-----------
A *recipe* is a sequence of parts; one after the other they are the file. ``bytes`` stand for themselves, a
``Span`` for the bytes at that place of the *source*. An edit is a recipe for the new file from the old one; its
inverse, a recipe for the old file from the new one, is what undoing needs.

Contents
--------
``Recipe``, ``recipe_length``, ``replaced``, ``blocks_of``, ``RecipeFile``, ``follows``, ``inverse``, ``origin``
"""

import io
import os
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO

from tagger_core.audio_payload import BLOCK_BYTES
from tagger_core.domain import Span

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

Recipe = tuple[bytes | Span, ...]

_KEY_BYTES = 64
"""Old bytes that moved are found by a run of this length, tried at every multiple of it."""
_MAX_MISSES = 64
"""So many runs may be looked for in vain before the rest is stored: it bounds the time spent on hostile files."""


def recipe_length(recipe: Recipe) -> int:
    """Size in bytes of the file that a recipe makes."""
    return sum(len(part) if isinstance(part, bytes) else part.length for part in recipe)


def replaced(size: int, *changes: tuple[Span, bytes]) -> Recipe:
    """The recipe that puts new bytes in the place of some spans, in ascending order, of a file of ``size`` bytes."""
    parts: list[bytes | Span] = []
    position = 0
    for span, new in changes:
        parts += [Span(position, span.offset - position), new]
        position = span.end
    parts.append(Span(position, size - position))
    return tuple(part for part in parts if part not in (b"", Span(0, 0)) and (isinstance(part, bytes) or part.length))


def blocks_of(recipe: Recipe, source: BinaryIO) -> Iterator[bytes]:
    """The file of a recipe, block by block. Raises ``OSError`` and ``EOFError``."""
    for part in recipe:
        if isinstance(part, bytes):
            yield part
            continue
        source.seek(part.offset)
        remaining = part.length
        while remaining:
            block = source.read(min(BLOCK_BYTES, remaining))
            if not block:
                raise EOFError("the file became shorter while it was read")
            yield block
            remaining -= len(block)


class RecipeFile(io.RawIOBase):
    """The file of a recipe, to be read without being written anywhere. Whoever reads ``source`` too must seek first."""

    def __init__(self, recipe: Recipe, source: BinaryIO) -> None:
        self._placed = [(part, offset) for part, offset, end in _placed(recipe) if end > offset]
        self._offsets = [offset for _, offset in self._placed]
        self._source = source
        self._size = recipe_length(recipe)
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._position = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        return self._position

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Up to the end of one part at a time."""
        target = memoryview(buffer).cast("B")
        if not target or self._position >= self._size:
            return 0
        part, offset = self._placed[bisect_right(self._offsets, self._position) - 1]
        start = self._position - offset
        if isinstance(part, bytes):
            data = part[start : start + len(target)]
        else:
            self._source.seek(part.offset + start)
            data = self._source.read(min(len(target), part.length - start))
        target[: len(data)] = data
        self._position += len(data)
        return len(data)


def follows(recipe: Recipe, source: BinaryIO, target: BinaryIO) -> bool:
    """Whether ``target`` is exactly the file of a recipe. Raises ``OSError`` and ``EOFError``."""
    target.seek(0)
    return all(target.read(len(block)) == block for block in blocks_of(recipe, source)) and not target.read(1)


def origin(recipe: Recipe, spans: Sequence[Span]) -> tuple[Span, ...] | None:
    """Where in the source some spans, in ascending order, of the recipe's file come from, adjoining spans merged.

    ``None`` if some byte of them is one of the recipe's own.
    """
    found: list[Span] = []
    parts = iter(_placed(recipe))
    part, offset, end = next(parts, (b"", 0, 0))
    for span in spans:
        reached = span.offset
        while reached < span.end:
            while end <= reached:
                part, offset, end = next(parts, (b"", reached, span.end))
            if isinstance(part, bytes):
                return None
            stop = min(end, span.end)
            found.append(Span(part.offset + reached - offset, stop - reached))
            reached = stop
    return merged(found)


def _placed(recipe: Recipe) -> Iterator[tuple[bytes | Span, int, int]]:
    """Each part, and where in the recipe's file it begins and ends."""
    offset = 0
    for part in recipe:
        end = offset + (len(part) if isinstance(part, bytes) else part.length)
        yield part, offset, end
        offset = end


def merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The same bytes in the same order, with one span where one begins at the end of the one before."""
    found: list[Span] = []
    for span in spans:
        if found and found[-1].end == span.offset:
            found[-1] = Span(found[-1].offset, found[-1].length + span.length)
        elif span.length:
            found.append(span)
    return tuple(found)


def inverse(recipe: Recipe, source: BinaryIO) -> Recipe:
    """The recipe for the source from the file that ``recipe`` makes of it.

    Bytes of the source that the recipe does not take over are looked for in the recipe's own bytes (an unchanged
    picture in a rewritten tag, say) and stored only if they are not there. Raises ``OSError`` and ``EOFError``.
    """
    size = source.seek(0, os.SEEK_END)
    kept, own = _taken_over(recipe)
    parts: list[bytes | Span] = []
    position = 0
    for span, new_offset in kept:
        parts += _found(_read(source, position, span.offset - position), own)
        start = max(position, span.offset)
        if span.end > start:
            parts.append(Span(new_offset + start - span.offset, span.end - start))
            position = span.end
    parts += _found(_read(source, position, size - position), own)
    return tuple(parts)


def _taken_over(recipe: Recipe) -> tuple[list[tuple[Span, int]], list[tuple[int, bytes]]]:
    """Spans of the source, in its order, with their new offsets; and the recipe's own bytes with theirs."""
    kept, own = [], []
    for part, offset, _ in _placed(recipe):
        if isinstance(part, bytes):
            own.append((offset, part))
        elif part.length:
            kept.append((part, offset))
    return sorted(kept, key=lambda item: item[0].offset), own


def _found(old: bytes, own: Sequence[tuple[int, bytes]]) -> Iterator[bytes | Span]:
    """``old`` as spans of the new file where its bytes are among ``own``, as bytes elsewhere."""
    position = stored = misses = 0
    while position + _KEY_BYTES <= len(old) and misses < _MAX_MISSES:
        match = _match(old, position, stored, own)
        if match is None:
            position += _KEY_BYTES
            misses += 1
            continue
        start, span = match
        if start > stored:
            yield old[stored:start]
        yield span
        position = stored = start + span.length
    if stored < len(old):
        yield old[stored:]


def _match(old: bytes, position: int, stored: int, own: Sequence[tuple[int, bytes]]) -> tuple[int, Span] | None:
    """Where the run of bytes around ``position``, from ``stored`` on, begins in ``old`` and lies in the new file."""
    key = old[position : position + _KEY_BYTES]
    if not any(key):  # padding; it is stored in next to nothing
        return None
    for offset, content in own:
        found = content.find(key)
        if found >= 0:
            before, after = _around(old, position, stored, content, found)
            return position - before, Span(offset + found - before, before + after)
    return None


def _around(old: bytes, position: int, stored: int, content: bytes, found: int) -> tuple[int, int]:
    """How many bytes before and after ``position`` (not before ``stored``) are those around ``found``."""
    before = _common(
        lambda n: old[position - n : position] == content[found - n : found], min(position - stored, found)
    )
    after = _common(
        lambda n: old[position : position + n] == content[found : found + n],
        min(len(old) - position, len(content) - found),
    )
    return before, after


def _common(equal: Callable[[int], bool], limit: int) -> int:
    """The largest length up to ``limit`` at which two runs are equal, by halving."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        if equal(middle):
            low = middle
        else:
            high = middle - 1
    return low


def _read(source: BinaryIO, offset: int, length: int) -> bytes:
    if length <= 0:
        return b""
    source.seek(offset)
    return source.read(length)
