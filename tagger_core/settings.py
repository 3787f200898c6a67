"""What a person may choose, where it is written down, and where Earmark keeps its own files.

``settings.toml`` in the platform's settings folder holds any of the fields of ``Settings``; options of the
command line override it (``Settings.overridden``).

Contents
--------
``Settings``, ``CustomPreset``, ``load_settings``, ``Places``
"""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, get_args

import msgspec
import platformdirs

from tagger_core.domain import Category, Effort
from tagger_core.errors import SettingsError
from tagger_core.tag_fields import PRESETS, Field, Preset
from tagger_core.vocabulary import ExclusiveTable, TagTable, VocabularyTables

Device = Literal["auto", "cpu", "cuda", "directml", "coreml"]
Profile = Literal["strict", "balanced", "generous"]
Mode = Literal["merge", "replace", "fill"]
Probability = Annotated[float, msgspec.Meta(ge=0, le=1)]


_CUSTOM_FIELDS = tuple(field for field in Field if field is not Field.COMMENT)
"""Where a category may be sent; the comment holds a person's own words, and only ``mood-comment`` adds to it."""


class CustomPreset(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename="kebab"):
    """A person's own preset: what differs from ``standard``."""

    fields: Mapping[Category, str] = {}
    """Category -> field; "" means suggested, but not written."""
    joined: bool = False
    id3_version: Literal[3, 4] = 4
    mood_comment: bool = False

    def __post_init__(self) -> None:
        for category, field in self.fields.items():
            if field and field not in _CUSTOM_FIELDS:
                choices = ", ".join(_CUSTOM_FIELDS)
                raise ValueError(f'there is no field {field!r} for {category}; choose one of {choices}, or ""')

    def preset(self) -> Preset:
        fields = {**PRESETS["standard"].fields, **self.fields}
        return Preset(
            "custom",
            "your own, from the settings",
            MappingProxyType({category: Field(name) for category, name in fields.items() if name}),
            new_id3_version=self.id3_version,
            joined=self.joined,
            mood_comment=self.mood_comment,
        )


MODEL_CHOICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"fast": ("earmark-fast",), "accurate": ("magnatagatune", "million-song")}
)
"""What a person chooses by a word rather than by the names of models."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename="kebab"):
    """Every choice, with the default that serves most people."""

    models: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)] = MODEL_CHOICES["fast"]
    """Names of installed models or paths of model folders; all of them listen to every track. A word of
    ``MODEL_CHOICES`` becomes the names that it stands for.
    """
    model_folders: tuple[str, ...] = ()
    """More folders in which to look for models."""
    device: Device = "auto"
    jobs: Annotated[int, msgspec.Meta(ge=0, le=1024)] = 0
    """Tracks analysed at the same time; 0: one per core."""
    effort: Effort = Effort.FULL
    """How much of each track is listened to."""

    profile: Profile = "balanced"
    threshold: Probability | None = None
    """One threshold for every tag, instead of the profile's."""
    thresholds: Mapping[str, Probability] = {}
    """Tag -> threshold, stronger than the two above."""
    top: Annotated[int, msgspec.Meta(ge=1)] | None = None
    """At most this many suggestions for a track."""
    only: tuple[str, ...] = ()
    except_tags: tuple[str, ...] = msgspec.field(name="except", default=())
    tags: Mapping[str, TagTable] = {}
    exclusive: tuple[ExclusiveTable, ...] = ()

    preset: str = "standard"
    custom: CustomPreset | None = None
    """What the preset ``custom`` is."""
    mode: Mode = "merge"
    modes: Mapping[Field, Mode] = {}
    """Field -> mode, stronger than ``mode``."""
    protected: tuple[str, ...] = ()
    """Values that stay in a file even in mode ``replace``."""
    preserve_mtime: bool = False
    allow_hard_links: bool = False
    """Write files that have more than one name; the other names keep the old content."""
    journal_limit_mb: Annotated[int, msgspec.Meta(ge=1)] = 2048
    """Above so many megabytes the journal forgets how to restore files byte for byte, the oldest runs first."""

    recursive: bool = True
    follow_symlinks: bool = False

    nice: Annotated[int, msgspec.Meta(ge=0, le=19)] | None = None
    """How much analysing gives way to other programs, see ``priority``; by default 10 for --watch, else 0."""
    pause_on_battery: bool | None = None
    """By default --watch does and --batch does not."""
    poll: Annotated[int, msgspec.Meta(ge=1)] | None = None
    """--watch looks through its folders every so many seconds, without the system's notifications."""

    def __post_init__(self) -> None:
        if self.preset == "custom" and self.custom is None:
            raise ValueError("the preset custom is not described; add a table [custom] to the settings")
        if self.preset not in (*PRESETS, "custom"):
            raise ValueError(f"there is no preset {self.preset!r}; choose one of {', '.join(PRESETS)} or custom")
        named = [model for word in self.models for model in MODEL_CHOICES.get(word, (word,))]
        msgspec.structs.force_setattr(self, "models", tuple(dict.fromkeys(named)))

    @property
    def vocabulary(self) -> VocabularyTables:
        """The person's own part of the vocabulary."""
        return VocabularyTables(tags=self.tags, exclusive=self.exclusive)

    @property
    def workers(self) -> int:
        """Tracks analysed at the same time, never 0."""
        if self.jobs:
            return self.jobs
        if hasattr(os, "sched_getaffinity"):  # a container may own fewer cores than the machine has
            return len(os.sched_getaffinity(0))
        return os.cpu_count() or 1

    @property
    def written_preset(self) -> Preset:
        """The preset that is chosen."""
        return self.custom.preset() if self.preset == "custom" and self.custom else PRESETS[self.preset]

    def mode_of(self, field: Field) -> Mode:
        return self.modes.get(field, self.mode)

    def overridden(self, **choices: Any) -> "Settings":
        """These settings with some replaced, checked like the file. Raises ``SettingsError``."""
        wanted = msgspec.to_builtins(self) | {_kebab(name): value for name, value in choices.items()}
        try:
            return msgspec.convert(wanted, Settings, strict=True)
        except msgspec.ValidationError as error:
            raise SettingsError(_readable(error)) from error


