"""``python desktop/render_icons.py``: the app icon as PNG files of the hicolor theme, from its one drawing."""

import os
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ROOT = Path(__file__).resolve().parents[1]
DRAWING = ROOT / "gui" / "look" / "icons" / "app" / "earmark.svg"
SIZES = (16, 32, 48, 64, 128, 256, 512)


def render(size: int, folder: Path) -> Path:
    """Draw the icon as a square of ``size`` pixels; returns the file."""
    image = QImage(QSize(size, size), QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(DRAWING)).render(painter, QRectF(0, 0, size, size))
    painter.end()
    file = folder / f"{size}x{size}" / "apps" / "earmark.png"
    file.parent.mkdir(parents=True, exist_ok=True)
    image.save(str(file))
    return file


if __name__ == "__main__":
    application = QGuiApplication([])
    for size in SIZES:
        render(size, ROOT / "desktop" / "icons" / "hicolor")
