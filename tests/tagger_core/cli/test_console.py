"""Lines on a terminal, over a progress bar, and in a pipe."""

import io
import threading

import pytest
from rich.console import Console

from tagger_core.cli import console as console_module
from tagger_core.cli.console import GatheredLines, columns, fit, track_progress

LINES = [[("planned   ", "bold"), ("a.mp3", "")], [("   hears  ", "dim"), ("Rock .50", "")]]


def terminal() -> Console:
    return Console(file=io.StringIO(), force_terminal=True, color_system="standard", width=80, soft_wrap=True)


def shown(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_pipe_gets_plain_lines_at_once() -> None:
    console = Console(file=io.StringIO())
    lines = GatheredLines(console)
    with lines:
        lines.add(LINES)
        assert shown(console) == "planned   a.mp3\n   hears  Rock .50\n"


def test_a_terminal_gets_each_line_with_its_styles() -> None:
    console = terminal()
    GatheredLines(console).add(LINES)
    assert shown(console) == "\x1b[1mplanned   \x1b[0ma.mp3\n\x1b[2m   hears  \x1b[0mRock .50\n"


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (40, ["   hears  Rock .50  Heavy Metal .40"]),
        (34, ["   hears  Rock .50", "          Heavy Metal .40"]),
        (10, ["   hears  Rock .50", "          Heavy Metal .40"]),
    ],
)
def test_details_go_on_below_where_they_began(width: int, expected: list[str]) -> None:
    line = [("   hears", "dim"), ("  Rock .50", ""), ("  Heavy Metal .40", "")]
    assert ["".join(text for text, _ in part) for part in fit(line, width)] == expected


def test_the_line_with_the_path_stays_whole() -> None:
    line = [("planned   ", "bold"), ("a long name.mp3", "bold"), (": a reason", "")]
    assert list(fit(line, 12)) == [line]


def test_columns_are_as_wide_as_their_texts_and_the_last_is_not_cut() -> None:
    folder = "/a/very/long/folder" * 20
    assert list(columns([("run", "what", "folders"), ("12", "音", folder)], right=[0])) == [
        "run  what  folders",
        f" 12  音    {folder}",
    ]


def test_lines_of_a_moment_are_printed_together_and_none_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    console = terminal()
    printed: list[object] = []
    really = console.print
    monkeypatch.setattr(console, "print", lambda text: (printed.append(text), really(text)))
    monkeypatch.setattr(console_module, "_MOMENT", 3600)
    lines = GatheredLines(console)
    with lines:
        for _ in range(100):
            lines.add(LINES)
        assert printed == []
    assert len(printed) == 1
    assert shown(console).count("a.mp3") == 100
    lines.add(LINES)
    assert len(printed) == 2


def test_a_line_does_not_wait_for_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    console = terminal()
    seen = threading.Event()
    really = console.print
    monkeypatch.setattr(console, "print", lambda text: (really(text), seen.set()))
    lines = GatheredLines(console)
    with lines:
        lines.add(LINES)
        assert seen.wait(30)
        assert "a.mp3" in shown(console)


def test_the_bar_ends_complete_with_all_failures() -> None:
    console = terminal()
    with track_progress(console, 1000) as progress:
        for number in range(1000):
            progress.advance(failed=number % 100 == 0)
    assert "1000/1000" in shown(console)
    assert "10 failed" in shown(console)
