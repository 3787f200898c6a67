"""Which places of a track to listen to, and when enough was heard: rules alone, without sound and without files.

How it works
------------
A place is one patch of the track. A few places that are spread over all of it are heard first, then rounds of some
more between them. After each round stands the question how many tags would be decided otherwise if all of the track
were heard. Over the places heard so far, a tag's probability has a mean and a standard error; the mean of the whole
track is taken to lie around the mean so far like a normal variable, so the chance that it lies on the other side of the
tag's threshold is known. The sum of these chances, for each tag that is suggested so far, is the *doubt*. The track is
settled when its doubt is at most ``price * sqrt(places heard)``: each round costs as much as the one before and takes
away less doubt, so the more was heard already, the more doubt is left as it is.

The root, the prior and the rounds were chosen on patch scores of 1,033 tracks. A constant limit, or one that grows with
the number of places itself, comes out a little worse. Weighing places by the stretch for which they stand, standard
errors from differences of neighbours, and placing the next round where neighbours differ most made no difference.

Conventions
-----------
The thresholds are those of the models' cards for the profile ``balanced``, with Earmark's own vocabulary: what is
remembered of a track must not depend on a person's settings. With other thresholds, the same scores are judged.

Contents
--------
``Sampling``          which places come next, until the track is settled
``Excerpts``          where places lie in the sound, and from there to patches
``PRICES``            what a choice of effort means
``spread_order``      all places, any first few of them spread over the track
``worth_sampling``    whether a track is long enough
"""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from tagger_core.domain import Effort, FeatureSpec
from tagger_core.features import stream_frames
from tagger_core.model_card import ModelCard
from tagger_core.settings import Settings
from tagger_core.suggestions import Suggester
from tagger_core.vocabulary import Vocabulary

Floats = npt.NDArray[np.float32]

SHORTEST_SECONDS, LONGEST_SECONDS = 30.0, 86_400.0
"""Other tracks are heard in full: of a shorter one, a few places would be most; a longer one has a damaged header."""

FIRST_PLACES, MORE_PLACES = 8, 4
"""Places heard in the first round, and in each one after."""

PRICES: Mapping[Effort, float] = MappingProxyType({Effort.QUICK: 0.05, Effort.BALANCED: 0.02})
"""Doubt that is not worth another place, for each root of the places heard. On those 1,033 tracks, ``quick`` hears 0.32
of the music and ``balanced`` 0.49, and the mean Jaccard index of what they suggest with what ``full`` does is 0.93 and
0.97 (``python -m tests.benchmarks.effort --scores FILE``)."""

_EDGE_SECONDS = 0.1
"""What a decoder and the resampler need to find into the sound: see ``AudioStream.excerpt``."""

_PRIOR_PLACES, _PRIOR_SPREAD = 4, 0.05
"""What a few places say about the variance of a probability p is not all: beside it stand so many imagined places with
a variance of ``_PRIOR_SPREAD * p * (1 - p)``."""


class Sampling:
    """The places of one track, round by round: ``next_places`` says which, ``hear`` takes what was heard there."""

    def __init__(self, cards: Sequence[ModelCard], places: int, price: float) -> None:
        """``places``: how many the track has. ``price``: see ``PRICES``."""
        self._suggester = _suggester(tuple(cards))
        self._labels = [card.label_names for card in cards]
        self._order = spread_order(places)
        self._price = price
        self._heard: list[list[Floats]] = [[] for _ in cards]
        self._tags: list[Floats] = []

    @property
    def heard(self) -> list[int]:
        """The places that were heard, in the order in which they were."""
        return self._order[: sum(map(len, self._tags))]

    def next_places(self) -> list[int]:
        """The places of the next round; none when the track is settled."""
        done = len(self.heard)
        if not done:
            return self._order[:FIRST_PLACES]
        if self.doubt() <= self._price * math.sqrt(done):
            return []
        return self._order[done : done + MORE_PLACES]

    def hear(self, scores: Sequence[Floats]) -> None:
        """Take what each model said at the places of ``next_places``: shapes (places, labels), in the cards' order."""
        for rows, more in zip(self._heard, scores, strict=True):
            rows.append(more)
        self._tags.append(self._suggester.probabilities_over_time(scores))

    def scores(self) -> list[Floats]:
        """What each model said at all places of ``heard``, shapes (places, labels)."""
        return [np.concatenate(rows) for rows in self._heard]

    def doubt(self) -> float:
        """Tags to be expected on the wrong side of their threshold, for each that is suggested so far."""
        means = [rows.mean(axis=0, dtype=np.float64).tolist() for rows in self.scores()]
        named = [dict(zip(names, mean, strict=True)) for names, mean in zip(self._labels, means, strict=True)]
        probabilities = self._suggester.probabilities(named)
        over_places = np.concatenate(self._tags)
        errors = standard_errors(probabilities, over_places.var(axis=0), len(over_places), len(self._order))
        distances = np.abs(probabilities - self._suggester.thresholds)
        wrong = [_beyond(distance, error) for distance, error in zip(distances.tolist(), errors.tolist(), strict=True)]
        suggested = int(np.count_nonzero(probabilities >= self._suggester.thresholds))
        return sum(wrong) / max(1, suggested)


