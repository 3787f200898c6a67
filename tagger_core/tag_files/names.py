"""What a file calls itself: title, artist and album, of every kind of file that mutagen knows.

For showing only, so nothing is refused here: a file that cannot be read has no name.

Contents
--------
``read_name``
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import mutagen
from mutagen.apev2 import APEv2
from mutagen.asf import ASFTags
from mutagen.id3 import ID3
from mutagen.mp4 import MP4Tags

from tagger_core.display_text import printable
from tagger_core.domain import TrackName
from tagger_core.tag_files.readback import PARSER_ERRORS

_KEYS: Sequence[tuple[type, tuple[str, str, str]]] = (
    (ID3, ("TIT2", "TPE1", "TALB")),
    (MP4Tags, ("©nam", "©ART", "©alb")),
    (ASFTags, ("Title", "Author", "WM/AlbumTitle")),
    (APEv2, ("Title", "Artist", "Album")),
    (object, ("title", "artist", "album")),  # Vorbis comments
)
"""Kind of tag -> where title, artist and album stand in it."""

_LONGEST = 500
"""Characters of a name that are kept: more is not shown anywhere, and a hostile file may hold a book."""


def read_name(path: Path) -> TrackName:
    """The name in the file's tags, fit to be shown; empty where there is none, or none that can be read."""
    try:
        tags = _tags(path)
        if tags is None:
            return TrackName()
        keys = next(keys for kind, keys in _KEYS if isinstance(tags, kind))
        return TrackName(*(_text(tags.get(key)) for key in keys))
    except (OSError, *PARSER_ERRORS):
        return TrackName()


def _tags(path: Path) -> Any:
    if path.suffix.lower() == ".mp3":  # not ``mutagen.File``, which would look for the first frame of audio too
        try:
            return ID3(path)
        except mutagen.MutagenError:  # no ID3 tag, perhaps another one
            return APEv2(path)
    file = mutagen.File(path)
    return file.tags if file else None


def _text(value: Any) -> str:
    """The first text of a value: a frame, a list, or a text."""
    if value is None:
        return ""
    texts = getattr(value, "text", value)
    first = texts if isinstance(texts, str) else next((str(text) for text in texts if str(text)), "")
    return printable(first.strip("\0 \t\r\n")[:_LONGEST])
