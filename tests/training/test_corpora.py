"""The recipe of the corpus, and what is made of music without fetching anything."""

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import mido
import numpy as np
import pytest

from tests.sounds import noise, write
from training import corpus
from training.__main__ import main
from training.config import TrainingError
from training.corpora import debian, rendered, scores
from training.corpora.augment import augmented, write_copy
from training.corpora.debian import NO_MUSIC, Package, fetch, packages
from training.corpora.rendered import LONGEST_SECONDS, arranged, render_score
from training.corpora.scores import EXCERPT_QUARTERS, Work, works, write_midi
from training.rendering import SOUNDFONT

with_music21 = pytest.mark.skipif(scores.version() is None, reason="music21 is not installed (extra: corpus)")
with_fluidsynth = pytest.mark.skipif(
    not (shutil.which("fluidsynth") and SOUNDFONT.is_file()),
    reason="FluidSynth or its sounds are not installed (Debian: fluidsynth, fluid-soundfont-gm)",
)


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


@pytest.mark.parametrize("end", [subprocess.TimeoutExpired("fluidsynth", 1), KeyboardInterrupt()])
def test_half_a_rendering_does_not_stay(tmp_path, monkeypatch, end) -> None:
    def interrupted(command: list[str], **_options: object) -> None:
        Path(command[command.index("-F") + 1]).write_bytes(b"half")
        raise end

    monkeypatch.setattr(shutil, "which", lambda name: name)
    monkeypatch.setattr(rendered.subprocess, "run", interrupted)
    with pytest.raises(KeyboardInterrupt if isinstance(end, KeyboardInterrupt) else TrainingError):
        render_score(tmp_path / "a.mid", tmp_path / "out" / "a.flac", Path(__file__))
    assert list((tmp_path / "out").iterdir()) == []


def _programs(midi: mido.MidiFile) -> list[int]:
    """Of the channels, in their order; every channel has one."""
    found = {m.channel: m.program for track in midi.tracks for m in track if m.type == "program_change"}
    assert {m.channel for track in midi.tracks for m in track if m.type == "note_on"} == set(found)
    return [program for _, program in sorted(found.items())]


def _work(composer: str, name: str) -> Work:
    return next(work for work in works()[composer] if work.name == name)


@with_music21
def test_works_belong_to_composers_and_tunes_to_one_folk() -> None:
    composers = works()
    assert {"bach", "monteverdi", "haydn", "joplin", "folk"} <= set(composers)
    assert not set(composers) & (scores.LEFT_OUT | scores.FOLK)
    assert all(len({work.name for work in of_one}) == len(of_one) for of_one in composers.values())
    assert all(work.tune for work in composers["folk"])
    assert len({work.path for work in composers["folk"]}) < len(composers["folk"])
    # Of works in several formats, the one that names the instruments.
    assert {work.path.suffix for work in composers["bach"]} == {".mxl", ".xml"}


@with_music21
@pytest.mark.parametrize(
    ("composer", "name", "programs", "named"),
    [
        ("bach", "bwv66.6", [52] * 4, True),  # voices; a channel each, though they sound alike
        ("haydn", "opus74no1-movement1", [40, 40, 41, 42], True),  # a long one; the file says piano, the page violin
        ("monteverdi", "madrigal.3.2", [52] * 5, True),  # one of them is the Quinto
        ("josquin", "milleRegrets", [0] * 4, False),  # voices as pieces of their own
        ("chopin", "mazurka06-2", [0] * 2, True),  # its repeats have no beginning
        ("folk", "oneills1850-0101-0200-120", [0], False),
    ],
)
def test_a_score_becomes_the_beginning_of_a_midi_file(tmp_path, composer, name, programs, named) -> None:
    assert write_midi(_work(composer, name), tmp_path / "score.mid") is named
    midi = mido.MidiFile(tmp_path / "score.mid")
    assert _programs(midi) == programs
    end = max(sum(m.time for m in track) for track in midi.tracks) / midi.ticks_per_beat
    assert 20 < end < EXCERPT_QUARTERS + 20


