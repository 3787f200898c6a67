"""Where a person was in the table, noted for the next start: filter, columns, and the track that was looked at.

Filter and track belong together: both are found again when that track comes, and not in another folder.

Contents: ``PlaceMemory``
"""

import json
import os
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

from PySide6.QtCore import QObject, QTimer, Signal

from gui.focus import NO_ROW, NO_TAG, Focus
from gui.library.library import Library
from gui.tracks.track_table import Filter
from tagger_core.review import Group

_FILTER = "tracks.filter"
_COLUMNS = "tracks.columns"
_ROW = "tracks.row"
_SETTLED = 300
"""Milliseconds on a track before it is noted: who holds a key down is on the way elsewhere."""


class PlaceMemory(QObject):
    """Notes the place, and finds it again once the tracks are there."""

    filter_found = Signal(object)
    """``Filter`` of the last session, as soon as the track is there that was looked at in it."""
    row_found = Signal(int)
    """The row of that track, as soon as the filter lets it through: that may take until it was heard."""

    def __init__(self, library: Library, focus: Focus, parent: QObject) -> None:
        super().__init__(parent)
        self._library = library
        self._focus = focus
        self._sought: Path | None = None
        """The track of the last session, while it is not seen yet and the person has not gone elsewhere."""
        self._filtered = False
        """The filter of the last session is in force."""
        self._looked_at = focus.row
        self._settled = QTimer(self, interval=_SETTLED, singleShot=True)
        self._settled.timeout.connect(self._note_row)
        focus.row_changed.connect(self._row_changed)
        focus.visible_changed.connect(self._look_for_row)
        library.rows_added.connect(self._look_for_row)

    @property
    def columns(self) -> str:
        """What ``ColumnHeader.saved`` gave; "" if nothing was noted."""
        return self._library.recall(_COLUMNS) or ""

    @columns.setter
    def columns(self, saved: str) -> None:
        self._library.remember(_COLUMNS, saved)

    def _kept_filter(self) -> Filter:
        """Without the parts that do not exist any more."""
        try:
            noted = json.loads(self._library.recall(_FILTER) or "{}")
            names = [tag.name for tag in self._library.review.tags]
            return Filter(
                group=Group[noted["group"]] if noted.get("group") in Group.__members__ else None,
                tag=names.index(noted["tag"]) if noted.get("tag") in names else NO_TAG,
                text=str(noted.get("text", "")),
            )
        except (ValueError, AttributeError):  # noted by another version
            return Filter()

    def keep_filter(self, now: Filter) -> None:
        """Note the filter that the person has set."""
        self._sought = None
        tag = "" if now.tag == NO_TAG else self._library.review.tags[now.tag].name
        noted = {"group": now.group.name if now.group is not None else "", "tag": tag, "text": now.text}
        self._library.remember(_FILTER, json.dumps(noted))

    def seek_row(self) -> None:
        """Look at the track of the last session as soon as it is there."""
        noted = self._library.recall(_ROW)
        self._sought = Path(os.fsdecode(unquote_to_bytes(noted))) if noted else None
        self._filtered = False
        self._look_for_row()

    def _look_for_row(self) -> None:
        row = self._library.review.row_of(self._sought) if self._sought else None
        if row is None:
            return
        if not self._filtered:
            self._filtered = True
            sought = self._sought
            self.filter_found.emit(self._kept_filter())
            self._sought = sought  # nobody but this has gone elsewhere
        if self._sought and row in self._focus.visible:
            self._sought = None
            self.row_found.emit(row)

    def _row_changed(self, row: int) -> None:
        """A first row is looked at by itself; from there, only a person goes elsewhere."""
        if NO_ROW not in (self._looked_at, row):
            self._sought = None
        self._looked_at = row
        self._settled.start()

    def _note_row(self) -> None:
        if self._focus.row != NO_ROW and self._sought is None:
            # A name may be bytes that are no text; percent signs carry it through any store.
            self._library.remember(_ROW, quote(os.fsencode(self._library.review.path(self._focus.row))))
