"""Every file of other projects' test suites: written, read back and taken back to the same bytes, or refused.

The files are not ours to copy; where they are not beside the repository, the test is skipped.
"""

import shutil
from collections import Counter
from pathlib import Path

import pytest

from tagger_core.audio_payload import payload_digest
from tagger_core.errors import WriteRefusedError
from tests.tagger_core.formats.every_format import edit, restore, values

CORPUS = Path(__file__).parents[4] / "shared" / "data" / "audio_corpus"


@pytest.mark.skipif(not CORPUS.is_dir(), reason="needs the corpus of foreign files in ../shared/data/audio_corpus")
def test_every_foreign_file_is_written_and_restored_or_refused(tmp_path: Path) -> None:
    outcomes: Counter[str] = Counter()
    for number, source in enumerate(sorted(path for path in CORPUS.rglob("*") if path.is_file())):
        path = tmp_path / f"{number}{source.suffix}"
        shutil.copyfile(source, path)
        outcomes[_outcome(path)] += 1
        path.unlink()
    assert outcomes["no reason"] == 0
    assert outcomes["written"] > outcomes.total() / 2, outcomes


def _outcome(path: Path) -> str:
    before, payload = path.read_bytes(), payload_digest(path)
    try:
        present = values(path)
        new = {"GENRE": (*present.get("GENRE", ()), "Zydeco"), "MOOD": ("Ruhig", "Düster"), "VOCALS": ()}
        new = {name: found for name, found in new.items() if found != present.get(name, ())}
        change = edit(path, **new)
    except WriteRefusedError as error:
        assert path.read_bytes() == before
        return error.reason or "no reason"
    assert values(path) == {name: found for name, found in {**present, **new}.items() if found}
    assert payload_digest(path) == payload
    restore(change)
    assert path.read_bytes() == before
    return "written"
