"""The documents keep up with the code: what is not documented fails here."""

import re
import tomllib
from pathlib import Path

import pytest

from tagger_core.cli.options import help_text

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
GROUPS = ("", "writing", "suggestions", "listening", "files", "output", "undo", "watching")


@pytest.mark.parametrize("group", GROUPS)
def test_every_option_is_in_the_readme(group: str) -> None:
    options = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", help_text(group)))
    assert options
    assert sorted(option for option in options if option not in README) == []


def test_the_readme_names_no_option_that_does_not_exist() -> None:
    known = set(re.findall(r"--[a-z][a-z-]+", "".join(help_text(group) for group in GROUPS)))
    assert set(re.findall(r"`[^`]*?(--[a-z][a-z-]+)", README)) <= known


def test_the_map_of_the_code_names_every_module_of_the_core() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    layers = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    modules = {name for layer in layers[1]["layers"] for name in re.findall(r"\w+", layer)}
    assert sorted(name for name in modules if name not in text) == []


def test_every_link_in_the_documents_leads_somewhere() -> None:
    for document in ROOT.glob("*.md"):
        for link in re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8")):
            assert (ROOT / link).exists(), f"{document.name}: {link}"


def test_the_command_of_ci_is_that_of_the_readme() -> None:
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "make test" in README
