"""Numbers and names as the inspector writes them."""

import math

import pytest

from gui.inspector.tag_editor import completions
from gui.inspector.words import clock, probability_text, tooltip


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (9.99, "0:09"), (72.4, "1:12"), (4_000, "1:06:40"), (math.nan, "–")]
)
def test_clock(seconds: float, text: str) -> None:
    assert clock(seconds) == text


@pytest.mark.parametrize(
    ("probability", "text"), [(0.934, ".93"), (0.004, ".00"), (0.999, "1.00"), (1.0, "1.00"), (math.nan, "–")]
)
def test_probability(probability: float, text: str) -> None:
    assert probability_text(probability) == text


def test_a_name_that_looks_like_html_is_shown_as_it_is() -> None:
    assert tooltip("<b>Ünder</b> & so") == "<qt>&lt;b&gt;Ünder&lt;/b&gt; &amp; so</qt>"
    assert tooltip("") == ""


NAMES = ["Rock", "Hard Rock", "Rocksteady", "Electro", "Post-Rock", "Baroque"]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("rock", ["Rock", "Rocksteady", "Hard Rock", "Post-Rock"]),
        ("RO", ["Rock", "Rocksteady", "Hard Rock", "Post-Rock", "Baroque", "Electro"]),
        (" elec ", ["Electro"]),
        ("", []),
        ("zz", []),
    ],
)
def test_completions_put_beginnings_before_words_before_the_rest(typed: str, offered: list[str]) -> None:
    assert completions(NAMES, typed) == offered
