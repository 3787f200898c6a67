"""The map of tags as a picture: a dot and a name for each tag, a colour for each cluster.

Names are placed so that none covers another name or a dot, once for all pictures: PNG and SVG, for a light and for a
dark page. The same map gives the same bytes: neither dates nor random ids are written.
"""

from dataclasses import dataclass
from pathlib import Path

from matplotlib import colormaps, rc_context
from matplotlib.figure import Figure
from textalloc import allocate

from training.tag_layout import TagMap


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours of a page."""

    page: str
    text: str
    line: str


THEMES = {"light": Theme("#ffffff", "#1f2328", "#8c959f"), "dark": Theme("#1b1d21", "#e6e8eb", "#6e7681")}

_INCHES = 1.4
"""Width of the page, times the square root of the number of tags."""
_DOTS_PER_INCH = 120
_MARGIN = 0.06
"""Around the places, in units of the map's longer side."""
_FONT_SIZE = 11


def draw(folder: Path, tagmap: TagMap) -> None:
    """Write ``tagmap-light.png``, ``tagmap-light.svg`` and the same for dark pages. Raises ``OSError``."""
    figure = _figure(tagmap)
    axes = figure.axes[0]
    x, y = tagmap.places.T.astype(float)
    colours = colormaps["tab10"](tagmap.groups)
    axes.scatter(x, y, s=900, c=colours, alpha=0.16, linewidths=0, zorder=1)
    dots = axes.scatter(x, y, s=34, c=colours, linewidths=0, zorder=2)
    allocate(
        axes,
        x,
        y,
        list(tagmap.tags),
        scatter_plot=dots,
        x_scatter=x,
        y_scatter=y,
        textsize=_FONT_SIZE,
        min_distance=0.009,
        max_distance=0.1,
        margin=0.004,
        linewidth=0.7,
        avoid_label_lines_overlap=True,
        avoid_crossing_label_lines=True,
        zorder=3,
    )
    for name, theme in THEMES.items():
        for text in axes.texts:
            text.set_color(theme.text)
        for line in axes.lines:
            line.set_color(theme.line)
        with rc_context({"svg.hashsalt": "earmark"}):
            figure.savefig(folder / f"tagmap-{name}.png", dpi=_DOTS_PER_INCH, facecolor=theme.page)
            figure.savefig(folder / f"tagmap-{name}.svg", facecolor=theme.page, metadata={"Date": None})


def _figure(tagmap: TagMap) -> Figure:
    """An empty page that has the shape of the map; axes would say nothing, so none are drawn."""
    low, high = tagmap.places.min(axis=0) - 2 * _MARGIN, tagmap.places.max(axis=0) + 2 * _MARGIN
    width, height = (high - low).tolist()
    inches = _INCHES * len(tagmap.tags) ** 0.5
    figure = Figure(figsize=(inches, inches * height / width))
    axes = figure.add_axes((0, 0, 1, 1), xlim=(low[0], high[0]), ylim=(low[1], high[1]))
    axes.set_axis_off()
    return figure
