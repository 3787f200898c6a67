"""A signal closes the window in order, also while tracks are listened to and when it reaches every process."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

CLIPS = Path(__file__).resolve().parents[2] / "data" / "music"
PATIENCE = 60.0


@pytest.mark.skipif(sys.platform == "win32", reason="signals reach a process group on POSIX systems")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_closes_the_window_without_a_word(tmp_path: Path, number: signal.Signals) -> None:
    music = tmp_path / "music"
    shutil.copytree(CLIPS, music)
    home = {f"XDG_{kind}_HOME": str(tmp_path / kind) for kind in ("CONFIG", "DATA", "CACHE")}
    process = subprocess.Popen(
        [sys.executable, "-m", "gui", str(music)],
        env={**os.environ, "HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen", **home},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    analyses = tmp_path / "DATA" / "earmark" / "analyses.sqlite3"
    until = time.monotonic() + PATIENCE
    while not analyses.exists() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.05)
    os.killpg(process.pid, number)  # as a terminal does with Ctrl+C
    _, said = process.communicate(timeout=PATIENCE)
    assert (process.returncode, said) == (0, "")
    assert (tmp_path / "CONFIG" / "earmark" / "window.ini").exists(), "it was closed as by its button"
