"""A large library on the disk, quickly made: short real mp3 and FLAC files, and a store that has heard them already.

Conventions
-----------
Every file has a sound of its own, so that nothing is recognised as a copy of another. An mp3 is a row of frames that
may be cut between any two of them; two of a few hundred short noises, one after the other, give 100,000 different
sounds for the price of those few. One file in five is a FLAC file, each encoded on its own. Two files in three have a
genre; a title, an artist and an album have all.

Contents
--------
``make_library``, ``fill_store``
``bare_walk``   the least that could tell whether a library has changed
"""

import io
import os
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import soundfile
from mutagen.flac import FLAC
from mutagen.id3 import ID3, TALB, TCON, TIT2, TPE1

from tagger_core.analysis_store import AnalysisStore
from tagger_core.audio_payload import payload_digest
from tagger_core.domain import Analysis, Track
from tagger_core.library_scan import scan
from tagger_core.model_card import ModelCard

RATE = 16_000
TRACKS_PER_ALBUM = 12
ALBUMS_PER_ARTIST = 5
GENRES = ("Rock", "Pop", "Jazz", "Polka", "Soundtrack")
_NOISES = 320
"""Squared, this is the number of different mp3 files."""


def make_library(folder: Path, tracks: int) -> None:
    """Albums of artists, in folders below ``folder``."""
    noises = [_encoded("MP3", number) for number in range(_NOISES)]
    for number in range(tracks):
        artist = number // (TRACKS_PER_ALBUM * ALBUMS_PER_ARTIST)
        album = folder / f"Artist {artist:04}" / f"Album {number // TRACKS_PER_ALBUM:05}"
        if number % TRACKS_PER_ALBUM == 0:
            album.mkdir(parents=True)
        names = (f"Song {number}", f"Artist {artist}", album.name)
        genre = GENRES[number % len(GENRES)] if number % 3 else ""
        if number % 5 == 0:
            content = _flac(number, names, genre)
        else:
            content = _id3(names, genre) + noises[number % _NOISES] + noises[number // _NOISES % _NOISES]
        suffix = ".mp3" if number % 5 else ".flac"
        (album / f"{number % TRACKS_PER_ALBUM + 1:02} Song {number}{suffix}").write_bytes(content)


def fill_store(store: AnalysisStore, cards: Sequence[ModelCard], folder: Path, decoder: str) -> None:
    """What the models would have heard, were the files as long as music is: 80 patches, about five tags a file."""
    tracks = (found for found in scan([folder]) if isinstance(found, Track))
    random = np.random.default_rng(1)
    taggrams = {card.sha256: random.uniform(0, 1, (80, len(card.labels))).astype(np.float16) for card in cards}
    while chunk := list(islice(tracks, 1000)):
        with store.database.transaction():
            for track in chunk:
                audio = payload_digest(track.path)
                for card in cards:
                    store.add(audio, card, _made_up(card, decoder, random), taggrams[card.sha256])


def _made_up(card: ModelCard, decoder: str, random: np.random.Generator) -> Analysis:
    thresholds = np.array([label.balanced.value for label in card.labels])
    scores = np.clip(thresholds * random.lognormal(-1.2, 0.8, len(thresholds)), 0, 1).astype(np.float32)
    return Analysis(
        card.name, card.sha256, dict(zip(card.label_names, scores.tolist(), strict=True)), decoder, "cpu", 240.0
    )


def _encoded(kind: str, seed: int) -> bytes:
    buffer = io.BytesIO()
    noise = (0.3 * np.random.default_rng(seed).uniform(-1, 1, int(0.3 * RATE))).astype(np.float32)
    soundfile.write(buffer, noise, RATE, format=kind)
    return buffer.getvalue()


def _id3(names: tuple[str, str, str], genre: str) -> bytes:
    title, artist, album = names
    tags = ID3()
    for frame in (TIT2(encoding=3, text=title), TPE1(encoding=3, text=artist), TALB(encoding=3, text=album)):
        tags.add(frame)
    if genre:
        tags.add(TCON(encoding=3, text=genre))
    buffer = io.BytesIO()
    tags.save(buffer)
    return buffer.getvalue()


def _flac(seed: int, names: tuple[str, str, str], genre: str) -> bytes:
    buffer = io.BytesIO(_encoded("FLAC", seed))
    file = FLAC(buffer)
    file["title"], file["artist"], file["album"] = names
    if genre:
        file["genre"] = genre
    buffer.seek(0)
    file.save(buffer)
    return buffer.getvalue()


def bare_walk(folder: Path) -> int:
    """Ask for the state of every file below a folder; returns the bytes in them."""
    return sum(os.stat(os.path.join(place, name)).st_size for place, _, names in os.walk(folder) for name in names)  # noqa: PTH116, PTH118
