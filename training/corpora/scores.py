"""Scores of music21's corpus as MIDI files: chorales, madrigals, masses, quartets, songs, piano pieces, dance tunes.

Conventions
-----------
music21 (PyPI, the extra ``corpus``) brings the scores along, so its version decides them. They are for what game music
lacks: choir, strings, piano alone, and lines that any solo instrument can play. A work belongs to its composer. Old
collections of tunes print each other's, so all of them together are one composer, ``folk``.

Not every encoding is free: some must not be used commercially (``corpus/license.txt`` in music21, and notices in the
scores). Left out are the Essen collection, whose notice calls its legal status unclear, the works of Palestrina, whose
encoder reserves the rights to what is derived from them, and exercises and demonstrations.

music21 is imported inside functions, as that takes seconds. It tells what it thinks of a score and keeps copies of
what it has read; both are switched off.

Contents
--------
``version``         of music21, if it is there
``Work``, ``works`` what it holds, by composer
``write_midi``      the beginning of a work, one MIDI channel a part
"""

import io
import re
import warnings
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from importlib import metadata
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from xml.etree.ElementTree import ParseError

import mido

from training.config import TrainingError

if TYPE_CHECKING:
    from music21.stream import Score

FOLK = frozenset({"airdsAirs", "miscFolk", "nottingham-dataset", "oneills1850", "ryansMammoth"})
"""Folders of tunes, many in a file."""
LEFT_OUT = frozenset({"demos", "essenFolksong", "palestrina", "theoryExercises"})
FORMATS = (".abc", ".krn", ".xml", ".musicxml", ".mxl")
"""Of a work in several formats the last is taken: MusicXML names the instruments."""
EXCERPT_QUARTERS = 120.0
"""Quarter notes: 60 s at music21's tempo for scores that name none, 45 s (``LONGEST_SECONDS``) at 160 a minute."""
_CHANNELS = tuple(channel for channel in range(16) if channel != 9)  # 9 is for drums
_TUNE = re.compile(r"^X:\s*0*([1-9]\d*)", re.MULTILINE)  # ABC's reference number; music21 has no way to a tune 0
_READING_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    ParseError,
    RecursionError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
)
"""What music21 may throw at a score beside its own exceptions."""


class Work(NamedTuple):
    """A score; ``tune`` is its number in a file of many."""

    composer: str
    name: str
    path: Path
    tune: int | None = None


def version() -> str | None:
    """``None`` if music21 is not installed. Does not import it."""
    try:
        return metadata.version("music21")
    except metadata.PackageNotFoundError:
        return None


def works() -> dict[str, list[Work]]:
    """Every work by composer, both in alphabetical order. Raises ``TrainingError`` if music21 is missing."""
    with _quiet():
        try:
            from music21 import common, corpus
        except ImportError as error:
            raise TrainingError("music21 is missing: pip install 'earmark[corpus]'") from error
        root = common.getCorpusFilePath()
        paths = [path for path in corpus.getCorePaths() if path.suffix in FORMATS]
    found: dict[str, dict[str, Work]] = defaultdict(dict)
    for path in sorted(paths, key=lambda path: (FORMATS.index(path.suffix), path)):
        place = path.relative_to(root)
        if place.parts[0] not in LEFT_OUT:
            for work in _works_of(path, place):
                found[work.composer][work.name] = work
    return {composer: sorted(of_composer.values()) for composer, of_composer in sorted(found.items())}


def _works_of(path: Path, place: Path) -> Iterator[Work]:
    folder, *names = place.with_suffix("").parts
    if folder not in FOLK:
        yield Work(folder, "-".join(names), path)
        return
    for number in map(int, _TUNE.findall(path.read_text(encoding="utf-8", errors="replace"))):
        yield Work("folk", "-".join([folder, *names, str(number)]), path, number)


def write_midi(work: Work, target: Path) -> bool:
    """The first ``EXCERPT_QUARTERS`` of a work, without repeats, as a MIDI file; does the score name instruments?

    It does if music21 knows the name of any part as an instrument's or a voice's; a part of another name ("Quinto") is
    then played like the first that it knows. Raises ``TrainingError`` if music21 cannot read the score.
    """
    with _quiet():
        from music21.exceptions21 import Music21Exception

        try:
            score = _beginning(work)
            score.write("midi", fp=target)
            programs = [_program(part.partName) for part in score.parts]
            return _give_channels(target, programs)
        except (Music21Exception, *_READING_ERRORS) as error:
            target.unlink(missing_ok=True)
            told = " ".join(str(error).split()) or type(error).__name__
            raise TrainingError(f"music21 makes no music of {work.composer}/{work.name}: {told}") from error


def _beginning(work: Work) -> "Score":
    from music21 import converter, repeat
    from music21.common.enums import GatherSpanners
    from music21.stream import Measure, Opus

    score = converter.parse(work.path, number=work.tune, forceSource=True, storePickle=False)
    if isinstance(score, Opus):  # each voice a piece of its own
        score = score.mergeScores()
    offsets = [measure.offset for measure in score.parts[0].getElementsByClass(Measure)]
    count = sum(offset < EXCERPT_QUARTERS for offset in offsets)
    # Whole movements take minutes. Marks of repeats whose other end is cut off would be an error.
    excerpt = score.measures(0, count, indicesNotNumbers=True, gatherSpanners=GatherSpanners.NONE)
    excerpt.remove(list(excerpt[repeat.RepeatMark]), recurse=True)
    if not excerpt.recurse().notes:
        raise ValueError("it has no notes")
    return excerpt


def _program(name: str | None) -> int | None:
    """General MIDI program, from 0, of an instrument's or voice's name in any of music21's languages."""
    from music21 import instrument

    try:
        known = instrument.fromString(name or "")
    except instrument.InstrumentException:
        return None
    if isinstance(known, instrument.Vocalist):  # Choir Aahs: in Voice Oohs, music21's choice, the models hear no choir
        known = instrument.Choir()
    program: int | None = known.midiProgram  # none for some drums
    return program


def _give_channels(score: Path, programs: list[int | None]) -> bool:
    """Each part a channel of its own, for casts of many instruments: music21 has one for all parts that sound alike."""
    known = [program for program in programs if program is not None]
    midi = mido.MidiFile(score)
    for track, program, channel in zip(midi.tracks[1:], programs, cycle(_CHANNELS)):  # track 0 has the tempo
        sound = program if program is not None else known[0] if known else 0
        for place, message in enumerate(track):
            if message.type == "program_change":
                track[place] = message.copy(channel=channel, program=sound)
            elif not message.is_meta:
                track[place] = message.copy(channel=channel)
        track.insert(0, mido.Message("program_change", channel=channel, program=sound))
    midi.save(score)
    return bool(known)


@contextmanager
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings(), redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        yield
