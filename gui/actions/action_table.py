"""Everything a person can do: one table of actions with their texts, keys and menus.

Menus, tool bar, shortcut sheet and command palette are all made from it, so nothing is listed in one and missing in
another.

Contents: ``TABLE``, ``Entry``, ``Group``, ``GROUP_TITLES``, ``text_of``
"""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication

from gui.look.languages import QT_TRANSLATE_NOOP


class Group(StrEnum):
    """Which menu an action is in; the order is that of the menus."""

    FILE = "file"
    EDIT = "edit"
    VIEW = "view"
    REVIEW = "review"
    LISTEN = "listen"
    HELP = "help"


GROUP_TITLES = {
    Group.FILE: QT_TRANSLATE_NOOP("Actions", "&File"),
    Group.EDIT: QT_TRANSLATE_NOOP("Actions", "&Edit"),
    Group.VIEW: QT_TRANSLATE_NOOP("Actions", "&View"),
    Group.REVIEW: QT_TRANSLATE_NOOP("Actions", "&Review"),
    Group.LISTEN: QT_TRANSLATE_NOOP("Actions", "&Listen"),
    Group.HELP: QT_TRANSLATE_NOOP("Actions", "&Help"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One action. ``separated``: a line stands before it in the menu. ``on_page``: works on the open page only."""

    id: str
    group: Group
    text: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    separated: bool = False
    checkable: bool = False
    on_page: bool = False
    also: tuple[str, ...] = ()
    """Keys that do the same because a list understands them by itself."""

    @property
    def about_tracks(self) -> bool:
        """It decides about, or plays, what the review shows, so it is off while a page hides that."""
        return self.group in (Group.REVIEW, Group.LISTEN) or self.id in ("select_all", "similar", "find")


_SUGGESTION = QT_TRANSLATE_NOOP("Actions", "Toggle suggestion %1")

TABLE: tuple[Entry, ...] = (
    Entry("add_folder", Group.FILE, QT_TRANSLATE_NOOP("Actions", "Add folder…"), ("Ctrl+O",), "add-folder"),
    Entry(
        "open_folder",
        Group.FILE,
        QT_TRANSLATE_NOOP("Actions", "Open another folder…"),
        ("Ctrl+Shift+O",),
        "open-folder",
    ),
    Entry("analyse", Group.FILE, QT_TRANSLATE_NOOP("Actions", "Analyse"), ("Ctrl+R",), "play", separated=True),
    Entry("pause", Group.FILE, QT_TRANSLATE_NOOP("Actions", "Pause"), ("Ctrl+P",), "pause"),
    Entry("cancel", Group.FILE, QT_TRANSLATE_NOOP("Actions", "Cancel"), ("Ctrl+.",), "stop"),
    Entry("retry", Group.FILE, QT_TRANSLATE_NOOP("Actions", "Try failed tracks again"), ("Ctrl+Shift+R",), "retry"),
    Entry("write", Group.FILE, QT_TRANSLATE_NOOP("Actions", "Review and write…"), ("Ctrl+S",), "write", separated=True),
    Entry(
        "write_now",
        Group.FILE,
        QT_TRANSLATE_NOOP("Actions", "Write what is listed"),
        ("Ctrl+Return",),
        "group-written",
        on_page=True,
    ),
    Entry("undo_write", Group.FILE, QT_TRANSLATE_NOOP("Actions", "Undo the last write"), ("Ctrl+Alt+Z",), "undo"),
    Entry("history", Group.FILE, QT_TRANSLATE_NOOP("Actions", "History of writes"), ("Ctrl+H",), "history"),
    Entry(
        "show_in_folder",
        Group.FILE,
        QT_TRANSLATE_NOOP("Actions", "Show in folder"),
        ("Ctrl+Shift+F",),
        "external",
        separated=True,
    ),
    Entry("settings", Group.FILE, QT_TRANSLATE_NOOP("Actions", "Settings"), ("Ctrl+,",), "settings", separated=True),
    Entry("quit", Group.FILE, QT_TRANSLATE_NOOP("Actions", "Quit"), ("Ctrl+Q",), separated=True),
    Entry("undo", Group.EDIT, QT_TRANSLATE_NOOP("Actions", "Undo"), ("Ctrl+Z",), "undo"),
    Entry("redo", Group.EDIT, QT_TRANSLATE_NOOP("Actions", "Redo"), ("Ctrl+Shift+Z", "Ctrl+Y"), "redo"),
    Entry(
        "select_all",
        Group.EDIT,
        QT_TRANSLATE_NOOP("Actions", "Select all tracks shown"),
        ("Ctrl+A",),
        separated=True,
    ),
    Entry("similar", Group.EDIT, QT_TRANSLATE_NOOP("Actions", "Select similar tracks"), ("G",), "similar"),
    Entry("find", Group.EDIT, QT_TRANSLATE_NOOP("Actions", "Find"), ("Ctrl+F",), "search", separated=True),
    Entry("mode_tracks", Group.VIEW, QT_TRANSLATE_NOOP("Actions", "Tracks"), ("Ctrl+1",), "tracks", checkable=True),
    Entry("mode_tags", Group.VIEW, QT_TRANSLATE_NOOP("Actions", "Tags"), ("Ctrl+2",), "histogram", checkable=True),
    Entry("mode_map", Group.VIEW, QT_TRANSLATE_NOOP("Actions", "Map"), ("Ctrl+3",), "map", checkable=True),
    Entry(
        "expand_diff",
        Group.VIEW,
        QT_TRANSLATE_NOOP("Actions", "Show all fields of the file"),
        ("D",),
        separated=True,
    ),
    Entry(
        "palette",
        Group.VIEW,
        QT_TRANSLATE_NOOP("Actions", "Command palette"),
        ("Ctrl+K",),
        "keyboard",
        separated=True,
    ),
    Entry("back", Group.VIEW, QT_TRANSLATE_NOOP("Actions", "Back to the tracks"), ("Esc",), "close", on_page=True),
    Entry("next", Group.REVIEW, QT_TRANSLATE_NOOP("Actions", "Next track"), ("J",), "chevron-down", also=("↓",)),
    Entry("previous", Group.REVIEW, QT_TRANSLATE_NOOP("Actions", "Previous track"), ("K",), "chevron-up", also=("↑",)),
    Entry("next_unsure", Group.REVIEW, QT_TRANSLATE_NOOP("Actions", "Next unsure track"), ("U",), "group-unsure"),
    Entry(
        "accept",
        Group.REVIEW,
        QT_TRANSLATE_NOOP("Actions", "Accept the ticked tags"),
        ("A",),
        "group-accepted",
        separated=True,
    ),
    Entry("reject", Group.REVIEW, QT_TRANSLATE_NOOP("Actions", "Reject: write nothing"), ("X",), "close"),
    Entry("skip", Group.REVIEW, QT_TRANSLATE_NOOP("Actions", "Skip for now"), ("S",), "group-set-aside"),
    Entry("reopen", Group.REVIEW, QT_TRANSLATE_NOOP("Actions", "Take the decision back"), ("R",), "retry"),
    Entry(
        "accept_ready",
        Group.REVIEW,
        QT_TRANSLATE_NOOP("Actions", "Accept all that are ready"),
        ("Ctrl+Shift+A",),
        "group-ready",
        separated=True,
    ),
    Entry(
        "accept_tag_on_selection",
        Group.REVIEW,
        QT_TRANSLATE_NOOP("Actions", "Accept the focused tag on the selection"),
        ("Shift+A",),
        "tag",
    ),
    Entry("edit_tag", Group.REVIEW, QT_TRANSLATE_NOOP("Actions", "Add or edit a tag"), ("E",), "edit"),
    *(
        Entry(
            f"toggle_{n}",
            Group.REVIEW,
            _SUGGESTION,
            (str(n),),
            "check",
            separated=n == 1,
            also=("…", "9") if n == 1 else (),
        )
        for n in range(1, 10)
    ),
    Entry(
        "threshold_down",
        Group.REVIEW,
        QT_TRANSLATE_NOOP("Actions", "Lower the threshold by 0.01"),
        ("[",),
        "minus",
        separated=True,
    ),
    Entry("threshold_up", Group.REVIEW, QT_TRANSLATE_NOOP("Actions", "Raise the threshold by 0.01"), ("]",), "plus"),
    Entry("play", Group.LISTEN, QT_TRANSLATE_NOOP("Actions", "Play or pause the track"), ("Space",), "play"),
    Entry(
        "seek_back",
        Group.LISTEN,
        QT_TRANSLATE_NOOP("Actions", "Earlier strong moment of the tag"),
        ("Left",),
        "chevron-left",
    ),
    Entry(
        "seek_forward",
        Group.LISTEN,
        QT_TRANSLATE_NOOP("Actions", "Later strong moment of the tag"),
        ("Right",),
        "chevron-right",
    ),
    Entry("shortcuts", Group.HELP, QT_TRANSLATE_NOOP("Actions", "Keyboard shortcuts"), ("?",), "keyboard"),
    Entry("about", Group.HELP, QT_TRANSLATE_NOOP("Actions", "About Earmark"), (), "info", separated=True),
)


def text_of(entry: Entry) -> str:
    """The entry's text in the language of the window."""
    return QCoreApplication.translate("Actions", entry.text).replace("%1", entry.id.rpartition("_")[2])
