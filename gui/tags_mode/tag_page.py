"""The page of one tag: histogram, threshold, what it means in numbers, and the tracks on both sides of it.

Contents: ``TagPage``
"""

from collections.abc import Sequence
from itertools import groupby

import numpy as np
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui.focus import NO_TAG, Focus
from gui.library.library import Library
from gui.look import theme
from gui.look.wording import Words, filled, number
from gui.tags_mode.cut_list import CutList
from gui.tags_mode.cut_view import CutView
from gui.tags_mode.histogram import BINS, STEP, Histogram
from tagger_core.measured_thresholds import MeasuredThreshold, measured_thresholds, nearest_below
from tagger_core.vocabulary import Tag

_SCALE_KEY = "tags_mode.scale"
_LINEAR, _LOGARITHMIC = "linear", "logarithmic"
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class TagPage(QWidget):
    """Everything about ``focus.tag``."""

    def __init__(self, library: Library, focus: Focus, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._focus = focus
        self.listed = CutList(library, self)
        self.title = QLabel(self)
        self.title.setFont(theme.font_title())
        self.share = _muted(self)
        self.histogram = Histogram(self)
        self.logarithmic = QCheckBox(self.tr("Logarithmic"), self)
        self.logarithmic.setToolTip(self.tr("Ten times as many tracks are one step higher"))
        self.logarithmic.setAccessibleName(self.tr("Logarithmic scale of the histogram"))
        self.numbers = QLabel(self)
        self.numbers.setWordWrap(True)
        self.measured = _muted(self)
        self.measured.setWordWrap(True)
        self.share.setMinimumWidth(1)  # rather cut than make the window wider
        self.accept = QPushButton(self)
        self.accept.setProperty("look", "primary")
        self.reject = QPushButton(self)
        self.reset = QPushButton(self.tr("Back to the profile"), self)
        self.reset.setProperty("look", "link")
        self.reset.setToolTip(self.tr("Forget your own threshold for this tag and use that of the profile"))
        self.view = CutView(self.listed, focus, self)
        self._measured: list[MeasuredThreshold] = []
        self.logarithmic.setChecked(library.recall(_SCALE_KEY) != _LINEAR)
        self.histogram.set_logarithmic(self.logarithmic.isChecked())
        self._lay_out()
        self._connect()

    def show_tag(self) -> None:
        """Turn to ``focus.tag``."""
        self.setEnabled(self._focus.tag != NO_TAG)
        if not self.isVisible():
            return
        self.listed.show_tag(self._focus.tag)
        if self._focus.tag == NO_TAG:
            self._say_nothing()
            return
        self._draw()
        self._say()
        self.view.show_cut()

    def refresh(self) -> bool:
        """The review has changed; whether other tracks were heard since."""
        if self._focus.tag == NO_TAG:
            return False
        threshold = self.histogram.cut
        more = self.listed.refresh()
        if more:
            self._draw()
        self._say()
        if self.histogram.cut != threshold:
            self.view.show_cut()
        return more

    def move_cut(self, steps: int) -> None:
        """Move the threshold by steps of a hundredth."""
        if self._focus.tag != NO_TAG:
            value = round(self._threshold() / STEP) * STEP + steps * STEP
            self._set_threshold(min(max(value, 0.0), 1.0))

    def accept_above(self) -> None:
        """Tick the tag by hand on every undecided track at or above the threshold."""
        rows = self.listed.undecided(self.listed.above)
        if len(rows):
            self._library.do("accept_above", self._focus.tag, self._threshold(), rows)

    def reject_below(self) -> None:
        """Untick the tag by hand on every undecided track below the threshold."""
        rows = self.listed.undecided(self.listed.below)
        if len(rows):
            self._library.do("reject_tag", rows, self._tag().name)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() in _ENTER:
            self.accept_above()
        else:
            super().keyPressEvent(event)

    def _tag(self) -> Tag:
        return self._library.review.tags[self._focus.tag]

    def _threshold(self) -> float:
        return float(self._library.review.thresholds[self._focus.tag])

    def _set_threshold(self, value: float) -> None:
        self._library.do("set_threshold", self._focus.tag, value)

    def _reset_threshold(self) -> None:
        self._library.do("set_threshold", self._focus.tag, None)

    def _choose_scale(self, logarithmic: bool) -> None:
        self._library.remember(_SCALE_KEY, _LOGARITHMIC if logarithmic else _LINEAR)
        self.histogram.set_logarithmic(logarithmic)

    def _draw(self) -> None:
        review, column = self._library.review, self._focus.tag
        hue = theme.category_hue(self._tag().category)
        self._measured = measured_thresholds(self._tag().name, review.cards, review.vocabulary)
        marks = tuple(one.value for one in self._measured) if len({one.label for one in self._measured}) == 1 else ()
        self.histogram.show_counts(review.histogram(column, BINS), hue, marks)
        self.view.set_hue(hue)

    def _say(self) -> None:
        tag, words, threshold = self._tag(), Words(), self._threshold()
        shown = number(threshold, 2)
        above, below = self.listed.above, self.listed.below
        undecided = self.listed.undecided(above)
        self.histogram.set_cut(threshold)
        self.title.setText(tag.name)
        share = number(100 * self._library.review.fires_on(self._focus.tag))
        self.share.setText(filled(self.tr("suggested on %1 % of what was heard"), share))
        amounts = words.tracks(len(above)), shown, number(len(undecided)), number(len(below))
        self.numbers.setText(filled(self.tr("%1 at or above %2, %3 of them undecided; %4 below"), *amounts))
        self.measured.setText(measured_text(nearest_below(self._measured, threshold)))
        self.measured.setToolTip("\n".join(measured_text([one]) for one in self._measured))
        self.accept.setText(filled(self.tr("Accept %1 on %2 above"), tag.name, words.tracks(len(undecided))))
        self.accept.setEnabled(bool(len(undecided)))
        count = len(self.listed.undecided(below))
        self.reject.setText(filled(self.tr("Reject on %1 below"), number(count)))
        self.reject.setEnabled(bool(count))

    def _say_nothing(self) -> None:
        self.title.setText(self.tr("No tag is chosen"))
        self.share.setText(self.tr("choose one in the list"))
        for text in (self.numbers, self.measured):
            text.clear()
        self.accept.setText(self.tr("Accept"))
        self.reject.setText(self.tr("Reject"))
        self.histogram.show_counts(np.zeros(BINS, np.intp), theme.current().text_muted)

    def _connect(self) -> None:
        self.histogram.cut_moved.connect(self._set_threshold)
        self.logarithmic.toggled.connect(self._choose_scale)
        self.accept.clicked.connect(self.accept_above)
        self.reject.clicked.connect(self.reject_below)
        self.reset.clicked.connect(self._reset_threshold)
        self._focus.tag_changed.connect(self.show_tag)
        theme.notifier().changed.connect(self._restyle)

    def _restyle(self) -> None:
        if self._focus.tag != NO_TAG and self.isVisible():
            self._draw()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.title)
        top.addSpacing(theme.SPACE)
        top.addWidget(self.share, 1, Qt.AlignmentFlag.AlignBottom)
        top.addWidget(self.logarithmic, 0, Qt.AlignmentFlag.AlignBottom)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.SPACE)
        buttons.addWidget(self.accept)
        buttons.addWidget(self.reject)
        buttons.addStretch(1)
        head = QVBoxLayout()
        head.setContentsMargins(2 * theme.SPACE, theme.SPACE, 2 * theme.SPACE, theme.SPACE)
        head.setSpacing(theme.GAP)
        head.addLayout(top)
        head.addWidget(self.histogram, 1)
        told = QHBoxLayout()
        told.addWidget(self.numbers, 1)
        told.addWidget(self.reset)
        head.addLayout(told)
        head.addWidget(self.measured)
        head.addSpacing(theme.GAP)
        head.addLayout(buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head, 2)
        layout.addWidget(self.view, 3)


def measured_text(measured: Sequence[MeasuredThreshold]) -> str:
    """What the cards say about the threshold, model by model, label by label."""
    lines = []
    for model, of_model in groupby(measured, key=lambda one: one.model):
        text = QCoreApplication.translate("TagPage", "“%1” was right %2 % of the time from %3 on")
        labels = [filled(text, one.label, number(100 * one.precision), number(one.value, 2)) for one in of_model]
        lines.append(filled(QCoreApplication.translate("TagPage", "%1 on test music: %2"), model, "; ".join(labels)))
    return ". ".join(lines)


def _muted(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setProperty("look", "muted")
    label.setFont(theme.font_small())
    return label
