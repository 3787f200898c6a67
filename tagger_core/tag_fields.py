"""Where a tag of each category is written: one table of fields, and presets that choose from it.

A *field* here is Earmark's name for a place in a file's metadata. How a field is stored in a format is
the other table below; ``tag_files`` reads it and holds no names of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from tagger_core.domain import Category


class Field(StrEnum):
    """The fields Earmark may write; everything else in a file is somebody else's."""

    GENRE = "GENRE"
    MOOD = "MOOD"
    INSTRUMENTS = "INSTRUMENTS"
    VOCALS = "VOCALS"
    GROUPING = "GROUPING"
    COMMENT = "COMMENT"


ID3_FRAMES: Mapping[int, Mapping[Field, str]] = MappingProxyType(
    {
        # ID3v2.3 knows no TMOO, so the mood goes where the players of 2.3 files look for it.
        3: MappingProxyType(
            {
                Field.GENRE: "TCON",
                Field.MOOD: "TXXX:MOOD",
                Field.INSTRUMENTS: "TXXX:INSTRUMENTS",
                Field.VOCALS: "TXXX:VOCALS",
                Field.GROUPING: "GRP1",
                Field.COMMENT: "COMM",
            }
        ),
        4: MappingProxyType(
            {
                Field.GENRE: "TCON",
                Field.MOOD: "TMOO",
                Field.INSTRUMENTS: "TXXX:INSTRUMENTS",
                Field.VOCALS: "TXXX:VOCALS",
                Field.GROUPING: "GRP1",
                Field.COMMENT: "COMM",
            }
        ),
    }
)
"""ID3 version -> field -> frame. ``TXXX:X`` is the user text frame of that description (any case);
``COMM`` is the comment with an empty description."""


def _names(*names: str) -> Mapping[Field, str]:
    """One for each field, in their order."""
    return MappingProxyType(dict(zip(Field, names, strict=True)))


_ITUNES = "----:com.apple.iTunes:"

VORBIS_NAMES = _names("GENRE", "MOOD", "INSTRUMENTS", "VOCALS", "GROUPING", "COMMENT")
"""FLAC, Ogg, Opus, Speex: a name is repeated for each value."""
APEV2_NAMES = _names("Genre", "Mood", "Instruments", "Vocals", "Grouping", "Comment")
"""Monkey's Audio, WavPack, Musepack, TAK, OptimFROG: one item holds all values."""
MP4_NAMES = _names("©gen", f"{_ITUNES}MOOD", f"{_ITUNES}INSTRUMENTS", f"{_ITUNES}VOCALS", "©grp", "©cmt")
"""Atoms of ``moov.udta.meta.ilst``; ``----:mean:name`` is a free-form one."""
ASF_NAMES = _names("WM/Genre", "WM/Mood", "Instruments", "Vocals", "WM/ContentGroupDescription", "Description")
"""Attributes, repeated for each value."""


@dataclass(frozen=True, slots=True)
class Preset:
    """One way of writing tags.

    ``fields`` maps a category to its field; a category that is not there is suggested but not written.
    ``new_id3_version`` is the version of a tag that is created where there was none; a file that has a
    tag keeps its version. ``joined``: several values become one text with "; " between them, for players
    that read only the first value of a list. ``mood_comment``: moods are repeated as a block in the comment.
    """

    name: str
    description: str
    fields: Mapping[Category, Field]
    new_id3_version: int = 4
    joined: bool = False
    mood_comment: bool = False


_STANDARD_FIELDS = MappingProxyType(
    {
        Category.GENRE: Field.GENRE,
        Category.MOOD: Field.MOOD,
        Category.TEMPO: Field.MOOD,
        Category.INSTRUMENT: Field.INSTRUMENTS,
        Category.VOCALS: Field.VOCALS,
    }
)

PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        preset.name: preset
        for preset in (
            Preset("standard", "genre, mood, instruments and vocals, each in its own field", _STANDARD_FIELDS),
            Preset(
                "compatible",
                'as standard, for older players: ID3v2.3 for new tags, several values joined with "; "',
                _STANDARD_FIELDS,
                new_id3_version=3,
                joined=True,
            ),
            Preset(
                "dj",
                "as compatible, and the moods once more in the comment, for players that show only that",
                _STANDARD_FIELDS,
                new_id3_version=3,
                joined=True,
                mood_comment=True,
            ),
            Preset(
                "genre-only",
                "every suggestion into the genre field",
                MappingProxyType(dict.fromkeys(Category, Field.GENRE)),
            ),
        )
    }
)
