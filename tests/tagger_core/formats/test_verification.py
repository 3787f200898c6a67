"""The verification itself: a writer with a bug, whatever the format, is caught before the file is replaced."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pytest

from tagger_core.audio_payload import payload_spans
from tagger_core.domain import Span
from tagger_core.errors import WriteRefusedError
from tagger_core.tag_fields import Field, Preset
from tagger_core.tag_files import formats
from tagger_core.tag_files.mp4_chunks import ChunkTable
from tagger_core.tag_files.recipe import Recipe, blocks_of
from tests.tagger_core.formats.every_format import FORMATS, edit, file_of


@dataclass
class Buggy:
    """Tags whose ``edited`` also changes a byte of the new file."""

    tagged: formats.Tagged
    file: BinaryIO
    folder: Path
    harm: str

    @property
    def warnings(self) -> tuple[str, ...]:
        return self.tagged.warnings

    def values(self) -> dict[Field, tuple[str, ...]]:
        return self.tagged.values()

    def check(self, edited: BinaryIO, edits: Mapping[Field, tuple[str, ...]]) -> None:
        self.tagged.check(edited, edits)

    def edited(self, edits: Mapping[Field, tuple[str, ...]], preset: Preset) -> Recipe:
        recipe = self.tagged.edited(edits, preset)
        with (self.folder / "new").open("w+b") as new:
            new.writelines(blocks_of(recipe, self.file))
            new.seek(0)
            position = self._position(new.read(), new)
            new.seek(position)
            return with_byte(recipe, position, bytes([new.read(1)[0] ^ 1]))

    def _position(self, content: bytes, new: BinaryIO) -> int:
        if self.harm == "audio":
            span = max(payload_spans(new), key=lambda found: found.length)
            return span.offset + span.length // 2
        word = {"value": "Zydeco", "another field": "Somebody"}[self.harm]
        found = [content.find(word.encode(encoding)) for encoding in ("utf-8", "utf-16-le")]
        return max(found) + 2


def with_byte(recipe: Recipe, position: int, byte: bytes) -> Recipe:
    parts: list[bytes | Span] = []
    offset = 0
    for part in recipe:
        length = len(part) if isinstance(part, bytes) else part.length
        at = position - offset
        if not 0 <= at < length:
            parts.append(part)
        elif isinstance(part, bytes):
            parts.append(part[:at] + byte + part[at + 1 :])
        else:
            parts += [Span(part.offset, at), byte, Span(part.offset + at + 1, length - at - 1)]
        offset += length
    return tuple(parts)


@pytest.mark.parametrize("harm", ["audio", "value", "another field"])
@pytest.mark.parametrize("kind", FORMATS)
def test_one_wrong_byte_is_found(kind: str, harm: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = file_of(kind, tmp_path)
    before = path.read_bytes()
    aside = tmp_path / "aside"
    aside.mkdir()

    def opened(file: BinaryIO, path: Path) -> Buggy:
        return Buggy(formats.open_tagged(file, path), file, aside, harm)

    monkeypatch.setattr("tagger_core.tag_files.open_tagged", opened)
    with pytest.raises(WriteRefusedError, match=r"would change|did not read back|damaged|cannot be read|is cut off"):
        edit(path, GENRE=("Zydeco",))
    assert path.read_bytes() == before
    assert sorted(tmp_path.iterdir()) == sorted([path, aside])


def test_chunk_offsets_that_do_not_move_with_the_audio_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = file_of("m4a-aac", tmp_path)
    content = path.read_bytes()
    at = content.index(b"mdat") - 4
    length = int.from_bytes(content[at : at + 4], "big")
    moov = content[content.index(b"moov") - 4 :]
    assert at + length + len(moov) == len(content), "ffmpeg puts the metadata last"
    first = content[:at] + moov + content[at : at + length]
    path.write_bytes(with_moved_offsets(first, len(moov)))
    monkeypatch.setattr(ChunkTable, "moved", lambda self, after, growth: (Span(self.place.offset, 0), b""))
    with pytest.raises(WriteRefusedError, match="chunk offsets would not point"):
        edit(path, COMMENT=("long " * 1_000,))


def with_moved_offsets(content: bytes, by: int) -> bytes:
    at = content.index(b"stco") + 8
    count = int.from_bytes(content[at : at + 4], "big")
    changed = bytearray(content)
    for entry in range(at + 4, at + 4 + 4 * count, 4):
        changed[entry : entry + 4] = (int.from_bytes(content[entry : entry + 4], "big") + by).to_bytes(4, "big")
    return bytes(changed)
