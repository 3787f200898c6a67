"""What the rows are called: paths, titles, artists and albums, to be found and put in order.

Search is for words in a text made lower-case beforehand; an order is worked out once for each kind of name and kept
until a name changes.

Contents
--------
``TrackList``
"""

import os
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tagger_core.domain import TrackName
from tagger_core.review.values import Rows

_SEARCHED_PARTS = 3
"""Of a path: the file's name and the two folders around it, as a rule album and artist."""


class TrackList:
    """The names of all rows."""

    def __init__(self) -> None:
        self._paths: list[str] = []
        self._rows: dict[str, int] = {}
        self._names: list[TrackName] = []
        self._searched: list[str] = []
        self._ranks: dict[str, npt.NDArray[np.intp]] = {}
        self._shared: dict[str, str] = {}

    def add(self, paths: Sequence[Path]) -> range:
        """Append rows for these paths, which are not there yet."""
        rows = range(len(self._paths), len(self._paths) + len(paths))
        for row, path in zip(rows, map(str, paths), strict=True):
            self._paths.append(path)
            self._rows[path] = row
            self._names.append(_NAMELESS)
            self._searched.append(_searched(path, _NAMELESS))
        self._ranks.clear()
        return rows

    def row_of(self, path: Path | str) -> int | None:
        return self._rows.get(str(path))

    def path(self, row: int) -> Path:
        return Path(self._paths[row])

    def path_texts(self, rows: Sequence[int]) -> list[str]:
        return list(map(self._paths.__getitem__, rows))

    def name(self, row: int) -> TrackName:
        return self._names[row]

    def rename(self, row: int, name: TrackName) -> bool:
        """Take in what a file calls itself; whether that is news."""
        if name == self._names[row]:
            return False
        share = self._shared.setdefault  # a thousand tracks of an artist keep one text
        self._names[row] = TrackName(name.title, share(name.artist, name.artist), share(name.album, name.album))
        self._searched[row] = _searched(self._paths[row], name)
        self._ranks.clear()
        return True

    def find(self, text: str, rows: Rows) -> Rows:
        """Those of the rows whose title, artist, album, file or last folders hold every word of the text."""
        searched = self._searched
        for word in _folded(text).split():
            rows = np.array([row for row in rows.tolist() if word in searched[row]], np.intp)
        return rows

    def ranks(self, by: str) -> npt.NDArray[np.intp]:
        """The place of each row in the order of "title", "artist", "album" or "path", shape (rows,).

        Where the file says nothing its name, or nothing, counts; equals are in the order of the rows.
        """
        if by not in self._ranks:
            keys = [_key(by, path, name) for path, name in zip(self._paths, self._names, strict=True)]
            order = sorted(range(len(keys)), key=keys.__getitem__)
            ranks = np.empty(len(keys), np.intp)
            ranks[order] = np.arange(len(keys))
            self._ranks[by] = ranks
        return self._ranks[by]


_NAMELESS = TrackName()


def _stem(path: str) -> str:
    name = path.rpartition(os.sep)[2]  # making a ``Path`` would take ten times longer
    return name.rpartition(".")[0] or name


def _key(by: str, path: str, name: TrackName) -> str:
    """The text that a row is ordered by."""
    keys = {
        "title": name.title or _stem(path),
        "artist": f"{name.artist}\0{name.album}",
        "album": name.album,
        "path": path,
    }
    return _folded(keys[by])


def _searched(path: str, name: TrackName) -> str:
    parts = path.rsplit(os.sep, _SEARCHED_PARTS)[-_SEARCHED_PARTS:]
    text = "\n".join((name.title, name.artist, name.album, *parts))
    return _folded(text)


def _folded(text: str) -> str:
    """What texts are compared by: no case, and no accents, which people leave out when they search."""
    if text.isascii():
        return text.lower()
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return plain.casefold()
