"""``distill``: teachers label music, a student learns it, a model folder comes out; interrupted and gone on with."""

import re
import shutil
from pathlib import Path

import msgspec
import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="TensorFlow is not installed (extra: training)")

from tagger_core.classifier import Classifier
from tagger_core.model_card import ModelFolder
from tests.small_models import label, write_model
from training import mixing
from training.__main__ import main
from training.architectures import MTT_VGG_POOLS
from training.compact_architectures import compact_vgg
from training.distill_config import Distillation
from training.distill_material import Material, followed_teachers, tag_sets_of
from training.distiller import Check, Run, label_weights
from training.golden_outputs import CLIPS, REPOSITORY
from training.soft_labels import SoftLabels
from training.soft_targets import averaged
from training.students import heads, in_bfloat16, starting_network

SETTINGS = """
seed = 3
split_seed = 5
valid_share = 0.25
test_share = 0.25
longest_seconds = 12
calibration_patches = 8
steps = {steps}
batch_size = 4
learning_rate = 3e-3
steps_between_checks = 4
mixed_patches = 12
precision = "bfloat16"
[card]
title = "A student"
[[trunks]]
kind = "vgg"
tag_set = "ears"
start = "scratch"
first = 4
ranks = [[4, 4], [4, 4], [4, 4], [4, 4]]
[[trunks]]
kind = "vgg"
tag_set = "ears"
teacher = "more-ears"
start = "scratch"
first = 4
ranks = [[4, 4], [4, 4], [4, 4], [4, 4]]
[[trunks]]
kind = "vgg"
tag_set = "moods"
start = "scratch"
first = 4
ranks = [[4, 4], [4, 4], [4, 4], [4, 4]]
"""


@pytest.fixture
def teachers(tmp_path: Path) -> list[str]:
    """Two that know instruments, one that knows moods; "rock" is in both sets."""
    instruments = [label("guitar", "instrument"), label("rock")]
    moods = [label("rock", thresholds=(0.6, 0.4, 0.2)), label("calm", "mood"), label("loud", "mood")]
    folders = [
        write_model(tmp_path / "teachers", instruments, (2, -1), (-3, 1), name="ears"),
        write_model(tmp_path / "teachers", instruments, (3, -2), (-4, 2), name="more-ears"),
        write_model(tmp_path / "teachers", moods, (1, -2, 2), (-2, 2, -2), name="moods"),
    ]
    return [str(folder) for folder in folders]


def command(tmp_path: Path, teachers: list[str], steps: int, *more: str) -> list[str]:
    settings = tmp_path / "settings.toml"
    settings.write_text(SETTINGS.format(steps=steps))
    return [
        "distill",
        str(tmp_path / "run"),
        *("--music", str(CLIPS), "--store", str(tmp_path / "store"), "--config", str(settings)),
        *("--teachers", *teachers, *more),
    ]


def test_from_music_to_a_model_folder_with_an_interruption(tmp_path, teachers, capsys, monkeypatch) -> None:
    monkeypatch.setattr(mixing, "GROUP_PATCHES", 8)
    assert main(command(tmp_path, teachers, 4, "--only-label")) == 0
    first = capsys.readouterr().out
    assert first.count("ears has heard") == 2 * first.count("moods has heard")
    assert first.count("has heard mixed") == 2 * len(teachers)

    assert main(command(tmp_path, teachers, 4)) == 0
    assert "has heard" not in capsys.readouterr().out  # nothing is labelled twice
    assert main(command(tmp_path, teachers, 8, "--model", str(tmp_path / "student"))) == 0

    checks = msgspec.json.decode((tmp_path / "run" / "checks.json").read_bytes(), type=list[Check])
    assert [check.step for check in checks] == [0, 4, 8]
    card = ModelFolder.load(tmp_path / "student").card
    assert card.label_names == ("guitar", "rock (ears)", "rock (moods)", "calm", "loud")
    assert [each.tag_set for each in card.labels] == ["ears", "ears", "moods", "moods", "moods"]
    scores = Classifier(ModelFolder.load(tmp_path / "student"), "cpu").scores(np.zeros((2, 187, 96), np.float32))
    assert scores.shape == (2, 5)
    assert "tag_set" in (tmp_path / "student" / "settings.toml").read_text()
    assert any("16 mixed patches" in source for source in card.datasets)

    again = command(tmp_path, teachers, 8, "--model", str(tmp_path / "whole"))
    (tmp_path / "settings.toml").write_text("int8 = true\n" + (tmp_path / "settings.toml").read_text())
    assert main(again) == 0
    whole = ModelFolder.load(tmp_path / "whole")
    assert any("whole numbers" in source for source in whole.card.datasets)
    assert not any("whole numbers" in source for source in card.datasets)
    patches = np.random.default_rng(0).random((8, 187, 96), np.float32)
    one, other = (Classifier(ModelFolder.load(tmp_path / name), "cpu").scores(patches) for name in ("student", "whole"))
    assert 0 < np.abs(one - other).max() < 0.05


