"""Other programs' eyes: the values of Earmark's fields as other programs and libraries show them.

Conventions
-----------
A reader takes a path and gives, for each field that it shows, the set of its values. Several values come back in many
ways (a list, "a; b", "a;b", "a, b", "a/b"); all of these are taken apart, since a person reads them all the same. The
names are those under which a reader shows a field, in lower case and without its group.

Contents
--------
``READERS``, ``sees``
"""

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import mediafile
import taglib
import tinytag
from pymediainfo import MediaInfo

NAMES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "GENRE": frozenset({"genre", "wm/genre"}),
        "MOOD": frozenset({"mood", "tmoo", "wm/mood", "wm_mood"}),
        "INSTRUMENTS": frozenset({"instruments"}),
        "VOCALS": frozenset({"vocals"}),
        "GROUPING": frozenset({"grouping", "grp1", "wm/contentgroupdescription", "contentgroup", "work"}),
        "COMMENT": frozenset({"comment", "description"}),
    }
)

Shown = list[tuple[str, str]]
"""(name, text), as a reader prints them."""


def _taglib(path: Path) -> Shown:
    with taglib.File(path) as file:
        return [(name, value) for name, values in file.tags.items() for value in values]


def _ffprobe(path: Path) -> Shown:
    command = ["ffprobe", "-v", "error", "-show_entries", "format_tags:stream_tags", "-of", "json", str(path)]
    shown = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    groups = [shown.get("format", {}), *shown.get("streams", [])]
    return [pair for group in groups for pair in group.get("tags", {}).items()]


def _mediafile(path: Path) -> Shown:
    file = mediafile.MediaFile(path)
    shown = [("genre", genre) for genre in file.genres or []]
    return [*shown, ("comment", file.comments or ""), ("grouping", file.grouping or "")]


def _exiftool(path: Path) -> Shown:
    command = ["exiftool", "-json", "-a", "-G4", "-s", "-charset", "utf8", str(path)]
    # It ends with an error where it does not know a format, and says so in a field of its own.
    (shown,) = json.loads(subprocess.run(command, capture_output=True, check=False).stdout)
    found: Shown = []
    for name, value in shown.items():
        if name.rpartition(":")[2] == "UserDefinedText":
            described = re.match(r"\((\w+)\) (.*)", str(value))  # "(MOOD) Calm"
            found += [(described[1], described[2])] if described else []
        else:
            found += [(name.rpartition(":")[2], str(text)) for text in _listed(value)]
    return found


def _tinytag(path: Path) -> Shown:
    try:
        tag = tinytag.TinyTag.get(path)
    except tinytag.UnsupportedFormatError:
        return []
    return [(name, str(value)) for name, values in tag.as_dict().items() for value in _listed(values)]


def _mediainfo(path: Path) -> Shown:
    general = MediaInfo.parse(path).general_tracks[0].to_data()
    return [(name, str(value)) for name, values in general.items() for value in _listed(values)]


def _listed(values: object) -> list[object]:
    return values if isinstance(values, list) else [values]


_ALL: Mapping[str, Callable[[Path], Shown]] = MappingProxyType(
    {
        "TagLib": _taglib,
        "FFmpeg": _ffprobe,
        "MediaInfo": _mediainfo,
        "ExifTool": _exiftool,
        "TinyTag": _tinytag,
        "MediaFile": _mediafile,
    }
)
MISSING = tuple(
    name for name, program in {"FFmpeg": "ffprobe", "ExifTool": "exiftool"}.items() if shutil.which(program) is None
)
READERS: Mapping[str, Callable[[Path], Shown]] = MappingProxyType(
    {name: reader for name, reader in _ALL.items() if name not in MISSING}
)
"""Those that are installed here; ``MISSING`` names the others."""


def sees(reader: str, path: Path) -> dict[str, set[str]]:
    """The values of each of Earmark's fields that this reader shows."""
    found: dict[str, set[str]] = {}
    for name, text in READERS[reader](path):
        for field, names in NAMES.items():
            if name.lower().rpartition(":")[2] in names:
                found.setdefault(field, set()).update(_taken_apart(field, text))
    return found


def _taken_apart(field: str, text: str) -> set[str]:
    if field == "COMMENT":
        return {text}
    return {value for part in re.split(r"[;/,\0]", text) if (value := part.strip())}
