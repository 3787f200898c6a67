"""The map on the screen: zoom, move, hover, click and lasso.

Its signals speak as ``MapScene`` does: columns of tags, positions of tracks.

Contents: ``MapCanvas``
"""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QToolTip, QWidget

from gui.look import theme
from gui.map_mode.map_scene import NOTHING, REACH, MapScene

ZOOM_STEP = 1.25
PAN_STEP = 60
"""Pixels, for the arrow keys."""

_WHEEL_NOTCH = 120
_LASSO_STEP = 3
"""Pixels between two corners of the lasso."""
_PAN_KEYS = {
    Qt.Key.Key_Left: (PAN_STEP, 0),
    Qt.Key.Key_Right: (-PAN_STEP, 0),
    Qt.Key.Key_Up: (0, PAN_STEP),
    Qt.Key.Key_Down: (0, -PAN_STEP),
}
_ZOOM_KEYS = {Qt.Key.Key_Plus: ZOOM_STEP, Qt.Key.Key_Equal: ZOOM_STEP, Qt.Key.Key_Minus: 1 / ZOOM_STEP}
_PANNING = Qt.MouseButton.MiddleButton | Qt.MouseButton.RightButton
_JOINING = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class MapCanvas(QWidget):
    """Shows a ``MapScene``; whoever changes the scene calls ``refresh``."""

    tag_chosen = Signal(int)
    """A tag was clicked, or reached by Tab."""
    tag_entered = Signal(int)
    """Enter was pressed at a tag."""
    tracks_chosen = Signal(object, bool)
    """Tracks that were clicked or lassoed, and whether they join the selection."""

    def __init__(self, describe: Callable[[int], str], parent: QWidget | None = None) -> None:
        """``describe`` says in a few lines what the track at a position is."""
        super().__init__(parent)
        self.scene = MapScene()
        self._describe = describe
        self._hovered = NOTHING
        self._pressed: QPointF | None = None
        self._lasso: list[QPointF] = []
        self._held: QPointF | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 200)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setAccessibleName(self.tr("Map of tags and tracks"))
        self.setAccessibleDescription(
            self.tr("Tab goes from tag to tag, Enter selects the tracks near it, arrows move the map, + and - zoom")
        )
        theme.notifier().changed.connect(self._restyle)

    def refresh(self) -> None:
        """The scene has changed."""
        self._hovered = NOTHING
        self.scene.spoil()
        self.update()

    def fit(self) -> None:
        self.scene.fit()
        self.update()

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Nearer or further; ``at`` stays where it is."""
        self.scene.look(self.scene.view.zoomed(factor, (at.x(), at.y()) if at else None))
        self.update()

    def pan(self, dx: float, dy: float) -> None:
        self.scene.look(self.scene.view.panned(dx, dy))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(700, 520)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        self.scene.resize(event.size())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self.scene.picture(self.size(), self.devicePixelRatioF()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = theme.current()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._hovered != NOTHING:
            painter.setPen(QPen(tokens.text, 1.5))
            painter.drawEllipse(self.scene.point(self._hovered), REACH - 2, REACH - 2)
        if self._lasso:
            filling = QColor(tokens.accent)
            filling.setAlphaF(0.15)
            painter.setPen(QPen(tokens.accent, 1.5, Qt.PenStyle.DashLine))
            painter.setBrush(filling)
            painter.drawPolygon(QPolygonF(self._lasso))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(tokens.focus_ring, 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    # keys

    def event(self, event: QEvent) -> bool:
        # The arrows move the map here, whatever they are elsewhere.
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _PAN_KEYS:
            event.accept()
            return True
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._explain(event)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        key = event.key()
        if key in _PAN_KEYS:
            self.pan(*_PAN_KEYS[Qt.Key(key)])
        elif key in _ZOOM_KEYS:
            self.zoom(_ZOOM_KEYS[Qt.Key(key)])
        elif key == Qt.Key.Key_0:
            self.fit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.scene.tag != NOTHING:
            self.tag_entered.emit(self.scene.tag)
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802
        """Tab goes from tag to tag; after the last, and before the first, it leaves the map."""
        order = self.scene.order
        if not order:
            return super().focusNextPrevChild(forward)
        at = order.index(self.scene.tag) if self.scene.tag in order else (-1 if forward else len(order))
        following = at + (1 if forward else -1)
        if not 0 <= following < len(order):
            return super().focusNextPrevChild(forward)
        self.tag_chosen.emit(order[following])
        return True

    # pointer

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        self.zoom(ZOOM_STEP ** (event.angleDelta().y() / _WHEEL_NOTCH), event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.button() & _PANNING:
            self._held = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif event.button() is Qt.MouseButton.LeftButton:
            self._pressed = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        at = event.position()
        if self._held is not None:
            moved = at - self._held
            self._held = at
            self.pan(moved.x(), moved.y())
        elif self._pressed is not None:
            self._draw_lasso(at)
        else:
            self._hover(at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.button() & _PANNING:
            self._held = None
            self.unsetCursor()
        elif self._pressed is not None:
            joins = bool(event.modifiers() & _JOINING)
            if self._lasso:
                self.tracks_chosen.emit(self.scene.tracks_in(self._lasso), joins)
            else:
                self._click(self._pressed, joins)
            self._pressed = None
            self._lasso = []
            self.update()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        self._hovered = NOTHING
        self.update()

    def _draw_lasso(self, at: QPointF) -> None:
        assert self._pressed is not None
        if not self._lasso:
            if (at - self._pressed).manhattanLength() < QApplication.startDragDistance():
                return
            self._lasso = [self._pressed]
        if (at - self._lasso[-1]).manhattanLength() >= _LASSO_STEP:
            self._lasso.append(at)
            self.update()

    def _click(self, at: QPointF, joins: bool) -> None:
        tag, track = self.scene.tag_at(at), self.scene.track_at(at)
        if tag != NOTHING:
            self.tag_chosen.emit(tag)
        else:
            self.tracks_chosen.emit(np.array([track] if track != NOTHING else [], np.intp), joins)

    def _hover(self, at: QPointF) -> None:
        tag = self.scene.tag_at(at)
        hovered = NOTHING if tag != NOTHING else self.scene.track_at(at)
        self.setCursor(Qt.CursorShape.PointingHandCursor if tag != NOTHING else Qt.CursorShape.ArrowCursor)
        if hovered != self._hovered:
            self._hovered = hovered
            self.update()

    def _explain(self, event: QHelpEvent) -> None:
        at = QPointF(event.pos())
        track = NOTHING if self.scene.tag_at(at) != NOTHING else self.scene.track_at(at)
        if track == NOTHING:
            QToolTip.hideText()
        else:
            around = QRect(event.pos(), QSize(1, 1)).adjusted(-4, -4, 4, 4)
            QToolTip.showText(event.globalPos(), self._describe(track), self, around)

    def _restyle(self) -> None:
        self.scene.restyle()
        self.update()