def test_copies_are_learned_but_not_judged_by(tmp_path, teachers, capsys) -> None:
    def groups(*more: str) -> dict[str, int]:
        assert main(command(tmp_path, teachers, 4, *more)) == 0
        told = re.findall(r"^(train|valid|test): (\d+) groups", capsys.readouterr().out, re.MULTILINE)
        return {part: int(number) for part, number in told}

    alone = groups()
    copies = shutil.copytree(CLIPS, tmp_path / "copies")
    (tmp_path / "run" / "checkpoint.npz").unlink()
    assert groups("--copies", str(copies)) == {**alone, "train": 2 * alone["train"]}


def test_settings_that_do_not_fit_are_refused(tmp_path, teachers, capsys) -> None:
    assert main(command(tmp_path, teachers[:2], 4)) == 2
    assert "trunks for ears, moods, the teachers are ears" in capsys.readouterr().err
    assert (
        main(["distill", str(tmp_path / "none"), "--music", str(CLIPS), "--store", "s", "--teachers", *teachers]) == 2
    )
    assert "--config" in capsys.readouterr().err


def test_a_set_begins_as_the_mean_of_its_trunks_and_listens_to_the_others_in_time(tmp_path, teachers) -> None:
    assert main(command(tmp_path, teachers, 4, "--only-label")) == 0
    settings = Distillation.load(tmp_path / "settings.toml")
    tag_sets = tag_sets_of(settings, [Path(teacher) for teacher in teachers])
    followed = followed_teachers(settings, tag_sets)
    assert [teacher.card.name for teacher in followed] == ["more-ears"]
    groups = SoftLabels(tmp_path / "store", tag_sets[0].teachers[0].card.features).groups()
    material = Material.of(groups, tag_sets, followed)
    assert material.labels == 5
    assert material.track_targets().shape[1] == 5
    np.testing.assert_array_equal(material.targets[0][:, 5:], np.asarray(groups[0].scores(followed[0]), np.float32))

    patches, _ = material.batch(np.random.default_rng(0), 4)
    network = starting_network(settings, tag_sets, patches)
    said = np.asarray(network(patches))
    np.testing.assert_array_equal(np.asarray(heads(network)(patches)), said[:, :5])
    trunks = {name: np.asarray(network.get_layer(name)(patches)) for name in ("trunk1", "trunk2", "trunk3")}
    _, bias = network.get_layer("alone2").get_weights()
    assert said.shape == (4, 5 + len(bias)), "behind the tags comes what the second trunk says by itself"

    features = np.concatenate(list(trunks.values()), axis=1)
    first, moods = (network.get_layer(name).get_weights()[0] for name in ("head1", "head2"))
    alone = network.get_layer("alone2").get_weights()[0]
    start = trunks["trunk1"].shape[1]
    end = start + trunks["trunk2"].shape[1]
    np.testing.assert_allclose(first[start:end], alone / 2, rtol=1e-6)
    assert first[:start].any()
    first_bias = network.get_layer("head1").get_weights()[1]
    np.testing.assert_allclose(said[:, :2], features[:, :end] @ first[:end] + first_bias, rtol=0, atol=1e-5)
    assert not first[end:].any()
    assert not moods[:end].any()
    assert moods[end:].any()
    np.testing.assert_allclose(
        said[:, 2:5], features[:, end:] @ moods[end:] + network.get_layer("head2").get_weights()[1], rtol=0, atol=1e-5
    )

    settings = msgspec.structs.replace(settings, steps=4, precision="float32")
    run = Run(tmp_path / "listening", settings, tag_sets, material)
    (tmp_path / "listening").mkdir()
    run.train(material, 0, lambda check: None)
    first, moods = (run.student.get_layer(name).get_weights()[0] for name in ("head1", "head2"))
    assert first[end:].any()
    assert moods[:end].any()


