"""The command line: its options, grouped so that the help of each group fits a screen.

``earmark --help`` shows what Earmark can do, ``earmark --help GROUP`` the options of one group. Nothing heavy is
imported here: help must come at once.
"""

import argparse
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from tagger_core import __version__
from tagger_core.errors import EarmarkError
from tagger_core.tag_fields import Field

_EPILOG = """examples: earmark ~/Music                   open the window
          earmark --batch ~/Music --write   write the suggestions into the files

exit: 0 all fine, 1 some files failed, 2 wrong usage, 3 nothing ran, 130 Ctrl-C"""


class UsageError(EarmarkError):
    """The command line cannot be understood."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message} (earmark --help shows how it is used)")


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options that were given; those that were not are absent. Raises ``UsageError``."""
    parser = _parser("earmark", _GROUPS)
    options = parser.parse_args(arguments)
    if "undo" not in options and ("file" in options or "field" in options):
        parser.error("--file and --field say what --undo takes back; they go with it")
    if "cluster" in options and "batch" not in options:
        parser.error("--cluster says where --batch listens; it goes with --batch")
    if "cluster" in options and "jobs" in options:
        parser.error("--jobs is about this machine; on a cluster each worker says how many tracks it takes")
    if "batch" in options and "poll" in options:
        parser.error("--poll says how --watch finds what has changed; it goes with --watch")
    return options


def help_text(group: str = "") -> str:
    """The overview, or the help of one group. Raises ``UsageError``."""
    if not group:
        overview = _parser("earmark", {"commands": _GROUPS["commands"]}, epilog=_EPILOG)
        return overview.format_help()
    if group not in _GROUPS:
        raise UsageError(f"there is no help on {group!r}; try one of {', '.join(_GROUPS)}")
    return _parser("earmark", {group: _GROUPS[group]}, description="").format_help()


def _parser(
    name: str,
    groups: Mapping[str, tuple[str, Callable[[Any], None]]],
    description: str = "Listens to your music, suggests tags, writes those you accept into the files.",
    epilog: str = "",
) -> _Parser:
    parser = _Parser(
        prog=name,
        usage=f"{name} [FOLDER ...]  or  {name} --batch FOLDER [--write] [options]",
        description=description,
        epilog=epilog,
        formatter_class=lambda prog: argparse.RawDescriptionHelpFormatter(prog, max_help_position=20),
        add_help=False,
        allow_abbrev=False,
        argument_default=argparse.SUPPRESS,
    )
    for title, add in groups.values():
        add(parser.add_argument_group(title))
    return parser


def _commands(group: Any) -> None:
    one = group.add_mutually_exclusive_group()
    one.add_argument("--batch", nargs="+", metavar="PATH", help="folders or files to tag; without --write a dry run")
    one.add_argument("--watch", nargs="+", metavar="FOLDER", help="the same, and then for all that arrives in them")
    one.add_argument(
        "--undo", nargs="?", const=0, type=_run_number, metavar="RUN", help="take back the last (or a named) run"
    )
    one.add_argument("--list-runs", action="store_true", help="every run that wrote files, with its number")
    one.add_argument("--history", metavar="FILE", help="what was written into a file, and what can be restored")
    one.add_argument("--list-models", action="store_true", help="installed models and what they hear")
    one.add_argument("--explain", metavar="FILE", help="how each suggestion for one file came about")
    one.add_argument("--selftest", action="store_true", help="a shipped clip through every decoder and device")
    one.add_argument("--show-config", action="store_true", help="where everything is; the settings in force")
    one.add_argument("--version", action="store_true", help="versions of Earmark and its libraries")
    one.add_argument(
        "--help", nargs="?", const="", metavar="GROUP",
        help="this, or: writing, undo, suggestions, listening, files, output, watching",
    )  # fmt: skip


def _writing(group: Any) -> None:
    group.add_argument("--write", action="store_true", help="write; without it nothing is touched")
    group.add_argument("--preset", help="which field gets what: standard, compatible, dj, genre-only or custom")
    group.add_argument(
        "--mode", action="append", metavar="MODE",
        help="merge: keep what is there and add (default); replace: keep only protected values; fill: empty fields;"
        " FIELD=MODE: in one field (again for more)",
    )  # fmt: skip
    group.add_argument("--protect", action="append", metavar="VALUE", help="a value that --mode replace keeps")
    group.add_argument("--preserve-mtime", action="store_true", help="keep the files' modification time")
    group.add_argument(
        "--allow-hard-links",
        action="store_true",
        help="write files that have several names; the others keep the old tags",
    )


def _undo(group: Any) -> None:
    group.add_argument("--file", action="append", metavar="PATH", help="--undo only in this file (again for more)")
    group.add_argument("--field", action="append", metavar="FIELD", help="--undo only in this field, such as GENRE")


def _suggestions(group: Any) -> None:
    group.add_argument(
        "--threshold", action="append", metavar="X",
        help="strict, balanced (default) or generous; a number for all tags; or TAG=NUMBER (again for more tags)",
    )  # fmt: skip
    group.add_argument("--top", type=_positive, metavar="N", help="at most N suggestions for a track")
    group.add_argument("--only", action="append", metavar="TAG", help="suggest only this tag (again for more)")
    group.add_argument("--except", action="append", dest="except_tags", metavar="TAG", help="never suggest this tag")


