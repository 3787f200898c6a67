"""What is written is seen where people look: by at least two independent readers, in every format and preset.

Some readers show only the first value (or the last) of several: that counts as seen, but one reader must show all.
"""

import functools
import tempfile
from pathlib import Path

import pytest

from tagger_core.settings import Settings
from tagger_core.tag_fields import PRESETS
from tagger_core.tagging import RunWriter
from tests.faults.writing import plan
from tests.music_files import KINDS, make, suffix
from tests.readers.readers import MISSING, READERS, sees

DOCS = Path(__file__).parents[2] / "docs" / "players.md"
VALUES = {
    "GENRE": ("Jazz", "Ambient"),
    "MOOD": ("Calm", "Düster"),
    "INSTRUMENTS": ("Piano", "Drums"),
    "VOCALS": ("Female Vocals",),
}
COMMENT = {"COMMENT": ("[moods: Calm]",)}

needs_all = pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}")


def values_of(preset: str) -> dict[str, tuple[str, ...]]:
    """What a preset writes."""
    chosen = PRESETS[preset]
    fields = {str(field) for field in chosen.fields.values()}
    written = {field: values for field, values in VALUES.items() if field in fields}
    return written | COMMENT if chosen.mood_comment else written


@functools.cache
def seen(kind: str, preset: str) -> dict[str, dict[str, bool]]:
    """For each field that was written: the readers that show its values, and whether they show all of them."""
    with tempfile.TemporaryDirectory() as place:
        path = make(Path(place, f"song{suffix(kind)}"), kind)
        with RunWriter.open(Path(place, "journal.sqlite3"), [path], Settings(preset=preset)) as writer:
            writer.write(plan(path, values_of(preset)))
        shown = {reader: sees(reader, path) for reader in READERS}
    return {
        field: {
            reader: found >= set(values)
            for reader in READERS
            if (found := shown[reader].get(field, set())) & set(values)
        }
        for field, values in values_of(preset).items()
    }


WRITTEN = [name for name in PRESETS if PRESETS[name].fields]


@needs_all
@pytest.mark.parametrize("preset", WRITTEN)
@pytest.mark.parametrize("kind", KINDS)
def test_two_independent_readers_see_every_field_and_one_sees_every_value(kind: str, preset: str) -> None:
    for field, readers in seen(kind, preset).items():
        assert len(readers) >= 2, f"{field} is seen only by {list(readers)}"
        assert any(readers.values()), f"nobody sees all values of {field}"


def table(preset: str) -> list[str]:
    """The table of ``docs/players.md`` for one preset: a reader in brackets shows one value of several only."""
    fields = list(values_of(preset))
    lines = [f"| {preset} | {' | '.join(fields)} |", "|---" * (len(fields) + 1) + "|"]
    for kind in KINDS:
        readers = seen(kind, preset)
        cells = (", ".join(name if all_ else f"({name})" for name, all_ in readers[field].items()) for field in fields)
        lines.append(f"| {kind} | {' | '.join(cells)} |")
    return lines


@needs_all
@pytest.mark.parametrize("preset", ["standard", "dj"])
def test_the_documentation_says_what_the_readers_show(preset: str) -> None:
    wanted = "\n".join(table(preset))
    assert wanted in DOCS.read_text(encoding="utf-8"), f"the table of docs/players.md should be:\n{wanted}"
