"""Notes to sound: FluidSynth with the FluidR3 sounds where they are installed, else additive synthesis in NumPy.

Conventions
-----------
Sound is float32, mono, 16 kHz (that of MagnaTagATune's clips), shape (n,), at the piece's level.

The NumPy instruments imitate nothing in particular: a label is a family of timbres (spectrum, envelope, vibrato,
noise), a program a variation of its family. That is enough for a network to have something to learn and to generalise.

Contents
--------
``Renderer``, ``fluidsynth_renderer``, ``numpy_renderer``   a piece -> its sound
``to_midi``                                                 a piece -> a MIDI file
``write_mp3``                                               sound -> a file
"""

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import mido
import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from tagger_core.errors import EarmarkError
from training.composition import DRUMS, HAT, KICK, Note, Part, Piece

Samples = npt.NDArray[np.float32]
Renderer = Callable[[Piece], Samples]

RATE = 16_000
_FLUIDSYNTH_RATE = 44_100
SOUNDFONT = Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")
"""Where Debian's fluid-soundfont-gm puts it."""

_TICKS_A_SECOND = 960  # of mido's 480 ticks a beat at the default tempo of two beats a second
_DRUM_CHANNEL = 9
_LOUDEST = 0.98
_RELEASE_SECONDS = 0.05


class RenderError(EarmarkError):
    """FluidSynth is missing or did not do its work."""


def fluidsynth_renderer(soundfont: Path = SOUNDFONT) -> Renderer | None:
    """None where FluidSynth or its sounds are not installed (Debian: fluidsynth, fluid-soundfont-gm)."""
    program = shutil.which("fluidsynth")
    return partial(_fluidsynth, program, soundfont) if program and soundfont.is_file() else None


def numpy_renderer(piece: Piece) -> Samples:
    """Additive synthesis; the same piece always gives the same samples."""
    sound = np.zeros(_length(piece), np.float32)
    for part in piece.parts:
        for note in part.notes:
            start = round(note.start * RATE)
            samples = _struck(part.program, note) if part.label == DRUMS else _tone(part, note)
            end = min(start + len(samples), len(sound))
            sound[start:end] += samples[: end - start] * np.float32((note.velocity / 127) ** 2)
    return _at_level(sound, piece.level)


def to_midi(piece: Piece, path: Path) -> None:
    """One track a part, drums on channel 10."""
    file = mido.MidiFile()
    channels = iter(channel for channel in range(16) if channel != _DRUM_CHANNEL)
    for part in piece.parts:
        channel = _DRUM_CHANNEL if part.label == DRUMS else next(channels)
        events = [(note.start, "note_on", note) for note in part.notes]
        events += [(note.start + note.seconds, "note_off", note) for note in part.notes]
        track = mido.MidiTrack([mido.Message("program_change", channel=channel, program=part.program)])
        now = 0
        for seconds, kind, note in sorted(events, key=lambda event: (event[0], event[1])):  # off before on
            then = round(seconds * _TICKS_A_SECOND)
            track.append(mido.Message(kind, channel=channel, note=note.pitch, velocity=note.velocity, time=then - now))
            now = then
        file.tracks.append(track)
    file.save(path)


def write_mp3(path: Path, sound: Samples) -> None:
    """Raises ``OSError``, where libsndfile does not tell a full disk from anything else."""
    try:
        soundfile.write(path, sound, RATE, format="MP3")
    except soundfile.LibsndfileError as error:
        raise OSError(f"libsndfile: {error}") from error


