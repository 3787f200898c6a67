"""What the open line of the suggestions says below itself: why, and the tag's own threshold.

Contents: ``TagDetail``, ``why_text``
"""

import html
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui.inspector.suggestion_lines import SuggestionLine
from gui.inspector.words import probability_text
from gui.look import theme
from gui.look.wording import Words, filled

if TYPE_CHECKING:
    from tagger_core.suggestions import Evidence


def why_text(line: SuggestionLine, share: float, evidence: "Sequence[Evidence]") -> str:
    """One paragraph, plain text. ``share``: of the heard tracks, those on which the tag is ticked."""
    translate = QCoreApplication.translate
    parts = [Words().category(line.category)]
    if not math.isnan(share):
        parts.append(filled(translate("TagDetail", "fires on %1 of your library"), _percent(share)))
    if line.by_hand:
        parts.append(translate("TagDetail", "decided by hand"))
    text = " · ".join(parts)
    one = translate("TagDetail", "%1: %2 %3 (threshold %4)")
    heard = [
        filled(
            one,
            witness.model,
            witness.label,
            probability_text(witness.probability),
            probability_text(witness.threshold),
        )
        for witness in evidence
    ]
    return "\n".join([text, *heard])


def _percent(share: float) -> str:
    """0.412 -> "41 %"; what is rare is not nothing."""
    return "< 1 %" if 0 < share < 0.01 else f"{100 * share:.0f} %"


class TagDetail(QWidget):
    """Why a tag is suggested, and its threshold as a field."""

    threshold_chosen = Signal(float)
    threshold_reset = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.why = QLabel()
        self.why.setFont(theme.font_small())
        self.why.setProperty("look", "muted")
        self.why.setWordWrap(True)
        self.why.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.threshold = QDoubleSpinBox()
        self.threshold.lineEdit().setTextMargins(theme.GAP, 0, 0, 0)
        self.threshold.setAccessibleName(self.tr("Threshold"))
        self.threshold.setRange(0.01, 0.99)
        self.threshold.setSingleStep(0.01)
        self.threshold.setDecimals(2)
        self.threshold.setKeyboardTracking(False)
        self.threshold.valueChanged.connect(self.threshold_chosen)
        self._label = QLabel(self.tr("Threshold"))
        self._label.setBuddy(self.threshold)
        self.reset_button = QPushButton(self.tr("Back to the profile"))
        self.reset_button.setProperty("look", "link")
        self.reset_button.clicked.connect(self.threshold_reset)
        row = QHBoxLayout()
        row.addWidget(self._label)
        row.addWidget(self.threshold)
        row.addWidget(self.reset_button)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(44, 0, theme.SPACE, theme.SPACE)
        column.setSpacing(theme.GAP)
        column.addWidget(self.why)
        column.addLayout(row)

    def show_tag(self, line: SuggestionLine, why: str, *, own_threshold: bool) -> None:
        """``own_threshold``: a person has chosen it, so there is a way back."""
        self.why.setText(html.escape(why).replace("\n", "<br>"))
        known = not math.isnan(line.threshold)
        for widget in (self._label, self.threshold):
            widget.setVisible(known)
        self.reset_button.setVisible(known and own_threshold)
        self.threshold.setAccessibleName(filled(self.tr("Threshold of %1"), line.name))
        self.reset_button.setAccessibleName(filled(self.tr("Threshold of %1 back to the profile"), line.name))
        self.threshold.blockSignals(True)
        if known:
            self.threshold.setValue(line.threshold)
        self.threshold.blockSignals(False)
