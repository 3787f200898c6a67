"""The drives of ``drive.py``, in a size that a test run can carry."""

import os
from pathlib import Path

import pytest

from tests.drives.drive import KINDS, Earmark, kill_at_random, prepare, write_read_back_undo

CLIPS = sorted((Path(__file__).resolve().parents[1] / "data" / "music").glob("*.mp3"))


@pytest.fixture
def earmark(tmp_path: Path) -> Earmark:
    (tmp_path / "home").mkdir()
    return Earmark(tmp_path / "home")


def test_every_kind_of_tag_is_written_read_back_and_undone(earmark: Earmark, tmp_path: Path) -> None:
    files = prepare((CLIPS * 2)[: 2 * len(KINDS)], tmp_path / "library")
    (tmp_path / "library" / "text.mp3").write_text("no music")
    counts = write_read_back_undo(earmark, tmp_path / "library")
    assert counts["failed"] == 1
    assert counts["written"] >= len(files) // 2


def test_killed_at_random_moments_no_file_is_damaged_and_the_next_run_finishes(
    earmark: Earmark, tmp_path: Path
) -> None:
    prepare(CLIPS * 4, tmp_path / "library")
    kill_at_random(earmark, tmp_path / "library", kills=int(os.environ.get("EARMARK_KILLS", "5")))
