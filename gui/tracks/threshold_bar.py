"""The bar of thresholds: how sure the models must be of one tag, or of all; and what that accepts.

Contents: ``ThresholdBar``
"""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QWidget,
)

from gui.focus import NO_TAG, Focus
from gui.library.library import Library
from gui.look import theme
from gui.look.wording import Words, filled, number
from gui.tracks.histogram_slider import STEPS, HistogramSlider
from gui.tracks.spread import Spread
from tagger_core.review import Group
from tagger_core.settings import Profile

if TYPE_CHECKING:
    from tagger_core.review import Review

_PROFILES: tuple[Profile, ...] = ("strict", "balanced", "generous")
_NAME_WIDTH = 150
_BARS = 50


class ThresholdBar(QWidget):
    """Threshold, profile, and the button that accepts what is ready."""

    def __init__(self, library: Library, focus: Focus) -> None:
        super().__init__()
        self._library = library
        self._focus = focus
        self._words = Words(self)
        self._spread = Spread(_BARS)
        self._name = QLabel()
        self._all = self._all_button()
        self._slider = HistogramSlider()
        self._field = self._number_field()
        self._profile = self._profile_box()
        self._reset = self._reset_button()
        self._says = QLabel()
        self._explains = QLabel()
        self._accept = self._accept_button()
        self._lay_out()
        # A drag brings more positions than can be judged between two frames: the latest one counts.
        self._moved = QTimer(self, interval=0, singleShot=True)
        self._moved.timeout.connect(self._judge)
        self._slider.valueChanged.connect(lambda: self._moved.start())
        self._field.valueChanged.connect(self._typed)
        focus.tag_changed.connect(self._refresh)
        library.review_changed.connect(self._refresh)
        library.reset.connect(self._refresh)
        theme.notifier().changed.connect(self._tint)
        self._tint()
        self._refresh()

    # the parts

    def _all_button(self) -> QToolButton:
        button = QToolButton()
        button.setToolTip(self.tr("Back to the thresholds of all tags"))
        button.setAccessibleName(button.toolTip())
        button.clicked.connect(lambda: self._focus.set_tag(NO_TAG))
        return button

    def _number_field(self) -> QDoubleSpinBox:
        field = QDoubleSpinBox()
        field.lineEdit().setTextMargins(theme.GAP, 0, 0, 0)
        field.setRange(0.0, 1.0)
        field.setDecimals(2)
        field.setSingleStep(0.01)
        field.setKeyboardTracking(False)
        field.setAccessibleName(self.tr("Threshold"))
        return field

    def _profile_box(self) -> QComboBox:
        box = QComboBox()
        for profile, text, hint in zip(_PROFILES, self._profile_names(), self._profile_hints(), strict=True):
            box.addItem(text, profile)
            box.setItemData(box.count() - 1, hint, Qt.ItemDataRole.ToolTipRole)
        box.setAccessibleName(self.tr("Profile of thresholds"))
        box.setToolTip(self.tr("Each tag has its own fitted threshold; the profile moves them all"))
        box.activated.connect(lambda place: self._library.do("set_profile", box.itemData(place)))
        return box

    def _profile_names(self) -> tuple[str, ...]:
        return self.tr("Strict"), self.tr("Balanced"), self.tr("Generous")

    def _profile_hints(self) -> tuple[str, ...]:
        return (
            self.tr("Fewer tags, and those are nearly always right"),
            self.tr("As many right tags as wrong ones are worth"),
            self.tr("More tags, with more wrong ones among them"),
        )

    def _reset_button(self) -> QToolButton:
        button = QToolButton()
        button.setToolTip(self.tr("Back to the threshold of the profile"))
        button.setAccessibleName(button.toolTip())
        button.clicked.connect(lambda: self._library.do("set_threshold", self._column(), None))
        return button

    def _accept_button(self) -> QPushButton:
        button = QPushButton(self.tr("Accept all ready"))
        button.setToolTip(
            self.tr("Accept every track of the group Ready. Nothing is written before you press Write. (Ctrl+Shift+A)")
        )
        button.clicked.connect(self._accept_ready)
        return button

    def _lay_out(self) -> None:
        self._name.setFont(theme.font_bold())
        self._name.setFixedWidth(_NAME_WIDTH)
        self._slider.setAccessibleName(self.tr("Threshold"))
        self._explains.setProperty("look", "muted")
        self._explains.setFont(theme.font_small())
        right = QHBoxLayout()
        right.setSpacing(theme.SPACE)
        for widget in (self._field, self._profile, self._reset):
            right.addWidget(widget)
        grid = QGridLayout(self)
        grid.setContentsMargins(theme.SPACE, theme.GAP, theme.SPACE, theme.GAP)
        grid.setHorizontalSpacing(theme.SPACE)
        grid.setVerticalSpacing(0)
        grid.addWidget(self._name, 0, 0)
        grid.addWidget(self._all, 0, 1)
        grid.addWidget(self._slider, 0, 2)
        grid.addLayout(right, 0, 3)
        grid.addWidget(self._says, 0, 4)
        grid.addWidget(self._accept, 0, 5)
        grid.addWidget(self._explains, 1, 0, 1, 6)
        grid.setColumnStretch(2, 1)

    # what a person does

    def _typed(self, value: float) -> None:
        self._slider.setValue(round(value * STEPS))

    def _judge(self) -> None:
        self._library.do("set_threshold", self._column(), self._slider.value() / STEPS)

    def _accept_ready(self) -> None:
        self._library.do("accept_ready", np.arange(len(self._library.review)))

    # what is shown

    def _column(self) -> int | None:
        return None if self._focus.tag == NO_TAG else self._focus.tag

    def _refresh(self) -> None:
        review = self._library.review
        column = self._column()
        threshold = self._threshold(review, column)
        self._name.setText(self.tr("All tags") if column is None else review.tags[column].name)
        self._all.setVisible(column is not None)
        self._spread.look_again(review)
        hue = None if column is None else theme.category_hue(review.tags[column].category)
        self._slider.show_histogram(self._spread.heights(review, column), hue)
        self._slider.show_threshold(threshold)
        self._show_number(threshold)
        self._profile.setCurrentIndex(_PROFILES.index(review.settings.profile))
        self._reset.setEnabled(self._is_own(review, column))
        tags, tracks = review.pending()
        self._explains.setText(" ".join((self._explanation(review, column), self._left_out(review, tracks))))
        self._says.setText(filled(self.tr("Accepting %1 on %2"), self._words.tags(tags), self._words.tracks(tracks)))
        self._accept.setEnabled(tracks > 0)

    def _threshold(self, review: "Review", column: int | None) -> float:
        """Of the tag; for all tags the one that was set for all, or else the middle one."""
        if column is not None:
            return float(review.thresholds[column])
        own = review.settings.threshold
        return own if own is not None else float(np.median(review.thresholds)) if len(review.thresholds) else 0.5

    def _is_own(self, review: "Review", column: int | None) -> bool:
        """Whether it differs from the profile because a person wanted it."""
        if column is None:
            return review.settings.threshold is not None or bool(review.settings.thresholds)
        return review.tags[column].name in review.settings.thresholds

    def _show_number(self, threshold: float) -> None:
        blocked = self._field.blockSignals(True)
        self._field.setValue(threshold)
        self._field.blockSignals(blocked)

    def _explanation(self, review: "Review", column: int | None) -> str:
        if column is None:
            if review.settings.threshold is None:
                return self.tr(
                    "Each tag has its own threshold, from the profile; move the handle to give all tags the same one."
                )
            return self.tr(
                "A tag is ticked where the models are at least this sure: further right means fewer and surer tags."
            )
        share = number(100 * review.fires_on(column))
        name = review.tags[column].name
        return filled(
            self.tr(
                "%1 is ticked where the models are at least this sure: further right means fewer and surer tracks. "
                "Now it fires on %2 % of your library."
            ),
            name,
            share,
        )

    def _left_out(self, review: "Review", counted: int) -> str:
        """Why fewer tracks would be accepted than the triage counts as ready; "" if it is not so."""
        left_out = review.counts()[Group.READY] - counted
        return self.tr("Not counted: %Ln ready track(s) that cannot be written.", "", left_out) if left_out else ""

    def _tint(self) -> None:
        self._all.setIcon(theme.icon("close"))
        self._reset.setIcon(theme.icon("undo"))
