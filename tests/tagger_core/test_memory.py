"""Memory grows neither with the length of a track nor with anything else: a 3-hour mix stays under 400 MB in all."""

import contextlib
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pytest
import soundfile

LIMIT_MB = 400


def peak_megabytes(process: subprocess.Popen[str]) -> int:
    """The largest memory of a process and its children together, pages that they share counted once (PSS)."""
    peak = 0
    while process.poll() is None:
        with contextlib.suppress(psutil.Error):  # it ended between two looks
            family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
            peak = max(peak, sum(member.memory_full_info().pss for member in family))
        time.sleep(0.1)
    return peak // 2**20


def long_file(path: Path, minutes: int) -> None:
    second = (0.3 * np.random.default_rng(1).uniform(-1, 1, (16_000, 2))).astype(np.float32)
    with soundfile.SoundFile(path, "w", 16_000, 2, format="MP3") as file:
        for _ in range(60 * minutes):
            file.write(second)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the memory that processes share")
def test_two_long_tracks_at_a_time_stay_within_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    (tmp_path / "music").mkdir()
    # Eight minutes hold 160 patches a track: what grew with the length would show in hundreds of megabytes.
    long_file(tmp_path / "music" / "a.mp3", 8)
    long_file(tmp_path / "music" / "b.mp3", 8)
    command = [sys.executable, "-m", "tagger_core", "--batch", str(tmp_path / "music"), "--jobs", "2", "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        peak = peak_megabytes(process)
    assert process.returncode == 0
    assert 100 < peak < LIMIT_MB  # a figure below would not be one of the whole family
