"""Choices: written down, overridden, checked."""

from pathlib import Path

import pytest

from tagger_core.domain import Category
from tagger_core.errors import SettingsError
from tagger_core.settings import CustomPreset, Places, Settings, load_settings
from tagger_core.tag_fields import PRESETS, Field


def test_no_file_means_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "settings.toml") == Settings()


def test_everything_that_can_be_written_down(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(
        """
        models = ["magnatagatune"]
        device = "cpu"
        jobs = 3
        profile = "strict"
        threshold = 0.4
        thresholds = { Rock = 0.5, "Female Vocals" = 1 }
        top = 5
        except = ["Weird"]
        preset = "dj"
        mode = "fill"
        modes = { GENRE = "merge" }
        protected = ["wild west"]
        preserve-mtime = true
        [tags."Sea Shanty"]
        category = "genre"
        labels = ["shanty"]
        [[exclusive]]
        tags = ["Sea Shanty", "Techno"]
        """,
        encoding="utf-8",
    )
    settings = load_settings(path)
    assert settings.thresholds == {"Rock": 0.5, "Female Vocals": 1}
    assert settings.except_tags == ("Weird",)
    assert settings.vocabulary.tags["Sea Shanty"].category is Category.GENRE
    assert settings.mode_of(Field.GENRE) == "merge"
    assert settings.mode_of(Field.MOOD) == "fill"
    assert settings.workers == 3


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("jobs = ", "not valid TOML"),
        ("jbos = 3", "jbos"),
        ("jobs = -1", "jobs"),
        ("jobs = true", "jobs"),
        ("threshold = 1.5", "threshold"),
        ("models = []", "models"),
        ("thresholds = { Rock = 2 }", "thresholds"),
        ('preset = "fancy"', "there is no preset 'fancy'"),
        ('profile = "strikt"', "profile: Invalid enum value 'strikt'; choose one of strict, balanced, generous"),
        ('effort = "quik"', "effort: Invalid enum value 'quik'; choose one of quick, balanced, full"),
        ('preset = "custom"', "add a table \\[custom\\]"),
        (
            '[custom]\nfields = { genre = "COLOUR" }',
            "custom: there is no field 'COLOUR' for genre; choose one of GENRE,",
        ),
        ('[custom]\nfields = { genre = "COMMENT" }', "there is no field 'COMMENT'"),
        ('[custom]\nfields = { colour = "GENRE" }', "custom.fields"),
        ("[custom]\nid3-version = 2", "id3-version"),
        ("[custom]\njoin = true", "join"),
        ("journal-limit-mb = 0", "journal-limit-mb"),
        ('modes = { Genre = "merge" }', "modes"),
        ('[tags.X]\ncategory = "colour"', "tags.*category"),
        ("\x00", "not valid TOML"),
    ],
)
def test_a_wrong_file_is_one_sentence_with_its_path(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=reason) as caught:
        load_settings(path)
    assert str(path) in str(caught.value)


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="not valid TOML"):
        load_settings(path)
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(tmp_path)


def test_options_override_the_file_and_are_checked_alike() -> None:
    settings = Settings(jobs=3, except_tags=("Weird",)).overridden(
        jobs=1, preserve_mtime=True, thresholds={"Rock": 0.1}
    )
    assert (settings.jobs, settings.preserve_mtime, settings.except_tags) == (1, True, ("Weird",))
    assert settings.thresholds == {"Rock": 0.1}
    with pytest.raises(SettingsError, match="preset"):
        Settings().overridden(preset="fancy")


def test_the_custom_preset_is_the_standard_with_own_fields() -> None:
    custom = CustomPreset(
        fields={Category.ERA: "GROUPING", Category.INSTRUMENT: "", Category.MOOD: "GENRE"}, joined=True, id3_version=3
    )
    preset = Settings(preset="custom", custom=custom).written_preset
    assert dict(preset.fields) == {
        Category.GENRE: Field.GENRE,
        Category.MOOD: Field.GENRE,
        Category.TEMPO: Field.MOOD,
        Category.VOCALS: Field.VOCALS,
        Category.ERA: Field.GROUPING,
    }
    assert (preset.joined, preset.new_id3_version, preset.mood_comment) == (True, 3, False)


def test_a_preset_named_on_the_command_line_uses_the_custom_table(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('[custom]\nfields = { other = "GROUPING" }\nmood-comment = true', encoding="utf-8")
    settings = load_settings(path)
    assert settings.written_preset is PRESETS["standard"]
    preset = settings.overridden(preset="custom").written_preset
    assert preset.fields[Category.OTHER] is Field.GROUPING
    assert preset.mood_comment


def test_workers_are_never_none() -> None:
    assert Settings().workers >= 1


def test_places_follow_the_platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    places = Places.of_platform()
    assert places.settings_file == tmp_path / "config" / "earmark" / "settings.toml"
    assert places.journal.parent == tmp_path / "data" / "earmark"


def test_places_without_a_home(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "USER", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    assert Places.of_platform().settings_file.is_absolute()


def test_fast_and_accurate_stand_for_models(tmp_path: Path) -> None:
    assert Settings(models=("fast",)).models == Settings().models == ("earmark-fast",)
    assert Settings(models=("accurate",)).models == ("magnatagatune", "million-song")
    assert Settings().overridden(models=["mine", "accurate", "million-song"]).models == (
        "mine",
        "magnatagatune",
        "million-song",
    )
