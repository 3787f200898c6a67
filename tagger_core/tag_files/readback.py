"""mutagen, as an independent reader of what was written.

Conventions
-----------
A *reading* is all that mutagen sees in a file: the texts of our fields, every other item with its value, and the
properties of the stream. Two readings of a file before and after an edit differ in the edited fields and in nothing
else. Binary values and pictures are compared as they are.

Contents
--------
``Reading``, ``check_reading``, ``check_stream``, ``PARSER_ERRORS``; ``read_flac`` and its siblings
"""

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from mutagen import MutagenError
from mutagen.aiff import AIFF
from mutagen.asf import ASF
from mutagen.flac import FLAC, VCFLACDict
from mutagen.monkeysaudio import MonkeysAudio
from mutagen.mp4 import MP4
from mutagen.musepack import Musepack
from mutagen.oggflac import OggFLAC
from mutagen.oggopus import OggOpus
from mutagen.oggspeex import OggSpeex
from mutagen.oggvorbis import OggVorbis
from mutagen.optimfrog import OptimFROG
from mutagen.tak import TAK
from mutagen.wave import WAVE
from mutagen.wavpack import WavPack

from tagger_core.layouts import LayoutError
from tagger_core.layouts.kinds import Kind
from tagger_core.layouts.ogg import Codec
from tagger_core.tag_fields import APEV2_NAMES, ASF_NAMES, MP4_NAMES, VORBIS_NAMES, Field
from tagger_core.tag_files.text_values import Values, split

PARSER_ERRORS = (
    MutagenError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
)
"""What a parser may throw at hostile bytes, its own bugs included."""

_OGG_READERS = {Codec.VORBIS: OggVorbis, Codec.OPUS: OggOpus, Codec.SPEEX: OggSpeex, Codec.FLAC: OggFLAC}
_APE_READERS = {
    Kind.MONKEYS_AUDIO: MonkeysAudio,
    Kind.WAVPACK: WavPack,
    Kind.MUSEPACK: Musepack,
    Kind.TAK: TAK,
    Kind.OPTIMFROG: OptimFROG,
}
_IFF_READERS = {Kind.WAV: WAVE, Kind.AIFF: AIFF}

_PADDING_BLOCK = 1
_ASF_TEXT = 0

_Item = tuple[str, list[str] | None, Any]
"""Key, the texts of a textual item, and all of the item in a form that can be compared."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What mutagen sees. ``others``: key and value of the items that are not ours, in their order."""

    stream: Mapping[str, Any]
    texts: Mapping[Field, list[str]] = field(default_factory=dict)
    others: tuple[tuple[str, Any], ...] = ()


def check_reading(before: Reading, after: Reading, edits: Mapping[Field, Values]) -> None:
    """Require that exactly the edits lie between two readings. Raises ``LayoutError``."""
    written = {name: tuple(split(name, after.texts.get(name, []))) for name in edits}
    kept = [{name: texts for name, texts in one.texts.items() if name not in edits} for one in (before, after)]
    if written != dict(edits):
        raise LayoutError("it did not read back with the values that were written")
    if kept[0] != kept[1] or before.others != after.others:
        raise LayoutError("it did not read back with all its other fields unchanged")
    check_stream(before, after)


def check_stream(before: Reading, after: Reading) -> None:
    """Require the same stream and duration. Raises ``LayoutError``."""
    if before.stream != after.stream:
        raise LayoutError("its duration or another property of its audio would change")


def read_flac(file: BinaryIO) -> Reading:
    """Raises ``LayoutError``; so do its siblings."""
    opened = _open(FLAC, file)
    with_blocks = [
        (str(block.code), None, block.write())
        for block in opened.metadata_blocks
        if block.code != _PADDING_BLOCK and not isinstance(block, VCFLACDict)
    ]
    return _reading(opened, [*with_blocks, *_vorbis_items(opened.tags)], VORBIS_NAMES)


def read_ogg(file: BinaryIO, codec: Codec) -> Reading:
    opened = _open(_OGG_READERS[codec], file)
    return _reading(opened, _vorbis_items(opened.tags), VORBIS_NAMES)


def read_ape(file: BinaryIO, kind: Kind) -> Reading:
    opened = _open(_APE_READERS[kind], file)
    tags = opened.tags or {}
    items = (
        (key, list(value) if value.kind == 0 else None, (value.kind, value._write())) for key, value in tags.items()
    )
    return _reading(opened, items, APEV2_NAMES)


def read_mp4(file: BinaryIO) -> Reading:
    opened = _open(MP4, file)
    return _reading(opened, _mp4_items(opened.tags), MP4_NAMES)


def read_asf(file: BinaryIO) -> Reading:
    opened = _open(ASF, file)
    return _reading(opened, _asf_items(opened.tags), ASF_NAMES)


def read_iff(file: BinaryIO, kind: Kind) -> Reading:
    """Only the stream; ``id3_fields`` reads the ID3 tag."""
    return Reading(_stream(_open(_IFF_READERS[kind], file)))


def _open(reader: Callable[[BinaryIO], Any], file: BinaryIO) -> Any:
    """The boundary: whatever mutagen throws becomes ``LayoutError``."""
    file.seek(0)
    try:
        return reader(file)
    except PARSER_ERRORS as error:
        raise LayoutError(f"it cannot be read ({str(error) or type(error).__name__})") from error


def _reading(opened: Any, items: Iterable[_Item], names: Mapping[Field, str]) -> Reading:
    fields = {name.upper(): found for found, name in names.items()}
    ours: dict[Field, list[str]] = {}
    others = []
    for key, texts, whole in items:
        found = fields.get(key.upper())
        if found is None or texts is None or (found is Field.COMMENT and found in ours):
            others.append((key, whole))
        else:
            ours.setdefault(found, []).extend(texts)
    return Reading(_stream(opened), ours, tuple(others))


def _stream(opened: Any) -> dict[str, Any]:
    """Without the bit rate, which some readers work out from the size of the file, tags included."""
    return {name: value for name, value in vars(opened.info).items() if name != "bitrate" and not name.startswith("_")}


def _vorbis_items(tags: Any) -> Iterator[_Item]:
    if tags is None:
        return
    if tags.vendor:  # a comment that was not there before has none
        yield "", None, tags.vendor
    for key, value in list(tags):
        yield key, [value], value


def _mp4_items(tags: Any) -> Iterator[_Item]:
    if tags is None:
        return
    for key, value in tags.items():
        values = value if isinstance(value, list) else [value]
        try:
            texts = [bytes(one).decode("utf-8") if isinstance(one, bytes) else str(one) for one in values]
        except UnicodeDecodeError:
            texts = None
        yield key, texts, [(one, getattr(one, "dataformat", None), getattr(one, "imageformat", None)) for one in values]
    if tags._failed_atoms:
        yield "", None, sorted(tags._failed_atoms.items())


def _asf_items(tags: Any) -> Iterator[_Item]:
    for name, value in tags:
        whole = (value.TYPE, value.value, value.language, value.stream)
        ours = value.TYPE == _ASF_TEXT and not value.language and not value.stream
        yield name, [value.value] if ours else None, whole
