"""Music for what free recordings lack: scores and tracker modules, rendered.

A score is played as written, and again with its melodic programs exchanged for those of *gap* instruments, which
Debian's games hardly have: harpsichord, sitar, harp, flute, solo strings, choir, acoustic guitar, piano, organ.

Contents: ``render_score``, ``render_module``, ``arranged``, ``play``. A rendering that is there is whole: it gets its
name when it is finished.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import mido
import numpy as np

from training.config import TrainingError
from training.rendering import SOUNDFONT

GAPS = (0, 0, 6, 6, 19, 22, 24, 25, 40, 41, 42, 46, 46, 48, 49, 52, 52, 53, 56, 60, 65, 68, 71, 73, 73, 75, 104, 104)
"""General MIDI programs from 0; those that are missing most stand twice."""
LONGEST_SECONDS = 45
_CHANNELS = 16
_DRUM_CHANNEL = 9
_ALL_SOUND_OFF = 120
_PATIENCE_SECONDS = 600
_TICKS_A_SECOND = 960  # of mido's 480 ticks a beat at the default tempo of two beats a second


def arranged(score: Path, target: Path, seed: int | None) -> None:
    """A copy of a MIDI file that ends after ``LONGEST_SECONDS``; with a seed, for other instruments.

    Half of the arrangements are for one instrument and without drums. Raises ``TrainingError`` if it is no MIDI file.
    """
    generator = np.random.default_rng(seed)
    programs = [int(program) for program in generator.choice(GAPS, _CHANNELS)]
    alone = seed is not None and bool(generator.random() < 0.5)
    track = mido.MidiTrack()
    if seed is not None:
        programs = [programs[0]] * _CHANNELS if alone else programs
        track += [mido.Message("program_change", channel=c, program=p) for c, p in enumerate(programs)]
    now, written = 0.0, 0
    try:
        for message in mido.MidiFile(score):  # in playing order, times in seconds
            now += message.time
            if now > LONGEST_SECONDS:
                break
            if message.is_meta or (seed is not None and message.type == "program_change"):
                continue
            if alone and message.type == "note_on" and message.channel == _DRUM_CHANNEL:
                continue
            ticks = round(now * _TICKS_A_SECOND)
            track.append(message.copy(time=ticks - written))
            written = ticks
    except (OSError, EOFError, ValueError, KeyError, IndexError) as error:
        raise TrainingError(f"{score} is no MIDI file: {error}") from error
    # FluidSynth plays until the last note has died away, and those that were cut would never end.
    end = max(0, round(min(now, LONGEST_SECONDS) * _TICKS_A_SECOND) - written)
    for channel in range(_CHANNELS):
        silence = mido.Message("control_change", channel=channel, control=_ALL_SOUND_OFF, time=0 if channel else end)
        track.append(silence)
    mido.MidiFile(type=0, tracks=[track]).save(target)


def render_score(score: Path, target: Path, soundfont: Path = SOUNDFONT) -> None:
    """A MIDI file as FLAC. Raises ``TrainingError`` if FluidSynth or its sounds are missing, or it fails."""
    if not shutil.which("fluidsynth") or not soundfont.is_file():
        raise TrainingError("FluidSynth or its sounds are missing (Debian: fluidsynth, fluid-soundfont-gm)")
    with _unfinished(target) as flac:
        options = ["-o", "synth.dynamic-sample-loading=1", "-r", "44100", "-T", "flac", "-F", str(flac)]
        _cut(["fluidsynth", "-ni", "-q", *options, str(soundfont), str(score)], flac)


def play(score: Path, target: Path, seed: int | None) -> None:
    """``arranged``, then ``render_score``."""
    with tempfile.TemporaryDirectory() as folder:
        arrangement = Path(folder) / f"{target.stem}.mid"
        arranged(score, arrangement, seed)
        render_score(arrangement, target)


def render_module(module: Path, target: Path) -> None:
    """A tracker module as FLAC. Raises ``TrainingError`` if openmpt123 is missing or fails."""
    if not shutil.which("openmpt123"):
        raise TrainingError("openmpt123 is missing (Debian: openmpt123)")
    with _unfinished(target) as flac:
        options = ["--quiet", "--force", "--end-time", str(LONGEST_SECONDS), "--output", str(flac)]
        _cut(["openmpt123", *options, str(module)], flac)


@contextmanager
def _unfinished(target: Path) -> Iterator[Path]:
    """Where to make ``target``; it is moved there at the end, and gone if there was an error. Hidden from scans."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".rendering-") as folder:
        path = Path(folder) / target.name
        yield path
        path.replace(target)


def _cut(command: list[str], target: Path) -> None:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=_PATIENCE_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise TrainingError(f"{command[0]} found no end of {command[-1]}") from error
    if done.returncode or not target.is_file():
        told = (done.stderr.strip() or done.stdout.strip() or str(done.returncode)).splitlines()[-1]
        raise TrainingError(f"{command[0]} made no sound of {command[-1]}: {told}")
