"""What is remembered about files is what would be found out by reading them, whatever was done to them meanwhile."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import mutagen
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutagen.id3 import TCON

from tagger_core import decision_memory
from tagger_core.analysis_store import AnalysisStore
from tagger_core.audio_payload import payload_digest
from tagger_core.batch import Batch, Row, Status
from tagger_core.decision_memory import TOGETHER, Decision, DecisionMemory, circumstances_of
from tagger_core.domain import Analysis, FileStamp, Track, TrackFailure, TrackResult
from tagger_core.errors import StoreError
from tagger_core.model_card import ModelCard
from tagger_core.settings import Settings
from tagger_core.tagging import RunWriter, undo_run
from tagger_core.undo_journal import UndoJournal
from tests.music_files import content, make
from tests.small_models import card, label

CARD = card([label("rock"), label("jazz"), label("vocals", "vocals")])
AUDIO = bytes(range(32))
STAMP = FileStamp(10, 20, 30, 40, 50)
TRACK = Track(Path("/music/a.mp3"), STAMP)
DECISION = Decision("planned", "", (("Rock", 0.5),), (("GENRE", ("Jazz",), ("Jazz", "Rock")),), ("odd",))
LATER = STAMP.changed_ns + decision_memory.SETTLED_NS + 1
TICK_NS = 20_000_000
"""Longer than the tick by which the kernel of a test's machine counts the times of files (10 ms at most)."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[AnalysisStore]:
    opened = AnalysisStore(tmp_path / "analyses.sqlite3", {"decoder"})
    yield opened
    opened.close()


@pytest.fixture
def any_file_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decision_memory, "keeps_time_of_change", lambda path: True)


def memory_of(store: AnalysisStore, circumstances: bytes = b"these") -> DecisionMemory:
    return DecisionMemory(store, circumstances, clock=lambda: LATER)


def heard(track: Track, scores: tuple[float, float, float] = (0.9, 0.2, 0.6)) -> TrackResult:
    analysis = Analysis(CARD.name, CARD.sha256, dict(zip(CARD.label_names, scores, strict=True)), "decoder", "cpu", 9.0)
    return TrackResult(track, payload_digest(track.path), (analysis,), cached=True, seconds=0.0)


def found(path: Path) -> Track:
    return Track(path, FileStamp.of(path.stat()))


@pytest.mark.usefixtures("any_file_system")
def test_a_decision_is_remembered_until_anything_about_the_file_changes(store: AnalysisStore) -> None:
    memory = memory_of(store)
    assert memory.recall([TRACK]) == [None]
    memory.remember(TRACK, AUDIO, DECISION, LATER)
    memory.store()
    assert memory.recall([TRACK]) == [DECISION]
    for part in ("size", "mtime_ns", "inode", "changed_ns"):
        assert memory.recall([replace(TRACK, stamp=replace(STAMP, **{part: 99}))]) == [None]
    assert memory.recall([replace(TRACK, path=Path("/music/b.mp3"))]) == [None]
    assert memory_of(store, b"others").recall([TRACK]) == [None]


@pytest.mark.usefixtures("any_file_system")
def test_many_are_stored_and_looked_up_together(store: AnalysisStore) -> None:
    tracks = [Track(Path(f"/music/{n}.mp3"), replace(STAMP, inode=2**64 - n - 1)) for n in range(TOGETHER)]
    memory = memory_of(store)
    for track in tracks:
        memory.remember(track, AUDIO, DECISION, LATER)
    assert memory_of(store).recall(tracks[::-1]) == [DECISION] * TOGETHER


@pytest.mark.usefixtures("any_file_system")
def test_a_file_that_changed_just_before_it_was_read_is_not_trusted(store: AnalysisStore) -> None:
    memory = memory_of(store)
    memory.remember(TRACK, AUDIO, DECISION, read_at=STAMP.changed_ns + decision_memory.SETTLED_NS)
    memory.store()
    assert memory.recall([TRACK]) == [None]


def test_without_a_time_of_change_nothing_is_remembered(store: AnalysisStore, monkeypatch: pytest.MonkeyPatch) -> None:
    on_windows = replace(TRACK, stamp=replace(STAMP, changed_ns=0))
    for track, kept in ((TRACK, False), (on_windows, True)):
        monkeypatch.setattr(decision_memory, "keeps_time_of_change", lambda path, kept=kept: kept)
        memory = memory_of(store)
        memory.remember(track, AUDIO, DECISION, LATER)
        memory.store()
        assert memory.recall([track]) == [None]


@pytest.mark.usefixtures("any_file_system")
def test_another_analysis_of_the_same_sound_makes_forget(store: AnalysisStore) -> None:
    memory = memory_of(store)
    others = replace(TRACK, path=Path("/music/other.mp3"))
    memory.remember(TRACK, AUDIO, DECISION, LATER)
    memory.remember(others, bytes(32), DECISION, LATER)
    memory.store()
    analysis = Analysis(CARD.name, CARD.sha256, dict.fromkeys(CARD.label_names, 0.5), "decoder", "cpu", 9.0)
    store.add(AUDIO, CARD, analysis, np.zeros((1, 3), np.float16))
    assert memory.recall([TRACK, others]) == [None, DECISION]