def worth_sampling(length: float, spec: FeatureSpec) -> bool:
    """Whether it makes sense to listen to places of a track that promises to last ``length`` seconds."""
    return SHORTEST_SECONDS <= length <= LONGEST_SECONDS and Excerpts(spec, length).places > FIRST_PLACES


class Excerpts:
    """The stretches of sound to decode for the places of one track, a little more than a patch each."""

    def __init__(self, spec: FeatureSpec, length: float) -> None:
        """``length`` of the track in seconds."""
        self._spec = spec
        self._edge_frames = math.ceil((_EDGE_SECONDS * spec.sample_rate + spec.n_fft / 2) / spec.hop_length)
        frames = 1 + int(length * spec.sample_rate) // spec.hop_length
        self.places = 1 + (frames - 1 - self._edge_frames - spec.patch_frames) // spec.patch_hop
        """Only places with sound behind them: files last a little less long than they promise."""
        self.patches = 1 + math.ceil((frames - spec.patch_frames) / spec.patch_hop)
        """Of the whole track, as ``features.patch_batches`` cuts them."""

    def span(self, place: int) -> tuple[float, float]:
        """Where an excerpt begins and how long it is, in seconds."""
        first = self._first_frame(place)
        frames = place * self._spec.patch_hop - first + self._spec.patch_frames + self._edge_frames
        seconds_per_frame = self._spec.hop_length / self._spec.sample_rate
        return first * seconds_per_frame, frames * seconds_per_frame

    def patch(self, place: int, samples: Floats) -> Floats:
        """The patch in the middle of an excerpt: what it would be in a pass over the whole track."""
        frames = np.concatenate(list(stream_frames([samples], self._spec)))
        before = place * self._spec.patch_hop - self._first_frame(place)
        return frames[before : before + self._spec.patch_frames]

    def _first_frame(self, place: int) -> int:
        return max(0, place * self._spec.patch_hop - self._edge_frames)


def spread_order(places: int) -> list[int]:
    """All places of a track, each once, so that those at any beginning of the list are spread over all of it.

    The sequence of van der Corput (1935) to base 2, moved on by 1/16: its first eight are the middles of eighths.
    """
    bits = max(4, (places - 1).bit_length())
    steps = 1 << bits
    fractions = ((_reversed(number, bits) / steps + 1 / 16) % 1 for number in range(steps))
    return list(dict.fromkeys(int(places * fraction) for fraction in fractions))


def standard_errors(
    means: npt.NDArray[np.floating], variances: npt.NDArray[np.floating], heard: int, places: int
) -> npt.NDArray[np.float64]:
    """Of probabilities whose mean and variance over so many places ``heard`` are known; 0 when all were heard."""
    prior = _PRIOR_PLACES * _PRIOR_SPREAD * means * (1 - means)
    variance = (prior + heard * variances) / (_PRIOR_PLACES + heard - 1)
    errors: npt.NDArray[np.float64] = np.sqrt(np.asarray(variance / heard * (1 - heard / places), np.float64))
    return errors


def _beyond(distance: float, error: float) -> float:
    """The chance that a normal variable is further than ``distance`` from its mean, to one side."""
    return math.erfc(distance / (error * math.sqrt(2))) / 2 if error else 0.0


def _reversed(number: int, bits: int) -> int:
    return int(f"{number:0{bits}b}"[::-1], 2)


@lru_cache(maxsize=8)
def _suggester(cards: tuple[ModelCard, ...]) -> Suggester:
    return Suggester(cards, Settings(), Vocabulary(cards))
