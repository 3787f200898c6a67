"""Random pieces of music of which we know what they are: the notes, and the tags that are true by construction.

Conventions
-----------
Times are seconds from the start of the clip, pitches MIDI note numbers, velocities 1 to 127, programs those of General
MIDI counted from 0. A *part* is one instrument; its label is the tag. For each label some programs are *held out*: they
sound in the test folders only, so a network is judged on instruments it has not heard.

Contents
--------
``PROGRAMS``, ``KITS``              label -> programs to learn from, and held-out ones
``Note``, ``Part``, ``Piece``       what is played
``compose``                         a piece from a random generator; ``Piece.tags`` what is true of it
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np


class Programs(NamedTuple):
    """Sounds of one label. ``lowest`` and ``highest`` are the pitches it plays, ``chords`` whether it can play them."""

    learn: tuple[int, ...]
    held_out: tuple[int, ...]
    lowest: int
    highest: int
    chords: bool


PROGRAMS = {
    "piano": Programs((0, 2, 3), (1,), 45, 84, chords=True),
    "guitar": Programs((24, 26, 27), (25,), 43, 76, chords=True),
    "organ": Programs((16, 18, 19), (17,), 48, 79, chords=True),
    "strings": Programs((44, 48, 50), (49,), 48, 84, chords=True),
    "choir": Programs((52, 54, 91), (53,), 50, 76, chords=True),
    "synth": Programs((80, 84, 87, 90), (81,), 48, 84, chords=True),
    "bells": Programs((8, 9, 11, 98), (10,), 67, 96, chords=True),
    "flute": Programs((72, 73, 75, 79), (74,), 67, 91, chords=False),
    "horn": Programs((56, 60, 61), (57,), 48, 74, chords=False),
    "sax": Programs((64, 65, 67), (66,), 50, 77, chords=False),
    "bass": Programs((32, 33, 35), (34,), 28, 47, chords=False),
}
KITS = Programs((0, 8, 24, 40), (16, 32), 35, 51, chords=False)
"""Drum kits: programs of channel 10."""

TAGS = (*PROGRAMS, "drums", "no drums", "fast", "slow", "loud", "quiet", "solo", "ensemble")

KICK, SNARE, HAT = 36, 38, 42
DRUMS = "drums"

_LEVELS = {"loud": (-12.0, 105, 122), "": (-20.0, 75, 95), "quiet": (-34.0, 40, 60)}
"""Level -> dB of full scale (root mean square of the clip), lowest and highest velocity."""
_TEMPI = {"fast": (150, 190, (0.25, 0.5, 0.5)), "": (90, 115, (0.5, 1.0)), "slow": (42, 60, (1.0, 2.0))}
"""Tempo -> slowest and fastest beats a minute, lengths of notes in beats."""
_SIZES, _SIZE_CHANCES = (1, 2, 3, 4), (0.3, 0.25, 0.25, 0.2)
_DRUMS_CHANCE = 0.65
_SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 2, 4, 7, 9), (0, 3, 5, 7, 10))


class Note(NamedTuple):
    start: float
    seconds: float
    pitch: int
    velocity: int


@dataclass(frozen=True, slots=True)
class Part:
    label: str
    program: int
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A clip's worth of music. ``level`` is the wanted root mean square, in dB of full scale."""

    seconds: float
    parts: tuple[Part, ...]
    level: float
    tags: frozenset[str]


def compose(generator: np.random.Generator, seconds: float, *, held_out: bool) -> Piece:
    """A random piece: one to four instruments, perhaps drums, one of three tempi and of three levels."""
    tempo = str(generator.choice(list(_TEMPI)))
    loudness = str(generator.choice(list(_LEVELS)))
    size = int(generator.choice(_SIZES, p=_SIZE_CHANCES))
    labels = [str(label) for label in generator.choice(list(PROGRAMS), size, replace=False)]
    drums = size > 1 and generator.random() < _DRUMS_CHANCE  # with drums it is no solo

    slowest, fastest, lengths = _TEMPI[tempo]
    beat = 60 / generator.uniform(slowest, fastest)
    level, softest, hardest = _LEVELS[loudness]
    score = _Score(generator, seconds, beat, lengths, (softest, hardest))
    parts = [score.part(label, _program(generator, PROGRAMS[label], held_out)) for label in labels]
    if drums:
        parts.append(score.drums(_program(generator, KITS, held_out)))
    tags = {
        *labels,
        tempo,
        loudness,
        DRUMS if drums else "no drums",
        "solo" if size == 1 else "ensemble" if size > 2 else "",
    }
    return Piece(seconds, tuple(parts), level, frozenset(tags - {""}))


def _program(generator: np.random.Generator, programs: Programs, held_out: bool) -> int:
    return int(generator.choice(programs.held_out if held_out else programs.learn))


class _Score:
    """The key, the beat and the harmony that all parts of a piece share."""

    def __init__(
        self,
        generator: np.random.Generator,
        seconds: float,
        beat: float,
        lengths: Sequence[float],
        velocities: tuple[int, int],
    ) -> None:
        self._generator = generator
        self._seconds = seconds
        self._beat = beat
        self._lengths = lengths
        self._velocities = velocities
        scale = _SCALES[generator.integers(len(_SCALES))]
        root = int(generator.integers(12))
        self._pitches = [pitch for pitch in range(128) if (pitch - root) % 12 in scale]

    def part(self, label: str, program: int) -> Part:
        """A walk up and down the scale, in chords where the instrument can and chance wants it."""
        programs = PROGRAMS[label]
        pitches = [pitch for pitch in self._pitches if programs.lowest <= pitch <= programs.highest]
        chords = programs.chords and self._generator.random() < 0.5
        at = int(self._generator.integers(len(pitches)))
        notes = []
        start = 0.0
        while start < self._seconds:
            length = self._beat * float(self._generator.choice(self._lengths))
            at = int(np.clip(at + self._generator.integers(-3, 4), 0, len(pitches) - 1))
            for above in (0, 2, 4) if chords else (0,):
                pitch = pitches[min(at + above, len(pitches) - 1)]
                notes.append(Note(start, 0.95 * length, pitch, self._velocity()))
            start += length
        return Part(label, program, tuple(dict.fromkeys(notes)))

    def drums(self, program: int) -> Part:
        """Kick on one and three, snare on two and four, hi-hat twice a beat."""
        half = self._beat / 2
        notes = []
        for step in range(int(self._seconds / half)):
            struck = [HAT] + ([KICK] if step % 4 == 0 else []) + ([SNARE] if step % 4 == 2 else [])
            if self._generator.random() < 0.15:
                struck.append(int(self._generator.choice([KICK, SNARE])))
            notes += [Note(step * half, half, pitch, self._velocity()) for pitch in dict.fromkeys(struck)]
        return Part(DRUMS, program, tuple(notes))

    def _velocity(self) -> int:
        return int(self._generator.integers(*self._velocities))