@pytest.mark.usefixtures("any_file_system")
def test_what_is_no_text_or_damaged_is_not_there(store: AnalysisStore) -> None:
    memory = memory_of(store)
    memory.remember(TRACK, AUDIO, msgspec.structs.replace(DECISION, warnings=("\udcff",)), LATER)
    memory.store()
    assert memory.recall([TRACK]) == [None]
    memory.remember(TRACK, AUDIO, DECISION, LATER)
    memory.store()
    store.database.execute("UPDATE decisions SET decision = x'93'")
    assert memory.recall([TRACK]) == [None]


@pytest.mark.usefixtures("any_file_system")
def test_a_database_that_fails_is_given_up(store: AnalysisStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise StoreError("the disk is full")

    for broken in ("executemany", "execute"):
        memory = memory_of(store)
        with monkeypatch.context() as patched:
            patched.setattr(store.database, broken, full)
            memory.remember(TRACK, AUDIO, DECISION, LATER)
            memory.store()
            assert memory.recall([TRACK]) == [None]
        memory.remember(TRACK, AUDIO, DECISION, LATER)
        memory.store()
        assert memory.recall([TRACK]) == [None]


@pytest.mark.parametrize(
    "other",
    [
        ([msgspec.structs.replace(CARD, sha256="f" * 64)], Settings(), ["decoder"]),
        ([CARD, CARD], Settings(), ["decoder"]),
        ([CARD], Settings(mode="replace"), ["decoder"]),
        ([CARD], Settings(thresholds={"Rock": 0.4}), ["decoder"]),
        ([CARD], Settings(), ["decoder", "another"]),
    ],
)
def test_circumstances_are_all_that_decides(other: tuple[list[ModelCard], Settings, list[str]]) -> None:
    assert circumstances_of([CARD], Settings(), ["decoder"]) == circumstances_of([CARD], Settings(), ["decoder"])
    assert circumstances_of([CARD], Settings(jobs=7, recursive=False), ["decoder"]) == circumstances_of(
        [CARD], Settings(), ["decoder"]
    )
    assert circumstances_of(*other) != circumstances_of([CARD], Settings(), ["decoder"])


# What a batch makes of it.


@contextmanager
def settled_after(nanoseconds: int) -> Iterator[None]:
    """Files count as left alone after a shorter time than on FAT; the file systems of tests are better than that."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(decision_memory, "SETTLED_NS", nanoseconds)
        yield


def rows_of(batch: Batch, *paths: Path, opened: list[Path] | None = None) -> list[Row]:
    """As ``earmark --batch`` goes about it; ``opened`` are told the files that were not known."""

    def results(undecided: Iterator[Track | Row]) -> Iterator[TrackResult | TrackFailure | Row]:
        for item in undecided:
            if isinstance(item, Track) and opened is not None:
                opened.append(item.path)
            yield heard(item) if isinstance(item, Track) else item

    return list(batch.rows(results(batch.undecided(map(found, paths)))))


def told(row: Row) -> tuple[Any, ...]:
    return row.path, row.status, row.reason, row.hears, row.edits, row.warnings


def test_an_unchanged_library_is_not_opened(tmp_path: Path, store: AnalysisStore) -> None:
    with settled_after(TICK_NS):
        paths = [make(tmp_path / f"{kind}.{kind}", kind) for kind in ("mp3", "flac")]
        raw = tmp_path / "raw.aac"
        raw.write_bytes(b"\xff\xf1" + bytes(100))
        paths.append(raw)
        _pause()
        first = rows_of(Batch([CARD], Settings(), store), *paths)
        opened: list[Path] = []
        again = rows_of(Batch([CARD], Settings(), store), *paths, opened=opened)
        assert [row.status for row in first] == [Status.PLANNED, Status.PLANNED, Status.SKIPPED]
        assert list(map(told, again)) == list(map(told, first))
        assert all(row.cached for row in again)
        assert opened == []
        rows_of(Batch([CARD], Settings(top=1), store), *paths, opened=opened)
        assert opened == paths


def test_what_was_written_is_known_when_it_has_settled(tmp_path: Path, store: AnalysisStore) -> None:
    paths = [make(tmp_path / f"{number}.mp3", "mp3") for number in range(3)]

    def written(opened: list[Path]) -> list[Status]:
        with RunWriter.open(tmp_path / "journal.sqlite3", [tmp_path], Settings()) as writer:
            rows = rows_of(Batch([CARD], Settings(), store, writer), *paths, opened=opened)
            return [row.status for row in rows]

    with settled_after(0):  # as if each write took some seconds
        assert written([]) == [Status.WRITTEN] * 3
        opened: list[Path] = []
        assert written(opened) == [Status.UNCHANGED] * 3
        assert opened == []


def test_a_dry_run_before_does_not_keep_from_writing(tmp_path: Path, store: AnalysisStore) -> None:
    path = make(tmp_path / "a.mp3", "mp3")
    with settled_after(TICK_NS):
        _pause()
        assert rows_of(Batch([CARD], Settings(), store), path)[0].status is Status.PLANNED
        with RunWriter.open(tmp_path / "journal.sqlite3", [tmp_path], Settings()) as writer:
            assert rows_of(Batch([CARD], Settings(), store, writer), path)[0].status is Status.WRITTEN


def test_a_folder_that_became_write_protected_shows(
    tmp_path: Path, store: AnalysisStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make(tmp_path / "a.mp3", "mp3")
    with settled_after(TICK_NS):
        _pause()
        assert rows_of(Batch([CARD], Settings(), store), path)[0].status is Status.PLANNED
        # Root may write everywhere, so the system's answer is given in its place.
        monkeypatch.setattr(os, "access", lambda place, mode: Path(place) != tmp_path)
        row = rows_of(Batch([CARD], Settings(), store), path)[0]
        assert (row.status, row.reason) == (Status.FAILED, "its folder is write-protected; make it writable first")


def test_a_disk_that_became_full_shows(tmp_path: Path, store: AnalysisStore, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make(tmp_path / "a.mp3", "mp3")
    with settled_after(TICK_NS):
        _pause()
        assert rows_of(Batch([CARD], Settings(), store), path)[0].status is Status.PLANNED
        monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=100))
        row = rows_of(Batch([CARD], Settings(), store), path)[0]
        assert (row.status, row.reason) == (Status.FAILED, "the disk has no room for a second copy of the file")


def _pause() -> None:
    time.sleep(1.5 * TICK_NS / 1e9)


def retag(path: Path, genre: str) -> None:
    """Genres of one length, so that the padding keeps the file's size."""
    file = mutagen.File(path)
    if file is None or file.tags is None:
        return  # it was damaged
    if path.suffix == ".mp3":
        file.tags.setall("TCON", [TCON(encoding=3, text=genre)])
    else:
        file["genre"] = genre
    file.save()


def retag_and_put_back_the_time(path: Path, genre: str) -> None:
    before = path.stat()
    retag(path, genre)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def touch(path: Path, _: str) -> None:
    os.utime(path)


def replace_by_another(path: Path, genre: str) -> None:
    """As editors and synchronisers do: another file in its place, with the times of the old one."""
    before = path.stat()
    other = path.with_name(f"other{path.suffix}")
    other.write_bytes(path.read_bytes())
    retag(other, genre)
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(path)


def overwrite_in_place(path: Path, genre: str) -> None:
    """Byte for byte the file it was at first, genre or none."""
    path.write_bytes(content(path.suffix[1:]))


def damage(path: Path, _: str) -> None:
    with path.open("r+b") as file:
        file.write(b"\0\0\0\0")


def protect(path: Path, genre: str) -> None:
    path.chmod(0o444 if genre == "Jazz" else 0o644)


def wait_a_moment(path: Path, _: str) -> None:
    _pause()


ACTIONS: tuple[Callable[[Path, str], None], ...] = (
    retag,
    retag_and_put_back_the_time,
    touch,
    replace_by_another,
    overwrite_in_place,
    damage,
    protect,
    wait_a_moment,
)


@settings(max_examples=30, deadline=None)
@given(
    kind=st.sampled_from(("mp3", "flac")),
    steps=st.lists(
        st.tuples(st.sampled_from(ACTIONS), st.sampled_from(("Jazz", "Rock", "Folk")), st.sampled_from("rrrwu ")),
        max_size=10,
    ),
)
def test_memory_says_what_the_file_says(
    kind: str, steps: list[tuple[Callable[[Path, str], None], str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """After each step a run looks at the file ("r"), or writes it ("w"), or undoes that ("u"), or nobody looks."""
    folder = tmp_path_factory.mktemp("sequence")
    path = make(folder / f"song.{kind}", kind)
    store = AnalysisStore(folder / "analyses.sqlite3", {"decoder"})
    with settled_after(TICK_NS):
        for action, genre, look in steps:
            with suppress(mutagen.MutagenError):  # not to be done to a damaged file
                action(path, genre)
            if look == "r":
                assert told(rows_of(Batch([CARD], Settings(), store), path)[0]) == told(
                    Batch([CARD], Settings()).row(heard(found(path)))
                )
            elif look == "w":
                with RunWriter.open(folder / "journal.sqlite3", [folder], Settings()) as writer:
                    rows_of(Batch([CARD], Settings(), store, writer), path)
                assert Batch([CARD], Settings()).row(heard(found(path))).status is not Status.PLANNED
            elif look == "u" and (folder / "journal.sqlite3").exists():
                with UndoJournal(folder / "journal.sqlite3") as journal:
                    if journal.last_undoable():
                        list(undo_run(journal))
    store.close()
