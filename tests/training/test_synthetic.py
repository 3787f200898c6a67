"""The synthetic collection: labels true by construction, held-out programs for the test, the same for the same seed."""

import csv
from argparse import Namespace
from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile

from tagger_core.errors import SettingsError
from training.composition import DRUMS, KITS, PROGRAMS, TAGS, Note, Part, Piece, compose
from training.dataset import DatasetError
from training.magnatagatune import ANNOTATIONS, CLIP_INFO, count_problems, read_annotations, read_clip_info
from training.rendering import RATE, RenderError, Samples, fluidsynth_renderer, numpy_renderer, to_midi
from training.synthetic import make, plan, run

PIECES = [compose(np.random.default_rng(seed), 4.0, held_out=bool(seed % 2)) for seed in range(60)]
TUNE = (Note(0, 0.5, 60, 100), Note(0.5, 0.5, 64, 100), Note(1, 1, 67, 100))


def solo(label: str, program: int) -> Piece:
    notes = tuple(note._replace(pitch=42) for note in TUNE) if label == DRUMS else TUNE
    return Piece(2.0, (Part(label, program, notes),), -20.0, frozenset({label}))


@pytest.mark.parametrize("piece", PIECES[:20])
def test_the_tags_say_what_is_played(piece: Piece) -> None:
    instruments = [part.label for part in piece.parts if part.label != DRUMS]
    assert set(instruments) == piece.tags & set(PROGRAMS)
    assert (DRUMS in piece.tags) == any(part.label == DRUMS for part in piece.parts) != ("no drums" in piece.tags)
    assert ("solo" in piece.tags) == (len(piece.parts) == 1)
    assert ("ensemble" in piece.tags) == (len(instruments) > 2)
    assert not {"fast", "slow"} <= piece.tags
    assert not {"loud", "quiet"} <= piece.tags
    assert piece.tags <= set(TAGS)
    for part in piece.parts:
        assert part.notes
        assert all(0 <= note.start < piece.seconds and 0 < note.velocity < 128 for note in part.notes)


def test_fast_music_has_more_onsets_than_slow_music() -> None:
    def onsets(tag: str) -> float:
        melodies = [part for piece in PIECES if tag in piece.tags for part in piece.parts if part.label != DRUMS]
        return float(np.mean([len({note.start for note in part.notes}) for part in melodies]))

    assert onsets("fast") > 3 * onsets("slow")


def test_test_folders_play_programs_that_no_other_folder_plays() -> None:
    played: dict[bool, set[tuple[str, int]]] = {True: set(), False: set()}
    for clip in plan(200, 2.0, 1):
        played[clip.folder in "def"] |= {(part.label, part.program) for part in clip.piece.parts}
    assert not played[True] & played[False]
    assert {label for label, _ in played[True]} == {label for label, _ in played[False]} == {*PROGRAMS, DRUMS}
    for programs in (*PROGRAMS.values(), KITS):
        assert not set(programs.learn) & set(programs.held_out)


def test_the_collection_has_the_layout_of_magnatagatune(source: Path) -> None:
    annotations = read_annotations(source / ANNOTATIONS)
    infos = read_clip_info(source / CLIP_INFO)
    assert list(count_problems(annotations.labels, infos)) == []
    assert {path[0] for path in annotations.paths.values()} == set("0123456789abcdef")
    with (source / CLIP_INFO).open(newline="") as file:
        assert file.readline().startswith(
            '"clip_id"\t"track_number"\t"title"\t"artist"\t"album"\t"url"\t"segmentStart"'
        )
        file.seek(0)
        assert {row["mp3_path"] for row in csv.DictReader(file, delimiter="\t")} == set(annotations.paths.values())
    sound = soundfile.info(source / next(iter(annotations.paths.values())))
    assert (sound.format, sound.samplerate, sound.channels) == ("MP3", RATE, 1)


