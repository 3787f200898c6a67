"""Every choice makes other settings, and what is refused is explained beside its control."""

import pytest
from PySide6.QtWidgets import QCheckBox, QWidget
from pytestqt.qtbot import QtBot

from gui.actions.actions import Actions
from gui.look.languages import Language
from gui.look.theme import Scheme
from gui.pages.settings_page import SettingsPage
from tagger_core.model_card import ModelFolder, model_folders, shipped_models
from tagger_core.settings import CustomPreset, Settings
from tests.gui.visible import visible_text


@pytest.fixture
def settings_page(qtbot: QtBot, actions: Actions) -> SettingsPage:
    page = SettingsPage(actions, Settings(), Scheme.SYSTEM, Language.SYSTEM)
    qtbot.addWidget(page)
    return page


def choose(control: QWidget, text: str) -> None:
    position = control.findText(text)  # type: ignore[attr-defined]
    assert position >= 0, text
    control.setCurrentIndex(position)  # type: ignore[attr-defined]
    control.activated.emit(position)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("control", "text", "expected"),
    [
        ("profile", "Strict", {"profile": "strict"}),
        ("preset", "DJ", {"preset": "dj"}),
        ("mode", "Replace", {"mode": "replace"}),
        ("effort", "Quick", {"effort": "quick"}),
    ],
)
def test_choice_makes_other_settings(
    qtbot: QtBot, settings_page: SettingsPage, control: str, text: str, expected: dict[str, str]
) -> None:
    with qtbot.waitSignal(settings_page.changed) as changed:
        choose(getattr(settings_page, control), text)
    assert changed.args == [Settings().overridden(**expected)]


def test_preset_says_what_goes_where(settings_page: SettingsPage) -> None:
    assert "genre → GENRE" in visible_text(settings_page)
    choose(settings_page.preset, "Genre only")
    assert "instruments → GENRE" in visible_text(settings_page)
    choose(settings_page.preset, "DJ")
    assert "moods are repeated in the comment" in visible_text(settings_page)


def test_own_preset_is_offered_where_there_is_one(qtbot: QtBot, actions: Actions, settings_page: SettingsPage) -> None:
    assert settings_page.preset.findText("Custom") < 0
    page = SettingsPage(actions, Settings(custom=CustomPreset()), Scheme.SYSTEM, Language.SYSTEM)
    qtbot.addWidget(page)
    assert page.preset.findText("Custom") >= 0


def test_numbers_words_and_ticks_make_other_settings(qtbot: QtBot, settings_page: SettingsPage) -> None:
    seen: list[Settings] = []
    settings_page.changed.connect(seen.append)
    settings_page.jobs.setValue(3)
    settings_page.journal_limit.setValue(512)
    settings_page.protected.setText(" Audiobook, , Christmas ")
    settings_page.protected.editingFinished.emit()
    next(box for box in settings_page.findChildren(QCheckBox) if "time of change" in box.accessibleName()).click()
    assert seen[-1] == Settings(jobs=3, journal_limit_mb=512, protected=("Audiobook", "Christmas"), preserve_mtime=True)
    assert len(seen) == 4
    settings_page.protected.editingFinished.emit()
    assert len(seen) == 4, "nothing else was said"


def test_what_is_refused_is_explained_beside_its_control(settings_page: SettingsPage) -> None:
    seen: list[Settings] = []
    settings_page.changed.connect(seen.append)
    settings_page.models.chosen.emit(())
    assert "At least one model has to listen" in visible_text(settings_page)
    settings_page.models.chosen.emit(("magnatagatune",))
    assert "At least one model" not in visible_text(settings_page)
    assert seen == [Settings(models=("magnatagatune",))]


def test_models_are_listed_with_what_their_cards_say(settings_page: SettingsPage) -> None:
    found = [ModelFolder.load(folder) for folder in model_folders([shipped_models()])]
    settings_page.show_models(found, ["/x is not a model folder: it has no card.json"])
    boxes = {box.text(): box for box in settings_page.models.findChildren(QCheckBox)}
    assert all(any(folder.card.title in text for text in boxes) for folder in found)
    ticked = [folder for folder in found if folder.path.name in Settings().models]
    assert sum(box.isChecked() for box in boxes.values()) == len(ticked)
    text = visible_text(settings_page)
    assert found[0].card.description in text
    assert "the players of TagATune. 36 tags." in text  # of 50 labels, some of which mean the same
    assert "/x is not a model folder" in text


def test_device_says_what_is_really_used(settings_page: SettingsPage) -> None:
    assert "Not loaded yet" in visible_text(settings_page)
    settings_page.show_devices(["cpu", "cpu"], ["cpu", "cuda"])
    assert "In use now: CPU." in visible_text(settings_page)
    assert [settings_page.device.itemText(n) for n in range(3)] == ["Automatic", "CPU", "CUDA (NVIDIA)"]


def test_theme_and_language_are_told(qtbot: QtBot, settings_page: SettingsPage) -> None:
    with qtbot.waitSignal(settings_page.scheme_chosen) as scheme:
        choose(settings_page.scheme, "Dark")
    with qtbot.waitSignal(settings_page.language_chosen) as language:
        choose(settings_page.language, "Deutsch")
    assert scheme.args == [Scheme.DARK]
    assert language.args == [Language.GERMAN]


def test_showing_settings_tells_nothing(settings_page: SettingsPage) -> None:
    settings_page.changed.connect(lambda _: pytest.fail("nobody has chosen anything"))
    settings_page.show_settings(Settings(jobs=4, preset="dj", mode="fill", protected=("X",), allow_hard_links=True))
    assert settings_page.jobs.value() == 4
    assert settings_page.protected.text() == "X"
