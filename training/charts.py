"""Charts of an evaluation, as PNG files; they need no screen."""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from sklearn.metrics import precision_recall_curve

from training.metrics import Booleans, Floats

_BAR_INCHES = 0.2
_CURVES_IN_A_ROW = 5
_CURVE_INCHES = 2.0


def per_label_chart(path: Path, labels: tuple[str, ...], values: Floats, title: str) -> None:
    """One bar for each label, best first; ``values`` has shape (labels,)."""
    order = np.argsort(values)
    figure = Figure(figsize=(7, 1 + _BAR_INCHES * len(labels)), layout="constrained")
    axes = figure.add_subplot()
    bars = axes.barh([labels[index] for index in order], values[order], color="#3b6ea5")
    axes.bar_label(bars, fmt="%.2f", padding=2, fontsize=7)
    axes.set(xlim=(0, 1.08), xlabel=title, title=f"{title} of each label, mean {np.mean(values):.3f}")
    axes.margins(y=0.01)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=110)


def precision_recall_chart(
    path: Path, labels: tuple[str, ...], scores: Floats, truth: Booleans, thresholds: Floats
) -> None:
    """The curve of each label over all thresholds, with a dot at the one chosen; labels without clips stay empty."""
    rows = -(-len(labels) // _CURVES_IN_A_ROW)
    size = (_CURVES_IN_A_ROW * _CURVE_INCHES, 0.6 + rows * _CURVE_INCHES)
    figure = Figure(figsize=size, layout="constrained")
    grid = list(figure.subplots(rows, _CURVES_IN_A_ROW, sharex=True, sharey=True, squeeze=False).flat)
    for axes in grid:
        axes.set_axis_off()
    for index, (label, axes) in enumerate(zip(labels, grid, strict=False)):
        axes.set_axis_on()
        axes.set_title(label, fontsize=8)
        axes.set(xlim=(0, 1.02), ylim=(0, 1.02))
        axes.tick_params(labelsize=6)
        if truth[:, index].any():
            precision, recall, values = precision_recall_curve(truth[:, index], scores[:, index])
            axes.plot(recall, precision, color="#3b6ea5", linewidth=1)
            chosen = min(np.searchsorted(values, thresholds[index]), len(values) - 1)
            axes.plot(recall[chosen], precision[chosen], "o", color="#c0392b", markersize=4)
    figure.supxlabel("recall", fontsize=9)
    figure.supylabel("precision", fontsize=9)
    figure.savefig(path, dpi=110)
