"""``say``: a line on standard output at once, also where that is a file."""

import sys


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
