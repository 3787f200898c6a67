"""A place where workers keep models, and a model to be sent there."""

from pathlib import Path

import pytest

from tagger_core.model_card import ModelFolder
from tests.small_models import label, write_model


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where workers keep models."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "earmark" / "models"


@pytest.fixture
def folder(tmp_path: Path) -> ModelFolder:
    return ModelFolder.load(write_model(tmp_path / "models", [label("rock"), label("pop")], (1, -2), (0, 1)))
