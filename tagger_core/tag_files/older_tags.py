"""What a file with no ID3v2 tag, or an empty one, says in its tags of other kinds: ID3v1, APEv2, RIFF INFO.

Most readers take the first kind of tag that they find and look at no other. So a new ID3v2 tag begins with what the
others say; else title and artist, though still in the file, would seem to be lost. The other tags stay as they are.

Contents
--------
``OlderTags``, ``at_the_end``, ``info_list``
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from mutagen import id3

from tagger_core.layouts import LayoutError, read_at
from tagger_core.mp3_layout import Mp3Layout
from tagger_core.tag_fields import APEV2_NAMES, ID3_FRAMES
from tagger_core.tag_files.apev2 import read_texts
from tagger_core.tag_files.readback import PARSER_ERRORS
from tagger_core.tag_files.text_values import Values

_APEV2 = {
    "TITLE": "TIT2",
    "ARTIST": "TPE1",
    "ALBUM": "TALB",
    "YEAR": "TDRC",
    "TRACK": "TRCK",
    **{name.upper(): ID3_FRAMES[4][field] for field, name in APEV2_NAMES.items()},
}
_INFO = {
    b"INAM": "TIT2",
    b"IART": "TPE1",
    b"IPRD": "TALB",
    b"ICRD": "TDRC",
    b"ITRK": "TRCK",
    b"IPRT": "TRCK",
    b"ICMT": "COMM",
    b"IGNR": "TCON",
    b"ISFT": "TSSE",
    b"ITCH": "TENC",
}
_INFO_HEADER_LENGTH = 8
_CALLED = {"TIT2": "title", "TPE1": "artist", "TALB": "album", "TDRC": "year", "TRCK": "track", "COMM": "comment"}
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


@dataclass(frozen=True, slots=True)
class OlderTags:
    """``texts``: key of an ID3v2.4 frame (see ``id3_fields``) -> values. ``kinds``: of the tags that have any."""

    texts: Mapping[str, Values]
    kinds: tuple[str, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        if not self.texts:
            return ()
        named = [name for key, name in _CALLED.items() if key in self.texts]
        named += ["other fields"] * any(key not in _CALLED for key in self.texts)
        return (
            f"the file has only {' and '.join(self.kinds)}; when it is written, the {', '.join(named)} in it"
            " are copied into a new ID3v2 tag",
        )


def at_the_end(file: BinaryIO, layout: Mp3Layout) -> OlderTags:
    """What APEv2 and, where that is silent, ID3v1 say. Raises ``LayoutError`` if they are broken, and ``OSError``."""
    ape = _known((_APEV2.get(key), texts) for key, texts in read_texts(file, layout).items())
    version_1: Mapping[str, Values] = {}
    for place in layout.tags_at_end:
        data = read_at(file, place)
        if data.startswith(b"TAG") and not data.startswith(b"TAG+"):
            version_1 = _id3v1(data)
    kinds = {"an APEv2 tag": ape, "an ID3v1 tag": version_1}
    return OlderTags({**version_1, **ape}, tuple(kind for kind, texts in kinds.items() if texts))


def info_list(data: bytes) -> OlderTags:
    """What the body of an INFO list says; its texts are in UTF-8 or, for lack of a rule, in Latin-1."""
    found: list[tuple[str | None, list[str]]] = []
    data = data.removeprefix(b"INFO")
    while len(data := data.lstrip(b"\0")) > _INFO_HEADER_LENGTH:  # some programs pad with more zeros than they may
        end = _INFO_HEADER_LENGTH + int.from_bytes(data[4:_INFO_HEADER_LENGTH], "little")
        found.append((_INFO.get(data[:4]), [_text(data[_INFO_HEADER_LENGTH:end])]))
        data = data[end:]
    texts = _known(found)
    return OlderTags(texts, ("a RIFF INFO list",) if texts else ())


def _id3v1(data: bytes) -> dict[str, Values]:
    try:
        frames = id3.ParseID3v1(data, v2_version=3) or {}
    except PARSER_ERRORS as error:
        raise LayoutError(f"its ID3v1 tag cannot be read ({error})") from error
    genre = frames.pop("TCON", None)
    texts = {"TDRC" if key == "TYER" else key: list(frame.text) for key, frame in frames.items()}
    if genre and int(genre.text[0]) < len(id3.TCON.GENRES):
        texts["TCON"] = list(genre.genres)
    return _known(texts.items())


def _known(found: Iterable[tuple[str | None, list[str]]]) -> dict[str, Values]:
    """Without keys that have no frame, empty texts, and dates that no frame can hold; the first of each key counts."""
    known: dict[str, Values] = {}
    for key, texts in found:
        values = tuple(text for text in texts if text and (key != "TDRC" or _DATE.fullmatch(text)))
        if key and values:
            known.setdefault(key, values)
    return known


def _text(data: bytes) -> str:
    data = data.split(b"\0")[0].strip()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")
