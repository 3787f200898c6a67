"""Map mode: the tags' map with the tracks of the filter on it; its selection is that of all modes.

Contents: ``MapMode``
"""

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from gui.focus import Focus
from gui.library.library import Library
from gui.look import theme
from gui.look.wording import Words, filled
from gui.map_mode.legend import Legend
from gui.map_mode.map_canvas import ZOOM_STEP, MapCanvas
from gui.map_mode.map_scene import MapTag
from gui.map_mode.track_places import TrackPlaces
from tagger_core.review.values import Rows
from tagger_core.tag_map import nearest_tags

_SETTLE_MS = 120
"""While a threshold is dragged, the tracks are placed again only so often."""
_NAMED_TAGS = 4


class MapMode(QWidget):
    """The map with its buttons, its legend and a line that says what it is."""

    def __init__(self, library: Library, focus: Focus) -> None:
        super().__init__()
        self._library = library
        self._focus = focus
        self._places = TrackPlaces(library.review)
        self._rows: Rows = np.empty(0, np.intp)
        self.canvas = MapCanvas(self._describe, self)
        self.legend = Legend(self)
        self.hint = QLabel(self)
        self.hint.setProperty("look", "muted")
        self.hint.setFont(theme.font_small())
        self.hint.setWordWrap(True)
        self.summary = QLabel(self)
        self.zoom_out = self._button("minus", self.tr("Zoom out"), "-")
        self.zoom_in = self._button("plus", self.tr("Zoom in"), "+")
        self.whole = QToolButton(self)
        self.whole.setText(self.tr("Whole map"))
        self.whole.setToolTip(filled("%1 (%2)", self.tr("Show the whole map"), "0"))
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.canvas)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        """Show the tags and tracks as they are now; nothing is worked out for a mode that nobody sees."""
        if not self.isVisible():
            return
        self._places.refresh()
        review, scene = self._library.review, self.canvas.scene
        counts = review.ticked_counts()
        scene.tags = [
            MapTag(tag.name, tag.category, int(count)) for tag, count in zip(review.tags, counts, strict=True)
        ]
        if scene.tag_places is not self._places.of_tags:
            scene.tag_places = self._places.of_tags
            scene.fit()
        placed = ~np.isnan(self._places.of_tracks[:, 0])
        self._rows = self._focus.visible[placed[self._focus.visible]]
        scene.places = self._places.of_tracks[self._rows]
        scene.groups = review.groups[self._rows]
        self.legend.show_groups(scene.groups)
        self._follow_tag()
        self._follow_selection()

    def _follow_tag(self) -> None:
        self.canvas.scene.tag = self._focus.tag
        self.canvas.refresh()

    def _follow_selection(self) -> None:
        if not self.isVisible():
            return
        self.canvas.scene.selected = np.flatnonzero(np.isin(self._rows, self._focus.rows))
        self.canvas.refresh()
        self._say()

    def _choose_tracks(self, positions: Rows, joins: bool) -> None:
        rows = self._rows[positions]
        if joins:
            rows = np.union1d(self._focus.rows, rows)
        self._focus.select(rows)
        if len(rows):
            self._focus.set_row(int(rows[0]))

    def _choose_near(self, column: int) -> None:
        """Select the tracks that have no tag nearer to them than this."""
        near = nearest_tags(self.canvas.scene.places, self._places.of_tags) == column
        self._choose_tracks(np.flatnonzero(near), joins=False)

    def _describe(self, position: int) -> str:
        row = int(self._rows[position])
        review = self._library.review
        name = review.name(row)
        tags = ", ".join(tag.name for tag in review.chips_of(row, _NAMED_TAGS))
        return "\n".join(line for line in (name.title or review.path(row).name, name.artist, tags) if line)

    def _say(self) -> None:
        words = Words()
        if not len(self._rows):
            self.summary.setText(self.tr("Tracks appear here as they are listened to"))
            return
        selected = len(self.canvas.scene.selected)
        shown = words.tracks(len(self._rows))
        text = filled(self.tr("%1 selected of %2"), words.tracks(selected), shown) if selected else shown
        self.summary.setText(text)

    def _start_again(self) -> None:
        self._places = TrackPlaces(self._library.review)
        self.refresh()

    def _connect(self) -> None:
        self.canvas.tag_chosen.connect(self._focus.set_tag)
        self.canvas.tag_entered.connect(self._choose_near)
        self.canvas.tracks_chosen.connect(self._choose_tracks)
        self.zoom_in.clicked.connect(lambda: self.canvas.zoom(ZOOM_STEP))
        self.zoom_out.clicked.connect(lambda: self.canvas.zoom(1 / ZOOM_STEP))
        self.whole.clicked.connect(self.canvas.fit)
        self._settle.timeout.connect(self.refresh)
        self._library.review_changed.connect(self._settle_soon)
        self._library.reset.connect(self._start_again)
        self._focus.visible_changed.connect(self._settle_soon)
        self._focus.tag_changed.connect(self._follow_tag)
        self._focus.rows_changed.connect(self._follow_selection)
        theme.notifier().changed.connect(self._restyle)

    def _settle_soon(self) -> None:
        if not self._settle.isActive():
            self._settle.start()

    def _button(self, icon: str, text: str, key: str) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(theme.icon(icon))
        button.setProperty("icon_name", icon)
        button.setToolTip(filled("%1 (%2)", text, key))
        button.setAccessibleName(text)
        return button

    def _restyle(self) -> None:
        for button in (self.zoom_in, self.zoom_out):
            button.setIcon(theme.icon(button.property("icon_name")))

    def _lay_out(self) -> None:
        self.hint.setText(
            self.tr(
                "Tags that mean similar things are neighbours; each track lies among its strongest tags. "
                "Drag around tracks to select them; wheel to zoom, right button to move."
            )
        )
        top = QHBoxLayout()
        top.setContentsMargins(2 * theme.SPACE, theme.SPACE, theme.SPACE, theme.GAP)
        top.setSpacing(theme.GAP)
        top.addWidget(self.summary, 1)
        for button in (self.zoom_out, self.zoom_in, self.whole):
            top.addWidget(button)
        foot = QVBoxLayout()
        foot.setContentsMargins(theme.SPACE, theme.GAP, theme.SPACE, theme.SPACE)
        foot.setSpacing(theme.GAP)
        foot.addWidget(self.legend)
        self.hint.setContentsMargins(theme.SPACE, 0, theme.SPACE, 0)
        foot.addWidget(self.hint)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.canvas, 1)
        layout.addLayout(foot)
