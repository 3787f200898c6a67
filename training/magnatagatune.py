"""What MagnaTagATune is: its two tables and its splits, for the original and for any set in the same layout.

Conventions
-----------
Tables are tab-separated and quoted. A clip's sound is ``FOLDER/NAME.mp3`` where FOLDER is one hexadecimal digit, and
that digit decides about the standard split: 0 to b train, c valid, d to f test. Splits are maps from clip ids to parts;
a clip that is missing in the map is in no part.

Source: Law, West, Mandel, Bay, Downie, Evaluation of algorithms using games: the case of music tagging, ISMIR 2009.

Contents
--------
``read_annotations``, ``read_clip_info``                the tables
``count_problems``                                      against the published numbers
``folder_split``, ``top_split``, ``artist_split``       who learns from what
"""

import csv
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.dataset import PARTS, DatasetError, Labels

ANNOTATIONS, CLIP_INFO = "annotations_final.csv", "clip_info_final.csv"
TOP = 50
"""Tags of the split that most papers report on."""

UNREADABLE = frozenset(
    {
        "6/norine_braun-now_and_zen-08-gently-117-146.mp3",
        "8/jacob_heringman-josquin_des_prez_lute_settings-19-gintzler__pater_noster-204-233.mp3",
        "9/american_baroque-dances_and_suites_of_rameau_and_couperin-25-le_petit_rien_xiveme_ordre_couperin-88-117.mp3",
    }
)
"""Empty in the download itself; every published split leaves them out."""

_NOT_IN_TOP_SPLIT = frozenset(
    "0/american_bach_soloists-j_s__bach__cantatas_volume_v-" + rest
    for rest in (
        "01-gleichwie_der_regen_und_schnee_vom_himmel_fallt_bwv_18_i_sinfonia-117-146.mp3",
        "03-gleichwie_der_regen_und_schnee_vom_himmel_fallt_bwv_18_iii_recitative_and_litany__mein_gott_hier_wird"
        "_mein_herze_sein-204-233.mp3",
        "03-gleichwie_der_regen_und_schnee_vom_himmel_fallt_bwv_18_iii_recitative_and_litany__mein_gott_hier_wird"
        "_mein_herze_sein-233-262.mp3",
    )
)
"""The published split files leave these three out too, although they decode and have popular tags."""

_CLIPS, _TAGS, _INFOS = 25_863, 188, 31_382
"""The published tables: annotated clips, tags, and clips in ``clip_info_final.csv``."""

_ARTIST_SHARES = {"train": 0.72, "valid": 0.08, "test": 0.20}
"""About those of the standard split."""

_SAFE_PATH = re.compile(r"[0-9a-f]/[^/\\\0]+\.mp3")


@dataclass(frozen=True, slots=True)
class ClipInfo:
    artist: str
    album: str


@dataclass(frozen=True, slots=True)
class Annotations:
    """The table of tags: ``paths`` maps clip ids to sound files relative to the audio folder."""

    labels: Labels
    paths: Mapping[str, str]


def read_annotations(path: Path) -> Annotations:
    """Raises ``DatasetError`` for a missing table or column, and for what is not 0 or 1."""
    with _table_errors(path), path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", strict=True)
        header = next(rows, [])
        id_column, path_column = (_column(path, header, name) for name in ("clip_id", "mp3_path"))
        tags = [column for column in range(len(header)) if column not in (id_column, path_column)]
        if not tags or len(set(header)) != len(header):
            raise DatasetError(
                f"{path} must have each tag once as a column; its first line names {len(header)} columns"
            )
        paths: dict[str, str] = {}
        matrix = []
        for line, row in enumerate(rows, start=2):
            if len(row) != len(header):
                raise _bad_line(path, line, f"has {len(row)} columns instead of {len(header)}; the file may be cut off")
            if row[id_column] in paths:
                raise _bad_line(path, line, f"repeats the clip {row[id_column]}")
            if not _SAFE_PATH.fullmatch(row[path_column]):
                raise _bad_line(path, line, f"has the mp3_path {row[path_column]!r}, which is not like f/name.mp3")
            paths[row[id_column]] = row[path_column]
            matrix.append([_bit(path, line, row[column]) for column in tags])
    if not matrix:
        raise DatasetError(f"{path} lists no clips; download it again")
    names = tuple(header[column] for column in tags)
    return Annotations(Labels(tuple(paths), names, np.array(matrix, np.uint8)), paths)


def read_clip_info(path: Path) -> dict[str, ClipInfo]:
    """Clip id -> artist and album. Raises ``DatasetError``."""
    with _table_errors(path), path.open(encoding="utf-8", newline="") as file:
        table = csv.DictReader(file, delimiter="\t", strict=True)
        for name in ("clip_id", "artist", "album"):
            _column(path, table.fieldnames or [], name)
        return {row["clip_id"]: ClipInfo(row["artist"] or "", row["album"] or "") for row in table}


