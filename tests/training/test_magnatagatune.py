"""The tables: what is wrong with them is told, and the originals give the published numbers."""

import csv
import gzip
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from tagger_core.model_card import ModelFolder, shipped_models
from training.dataset import PARTS, DatasetError, Labels
from training.golden_outputs import REPOSITORY
from training.labels import merged, most_popular, read_merge_map
from training.magnatagatune import (
    ANNOTATIONS,
    CLIP_INFO,
    Annotations,
    ClipInfo,
    artist_split,
    count_problems,
    folder_split,
    popular,
    read_annotations,
    read_clip_info,
    top_split,
)

MTAT = REPOSITORY.parent / "shared" / "data" / "mtat"
GOOD = ("clip_id\tguitar\tslow\tmp3_path", "7\t1\t0\t0/a.mp3", "8\t0\t0\tf/b.mp3")


def table(folder: Path, *lines: str) -> Path:
    path = folder / ANNOTATIONS
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def test_a_table_of_annotations_is_read(tmp_path: Path) -> None:
    annotations = read_annotations(table(tmp_path, *GOOD))
    assert annotations.labels.names == ("guitar", "slow")
    assert annotations.labels.matrix.tolist() == [[1, 0], [0, 0]]
    assert annotations.paths == {"7": "0/a.mp3", "8": "f/b.mp3"}


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (("clip\tguitar\tmp3_path",), 'no column "clip_id"'),
        (("clip_id,guitar,mp3_path",), "tab-separated"),
        (("clip_id\tmp3_path",), "each tag once"),
        (("clip_id\tharp\tharp\tmp3_path",), "each tag once"),
        (GOOD[:1], "lists no clips"),
        ((*GOOD, "9\t1"), "line 4 has 2 columns instead of 4"),
        ((*GOOD, GOOD[1]), "line 4 repeats the clip 7"),
        ((*GOOD, "9\t1\tyes\t0/c.mp3"), "line 4 holds 'yes'"),
        ((*GOOD, "9\t1\t1\t../../etc/passwd"), "line 4 has the mp3_path"),
        ((), 'no column "clip_id"'),
    ],
)
def test_what_is_wrong_with_a_table_is_told(tmp_path: Path, lines: tuple[str, ...], told: str) -> None:
    with pytest.raises(DatasetError, match=told):
        read_annotations(table(tmp_path, *lines))


def test_a_missing_or_unreadable_table_is_told(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="is missing; download it"):
        read_annotations(tmp_path / ANNOTATIONS)
    (tmp_path / CLIP_INFO).write_bytes(b'"clip_id"\t"artist"\t"album"\n"1"\t"\xff"\t""\n')
    with pytest.raises(DatasetError, match="cannot be read as a table"):
        read_clip_info(tmp_path / CLIP_INFO)


def test_artists_are_never_divided_and_shares_are_met() -> None:
    generator = np.random.default_rng(3)
    artist_of = {str(clip): f"artist {generator.integers(40)}" for clip in range(1000)}
    labels = Labels(tuple(artist_of), ("a", "b"), (generator.random((1000, 2)) < 0.3).astype(np.uint8))
    split = artist_split(labels, artist_of, artist_of)
    parts_of = {
        artist: {split[clip] for clip in artist_of if artist_of[clip] == artist} for artist in artist_of.values()
    }
    assert all(len(parts) == 1 for parts in parts_of.values())
    assert Counter(split.values())["train"] == pytest.approx(720, abs=40)
    assert split == artist_split(labels, artist_of, artist_of)


