"""``TensorflowPredictMusiCNN`` of essentia-tensorflow with the published weights, in a Python of its own.

It is measured where ``EARMARK_ESSENTIA`` names a Python that has it (``pip install essentia-tensorflow``). The process
stays, so that its imports and graphs are loaded once, as in Earmark; each round is one request.

Contents: ``Essentia``, ``open_essentia``
"""

import contextlib
import json
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from tagger_core.domain import Track
from tests.benchmarks.published import PATCHES, SCORES
from tests.benchmarks.saying import say

PROBE = Path(__file__).with_name("essentia_probe.py")


class Essentia:
    """The process, as ``open_essentia`` has started it."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def answer(self) -> str:
        """A line that the process says; nothing if it has ended."""
        assert self._process.stdout
        return self._process.stdout.readline().strip()

    def run(self, tracks: Sequence[Track]) -> None:
        """Listen to all tracks, one after the other."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps([str(track.path) for track in tracks]) + "\n")
        self._process.stdin.flush()
        if not self.answer():
            raise RuntimeError("Essentia has ended; try essentia_probe.py by hand")


@contextlib.contextmanager
def open_essentia(python: str, graphs: Sequence[Path]) -> Iterator[Essentia | None]:
    """Nothing, with a message, where it cannot be had."""
    if not (python and graphs):
        say("without Essentia: EARMARK_ESSENTIA=/path/to/python names a Python that has essentia-tensorflow")
        yield None
        return
    with subprocess.Popen(
        [python, str(PROBE), PATCHES, SCORES, *map(str, graphs)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        essentia = Essentia(process)
        version = essentia.answer()
        say(f"Essentia {version}" if version else f"without Essentia: {python} cannot import or run it")
        yield essentia if version else None
        assert process.stdin
        process.stdin.close()  # then it ends
