"""Fingerprints of whole files: only the same bytes match, whatever spans were hashed apart."""

import hashlib
import io
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger_core.domain import Fingerprint, Span
from tagger_core.fingerprints import FileContent, fingerprint
from tagger_core.journal_entries import MIGRATIONS
from tagger_core.recovery import recover
from tagger_core.settings import Settings
from tagger_core.tag_fields import Field
from tagger_core.tag_files import read_fields
from tagger_core.tagging import RunWriter, UndoStatus, undo_run
from tagger_core.undo_journal import EntryState, UndoJournal
from tests.mp3_files import audio, plan, tag, text, write

contents = st.binary(max_size=40)


def made(content: bytes, spans: Sequence[Span]) -> Fingerprint:
    payload = hashlib.sha256(b"".join(content[span.offset : span.end] for span in spans)).digest()
    return fingerprint(io.BytesIO(content), spans, payload)


@st.composite
def spans_in(draw: st.DrawFn, size: int) -> tuple[Span, ...]:
    edges = sorted(draw(st.lists(st.integers(0, size), max_size=50)))
    return tuple(Span(start, end - start) for start, end in zip(edges[::2], edges[1::2], strict=False))


@given(contents, contents, st.data())
def test_it_matches_the_same_bytes_and_no_others(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, other: bytes, data: st.DataObject
) -> None:
    folder = tmp_path_factory.getbasetemp()
    for name, written in (("same", content), ("other", other)):
        (folder / name).write_bytes(written)
    known = made(content, data.draw(spans_in(len(content))))
    assert FileContent(folder / "same").matches(known)
    assert FileContent(folder / "other").matches(known) == (other == content)


def test_bytes_that_change_places_change_it() -> None:
    assert made(b"abXY", [Span(0, 2)]) != made(b"XYab", [Span(2, 2)])


@pytest.mark.parametrize("spans", [(), [Span(number, 1) for number in range(0, 2_000, 2)]])
def test_without_spans_or_with_too_many_it_is_the_plain_digest(spans: Sequence[Span]) -> None:
    content = bytes(range(256)) * 10
    assert made(content, spans) == Fingerprint(2_560, (), hashlib.sha256(content).digest())


# What the journal makes of them


@pytest.fixture
def song(tmp_path: Path) -> Path:
    (tmp_path / "music").mkdir()
    return write(tmp_path / "music" / "song.mp3", tag(4, text(4, "TCON", "Rock"), padding=90), audio())


def write_genre(journal: Path, path: Path) -> None:
    with RunWriter.open(journal, [path.parent], Settings()) as writer:
        writer.write(plan(path, GENRE=("Jazz",)))


@pytest.mark.parametrize("killed", [False, True])
def test_a_version_that_finds_the_audio_elsewhere_still_knows_the_file(
    song: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed: bool
) -> None:
    before, journal = song.read_bytes(), tmp_path / "journal.sqlite3"
    with monkeypatch.context() as patched:
        patched.setattr("tagger_core.tag_files.payload_spans", lambda file: (Span(len(before) - 9, 9),))
        if killed:
            patched.setattr(UndoJournal, "settle", lambda *_: None)
        write_genre(journal, song)
    with UndoJournal(journal) as opened:
        assert [found.state for found in recover(opened)] == [EntryState.WRITTEN] * killed
        assert [outcome.status for outcome in undo_run(opened)] == [UndoStatus.RESTORED]
    assert song.read_bytes() == before


def test_of_a_journal_from_before_fingerprints_the_fields_can_be_taken_back(song: Path, tmp_path: Path) -> None:
    journal = tmp_path / "journal.sqlite3"
    write_genre(tmp_path / "another.sqlite3", song)
    old = sqlite3.connect(journal)
    old.executescript(MIGRATIONS[0])
    when = "2026-11-22T10:00:00+00:00"
    old.execute(f"INSERT INTO run VALUES (1, 'write', 'finished', x'2f', '{when}', '{when}', NULL, 1)")
    edits = b'[{"field": "GENRE", "old": ["Rock"], "new": ["Jazz"]}]'
    row = (bytes(str(song), "utf-8"), edits, b"[]", bytes(32), bytes(32), bytes(32), 1)
    old.execute(f"INSERT INTO entry VALUES (1, 1, 'written', NULL, {', '.join('?' * len(row))})", row)
    old.execute("PRAGMA user_version = 1")
    old.commit()
    old.close()
    with UndoJournal(journal) as opened:
        (outcome,) = undo_run(opened)
    assert (outcome.status, outcome.reason) == (
        UndoStatus.REVERTED,
        "its old bytes are not kept any more: only its fields were taken back",
    )
    assert read_fields(song).values == {Field.GENRE: ("Rock",)}
