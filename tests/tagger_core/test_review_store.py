"""What was decided is remembered: for this path and this music, whatever the models are called tomorrow."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagger_core.domain import Category, FileStamp
from tagger_core.errors import StoreError
from tagger_core.review import AddedTag, Decision, Levels, Record
from tagger_core.review_store import ReviewStore
from tagger_core.vocabulary import Tag
from tests.tagger_core.review.libraries import review_of, rows, track

RECORD = Record(
    path="/music/Björk/a\udce9.mp3",
    stamp=FileStamp(10, -20, 2**64 - 1, 40),
    audio=bytes(range(32)),
    decision=Decision.ACCEPTED,
    ticked=("Rock",),
    unticked=("Pop", "Jazz"),
    frozen=(Tag("Rock", Category.GENRE), Tag("Loud", Category.MOOD)),
    added=(AddedTag(Tag("Zither", Category.INSTRUMENT)), AddedTag(Tag("日本", Category.OTHER), ticked=False)),
)
PATH = Path(RECORD.path)
FOLDERS = (Path("/music"), Path("/more\udce9"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ReviewStore]:
    opened = ReviewStore(tmp_path / "deep" / "review.sqlite3")
    yield opened
    opened.close()


def test_decisions_come_back(store: ReviewStore) -> None:
    other = replace(RECORD, path="/music/b.mp3", decision=Decision.SKIPPED, frozen=())
    store.save([RECORD, other])
    assert store.load([PATH, Path("/music/c.mp3")]) == [RECORD]
    store.save([replace(RECORD, decision=Decision.REJECTED)])
    assert store.load([PATH])[0].decision is Decision.REJECTED


def test_what_is_not_decided_any_more_takes_no_room(store: ReviewStore) -> None:
    store.save([RECORD])
    store.save([Record(RECORD.path, RECORD.stamp, RECORD.audio)])
    assert store.load([PATH]) == []


def test_a_thousand_rows_at_once(store: ReviewStore) -> None:
    review = review_of(*({"Rock": 0.9} for _ in range(1200)))
    everything = np.arange(1200)
    review.accept(everything)
    store.save(review.records(everything))
    found = store.load([track(number).path for number in range(1500)])
    assert sorted(found, key=lambda record: record.path) == list(review.records(everything))


tag_names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
tags = st.builds(Tag, tag_names, st.sampled_from(Category))


@settings(deadline=None)
@given(
    st.builds(
        Record,
        path=st.binary(min_size=1, max_size=20)
        .filter(lambda name: b"\0" not in name and b"/" not in name)
        .map(lambda name: "/music/" + name.decode("utf-8", "surrogateescape")),
        stamp=st.builds(
            FileStamp, st.integers(0, 2**63 - 1), st.integers(-(2**63), 2**63 - 1), *[st.integers(0, 2**64 - 1)] * 2
        ),
        audio=st.binary(max_size=32),
        decision=st.sampled_from(Decision),
        ticked=st.lists(tag_names).map(tuple),
        unticked=st.lists(tag_names).map(tuple),
        frozen=st.lists(tags).map(tuple),
        added=st.lists(st.builds(AddedTag, tags, st.booleans())).map(tuple),
    )
)
def test_any_record_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, record: Record) -> None:
    path = tmp_path_factory.getbasetemp() / "any.sqlite3"
    store = ReviewStore(path)
    store.save([record])
    assert store.load([Path(record.path)]) == ([] if record.is_blank else [record])
    store.close()


def test_sessions_have_thresholds_and_places_of_their_own(store: ReviewStore) -> None:
    levels = Levels("strict", None, {"Rock": 0.62})
    store.open_session(FOLDERS)
    store.open_session([Path("/other")])
    store.save_levels(FOLDERS, levels)
    store.remember(FOLDERS, "row", "/music/Björk/a\udce9.mp3")
    store.remember(FOLDERS, "row", "/music/b.mp3")
    assert store.sessions() == [(Path("/other"),), tuple(sorted(FOLDERS))]
    store.open_session(FOLDERS[::-1])
    assert store.sessions(1) == [tuple(sorted(FOLDERS))]
    assert store.levels(FOLDERS[::-1]) == levels
    assert store.levels([Path("/other")]) is None
    assert store.levels([Path("/unknown")]) is None
    assert store.recall(FOLDERS) == {"row": "/music/b.mp3"}
    assert store.recall([Path("/other")]) == {}


def test_a_killed_process_has_lost_nothing_that_was_saved(tmp_path: Path) -> None:
    path = tmp_path / "review.sqlite3"
    program = """
import sys
from pathlib import Path
from tagger_core.domain import FileStamp
from tagger_core.review import Decision, Record
from tagger_core.review_store import ReviewStore
store = ReviewStore(Path(sys.argv[1]))
for number in range(1_000_000):
    store.save([Record(f"/music/{number}.mp3", FileStamp(1, 2, 3, 4), b"", Decision.ACCEPTED)])
    print(number, flush=True)
"""
    process = subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, text=True)
    with process:
        assert process.stdout is not None
        told = [int(process.stdout.readline()) for _ in range(50)]
        process.send_signal(signal.SIGKILL)
        told += [int(line) for line in process.stdout.read().split("\n")[:-1]]
    store = ReviewStore(path)
    assert len(store.load([Path(f"/music/{number}.mp3") for number in told])) == len(told)
    store.close()


def test_what_is_wrong_with_the_database_is_told(tmp_path: Path, store: ReviewStore) -> None:
    (tmp_path / "damaged.sqlite3").write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreError, match=r"damaged\.sqlite3 is damaged"):
        ReviewStore(tmp_path / "damaged.sqlite3")
    store.save([RECORD])
    with sqlite3.connect(tmp_path / "deep" / "review.sqlite3") as raw:
        raw.execute("UPDATE decisions SET choices = x'00ff'")
    raw.close()
    with pytest.raises(StoreError, match="is damaged"):
        store.load([PATH])


def test_thresholds_go_back_into_a_review() -> None:
    review = review_of({"Rock": 0.6})
    review.set_threshold(review.column("Rock"), 0.7)
    levels = review.levels
    other = review_of({"Rock": 0.6})
    assert other.restore_levels(levels).tolist() == [0]
    assert not other.ticked[0, other.column("Rock")]
    assert other.undo() is None
    assert other.accept(rows(0)).tags == 0
