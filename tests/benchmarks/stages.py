"""Where Earmark's processor time goes: each step alone, over all tracks.

Contents: ``shared_stages``, ``stages_of``
"""

import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tagger_core.analysis import analyse
from tagger_core.analysis_store import AnalysisStore
from tagger_core.audio import decoder_names, open_audio
from tagger_core.audio_decoders import open_source
from tagger_core.audio_payload import payload_digest
from tagger_core.batch import Batch
from tagger_core.classifier import Classifier
from tagger_core.domain import Track, TrackResult
from tagger_core.features import patch_batches
from tagger_core.isolated_decoding import Decoders
from tagger_core.settings import Settings
from tests.benchmarks.ways import processor_seconds

Stages = dict[str, float]
"""Step -> seconds of processor time."""


def shared_stages(tracks: Sequence[Track], classifiers: Sequence[Classifier]) -> Stages:
    """The steps before the networks, which all choices of models share, and each network's own time, by its name."""
    spec = classifiers[0].card.features
    names = ("digest of the sound", "decode, to mono", "resample", "from process to process", "features")
    stages = dict.fromkeys((*names, *(classifier.card.name for classifier in classifiers)), 0.0)
    with Decoders() as decoders:
        _isolated(tracks[0], spec.sample_rate, decoders)  # starts a helper
        for track in tracks:
            with _timed(stages, "digest of the sound"):
                payload_digest(track.path)
            with _timed(stages, "decode, to mono"):
                _decode(track.path)
            with _timed(stages, "resample"), open_audio(track.path, spec.sample_rate) as stream:
                blocks = list(stream.blocks())
            before = processor_seconds()
            _isolated(track, spec.sample_rate, decoders)
            stages["from process to process"] += processor_seconds() - before
            with _timed(stages, "features"):
                batches = list(patch_batches(blocks, spec, classifiers[0].batch_patches))
            for classifier in classifiers:
                with _timed(stages, classifier.card.name):
                    for batch in batches:
                        classifier.scores(batch.patches)
    # What a step took is what it took more than the one before, which it contains.
    stages["from process to process"] -= stages["resample"]
    stages["resample"] -= stages["decode, to mono"]
    return stages


def stages_of(tracks: Sequence[Track], classifiers: Sequence[Classifier], settings: Settings) -> Stages:
    """The steps after the networks, for one choice of models."""
    cards = [classifier.card for classifier in classifiers]
    stages: Stages = dict.fromkeys(("keep in the store", "suggest and plan"), 0.0)
    with tempfile.TemporaryDirectory() as folder:
        store, other = (AnalysisStore(Path(folder) / name, decoder_names()) for name in ("one.db", "other.db"))
        outcomes = list(analyse(tracks, classifiers, store, workers=settings.workers, cancelled=threading.Event()))
        results = [outcome for outcome in outcomes if isinstance(outcome, TrackResult)]
        kept = [
            (result.audio, card, analysis, taggram)
            for result in results
            for card, analysis in zip(cards, result.analyses, strict=True)
            if (taggram := store.taggram(result.audio, card)) is not None
        ]
        with _timed(stages, "keep in the store"):
            for entry in kept:
                other.add(*entry)
            for result in results:
                other.remember_audio(result.track, result.audio)
        with _timed(stages, "suggest and plan"):
            for _ in Batch(cards, settings).rows(results):
                pass
        store.close()
        other.close()
    return stages


@contextmanager
def _timed(stages: Stages, name: str) -> Iterator[None]:
    start = time.process_time()
    yield
    stages[name] += time.process_time() - start


def _decode(path: Path) -> None:
    with path.open("rb", buffering=0) as file:
        source = open_source(path, file, 0.0)
        for _ in source.blocks():
            pass
        source.close()


def _isolated(track: Track, rate: int, decoders: Decoders) -> None:
    with decoders.open(track.path, rate) as stream:
        for _ in stream.blocks():
            pass
