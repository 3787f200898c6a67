"""``evaluate --labels``: models judged on a person's own labelled music, side by side, as the program would hear it."""

import json
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from tagger_core.display_text import printable
from tagger_core.errors import FileError
from training.dataset import DatasetError, disk_errors
from training.judging import judged, summary_of, table_lines, tags_table
from training.known_tags import known_tags
from training.labelled_music import LabelledTrack, read_labelled_music
from training.listeners import Floats, Listener, listeners, track_tag_scores
from training.metrics import Names
from training.progress import in_parallel

DONE, SOME_FAILED = 0, 1


def judge_labelled(names: Sequence[str], table: Path, output: Path | None, resamples: int) -> int:
    """Print the table; returns the exit code. Raises ``DatasetError``, ``ModelError``, ``SettingsError``."""
    music = read_labelled_music(table)
    judges = listeners(names)
    results = list(in_parallel(partial(_scored, judges), music.tracks, "listening"))
    heard = [(track, found) for track, found in zip(music.tracks, results, strict=True) if not isinstance(found, str)]
    problems = [*music.problems, *(found for found in results if isinstance(found, str))]
    for problem in problems:
        sys.stderr.write(f"left out: {printable(problem)}\n")
    if not heard:
        raise DatasetError(f"{table} names no track that could be heard")

    tracks = [track for track, _ in heard]
    known = known_tags([track.words for track in tracks], music.words, judges, [scores for _, scores in heard])
    groups = _groups(tracks)
    judgements = judged(known.truth, groups, known.heard, resamples)
    print(f"{len(tracks)} tracks, {len(known.tags)} tags; {len(problems)} left out")
    for told, words in (("no model knows", known.strange), ("on all tracks or on none", known.constant)):
        if words:
            print(f"{told}: {', '.join(words)}")
    print()
    for line in table_lines(known.tags, known.truth, judgements):
        print(line)
    if output:
        with disk_errors(output):
            output.mkdir(parents=True, exist_ok=True)
            (output / "tags.tsv").write_text(tags_table(known.tags, known.truth, judgements), encoding="utf-8")
            summary = json.dumps(summary_of(known.tags, judgements), indent=1)
            (output / "summary.json").write_text(summary + "\n", encoding="utf-8")
        print(f"written: {output}")
    return SOME_FAILED if problems else DONE


def _groups(tracks: Sequence[LabelledTrack]) -> Names:
    """What is drawn together for the intervals; where all are of one group, each track for itself."""
    groups = [track.group for track in tracks]
    return np.array(groups if len(set(groups)) > 1 else [str(track.path) for track in tracks])


def _scored(judges: Sequence[Listener], track: LabelledTrack) -> list[Floats] | str:
    """What each listener says of a track, or why it could not be heard."""
    try:
        return track_tag_scores(track.path, judges)
    except FileError as error:
        return str(error)