def test_tables_that_do_not_fit_together_are_told() -> None:
    labels = Labels(("1", "2"), ("harp",), np.ones((2, 1), np.uint8))
    assert list(count_problems(labels, {"1": ClipInfo("", "")})) == [f"{CLIP_INFO} lacks 1 annotated clips, first 2"]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The original tables, as distributed."""
    if not MTAT.is_dir():
        pytest.skip("the MagnaTagATune tables are not beside the repository (../shared/data/mtat)")
    folder = tmp_path_factory.mktemp("mtat")
    for name in (ANNOTATIONS, CLIP_INFO):
        with gzip.open(MTAT / f"{name}.gz") as packed, (folder / name).open("wb") as plain:
            shutil.copyfileobj(packed, plain)
    return folder


@pytest.fixture(scope="module")
def annotations(original: Path) -> Annotations:
    return read_annotations(original / ANNOTATIONS)


@pytest.fixture(scope="module")
def published_splits(original: Path) -> list[dict[str, str]]:
    with gzip.open(MTAT / "splits.tsv.gz", "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def test_the_originals_have_no_count_problems(original: Path, annotations: Annotations) -> None:
    infos = read_clip_info(original / CLIP_INFO)
    assert list(count_problems(annotations.labels, infos)) == []
    assert (~annotations.labels.matrix.any(axis=1)).sum() == 4221
    cut = Labels(annotations.labels.clip_ids[:-5], annotations.labels.names, annotations.labels.matrix[:-5])
    assert list(count_problems(cut, infos)) == [
        f"{ANNOTATIONS} has 25858 clips, MagnaTagATune has 25863; download it again"
    ]


def test_the_standard_splits_are_the_published_ones(
    annotations: Annotations, published_splits: list[dict[str, str]]
) -> None:
    by_folder, by_top = folder_split(annotations.paths), top_split(annotations)
    assert Counter(by_folder.values()) == {"train": 18_706, "valid": 1_825, "test": 5_329}
    assert Counter(by_top.values()) == {"train": 15_244, "valid": 1_529, "test": 4_332}
    assert by_folder == {row["clip_id"]: row["split_all"] for row in published_splits if row["split_all"] in PARTS}
    assert by_top == {row["clip_id"]: row["split_top50"] for row in published_splits if row["split_top50"]}


def test_our_own_split_parts_the_artists_and_has_every_tag_everywhere(original: Path, annotations: Annotations) -> None:
    artists = {clip_id: info.artist for clip_id, info in read_clip_info(original / CLIP_INFO).items()}
    labels = annotations.labels
    split = artist_split(labels, artists, folder_split(annotations.paths).keys())
    artists_of = {part: {artists[clip] for clip in split if split[clip] == part} for part in PARTS}
    assert not artists_of["train"] & artists_of["test"]
    assert not artists_of["valid"] & (artists_of["train"] | artists_of["test"])
    assert Counter(split.values()) == {"train": 18_547, "valid": 2_055, "test": 5_258}
    for part in PARTS:
        clips = [clip for clip in split if split[clip] == part]
        assert labels.rows(clips)[:, popular(labels, 50)].sum(axis=0).min() >= 14


def test_unmerged_the_most_popular_tags_are_those_of_the_published_networks(annotations: Annotations) -> None:
    labels = most_popular(merged(annotations.labels, {}), 50)
    published = ModelFolder.load(shipped_models() / "magnatagatune").card.label_names
    assert set(labels.names) == set(published)
    assert labels.names[:28] == published[:28]  # of tags with as many clips as another, the order is open
    assert labels.counts()["guitar"] == 4852
    assert labels.counts()["choral"] == 490


def test_merging_gives_these_numbers_of_clips(annotations: Annotations) -> None:
    assert len(annotations.labels.names) == 188
    assert int(annotations.labels.matrix.sum()) == sum(annotations.labels.counts().values())
    labels = merged(annotations.labels, read_merge_map())
    counts = labels.counts()
    assert len(counts) == 126
    wanted = {
        "classical": 4358,
        "vocals": 3289,
        "drums": 2698,
        "electronic": 2680,
        "no vocals": 2550,
        "male vocals": 2169,
        "beat": 2123,
        "female vocals": 2073,
        "violin": 1907,
        "harpsichord": 1123,
        "choir": 830,
        "hard rock": 274,
        "no drums": 166,
    }
    assert {tag: counts[tag] for tag in wanted} == wanted
    fifty = most_popular(labels, 50)
    assert fifty.names[:5] == ("guitar", "classical", "slow", "vocals", "techno")
    assert fifty.names[-1] == "funk"
    assert min(fifty.counts().values()) == 243


def test_the_merge_map_covers_every_tag_once(annotations: Annotations) -> None:
    words = read_merge_map()
    assert sorted(word for name, others in words.items() for word in (name, *others)) == sorted(
        annotations.labels.names
    )
