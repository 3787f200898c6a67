"""The recipe of the corpus, and what is made of music without fetching anything."""

import re
import shutil
import zipfile
from pathlib import Path

import mido
import numpy as np
import pytest

from tests.sounds import noise, write
from training.__main__ import main
from training.config import TrainingError
from training.corpora import debian
from training.corpora.augment import augmented, write_copy
from training.corpora.debian import NO_MUSIC, Package, fetch, packages
from training.corpora.rendered import LONGEST_SECONDS, arranged


def test_the_recipe_has_every_package_once_with_its_checksum() -> None:
    recipe = packages()
    assert len({package.name for package in recipe}) == len(recipe) > 100
    assert all(re.fullmatch(r"[0-9a-f]{64}", package.sha256) and package.version for package in recipe)
    assert [package.size for package in recipe] == sorted(package.size for package in recipe)


@pytest.mark.parametrize(
    ("path", "music"),
    [
        ("/usr/share/games/wesnoth/music/battle.ogg", True),
        ("/data/public.zip/audio/ambient/wind.ogg", False),
        ("/naev/snd/music/ambient4.ogg", True),
        ("/tracks/intro/nolok_speech.ogg", False),
        ("/data/sounds/Ambience/rain.ogg", False),
    ],
)
def test_effects_and_speech_are_told_from_their_paths(path, music) -> None:
    assert (NO_MUSIC.search(path) is None) is music


def test_a_package_becomes_a_folder_of_its_music(tmp_path, monkeypatch) -> None:
    """dpkg-deb and apt-get are replaced; what is in the package is real."""

    def unpacked(package: Package, folder: Path) -> Path:
        (folder / "made.deb").touch()
        return folder / "made.deb"

    def unpack(command: list[str], folder: Path | None = None) -> None:
        place = Path(command[-1])
        (place / "sfx").mkdir(parents=True)
        write(place / "long.wav", noise(30, seed=1))
        write(place / "same.wav", noise(30, seed=1))
        write(place / "jingle.wav", noise(2))
        write(place / "sfx" / "long.wav", noise(30, seed=2))
        write(place / "member.wav", noise(30, seed=3))
        with zipfile.ZipFile(place / "data.pk3", "w") as archive:
            archive.write(place / "member.wav", "music/inside.wav")
        (place / "member.wav").unlink()
        (place / "notes.txt").write_text("no music")

    monkeypatch.setattr(debian, "_downloaded", unpacked)
    monkeypatch.setattr(debian, "_run", unpack)
    known: set[str] = set()
    assert fetch(Package("game-data", "1", 1, "0" * 64), tmp_path / "music", known) == 2
    names = sorted(path.name.split(".")[0] for path in (tmp_path / "music" / "game-data").iterdir())
    assert names == ["inside", "long"]
    assert len(known) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["music"]


def test_a_package_of_another_content_is_refused(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: name)
    monkeypatch.setattr(debian, "_run", lambda command, folder=None: (folder / "a.deb").write_bytes(b"other"))
    with pytest.raises(TrainingError, match="SHA-256 differs"):
        fetch(Package("a", "1", 1, "0" * 64), tmp_path / "music", set())
    assert list((tmp_path / "music").iterdir()) == []


def test_an_arrangement_has_other_instruments_and_an_end(tmp_path) -> None:
    track = mido.MidiTrack([mido.Message("program_change", channel=0, program=5)])
    for _ in range(200):
        track.append(mido.Message("note_on", channel=0, note=60, velocity=80, time=0))
        track.append(mido.Message("note_off", channel=0, note=60, time=480))
        track.append(mido.Message("note_on", channel=9, note=40, velocity=80, time=480))
    score = tmp_path / "score.mid"
    mido.MidiFile(tracks=[track]).save(score)

    def programs(seed: int | None) -> set[int]:
        arranged(score, tmp_path / "other.mid", seed)
        other = mido.MidiFile(tmp_path / "other.mid")
        assert LONGEST_SECONDS - 2 < other.length <= LONGEST_SECONDS
        silenced = [m for m in other.tracks[0] if m.type == "control_change" and m.control == 120]
        assert len(silenced) == 16  # or FluidSynth would wait for notes that were cut
        return {message.program for message in other.tracks[0] if message.type == "program_change"}

    assert programs(None) == {5}
    several = [programs(seed) for seed in range(6)]
    assert {len(found) > 1 for found in several} == {True, False}
    with pytest.raises(TrainingError, match="no MIDI file"):
        arranged(Path(__file__), tmp_path / "none.mid", 1)


def test_copies_are_the_same_for_the_same_seed_and_never_clip(tmp_path) -> None:
    one, other = (write(tmp_path / f"{seed}.wav", noise(3, seed=seed)).path for seed in (1, 2))
    write_copy(one, other, tmp_path / "a.flac", 5)
    write_copy(one, other, tmp_path / "b.flac", 5)
    write_copy(one, other, tmp_path / "c.flac", 6)
    first, again, third = ((tmp_path / f"{name}.flac").read_bytes() for name in "abc")
    assert first == again != third
    for seed in range(40):  # every change, alone and together
        sound = augmented(noise(1, seed=1), noise(1, seed=2), np.random.default_rng(seed))
        assert sound.dtype == np.float32
        assert 0 < np.abs(sound).max() <= 1


def test_the_command_makes_augmented_copies_and_goes_on(tmp_path, capsys) -> None:
    (tmp_path / "music" / "band").mkdir(parents=True)
    write(tmp_path / "music" / "band" / "song.wav", noise(4))
    assert main(["corpus", str(tmp_path), "--parts", "augmented", "--copies", "2"]) == 0
    made = sorted(path.name for path in (tmp_path / "augmented" / "band").iterdir())
    assert made == ["song.copy0.flac", "song.copy1.flac"]
    assert main(["corpus", str(tmp_path), "--parts", "augmented", "--copies", "2"]) == 0
    assert "0 made, 0 failed" in capsys.readouterr().out