def _listening(group: Any) -> None:
    group.add_argument("--model", metavar="NAME[,NAME]", help="fast (default), accurate, or names or folders of models")
    group.add_argument(
        "--device", choices=("auto", "cpu", "cuda", "directml", "coreml"),
        help="auto (default) takes the fastest that works; a named one must work",
    )  # fmt: skip
    group.add_argument(
        "--effort", choices=("quick", "balanced", "full"),
        help="full (default) listens to all of a track; the others to places in it, as many as the tags need",
    )  # fmt: skip
    group.add_argument("--jobs", type=_positive, metavar="N", help="tracks at the same time (default: one per core)")
    group.add_argument(
        "--cluster", metavar="ADDRESS",
        help="listen on the workers of a Dask scheduler such as tcp://scheduler:8786; local:N: on N processes here",
    )  # fmt: skip


def _files(group: Any) -> None:
    group.add_argument("--recursive", action=argparse.BooleanOptionalAction, help="go into subfolders (default) or not")
    group.add_argument("--follow-symlinks", action="store_true", help="go into linked folders and files")


def _output(group: Any) -> None:
    group.add_argument("--report", metavar="FILE", help="one row for every file, as .jsonl or .csv")
    group.add_argument("--quiet", "-q", action="store_true", help="only failures and the summary")
    group.add_argument(
        "--verbose", "-v", action="store_true", help="also warnings about single files and what is unchanged"
    )
    group.add_argument("--debug", action="store_true", help="everything, with tracebacks")
    group.add_argument("--log-file", metavar="FILE", help="append all messages to a file")


def _watching(group: Any) -> None:
    group.add_argument(
        "--nice", type=_niceness, metavar="N",
        help="how much analysing gives way to other programs, 0 to 19 (default: 10 with --watch, else 0)",
    )  # fmt: skip
    group.add_argument(
        "--pause-on-battery", action=argparse.BooleanOptionalAction,
        help="begin no track while the machine runs on its battery (default: with --watch only)",
    )  # fmt: skip
    group.add_argument(
        "--poll", type=_positive, metavar="SECONDS",
        help="--watch looks through its folders so often, instead of waiting for the system to tell what has changed"
        " (default: on network shares only, every 300)",
    )  # fmt: skip


_GROUPS: Mapping[str, tuple[str, Callable[[Any], None]]] = {
    "commands": ("what to do", _commands),
    "writing": ("writing", _writing),
    "undo": ("undo", _undo),
    "suggestions": ("suggestions", _suggestions),
    "listening": ("listening", _listening),
    "files": ("files", _files),
    "output": ("output", _output),
    "watching": ("watching, and giving way to other work", _watching),
}


def settings_changes(options: argparse.Namespace) -> dict[str, Any]:
    """The fields of ``Settings`` that the options override. Raises ``UsageError``."""
    given = vars(options)
    names = (
        "preset", "preserve_mtime", "allow_hard_links", "top", "only", "except_tags",
        "device", "jobs", "effort", "recursive", "follow_symlinks",
        "nice", "pause_on_battery", "poll",
    )  # fmt: skip
    changes = {name: given[name] for name in names if name in given}
    if "protect" in given:
        changes["protected"] = given["protect"]
    if "model" in given:
        changes["models"] = [name for name in given["model"].split(",") if name]
    return changes | _modes(given.get("mode", [])) | _thresholds(given.get("threshold", []))


def undo_fields(options: argparse.Namespace) -> list[Field]:
    """The fields to which an undo is limited; none means all. Raises ``UsageError``."""
    names = [name.upper() for name in vars(options).get("field", [])]
    for name in names:
        if name not in list(Field):
            raise UsageError(f"--field {name}: choose from {', '.join(Field)}")
    return [Field(name) for name in names]


def _modes(words: Sequence[str]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for word in words:
        field, equals, mode = word.rpartition("=")
        if mode not in ("merge", "replace", "fill"):
            raise UsageError(f"--mode {word!r}: expected merge, replace or fill, or one of them as FIELD=MODE")
        if equals:
            changes.setdefault("modes", {})[field.upper()] = mode
        else:
            changes["mode"] = mode
    return changes


def _thresholds(words: Sequence[str]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for word in words:
        tag, equals, number = word.rpartition("=")
        if equals:
            changes.setdefault("thresholds", {})[tag] = _probability(number)
        elif word in ("strict", "balanced", "generous"):
            changes["profile"] = word
        else:
            changes["threshold"] = _probability(word)
    return changes


def _probability(word: str) -> float:
    try:
        number = float(word)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise UsageError(
            f"--threshold {word!r}: expected strict, balanced, generous, a number from 0 to 1, or TAG=NUMBER"
        )
    return number


def _positive(word: str) -> int:
    if not word.isdecimal() or int(word) == 0:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 on, not {word!r}")
    return int(word)


def _niceness(word: str) -> int:
    if not word.isdecimal() or int(word) > 19:
        raise argparse.ArgumentTypeError(f"expected a whole number from 0 to 19, not {word!r}")
    return int(word)


def _run_number(word: str) -> int:
    if not word.isdecimal():
        raise argparse.ArgumentTypeError(f"a run is a number that --list-runs shows, not {word!r}")
    return int(word)


VERSION_LINE = f"earmark {__version__}"
