"""Maps of tags: what lies together, the files for the window, the page and TensorBoard, and the map that ships."""

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread
from sklearn.manifold import trustworthiness

from tagger_core.model_card import ModelFolder, model_folders, shipped_models
from training.__main__ import main
from training.dataset import Labels, write_dataset
from training.tag_layout import TagMap, TagmapError, cohesion, embed
from training.tagmap import ORIGINAL_CLUSTERS, model_tags, write_map
from training.tagmap_plot import draw
from training.word_vectors import Floats, TagVectors

SHIPPED_MAP = shipped_models() / "tagmap.json"


@pytest.fixture(scope="module")
def table() -> TagVectors:
    return TagVectors.load()


def vectors_of(table: TagVectors, tags: tuple[str, ...]) -> dict[str, Floats]:
    found = {tag: table.vector(tag) for tag in tags}
    return {tag: vector for tag, vector in found.items() if vector is not None}


def three_bundles() -> dict[str, Floats]:
    """Tags whose vectors point in three directions, four of each, in turn."""
    random = np.random.default_rng(0)
    directions = np.eye(3, 20) * 10
    return {f"tag {i}": (directions[i % 3] + random.normal(size=20)).astype(np.float32) for i in range(12)}


def test_tags_with_like_vectors_share_a_cluster_and_fill_the_map() -> None:
    tagmap = TagMap.make(three_bundles(), groups=3, seed=1)

    assert tagmap.groups.tolist() == [0, 1, 2] * 4
    assert tagmap.places.shape == (12, 2)
    extents = tagmap.places.max(axis=0) - tagmap.places.min(axis=0)
    assert extents.max() == pytest.approx(2)
    np.testing.assert_allclose(tagmap.places.max(axis=0) + tagmap.places.min(axis=0), 0, atol=1e-6)


def test_the_seed_decides_the_map() -> None:
    vectors = np.stack([*three_bundles().values()])

    first, again, other = (embed(vectors, 2, seed) for seed in (1, 1, 2))

    np.testing.assert_array_equal(first, again)
    assert not np.allclose(first, other)


@pytest.mark.parametrize("dimensions", [2, 4])
def test_neighbours_stay_neighbours(dimensions: int, table: TagVectors) -> None:
    tags = tuple(tag["name"] for tag in json.loads(SHIPPED_MAP.read_text(encoding="utf-8"))["tags"])
    vectors = np.stack([*vectors_of(table, tags).values()])

    places = embed(vectors, dimensions, seed=3)

    assert trustworthiness(vectors - vectors.mean(axis=0), places, metric="cosine") > 0.95


def test_a_map_of_very_few_tags_is_refused() -> None:
    few = dict(itertools.islice(three_bundles().items(), 4))

    with pytest.raises(TagmapError, match="needs 5 tags with word vectors or more, and there are 4"):
        TagMap.make(few, groups=2, seed=0)


def test_five_tags_are_enough() -> None:
    enough = dict(itertools.islice(three_bundles().items(), 5))

    tagmap = TagMap.make(enough, groups=10, seed=0)

    assert set(tagmap.groups) == {0, 1}  # so that some tags do share a cluster
    assert np.isfinite(tagmap.places).all()


def test_cohesion_of_vectors_whose_cosines_are_known() -> None:
    vectors = np.array([[1, 0], [2, 0], [0, 1], [0, 3]], np.float32)

    found = cohesion(vectors, [0, 0, 1, 1], seed=0)
    mixed = cohesion(vectors, [0, 1, 0, 1], seed=0)

    assert (found.within, found.between) == (1, 0)
    assert found.chance == pytest.approx(1 / 3, abs=0.03)  # three ways to pair four tags, one as good
    assert (mixed.within, mixed.between, mixed.chance) == (0, 0.5, 1)


def test_the_original_clusters_come_near(table: TagVectors) -> None:
    tags = tuple(itertools.chain.from_iterable(ORIGINAL_CLUSTERS))
    groups = [group for group, members in enumerate(ORIGINAL_CLUSTERS) for _ in members]

    found = cohesion(np.stack([*vectors_of(table, tags).values()]), groups, seed=0)

    assert found.within == pytest.approx(0.439, abs=0.001)
    assert found.between == pytest.approx(0.344, abs=0.001)
    assert found.chance < 0.01


