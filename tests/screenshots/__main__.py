"""``make screenshots``: the pictures of the README, taken in the real window.

Every picture is of real clips that were really analysed; those of Tags and Map have made-up tracks beside them.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QSize

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screenshots"


def main() -> int:
    options = _options()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_SCALE_FACTOR"] = str(options.scale)
    from PySide6.QtWidgets import QApplication

    QApplication(sys.argv[:1])
    from tests.screenshots.scenes import scenes
    from tests.screenshots.stage import Stage, save_small

    width, height = (int(length) for length in options.size.split("x"))
    with tempfile.TemporaryDirectory() as temporary:
        stage = Stage(Path(temporary), QSize(width, height))
        try:
            for name, picture in _wanted(scenes(stage), options.only):
                path = options.folder / f"{name}.png"
                save_small(picture, path)
                sys.stdout.write(f"{path}  {path.stat().st_size // 1024} KiB\n")
        finally:
            stage.close()
    return 0


def _wanted(pictures: "Iterator[tuple[str, object]]", only: list[str]) -> "Iterator[tuple[str, object]]":
    """All of the pictures, or those that were asked for; the way to them is the same."""
    return ((name, picture) for name, picture in pictures if not only or name in only)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("only", nargs="*", metavar="NAME", help="take these pictures only")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where they go (default: docs/screenshots)")
    parser.add_argument("--size", default="1280x800", help="of the window (default: %(default)s)")
    parser.add_argument("--scale", type=float, default=1.0, help="of the screen (default: %(default)s)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
