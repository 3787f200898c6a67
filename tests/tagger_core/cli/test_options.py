"""The command line as a person types it."""

import subprocess
import sys

import pytest

from tagger_core.cli import main
from tagger_core.cli.options import UsageError, help_text, parse, settings_changes

GROUPS = ("commands", "writing", "undo", "suggestions", "listening", "files", "output", "watching")


def changes(*arguments: str) -> dict[str, object]:
    return settings_changes(parse(["--batch", "x", *arguments]))


def test_options_that_are_not_given_change_nothing() -> None:
    assert changes() == {}


def test_every_option_reaches_its_setting() -> None:
    assert changes(
        "--model", "a,b", "--device", "cpu", "--jobs", "3", "--threshold", "strict", "--threshold", "0.4",
        "--threshold", "Rock=.5", "--threshold", "a=b=1", "--top", "4", "--only", "Rock", "--only", "Pop",
        "--except", "Jazz", "--preset", "dj", "--mode", "fill", "--mode", "genre=replace", "--protect", "wild west",
        "--no-recursive", "--follow-symlinks", "--preserve-mtime", "--allow-hard-links",
        "--nice", "5", "--no-pause-on-battery",
    ) == {
        "models": ["a", "b"], "device": "cpu", "jobs": 3, "profile": "strict", "threshold": 0.4,
        "thresholds": {"Rock": 0.5, "a=b": 1.0}, "top": 4, "only": ["Rock", "Pop"], "except_tags": ["Jazz"],
        "preset": "dj", "mode": "fill", "modes": {"GENRE": "replace"}, "protected": ["wild west"],
        "recursive": False, "follow_symlinks": True, "preserve_mtime": True, "allow_hard_links": True,
        "nice": 5, "pause_on_battery": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--batch"], "expected at least one argument"),
        (["--batch", "x", "--undo"], "not allowed with"),
        (["--batch", "x", "--jobs", "0"], "whole number from 1 on"),
        (["--batch", "x", "--top", "-1"], "--top"),
        (["--batch", "x", "--threshold", "high"], "'high'"),
        (["--batch", "x", "--threshold", "Rock=2"], "'2'"),
        (["--batch", "x", "--threshold", "nan"], "'nan'"),
        (["--batch", "x", "--mode", "overwrite"], "overwrite"),
        (["--batch", "x", "--mode", "GENRE=overwrite"], "overwrite"),
        (["--batch", "x", "--field", "GENRE"], "go with it"),
        (["--batch", "x", "--poll", "60"], "goes with --watch"),
        (["--watch", "x", "--nice", "-1"], "from 0 to 19"),
        (["--undo", "yesterday"], "--list-runs"),
        (["--btach", "x"], "unrecognized"),
        (["--bat", "x"], "unrecognized"),
    ],
)
def test_wrong_usage_is_one_sentence(arguments: list[str], reason: str) -> None:
    with pytest.raises(UsageError, match=reason) as caught:
        settings_changes(parse(arguments))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("arguments", [[], ["--btach"], ["--help", "nonsense"], ["--batch", "x", "--preset", "no"]])
def test_wrong_usage_has_exit_code_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err.startswith("earmark: ")


@pytest.mark.parametrize("group", ["", *GROUPS])
def test_each_help_fits_a_screen(group: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = help_text(group).splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80


def test_every_group_is_named_in_the_overview() -> None:
    overview = " ".join(help_text().split())
    assert all(group in overview for group in GROUPS if group != "commands")


def test_help_needs_nothing_heavy() -> None:
    program = (
        "import sys; from tagger_core.cli import main; code = main(['--help']);"
        "print([name for name in ('numpy', 'PySide6', 'onnxruntime', 'librosa', 'mutagen', 'tensorflow', 'av', 'rich',"
        " 'psutil', 'watchfiles')"
        " if name in sys.modules], code)"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "[] 0"
