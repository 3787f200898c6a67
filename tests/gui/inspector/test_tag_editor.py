"""Adding a tag by keyboard: known ones at once, new ones after a question, Escape leaves."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.inspector.tag_editor import TagEditor
from tagger_core.domain import Category
from tagger_core.vocabulary import Vocabulary


@pytest.fixture
def editor(qtbot: QtBot) -> TagEditor:
    editor = TagEditor()
    qtbot.addWidget(editor)
    vocabulary = Vocabulary()
    editor.set_vocabulary([tag.name for tag in vocabulary.tags()], vocabulary.tag_of)
    editor.start()
    return editor


def test_a_known_word_in_any_spelling_is_added_at_once(editor: TagEditor, qtbot: QtBot) -> None:
    QTest.keyClicks(editor.field, "  hip   hop")
    with qtbot.waitSignal(editor.added) as added:
        QTest.keyClick(editor.field, Qt.Key.Key_Return)
    assert added.args == ["Hip-Hop", Category.GENRE]
    assert editor.field.text() == ""


def test_a_new_word_is_added_with_the_category_that_is_chosen(editor: TagEditor, qtbot: QtBot) -> None:
    editor.field.setText("Späti 夜")  # QTest types ASCII only
    with qtbot.assertNotEmitted(editor.added):
        QTest.keyClick(editor.field, Qt.Key.Key_Return)
    assert editor.category.isVisible()
    assert "Späti 夜" in editor.question.text()
    editor.category.setCurrentIndex(list(Category).index(Category.MOOD))
    with qtbot.waitSignal(editor.added) as added:
        QTest.keyClick(editor.field, Qt.Key.Key_Return)
    assert added.args == ["Späti 夜", Category.MOOD]
    assert not editor.category.isVisible()


def test_another_word_is_another_question(editor: TagEditor, qtbot: QtBot) -> None:
    QTest.keyClicks(editor.field, "Spaeti")
    QTest.keyClick(editor.field, Qt.Key.Key_Return)
    QTest.keyClicks(editor.field, "s")
    assert not editor.category.isVisible()
    with qtbot.assertNotEmitted(editor.added):
        QTest.keyClick(editor.field, Qt.Key.Key_Return)


def test_an_empty_field_adds_nothing(editor: TagEditor, qtbot: QtBot) -> None:
    QTest.keyClicks(editor.field, "   ")
    with qtbot.assertNotEmitted(editor.added):
        QTest.keyClick(editor.field, Qt.Key.Key_Return)


def test_escape_leaves_from_any_part(editor: TagEditor, qtbot: QtBot) -> None:
    for part in (editor.field, editor.category, editor.add_button):
        editor.start()
        with qtbot.waitSignal(editor.left):
            QTest.keyClick(part, Qt.Key.Key_Escape)
        assert not editor.isVisible()


def test_all_parts_have_accessible_names(editor: TagEditor) -> None:
    assert editor.field.accessibleName()
    assert editor.category.accessibleName()
    assert editor.add_button.text()
