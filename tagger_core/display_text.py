"""Text from files, fit to be shown: it cannot move a cursor, ring a bell, turn the text around or hide its end.

Contents
--------
``printable``
"""

import re
import unicodedata
from pathlib import Path

from tagger_core.file_paths import shown_path

_DIRECTION_MARKS = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_UNPRINTABLE = {"Cc", "Cs", "Zl", "Zp"}
_HARMLESS = re.compile(r"[ -~]*")


def printable(text: object) -> str:
    """The text with control characters, lone surrogates and direction marks as visible escapes."""
    shown = shown_path(str(text)) if isinstance(text, Path) else str(text)
    if _HARMLESS.fullmatch(shown):
        return shown
    return "".join(_escaped(character) for character in shown)


def _escaped(character: str) -> str:
    if character in _DIRECTION_MARKS or unicodedata.category(character) in _UNPRINTABLE:
        return character.encode("unicode_escape").decode("ascii")
    return character
