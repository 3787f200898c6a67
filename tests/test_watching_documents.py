"""The service and the container of docs/watching.md: the commands in them are ones that the program takes."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tagger_core.cli.options import parse, settings_changes

WATCHING = Path(__file__).resolve().parents[1] / "docs" / "watching"
UNIT = WATCHING / "earmark-watch.service"


def test_the_service_starts_a_command_that_exists() -> None:
    (command,) = re.findall(r"^ExecStart=\S+/earmark (.*)$", UNIT.read_text(encoding="utf-8"), re.MULTILINE)
    options = parse(shlex.split(command))
    settings_changes(options)
    (writable,) = re.findall(r"^ReadWritePaths=(.*)$", UNIT.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(options.watch) <= set(writable.split())


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not installed (Debian: systemd)")
    program = tmp_path / ".local" / "bin" / "earmark"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    ran = subprocess.run(
        [analyze, "--user", "verify", str(UNIT)],
        env={"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    if "Failed to initialize manager" in ran.stderr:
        pytest.skip(f"systemd-analyze cannot work here: {ran.stderr.strip()}")
    assert (ran.returncode, ran.stderr) == (0, "")


def test_the_container_starts_a_command_that_exists_and_copies_what_is_there() -> None:
    text = (WATCHING / "Containerfile").read_text(encoding="utf-8")
    (command,) = re.findall(r"^CMD \[(.*)\]$", text, re.MULTILINE)
    assert parse(re.findall(r'"(.*?)"', command)).watch == ["/music"]
    (composed,) = re.findall(r"^ *command: \[(.*)\]$", (WATCHING / "compose.yaml").read_text(), re.MULTILINE)
    settings_changes(parse(re.findall(r'"(.*?)"', composed)))
    copied = [name for line in re.findall(r"^COPY ([^-].*) \S+$", text, re.MULTILINE) for name in line.split()]
    assert "pyproject.toml" in copied
    assert [name for name in copied if not (WATCHING.parents[1] / name).exists()] == []


def test_every_link_and_option_of_the_page_exists() -> None:
    page = WATCHING.with_suffix(".md").read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#:]+)\)", page)
    assert len(links) == 3
    assert [link for link in links if not (WATCHING.parent / link).exists()] == []
    for command in re.findall(r"^earmark (--watch [^#\n]*)", page, re.MULTILINE):
        settings_changes(parse(shlex.split(command)))
