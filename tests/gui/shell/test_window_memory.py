"""What the window keeps for the next start; a damaged file is as none."""

from pathlib import Path

import pytest

from gui.look.languages import Language
from gui.look.theme import Scheme
from gui.shell.window_memory import WindowMemory


@pytest.mark.parametrize("content", ["[General]\nscheme=purple\nlanguage=xx\n", "\0\0nonsense", ""])
def test_damaged_memory_is_as_none(tmp_path: Path, content: str) -> None:
    file = tmp_path / "window.ini"
    file.write_text(content)
    memory = WindowMemory(file)
    assert (memory.scheme, memory.language, memory.recent_folders) == (Scheme.SYSTEM, Language.SYSTEM, [])
    assert memory.geometry("window").isEmpty()


def test_recent_folders_are_few_and_still_there(tmp_path: Path) -> None:
    memory = WindowMemory(tmp_path / "window.ini")
    folders = [tmp_path / f"{number} ü日" for number in range(12)]
    for folder in folders:
        folder.mkdir()
        memory.note_folder(folder)
    memory.note_folder(folders[5])
    assert memory.recent_folders == [folders[5], *reversed(folders[6:]), folders[4]][:8]
    folders[5].rmdir()
    assert folders[5] not in memory.recent_folders
