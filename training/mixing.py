"""Made-up patches: pieces of several tracks on top of each other, changed at random, for the teachers to hear.

Goal: more variety than the music at hand has. A student that has learned a thousand tracks says what its teachers say
of those, and less so of others. A teacher can be asked about anything, so a few tracks give any number of patches that
nobody has heard: mixed aggressively, with the teacher asked about the very same mixture (Beyer et al., "Knowledge
distillation: a good teacher is patient and consistent", CVPR 2022).

All is done on mel power, where sounds add up (but for their phases), so nothing is decoded again. A patch is made of
one to three excerpts of different tracks, each from any frame on, played faster or slower and higher or lower, behind
an equaliser, at its own level; then perhaps noise, a narrower band, another volume. Tracks that stick out, in what the
teachers say, from the others are taken more often: what is rare in the music is what a student learns last.

Conventions
-----------
Power has shape (frames, bands), float32, in the units of ``features.log_mel`` before the logarithm. Levels are in
decibels. Everything depends on the seed, the training tracks and the number of the patch only.

Contents
--------
``mixed_groups``   the made-up patches of a store, as groups without scores; what is missing is made
``Mixer``          one made-up patch after the other
"""

import hashlib
from collections.abc import Callable
from functools import cached_property, partial

import msgspec
import numpy as np
import numpy.typing as npt

from tagger_core.domain import FeatureSpec
from tagger_core.errors import SettingsError
from training.distill_material import Material
from training.soft_labels import Group, SoftLabels

Floats = npt.NDArray[np.float32]
Change = Callable[[Floats, np.random.Generator], Floats]

GROUP_PATCHES = 1_000
"""Made and labelled at a time: what an interruption can cost."""
_VERSION = 1
"""Changes with everything below that decides what a made-up patch is like."""
_EXCERPTS = {1: 0.25, 2: 0.6, 3: 0.15}
"""How many tracks a patch is made of, and how often."""
_OTHER_LEVEL = (-18.0, 6.0)
"""Of the second and third excerpt, relative to the first."""
_OFTEN, _SOMETIMES, _SELDOM = 0.5, 0.3, 0.15
_FASTEST = 1.25
_SEMITONES = 3.0
_EQUALISER_KNOTS, _EQUALISER_LEVEL = 7, 6.0
_NOISE_LEVEL = (-45.0, -15.0)
_LOWEST_CUT_HZ, _HIGHEST_CUT_SHARE = 4_000.0, 0.95
_VOLUME = (-26.0, 6.0)
_STICKING_OUT = (0.5, 3.0)
"""Bounds of a track's distance from the mean track, in standard deviations, as they change its chance."""


