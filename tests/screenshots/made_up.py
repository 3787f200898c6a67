"""A library that does not exist: some twelve hundred tracks that sound like mixtures of the ten clips.

Maps and histograms show what they are for only with more music than the repository holds.

Contents: ``fill``
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from gui.library.library import Library
from tagger_core.domain import FileStamp, Track
from tagger_core.review import Heard, TrackName

TRACKS = 1_200

_FIRST = (
    "Amber", "Northern", "Paper", "Quiet", "Silver", "Velvet", "Distant", "Hollow", "Summer", "Electric", "Broken",
    "Golden", "Winter", "Midnight", "Glass", "Wandering",
)  # fmt: skip
_SECOND = (
    "Harbour", "Lanterns", "Machine", "River", "Orchard", "Signals", "Garden", "Carousel", "Horizon", "Letters",
    "Engine", "Mountain", "Shadows", "Parade", "Satellite", "Tide",
)  # fmt: skip
_ARTISTS = ("The Long Fields", "Mara Lind", "Kestrel Row", "Oak & Ember", "Nils Aubert", "Tin Lighthouse")


def fill(library: Library) -> None:
    """Add the tracks to a library in which the clips were heard, and decide about some of them."""
    review = library.review
    generator = np.random.default_rng(11)
    tracks = [
        Track(Path(f"/music/{_ARTISTS[n % len(_ARTISTS)]}/{n:04}.mp3"), FileStamp(n, n, n, 1)) for n in range(TRACKS)
    ]
    heard = ~np.isnan(review.probabilities).any(axis=1)
    mixed = _mixtures(review.probabilities[heard], generator)
    rows = np.array(review.add(tracks), np.intp)
    review.hear(
        [
            Heard(
                track=track,
                audio=number.to_bytes(32, "big"),
                probabilities=mixed[number],
                duration=float(generator.uniform(120, 420)),
                name=TrackName(_title(number), track.path.parent.name, ""),
                present={},
            )
            for number, track in enumerate(tracks)
        ]
    )
    library.rows_added.emit(int(rows[0]), len(rows))
    library.do("accept", generator.choice(rows, TRACKS // 6, replace=False))
    library.do("skip", generator.choice(rows, TRACKS // 40, replace=False))


def _title(number: int) -> str:
    first, second = divmod(number * 37 % (len(_FIRST) * len(_SECOND)), len(_SECOND))
    return f"{_FIRST[first]} {_SECOND[second]}"


def _mixtures(heard: npt.NDArray[np.float32], generator: np.random.Generator) -> npt.NDArray[np.float32]:
    """Between two tracks in log-odds, with noise, and with one or two tags of their own."""
    odds = np.log(np.clip(heard, 1e-4, 1 - 1e-4) / (1 - np.clip(heard, 1e-4, 1 - 1e-4)))
    one, other = generator.integers(0, len(odds), (2, TRACKS))
    share = generator.beta(0.4, 0.4, (TRACKS, 1))
    mixed = share * odds[one] + (1 - share) * odds[other] + generator.normal(0, 0.6, (TRACKS, odds.shape[1]))
    own = generator.integers(0, odds.shape[1], (TRACKS, 2))
    np.add.at(mixed, (np.arange(TRACKS)[:, None], own), generator.uniform(0, 3, own.shape))
    return (1 / (1 + np.exp(-mixed))).astype(np.float32)
