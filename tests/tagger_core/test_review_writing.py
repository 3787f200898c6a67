"""What the window writes: byte for byte what ``batch`` writes for the same ticks, and what takes it back."""

import shutil
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from tagger_core.analysis_store import AnalysisStore
from tagger_core.audio import decoder_names
from tagger_core.batch import Batch, Status
from tagger_core.domain import Analysis, Category, FileStamp, Track, TrackResult
from tagger_core.listening import Listener
from tagger_core.review import Group, Review
from tagger_core.review_writing import PlannedTrack, WrittenTrack, plan_accepted, undo_written, write_planned
from tagger_core.settings import Settings
from tagger_core.tag_fields import Field
from tagger_core.tag_files import read_fields
from tagger_core.tagging import RunWriter, UndoStatus
from tests.mp3_files import audio, comment, tag, text
from tests.mp3_files import write as write_file
from tests.music_files import KINDS, make, suffix
from tests.tagger_core.review.libraries import shipped_cards

CARDS = shipped_cards()


def result(path: Path, seed: int) -> TrackResult:
    """A made-up analysis of a real file, with scores around the thresholds."""
    random = np.random.default_rng(seed)
    analyses = []
    for card in CARDS:
        needed = np.array([label.threshold("balanced") for label in card.labels])
        scores = np.clip(needed * random.choice([0.3, 0.9, 1.2, 2], len(needed)), 0, 1).astype(np.float32)
        named = dict(zip(card.label_names, scores.tolist(), strict=True))
        analyses.append(Analysis(card.name, card.sha256, named, "decoder", "cpu", 3.0))
    return TrackResult(Track(path, FileStamp.of(path.stat())), bytes(32), tuple(analyses), cached=False, seconds=0.0)


def library(folder: Path) -> list[TrackResult]:
    """A file of every kind, and mp3s that hold a genre, a mood and a comment already."""
    folder.mkdir()
    paths = [make(folder / f"{kind}{suffix(kind)}", kind) for kind in KINDS]
    for number, words in enumerate((["Rock"], ["Polka", "Classical; Opera"], ["loud"])):
        frames = text(4, "TCON", *words), text(4, "TMOO", "Quiet"), comment(4, "", "fine [moods: Sad]")
        paths.append(write_file(folder / f"{number}.mp3", tag(4, *frames), audio()))
    return [result(path, seed) for seed, path in enumerate(paths)]


def review_of(results: Sequence[TrackResult], settings: Settings) -> Review:
    review = Review(CARDS, settings)
    listener = Listener(CARDS, settings)
    review.add([one.track for one in results])
    review.hear([listener.heard(one) for one in results])
    return review


def plans(review: Review) -> list[PlannedTrack]:
    return list(plan_accepted(review.accepted_tracks(), review.settings, review.vocabulary, threading.Event()))


def write(
    review: Review, journal: Path, planned: Sequence[PlannedTrack] | None = None, **options: object
) -> list[WrittenTrack]:
    options = {"store": None, "cancelled": threading.Event(), **options}
    return list(write_planned(journal, [journal.parent], review.settings, planned or plans(review), **options))  # type: ignore[arg-type]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize(
    "settings",
    [
        Settings(),
        Settings(profile="generous", preset="dj", mode="replace", protected=("Polka",)),
        Settings(preset="genre-only", mode="fill", top=4),
    ],
)
def test_the_window_writes_what_batch_writes(tmp_path: Path, settings: Settings) -> None:
    by_batch, by_window = tmp_path / "batch", tmp_path / "window"
    results = library(by_window)
    shutil.copytree(by_window, by_batch)
    with RunWriter.open(tmp_path / "batch.sqlite3", [by_batch], settings) as writer:
        copies = [result(by_batch / one.track.path.name, seed) for seed, one in enumerate(results)]
        rows = [Batch(CARDS, settings, None, writer).row(copy) for copy in copies]
    assert sum(row.status is Status.WRITTEN for row in rows) >= 8

    review = review_of(results, settings)
    review.accept(np.arange(len(review)))
    planned = plans(review)
    before = contents(by_window)
    assert [one.plan.edits for one in planned if one.plan] == [
        row.edits for row in rows if row.status is not Status.FAILED
    ]
    assert contents(by_window) == before
    write(review, tmp_path / "window.sqlite3", planned)
    assert contents(by_window) == contents(by_batch)
    assert contents(by_window) != before


