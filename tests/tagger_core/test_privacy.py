"""Nothing is uploaded, and nothing but our own is left on a person's machine."""

import os
import subprocess
import sys
from pathlib import Path


def test_libraries_leave_nothing_in_the_home(tmp_path: Path) -> None:
    """ONNX Runtime made an identifier of the machine and a queue of events for Microsoft here."""
    home = tmp_path / "home"
    home.mkdir()
    places = {"XDG_DATA_HOME": str(tmp_path / "data"), "XDG_CONFIG_HOME": str(tmp_path / "config")}
    clip = Path(__file__).resolve().parents[1] / "data" / "music" / "Sectoid - Feelings.mp3"
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "ORT_"))}
    subprocess.run(
        [sys.executable, "-m", "tagger_core", "--batch", str(clip), "--model", "fast"],
        env=environment | places | {"HOME": str(home)},
        check=True,
        capture_output=True,
        timeout=120,
    )
    assert [path for path in home.rglob("*") if path.is_file()] == []
