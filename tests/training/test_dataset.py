from pathlib import Path

import pytest

from tagger_core.domain import FeatureSpec
from training.dataset import Dataset, DatasetError, disk_errors, replacing, write_clips


def test_a_folder_that_is_no_data_set_is_told(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="earmark-train prepare"):
        Dataset.open(tmp_path)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 1}', '{"format": 9, "audio": "x"}'])
def test_a_damaged_or_foreign_data_set_is_told(dataset: Dataset, text: str) -> None:
    (dataset.folder / "dataset.json").write_text(text)
    with pytest.raises(DatasetError, match="run prepare again"):
        Dataset.open(dataset.folder)


def test_a_damaged_table_of_clips_is_told(dataset: Dataset) -> None:
    table = dataset.folder / "clips.tsv"
    good = table.read_text().splitlines()
    for bad in (
        ["clip_id"],
        [*good[:2], good[2].replace("2.0", "two")],
        [*good[:2], "7\tonly"],
        [*good, good[1] + "\tx"],
    ):
        table.write_text("\n".join(bad) + "\n")
        with pytest.raises(DatasetError, match="run prepare again"):
            Dataset.open(dataset.folder)


def test_clips_survive_writing_and_reading(dataset: Dataset) -> None:
    write_clips(dataset.folder / "clips.tsv", dataset.clips[:7])
    assert Dataset.open(dataset.folder).clips == dataset.clips[:7]


def test_what_was_not_made_yet_names_its_command(dataset: Dataset) -> None:
    (dataset.folder / "labels.npz").unlink()
    with pytest.raises(DatasetError, match="earmark-train labels"):
        _ = dataset.labels
    with pytest.raises(DatasetError, match=r"earmark-train features .* --kind mfcc"):
        dataset.features(FeatureSpec(kind="mfcc"))


def test_damaged_labels_are_told(dataset: Dataset) -> None:
    (dataset.folder / "labels.npz").write_bytes(b"PK nothing")
    with pytest.raises(DatasetError, match=r"labels\.npz is missing or damaged"):
        _ = dataset.labels


def interrupted_halfway(path: Path) -> None:
    path.write_text("half")
    raise KeyboardInterrupt


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "table"
    path.write_text("old")
    with pytest.raises(KeyboardInterrupt), replacing(path) as temporary:
        interrupted_halfway(temporary)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_one_sentence() -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full, a disk that is always full")
    with pytest.raises(DatasetError, match="the disk is full; make room"), disk_errors(full):
        full.write_text("x")


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="No such file"), replacing(tmp_path / "gone" / "file") as temporary:
        temporary.write_text("x")
