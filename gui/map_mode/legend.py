"""The signs of the map with what they mean and how many tracks have them.

Contents: ``Legend``
"""

import numpy as np
from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.look import theme
from gui.look.groups import group_name
from gui.look.wording import filled, number
from gui.map_mode.track_layer import SIGN, paint_sign
from tagger_core.review import Group


class Legend(QWidget):
    """One line; what finds no room is left out from the end."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: dict[Group, int] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.notifier().changed.connect(self.update)

    def show_groups(self, groups: "np.ndarray[tuple[int], np.dtype[np.uint8]]") -> None:
        """Count the groups of the tracks that are on the map."""
        counts = np.bincount(groups, minlength=len(Group))
        self._counts = {group: int(counts[group]) for group in Group if counts[group]}
        self.setAccessibleName(", ".join(self._text(group) for group in self._counts))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(200, round(QFontMetricsF(theme.font_small()).height()) + theme.GAP)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setFont(theme.font_small())
        metrics = QFontMetricsF(painter.font())
        left, middle = float(theme.SPACE), self.height() / 2
        for group in self._counts:
            width = SIGN + theme.GAP + metrics.horizontalAdvance(self._text(group))
            if left + width > self.width():
                break
            paint_sign(painter, QPointF(left + SIGN / 2, middle), group)
            painter.setPen(theme.current().text_muted)
            baseline = middle - metrics.height() / 2 + metrics.ascent()
            painter.drawText(QPointF(left + SIGN + theme.GAP, baseline), self._text(group))
            left += width + 2 * theme.SPACE
        painter.end()

    def _text(self, group: Group) -> str:
        return filled("%1 %2", group_name(group), number(self._counts[group]))