@with_music21
def test_a_score_that_cannot_be_read_is_told(tmp_path, capfd) -> None:
    for suffix, content in (
        (".xml", "<score-partwise><part"),
        (".mxl", "no zip"),
        (".krn", "**kern\n*-"),
        (".abc", ""),
    ):
        (tmp_path / f"bad{suffix}").write_text(content)
        with pytest.raises(TrainingError, match=r"music21 makes no music of nobody/bad: .") as told:
            write_midi(Work("nobody", "bad", tmp_path / f"bad{suffix}"), tmp_path / "bad.mid")
        assert "\n" not in str(told.value)
        assert not (tmp_path / "bad.mid").exists()
    assert capfd.readouterr() == ("", "")


def test_scores_in_packages_are_played_as_written_and_otherwise(tmp_path, monkeypatch) -> None:
    package = tmp_path / "music" / "game-data"
    package.mkdir(parents=True)
    track = mido.MidiTrack([mido.Message("program_change", program=5), mido.Message("note_on", note=60)])
    mido.MidiFile(tracks=[track]).save(package / "tune.mid")

    def silent(score: Path, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        score.rename(target)

    monkeypatch.setattr(rendered, "render_score", silent)
    assert main(["corpus", str(tmp_path), "--parts", "rendered"]) == 0
    made = sorted((tmp_path / "rendered" / "game-data").iterdir())
    assert [path.name for path in made] == [f"tune.{number}.flac" for number in range(1 + corpus.ARRANGEMENTS)]
    assert _programs(mido.MidiFile(made[0])) == [5]
    assert len({path.read_bytes() for path in made}) == len(made)


@with_music21
@with_fluidsynth
def test_the_command_plays_scores_and_goes_on(tmp_path, monkeypatch, capsys) -> None:
    (tmp_path / "bad.xml").write_text("no score")
    chosen = {"bach": [_work("bach", "bwv66.6")], "nobody": [Work("nobody", "bad", tmp_path / "bad.xml")]}
    monkeypatch.setattr(scores, "works", lambda: chosen)
    command = ["corpus", str(tmp_path), "--parts", "scores"]
    assert main(command) == 1
    made = sorted((tmp_path / "scores").rglob("*.*"))
    assert [path.name for path in made] == [f"bwv66.6.{number}.flac" for number in range(1 + corpus.ARRANGEMENTS)]
    assert len({path.read_bytes() for path in made}) == len(made)
    told = capsys.readouterr().out
    assert f"scores: 2 works of 2 composers in music21 {scores.version()}\n" in told
    assert "scores: music21 makes no music of nobody/bad: " in told
    assert "1 made, 1 failed" in told
    kept = [path.stat().st_mtime_ns for path in made[:-1]]
    made[-1].unlink()
    del chosen["nobody"]
    assert main(command) == 0
    assert made[-1].exists()
    assert [path.stat().st_mtime_ns for path in made[:-1]] == kept


def test_without_music21_the_other_parts_are_made(tmp_path, monkeypatch, capsys) -> None:
    asked: list[str] = []
    for part in corpus.PARTS:
        monkeypatch.setitem(corpus._JOBS, part, lambda folder, options, part=part: asked.append(part) or [])
    monkeypatch.setattr(scores, "version", lambda: None)
    assert main(["corpus", str(tmp_path)]) == 0
    assert asked == ["music", "rendered", "augmented"]
    assert "scores: left out, because music21 is missing: pip install 'earmark[corpus]'\n" in capsys.readouterr().out


def test_who_asks_for_scores_without_music21_is_refused(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setitem(sys.modules, "music21", None)
    assert main(["corpus", str(tmp_path), "--parts", "scores"]) == 3
    assert "music21 is missing: pip install 'earmark[corpus]'" in capsys.readouterr().err