def _fluidsynth(program: str, soundfont: Path, piece: Piece) -> Samples:
    with tempfile.TemporaryDirectory(prefix="earmark-") as folder:
        score, wave = Path(folder) / "piece.mid", Path(folder) / "piece.wav"
        to_midi(piece, score)
        command = [program, "-ni", "-q", "-r", str(_FLUIDSYNTH_RATE), "-F", str(wave)]
        command += ["-o", "synth.dynamic-sample-loading=1", str(soundfont), str(score)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        try:
            stereo, rate = soundfile.read(wave, dtype="float32", always_2d=True)
        except soundfile.LibsndfileError as error:
            raise RenderError(
                f"{program} made no sound ({done.stderr.strip() or done.returncode}); use --sound numpy"
            ) from error
    mono = soxr.resample(stereo.mean(axis=1), rate, RATE)
    clip = np.zeros(_length(piece), np.float32)
    clip[: len(mono)] = mono[: len(clip)]
    return _at_level(clip, piece.level)


def _length(piece: Piece) -> int:
    return round(piece.seconds * RATE)


def _at_level(sound: Samples, decibels: float) -> Samples:
    """The sound at this root mean square, its peaks bent rather than cut where they would not fit."""
    power = float(np.mean(np.square(sound, dtype=np.float64)))
    if not power:
        return sound
    louder = sound * np.float32(10 ** (decibels / 20) / np.sqrt(power))
    bent: Samples = np.float32(_LOUDEST) * np.tanh(louder / np.float32(_LOUDEST))
    return bent


class Timbre(NamedTuple):
    """A family of tones. ``harmonics`` are the amplitudes of the partials from the first on, before a resonance at
    ``formant`` Hz, ``width`` octaves wide, whatever the pitch.

    ``attack`` and ``decay`` are seconds (decay 0: the tone holds), ``vibrato`` the depth in semitones, ``stretch`` how
    far partials stand apart beyond their places, ``noise`` the amplitude of breath.
    """

    harmonics: tuple[float, ...]
    formant: float
    width: float
    attack: float
    decay: float
    vibrato: float = 0.0
    stretch: float = 0.0
    noise: float = 0.0


_SAW = tuple(1 / k for k in range(1, 25))
_SQUARE = tuple(1 / k if k % 2 else 0.0 for k in range(1, 25))
_BRIGHT = tuple(1 / k**0.5 for k in range(1, 25))
_TIMBRES = {
    "piano": Timbre(_SAW, 500, 1.2, 0.004, 0.6, stretch=0.001),
    "guitar": Timbre(_BRIGHT, 1_500, 0.9, 0.002, 0.2),
    "organ": Timbre((1, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1), 2_500, 1.5, 0.01, 0),
    "strings": Timbre(_BRIGHT, 3_000, 0.7, 0.15, 0, vibrato=0.25),
    "choir": Timbre(_SAW, 700, 0.4, 0.2, 0, vibrato=0.6, noise=0.02),
    "synth": Timbre(_SQUARE, 5_000, 2.0, 0.003, 0),
    "bells": Timbre((1, 0.6, 0.8, 0.3), 3_000, 2.0, 0.001, 1.0, stretch=0.5),
    "flute": Timbre((1, 0.15, 0.05), 1_000, 2.0, 0.08, 0, vibrato=0.1, noise=0.2),
    "horn": Timbre(_BRIGHT, 450, 0.5, 0.06, 0),
    "sax": Timbre(_BRIGHT, 1_300, 0.4, 0.04, 0, vibrato=0.2, noise=0.1),
    "bass": Timbre(_SAW, 150, 1.0, 0.004, 0.5),
}
_BESIDE_FORMANT = 0.03
_INAUDIBLE = 0.01
_VIBRATO_HZ = 5.5
_PLUCKED_LOUDER = 2.0
"""A tone that dies away would drown among those that hold."""


def _tone(part: Part, note: Note) -> Samples:
    family, vary = _TIMBRES[part.label], np.random.default_rng(part.program)
    attack = family.attack * vary.uniform(0.8, 1.25)
    decay = family.decay * vary.uniform(0.75, 1.3)
    k = np.arange(1, len(family.harmonics) + 1)
    ratios = k * np.sqrt(1 + family.stretch * (k * k - 1))
    pitch = 440 * 2 ** ((note.pitch - 69) / 12)
    octaves = np.log2(ratios * pitch / (family.formant * vary.uniform(0.9, 1.1)))
    amplitudes = np.array(family.harmonics) * (np.exp(-0.5 * (octaves / family.width) ** 2) + _BESIDE_FORMANT)
    heard = (amplitudes > _INAUDIBLE * amplitudes.max()) & (ratios * pitch < 0.45 * RATE)
    amplitudes, ratios = amplitudes[heard] / np.linalg.norm(amplitudes[heard]), ratios[heard]

    time = np.arange(round((note.seconds + _RELEASE_SECONDS) * RATE), dtype=np.float32) / np.float32(RATE)
    swing = np.sin(2 * np.pi * _VIBRATO_HZ * time)  # as a delay: its slope is the change of pitch
    depth = (2 ** (family.vibrato / 12) - 1) / (2 * np.pi * _VIBRATO_HZ)
    phases = np.outer(ratios, 2 * np.pi * pitch * (time + depth * swing)).astype(np.float32)
    tone = amplitudes.astype(np.float32) @ np.sin(phases)
    tone += np.float32(family.noise) * vary.standard_normal(len(time), np.float32)
    envelope = np.minimum(1, time / attack) * np.minimum(1, (time[-1] - time) / _RELEASE_SECONDS)
    if decay:
        envelope *= _PLUCKED_LOUDER * np.exp(-time / decay)
    played: Samples = (tone * envelope).astype(np.float32)
    return played


def _struck(kit: int, note: Note) -> Samples:
    """A falling sine for the kick, noise for the hi-hat, both for the snare; each kit tuned otherwise."""
    vary = np.random.default_rng(1000 + kit)
    tune, ring = vary.uniform(0.8, 1.25, 2)
    time = np.arange(round(0.3 * RATE), dtype=np.float32) / np.float32(RATE)
    noise = vary.standard_normal(len(time), np.float32)
    if note.pitch == KICK:
        sound = 2.5 * np.sin(2 * np.pi * tune * (50 * time - 6 * np.exp(-time * 30))) * np.exp(-time / (0.12 * ring))
    elif note.pitch == HAT:
        sound = 0.5 * np.diff(noise, prepend=0) * np.exp(-time / (0.03 * ring))
    else:
        body = np.sin(2 * np.pi * 190 * tune * time) * np.exp(-time / 0.08)
        sound = (noise + body) * np.exp(-time / (0.1 * ring))
    struck: Samples = sound.astype(np.float32)
    return struck
