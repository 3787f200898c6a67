"""Thousands of small mp3 files: the same second of sound, each with a title, an artist and an album of its own."""

from pathlib import Path

import numpy as np
import soundfile
from mutagen.id3 import ID3, TALB, TIT2, TPE1

RATE = 22_050
TRACKS_PER_ALBUM = 20


def make_files(folder: Path, count: int) -> None:
    """Albums in folders, below ``folder``."""
    clip = folder / "clip.mp3"
    time = np.arange(RATE) / RATE
    soundfile.write(clip, 0.3 * np.sin(2 * np.pi * 440 * time), RATE, format="MP3")
    sound = clip.read_bytes()
    clip.unlink()
    for number in range(count):
        album = folder / f"Artist {number // 100}" / f"Album {number // TRACKS_PER_ALBUM}"
        album.mkdir(parents=True, exist_ok=True)
        file = album / f"{number % TRACKS_PER_ALBUM + 1:02} Song {number}.mp3"
        file.write_bytes(sound)
        names = ID3()
        names.add(TIT2(encoding=3, text=f"Song {number}"))
        names.add(TPE1(encoding=3, text=f"Artist {number // 100}"))
        names.add(TALB(encoding=3, text=f"Album {number // TRACKS_PER_ALBUM}"))
        names.save(file)