def test_what_a_trunk_follows_alone_is_learned_too(tmp_path, teachers) -> None:
    """With the set's mean held by the trunks together, each could be anything; followed, it is its teacher."""
    assert main(command(tmp_path, teachers, 4, "--only-label")) == 0
    settings = Distillation.load(tmp_path / "settings.toml")
    settings = msgspec.structs.replace(settings, steps=60, steps_between_checks=60, precision="float32")
    tag_sets = tag_sets_of(settings, [Path(teacher) for teacher in teachers])
    followed = followed_teachers(settings, tag_sets)
    store = SoftLabels(tmp_path / "store", tag_sets[0].teachers[0].card.features)
    material = Material.of(store.groups(), tag_sets, followed)
    run = Run(tmp_path / "followed", settings, tag_sets, material)
    patches, wanted = material.batch(np.random.default_rng(0), 16)

    def error() -> float:
        alone = np.asarray(run.learner(patches))[:, 5:]
        return float(np.abs(1 / (1 + np.exp(-alone)) - wanted[:, 5:]).mean())

    (tmp_path / "followed").mkdir()
    before = error()
    run.train(material, 0, lambda check: None)
    assert error() < 0.5 * before


def test_a_trunk_follows_only_a_teacher_of_its_set(tmp_path, teachers, capsys) -> None:
    wrong = command(tmp_path, teachers, 4)
    text = (tmp_path / "settings.toml").read_text()
    (tmp_path / "settings.toml").write_text(text.replace('"more-ears"', '"moods"'))
    assert main(wrong) == 2
    assert "follows moods, but the teachers of ears are ears, more-ears" in capsys.readouterr().err


def test_teachers_are_averaged_in_the_logit_domain() -> None:
    certain, doubtful = np.array([[0.9, 0.2]], np.float32), np.array([[0.5, 0.2]], np.float32)
    np.testing.assert_allclose(averaged([certain, doubtful]), [[0.75, 0.2]], rtol=1e-5)


def test_in_bfloat16_a_student_is_nearly_the_same_and_its_weights_are_not_rounded() -> None:
    student = compact_vgg(MTT_VGG_POOLS, 4, ((4, 4),) * 4, (16,) * 4, 3, 1.0, 0.0)
    rounded = in_bfloat16(student)
    patches = np.random.default_rng(1).random((2, 187, 96), np.float32)
    expected, found = np.asarray(student(patches)), np.asarray(rounded(patches))
    assert found.dtype == np.float32
    assert 0 < np.abs(found - expected).max() < 0.2 * np.abs(expected).max()
    for one, other in zip(rounded.get_weights(), student.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_labels_that_hardly_vary_weigh_more() -> None:
    targets = [np.array([[0.0, 0.1], [1.0, 0.12]], np.float32)]
    assert label_weights(targets, 0.0).tolist() == [1, 1]
    weights = label_weights(targets, 0.5)
    assert weights[1] / weights[0] == pytest.approx(np.sqrt(0.5 / 0.01), rel=1e-3)
    assert weights.mean() == pytest.approx(1)


def test_the_settings_of_the_shipped_student_are_those_in_its_folder() -> None:
    described = Distillation.load(REPOSITORY / "training" / "distillations" / "earmark_fast.toml")
    shipped = Distillation.load(REPOSITORY / "models" / "earmark-fast" / "settings.toml")
    assert described == shipped
