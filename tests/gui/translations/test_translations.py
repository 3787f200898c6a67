"""The translations are complete, up to date with the code and compiled, and the window really speaks them."""

import re
import shutil
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication, QMainWindow, QPushButton
from pytestqt.qtbot import QtBot

from gui.actions.action_table import TABLE
from gui.actions.actions import Actions
from gui.look import languages
from gui.look.change_words import change_name
from gui.look.languages import Language
from gui.look.wording import Words, filled, number
from gui.pages.write_review import WriteReviewPage
from gui.translations.__main__ import FOLDER, LANGUAGES, SOURCES, collect, compile_to
from tagger_core.review import Change, ChangeKind

PLACES = re.compile(r"%L?n|%\d|\{\w*\}")


def messages(language: str) -> Iterator[tuple[str, ET.Element]]:
    """Context and message of a translation's source."""
    for context in ET.parse(FOLDER / f"earmark_{language}.ts").iter("context"):
        for message in context.iter("message"):
            yield context.findtext("name") or "", message


def forms(message: ET.Element) -> list[str]:
    translation = message.find("translation")
    assert translation is not None
    return [form.text or "" for form in translation.iter("numerusform")] or [translation.text or ""]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language: str) -> None:
    for context, message in messages(language):
        translation = message.find("translation")
        assert translation is not None
        assert translation.get("type") is None, (context, message.findtext("source"))
        assert all(forms(message)), (context, message.findtext("source"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_fill_the_same_places(language: str) -> None:
    for context, message in messages(language):
        source = message.findtext("source") or ""
        for form in forms(message):
            assert Counter(PLACES.findall(form)) == Counter(PLACES.findall(source)), (context, source)


@pytest.mark.parametrize("language", LANGUAGES)
def test_sources_are_those_of_the_code(language: str, tmp_path: Path) -> None:
    """``make translations`` would find nothing new and nothing that has vanished."""
    for file in FOLDER.glob("*.ts"):
        shutil.copy(file, tmp_path)
    collect(tmp_path)

    def texts(folder: Path) -> set[tuple[str, str]]:
        contexts = ET.parse(folder / f"earmark_{language}.ts").iter("context")
        return {
            (context.findtext("name") or "", message.findtext("source") or "")
            for context in contexts
            for message in context.iter("message")
        }

    assert texts(tmp_path) == texts(FOLDER), "run: make translations"


@pytest.mark.parametrize("language", LANGUAGES)
def test_compiled_translation_is_that_of_its_source(language: str, tmp_path: Path) -> None:
    compile_to(tmp_path)
    name = f"earmark_{language}.qm"
    assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes(), "run: make translations"


def test_no_text_hides_from_the_tools() -> None:
    """lupdate does not look into f-strings."""
    hidden = re.compile(r"""f(["']).*\{[^}]*\btr\(""")
    for file in SOURCES.rglob("*.py"):
        for line in file.read_text(encoding="utf-8").splitlines():
            assert not hidden.search(line), f"{file.name}: {line.strip()}"


def test_english_has_singular_and_plural(qapp: QApplication) -> None:
    words = Words()
    assert [words.tracks(count) for count in (0, 1, 1204)] == ["0 tracks", "1 track", "1,204 tracks"]
    assert words.duration(30) == "less than a minute"
    assert words.duration(3700) == "1 h 2 min"


def test_german_speaks_german_everywhere(qapp: QApplication, qtbot: QtBot) -> None:
    languages.install(qapp, Language.GERMAN)
    words = Words()
    assert [words.tracks(count) for count in (1, 1204)] == ["1 Stück", "1.204 Stücke"]
    assert number(4.25, 1) == "4,3"
    window = QMainWindow()
    qtbot.addWidget(window)
    actions = Actions(window)
    assert actions["accept"].text() == "Angehakte Tags annehmen"
    assert actions["toggle_3"].text() == "Vorschlag 3 an- oder abhaken"
    page = WriteReviewPage(actions)
    qtbot.addWidget(page)
    texts = [button.text() for button in page.findChildren(QPushButton)]
    assert "Zurück" in texts, "a text of the base class, asked for by a subclass"
    assert page.title.text() == "Vor dem Schreiben"


@pytest.mark.parametrize("language", [Language.ENGLISH, Language.GERMAN])
@pytest.mark.parametrize("kind", ChangeKind)
def test_every_change_has_a_name(qapp: QApplication, kind: ChangeKind, language: Language) -> None:
    languages.install(qapp, language)
    change = Change(kind, tags=1204, tracks=1, tag="Rock", value=0.62)
    name = change_name(change)
    assert name
    assert "{" not in name


def test_a_change_is_named_with_exact_numbers(qapp: QApplication) -> None:
    change = Change(ChangeKind.ACCEPT, tags=1204, tracks=380)
    assert change_name(change) == "Accept 1,204 tags on 380 tracks"
    assert change_name(Change(ChangeKind.THRESHOLD, tag="Rock", value=0.3)) == "Threshold of Rock 0.30"
    languages.install(qapp, Language.GERMAN)
    assert change_name(change) == "1.204 Tags annehmen (380 Stücke)"


def test_system_language_that_is_not_there_is_english(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QLocale, "system", lambda: QLocale("fr_FR"))
    languages.install(qapp, Language.SYSTEM)
    assert Words().tracks(2) == "2 tracks"
    monkeypatch.setattr(QLocale, "system", lambda: QLocale("de_AT"))
    languages.install(qapp, Language.SYSTEM)
    assert Words().tracks(2) == "2 Stücke"


def test_every_action_text_is_translated(qapp: QApplication, qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    actions = Actions(window)
    english = {entry.id: actions[entry.id].text() for entry in TABLE}
    languages.install(qapp, Language.GERMAN)
    german = Actions(window)
    alike = [id_ for id_, text in english.items() if german[id_].text() == text]
    assert alike == ["pause", "mode_tags"], "words that both languages share"


def test_filled_puts_parts_where_the_translation_wants_them() -> None:
    assert filled("%2 in %1", "a", "b") == "b in a"
