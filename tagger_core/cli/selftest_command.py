"""``earmark --selftest``: the first thing to ask of somebody who reports odd tags."""

from argparse import Namespace

from rich.text import Text

from tagger_core.cli import OK, SOME_FAILED
from tagger_core.cli.console import messages, native_chatter_hidden, output, set_up_logging
from tagger_core.cli.info_commands import show_version
from tagger_core.cli.options import settings_changes
from tagger_core.display_text import printable
from tagger_core.model_card import find_model
from tagger_core.selftest import TOLERANCE, Check, checks
from tagger_core.settings import Places, load_settings
from tagger_core.workplace import model_places


def run_selftest(options: Namespace) -> int:
    """Print versions and every check; returns the exit code."""
    out = output()
    set_up_logging(options, messages())
    places = Places.of_platform()
    settings = load_settings(places.settings_file).overridden(**settings_changes(options))
    folders = [find_model(name, model_places(settings, places)) for name in dict.fromkeys(settings.models)]
    show_version()
    out.print()
    done = []
    with native_chatter_hidden():
        for check in checks(folders):
            done.append(check)
            out.print(
                Text("ok    " if check.passed else "WRONG ", "green" if check.passed else "bold red").append(
                    _told(check)
                )
            )
    wrong = sum(not check.passed for check in done)
    largest = max((check.difference for check in done if check.difference is not None), default=0.0)
    out.print(f"\n{len(done)} checks, {wrong} wrong; largest difference {largest:.2g} (allowed: {TOLERANCE:g})")
    return SOME_FAILED if wrong else OK


def _told(check: Check) -> str:
    where = f"{check.model} on {check.device}"
    if check.problem:
        return f"{where}{', ' * bool(check.clip)}{check.clip}: {printable(check.problem)}"
    difference = "no golden scores" if check.difference is None else f"difference {check.difference:.2g}"
    return f"{where}, {check.clip} by {check.decoder}: {difference}"
