"""One track through every model: decoded once, or only in places, heard patch by patch, in flat memory.

Contents: ``listen``, ``Listening``, ``CancelledError``.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tagger_core.analysis_store import Taggram
from tagger_core.audio import OpenStream, open_audio
from tagger_core.audio_payload import payload_digest
from tagger_core.classifier import Classifier
from tagger_core.domain import Analysis, Effort, FeatureSpec, Track
from tagger_core.errors import AudioError
from tagger_core.features import patch_batches
from tagger_core.model_card import ModelCard
from tagger_core.sampling import PRICES, Excerpts, Sampling, worth_sampling

Floats = npt.NDArray[np.float32]

Heard = tuple[ModelCard, Analysis, Taggram]


@dataclass(frozen=True, slots=True)
class Listening:
    """What a worker brings back: the audio's digest, and what each model heard unless it is known already."""

    audio: bytes
    heard: tuple[Heard, ...]
    seconds: float


class CancelledError(Exception):
    """The work was cancelled while a worker was at it."""


def listen(
    track: Track,
    classifiers: Sequence[Classifier],
    cancelled: threading.Event,
    open_stream: OpenStream = open_audio,
    effort: Effort = Effort.FULL,
    audio: bytes | None = None,
) -> Listening:
    """Let every model hear one track, decoding it once for each different feature spec, in this process by default.

    ``audio``: its digest, where that is known already.

    With less than full ``effort`` only places in it are heard, as ``sampling`` says, unless it is short, or of a kind
    in which one cannot jump about, or anything about it is not as it should be: then it is heard in full.

    Raises ``AudioError`` where it does not decode, ``FileError`` where it cannot be read, ``CancelledError``.
    """
    start = time.perf_counter()
    audio = audio or payload_digest(track.path)
    heard: list[Heard] = []
    for spec, group in _by_features(classifiers).items():
        found = _hear_places(track, spec, group, cancelled, open_stream, effort) if effort is not Effort.FULL else None
        heard += found or _hear_all(track, spec, group, cancelled, open_stream)
    return Listening(audio, tuple(heard), time.perf_counter() - start)


def _hear_all(
    track: Track,
    spec: FeatureSpec,
    classifiers: Sequence[Classifier],
    cancelled: threading.Event,
    open_stream: OpenStream,
) -> list[Heard]:
    over_time: list[list[Floats]] = [[] for _ in classifiers]
    weights: list[Floats] = []
    at_once = max(classifier.batch_patches for classifier in classifiers)
    with open_stream(track.path, spec.sample_rate) as stream:
        for batch in patch_batches(stream.blocks(), spec, at_once):
            weights.append(batch.weights)
            for rows, scores in zip(over_time, _scores(batch.patches, classifiers, cancelled), strict=True):
                rows.append(scores)
    sound = _Sound(stream.decoder, stream.seconds, tuple(stream.warnings), Effort.FULL, 1.0)
    taggrams = [np.concatenate(rows) for rows in over_time]
    means = [np.average(taggram, axis=0, weights=np.concatenate(weights)) for taggram in taggrams]
    return [_heard(*one, sound) for one in zip(classifiers, means, taggrams, strict=True)]


def _hear_places(
    track: Track,
    spec: FeatureSpec,
    classifiers: Sequence[Classifier],
    cancelled: threading.Event,
    open_stream: OpenStream,
    effort: Effort,
) -> list[Heard] | None:
    """``None`` where it must be heard in full."""
    try:
        with open_stream(track.path, spec.sample_rate) as stream:
            length = stream.length()
            if not worth_sampling(length, spec):
                return None
            excerpts = Excerpts(spec, length)
            sampling = Sampling([classifier.card for classifier in classifiers], excerpts.places, PRICES[effort])
            while places := sampling.next_places():
                patches = np.stack([excerpts.patch(place, stream.excerpt(*excerpts.span(place))) for place in places])
                sampling.hear(_scores(patches, classifiers, cancelled))
    except AudioError:
        return None
    sound = _Sound(stream.decoder, length, (), effort, len(sampling.heard) / excerpts.patches)
    heard = []
    for classifier, scores in zip(classifiers, sampling.scores(), strict=True):
        taggram = np.full((excerpts.patches, scores.shape[1]), np.nan, np.float32)
        taggram[sampling.heard] = scores
        heard.append(_heard(classifier, scores.mean(axis=0), taggram, sound))
    return heard


def _scores(patches: Floats, classifiers: Sequence[Classifier], cancelled: threading.Event) -> list[Floats]:
    scores = []
    for classifier in classifiers:
        if cancelled.is_set():
            raise CancelledError
        scores.append(classifier.scores(patches))
    return scores


@dataclass(frozen=True, slots=True)
class _Sound:
    """What every model's ``Analysis`` says alike."""

    decoder: str
    duration: float
    warnings: tuple[str, ...]
    effort: Effort
    share: float


def _heard(classifier: Classifier, scores: Floats, taggram: Floats, sound: _Sound) -> Heard:
    analysis = Analysis(
        model=classifier.card.name,
        model_sha256=classifier.card.sha256,
        scores=dict(zip(classifier.card.label_names, scores.tolist(), strict=True)),
        decoder=sound.decoder,
        device=classifier.device,
        duration=sound.duration,
        warnings=sound.warnings,
        effort=sound.effort,
        share=sound.share,
    )
    return classifier.card, analysis, taggram.astype(np.float16)


def _by_features(classifiers: Sequence[Classifier]) -> dict[FeatureSpec, list[Classifier]]:
    groups: dict[FeatureSpec, list[Classifier]] = {}
    for classifier in classifiers:
        groups.setdefault(classifier.card.features, []).append(classifier)
    return groups
