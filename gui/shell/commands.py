"""What the command palette offers: every action, every tag as a filter, every folder that was open."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from gui.actions.action_table import TABLE
from gui.actions.actions import Actions
from gui.shell.command_palette import Command


def action_commands(actions: Actions) -> Iterator[Command]:
    """Those that can be carried out now."""
    for entry in TABLE:
        action = actions[entry.id]
        if action.isEnabled() and entry.id != "palette":
            yield Command(action.text(), action.shortcut().toString(), entry.icon, action.trigger)


def tag_commands(tags: Sequence[str], look_at: Callable[[int], None]) -> Iterator[Command]:
    """Filter by a tag; ``look_at`` gets its column."""
    hint = QCoreApplication.translate("Commands", "tag")
    for column, tag in enumerate(tags):
        yield Command(tag, hint, "tag", partial(look_at, column))


def folder_commands(folders: Sequence[Path], open_folder: Callable[[Path], None]) -> Iterator[Command]:
    """Open a folder again."""
    hint = QCoreApplication.translate("Commands", "folder")
    for folder in folders:
        yield Command(str(folder), hint, "folder", partial(open_folder, folder))
