from argparse import Namespace
from pathlib import Path

import numpy as np
import pytest

from tagger_core.errors import SettingsError
from training.composition import TAGS
from training.dataset import Dataset, Labels
from training.labels import MERGE_MAP, merged, most_popular, read_merge_map, run

WORDS = {"female vocals": ("woman", "female"), "harp": ()}


def annotated() -> Labels:
    matrix = np.array([[1, 0, 0, 1, 0], [0, 1, 0, 0, 0], [1, 1, 0, 1, 0]], np.uint8)
    return Labels(("a", "b", "c"), ("woman", "female", "harp", "lol", "rare"), matrix)


def test_a_clip_has_the_merged_tag_if_it_has_any_of_the_words() -> None:
    labels = merged(annotated(), WORDS)
    assert labels.names == ("female vocals", "harp", "lol", "rare")
    assert labels.matrix.tolist() == [[1, 0, 1, 0], [1, 0, 0, 0], [1, 0, 1, 0]]


def test_the_most_popular_come_first_and_clips_without_any_stay() -> None:
    labels = most_popular(merged(annotated(), WORDS), 10)
    assert labels.names == ("female vocals", "lol")  # tags of no clip teach nothing
    assert most_popular(annotated(), 1).names == ("woman",)
    assert most_popular(annotated(), 1).matrix.tolist() == [[1], [0], [1]]


def test_a_word_belongs_to_one_tag(tmp_path: Path) -> None:
    path = tmp_path / "map.toml"
    path.write_text('[merged]\n"a" = ["x"]\n"b" = ["x"]\n')
    with pytest.raises(SettingsError, match='has the word "x" twice'):
        read_merge_map(path)


@pytest.mark.parametrize("text", ["[merged", "[merged]\na = 1\n", "[other]\n", "\xff"])
def test_a_damaged_map_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "map.toml"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(SettingsError, match="is not a map of words"):
        read_merge_map(path)


def test_the_synthetic_tags_are_left_as_they_are() -> None:
    labels = Labels(("1",), TAGS, np.ones((1, len(TAGS)), np.uint8))
    assert merged(labels, read_merge_map()).names == TAGS


def test_the_command_writes_labels_table_and_picture(dataset: Dataset, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(Namespace(dataset=dataset.folder, top=3, map=MERGE_MAP, no_merge=False)) == 0
    labels = Dataset.open(dataset.folder).labels
    assert len(labels.names) == 3
    assert labels.clip_ids == dataset.annotations.clip_ids
    rows = [line.split("\t") for line in (dataset.folder / "labels.tsv").read_text().splitlines()]
    assert rows[0] == ["word", "clips", "tag", "clips_of_tag", "kept"]
    assert [row[2] for row in rows if row[4] == "yes"] == list(labels.names)
    assert (dataset.folder / "labels.png").read_bytes().startswith(b"\x89PNG")
    assert labels.names[0] in capsys.readouterr().out


def test_the_command_refuses_to_keep_nothing(dataset: Dataset) -> None:
    with pytest.raises(SettingsError, match="--top"):
        run(Namespace(dataset=dataset.folder, top=0, map=MERGE_MAP, no_merge=False))
