"""Is this installation hearing what it should? A shipped clip through every decoder and every device.

The clip, six seconds of a Brandenburg Concerto, comes in four formats; together they go through every decoder. Its
golden scores in ``data/selftest.json`` were made the plain way (librosa's own calls and ONNX Runtime on a CPU,
see ``tests/golden/selftest_scores.py``), apart from everything that is tested here.

Contents: ``checks``, ``Check``, ``TOLERANCE``
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

import msgspec

from tagger_core.classifier import Classifier, available_devices
from tagger_core.domain import FileStamp, Track
from tagger_core.errors import EarmarkError
from tagger_core.model_card import ModelFolder
from tagger_core.track_inference import listen

CLIPS = ("selftest.mp3", "selftest.flac", "selftest.ogg", "selftest.m4a")

TOLERANCE = 0.005
"""Largest honest difference of a score: decoders of lossy formats and accelerators round differently by less than
this; a wrong sample rate, channel order or feature is off by far more."""


@dataclass(frozen=True, slots=True)
class Check:
    """One clip through one decoder and one device. ``difference`` is the largest one of any score, or ``None``."""

    clip: str
    model: str
    device: str
    decoder: str
    difference: float | None
    problem: str = ""

    @property
    def passed(self) -> bool:
        return not self.problem and (self.difference is None or self.difference <= TOLERANCE)


class _Golden(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    origin: str
    scores: Mapping[str, Mapping[str, Mapping[str, float]]]
    """SHA-256 of the network -> clip -> label -> score."""


def checks(folders: Sequence[ModelFolder]) -> Iterator[Check]:
    """Every clip with every model on every device that this installation offers; failures are results too."""
    data = files("tagger_core").joinpath("data")
    golden = msgspec.json.decode(data.joinpath("selftest.json").read_bytes(), type=_Golden)
    with ExitStack() as stack:
        clips = {name: stack.enter_context(as_file(data.joinpath(name))) for name in CLIPS}
        for folder in folders:
            for device in available_devices():
                try:
                    classifier = Classifier(folder, device)
                except EarmarkError as error:
                    yield Check("", folder.card.name, device, "", None, str(error))
                    continue
                expected = golden.scores.get(folder.card.sha256, {})
                for name, path in clips.items():
                    yield _check(name, path, classifier, expected.get(name))


def _check(name: str, path: Path, classifier: Classifier, expected: Mapping[str, float] | None) -> Check:
    try:
        listening = listen(Track(path, FileStamp.of(path.stat())), [classifier], threading.Event())
    except EarmarkError as error:
        return Check(name, classifier.card.name, classifier.device, "", None, str(error))
    ((_, analysis, _),) = listening.heard
    difference = None
    if expected is not None:
        difference = max(abs(score - expected[label]) for label, score in analysis.scores.items())
    return Check(name, classifier.card.name, analysis.device, analysis.decoder, difference)
