"""The menu bar, made from the table of actions."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu, QMenuBar

from gui.actions.action_table import GROUP_TITLES, Group
from gui.actions.actions import Actions

_SUGGESTION_KEYS = "toggle_"


def fill_menu_bar(menu_bar: QMenuBar, actions: Actions) -> None:
    """One menu for each group; the nine suggestion keys share a submenu."""
    for group in Group:
        menu = menu_bar.addMenu(QCoreApplication.translate("Actions", GROUP_TITLES[group]))
        menu.setToolTipsVisible(True)
        _fill(menu, group, actions)


def _fill(menu: QMenu, group: Group, actions: Actions) -> None:
    suggestions: QMenu | None = None
    for entry, action in actions.in_group(group):
        if entry.separated:
            menu.addSeparator()
        if not entry.id.startswith(_SUGGESTION_KEYS):
            menu.addAction(action)
            continue
        if suggestions is None:
            suggestions = menu.addMenu(QCoreApplication.translate("Actions", "Toggle a suggestion"))
        suggestions.addAction(action)
