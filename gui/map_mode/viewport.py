"""Which part of the map is on the screen.

Conventions: map coordinates as in ``tagger_core.tag_map`` (x to the right, y upwards); screen coordinates are
device-independent pixels, y downwards. Both axes have the same scale.

Contents: ``Viewport``
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

MOST_ZOOM = 60.0
"""How much nearer than the whole map one may go."""


@dataclass(frozen=True, slots=True)
class Viewport:
    """The middle of the screen on the map, and how many pixels a unit of the map is."""

    width: float
    height: float
    x: float
    y: float
    scale: float
    fitting: float
    """The scale at which everything can be seen."""

    @classmethod
    def fit(cls, places: Floats, width: float, height: float, margin: float) -> "Viewport":
        """Everything with a place, with so many pixels around it."""
        seen = places[~np.isnan(places[:, 0])]
        low, high = (seen.min(axis=0), seen.max(axis=0)) if len(seen) else (np.full(2, -1.0), np.full(2, 1.0))
        middle, size = (low + high) / 2, np.maximum(high - low, 1e-3)
        room = max(width - 2 * margin, 1.0), max(height - 2 * margin, 1.0)
        scale = float(min(room[0] / size[0], room[1] / size[1]))
        return cls(width, height, float(middle[0]), float(middle[1]), scale, scale)

    @property
    def zoom(self) -> float:
        """1: everything can be seen."""
        return self.scale / self.fitting

    def to_screen(self, places: Floats) -> Floats:
        """Shape (n, 2); nan stays nan."""
        screen = np.empty_like(places, np.float32)
        screen[:, 0] = (places[:, 0] - self.x) * self.scale + self.width / 2
        screen[:, 1] = (self.y - places[:, 1]) * self.scale + self.height / 2
        return screen

    def zoomed(self, factor: float, at: tuple[float, float] | None = None) -> "Viewport":
        """Nearer or further; the point of the screen ``at`` (the middle by default) stays where it is."""
        scale = min(max(self.scale * factor, self.fitting), self.fitting * MOST_ZOOM)
        dx, dy = (at[0] - self.width / 2, at[1] - self.height / 2) if at else (0.0, 0.0)
        change = 1 / self.scale - 1 / scale
        return replace(self, scale=scale, x=self.x + dx * change, y=self.y - dy * change)

    def panned(self, dx: float, dy: float) -> "Viewport":
        """The map moves by so many pixels of the screen."""
        return replace(self, x=self.x - dx / self.scale, y=self.y + dy / self.scale)

    def resized(self, fitting: "Viewport") -> "Viewport":
        """The same middle and zoom on a screen of another size, of which ``fitting`` shows everything."""
        scale = fitting.scale * self.zoom
        return replace(fitting, x=self.x, y=self.y, scale=scale)
