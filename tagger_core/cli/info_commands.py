"""What is installed, where it is, and what is in force: ``--list-models``, ``--show-config``, ``--version``."""

import platform
import re
from argparse import Namespace
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

import msgspec
from rich.text import Text

from tagger_core.cli.console import Line, fit, output
from tagger_core.cli.options import VERSION_LINE, settings_changes
from tagger_core.display_text import printable
from tagger_core.errors import ModelError
from tagger_core.model_card import ModelCard, ModelFolder, model_folders
from tagger_core.settings import MODEL_CHOICES, Places, load_settings
from tagger_core.vocabulary import Vocabulary
from tagger_core.workplace import model_places

_LIBRARIES = ("librosa", "numpy", "soxr", "soundfile", "av", "mutagen")
_RUNTIMES = ("onnxruntime", "onnxruntime-gpu", "onnxruntime-directml")
"""Packages that bring the same library, for different devices. One of them should be installed, not two."""


def list_models(options: Namespace) -> int:
    """Every model folder with its figures and tags; a folder that cannot be used with the reason."""
    places = Places.of_platform()
    settings = load_settings(places.settings_file).overridden(**settings_changes(options))
    out = output()
    for path in model_folders(model_places(settings, places)):
        try:
            folder = ModelFolder.load(path)
            folder.read_model()
        except ModelError as error:
            out.print(Text(f"{path.name}: cannot be used: {printable(error)}\n", style="red"))
            continue
        card = folder.card
        used = " (in use)" if card.name in settings.models else ""
        out.print(
            Text(card.name, style="bold").append(f" {card.version}{used}: {printable(card.title)}", style="default")
        )
        for line in _told(card):
            for part in fit(line, out.width) if out.is_terminal else [line]:
                out.print(Text.assemble(*part))
        out.print(f"  licence {printable(card.licence)}; {printable(path)}\n")
    for word, names in MODEL_CHOICES.items():
        out.print(f"--model {word} is {' and '.join(names)}")
    return 0


def _told(card: ModelCard) -> Iterator[Line]:
    """The figures, each source named once, and the tags."""
    source = ""
    for metric in card.metrics:
        if metric.source != source:
            source = metric.source
            yield _words("  ", f"{printable(source)}:")
        yield _words(f"    {metric.value:.4f}", f" {printable(metric.name)}")
    vocabulary = Vocabulary([card])
    names = {tag.name for label in card.labels if (tag := vocabulary.tag_of(label.name))}
    told = f"{len(card.labels)} labels, merged to {len(names)} tags: {', '.join(sorted(names, key=str.casefold))}"
    yield _words("  ", told)


def _words(label: str, text: str) -> Line:
    return [(label, ""), *((piece, "") for piece in re.split("(?= )", text))]


def show_config(options: Namespace) -> int:
    """The places of all files and the settings in force, in the form of the settings file."""
    places = Places.of_platform()
    settings = load_settings(places.settings_file).overridden(**settings_changes(options))
    out = output()
    there = "" if places.settings_file.exists() else " (not there: defaults are used)"
    out.print(f"# settings file   {printable(places.settings_file)}{there}")
    out.print(f"# analyses        {printable(places.analyses)}")
    out.print(f"# undo journal    {printable(places.journal)}")
    for place in model_places(settings, places):
        out.print(f"# models          {printable(place)}")
    out.print()
    out.print(_as_toml(settings), end="")
    return 0


def _as_toml(settings: msgspec.Struct) -> str:
    """``settings.toml`` holds plain values and tables; JSON's spelling of a plain value is TOML's too."""
    lines, tables = [], []
    for name, value in msgspec.to_builtins(settings).items():
        if value is None:
            lines.append(f"# {name} is not set")
        elif isinstance(value, dict) and value:
            tables.append(f"\n[{name}]")
            tables += [f"{_inline(key)} = {_inline(entry)}" for key, entry in value.items()]
        else:
            lines.append(f"{name} = {_inline(value)}")
    return "\n".join(lines + tables) + "\n"


def _inline(value: object) -> str:
    if isinstance(value, dict):
        return (
            "{ " + ", ".join(f"{_inline(key)} = {_inline(entry)}" for key, entry in value.items()) + " }"
            if value
            else "{}"
        )
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_inline(entry) for entry in value) + "]"
    return msgspec.json.encode(value).decode()


def versions() -> dict[str, str]:
    """Library -> version, for reports about odd tags."""
    found = {"python": platform.python_version(), "platform": platform.platform()}
    runtimes = [runtime for runtime in _RUNTIMES if _version(runtime)] or _RUNTIMES[:1]
    return found | {library: _version(library) or "not installed as a package" for library in (*runtimes, *_LIBRARIES)}


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def show_version() -> int:
    out = output()
    out.print(VERSION_LINE)
    for library, number in versions().items():
        out.print(f"  {library} {number}")
    return 0