def test_the_same_seed_gives_the_same_collection(tmp_path: Path) -> None:
    for name, seed in (("one", 5), ("same", 5), ("other", 6)):
        make(tmp_path / name, 16, 1.0, seed, "numpy")
    contents = {
        name: {path.name: path.read_bytes() for path in (tmp_path / name).rglob("*.*")}
        for name in ("one", "same", "other")
    }
    assert contents["one"] == contents["same"]
    assert contents["one"] != contents["other"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "other", "same"]


def test_an_interrupted_rendering_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rendered = []

    def tired(piece: Piece) -> Samples:
        rendered.append(piece)
        if len(rendered) == 5:
            raise KeyboardInterrupt
        return numpy_renderer(piece)

    monkeypatch.setattr("training.synthetic._PLAYERS", 1)
    monkeypatch.setattr("training.rendering.numpy_renderer", tired)
    with pytest.raises(KeyboardInterrupt):
        make(tmp_path / "out", 16, 1.0, 1, "numpy")
    assert not (tmp_path / "out").exists()
    make(tmp_path / "out", 16, 1.0, 1, "numpy")
    assert len(rendered) == 5 + 12  # the fifth again, and those after it
    assert len(list((tmp_path / "out").glob("?/*.mp3"))) == 16


@pytest.mark.parametrize("label", [*PROGRAMS, DRUMS])
def test_numpy_instruments_sound_at_the_wanted_level_and_differ_by_program(label: str) -> None:
    programs = KITS if label == DRUMS else PROGRAMS[label]
    one, other = (numpy_renderer(solo(label, program)) for program in (programs.learn[0], programs.held_out[0]))
    assert one.dtype == np.float32
    assert one.shape == (2 * RATE,)
    assert 10 * np.log10(np.mean(one**2)) == pytest.approx(-20, abs=2)  # bent peaks cost a little
    assert np.abs(one).max() < 1
    assert not np.allclose(one, other, atol=1e-2)
    assert np.array_equal(one, numpy_renderer(solo(label, programs.learn[0])))


def test_the_midi_file_holds_the_notes(tmp_path: Path) -> None:
    piece = Piece(2.0, (Part("flute", 73, TUNE), Part(DRUMS, 16, TUNE)), -20.0, frozenset())
    to_midi(piece, tmp_path / "piece.mid")
    file = mido.MidiFile(tmp_path / "piece.mid")
    assert file.length == pytest.approx(2.0, abs=0.01)
    assert [track[0].program for track in file.tracks] == [73, 16]
    assert [message.channel for track in file.tracks for message in track[:1]] == [0, 9]
    starts = []
    now = 0.0
    for message in file:
        now += message.time
        if message.type == "note_on" and message.channel == 0:
            starts.append((round(now, 2), message.note))
    assert starts == [(0.0, 60), (0.5, 64), (1.0, 67)]


def test_fluidsynth_plays_the_piece() -> None:
    render = fluidsynth_renderer()
    if render is None:
        pytest.skip("FluidSynth or its sounds are not installed (Debian: fluidsynth, fluid-soundfont-gm)")
    sound = render(solo("piano", 0))
    assert sound.shape == (2 * RATE,)
    assert 10 * np.log10(np.mean(sound**2)) == pytest.approx(-20, abs=1)


def test_a_folder_is_never_overwritten_and_no_collection_too_small(source: Path, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="exists already"):
        make(source, 16, 1.0, 1, "numpy")
    with pytest.raises(SettingsError, match="at least 16 clips"):
        run(Namespace(source=tmp_path / "x", clips=3, seconds=1.0, seed=1, sound="numpy"))


def test_a_missing_fluidsynth_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(RenderError, match="FluidSynth or its sounds are missing"):
        make(tmp_path / "out", 16, 1.0, 1, "fluidsynth")
    assert make(tmp_path / "auto", 16, 1.0, 1, "auto") == "numpy"
