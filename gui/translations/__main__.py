"""``python -m gui.translations``: collect the texts of the window into ``*.ts`` and compile those to ``*.qm``.

English stands in the code, so ``earmark_en.ts`` holds only texts with a number, and those translate themselves: "(s)"
and "(es)" fall away for one and lose their brackets for more. Other languages are a translator's work, with Qt Linguist
or an editor; what is not translated yet is ``unfinished``, and a test finds it.
"""

import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import PySide6

FOLDER = Path(__file__).parent
SOURCES = FOLDER.parent
LANGUAGES = ("de", "en")


def collect(folder: Path) -> None:
    """Bring ``earmark_*.ts`` in a folder up to date with the code: new texts are added, vanished ones removed."""
    sources = sorted(map(str, SOURCES.rglob("*.py")))
    for language in LANGUAGES:
        file = folder / f"earmark_{language}.ts"
        plural_only = ["-pluralonly"] if language == "en" else []
        options = ["-no-obsolete", "-locations", "none", "-source-language", "en", "-target-language", language]
        _run("lupdate", *sources, *options, *plural_only, "-ts", str(file))
        if language == "en":
            _fill_english(file)


def compile_to(folder: Path, source: Path = FOLDER) -> None:
    """Make ``earmark_*.qm`` of the ``.ts`` files in ``source``."""
    for language in LANGUAGES:
        ts, qm = source / f"earmark_{language}.ts", folder / f"earmark_{language}.qm"
        _run("lrelease", "-silent", str(ts), "-qm", str(qm))


def _fill_english(file: Path) -> None:
    tree = ET.parse(file)
    for message in tree.iter("message"):
        text = message.findtext("source") or ""
        translation = message.find("translation")
        if translation is not None:
            translation.attrib.pop("type", None)
            singular = text.replace("(s)", "").replace("(es)", "")
            plural = text.replace("(s)", "s").replace("(es)", "es")
            for form, words in zip(translation.iter("numerusform"), (singular, plural), strict=True):
                form.text = words
    body = ET.tostring(tree.getroot(), encoding="unicode")
    file.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{body}\n', encoding="utf-8")


def _run(tool: str, *arguments: str) -> None:
    """One of the Qt tools that come with PySide6-Essentials."""
    program = shutil.which(tool, path=str(Path(PySide6.__file__).parent))
    if program is None:
        raise FileNotFoundError(f"{tool} is not in this PySide6; PySide6-Essentials has it")
    subprocess.run([program, *arguments], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    collect(FOLDER)
    compile_to(FOLDER)
    sys.stdout.write("remember to translate what is unfinished: grep -c unfinished gui/translations/earmark_de.ts\n")
