"""What a desktop needs to show the program: its entry, its description, and icons made from one drawing."""

import configparser
import importlib.util
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

DESKTOP = Path(__file__).resolve().parents[2] / "desktop"
METAINFO = next(DESKTOP.glob("*.metainfo.xml"))


def render_icons() -> ModuleType:
    specification = importlib.util.spec_from_file_location("render_icons", DESKTOP / "render_icons.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def loaded(file: Path) -> QImage:
    return QImage(str(file)).convertToFormat(QImage.Format.Format_ARGB32)


def difference(one: QImage, other: QImage) -> float:
    """Mean absolute difference of all channels, 0 to 255: another version of Qt smooths edges a little differently."""
    pixels = [np.frombuffer(image.constBits(), np.uint8).astype(int) for image in (one, other)]
    return float(np.abs(pixels[0] - pixels[1]).mean())


def test_icons_are_those_of_the_drawing(qapp: QApplication, tmp_path: Path) -> None:
    script = render_icons()
    for size in script.SIZES:
        made = loaded(script.render(size, tmp_path))
        kept = loaded(DESKTOP / "icons" / "hicolor" / f"{size}x{size}" / "apps" / "earmark.png")
        assert kept.size().toTuple() == (size, size)
        assert difference(made, kept) < 2, "run: python desktop/render_icons.py"


def test_entry_starts_earmark_with_folders() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str  # type: ignore[assignment,method-assign]
    entry.read(DESKTOP / "earmark.desktop", encoding="utf-8")
    section = entry["Desktop Entry"]
    assert section["Exec"] == "earmark %F"
    assert section["Icon"] == "earmark"
    assert "inode/directory" in section["MimeType"]
    assert section["Comment[de]"]


def test_description_belongs_to_the_entry() -> None:
    component = ET.parse(METAINFO).getroot()
    assert component.findtext("launchable") == "earmark.desktop"
    assert f"{component.findtext('id')}.metainfo.xml" == METAINFO.name
    assert component.findtext("project_license") == "GPL-3.0-or-later"


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [("desktop-file-validate", ["earmark.desktop"]), ("appstreamcli", ["validate", "--no-net", METAINFO.name])],
)
def test_validators_find_nothing(tool: str, arguments: list[str]) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    done = subprocess.run([tool, *arguments], cwd=DESKTOP, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
