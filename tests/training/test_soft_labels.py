"""The store of patches and teachers' scores: groups, splits, files that give nothing."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from tagger_core.classifier import Classifier
from tagger_core.domain import FeatureSpec
from tagger_core.model_card import ModelFolder
from tests.small_models import label, write_model
from tests.sounds import noise, write
from training.dataset import DatasetError
from training.soft_labels import SoftLabels, part_of


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path / "music"
    for name, seconds in (("Ann/one/a.wav", 7.0), ("Ann/b.wav", 4.0), ("Bob - c.wav", 4.0), ("Bob - short.wav", 1.0)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write(folder / name, noise(seconds))
    (folder / "Bob - broken.mp3").write_bytes(b"not music")
    return folder


def test_groups_are_folders_or_what_a_name_says(music, tmp_path) -> None:
    store = SoftLabels(tmp_path / "store", FeatureSpec())
    assert [group.name for group in store.listen(music, 600)] == ["Ann", "Bob"]
    ann, bob = store.groups()
    assert [(track.path, track.patches) for track in ann.tracks] == [("Ann/b.wav", 1), ("Ann/one/a.wav", 2)]
    assert ann.spans == [(0, 1), (1, 3)]
    assert [(track.path, track.patches) for track in bob.tracks] == [
        ("Bob - broken.mp3", 0),
        ("Bob - c.wav", 1),
        ("Bob - short.wav", 1),  # repeated, as the program does
    ]
    assert bob.tracks[0].problem
    assert ann.patches.shape == (3, 187, 96)
    assert (ann.music, bob.music) == ("music", "music")
    assert list(store.listen(music, 600)) == []  # nothing is decoded twice


def test_only_the_beginning_of_a_long_track_is_taken(music, tmp_path) -> None:
    store = SoftLabels(tmp_path / "store", FeatureSpec())
    ann, _ = store.listen(music, 3.5)
    assert [track.patches for track in ann.tracks] == [1, 1]


def test_a_teacher_is_asked_once(music, tmp_path) -> None:
    teacher = Classifier(ModelFolder.load(write_model(tmp_path, [label("rock"), label("jazz")], (1, 2), (0, 0))), "cpu")
    store = SoftLabels(tmp_path / "store", FeatureSpec())
    ann, _ = store.listen(music, 600)
    assert store.label(ann, teacher)
    assert not store.label(ann, teacher)
    expected = teacher.scores(np.asarray(ann.patches, np.float32))
    np.testing.assert_allclose(ann.scores(teacher), expected, atol=5e-4)


def test_other_features_need_another_store(tmp_path) -> None:
    SoftLabels(tmp_path, FeatureSpec())
    with pytest.raises(DatasetError, match="other feature settings"):
        SoftLabels(tmp_path, FeatureSpec(n_mels=64))


def test_groups_are_divided_by_name_alone_and_in_the_wanted_shares() -> None:
    parts = Counter(part_of(f"artist {number}", 1, 0.1, 0.2) for number in range(2000))
    assert parts["test"] == pytest.approx(400, abs=60)
    assert parts["valid"] == pytest.approx(200, abs=45)
    assert part_of("artist 7", 1, 0.1, 0.2) == part_of("artist 7", 1, 0.1, 0.2)
    assert len({part_of("artist 7", seed, 0.3, 0.3) for seed in range(20)}) == 3
