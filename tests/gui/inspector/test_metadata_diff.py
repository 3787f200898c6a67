"""The diff: old and new values both there, told apart by signs, and nothing from a file taken for markup."""

import pytest
from pytestqt.qtbot import QtBot

from gui.inspector.metadata_diff import MetadataDiff, Sign, field_diffs
from tagger_core.domain import TagEdit
from tagger_core.tag_fields import Field

PRESENT = {Field.GENRE: ("Pop", "Techno"), Field.COMMENT: ("<b>mine</b> שלום 🎧",)}
EDITS = (TagEdit("GENRE", ("Pop", "Techno"), ("Techno", "Rock")), TagEdit("MOOD", (), ("Dark",)))


@pytest.fixture
def diff(qtbot: QtBot) -> MetadataDiff:
    diff = MetadataDiff()
    qtbot.addWidget(diff)
    return diff


def test_every_field_has_its_present_values_and_then_the_new_ones() -> None:
    found = {diff.field: diff for diff in field_diffs(PRESENT, EDITS)}
    assert list(found) == list(Field)
    assert found["GENRE"].values == ((Sign.REMOVED, "Pop"), (Sign.KEPT, "Techno"), (Sign.ADDED, "Rock"))
    assert found["MOOD"].values == ((Sign.ADDED, "Dark"),)
    assert found["COMMENT"].values == ((Sign.KEPT, "<b>mine</b> שלום 🎧"),)
    assert found["VOCALS"].values == ()
    assert [name for name, one in found.items() if one.changed] == ["GENRE", "MOOD"]


def test_only_changes_at_first_and_all_fields_on_demand(diff: MetadataDiff) -> None:
    diff.show_diffs(field_diffs(PRESENT, EDITS))
    assert diff.table.accessibleName() == "GENRE: removed Pop, unchanged Techno, added Rock; MOOD: added Dark"
    diff.all_button.click()
    assert diff.shows_all
    assert diff.table.accessibleName().count(";") == len(Field) - 1
    assert "COMMENT: unchanged <b>mine</b>" in diff.table.accessibleName()
    diff.toggle_all()
    assert "COMMENT" not in diff.table.accessibleName()


def test_signs_stand_beside_the_colours(diff: MetadataDiff) -> None:
    diff.show_diffs(field_diffs(PRESENT, EDITS))
    text = diff.table.text()
    assert "−&nbsp;<s>Pop</s>" in text
    assert "+&nbsp;Rock" in text


def test_values_of_files_are_text_not_markup(diff: MetadataDiff) -> None:
    diff.toggle_all()
    diff.show_diffs(field_diffs(PRESENT, ()))
    assert "&lt;b&gt;mine&lt;/b&gt; שלום 🎧" in diff.table.text()


def test_where_nothing_would_change_it_says_so(diff: MetadataDiff) -> None:
    diff.show_diffs(field_diffs(PRESENT, ()))
    assert diff.table.accessibleName() == "Nothing would change in the file."
