"""Taking back from the command line: a run, a file, a field; lists of runs and the history of a file."""

from pathlib import Path

import pytest

from tagger_core.domain import FileChange
from tagger_core.errors import StoreError
from tagger_core.tag_fields import Field
from tagger_core.tag_files import read_fields
from tagger_core.undo_journal import UndoJournal
from tests.tagger_core.cli.conftest import Earmark, Home
from tests.tagger_core.cli.test_batch_command import snapshot


@pytest.fixture
def written(earmark: Earmark, home: Home, capsys: pytest.CaptureFixture[str]) -> Home:
    """Run 1 wrote both files."""
    assert earmark("--batch", home.music, "--write") == 0
    capsys.readouterr()
    return home


def values(path: Path) -> dict[Field, tuple[str, ...]]:
    return dict(read_fields(path).values)


def test_an_undo_says_how_to_do_it_again(earmark: Earmark, written: Home, capsys: pytest.CaptureFixture[str]) -> None:
    after = snapshot(written.music)
    assert earmark("--undo") == 0
    assert "Do it again with: earmark --undo 2" in capsys.readouterr().out
    assert earmark("--undo", 2) == 0
    assert snapshot(written.music) == after
    assert "Do it again with: earmark --undo 3" in capsys.readouterr().out
    assert earmark("--list-runs") == 0
    lines = [line.split()[:1] + line.split()[3:] for line in capsys.readouterr().out.splitlines()[1:]]
    folder = str(written.music)
    assert lines == [
        ["3", "undo", "of", "2", "2", "byte", "for", "byte", folder],
        ["2", "undo", "of", "1", "2", "2", "byte", "for", "byte", folder],
        ["1", "write", "2", "byte", "for", "byte", folder],
    ]


def test_a_file_and_a_field(earmark: Earmark, written: Home, capsys: pytest.CaptureFixture[str]) -> None:
    loud, silent = written.music / "loud.mp3", written.music / "album" / "silent.mp3"
    assert earmark("--undo", "--file", loud, "--field", "genre") == 0
    assert "as asked: only GENRE was taken back" in capsys.readouterr().out
    assert values(loud) == {Field.VOCALS: ("Vocals",)}
    assert earmark("--undo", "--file", silent) == 0
    assert "1 file: 1 restored" in capsys.readouterr().out
    assert values(silent) == {}
    assert earmark("--undo") == 0
    assert values(loud) == {}
    assert earmark("--undo", "--file", loud) == 3
    assert "nothing to undo" in capsys.readouterr().err


def test_the_history_of_a_file(earmark: Earmark, written: Home, capsys: pytest.CaptureFixture[str]) -> None:
    loud = written.music / "loud.mp3"
    assert earmark("--undo", "--file", loud, "--field", "GENRE") == 0
    capsys.readouterr()
    assert earmark("--history", loud) == 0
    path, undo, undo_genre, write, genre, vocals = capsys.readouterr().out.splitlines()
    assert path == str(loud)
    assert undo.startswith("run 2  ")
    assert undo.endswith("undo of 1: written; can be restored byte for byte")
    assert undo_genre.split() == ["GENRE", "Rock", "→", "(nothing)"]
    assert "write: partly undone; its fields can be taken back, but not its bytes" in write
    assert (genre.split(), vocals.split()) == (
        ["GENRE", "(nothing)", "→", "Rock"],
        ["VOCALS", "(nothing)", "→", "Vocals"],
    )
    loud.rename(loud.with_name("renamed.mp3"))
    assert earmark("--history", loud.with_name("renamed.mp3")) == 0
    assert f"write as {loud}: partly undone" in capsys.readouterr().out
    assert earmark("--history", written.settings) == 0
    assert "Earmark has written nothing into this file." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--undo", "--field", "colour"], 2, "--field COLOUR: choose from GENRE,"),
        (["--undo", "1", "--file", "nowhere.mp3"], 3, "run 1 has nothing to take back in"),
        (["--history", "."], 3, "cannot be read"),
    ],
)
def test_what_cannot_be_taken_back_is_one_sentence(
    earmark: Earmark, written: Home, arguments: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert earmark(*arguments) == code
    err = capsys.readouterr().err
    assert words in err
    assert err.count("\n") == 1


def test_a_custom_preset_and_a_mode_for_a_field(earmark: Earmark, home: Home) -> None:
    with home.settings.open("a", encoding="utf-8") as settings:
        settings.write('[custom]\nfields = { genre = "GROUPING", vocals = "" }\n')
    loud = home.music / "loud.mp3"
    assert earmark("--batch", loud, "--write", "--preset", "custom") == 0
    assert values(loud) == {Field.GROUPING: ("Rock",)}
    assert earmark("--batch", loud, "--write", "--mode", "GROUPING=fill") == 0
    assert values(loud) == {Field.GROUPING: ("Rock",), Field.GENRE: ("Rock",), Field.VOCALS: ("Vocals",)}


def test_the_custom_preset_is_shown_as_it_is_written_down(
    earmark: Earmark, home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    with home.settings.open("a", encoding="utf-8") as settings:
        settings.write('preset = "custom"\n[custom]\nfields = { genre = "GROUPING" }\njoined = true\n')
    assert earmark("--show-config") == 0
    shown = capsys.readouterr().out
    home.settings.write_text(shown, encoding="utf-8")
    assert earmark("--show-config") == 0
    assert capsys.readouterr().out == shown
    assert '"fields" = { "genre" = "GROUPING" }' in shown


def test_a_journal_that_fills_up_stops_the_run_and_what_was_done_is_told(
    earmark: Earmark, home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare = UndoJournal.prepare

    def fills_up(journal: UndoJournal, run: int, change: FileChange, undoes: int | None = None) -> int:
        if change.path.name == "loud.mp3":
            raise StoreError("the journal cannot grow because the disk is full; free some space and try again")
        return prepare(journal, run, change, undoes)

    monkeypatch.setattr(UndoJournal, "prepare", fills_up)
    before = snapshot(home.music)
    assert earmark("--batch", home.music, "--write") == 3
    out, err = capsys.readouterr()
    assert "Wrote 2 tags into 1 file. Take it back with: earmark --undo 1" in out
    assert "the same command goes on where it stopped" in out
    assert err == "earmark: the journal cannot grow because the disk is full; free some space and try again\n"
    assert earmark("--undo") == 0
    assert snapshot(home.music) == before
