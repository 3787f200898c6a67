"""A screen that is not there, with a real X server behind it, and what can be seen on it.

Contents: ``RealScreen``, ``what_is_missing``, ``seen``
"""

import os
import shutil
import struct
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter

PROGRAMS = ("Xvfb", "xdotool")
WIDTH, HEIGHT = 1280, 800
ALIKE = 0.85
"""Correlation from which on a part of the screen is the text."""

_XWD_HEADER = struct.Struct(">25I")
_XWD_COLOUR_BYTES = 12

Grey = npt.NDArray[np.float32]


def what_is_missing() -> str:
    """Which programs are not installed, "" if all are."""
    return ", ".join(program for program in PROGRAMS if shutil.which(program) is None)


class RealScreen:
    """An X server without a monitor; its picture lies in a file."""

    def __init__(self, folder: Path) -> None:
        reading, writing = os.pipe()
        self._folder = folder
        self._server = subprocess.Popen(
            [
                "Xvfb",
                "-displayfd",
                str(writing),
                "-fbdir",
                str(folder),
                "-screen",
                "0",
                f"{WIDTH}x{HEIGHT}x24",
                "-noreset",
            ],
            pass_fds=(writing,),
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        with os.fdopen(reading) as numbers:
            self.display = f":{numbers.readline().strip()}"

    def close(self) -> None:
        self._server.terminate()
        self._server.wait(10)

    def environment(self) -> dict[str, str]:
        """What a program needs to be seen here."""
        return {**os.environ, "DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb"}

    def run(self, *words: str) -> str:
        """Let xdotool do something; its answer."""
        done = subprocess.run(
            ["xdotool", *words], env=self.environment(), capture_output=True, text=True, timeout=30, check=False
        )
        return done.stdout.strip()

    def press(self, *keys: str) -> None:
        """Press keys as a keyboard does; there is no window manager, so the window is given the keyboard first."""
        for window in self.windows():
            self.run("windowfocus", "--sync", window)
        self.run("key", "--delay", "40", *keys)

    def windows(self) -> Sequence[str]:
        """The windows of Earmark that can be seen."""
        return self.run("search", "--onlyvisible", "--class", "earmark").split()

    def picture(self) -> Grey:
        """What is on the screen now, shape (height, width), 0 black to 1 white."""
        content = (self._folder / "Xvfb_screen0").read_bytes()
        header = _XWD_HEADER.unpack_from(content)
        size, lines, bytes_per_line, colours = header[0], header[5], header[12], header[19]
        start = size + colours * _XWD_COLOUR_BYTES
        pixels = np.frombuffer(content, np.uint8, lines * bytes_per_line, start).reshape(lines, -1, 4)
        return _grey(pixels[..., :3])

    def wait_for(self, text: str, font: QFont | None = None, seconds: float = 60) -> bool:
        """Whether the text can be seen before the time is over."""
        end = time.monotonic() + seconds
        while not seen(text, self.picture(), font):
            if time.monotonic() > end:
                return False
            time.sleep(0.3)
        return True


def seen(text: str, picture: Grey, font: QFont | None = None) -> bool:
    """Whether the text stands somewhere on the picture, dark or bright, in that font or in the usual one."""
    return _best_match(picture, _printed(text, font or QFont())) >= ALIKE


def _printed(text: str, font: QFont) -> Grey:
    """The text as Qt draws it."""
    metrics = QFontMetrics(font)
    image = QImage(metrics.horizontalAdvance(text) + 2, metrics.height(), QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setPen(QColor("black"))
    painter.setFont(font)
    painter.drawText(1, metrics.ascent(), text)
    painter.end()
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)[:, : image.width(), :3]
    return _grey(pixels)


def _best_match(picture: Grey, pattern: Grey) -> float:
    """The strongest normalised cross-correlation of the pattern with any part of the picture."""
    height, width = (whole - part + 1 for whole, part in zip(picture.shape, pattern.shape, strict=True))
    if height < 1 or width < 1:
        return 0.0
    zero_mean = pattern - pattern.mean()
    spectrum = np.fft.rfft2(picture) * np.conj(np.fft.rfft2(zero_mean, picture.shape))
    products = np.fft.irfft2(spectrum, picture.shape)[:height, :width]
    variances = _window_sums(np.square(picture), pattern.shape)
    variances -= np.square(_window_sums(picture, pattern.shape)) / pattern.size
    norms = np.sqrt(np.maximum(variances, 1e-3) * np.square(zero_mean).sum())
    return float(np.abs(products / norms).max())


def _window_sums(picture: Grey, shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
    """The sum of each part of the picture that has that shape."""
    sums = np.pad(picture.astype(np.float64).cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    lines, columns = shape
    return sums[lines:, columns:] - sums[:-lines, columns:] - sums[lines:, :-columns] + sums[:-lines, :-columns]


def _grey(pixels: npt.NDArray[np.uint8]) -> Grey:
    """The mean of the three channels."""
    return pixels.mean(axis=2, dtype=np.float32) / np.float32(255)
