"""``earmark-train``, the same as ``python -m training``: from a MagnaTagATune download to a model folder.

Each command is a module with ``add_parser(subparsers)``, light enough for ``--help``, and ``run(options)``, which
imports what is heavy. This is the one place where exceptions become sentences and exit codes: 0 done, 1 done but some
clips failed, 2 the command or its settings make no sense, 3 the job could not be done, 130 interrupted.
"""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from tagger_core.display_text import printable
from tagger_core.errors import EarmarkError, SettingsError

OK, WRONG_USAGE, FAILED, INTERRUPTED = 0, 2, 3, 130

COMMANDS = {
    "download-check": "prepare",
    "prepare": "prepare",
    "labels": "labels",
    "features": "feature_store",
    "figures": "figures",
    "train": "train",
    "compare": "compare",
    "evaluate": "evaluate",
    "export": "export",
    "corpus": "corpus",
    "distill": "distill",
    "facts": "facts",
    "genres": "genres",
    "tagmap": "tagmap",
    "synthetic": "synthetic",
}
"""Command -> its module, in the order of the work."""


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="earmark-train",
        description="Train a tagging model: from the MagnaTagATune download to a folder that `earmark --model` takes.",
    )
    commands = top.add_subparsers(
        title="commands, in the order of the work", dest="command", metavar="COMMAND", required=True
    )
    for module in dict.fromkeys(COMMANDS.values()):
        import_module(f"training.{module}").add_parser(commands)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    options = parser().parse_args(arguments)
    try:
        code: int = import_module(f"training.{COMMANDS[options.command]}").run(options)
    except SettingsError as error:
        return _say(error, WRONG_USAGE)
    except EarmarkError as error:
        return _say(error, FAILED)
    except KeyboardInterrupt:
        return _say("interrupted; what is finished is kept, run the same command again to go on", INTERRUPTED)
    except BrokenPipeError:  # the reader of our output has gone, as in "earmark-train ... | head"
        sys.stderr.close()
        return OK
    return code


def _say(problem: object, code: int) -> int:
    sys.stderr.write(f"earmark-train: {printable(problem)}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