@dataclass(frozen=True, slots=True)
class Places:
    """Where everything of Earmark's is on this machine."""

    settings_file: Path
    models: Path
    """A person's own models."""
    analyses: Path
    """The database of analyses: a cache that can be made again."""
    journal: Path
    """The database of what was written: needed for undo."""
    review: Path
    """The database of decisions that are not written yet."""

    @classmethod
    def of_platform(cls) -> "Places":
        """The folders that the platform prescribes; ``XDG_*`` variables are respected on Linux."""
        directories = platformdirs.PlatformDirs("earmark", appauthor=False)
        configuration, data = directories.user_config_path, directories.user_data_path
        return cls(
            settings_file=configuration / "settings.toml",
            models=configuration / "models",
            analyses=data / "analyses.sqlite3",
            journal=data / "journal.sqlite3",
            review=data / "review.sqlite3",
        )


def load_settings(path: Path) -> Settings:
    """The settings in a file; the defaults if there is none. Raises ``SettingsError``."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise SettingsError(f"the settings file {path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"the settings file {path} is not valid TOML: {error}") from error
    try:
        return msgspec.convert(content, Settings, strict=True)
    except msgspec.ValidationError as error:
        raise SettingsError(f"the settings file {path} is wrong: {_readable(error)}") from error


def _kebab(name: str) -> str:
    return {"except_tags": "except"}.get(name, name.replace("_", "-"))


def _readable(error: msgspec.ValidationError) -> str:
    """ "Expected `bool`, got `int` - at `$.recursive`" -> "recursive: Expected `bool`, got `int`"."""
    found = re.fullmatch(r"(.*) - at `\$\.?(?:\[\.\.\.\])?(.*)`", str(error), re.DOTALL)
    if not found or not found[2]:
        return re.sub(r" - at `\$`$", "", str(error))
    choices = _choices(found[2]) if found[1].startswith("Invalid enum value") else ()
    return f"{found[2]}: {found[1]}{'; choose one of ' if choices else ''}{', '.join(choices)}"


def _choices(name: str) -> tuple[str, ...]:
    """The words that may be said for a setting of the first level, if it is one of words."""
    kinds = {field.encode_name: field.type for field in msgspec.structs.fields(Settings)}
    kind = kinds.get(name)
    return tuple(kind) if kind is Effort else get_args(kind)
