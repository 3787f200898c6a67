"""The drive of ``foreign.py`` over damaged files of every format, and over a corpus of odd files where there is one."""

import os
from pathlib import Path

import pytest

from tests.drives.foreign import drive, mutations

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "data" / "audio_corpus"
MUTATIONS = int(os.environ.get("EARMARK_MUTATIONS", "60"))


def test_damaged_files_of_every_format_are_written_and_undone_or_refused(tmp_path: Path) -> None:
    mutations(tmp_path, MUTATIONS, seed=7)
    report = drive(tmp_path)
    assert report.failures() == {}
    assert {"written", "refused"} <= {status for status, _ in report.outcomes.values()}


@pytest.mark.skipif(not CORPUS.is_dir(), reason="needs ../shared/data/audio_corpus beside the repository")
def test_every_file_of_the_corpus_is_written_and_undone_or_refused() -> None:
    report = drive(CORPUS)
    assert report.failures() == {}
    assert sum(status in ("written", "shadowed") for status, _ in report.outcomes.values()) >= 250
