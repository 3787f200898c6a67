"""One track through every model: decoded once, heard patch by patch, in flat memory.

Contents: ``listen``, ``Listening``, ``CancelledError``.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tagger_core.analysis_store import Taggram
from tagger_core.audio import SampleStream, open_audio
from tagger_core.audio_payload import payload_digest
from tagger_core.classifier import Classifier
from tagger_core.domain import Analysis, FeatureSpec, Track
from tagger_core.features import patch_batches
from tagger_core.isolated_decoding import OpenStream
from tagger_core.model_card import ModelCard

BATCH_PATCHES = 4
"""Patches per inference call. From 4 to 32 the time per patch is the same (``make bench`` with another number here),
but with two workers the shipped networks take 110 MB for batches of 4 and 410 MB for batches of 16."""


@dataclass(frozen=True, slots=True)
class Listening:
    """What a worker brings back: the audio's digest, and what each model heard unless it is known already."""

    audio: bytes
    heard: tuple[tuple[ModelCard, Analysis, Taggram], ...]
    seconds: float


class CancelledError(Exception):
    """The work was cancelled while a worker was at it."""


def listen(
    track: Track, classifiers: Sequence[Classifier], cancelled: threading.Event, open_stream: OpenStream = open_audio
) -> Listening:
    """Let every model hear one track, decoding it once for each different feature spec, in this process by default.

    Raises ``AudioError`` where it does not decode, ``FileError`` where it cannot be read, ``CancelledError``.
    """
    start = time.perf_counter()
    audio = payload_digest(track.path)
    heard: list[tuple[ModelCard, Analysis, Taggram]] = []
    for spec, group in _by_features(classifiers).items():
        with open_stream(track.path, spec.sample_rate) as stream:
            heard += _hear(stream, spec, group, cancelled)
    return Listening(audio, tuple(heard), time.perf_counter() - start)


def _hear(
    stream: SampleStream, spec: FeatureSpec, classifiers: Sequence[Classifier], cancelled: threading.Event
) -> list[tuple[ModelCard, Analysis, Taggram]]:
    over_time: list[list[npt.NDArray[np.float32]]] = [[] for _ in classifiers]
    weights: list[npt.NDArray[np.float32]] = []
    for batch in patch_batches(stream.blocks(), spec, BATCH_PATCHES):
        weights.append(batch.weights)
        for rows, classifier in zip(over_time, classifiers, strict=True):
            if cancelled.is_set():
                raise CancelledError
            rows.append(classifier.scores(batch.patches))
    heard = []
    for classifier, rows in zip(classifiers, over_time, strict=True):
        patch_scores = np.concatenate(rows)
        track_scores = np.average(patch_scores, axis=0, weights=np.concatenate(weights))
        analysis = Analysis(
            model=classifier.card.name,
            model_sha256=classifier.card.sha256,
            scores=dict(zip(classifier.card.label_names, track_scores.tolist(), strict=True)),
            decoder=stream.decoder,
            device=classifier.device,
            duration=stream.seconds,
            warnings=tuple(stream.warnings),
        )
        heard.append((classifier.card, analysis, patch_scores.astype(np.float16)))
    return heard


def _by_features(classifiers: Sequence[Classifier]) -> dict[FeatureSpec, list[Classifier]]:
    groups: dict[FeatureSpec, list[Classifier]] = {}
    for classifier in classifiers:
        groups.setdefault(classifier.card.features, []).append(classifier)
    return groups