def mixed_groups(store: SoftLabels, train: Material, patches: int, seed: int) -> list[Group]:
    """At least so many made-up patches, from the tracks of ``train`` alone, in groups of ``GROUP_PATCHES``.

    They lie in a folder of their own inside the store and are no music, so ``store.groups`` does not list them. Other
    training music gives other groups; earlier ones stay and are not used. Raises ``SettingsError`` if the patches are
    not of log-mel power, ``DatasetError`` where they cannot be written.
    """
    mixer = Mixer(store.spec, train)
    music = [(group.name, group.music, [track.patches for track in group.tracks]) for group in train.groups]
    digest = hashlib.sha256(msgspec.json.encode((_VERSION, seed, music))).hexdigest()[:16]
    make = partial(_made, mixer, seed)
    return [
        store.made_up(f"{digest}.{number:04d}", f"mixed {number}", partial(make, number))
        for number in range(-(-patches // GROUP_PATCHES))
    ]


def _made(mixer: "Mixer", seed: int, number: int) -> npt.NDArray[np.float16]:
    first = number * GROUP_PATCHES
    patches = [mixer.patch(np.random.default_rng((seed, first + place))) for place in range(GROUP_PATCHES)]
    return np.stack(patches).astype(np.float16)


class Mixer:
    """Makes patches of what is in ``train``. Raises ``SettingsError`` if that is not log-mel power."""

    def __init__(self, spec: FeatureSpec, train: Material) -> None:
        if spec.kind != "log_mel":
            raise SettingsError("mixed_patches need teachers that hear log-mel power, where sounds add up; set it to 0")
        self._spec = spec
        self._train = train
        self._changes: tuple[tuple[float, Change], ...] = (
            (_SOMETIMES, self._noisy),
            (_SELDOM, self._narrowed),
            (_OFTEN, _at_volume),
        )

    def patch(self, generator: np.random.Generator) -> Floats:
        """One made-up patch, of shape (patch frames, bands)."""
        count = int(generator.choice(np.array(list(_EXCERPTS)), p=np.array(list(_EXCERPTS.values()))))
        tracks = generator.choice(len(self._chances), min(count, len(self._chances)), replace=False, p=self._chances)
        power, *others = [self._equalised(self._excerpt(int(track), generator), generator) for track in tracks]
        level = float(power.mean())
        for other in others:
            share = level / max(float(other.mean()), _least(level)) * _gain(generator.uniform(*_OTHER_LEVEL))
            power = power + np.float32(share) * other
        for chance, change in self._changes:
            if generator.random() < chance:
                power = change(power, generator)
        made: Floats = np.log10(1 + self._spec.log_gain * power).astype(np.float32)
        return made

    @cached_property
    def _chances(self) -> npt.NDArray[np.float64]:
        """Of the tracks: by the root of their length, and more for those whose mean scores stick out."""
        targets = self._train.track_targets().astype(np.float64)
        spread = targets.std(axis=0)
        varied = spread > 0
        apart = (targets[:, varied] - targets[:, varied].mean(axis=0)) / spread[varied]
        distances = np.sqrt(np.mean(apart**2, axis=1)) if varied.any() else np.ones(len(targets))
        roots = np.sqrt([end - start for _, start, end in self._train.spans])
        chances = roots * np.clip(distances, *_STICKING_OUT)
        normalised: npt.NDArray[np.float64] = chances / chances.sum()
        return normalised

    def _excerpt(self, track: int, generator: np.random.Generator) -> Floats:
        """Power of a patch's length from any frame of a track on, perhaps at another speed and pitch."""
        group, start, end = self._train.spans[track]
        wanted, there = self._spec.patch_frames, (end - start) * self._spec.patch_frames
        if generator.random() < _SOMETIMES:
            wanted = min(there, round(wanted * _FASTEST ** generator.uniform(-1, 1)))
        first = int(generator.integers(0, there - wanted + 1))
        from_patch, skipped = divmod(first, self._spec.patch_frames)
        to_patch = -(-(first + wanted) // self._spec.patch_frames)
        patches = np.asarray(self._train.groups[group].patches[start + from_patch : start + to_patch], np.float32)
        frames = patches.reshape(-1, self._spec.bands)[skipped : skipped + wanted]
        frames = _resampled(frames, np.linspace(0, wanted - 1, self._spec.patch_frames))
        power: Floats = (np.maximum(10**frames - 1, 0) / self._spec.log_gain).astype(np.float32)
        if generator.random() < _SOMETIMES:
            power = self._transposed(power, 2 ** (generator.uniform(-_SEMITONES, _SEMITONES) / 12))
        return power

    def _transposed(self, power: Floats, factor: float) -> Floats:
        """Frequencies times ``factor``; nothing comes from above the highest band."""
        sources = self._centres / factor
        moved = _resampled(power.T, np.interp(sources, self._centres, np.arange(len(sources)))).T
        kept: Floats = np.where(sources <= self._centres[-1], moved, np.float32(0))
        return kept

    def _equalised(self, power: Floats, generator: np.random.Generator) -> Floats:
        if generator.random() >= _OFTEN:
            return power
        knots = generator.normal(0, _EQUALISER_LEVEL, _EQUALISER_KNOTS)
        places = np.linspace(0, _EQUALISER_KNOTS - 1, self._spec.bands)
        curve = np.interp(places, np.arange(_EQUALISER_KNOTS), knots)
        formed: Floats = power * (10 ** (curve / 10)).astype(np.float32)
        return formed

    def _noisy(self, power: Floats, generator: np.random.Generator) -> Floats:
        """White noise, as strong in every band; a band of n bins averages n exponentially distributed powers."""
        noise = generator.gamma(self._bins, 1 / self._bins, power.shape)
        share = float(power.mean()) * _gain(generator.uniform(*_NOISE_LEVEL))
        noisy: Floats = power + (share * noise).astype(np.float32)
        return noisy

    def _narrowed(self, power: Floats, generator: np.random.Generator) -> Floats:
        """Nothing above a frequency, as low rates of lossy coding have it."""
        highest = max(_LOWEST_CUT_HZ, _HIGHEST_CUT_SHARE * self._spec.sample_rate / 2)
        cut: Floats = np.where(self._centres < generator.uniform(_LOWEST_CUT_HZ, highest), power, np.float32(0))
        return cut

    @cached_property
    def _edges(self) -> npt.NDArray[np.float64]:
        """Lower edge of the first mel band, all centres, upper edge of the last, in hertz."""
        import librosa

        edges: npt.NDArray[np.float64] = librosa.mel_frequencies(self._spec.n_mels + 2, fmax=self._spec.sample_rate / 2)
        return edges

    @cached_property
    def _centres(self) -> npt.NDArray[np.float64]:
        return self._edges[1:-1]

    @cached_property
    def _bins(self) -> npt.NDArray[np.float64]:
        """Of the Fourier transform, in half the width of each band, which is what its triangle weighs."""
        widths = (self._edges[2:] - self._edges[:-2]) / 2
        bins: npt.NDArray[np.float64] = np.maximum(widths / (self._spec.sample_rate / self._spec.n_fft), 1)
        return bins


def _at_volume(power: Floats, generator: np.random.Generator) -> Floats:
    return power * np.float32(_gain(generator.uniform(*_VOLUME)))


def _resampled(rows: Floats, places: npt.NDArray[np.float64]) -> Floats:
    """The rows at these places between them, linearly."""
    below = np.minimum(places.astype(int), len(rows) - 1)
    above = np.minimum(below + 1, len(rows) - 1)
    share = (places - below).astype(np.float32)[:, np.newaxis]
    between: Floats = rows[below] * (1 - share) + rows[above] * share
    return between


def _gain(decibels: float) -> float:
    return float(10 ** (decibels / 10))


def _least(level: float) -> float:
    """A level of an excerpt that is taken for silence: it is not raised to be heard."""
    return max(level, 1e-12) * 1e-4
