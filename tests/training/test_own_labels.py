"""``evaluate --labels`` and ``genres``: models judged on a person's own labelled music."""

import json
from pathlib import Path

import mutagen
import numpy as np
import pytest

from tagger_core.errors import ModelError
from tagger_core.vocabulary import Vocabulary
from tests.small_models import label, write_model
from tests.sounds import noise, silence, write
from training.__main__ import main
from training.dataset import DatasetError
from training.genres import genres_of
from training.judging import Heard, judged
from training.labelled_music import read_labelled_music
from training.listeners import listeners, track_tag_scores


@pytest.fixture
def music(tmp_path: Path) -> Path:
    """Two noises and two silences."""
    folder = tmp_path / "music"
    folder.mkdir()
    for number in (1, 2):
        write(folder / f"loud {number}.wav", noise(4, seed=number))
        write(folder / f"still {number}.wav", silence(4) + 1e-4 * noise(4, seed=number))
    return folder


@pytest.fixture
def ears(tmp_path: Path) -> str:
    """Noise is rock and loud to it, silence is hip hop."""
    labels = [label("rock"), label("hip hop"), label("loud", "mood")]
    return str(write_model(tmp_path, labels, (2, -2, 1), (-2, 2, -2), name="ears"))


def table(folder: Path, *lines: str) -> Path:
    path = folder / "labels.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_models_side_by_side_with_what_could_not_be_judged(tmp_path, music, ears, capsys) -> None:
    deaf = str(write_model(tmp_path, [label("rock")], (-2,), (2,), name="deaf"))
    (music / "broken.wav").write_text("no sound")
    labels = table(
        music,
        "path,tags",
        "loud 1.wav,Rock;bagpipe",
        "loud 2.wav,rock",
        "still 1.wav,Hip-Hop",
        f"{music / 'still 2.wav'},HIP HOP",
        "gone.wav,rock",
        "broken.wav,rock",
    )
    output = tmp_path / "report"
    assert main(["evaluate", ears, deaf, "--labels", str(labels), "--output", str(output), "--resamples", "20"]) == 1
    told = capsys.readouterr()
    assert [line.split(":")[0] for line in told.err.splitlines()] == ["left out"] * 2
    assert "gone.wav" in told.err
    assert "4 tracks, 2 tags; 2 left out" in told.out
    assert "no model knows: bagpipe" in told.out
    rows = {line.split()[0]: line.split()[1:] for line in told.out.splitlines() if line}
    assert rows["Rock"][:2] == ["2", "1.000"]
    assert rows["Rock"][5] == "0.000"
    assert rows["Hip-Hop"][-1] == "-"
    summary = json.loads((output / "summary.json").read_text())
    assert summary["deaf"]["ROC-AUC"] == 0
    assert summary["ears"]["tags"] == ["Rock"]
    header, _, rock = (output / "tags.tsv").read_text().splitlines()
    assert dict(zip(header.split("\t"), rock.split("\t"), strict=True))["ears roc_auc"] == "1"


def test_a_column_for_each_tag_means_the_same(music, ears, capsys) -> None:
    rows = ("loud 1.wav;1;0", "loud 2.wav;yes;", "still 1.wav;0;1", "still 2.wav;0;1")
    assert main(["evaluate", ears, "--labels", str(table(music, "path;rock;hiphop", *rows)), "--resamples", "0"]) == 0
    assert ["mean", "of", "2", "1.0000", "1.0000"] in [line.split() for line in capsys.readouterr().out.splitlines()]


def test_rows_that_make_no_sense_are_told_and_left_out(tmp_path) -> None:
    lines = ("path,artist,rock", "a.mp3,X,1", "b.mp3,Y,perhaps", ",X,1", "a.mp3,X,0", "c.mp3,Z", "/d.mp3,,0")
    found = read_labelled_music(table(tmp_path, *lines))
    assert [(track.path, track.group, track.words) for track in found.tracks] == [
        (tmp_path / "a.mp3", "X", {"rock"}),
        (Path("/d.mp3"), "/", set()),
    ]
    assert [problem.split(":")[0] for problem in found.problems] == ["line 3", "line 4", "line 5", "line 6"]
    assert "'perhaps' in the column rock" in found.problems[0]


