"""What a file without a tag of the kind that Earmark writes, or with an empty one, says in tags of older kinds.

Most readers take the first kind of tag that they find and look at no other. So a new ID3v2 or APEv2 tag begins with
what the others say; else title and artist, though still in the file, would seem to be lost. The others stay as they
are. Of ID3v1 and RIFF INFO this module knows; ``tags_at_end`` of APEv2 in an mp3.

Contents
--------
``OlderTags``, ``id3v1``, ``info_list``, ``known_texts``
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from mutagen import id3

from tagger_core.layouts import LayoutError, read_at
from tagger_core.mp3_layout import Mp3Layout
from tagger_core.tag_files.readback import PARSER_ERRORS
from tagger_core.tag_files.text_values import Values

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
    """``texts``: key of an ID3v2.4 frame (see ``id3_fields``) -> values. ``kinds``: of the tags that have any.

    ``new_kind``: of the tag into which they are copied.
    """

    texts: Mapping[str, Values]
    kinds: tuple[str, ...] = ()
    new_kind: str = "ID3v2"

    @property
    def warnings(self) -> tuple[str, ...]:
        if not self.texts:
            return ()
        named = [name for key, name in _CALLED.items() if key in self.texts]
        named += ["other fields"] * any(key not in _CALLED for key in self.texts)
        return (
            f"the file has only {' and '.join(self.kinds)}; when it is written, the {', '.join(named)} in it"
            f" are copied into a new {self.new_kind} tag",
        )


def id3v1(file: BinaryIO, layout: Mp3Layout) -> dict[str, Values]:
    """Key of an ID3v2.4 frame -> what ID3v1 says. Raises ``LayoutError`` if it cannot be read, and ``OSError``."""
    tags = [read_at(file, place) for place in layout.tags_at_end]
    data = next((data for data in reversed(tags) if data.startswith(b"TAG") and not data.startswith(b"TAG+")), b"")
    try:
        frames = id3.ParseID3v1(data, v2_version=3) or {}
    except PARSER_ERRORS as error:
        raise LayoutError(f"its ID3v1 tag cannot be read ({error})") from error
    genre = frames.pop("TCON", None)
    texts = {"TDRC" if key == "TYER" else key: list(frame.text) for key, frame in frames.items()}
    if genre and int(genre.text[0]) < len(id3.TCON.GENRES):
        texts["TCON"] = list(genre.genres)
    return known_texts(texts.items())


def info_list(data: bytes) -> OlderTags:
    """What the body of an INFO list says; its texts are in UTF-8 or, for lack of a rule, in Latin-1."""
    found: list[tuple[str | None, list[str]]] = []
    data = data.removeprefix(b"INFO")
    while len(data := data.lstrip(b"\0")) > _INFO_HEADER_LENGTH:  # some programs pad with more zeros than they may
        end = _INFO_HEADER_LENGTH + int.from_bytes(data[4:_INFO_HEADER_LENGTH], "little")
        found.append((_INFO.get(data[:4]), [_text(data[_INFO_HEADER_LENGTH:end])]))
        data = data[end:]
    texts = known_texts(found)
    return OlderTags(texts, ("a RIFF INFO list",) if texts else ())


def known_texts(found: Iterable[tuple[str | None, list[str]]]) -> dict[str, Values]:
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
