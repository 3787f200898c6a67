"""Earmark's fields in an ID3v2 tag: read, edited, and checked with mutagen.

Conventions
-----------
A frame's *key* is its name in ``tag_fields``: "TCON", "TXXX:MOOD" (the description in capitals, since players
do not agree on its case), "COMM" for a comment without description. mutagen only ever sees bytes in memory
and never translates between versions of its own accord.

Several values are stored as the version allows: NUL-separated in 2.4, joined by "; " in 2.3. A stored text
that holds "; " is read as several values in every version.

ID3v2.4 has a frame for the mood, but many taggers go on with the ``TXXX:MOOD`` of 2.3. Where a 2.4 tag has it, it
is read along with ``TMOO``, and what is written goes into both, so that no two players disagree.

Contents
--------
``read_block``, ``begun``, ``read_values``, ``edited``, ``to_version_3``, ``check_rewrite``, ``audio_seconds``
"""

import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, BinaryIO

from mutagen import id3
from mutagen.mp3 import MPEGInfo

from tagger_core.tag_fields import ID3_FRAMES, Field
from tagger_core.tag_files.id3_block import BlockError, Frame, Id3Block, parse_block
from tagger_core.tag_files.readback import PARSER_ERRORS
from tagger_core.tag_files.text_values import SEPARATOR, Values, require_storable

_NEW_COMMENT_LANGUAGE = "eng"
"""Players look for this one; a comment that exists keeps its language."""
_KEYS_OF_VERSION_3 = {"TDRC": "TYER", ID3_FRAMES[4][Field.MOOD]: ID3_FRAMES[3][Field.MOOD]}


def read_block(data: bytes) -> tuple[Id3Block, tuple[str, ...]]:
    """A whole tag taken apart, one of 2.2 as 2.3, and what there is to tell about it. Raises ``BlockError``."""
    block = parse_block(data)
    if block.version != 2:
        return block, ()
    return parse_block(to_version_3(data)), ("the tag is ID3v2.2 and becomes ID3v2.3 when it is written",)


def begun(block: Id3Block | None, version: int, texts: Mapping[str, Values]) -> Id3Block:
    """The block, and if it has no frames these texts in it, by the key of their frame in 2.4. Raises ``BlockError``.

    ``version``: of a tag that is not there yet, 3 or 4.
    """
    block = block or Id3Block.empty(version)
    return block if block.frames else replace(block, frames=_new_frames(texts, block.version))


def _new_frames(texts: Mapping[str, Values], version: int) -> tuple[Frame, ...]:
    frames = []
    for key, values in texts.items():
        if version < 4:
            key, values = _KEYS_OF_VERSION_3.get(key, key), (SEPARATOR.join(values),)
        if key == "TYER":
            values = (values[0][: len("2001")],)
        frames.append(_encoded(key, list(values), version, None))
    return tuple(frames)


def read_values(block: Id3Block) -> dict[Field, Values]:
    """The fields that have values. Raises ``BlockError``."""
    return _values([tag for _, tag in _decoded(block)], block.version)


def edited(block: Id3Block, edits: Mapping[Field, Values], *, joined: bool) -> Id3Block:
    """The block with new values in some fields, an empty tuple taking the field out.

    A changed frame stays where its first predecessor was, a new one goes to the end. Where a 2.4 field only
    gains values, the stored texts stay as they are and the new values follow. ``joined``: one text also in
    2.4. Raises ``BlockError``, and ``ValueError`` for a value that is empty or holds a NUL.
    """
    for new_field, values in edits.items():
        require_storable(new_field, values)
        block = _with_values(block, new_field, values, joined=joined)
    return block


def to_version_3(data: bytes) -> bytes:
    """An ID3v2.2 tag as 2.3, with the same content. Raises ``BlockError`` if something would be lost."""
    tags = _load(data)
    frames = [frame for frame in parse_block(data).frames if frame.body]
    if len(tags) != len(frames):
        raise BlockError("is ID3v2.2 and holds frames that would be lost in ID3v2.3")
    return _save(tags, version=3)


