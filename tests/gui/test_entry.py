"""``earmark`` as it is started: the window or the command line, and one sentence where there can be no window."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

WITHOUT_QT = "import sys; sys.modules['PySide6'] = None; from gui.entry import main; sys.exit(main(sys.argv[1:]))"


def run(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Python with these arguments, in a home of its own and without any display."""
    surroundings = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM") and not name.startswith("XDG_")
    }
    return subprocess.run(
        [sys.executable, *arguments],
        env=surroundings | {"HOME": str(home)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_tells_of_the_window_and_loads_no_qt(tmp_path: Path) -> None:
    code = (
        "import sys; from gui.entry import main; main(['--help'])\n"
        "sys.exit(' '.join({'PySide6', 'numpy', 'librosa', 'onnxruntime', 'mutagen'} & set(sys.modules)) or 0)"
    )
    done = run(tmp_path, "-c", code)
    assert (done.returncode, done.stderr) == (0, "")
    assert "open the window" in done.stdout


def test_an_option_means_the_command_line_which_needs_no_qt(tmp_path: Path) -> None:
    done = run(tmp_path, "-c", WITHOUT_QT, "--batch", str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert "No music was found there." in done.stdout
    assert run(tmp_path, "-c", WITHOUT_QT, "--nonsense").returncode == 2


@pytest.mark.parametrize("arguments", [(), ("a folder",)])
def test_without_qt_one_sentence_says_what_to_do(arguments: tuple[str, ...], tmp_path: Path) -> None:
    done = run(tmp_path, "-c", WITHOUT_QT, *arguments)
    assert done.returncode == 3
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert "PySide6-Essentials" in line
    assert "earmark --batch FOLDER" in line


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({}, "there is no screen (neither DISPLAY nor WAYLAND_DISPLAY is set); "),
        ({"DISPLAY": ":4711"}, "could not connect to display :4711"),
        ({"QT_QPA_PLATFORM": "nonsense"}, '"nonsense"'),
    ],
)
def test_without_a_display_one_sentence_says_what_to_do(
    environment: dict[str, str], reason: str, tmp_path: Path
) -> None:
    done = run(tmp_path, "-m", "gui", **environment)
    assert done.returncode == 3
    (line,) = done.stderr.splitlines()
    assert line.startswith("earmark: the window cannot be opened: ")
    assert reason in line
    assert "earmark --batch FOLDER" in line