@pytest.mark.parametrize(
    "content", ["", "file,tags\na,b\n", "path\na\n", 'path,tags\n"a,b\n', "path,rock,rock\na,1,1\n"]
)
def test_a_table_that_makes_no_sense_is_one_sentence(tmp_path, content, capsys) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(content)
    with pytest.raises(DatasetError):
        read_labelled_music(path)
    assert main(["evaluate", "fast", "--labels", str(path)]) == 3
    assert capsys.readouterr().err.count("\n") == 1


def test_nothing_to_judge_is_said(music, ears, capsys) -> None:
    assert main(["evaluate", ears, "--labels", str(table(music, "path,tags", "loud 1.wav,rock"))]) == 2
    assert "nothing to judge" in capsys.readouterr().err
    assert main(["evaluate", ears, "--labels", str(table(music, "path,tags", "gone.wav,rock"))]) == 3
    assert "no track that could be heard" in capsys.readouterr().err
    with pytest.raises(ModelError, match="there is no model named"):
        listeners(["nobody"])


def test_together_teachers_are_averaged_and_others_vote(tmp_path, music, ears) -> None:
    second = str(
        write_model(tmp_path, [label("rock"), label("hip hop"), label("loud")], (0, 0, 0), (0, 0, 0), "second")
    )
    other = str(write_model(tmp_path, [label("rock")], (0,), (0,), "other"))
    alone, averaged, voting = track_tag_scores(
        music / "loud 1.wav", listeners([ears, f"{ears}+{second}", f"{ears}+{other}"])
    )
    rock = listeners([ears])[0].tags.index("Rock")
    logit = np.log(alone[rock] / (1 - alone[rock]))
    assert averaged[rock] == pytest.approx(1 / (1 + np.exp(-logit / 2)), rel=1e-3)
    assert voting[rock] == pytest.approx((alone[rock] + 0.5) / 2, rel=1e-3)


def test_intervals_of_differences_are_of_the_same_draws() -> None:
    """Two listeners that are noisy in the same way differ by less than either's own interval."""
    generator = np.random.default_rng(0)
    truth = generator.random((80, 2)) < 0.4
    scores = np.clip(0.4 * truth + 0.6 * generator.random((80, 2)), 0, 1)
    thresholds = {profile: np.full(2, value) for profile, value in (("strict", 0.7), ("balanced", 0.5))}
    groups = np.arange(80).astype(str)
    one, other = (Heard(name, scores + shift, thresholds) for name, shift in (("one", 0.0), ("other", 1e-9)))
    first, second = judged(truth, groups, [one, other], 40)
    assert first.behind is None
    assert second.behind == pytest.approx((0, 0), abs=1e-9)
    assert first.interval is not None
    assert first.interval[0] < first.macro_roc_auc < first.interval[1]
    assert first.mean(first.decided["strict"].recall) < first.mean(first.decided["balanced"].recall)


def test_the_head_of_a_genre_counts() -> None:
    found = genres_of(("Death Metal", "Rock/Synth Pop", "Game Soundtrack", "heavy metal", "Piano"), Vocabulary())
    assert found == ("Metal", "Rock", "Pop", "Heavy Metal")


def test_genres_of_files_are_a_table_for_evaluate(tmp_path, music, ears, capsys) -> None:
    for name, genre in (("a.flac", "Progressive Hip Hop"), ("b.flac", "Rock"), ("c.flac", "Other")):
        write(tmp_path / name, noise(3) if genre == "Rock" else silence(3) + 1e-4 * noise(3))
        file = mutagen.File(tmp_path / name)
        file["genre"] = genre
        file.save()
    files = [str(tmp_path / f"{name}.flac") for name in "abc"]
    assert main(["genres", *files]) == 0
    told = capsys.readouterr()
    assert told.out.splitlines() == ["path,tags", f"{files[0]},Hip-Hop", f"{files[1]},Rock"]
    assert "2 files with a genre that Earmark knows, 1 without" in told.err
    labels = table(tmp_path, *told.out.splitlines())
    assert main(["evaluate", ears, "--labels", str(labels), "--resamples", "0"]) == 0
    assert ["mean", "of", "2", "1.0000", "1.0000"] in [line.split() for line in capsys.readouterr().out.splitlines()]
    assert main(["genres", str(music)]) == 3
