"""The formats that Earmark can write: a table of names and of the classes that know them.

The name of a file and its content must agree; a file that is called something else than it is would be read
by some programs as the one and by some as the other, so it is refused.

Contents
--------
``open_tagged``, ``require_writable_name``, ``Tagged``
"""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import BinaryIO, Protocol

from tagger_core.errors import UnknownFormatError, WriteRefusedError
from tagger_core.layouts.kinds import Kind, kind_of
from tagger_core.tag_fields import Field, Preset
from tagger_core.tag_files.apev2 import ApeTag
from tagger_core.tag_files.asf import AsfTag
from tagger_core.tag_files.flac import FlacTag
from tagger_core.tag_files.iff import IffTag
from tagger_core.tag_files.mp3 import Mp3Tag
from tagger_core.tag_files.mp4 import Mp4Tag
from tagger_core.tag_files.ogg import OggTag
from tagger_core.tag_files.recipe import Recipe
from tagger_core.tag_files.text_values import Values


class Tagged(Protocol):
    """The tags of one file. All methods raise ``LayoutError`` and ``BlockError``."""

    @property
    def warnings(self) -> tuple[str, ...]: ...

    def values(self) -> dict[Field, Values]:
        """The fields that have values."""

    def edited(self, edits: Mapping[Field, Values], preset: Preset) -> Recipe:
        """The recipe for the file with other values in some fields, empty ones taking the field out."""

    def check(self, edited: BinaryIO, edits: Mapping[Field, Values]) -> None:
        """Read the new file and require that exactly the edits lie between it and this one."""


_KIND_OF_NAME = {
    **dict.fromkeys((".mp3", ".mp2", ".mp1", ".mpga"), Kind.MPEG),
    ".flac": Kind.FLAC,
    **dict.fromkeys((".ogg", ".oga", ".opus", ".spx", ".oggflac"), Kind.OGG),
    **dict.fromkeys((".m4a", ".m4b", ".m4p", ".m4r", ".mp4", ".m4v"), Kind.MP4),
    **dict.fromkeys((".wma", ".asf"), Kind.ASF),
    **dict.fromkeys((".wav", ".wave"), Kind.WAV),
    **dict.fromkeys((".aif", ".aiff", ".aifc"), Kind.AIFF),
    ".ape": Kind.MONKEYS_AUDIO,
    ".wv": Kind.WAVPACK,
    **dict.fromkeys((".mpc", ".mp+"), Kind.MUSEPACK),
    ".tak": Kind.TAK,
    **dict.fromkeys((".ofr", ".ofs"), Kind.OPTIMFROG),
}

_READERS: Mapping[Kind, Callable[[BinaryIO], Tagged]] = {
    Kind.MPEG: Mp3Tag.read,
    Kind.FLAC: FlacTag.read,
    Kind.OGG: OggTag.read,
    Kind.MP4: Mp4Tag.read,
    Kind.ASF: AsfTag.read,
    **{kind: partial(IffTag.read, kind=kind) for kind in (Kind.WAV, Kind.AIFF)},
    **{
        kind: partial(ApeTag.read, kind=kind)
        for kind in (Kind.MONKEYS_AUDIO, Kind.WAVPACK, Kind.MUSEPACK, Kind.TAK, Kind.OPTIMFROG)
    },
}


def require_writable_name(path: Path) -> None:
    """Raises ``UnknownFormatError`` if Earmark writes no files of such a name."""
    if path.suffix.lower() not in _KIND_OF_NAME:
        raise UnknownFormatError(path, f"Earmark cannot write {path.suffix.lower().lstrip('.') or 'such'} files")


def open_tagged(file: BinaryIO, path: Path) -> Tagged:
    """Read the tags. Raises ``WriteRefusedError``, ``LayoutError``, ``BlockError`` and ``OSError``."""
    expected = _KIND_OF_NAME[path.suffix.lower()]
    kind = kind_of(file)
    # Many an mp3 has some rubbish before its first frame, which its reader skips.
    if kind is not expected and not (kind is None and expected is Kind.MPEG):
        called = path.suffix.lower().lstrip(".")
        raise WriteRefusedError(
            path, f"it is not {called} but {kind}; give it its proper name" if kind else f"it is no {expected} file"
        )
    return _READERS[expected](file)