def test_the_command_makes_the_whole_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tags = [*itertools.chain.from_iterable(ORIGINAL_CLUSTERS), "Strings", "strings", "zydeco"]
    (tmp_path / "tags.txt").write_text("\n".join(tags) + "\n\n", encoding="utf-8")
    folder = tmp_path / "new" / "map"

    assert main(["tagmap", str(folder), "--tags", str(tmp_path / "tags.txt"), "--clusters", "3", "--seed", "5"]) == 0

    told = capsys.readouterr().out
    assert "18 tags in 3 clusters" in told
    assert "no word vectors, and so no place: zydeco" in told
    assert "original clusters       0.439    0.344" in told
    placed = [*tags[:-3], "strings"]
    content = json.loads((folder / "tagmap.json").read_text(encoding="utf-8"))
    assert [tag["name"] for tag in content["tags"]] == placed
    assert {tag["cluster"] for tag in content["tags"]} == {0, 1, 2}
    metadata = (folder / "metadata.tsv").read_text(encoding="utf-8").splitlines()
    assert metadata[0] == "tag\tcluster"
    assert [line.split("\t")[0] for line in metadata[1:]] == placed
    assert np.loadtxt(folder / "vectors.tsv").shape == (18, 4)
    assert np.loadtxt(folder / "word_vectors.tsv").shape == (18, 100)


def test_pictures_are_light_and_dark_with_every_tag_and_the_same_each_time(tmp_path: Path, table: TagVectors) -> None:
    tagmap = TagMap.make(vectors_of(table, ORIGINAL_CLUSTERS[0] + ORIGINAL_CLUSTERS[1]), groups=2, seed=0)

    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
        draw(folder, tagmap)

    names = sorted(path.name for path in folders[0].iterdir())
    assert names == ["tagmap-dark.png", "tagmap-dark.svg", "tagmap-light.png", "tagmap-light.svg"]
    assert all((folders[0] / name).read_bytes() == (folders[1] / name).read_bytes() for name in names)
    assert imread(folders[0] / "tagmap-light.png")[0, 0, :3].min() > 0.95
    assert imread(folders[0] / "tagmap-dark.png")[0, 0, :3].max() < 0.2
    drawing = (folders[0] / "tagmap-light.svg").read_text(encoding="utf-8")
    assert all(f"<!-- {tag} -->" in drawing for tag in tagmap.tags)


def test_tags_of_a_data_set_and_of_a_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = ("guitar", "piano", "no vocals", "rock", "jazz", "techno")
    labels = Labels(("1",), names, np.ones((1, 6), np.uint8))
    (tmp_path / "set").mkdir()
    write_dataset(tmp_path / "set", tmp_path, [], labels)
    labels.save(tmp_path / "set" / "labels.npz")

    assert main(["tagmap", str(tmp_path / "a"), "--dataset", str(tmp_path / "set"), "--clusters", "2"]) == 0
    assert "6 tags in 2 clusters" in capsys.readouterr().out
    assert main(["tagmap", str(tmp_path / "b"), "--model", "million-song"]) == 0
    assert "Hip-Hop" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["--vectors", "absent.bin"], 3, "the word vectors absent.bin do not exist"),
        (["--tags", "absent.txt"], 2, "the tags absent.txt cannot be read"),
        (["--dataset", "absent"], 3, "absent is not a prepared data set"),
        (["--model", "absent"], 3, "there is no model named 'absent'"),
    ],
)
def test_what_is_not_there_is_named(
    arguments: list[str], code: int, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["tagmap", str(tmp_path / "out"), *arguments]) == code
    assert told in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "tags.txt").write_text("rock\njazz\npop\nsoul\nfunk\n", encoding="utf-8")

    assert main(["tagmap", str(tmp_path / "file" / "out"), "--tags", str(tmp_path / "tags.txt")]) == 3
    assert "out cannot be written" in capsys.readouterr().err


def test_the_shipped_map_has_a_place_for_every_tag_of_the_shipped_models() -> None:
    cards = [ModelFolder.load(folder).card for folder in model_folders([shipped_models()])]
    content = json.loads(SHIPPED_MAP.read_text(encoding="utf-8"))
    places = np.array([(tag["x"], tag["y"]) for tag in content["tags"]])

    assert content["format"] == 1
    assert [tag["name"] for tag in content["tags"]] == model_tags(cards)
    assert len(places) == 72
    assert np.abs(places).max() == 1
    apart = np.linalg.norm(places[:, None] - places, axis=2)[~np.eye(len(places), dtype=bool)]
    assert apart.min() > 0.01


def test_the_shipped_map_is_what_the_command_writes(tmp_path: Path) -> None:
    """t-SNE may differ from machine to machine; names, clusters' format and the way of writing must not."""
    content = json.loads(SHIPPED_MAP.read_text(encoding="utf-8"))
    tags = content["tags"]
    places = np.array([(tag["x"], tag["y"]) for tag in tags], np.float32)
    groups = np.array([tag["cluster"] for tag in tags])

    write_map(tmp_path / "map", TagMap(tuple(tag["name"] for tag in tags), places, places, groups))

    assert (tmp_path / "map").read_bytes() == SHIPPED_MAP.read_bytes()
