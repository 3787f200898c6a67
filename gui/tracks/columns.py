"""The columns of the table: names, explanations, and what each is sorted by.

Contents: ``Column``, ``column_name``, ``column_hint``, ``ORDERS``
"""

from enum import IntEnum

from PySide6.QtCore import QCoreApplication


class Column(IntEnum):
    """The columns, in the order in which they stand before a person moves them."""

    STATE = 0
    TITLE = 1
    ARTIST = 2
    SUGGESTED = 3
    CONFIDENCE = 4
    ALBUM = 5
    FILE = 6
    FOLDER = 7


ORDERS = {
    Column.STATE: "state",
    Column.TITLE: "title",
    Column.ARTIST: "artist",
    Column.SUGGESTED: "suggested",
    Column.CONFIDENCE: "confidence",
    Column.ALBUM: "album",
    Column.FILE: "path",
    Column.FOLDER: "path",
}
"""Column -> ``by`` of ``Review.order``."""


def column_name(column: Column) -> str:
    return {
        Column.STATE: QCoreApplication.translate("Columns", "State"),
        Column.TITLE: QCoreApplication.translate("Columns", "Title"),
        Column.ARTIST: QCoreApplication.translate("Columns", "Artist"),
        Column.SUGGESTED: QCoreApplication.translate("Columns", "Suggested"),
        Column.CONFIDENCE: QCoreApplication.translate("Columns", "Confidence"),
        Column.ALBUM: QCoreApplication.translate("Columns", "Album"),
        Column.FILE: QCoreApplication.translate("Columns", "File"),
        Column.FOLDER: QCoreApplication.translate("Columns", "Folder"),
    }[column]


def column_hint(column: Column) -> str:
    return {
        Column.STATE: QCoreApplication.translate("Columns", "Where the track stands in your review"),
        Column.TITLE: QCoreApplication.translate("Columns", "Title in the file; the file's name where it has none"),
        Column.ARTIST: QCoreApplication.translate("Columns", "Artist in the file"),
        Column.SUGGESTED: QCoreApplication.translate(
            "Columns", "Ticked tags are filled, near misses are outlines; click one to tick or untick it"
        ),
        Column.CONFIDENCE: QCoreApplication.translate(
            "Columns", "How far the least certain ticked tag is above its threshold; 0 % is at it"
        ),
        Column.ALBUM: QCoreApplication.translate("Columns", "Album in the file"),
        Column.FILE: QCoreApplication.translate("Columns", "Name of the file"),
        Column.FOLDER: QCoreApplication.translate("Columns", "Folder of the file"),
    }[column]