def test_counts_agree_from_the_bar_to_the_files(tmp_path: Path) -> None:
    review = review_of(library(tmp_path / "music"), Settings())
    everything = np.arange(len(review))
    change = review.accept(everything)
    written = write(review, tmp_path / "journal.sqlite3")
    assert review.accepted() == (change.tags, sum(one.tags > 0 for one in written))
    assert change.tags == sum(one.tags for one in written) > 20
    review.mark_written([one.rewritten for one in written if one.rewritten])
    assert review.counts()[Group.WRITTEN] == len(review)
    assert review.accepted() == (0, 0)
    review.reopen(everything)
    assert review.counts()[Group.SILENT] == len(review)  # each file says all of it now


def test_taking_back_gives_the_same_bytes_and_accepted_rows(tmp_path: Path) -> None:
    folder = tmp_path / "music"
    review = review_of(library(folder), Settings())
    review.accept(np.arange(len(review)))
    counted, before = review.accepted(), contents(folder)
    written = write(review, tmp_path / "journal.sqlite3")
    review.mark_written([one.rewritten for one in written if one.rewritten])
    run = written[-1].run
    undone = list(undo_written(tmp_path / "journal.sqlite3", run))
    assert {one.outcome.status for one in undone} == {UndoStatus.RESTORED}
    assert contents(folder) == before
    review.mark_unwritten([one.rewritten for one in undone if one.rewritten])
    assert review.accepted() == counted
    again = write(review, tmp_path / "journal.sqlite3")  # the new stamps are known
    assert not [one.problem for one in again if one.problem]


def test_what_cannot_be_written_says_why_and_stops_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "music"
    review = review_of(library(folder), Settings())
    review.accept(np.arange(len(review)))
    changed, gone, locked, late = (review.path(row) for row in range(4))
    changed.write_bytes(changed.read_bytes() + b"x")
    gone.unlink()
    locked.chmod(0o444)
    planned = plans(review)
    late.write_bytes(late.read_bytes() + b"x")
    problems = {one.row: one.problem for one in planned if one.problem}
    assert list(problems) == [0, 1, 2]
    assert "changed since" in problems[0]
    assert "moved or deleted" in problems[1]
    assert "write-protected" in problems[2]
    written = write(review, tmp_path / "journal.sqlite3", planned)
    assert [one.row for one in written] == list(range(3, len(review)))
    assert [one.row for one in written if one.problem] == [3]
    assert all(one.tags for one in written if not one.problem)


def test_an_accepted_track_with_nothing_ticked_is_done_without_being_touched(tmp_path: Path) -> None:
    path = write_file(tmp_path / "a.mp3", audio())
    review = review_of([result(path, 1)], Settings(only=("Sitar",)))
    review.accept(np.arange(1))
    review.add_tag(np.arange(1), "Zither", Category.INSTRUMENT)
    review.toggle(np.arange(1), "Zither")
    (written,) = write(review, tmp_path / "journal.sqlite3")
    assert (written.run, written.tags, written.problem) == (None, 0, "")
    review.mark_written([written.rewritten] if written.rewritten else [])
    assert review.group(0) is Group.WRITTEN
    assert path.read_bytes() == audio()


def test_tags_that_no_model_knows_are_written_too(tmp_path: Path) -> None:
    path = write_file(tmp_path / "a.mp3", audio())
    review = review_of([result(path, 1)], Settings(only=("Sitar",)))
    for typed in ("Zither; Lute", " \x1b[2JHarp\n", "\x07", "Rock"):
        review.add_tag(np.arange(1), typed, Category.INSTRUMENT)
    review.accept(np.arange(1))
    write(review, tmp_path / "journal.sqlite3")
    assert read_fields(path).values == {Field.GENRE: ("Rock",), Field.INSTRUMENTS: ("Zither Lute", "[2JHarp")}


def test_the_next_analysis_finds_written_files_in_the_store(tmp_path: Path) -> None:
    folder = tmp_path / "music"
    review = review_of(library(folder), Settings())
    review.accept(np.arange(len(review)))
    store = AnalysisStore(tmp_path / "analyses.sqlite3", decoder_names())
    for one in write(review, tmp_path / "journal.sqlite3", store=store):
        assert one.rewritten is not None
        assert store.audio_of(one.rewritten.track) == bytes(32)
    store.close()


def test_cancelling_ends_between_two_files(tmp_path: Path) -> None:
    review = review_of(library(tmp_path / "music"), Settings())
    review.accept(np.arange(len(review)))
    cancelled = threading.Event()
    outcomes = write_planned(
        tmp_path / "journal.sqlite3", [tmp_path], review.settings, plans(review), store=None, cancelled=cancelled
    )
    next(outcomes)
    cancelled.set()
    assert list(outcomes) == []
    assert list(plan_accepted(review.accepted_tracks(), review.settings, review.vocabulary, cancelled)) == []
    assert len(list(undo_written(tmp_path / "journal.sqlite3"))) == 1
