"""What the window changes in a person's settings file, and what it leaves alone."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagger_core.errors import SettingsError
from tagger_core.settings import Settings, load_settings
from tagger_core.settings_file import save_settings

OWN = """# my settings

jobs = 3   # the machine is small
profile = "strict"  # few and sure
except = [
    "Weird",  # never
    "Party",
]

# thresholds that I like
[thresholds]
Rock = 0.7   # louder
"Female Vocals" = 1

[[exclusive]]
tags = ["Sea Shanty", "Techno"]

[tags."Sea Shanty"]  # of the coast
category = "genre"
labels = ["shanty"]
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "settings.toml").write_text(OWN, encoding="utf-8")
    return tmp_path / "settings.toml"


def test_saving_what_was_loaded_changes_no_byte(path: Path) -> None:
    save_settings(path, load_settings(path))
    assert path.read_text(encoding="utf-8") == OWN


def test_only_what_changes_is_touched(path: Path) -> None:
    settings = load_settings(path)
    thresholds = {"Rock": 0.65, "Jazz": 0.5}
    save_settings(path, settings.overridden(profile="balanced", mode="fill", thresholds=thresholds))
    text = path.read_text(encoding="utf-8")
    assert 'profile = "balanced"  # few and sure' in text
    assert "jobs = 3   # the machine is small" in text
    assert '    "Weird",  # never\n' in text
    assert "Rock = 0.65   # louder" in text
    assert "Female Vocals" not in text
    assert '[tags."Sea Shanty"]  # of the coast' in text
    assert load_settings(path) == settings.overridden(profile="balanced", mode="fill", thresholds=thresholds)


def test_a_first_file_holds_what_differs_from_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "settings.toml"
    save_settings(path, Settings(profile="strict"))
    assert path.read_text(encoding="utf-8") == 'profile = "strict"\n'
    assert list(path.parent.iterdir()) == [path]
    assert path.stat().st_mode & 0o777 == 0o644


def test_a_link_to_the_settings_stays_a_link(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.toml"
    link.symlink_to(path)
    path.chmod(0o600)
    save_settings(link, load_settings(link).overridden(jobs=1))
    assert link.is_symlink()
    assert load_settings(path).jobs == 1
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", ["jobs = ", "jobs = -1", "no-such-setting = 1"])
def test_a_file_that_makes_no_sense_is_left_alone(path: Path, content: str) -> None:
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError):
        save_settings(path, Settings())
    assert path.read_text(encoding="utf-8") == content


def test_what_cannot_be_written_is_told_and_the_file_stays(path: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be written"):
        save_settings(path, Settings(model_folders=("/models\udce9",)))
    assert path.read_text(encoding="utf-8") == OWN
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(SettingsError, match=r"cannot be (read|written)"):
        save_settings(tmp_path / "file" / "settings.toml", Settings(jobs=2))


words = st.sampled_from(("Rock", "Female Vocals", "R&B", "a.b", "日本", 'quoted "word"', "", "#1"))
levels = st.one_of(st.floats(0, 1), st.sampled_from((0, 1, 0.62)))
choices = st.fixed_dictionaries(
    {},
    optional={
        "models": st.lists(words, min_size=1, max_size=3).map(tuple),
        "device": st.sampled_from(("auto", "cpu")),
        "jobs": st.integers(0, 8),
        "profile": st.sampled_from(("strict", "balanced", "generous")),
        "threshold": st.one_of(st.none(), levels),
        "thresholds": st.dictionaries(words, levels, max_size=4),
        "top": st.one_of(st.none(), st.integers(1, 9)),
        "only": st.lists(words, max_size=3).map(tuple),
        "except_tags": st.lists(words, max_size=3).map(tuple),
        "tags": st.dictionaries(
            words,
            st.fixed_dictionaries({"category": st.just("mood")}, optional={"labels": st.lists(words)}),
            max_size=3,
        ),
        "exclusive": st.lists(st.fixed_dictionaries({"tags": st.tuples(words, words)}), max_size=2).map(tuple),
        "preset": st.sampled_from(("standard", "dj")),
        "custom": st.one_of(
            st.none(),
            st.fixed_dictionaries(
                {"joined": st.booleans()},
                optional={"fields": st.dictionaries(st.sampled_from(("genre", "mood")), st.just("GROUPING"))},
            ),
        ),
        "modes": st.dictionaries(st.sampled_from(("GENRE", "MOOD")), st.sampled_from(("merge", "fill")), max_size=2),
        "recursive": st.booleans(),
    },
)


@settings(max_examples=50, deadline=None)
@given(st.lists(choices, min_size=1, max_size=4), st.booleans())
def test_any_settings_come_back_whatever_the_file_held(
    tmp_path_factory: pytest.TempPathFactory, wanted: list[dict[str, Any]], begun: bool
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_text(OWN if begun else "", encoding="utf-8")
    for one in wanted:
        settings = Settings().overridden(**one)
        save_settings(path, settings)
        assert load_settings(path) == settings
