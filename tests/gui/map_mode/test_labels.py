"""Names that cover each other cannot be read."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QSizeF

from gui.map_mode.labels import Label, place_labels

SCREEN = (300.0, 200.0)


def placed(points: list[tuple[float, float]], order: list[int] | None = None) -> list[Label]:
    sizes = {column: QSizeF(60, 14) for column in range(len(points))}
    return place_labels(order or list(range(len(points))), np.array(points, np.float32), sizes, SCREEN)


@given(st.lists(st.tuples(st.floats(-50, 350, width=32), st.floats(-50, 250, width=32)), min_size=1, max_size=40))
def test_names_never_overlap_and_never_leave_the_screen(points: list[tuple[float, float]]) -> None:
    labels = placed(points)
    for label in labels:
        assert 0 <= label.left <= SCREEN[0] - label.width
        assert 0 <= label.top <= SCREEN[1] - label.height
    for one, other in combinations(labels, 2):
        apart = (
            one.left + one.width <= other.left
            or other.left + other.width <= one.left
            or one.top + one.height <= other.top
            or other.top + other.height <= one.top
        )
        assert apart


def test_the_first_in_order_gets_the_room() -> None:
    crowd = [(150.0, 100.0)] * 9
    first = [label.column for label in placed(crowd, order=[7, *(column for column in range(9) if column != 7)])]
    assert first[0] == 7
    assert len(first) < 9


def test_a_name_stands_above_its_dot_and_below_at_the_upper_edge() -> None:
    middle, top = placed([(150, 100), (150, 4)])
    assert middle.top + middle.height < 100
    assert top.top > 4


def test_tags_beside_the_screen_have_no_name() -> None:
    assert placed([(-10, 100), (150, 900)]) == []
