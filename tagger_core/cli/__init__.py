"""``earmark``: text in, text out, and an exit code that means something.

Contents: ``options`` what can be asked, ``batch_command`` the main job, ``watch_command`` the same for what arrives,
``undo_command``, ``info_commands`` what is installed, ``explain_command`` why a tag was suggested,
``selftest_command``; ``report`` rows as JSON or CSV, ``track_lines`` as text, ``console`` how things look,
``stopping`` what signals do.
"""

import argparse
import logging
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence

from tagger_core.cli.options import UsageError, help_text, parse
from tagger_core.errors import EarmarkError, SettingsError

OK, SOME_FAILED, WRONG_USAGE, NOTHING_RAN, INTERRUPTED = 0, 1, 2, 3, 130

log = logging.getLogger("tagger_core")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code. The one place where exceptions become sentences."""
    debug = "--debug" in (sys.argv[1:] if arguments is None else arguments)
    try:
        return _run(parse(arguments))
    except (UsageError, SettingsError) as error:
        return _say(error, WRONG_USAGE, debug)
    except EarmarkError as error:
        return _say(error, NOTHING_RAN, debug)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output has gone, as in "earmark ... | head"
        sys.stderr.close()
        return OK
    except OSError as error:  # of our own output: files have a boundary of their own
        return _say(f"what is printed cannot be written: {error.strerror}", NOTHING_RAN, debug)
    except Exception as error:  # noqa: BLE001 - the last line of defence
        _say(f"this is a bug in Earmark ({type(error).__name__}: {error}); please report it with --debug", 3, debug)
        return NOTHING_RAN


def _run(options: argparse.Namespace) -> int:
    for name, command in _COMMANDS.items():
        if name in options:
            return command(options)
    raise UsageError("say what to do, for example: earmark --batch FOLDER")


def _say(problem: object, code: int, debug: bool) -> int:
    if debug and sys.exc_info()[0]:
        traceback.print_exc()
    sys.stderr.write(f"earmark: {problem}\n")
    return code


def _help(options: argparse.Namespace) -> int:
    sys.stdout.write(help_text(options.help))
    return OK


def _batch(options: argparse.Namespace) -> int:
    from tagger_core.cli.batch_command import run_batch

    return run_batch(options)


def _watch(options: argparse.Namespace) -> int:
    from tagger_core.cli.watch_command import run_watch

    return run_watch(options)


def _undo(options: argparse.Namespace) -> int:
    from tagger_core.cli.undo_command import run_undo

    return run_undo(options)


def _list_runs(_: argparse.Namespace) -> int:
    from tagger_core.cli.undo_command import list_runs

    return list_runs()


def _history(options: argparse.Namespace) -> int:
    from tagger_core.cli.undo_command import show_history

    return show_history(options)


def _list_models(options: argparse.Namespace) -> int:
    from tagger_core.cli.info_commands import list_models

    return list_models(options)


def _show_config(options: argparse.Namespace) -> int:
    from tagger_core.cli.info_commands import show_config

    return show_config(options)


def _version(_: argparse.Namespace) -> int:
    from tagger_core.cli.info_commands import show_version

    return show_version()


def _explain(options: argparse.Namespace) -> int:
    from tagger_core.cli.explain_command import explain

    return explain(options)


def _selftest(options: argparse.Namespace) -> int:
    from tagger_core.cli.selftest_command import run_selftest

    return run_selftest(options)


# Each imports what it needs when it runs, so that --help answers at once.
_COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "help": _help,
    "batch": _batch,
    "watch": _watch,
    "undo": _undo,
    "list_runs": _list_runs,
    "history": _history,
    "list_models": _list_models,
    "show_config": _show_config,
    "version": _version,
    "explain": _explain,
    "selftest": _selftest,
}
