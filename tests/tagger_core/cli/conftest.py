"""A person's machine: own settings and data folders, a small installed model, a folder of music."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tagger_core.cli import main
from tests.small_models import label, write_model
from tests.sounds import noise, silence, write

Earmark = Callable[..., int]


@dataclass(frozen=True)
class Home:
    """The small model hears "rock" and "vocals" in noise, "quiet" and "no vocals" in silence."""

    music: Path
    settings: Path
    journal: Path
    analyses: Path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "200")
    own = tmp_path / "config" / "earmark"
    labels = [label("rock"), label("vocals", "vocals"), label("quiet", "mood"), label("no vocals", "vocals")]
    write_model(own / "models", labels, (2, 1, -8, -8), (-2, -1, 2, 3))
    (own / "settings.toml").write_text('models = ["small"]\njobs = 2\n', encoding="utf-8")
    music = tmp_path / "music"
    (music / "album").mkdir(parents=True)
    write(music / "loud.mp3", noise(4))
    write(music / "album" / "silent.mp3", silence(4))
    data = tmp_path / "data" / "earmark"
    return Home(music, own / "settings.toml", data / "journal.sqlite3", data / "analyses.sqlite3")


@pytest.fixture
def earmark(home: Home) -> Earmark:
    """Run a command line; returns its exit code."""

    def run(*arguments: object) -> int:
        return main([str(argument) for argument in arguments])

    return run
