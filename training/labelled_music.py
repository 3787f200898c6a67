"""A person's own labelled music: a CSV table that says of each file what is heard in it.

Two forms, told apart by their header, in UTF-8, separated by commas, semicolons or tabs (whichever the header uses):

    path,tags                         path,rock,piano
    Bach/Aria.flac,Classical;Piano    Bach/Aria.flac,0,1
    AC/TNT.mp3,"Rock;Loud"            AC/TNT.mp3,1,0

Paths are absolute or relative to the folder of the table. A tag that a row does not name is taken as absent, so a table
should name all that its author listened for. A column ``artist`` says which tracks belong together; without it those in
the same folder do.

Contents: ``read_labelled_music``, ``LabelledMusic``, ``LabelledTrack``
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from training.dataset import DatasetError

PATH, TAGS, ARTIST = "path", "tags", "artist"
_YES, _NO = frozenset({"1", "1.0", "true", "yes"}), frozenset({"0", "0.0", "false", "no", ""})


@dataclass(frozen=True, slots=True)
class LabelledTrack:
    """A row: ``group`` is what belongs together, ``words`` are the tags as they were written."""

    path: Path
    group: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class LabelledMusic:
    """``words``: every tag that the table speaks of; ``problems``: a sentence for each row that was left out."""

    tracks: tuple[LabelledTrack, ...]
    words: tuple[str, ...]
    problems: tuple[str, ...]


def read_labelled_music(table: Path) -> LabelledMusic:
    """Raises ``DatasetError`` where the table as a whole cannot be read."""
    try:
        text = table.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else error.strerror
        raise DatasetError(f"{table} cannot be read: {reason}") from error
    header = text.partition("\n")[0]
    reader = csv.DictReader(text.splitlines(), delimiter=max("\t;,", key=header.count), strict=True)
    names = [name.strip() for name in reader.fieldnames or []]
    if PATH not in names or len(set(names) - {PATH, ARTIST}) < 1 or len(set(names)) < len(names):
        raise DatasetError(f"{table} must begin with a line that names its columns: path, and tags or one for each tag")
    reader.fieldnames = names
    tracks: dict[Path, LabelledTrack] = {}
    problems = []
    for line, track in _rows(reader, table):
        if isinstance(track, str):
            problems.append(f"line {line}: {track}")
        elif tracks.setdefault(track.path, track) is not track:
            problems.append(f"line {line}: {track.path} is there already")
    own_columns = [] if TAGS in names else [name for name in names if name not in (PATH, ARTIST)]
    words = own_columns or sorted({word for track in tracks.values() for word in track.words})
    return LabelledMusic(tuple(tracks.values()), tuple(words), tuple(problems))


def _rows(reader: "csv.DictReader[str]", table: Path) -> Iterator[tuple[int, LabelledTrack | str]]:
    """Yield the number of the line, and its track or what is wrong with it."""
    try:
        for row in reader:
            yield reader.line_num, _track(row, table.resolve().parent, reader.fieldnames or [])
    except csv.Error as error:
        raise DatasetError(f"{table}, line {reader.line_num}: {error}") from error


def _track(row: Mapping[str, str | None], folder: Path, names: Sequence[str]) -> LabelledTrack | str:
    if None in row.values() or None in row:
        return "it has not as many cells as the header"
    cells = {name: (row[name] or "").strip() for name in names}
    if not cells[PATH]:
        return "it has no path"
    path = folder / Path(cells[PATH]).expanduser()
    if TAGS in cells:
        words = frozenset(word.strip() for word in cells[TAGS].split(";") if word.strip())
    else:
        values = {name: value.casefold() for name, value in cells.items() if name not in (PATH, ARTIST)}
        strange = next((name for name, value in values.items() if value not in _YES | _NO), None)
        if strange:
            return f"{cells[strange]!r} in the column {strange} is neither 0 nor 1"
        words = frozenset(name for name, value in values.items() if value in _YES)
    return LabelledTrack(path, cells.get(ARTIST) or str(path.parent), words)
