"""Tags for the Embedding Projector of TensorBoard: ``tensorboard --logdir FOLDER``, then "Projector".

    FOLDER/vectors.tsv            the research project's way: word vectors by t-SNE to 4 dimensions, for the projector
    FOLDER/word_vectors.tsv       the word vectors themselves, to let the projector do all of it
    FOLDER/metadata.tsv           tag and cluster of each row
    FOLDER/projector_config.pbtxt what belongs together

Tables have one row a tag and tabs between columns; only ``metadata.tsv`` has a head
(https://www.tensorflow.org/tensorboard/tensorboard_projector_plugin).
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from training.tag_layout import TagMap, embed

PROJECTED_DIMENSIONS = 4


def write_projector(folder: Path, tagmap: TagMap, seed: int) -> None:
    """Write the four files. Raises ``OSError`` if they cannot be written."""
    vectors = tagmap.vectors
    projected = embed(vectors, PROJECTED_DIMENSIONS, seed)
    tensors = {
        f"{PROJECTED_DIMENSIONS} dimensions by t-SNE": ("vectors.tsv", projected),
        f"word vectors, {vectors.shape[1]} dimensions": ("word_vectors.tsv", vectors),
    }
    for file, rows in tensors.values():
        _write_rows(folder / file, ([f"{number:.6g}" for number in row] for row in rows))
    metadata = zip(tagmap.tags, map(str, tagmap.groups), strict=True)
    _write_rows(folder / "metadata.tsv", [("tag", "cluster"), *metadata])
    config = "".join(
        f'embeddings {{\n  tensor_name: "{name}"\n  tensor_path: "{file}"\n  metadata_path: "metadata.tsv"\n}}\n'
        for name, (file, _) in tensors.items()
    )
    (folder / "projector_config.pbtxt").write_text(config, encoding="utf-8")


def _write_rows(path: Path, rows: Iterable[Sequence[str]]) -> None:
    path.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
