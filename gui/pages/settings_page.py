"""Every choice a person has, each with one plain line; a change takes effect at once and is kept."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from gui.actions.actions import Actions
from gui.look import theme
from gui.look.languages import Language
from gui.look.theme import Scheme
from gui.look.wording import Words, filled
from gui.pages.model_list import ModelList
from gui.pages.page import WIDTH, Page
from gui.pages.setting_row import Choice, Number, SettingRow
from tagger_core.domain import Category, Effort
from tagger_core.errors import SettingsError
from tagger_core.model_card import PROFILES, ModelFolder
from tagger_core.settings import Settings
from tagger_core.tag_fields import PRESETS

_MAX_JOBS = 64
_MAX_JOURNAL_MB = 1_000_000


class SettingsPage(Page):
    """Shows ``Settings`` and tells of other ones; what is refused is explained beside its control."""

    changed = Signal(object)
    """``Settings``: the person has chosen something else."""
    scheme_chosen = Signal(object)
    language_chosen = Signal(object)
    model_folder_wanted = Signal()

    def __init__(self, actions: Actions, settings: Settings, scheme: Scheme, language: Language) -> None:
        super().__init__(QCoreApplication.translate("SettingsPage", "Settings"), actions)
        self._words = Words(self)
        self._settings = settings
        self._rows: dict[str, SettingRow] = {}
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        self._column.setContentsMargins(0, 0, theme.SPACE, 0)
        self._listening()
        self._suggesting()
        self._writing()
        self._looks(scheme, language)
        self._column.addStretch()
        self.body.addWidget(self._scrolled())
        self.show_settings(settings)

    def show_settings(self, settings: Settings) -> None:
        """What is in force."""
        self._settings = settings
        self.device.show_value(settings.device)
        self.jobs.show_value(settings.jobs)
        self.effort.show_value(str(settings.effort))
        self.profile.show_value(settings.profile)
        self.preset.show_value(settings.preset)
        self.mode.show_value(settings.mode)
        self.journal_limit.show_value(settings.journal_limit_mb)
        self.protected.setText(", ".join(settings.protected))
        for name, box in self._boxes.items():
            box.blockSignals(True)
            box.setChecked(getattr(settings, name))
            box.blockSignals(False)
        self._rows["preset"].explanation.setText(self._preset_text(settings))

    def show_models(self, found: Sequence[ModelFolder], unusable: Sequence[str]) -> None:
        """The models that can be chosen."""
        self.models.show_models(found, unusable, self._settings.models)

    def show_devices(self, active: Sequence[str], available: Sequence[str]) -> None:
        """``active``: what the models really run on; ``available``: what could be chosen."""
        self.device.offer([("auto", self.tr("Automatic")), *((name, _DEVICES.get(name, name)) for name in available)])
        self.device.show_value(self._settings.device)
        row = self._rows["device"]
        names = ", ".join(dict.fromkeys(_DEVICES.get(name, name) for name in active))
        where = self.tr("Where the models run. Automatic takes the fastest that works.")
        now = filled(self.tr("In use now: %1."), names) if names else self.tr("Not loaded yet.")
        row.explanation.setText(f"{where} {now}")

    def _change(self, name: str, value: Any) -> None:
        """Take over one choice, or say why not."""
        row = self._rows[name]
        try:
            settings = self._settings.overridden(**{name: value})
        except SettingsError as error:
            row.show_error(str(error))
            return
        row.show_error("")
        if settings != self._settings:
            self.show_settings(settings)
            self.changed.emit(settings)

    def _choose_models(self, names: tuple[str, ...]) -> None:
        if names:
            self._change("models", names)
        else:
            self._rows["models"].show_error(
                self.tr("At least one model has to listen; the last choice stays in force.")
            )

    def _listening(self) -> None:
        self._heading(self.tr("Listening"))
        self.models = ModelList()
        self.models.chosen.connect(self._choose_models)
        self.models.add_wanted.connect(self.model_folder_wanted)
        self._row(
            "models",
            self.tr("Models"),
            self.tr("Those that are ticked listen to every track; several vote together. Other models listen anew."),
            self.models,
            below=True,
        )
        self.device = Choice([("auto", self.tr("Automatic"))])
        self._row("device", self.tr("Device"), "", self.device)
        self.show_devices((), ())
        efforts = {Effort.QUICK: self.tr("Quick"), Effort.BALANCED: self.tr("Balanced"), Effort.FULL: self.tr("Full")}
        self.effort = Choice([(str(effort), efforts[effort]) for effort in Effort])
        self._row(
            "effort",
            self.tr("Effort"),
            self.tr(
                "Full listens to all of a track. Balanced listens to about half of it and quick to a third, in places"
                " all over it: that is faster, and most suggestions stay the same. More effort listens anew."
            ),
            self.effort,
        )
        self.jobs = Number(0, _MAX_JOBS, zero=self.tr("Automatic"))
        self._row(
            "jobs",
            self.tr("Tracks at the same time"),
            self.tr("Automatic is one less than there are cores. Fewer leave more of the machine to other programs."),
            self.jobs,
        )

    def _suggesting(self) -> None:
        self._heading(self.tr("Suggesting"))
        names = {"strict": self.tr("Strict"), "balanced": self.tr("Balanced"), "generous": self.tr("Generous")}
        self.profile = Choice([(profile, names[profile]) for profile in PROFILES])
        self._row(
            "profile",
            self.tr("Thresholds"),
            self.tr("Strict suggests few sure tags, generous suggests many. Single tags can have their own threshold."),
            self.profile,
        )

    def _writing(self) -> None:
        self._heading(self.tr("Writing"))
        presets = [*PRESETS, *(["custom"] if self._settings.custom else [])]
        self.preset = Choice([(name, self._words.preset(name)) for name in presets])
        self._row("preset", self.tr("Preset: what goes where"), "", self.preset)
        self.mode = Choice(
            [("merge", self.tr("Merge")), ("replace", self.tr("Replace")), ("fill", self.tr("Fill empty fields"))]
        )
        self._row(
            "mode",
            self.tr("Values that are there already"),
            self.tr(
                "Merge keeps them and adds; replace lets them make way for new ones;"
                " fill leaves fields alone that say anything."
            ),
            self.mode,
        )
        self.protected = QLineEdit()
        self.protected.setPlaceholderText(self.tr("Audiobook, Christmas"))
        self.protected.editingFinished.connect(
            lambda: self._change(
                "protected", [word for part in self.protected.text().split(",") if (word := part.strip())]
            )
        )
        self._row(
            "protected",
            self.tr("Protected values"),
            self.tr("Replace never takes these out. Separate them with commas."),
            self.protected,
        )
        self._boxes: dict[str, QCheckBox] = {}
        self._box(
            "preserve_mtime",
            self.tr("Keep the time of change"),
            self.tr("Files keep their date; programs that look for changed files will not notice."),
        )
        self._box(
            "allow_hard_links",
            self.tr("Write files that have several names"),
            self.tr("The file is written under this name; its other names keep the old tags."),
        )
        self.journal_limit = Number(1, _MAX_JOURNAL_MB, unit=" MB")
        self._row(
            "journal_limit_mb",
            self.tr("Room for undoing"),
            self.tr("Above it, runs older than 30 days can be undone in their fields, but not byte for byte."),
            self.journal_limit,
        )

    def _looks(self, scheme: Scheme, language: Language) -> None:
        self._heading(self.tr("Window"))
        self.scheme = Choice(
            [
                (Scheme.SYSTEM, self.tr("As the system")),
                (Scheme.LIGHT, self.tr("Light")),
                (Scheme.DARK, self.tr("Dark")),
            ]
        )
        self.scheme.show_value(scheme)
        self.scheme.chosen.connect(self.scheme_chosen)
        self._place(SettingRow(self.tr("Theme"), self.tr("Light or dark, or what the system says."), self.scheme))
        self.language = Choice(
            [(Language.SYSTEM, self.tr("As the system")), (Language.ENGLISH, "English"), (Language.GERMAN, "Deutsch")]
        )
        self.language.show_value(language)
        self.language.chosen.connect(self.language_chosen)
        self._place(SettingRow(self.tr("Language"), self.tr("Of the window; tags stay as they are."), self.language))

    def _heading(self, text: str) -> None:
        if self._column.count():
            line = QFrame()
            line.setProperty("look", "line")
            self._column.addSpacing(theme.SPACE)
            self._column.addWidget(line)
            self._column.addSpacing(2 * theme.SPACE)
        heading = QLabel(text)
        font = theme.font_bold()
        font.setPointSizeF(font.pointSizeF() * 1.2)
        heading.setFont(font)
        self._column.addWidget(heading)

    def _box(self, name: str, title: str, explanation: str) -> None:
        box = QCheckBox(self.tr("Yes"))
        box.setAccessibleName(title)
        box.toggled.connect(lambda ticked: self._change(name, ticked))
        self._boxes[name] = box
        self._row(name, title, explanation, box)

    def _row(self, setting: str, title: str, explanation: str, control: QWidget, *, below: bool = False) -> None:
        row = SettingRow(title, explanation, control, below=below)
        self._rows[setting] = row
        if isinstance(control, (Choice, Number)):
            control.chosen.connect(lambda value: self._change(setting, value))
        self._place(row)

    def _place(self, row: SettingRow) -> None:
        self._column.addWidget(row)

    def _preset_text(self, settings: Settings) -> str:
        preset = settings.written_preset
        goes = ", ".join(
            f"{self._words.category(category)} → {preset.fields[category]}"
            for category in Category
            if category in preset.fields
        )
        extras = []
        if preset.joined:
            extras.append(self.tr("several values become one text, for older players"))
        if preset.mood_comment:
            extras.append(self.tr("moods are repeated in the comment"))
        return "; ".join([goes, *extras]) + "."

    def _scrolled(self) -> QScrollArea:
        inner = QWidget()
        inner.setMaximumWidth(WIDTH)
        inner.setLayout(self._column)
        area = QScrollArea()
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName(self.tr("Settings"))
        return area


_DEVICES = {"cpu": "CPU", "cuda": "CUDA (NVIDIA)", "directml": "DirectML", "coreml": "Core ML"}
