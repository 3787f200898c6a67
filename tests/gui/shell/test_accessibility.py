"""For everybody: names for screen readers, the way of the Tab key, small screens."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QMenuBar,
    QScrollBar,
    QSplitter,
    QSplitterHandle,
    QWidget,
)

from gui.library.events import WriteReport
from gui.shell.main_window import MainWindow

INTERACTIVE = (QAbstractButton, QAbstractItemView, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit)
INNER = (QScrollBar, QSplitterHandle)


def inside_another(widget: QWidget) -> bool:
    """A part of which Qt makes a widget: the field of a spin box, the list of a combo box."""
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, (QAbstractSpinBox, QComboBox, QAbstractItemView, QLineEdit, QMenuBar)):
            return True
        above = above.parentWidget()
    return False


def nameless(root: QWidget) -> list[str]:
    """What can be operated and has no name for a screen reader; inner parts of Qt's own widgets aside."""
    found = []
    for widget in root.findChildren(QWidget):
        if not isinstance(widget, INTERACTIVE) or isinstance(widget, INNER) or inside_another(widget):
            continue
        name = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
        if not name.strip():
            found.append(f"{type(widget).__name__} in {type(widget.parent()).__name__}")
    return found


def test_everything_that_can_be_operated_has_a_name(window: MainWindow) -> None:
    for id_ in ("mode_tags", "mode_map", "mode_tracks", "settings", "history", "write", "about"):
        window.command[id_].trigger()
    window.library.written.emit(WriteReport(1, 2, 3))
    window.command["shortcuts"].trigger()
    window.command["palette"].trigger()
    assert nameless(window) == []


def test_tab_reaches_every_part_of_the_window(window: MainWindow) -> None:
    window.top_bar.search.setFocus()
    visited: list[QWidget] = []
    for _ in range(200):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        if window.focusWidget() in visited:
            break
        visited.append(window.focusWidget())
    assert window.top_bar.search in visited, "the way leads round"
    assert any(window.review.isAncestorOf(widget) for widget in visited)
    assert any(isinstance(widget, QAbstractItemView) for widget in visited)


def test_window_fits_a_small_screen(window: MainWindow) -> None:
    for id_ in ("mode_tracks", "mode_tags", "mode_map"):
        window.command[id_].trigger()
        hint = window.minimumSizeHint()
        assert hint.width() <= 1280, id_
        assert hint.height() <= 800, id_


def test_no_panel_is_squeezed_on_a_small_screen(window: MainWindow) -> None:
    window.resize(1024, 700)
    window.keep_geometry()
    splitter = window.review.findChildren(QSplitter)[0]
    splitter.setSizes([10, 1000, 10])
    left, tracks, inspector = splitter.sizes()
    assert left >= 150
    assert inspector >= 300
    assert tracks >= 300
