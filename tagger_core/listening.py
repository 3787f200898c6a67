"""From what the models heard to what a review takes in, and back to why.

Everything here touches disks and takes its time, so it runs beside the window, never in it.

Contents
--------
``Listener``, ``TagTaggram``
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tagger_core.analysis_store import AnalysisStore, Taggram
from tagger_core.domain import FeatureSpec, TrackResult
from tagger_core.errors import FileError
from tagger_core.model_card import ModelCard
from tagger_core.review import Heard
from tagger_core.settings import Settings
from tagger_core.suggestions import Suggester, Suggestion
from tagger_core.tag_fields import Field
from tagger_core.tag_files import FileFields, read_fields
from tagger_core.tag_files.names import read_name
from tagger_core.vocabulary import Vocabulary
from tagger_core.write_plan import FieldValues, staying_values


@dataclass(frozen=True, slots=True)
class TagTaggram:
    """The tags of one track over time."""

    values: npt.NDArray[np.float16]
    """Probabilities, shape (patches, tags), in the order of ``Review.tags``; NaN where it was not listened to."""
    patch_seconds: float
    """From the beginning of one patch to that of the next; the last one is about all that is left of the track."""


class Listener:
    """What some models and settings make of results. Belongs to no thread."""

    def __init__(self, cards: Sequence[ModelCard], settings: Settings) -> None:
        self._cards = cards
        self._settings = settings
        self._suggester = Suggester(cards, settings, Vocabulary(cards, settings.vocabulary))

    def heard(self, result: TrackResult) -> Heard:
        """All that the review needs of a track: its file is read once. A bad file gives no error but a reason."""
        scores = {analysis.model_sha256: analysis.scores for analysis in result.analyses}
        fields, unwritable = _fields(result.track.path)
        told = [warning for analysis in result.analyses for warning in analysis.warnings]
        return Heard(
            track=result.track,
            audio=result.audio,
            probabilities=self._suggester.probabilities([scores[card.sha256] for card in self._cards]),
            duration=max(analysis.duration for analysis in result.analyses),
            name=read_name(result.track.path),
            present=fields.values,
            warnings=tuple(dict.fromkeys((*told, *fields.warnings))),
            unwritable=unwritable,
        )

    def evidence(self, store: AnalysisStore, audio: bytes, present: FieldValues) -> list[Suggestion]:
        """Every tag with what speaks for it; empty if the store does not know the audio. Raises ``StoreError``."""
        found = [store.analysis(audio, card, self._settings.effort) for card in self._cards]
        scores = [analysis.scores for analysis in found if analysis]
        if len(scores) < len(self._cards):
            return []
        return self._suggester.suggest(scores, staying_values(present, self._settings))

    def over_time(self, store: AnalysisStore, audio: bytes) -> TagTaggram | None:
        """The tags over time; ``None`` if the store does not know the audio. Raises ``StoreError``.

        Models that hear with different patches are brought to the patches of the finest.
        """
        found = [store.taggram(audio, card, self._settings.effort) for card in self._cards]
        taggrams = [taggram for taggram in found if taggram is not None]
        if len(taggrams) < len(self._cards):
            return None
        starts = [_starts(card.features, len(taggram)) for card, taggram in zip(self._cards, taggrams, strict=True)]
        finest = max(range(len(starts)), key=lambda model: len(starts[model]))
        brought = [_nearest(taggram, own, starts[finest]) for taggram, own in zip(taggrams, starts, strict=True)]
        values = self._suggester.probabilities_over_time(brought)
        return TagTaggram(values.astype(np.float16), _hop_seconds(self._cards[finest].features))


def _fields(path: Path) -> tuple[FileFields, str]:
    """The fields and why they cannot be written."""
    try:
        fields = read_fields(path)
    except FileError as error:
        return FileFields(dict[Field, tuple[str, ...]]()), error.reason
    return fields, fields.protected


def _hop_seconds(spec: FeatureSpec) -> float:
    return spec.patch_hop * spec.hop_length / spec.sample_rate


def _starts(spec: FeatureSpec, patches: int) -> npt.NDArray[np.float64]:
    """Seconds at which patches begin, see ``features.patch_batches``; of the last one, where the one after would."""
    return np.arange(patches, dtype=np.float64) * _hop_seconds(spec)


def _nearest(
    taggram: Taggram, starts: npt.NDArray[np.float64], grid: npt.NDArray[np.float64]
) -> npt.NDArray[np.float32]:
    """A taggram at other times: for each the patch that begins nearest to it."""
    between = (starts[1:] + starts[:-1]) / 2
    return taggram[np.searchsorted(between, grid)].astype(np.float32)
