"""How the groups of the triage look and what they are called.

Contents: ``group_name``, ``group_hint``, ``group_colour``, ``group_icon``, ``group_pixmap``
"""

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor, QIcon, QPixmap

from gui.look import theme
from tagger_core.review import Group

_ICONS = {
    Group.WAITING: "group-waiting",
    Group.READY: "group-ready",
    Group.UNSURE: "group-unsure",
    Group.SILENT: "group-silent",
    Group.ACCEPTED: "group-accepted",
    Group.SET_ASIDE: "group-set-aside",
    Group.WRITTEN: "group-written",
    Group.FAILED: "group-failed",
}


def group_name(group: Group) -> str:
    """One or two words, as in the triage panel."""
    return {
        Group.WAITING: QCoreApplication.translate("Groups", "Waiting"),
        Group.READY: QCoreApplication.translate("Groups", "Ready"),
        Group.UNSURE: QCoreApplication.translate("Groups", "Unsure"),
        Group.SILENT: QCoreApplication.translate("Groups", "No suggestion"),
        Group.ACCEPTED: QCoreApplication.translate("Groups", "Accepted"),
        Group.SET_ASIDE: QCoreApplication.translate("Groups", "Set aside"),
        Group.WRITTEN: QCoreApplication.translate("Groups", "Written"),
        Group.FAILED: QCoreApplication.translate("Groups", "Failed"),
    }[group]


def group_hint(group: Group) -> str:
    """One sentence that says which tracks are in the group."""
    return {
        Group.WAITING: QCoreApplication.translate("Groups", "Not listened to yet."),
        Group.READY: QCoreApplication.translate(
            "Groups", "Most of what is new is clearly above its threshold: you can accept these together."
        ),
        Group.UNSURE: QCoreApplication.translate(
            "Groups", "Most of what is new is close to its threshold: look at these first."
        ),
        Group.SILENT: QCoreApplication.translate(
            "Groups",
            "Nothing new to write: no tag reached its threshold, the file says it already, or it has no field.",
        ),
        Group.ACCEPTED: QCoreApplication.translate(
            "Groups", "You accepted the tags; they are written when you press Write."
        ),
        Group.SET_ASIDE: QCoreApplication.translate("Groups", "Rejected or skipped: nothing is written into these."),
        Group.WRITTEN: QCoreApplication.translate("Groups", "The accepted tags are in the file; this can be undone."),
        Group.FAILED: QCoreApplication.translate("Groups", "Could not be listened to or written; the row says why."),
    }[group]


def group_colour(group: Group) -> QColor:
    tokens = theme.current()
    return {
        Group.READY: tokens.good,
        Group.UNSURE: tokens.warn,
        Group.ACCEPTED: tokens.accent,
        Group.WRITTEN: tokens.good,
        Group.FAILED: tokens.bad,
    }.get(group, tokens.text_muted)


def group_icon(group: Group) -> QIcon:
    return theme.icon(_ICONS[group], group_colour(group))


def group_pixmap(group: Group, size: int, ratio: float) -> QPixmap:
    return theme.pixmap(_ICONS[group], size, group_colour(group), ratio)
