"""The list of a tag's tracks: order, cut, marks, and the model as Qt wants it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester

from gui.library.library import Library
from gui.tags_mode.cut_list import Column, CutList, Mark
from tagger_core.domain import FileStamp, Track
from tagger_core.review import Group, Heard, TrackName

ROWS = 60


@pytest.fixture
def library(filled_library: Callable[[int], Library]) -> Library:
    return filled_library(ROWS)


@pytest.fixture
def rock(library: Library) -> int:
    return library.review.column("Rock")


@pytest.fixture
def listed(library: Library, rock: int) -> CutList:
    listed = CutList(library)
    listed.show_tag(rock)
    return listed


def test_the_most_probable_comes_first(library: Library, listed: CutList, rock: int) -> None:
    probabilities = library.review.probabilities[listed.rows, rock]
    assert len(listed.rows) == ROWS
    assert (np.diff(probabilities) <= 0).all()


def test_the_cut_is_where_the_review_has_it(library: Library, listed: CutList, rock: int) -> None:
    for threshold in (0.0, 0.3, 0.9, 1.0):
        library.do("set_threshold", rock, threshold)
        listed.refresh()
        reached = np.flatnonzero(library.review.probabilities[:, rock] >= library.review.thresholds[rock])
        assert sorted(listed.above.tolist()) == reached.tolist()
        assert len(listed.below) == ROWS - len(reached)


def test_a_track_that_was_not_heard_is_not_listed(library: Library, listed: CutList) -> None:
    library.review.add([Track(Path("/music/new.mp3"), FileStamp(1, 1, 10**6, 1))])
    assert listed.refresh()
    assert listed.rowCount() == ROWS


def test_a_track_that_is_heard_takes_its_place(library: Library, listed: CutList, rock: int) -> None:
    track = Track(Path("/music/new.mp3"), FileStamp(1, 1, 10**6, 1))
    row = library.review.add([track])[0]
    probabilities = np.full(len(library.review.tags), 0.999, np.float32)
    library.review.hear([Heard(track, b"x" * 32, probabilities, 10.0, TrackName(), {})])
    assert listed.refresh()
    assert listed.row_at(0) == row
    assert not listed.refresh()


def test_marks_tell_rule_from_hand(library: Library, listed: CutList, rock: int) -> None:
    library.do("set_threshold", rock, 0.5 * listed.probability_at(0))
    first, last = listed.row_at(0), listed.row_at(ROWS - 1)
    assert listed.mark_at(0) is Mark.TICKED
    assert listed.mark_at(ROWS - 1) is Mark.NOTHING
    library.do("reject_tag", np.array([first]), "Rock")
    library.do("accept_tag", np.array([last]), "Rock")
    assert listed.mark_at(0) is Mark.UNTICKED_BY_HAND
    assert listed.mark_at(ROWS - 1) is Mark.TICKED_BY_HAND
    assert listed.index(0, Column.TICK).data() == "unticked by you"


def test_undecided_are_those_that_nobody_decided_about(library: Library, listed: CutList) -> None:
    decided = listed.rows[[0, 2, 4]]
    library.do("accept", decided[:1])
    library.do("skip", decided[1:])
    assert set(listed.rows.tolist()) - set(listed.undecided(listed.rows).tolist()) == set(decided.tolist())
    assert library.review.group(int(decided[0])) is Group.ACCEPTED


def test_rows_are_found_by_their_number(listed: CutList) -> None:
    rows = listed.rows[[5, 1, 9]]
    assert listed.positions(rows).tolist() == [1, 5, 9]
    assert listed.positions(np.array([ROWS + 5])).tolist() == []


def test_texts(library: Library, listed: CutList, rock: int) -> None:
    row = listed.row_at(0)
    texts = [listed.index(0, column).data() for column in Column]
    name = library.review.name(row)
    assert texts[1:4] == [f"{library.review.probabilities[row, rock]:.2f}", name.title, name.artist]
    assert str(library.review.path(row)) in listed.index(0, Column.TITLE).data(Qt.ItemDataRole.ToolTipRole)


def test_the_model_keeps_the_rules_of_qt(library: Library, rock: int, qtmodeltester: ModelTester) -> None:
    listed = CutList(library)
    qtmodeltester.check(listed)
    listed.show_tag(rock)
    library.do("set_threshold", rock, 0.5)
    listed.refresh()
    listed.show_tag(rock + 1)
    qtmodeltester.check(listed)
