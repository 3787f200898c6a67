"""The part of the map that is on the screen."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.map_mode.viewport import MOST_ZOOM, Viewport

CORNERS = np.array([(-1, -0.5), (1, 0.5)], np.float32)
VIEW = Viewport.fit(CORNERS, 800, 600, 40)
POINTS = st.tuples(st.floats(0, 800, width=32), st.floats(0, 600, width=32))


def place_under(view: Viewport, point: tuple[float, float]) -> tuple[float, float]:
    """Where on the map a point of the screen is: ``to_screen`` backwards."""
    x, y = point
    return (x - view.width / 2) / view.scale + view.x, view.y - (y - view.height / 2) / view.scale


def test_everything_fits_with_a_margin() -> None:
    screen = VIEW.to_screen(CORNERS)
    assert screen.min(axis=0) == pytest.approx([40, 120])
    assert screen.max(axis=0) == pytest.approx([760, 480])


def test_up_on_the_map_is_up_on_the_screen() -> None:
    low, high = VIEW.to_screen(np.array([(0, -0.5), (0, 0.5)], np.float32))
    assert high[1] < low[1]


def test_what_has_no_place_is_not_fitted_and_stays_without() -> None:
    places = np.array([(np.nan, np.nan), *CORNERS], np.float32)
    assert Viewport.fit(places, 800, 600, 40) == VIEW
    assert np.isnan(VIEW.to_screen(places)[0]).all()


def test_an_empty_map_fits() -> None:
    assert Viewport.fit(np.empty((0, 2), np.float32), 800, 600, 40).scale > 0
    assert Viewport.fit(CORNERS, 1, 1, 40).scale > 0


@given(POINTS, st.floats(0.5, 20))
def test_the_point_under_the_pointer_stays_while_zooming(point: tuple[float, float], factor: float) -> None:
    before, after = place_under(VIEW, point), place_under(VIEW.zoomed(factor, point), point)
    assert after == pytest.approx(before, abs=1e-5)


def test_zoom_has_ends() -> None:
    assert VIEW.zoomed(0.1).zoom == 1
    assert VIEW.zoomed(1e9).zoom == pytest.approx(MOST_ZOOM)


def test_the_map_moves_with_the_hand() -> None:
    place = np.array([(0.2, 0.1)], np.float32)
    moved = VIEW.panned(30, -10).to_screen(place) - VIEW.to_screen(place)
    assert moved[0] == pytest.approx([30, -10], abs=1e-3)


def test_another_size_keeps_middle_and_zoom() -> None:
    near = VIEW.zoomed(4).panned(50, 20)
    other = near.resized(Viewport.fit(CORNERS, 400, 300, 40))
    assert (other.x, other.y, other.zoom) == pytest.approx((near.x, near.y, 4))
    assert (other.width, other.height) == (400, 300)
