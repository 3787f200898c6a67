"""Reports: one row for every file, safe to open."""

import csv
import json
from pathlib import Path

import pytest

from tagger_core.batch import Row, Status
from tagger_core.cli.options import UsageError
from tagger_core.cli.report import Report
from tagger_core.domain import Analysis, Category, TagEdit
from tagger_core.errors import EarmarkError
from tagger_core.suggestions import State, Suggestion

ROW = Row(
    Path("/music/a.mp3"),
    Status.PLANNED,
    analyses=(Analysis("one", "00", {"rock": 0.75, "pop": 0.125}, "libsndfile 1", "cpu", 12.0),),
    tags=(
        Suggestion("Rock", Category.GENRE, 0.75, 0.5, "profile balanced", 1.1, State.SUGGESTED, ()),
        Suggestion("Pop", Category.GENRE, 0.125, 0.5, "profile balanced", -1.9, State.BELOW, ()),
    ),
    edits=(TagEdit("GENRE", ("Pop",), ("Pop", "Rock")),),
    seconds=1.23456,
)

COLUMNS = [
    "path", "status", "reason", "warnings", "scores", "raw_scores", "suggestions", "edits", "models", "device",
    "decoder", "effort", "share", "seconds", "cached",
]  # fmt: skip


def test_json_lines(tmp_path: Path) -> None:
    with Report(tmp_path / "r.jsonl") as report:
        report.add(ROW)
        report.add(Row(Path("/b.mp3"), Status.FAILED, "not audio"))
    first, second = map(json.loads, (tmp_path / "r.jsonl").read_text().splitlines())
    assert list(first) == list(second) == COLUMNS
    assert first == {
        "path": "/music/a.mp3",
        "status": "planned",
        "reason": "",
        "warnings": [],
        "scores": {"Rock": 0.75, "Pop": 0.125},
        "raw_scores": {"one": {"rock": 0.75, "pop": 0.125}},
        "suggestions": ["Rock"],
        "edits": [{"field": "GENRE", "old": ["Pop"], "new": ["Pop", "Rock"]}],
        "models": ["one"],
        "device": "cpu",
        "decoder": "libsndfile 1",
        "effort": "full",
        "share": 1.0,
        "seconds": 1.235,
        "cached": False,
    }
    assert (second["status"], second["reason"]) == ("failed", "not audio")


@pytest.mark.parametrize("name", ["\udcff.mp3", "a\nb.mp3", "日本 🎵.mp3", "\x1b[31m.mp3", "\u202egnp.mp3", "=cmd()"])
def test_names_are_verbatim_in_json_and_one_line_each(tmp_path: Path, name: str) -> None:
    with Report(tmp_path / "r.jsonl") as report:
        report.add(Row(Path("/") / name, Status.FAILED, "x"))
    content = (tmp_path / "r.jsonl").read_bytes().decode("utf-8")
    assert content.count("\n") == 1
    assert json.loads(content)["path"] == "/" + name


def test_a_table_for_spreadsheets(tmp_path: Path) -> None:
    with Report(tmp_path / "r.CSV") as report:
        report.add(ROW)
    rows = list(csv.DictReader((tmp_path / "r.CSV").read_text(encoding="utf-8").splitlines()))
    assert list(rows[0]) == COLUMNS
    assert rows[0]["edits"] == "GENRE: Pop -> Pop | Rock"
    assert rows[0]["scores"] == "Rock=0.75; Pop=0.125"
    assert rows[0]["raw_scores"] == "one/rock=0.75; one/pop=0.125"


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@x", "a\nb", "\t=1", "\udcff"])
def test_a_table_holds_no_formulas_and_no_line_breaks(tmp_path: Path, start: str) -> None:
    with Report(tmp_path / "r.csv") as report:
        report.add(Row(Path(start), Status.FAILED, start))
    content = (tmp_path / "r.csv").read_text(encoding="utf-8")
    assert len(content.splitlines()) == 2
    (row,) = csv.DictReader(content.splitlines())
    assert row["reason"][0] not in "=+-@\t\r\n"


def test_unwritable_reports_are_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="must end in"):
        Report(tmp_path / "r.xml")
    with pytest.raises(EarmarkError, match="cannot be written"):
        Report(tmp_path / "no" / "folder" / "r.csv")


def test_a_full_disk_is_one_sentence(tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    (tmp_path / "r.jsonl").symlink_to(full)
    report = Report(tmp_path / "r.jsonl")
    with pytest.raises(EarmarkError, match="cannot be written: No space left"):
        report.add(ROW)
    with pytest.raises(EarmarkError, match="cannot be written: No space left"):
        report.__exit__(None, None, None)


def test_a_report_may_go_on_after_what_is_there(tmp_path: Path) -> None:
    for name in ("r.jsonl", "r.csv"):
        for _ in range(2):
            with Report(tmp_path / name, append=True) as report:
                report.add(ROW)
    assert (tmp_path / "r.jsonl").read_text(encoding="utf-8").count("\n") == 2
    table = list(csv.reader((tmp_path / "r.csv").read_text(encoding="utf-8").splitlines()))
    assert table[0] == COLUMNS
    assert table[1] == table[2]


def test_a_table_with_other_columns_is_not_added_to(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("path,status\r\n/a.mp3,failed\r\n")
    with Report(tmp_path / "r.csv", append=True) as report, pytest.raises(EarmarkError, match="other columns"):
        report.add(ROW)
    assert (tmp_path / "r.csv").read_text() == "path,status\n/a.mp3,failed\n"