def count_problems(labels: Labels, infos: Mapping[str, ClipInfo]) -> Iterator[str]:
    """Where the tables do not fit together, or fall short of the published numbers if they seem to be the originals."""
    unknown = [clip_id for clip_id in labels.clip_ids if clip_id not in infos]
    if unknown:
        yield f"{CLIP_INFO} lacks {len(unknown)} annotated clips, first {unknown[0]}"
    if len(labels.names) == _TAGS:
        if len(labels.clip_ids) != _CLIPS:
            yield f"{ANNOTATIONS} has {len(labels.clip_ids)} clips, MagnaTagATune has {_CLIPS}; download it again"
        if len(infos) != _INFOS:
            yield f"{CLIP_INFO} has {len(infos)} clips, MagnaTagATune has {_INFOS}; download it again"


def folder_split(paths: Mapping[str, str]) -> dict[str, str]:
    """The standard split, of all clips but the three that nobody can read."""
    return {clip_id: _part_of_folder(path) for clip_id, path in paths.items() if path not in UNREADABLE}


def top_split(annotations: Annotations) -> dict[str, str]:
    """The standard split of the clips that have one of the 50 most popular tags."""
    tags_of_clip = annotations.labels.matrix[:, popular(annotations.labels, TOP)].sum(axis=1).tolist()
    having = {clip_id for clip_id, tags in zip(annotations.labels.clip_ids, tags_of_clip, strict=True) if tags}
    return {
        clip_id: part
        for clip_id, part in folder_split(annotations.paths).items()
        if clip_id in having and annotations.paths[clip_id] not in _NOT_IN_TOP_SPLIT
    }


def artist_split(labels: Labels, artists: Mapping[str, str], clip_ids: Collection[str]) -> dict[str, str]:
    """Our own split: no artist is in two parts, and the popular tags are shared out as evenly as artists allow.

    The artists, those with most clips first, go one by one where they bring the parts' numbers of clips and of
    the 50 most popular tags nearest to their shares (least squares relative to the wanted number): a
    stratification after Sechidis, Tsoumakas, Vlahavas, On the stratification of multi-label data, 2011, with whole
    artists. The same tables give the same split.
    """
    usable = [clip_id for clip_id in labels.clip_ids if clip_id in clip_ids]
    matrix = labels.rows(usable)[:, popular(labels, TOP)]
    counted = np.hstack([np.ones((len(usable), 1)), matrix])  # the clips themselves count like one more tag
    counted = counted[:, counted.any(axis=0)]
    names = np.array([artists[clip_id] for clip_id in usable])
    wanted = np.outer([_ARTIST_SHARES[part] for part in PARTS], counted.sum(axis=0))
    have = np.zeros_like(wanted)
    chosen: dict[str, str] = {}
    for artist, _ in sorted(Counter(names.tolist()).items(), key=lambda item: (-item[1], item[0])):
        brings = counted[names == artist].sum(axis=0)
        # what (have + brings - wanted)^2 is more than (have - wanted)^2
        harm = (brings * (2 * (have - wanted) + brings) / wanted).sum(axis=1)
        part = int(np.argmin(harm))
        have[part] += brings
        chosen[artist] = PARTS[part]
    return {clip_id: chosen[artists[clip_id]] for clip_id in usable}


def popular(labels: Labels, number: int) -> list[int]:
    """Columns of the most popular names, the most popular first; of two alike the one further left."""
    counts = list(labels.counts().values())
    return sorted(range(len(counts)), key=lambda column: -counts[column])[:number]


@contextmanager
def _table_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise DatasetError(
            f"{path} is missing; download it from https://mirg.city.ac.uk/codeapps/the-magnatagatune-dataset"
        ) from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DatasetError(f"{path} cannot be read as a table ({error}); download it again") from error


def _part_of_folder(path: str) -> str:
    folder = int(path[0], 16)
    return "train" if folder < 0xC else "valid" if folder == 0xC else "test"


def _column(path: Path, header: Sequence[str], name: str) -> int:
    if name not in header:
        raise DatasetError(
            f'{path} has no column "{name}": it must be tab-separated and quoted, as MagnaTagATune distributes it'
        )
    return header.index(name)


def _bit(path: Path, line: int, text: str) -> bool:
    if text not in ("0", "1"):
        raise _bad_line(path, line, f"holds {text!r} where 0 or 1 must be")
    return text == "1"


def _bad_line(path: Path, line: int, problem: str) -> DatasetError:
    return DatasetError(f"{path}: line {line} {problem}")
