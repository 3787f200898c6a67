"""The Tab key leads through the window as one reads it: bars above, from left to right, bars below."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton, QWidget

from gui.inspector.inspector import Inspector
from gui.library.events import Progress, RunState
from gui.shell.main_window import MainWindow
from gui.shell.progress_strip import ProgressStrip
from gui.tracks.tag_filter_panel import TagFilterPanel
from gui.tracks.threshold_bar import ThresholdBar
from gui.tracks.track_view import TrackView
from gui.tracks.triage_panel import TriagePanel

_BACKWARDS = Qt.Key.Key_Backtab


def visited(window: MainWindow, parts: tuple[type[QWidget], ...], key: Qt.Key = Qt.Key.Key_Tab) -> list[type[QWidget]]:
    """The parts through which the key leads from the first button on, until it is there again."""
    first = window.top_bar.findChild(QToolButton)
    assert first is not None
    first.setFocus()
    way: list[type[QWidget]] = []
    for _ in range(200):
        QTest.keyClick(window.focusWidget(), key)
        focused = window.focusWidget()
        if focused is first:
            return way
        part = next((part for part in parts if is_in(focused, part)), None)
        if part and way[-1:] != [part]:
            way.append(part)
    pytest.fail(f"the key leads nowhere: {way}")


def is_in(widget: QWidget | None, part: type[QWidget]) -> bool:
    while widget is not None and not isinstance(widget, part):
        widget = widget.parentWidget()
    return widget is not None


_REVIEW = (TriagePanel, TagFilterPanel, TrackView, Inspector, ThresholdBar, ProgressStrip)


def test_tab_leads_through_every_panel_of_the_review_in_reading_order(window: MainWindow) -> None:
    window.library.progress_changed.emit(Progress(RunState.ANALYSING, 1, 60))
    assert visited(window, _REVIEW) == list(_REVIEW)
    assert visited(window, _REVIEW, _BACKWARDS) == list(reversed(_REVIEW))


def test_tab_comes_to_the_bar_below_after_a_page(window: MainWindow) -> None:
    window.command["settings"].trigger()
    window.library.progress_changed.emit(Progress(RunState.ANALYSING, 1, 60))
    page = type(window.pages.settings)
    assert visited(window, (page, ProgressStrip)) == [page, ProgressStrip]


def test_keys_go_to_the_tracks_when_a_page_is_left(window: MainWindow) -> None:
    window.library.do("accept", np.array([0]))
    window.command["settings"].trigger()
    window.command["back"].trigger()
    assert isinstance(QApplication.focusWidget(), TrackView)
    window.command["mode_tags"].trigger()
    window.command["settings"].trigger()
    window.command["back"].trigger()
    assert window.review.isAncestorOf(QApplication.focusWidget())
    assert not isinstance(QApplication.focusWidget(), TrackView)


def test_keys_stay_with_the_tracks_when_a_button_has_nothing_more_to_do(window: MainWindow) -> None:
    button = next(one for one in window.review.findChildren(QPushButton) if one.text() == "Accept all ready")
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert not button.isEnabled()
    assert isinstance(QApplication.focusWidget(), TrackView)


def test_keys_stay_with_the_tracks_when_a_button_vanishes(window: MainWindow) -> None:
    window.library.progress_changed.emit(Progress(RunState.ANALYSING, 1, 60))
    pause = next(one for one in window.strip.findChildren(QToolButton) if one.text() == "Pause")
    pause.setFocus()
    window.library.progress_changed.emit(Progress(RunState.IDLE, 60, 60))
    assert isinstance(QApplication.focusWidget(), TrackView)