def check_rewrite(old: bytes, new: bytes, edits: Mapping[Field, Values]) -> None:
    """Read both tags (either may be empty) and require that exactly the edits lie between them.

    Two readings: mutagen's of the whole tags, and ours of the frames' bytes. Raises ``BlockError``.
    """
    _check_as_mutagen_reads(_load(old), _load(new), edits)
    if old and new and old[3] == new[3] and _other_frames(old, edits) != _other_frames(new, edits):
        raise BlockError("did not keep the bytes of all its other fields")


def _check_as_mutagen_reads(before: Any, after: Any, edits: Mapping[Field, Values]) -> None:
    old_version, new_version = (tags.version[1] for tags in (before, after))
    expected = {**_values(before.values(), old_version), **edits}
    if _values(after.values(), new_version) != {name: values for name, values in expected.items() if values}:
        raise BlockError("did not read back with the values that were written")
    unknown_changed = old_version == new_version and before.unknown_frames != after.unknown_frames
    if unknown_changed or _others(before, edits) != _others(after, edits):
        raise BlockError("did not read back with all its other fields unchanged")


def audio_seconds(file: BinaryIO, audio_start: int) -> float | None:
    """Duration as the headers tell it, or ``None`` if there is no MPEG audio. Raises ``OSError``."""
    try:
        return float(MPEGInfo(file, audio_start).length)
    except PARSER_ERRORS:
        return None


def _locations(name: Field, version: int) -> tuple[str, ...]:
    """Keys of the frames that hold a field: the one we write, then one that we keep in step if it is there."""
    return tuple(dict.fromkeys((ID3_FRAMES[max(version, 3)][name], ID3_FRAMES[3][name])))


_OUR_FRAME_IDS = frozenset(key[:4] for frames in ID3_FRAMES.values() for key in frames.values())


def _key(tag: Any) -> str:
    if isinstance(tag, id3.TXXX):
        return f"TXXX:{tag.desc.upper()}"
    if isinstance(tag, id3.COMM):
        return f"COMM:{tag.desc}" if tag.desc else "COMM"
    return str(tag.FrameID)


def _values(tags: Iterable[Any], version: int) -> dict[Field, Values]:
    by_key: dict[str, list[Any]] = {}
    for tag in tags:
        by_key.setdefault(_key(tag), []).append(tag)
    found = {}
    for name in Field:
        values: list[str] = []
        for key in _locations(name, version):
            here = [value for tag in _ours(key, by_key.get(key, [])) for value in _texts(tag)]
            values += [value for value in here if value not in values] if values else here
        if values:
            found[name] = tuple(values)
    return found


def _ours(key: str, tags: list[Any]) -> list[Any]:
    """Of several comments, in several languages, only the first is ours."""
    return tags[:1] if key == "COMM" else tags


def _texts(tag: Any) -> list[str]:
    """The values in a frame: genre numbers as names, joined texts split; a comment is one text, whatever is in it."""
    texts = tag.genres if isinstance(tag, id3.TCON) else tag.text
    if not isinstance(tag, id3.COMM):
        texts = [value for text in texts for value in text.split(SEPARATOR)]
    return [value for value in texts if value]


def _decoded(block: Id3Block) -> Iterator[tuple[int, Any]]:
    """Position and mutagen's reading of each frame that may be ours. Raises ``BlockError``."""
    for position, frame in enumerate(block.frames):
        if frame.id not in _OUR_FRAME_IDS:
            continue
        alone = replace(Id3Block.empty(block.version), frames=(frame,), flags=block.flags)
        tags = list(_load(alone.to_bytes()).values())
        if tags:
            yield position, tags[0]
        elif frame.id in ("TXXX", "COMM"):
            continue  # without its description it is nobody's, and stays as it is
        elif len(frame.body) <= 1:  # at most the byte for the encoding: some programs write empty texts
            yield position, getattr(id3, frame.id)()
        else:
            raise BlockError(f"holds a frame {frame.id} that cannot be read")


