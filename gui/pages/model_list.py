"""The models that were found, of which those that are ticked listen to every track."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.look import theme
from gui.look.wording import number
from gui.pages.page import muted
from tagger_core.model_card import ModelFolder
from tagger_core.vocabulary import Vocabulary


class ModelList(QWidget):
    """A tick box for each model, with what its card says."""

    chosen = Signal(object)
    """``tuple[str, ...]``: the names of the models that are ticked."""
    add_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._boxes: list[tuple[str, QCheckBox]] = []
        self._models = QVBoxLayout()
        self._models.setSpacing(theme.GAP)
        add = QPushButton(self.tr("Add a folder with models…"))
        add.setAccessibleName(add.text())
        add.clicked.connect(self.add_wanted)
        line = QHBoxLayout()
        line.addWidget(add)
        line.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.GAP, 0, 0)
        column.setSpacing(theme.SPACE)
        column.addLayout(self._models)
        column.addLayout(line)

    def show_models(self, found: Sequence[ModelFolder], unusable: Sequence[str], chosen: Sequence[str]) -> None:
        """``unusable``: one sentence for each folder that looks like a model but is none."""
        while (item := self._models.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        self._boxes = []
        for folder in found:
            self._add(folder, folder.path.name in chosen or str(folder.path) in chosen)
        for sentence in unusable:
            problem = muted(sentence)
            problem.setProperty("look", "warn")
            self._models.addWidget(problem)

    def _add(self, folder: ModelFolder, ticked: bool) -> None:
        card = folder.card
        box = QCheckBox(f"{card.title} {card.version}")
        box.setChecked(ticked)
        box.setAccessibleDescription(card.description)
        box.setToolTip(f"{folder.path}\n{card.licence}. {card.attribution}")
        box.toggled.connect(self._tell)
        self._boxes.append((folder.path.name, box))
        self._models.addWidget(box)
        vocabulary = Vocabulary([card])
        tags = {tag.name for label in card.labels if (tag := vocabulary.tag_of(label.name))}
        told = self.tr("%1 tags.").replace("%1", number(len(tags)))
        description = muted(f"{card.description} {told}")
        description.setContentsMargins(3 * theme.SPACE, 0, 0, theme.GAP)
        self._models.addWidget(description)

    def _tell(self) -> None:
        self.chosen.emit(tuple(name for name, box in self._boxes if box.isChecked()))