def _with_values(block: Id3Block, name: Field, values: Values, *, joined: bool) -> Id3Block:
    places = _places(block, name)
    texts = _stored_texts(block, places, name, values, joined=joined)
    frames: list[Frame | None] = list(block.frames)
    for index, (key, found) in enumerate(places.items()):
        if index and not found:
            continue
        frame = _encoded(key, texts, block.version, found[0][1] if found else None) if values else None
        for position, _ in found:
            frames[position] = None
        if found:
            frames[found[0][0]] = frame
        else:
            frames.append(frame)
    return replace(block, frames=tuple(frame for frame in frames if frame is not None))


def _places(block: Id3Block, name: Field) -> dict[str, list[tuple[int, Any]]]:
    """Key -> position and reading of the frames that hold the field now."""
    decoded = list(_decoded(block))
    places = {}
    for key in _locations(name, block.version):
        found = [(position, tag) for position, tag in decoded if _key(tag) == key]
        places[key] = found[:1] if key == "COMM" else found
    return places


def _stored_texts(
    block: Id3Block, places: Mapping[str, list[tuple[int, Any]]], name: Field, values: Values, *, joined: bool
) -> list[str]:
    """The values in the form in which a frame holds them."""
    if block.version < 4 or joined:
        return [SEPARATOR.join(values)]
    occupied = [[tag for _, tag in found] for found in places.values() if found]
    if len(occupied) == 1:
        old = _values(occupied[0], block.version).get(name, ())
        if values[: len(old)] == old:
            return [text for tag in occupied[0] for text in tag.text] + list(values[len(old) :])
    return list(values)


def _encoded(key: str, texts: list[str], version: int, template: Any) -> Frame:
    """A new frame, with the spelling of the description or the language of the one it replaces."""
    encoding = id3.Encoding.UTF8 if version == 4 else id3.Encoding.UTF16
    frame_id, _, description = key.partition(":")
    details: dict[str, str] = {}
    if frame_id == "TXXX":
        details = {"desc": template.desc if template else description}
    if frame_id == "COMM":
        details = {"desc": "", "lang": template.lang if template else _NEW_COMMENT_LANGUAGE}
    tags = id3.ID3()
    tags.add(getattr(id3, frame_id)(encoding=encoding, text=texts, **details))
    return parse_block(_save(tags, version)).frames[0]


def _others(tags: Any, edits: Iterable[Field]) -> dict[str, Any]:
    """Everything that the edits do not concern, comparable."""
    version = tags.version[1]
    keys = {key for name in edits for key in _locations(name, version)}
    ours = {id(tag) for key in keys for tag in _ours(key, [tag for tag in tags.values() if _key(tag) == key])}
    return {tag.HashKey: vars(tag) for tag in tags.values() if id(tag) not in ours}


def _other_frames(data: bytes, edits: Iterable[Field]) -> list[Frame]:
    block = parse_block(data)
    keys = {key for name in edits for key in _locations(name, block.version)}
    ours: set[int] = set()
    for position, tag in _decoded(block):
        key = _key(tag)
        if key in keys:
            ours.add(position)
            keys -= {"COMM"} & {key}
    return [frame for position, frame in enumerate(block.frames) if position not in ours]


@contextmanager
def _parsing() -> Iterator[None]:
    """The boundary: whatever mutagen throws becomes ``BlockError``."""
    try:
        yield
    except BlockError:
        raise
    except PARSER_ERRORS as error:
        raise BlockError(f"cannot be read or written ({error or type(error).__name__})") from error


def _load(data: bytes) -> Any:
    with _parsing():
        if not data:
            return id3.ID3()
        tags = id3.ID3(io.BytesIO(data), translate=False, load_v1=False)
        for picture in tags.getall("APIC"):  # 2.2 names three letters where 2.3 wants a MIME type
            picture.mime = {"JPG": "image/jpeg", "PNG": "image/png"}.get(picture.mime, picture.mime)
        return tags


def _save(tags: Any, version: int) -> bytes:
    buffer = io.BytesIO()
    with _parsing():
        tags.save(buffer, v1=0, v2_version=version, v23_sep=None, padding=_no_padding)
    return buffer.getvalue()


def _no_padding(_: object) -> int:
    return 0
